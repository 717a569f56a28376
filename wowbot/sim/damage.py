"""Damage, healing, rage from both, kills and deaths: every change of health goes through here and is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.sim import auras, life, procs
from wowbot.sim.facts import growth, rage_conversion
from wowbot.sim.units import Creature, Player, Unit

if TYPE_CHECKING:
    from wowbot.sim.world import World

CRIT_SPELL, CRIT_FROST, CRIT_MELEE = 1.5, 2.0, 2.0
"""Critical factors: spells 1.5, frost with Ice Shards 2, melee 2."""
CREATURE_SWING = 600.0
"""Usual swing of a level 80 creature before armour, points."""


class Damage:
    """The accountant of one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def roll(self, low: float, high: float) -> float:
        """Points at the player's level."""
        world = self.world
        strength = growth(world.player.level) * (1.0 + world.player.modifier("damage_pct") / 100.0)
        return world.rng.uniform(low, high) * strength

    def creature(self, unit: Creature, amount: float, cause: str, *, crit: bool = False, tick: bool = False) -> None:
        """Hurt an enemy; it turns on the player, and dies at zero."""
        world = self.world
        if unit.dead:
            return
        if unit.evading:
            world.float_text("Evade", "miss", unit)
            return
        amount = round(amount * (1.0 + unit.modifier("taken_pct") / 100.0))
        world.stats.damage_done += min(amount, unit.health)
        unit.health -= amount
        world.float_text(f"{amount:.0f}", "crit" if crit else "damage", unit)
        if not tick:
            auras.break_on_damage(world, unit)
        world.minds.provoke(unit)
        procs.on_damage(world, amount, cause)
        if unit.health <= 0:
            self.kill(unit)
        elif unit.cast is not None and not tick:
            world.casting.push_back(unit)

    def kill(self, unit: Creature) -> None:
        world, player = self.world, self.world.player
        unit.health, unit.dead, unit.target, unit.cast = 0.0, True, None, None
        unit.in_combat = False
        auras.clear(unit)
        unit.lootable = True
        unit.corpse_until = world.now + 45.0
        world.stats.kills += 1
        world.chat(f"{unit.name} dies, you gain {45 + 5 * unit.level} experience.", "combat")
        player.xp = (player.xp + 100.0 / 24.0) % 100.0
        if "victorious" in world.auras and unit.level > player.level - 9:
            auras.apply(world, player, world.auras["victorious"])
        if player.target is unit:
            player.attacking, player.next_swing = False, None
        world.director.died(unit)

    def player(self, amount: float, source: Unit, *, physical: bool) -> None:
        """Hurt the player: armour, auras, shields, then health; delays casts, makes rage, ends meals."""
        world, player = self.world, self.world.player
        if player.dead or player.ghost or any(a.facts.immune for a in player.auras.values()):
            return
        if physical:
            amount *= player.facts.armor
        amount *= 1.0 + player.modifier("taken_pct") / 100.0
        left = auras.soak(player, amount)
        world.stats.damage_taken += min(left, player.health)
        auras.break_on_damage(world, player)
        if left <= 0:
            world.float_text("Absorb", "miss", player)
            return
        player.health -= round(left)
        world.float_text(f"-{left:.0f}", "taken", player)
        if player.power_type == "rage":
            self.gain(2.5 * left / rage_conversion(player.level))
        if player.cast is not None:
            world.casting.push_back(player)
        if player.target is None and isinstance(source, Creature):
            world.select(source)  # attacked with nothing selected: the client selects the attacker
        if player.health <= 0:
            life.die(world)

    def heal(self, unit: Unit, amount: float) -> None:
        if not unit.dead:
            amount = min(round(amount), unit.health_max - unit.health)
            unit.health += amount
            if amount > 0 and isinstance(unit, Player):
                self.world.float_text(f"+{amount:.0f}", "heal", unit)

    def gain(self, amount: float) -> None:
        """Give the player power of the own kind."""
        player = self.world.player
        player.power = max(0.0, min(player.power_max, player.power + amount))

    def white_rage(self, damage: float, *, crit: bool) -> None:
        """Rage of an own white swing: 15 d / 4 c + f s / 2, at most 15 d / c; f = 3.5, 7 on a critical hit.

        Source: warcraft.wiki.gg/wiki/Rage (formula of 2.x and 3.x).
        """
        player = self.world.player
        c = rage_conversion(player.level)
        factor = 7.0 if crit else 3.5
        self.gain(min(15.0 * damage / (4.0 * c) + factor * player.facts.swing_s / 2.0, 15.0 * damage / c))

    def creature_swing(self, unit: Creature) -> float:
        """Points of one swing of a creature before armour."""
        world = self.world
        weakness = 1.0 + unit.modifier("damage_pct") / 100.0
        base = CREATURE_SWING * growth(unit.level) * unit.facts.damage * weakness * unit.facts.swing_s / 2.0
        return base * world.rng.uniform(0.85, 1.15)
