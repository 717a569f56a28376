"""Using an ability: every check the client makes, the global cooldown, cast times, channels, pushback, interrupts.

Numbers: warcraft.wiki.gg/wiki/Global_cooldown (1.5 s, hasted spells down to 1 s), /wiki/Interrupt (3.x: each hit delays a
cast by .5 s and takes a quarter off a channel, at most twice).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.sim import auras, effects, swing
from wowbot.sim.facts import SpellDef
from wowbot.sim.units import NEVER, Cast, CastEnd, Creature, Player, Unit

if TYPE_CHECKING:
    from wowbot.sim.world import World

GCD_MIN_S = 1.0
PUSHBACK_S, CHANNEL_PUSHBACK, MAX_PUSHES = 0.5, 0.25, 2
DARK = frozenset({"out_of_combat", "overpower", "execute", "victorious", "enraged", "frozen", "combo"})
"""Needs whose lack darkens the slot; the others only give an error."""
NEEDS: dict[str, str] = {
    "out_of_combat": "You are in combat",
    "still": "Can't do that while moving",
    "not_bandaged": "You can't do that yet",
    "no_hypothermia": "You can't do that yet",
    "no_weakened_soul": "A more powerful spell is already active",
    "frozen": "You can't do that yet",
    "overpower": "You can't do that yet",
    "execute": "You can't do that yet",
    "victorious": "You can't do that yet",
    "enraged": "You can't do that yet",
    "combo": "That ability requires combo points",
}
NO_POWER = {"mana": "Not enough mana", "rage": "Not enough rage", "energy": "Not enough energy"}


class Casting:
    """The player's and the creatures' casts in one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def cost(self, spell: SpellDef) -> float:
        """Points of the player's power it takes now."""
        player = self.world.player
        if spell.token == "fireball" and player.has("brain_freeze"):
            return 0.0
        if spell.cost_pct:
            return spell.cost_pct / 100.0 * player.facts.base_mana * player.power_max / player.facts.power_max
        return spell.cost

    def cast_time(self, spell: SpellDef) -> float:
        if spell.token == "fireball" and self.world.player.has("brain_freeze"):
            return 0.0
        return spell.cast_s / self.haste() if not spell.melee else spell.cast_s

    def haste(self) -> float:
        player = self.world.player
        return 1.0 + (player.facts.haste_pct + player.modifier("haste_pct")) / 100.0

    def gcd(self, spell: SpellDef) -> float:
        """Length of the global cooldown it starts; spells shorten it with haste, strikes do not."""
        if spell.gcd_s <= 0 or spell.melee or self.world.player.power_type != "mana":
            return spell.gcd_s
        return max(GCD_MIN_S, spell.gcd_s / self.haste())

    def need_met(self, need: str, target: Unit | None) -> bool:
        """Whether one of NEEDS holds now."""
        player = self.world.player
        if need == "out_of_combat":
            return not player.in_combat
        if need == "still":
            return not player.moving
        if need == "not_bandaged":
            return not player.has("recently_bandaged")
        if need == "no_hypothermia":
            return not player.has("hypothermia")
        if need == "no_weakened_soul":
            return not player.has("weakened_soul")
        if need == "frozen":
            return player.has("fingers_of_frost") or (target is not None and effects.frozen(target))
        if need == "overpower":
            return player.has("overpower_ready") or player.has("taste_for_blood")
        if need == "execute":
            low = target is not None and not target.dead and target.health < 0.2 * target.health_max
            return low or player.has("sudden_death")
        if need == "victorious":
            return player.has("victorious")
        if need == "enraged":
            return player.has("bloodrage") or player.has("berserker_rage")
        return player.combo > 0

    def usable(self, spell: SpellDef) -> bool:
        """Whether the slot is lit, power aside."""
        player = self.world.player
        if player.dead or player.ghost or (spell.item and not player.bags.get(spell.token)):
            return False
        if spell.school == "holy" and player.has("shadowform"):
            return False
        return not spell.needs or all(n not in DARK or self.need_met(n, player.target) for n in spell.needs)

    def why_not(self, spell: SpellDef) -> str:
        """The red line the client shows instead of doing it; "" when it goes."""
        player, now = self.world.player, self.world.now
        if player.dead or player.ghost:
            return "You are dead"
        if player.controlled:
            return "You can't do that while stunned"
        if player.cast is not None and not player.cast.channel and not spell.next_swing:
            return "Another action is in progress"
        if (spell.gcd_s > 0 and now < player.gcd_end - 1e-6) or self.cooldown_left(spell) > 1e-6:
            return "That ability isn't ready yet" if spell.melee else "Spell is not ready yet"
        if spell.item and not player.bags.get(spell.token):
            return "You have none of that"
        if now < player.lock_until and spell.school == player.locked_school:
            return "You can't do that while silenced"
        if player.power < self.cost(spell):
            return NO_POWER.get(player.power_type, "Not enough power")
        if player.moving and player.path is None and (self.cast_time(spell) > 0 or self.still_channel(spell)):
            return "Can't do that while moving"
        if not self.usable(spell) and not spell.needs:
            return "You can't do that yet"
        return self._target_trouble(spell) or self._need_trouble(spell)

    def _need_trouble(self, spell: SpellDef) -> str:
        target = self.world.player.target
        return next((NEEDS[n] for n in spell.needs if not self.need_met(n, target)), "")

    def _target_trouble(self, spell: SpellDef) -> str:
        if spell.target != "enemy" or spell.range_yd <= 0:
            return ""
        player = self.world.player
        if player.target is None:
            self.world.target_nearest()
        target = player.target
        if target is None:
            return "You have no target"
        if not isinstance(target, Creature) or target.dead or not target.hostile:
            return "Invalid target"
        distance = player.distance(target)
        if distance > spell.range_yd:
            return "Out of range"
        if distance < spell.min_range_yd:
            return "You are too close!"
        if not player.in_front(target):
            if not self.world.click_to_move:
                return "Target needs to be in front of you"
            player.face(target)
        return "" if self.world.sees(player, target) else "Target not in line of sight"

    def still_channel(self, spell: SpellDef) -> bool:
        """Whether it is a channel that walking breaks."""
        return spell.channel_s > 0 and not spell.melee

    def use(self, spell: SpellDef) -> bool:
        """Start it, or say why not. True when something began."""
        player = self.world.player
        trouble = self.why_not(spell)
        if trouble:
            self.world.say_error(trouble)
            return False
        if spell.next_swing:
            player.next_swing = spell
            swing.start(self.world)
            return True
        if spell.toggle:
            swing.start(self.world)
            return True
        if player.cast is not None:
            self.stop(player, "interrupted")
        if player.path is not None and (spell.cast_s > 0 or self.still_channel(spell)):
            player.path = None  # acting ends the click-to-move walk
            player.moving = False
        if spell.school != "food":
            auras.stand_up(player)
        player.resting = False
        self._begin(spell)
        return True

    def _begin(self, spell: SpellDef) -> None:
        player, now = self.world.player, self.world.now
        gcd = self.gcd(spell)
        if gcd > 0:
            player.gcd_end, player.gcd_s = now + gcd, gcd
        if spell.melee and spell.target == "enemy":
            swing.start(self.world)
        target = player.target if spell.target == "enemy" else player
        seconds = self.cast_time(spell)
        if spell.channel_s > 0:
            self._begin_channel(spell, target)
        elif seconds > 0:
            player.cast = Cast(spell.token, spell.name, now, now + seconds, seconds, target=target, spell=spell)
        else:
            self._pay(spell)
            effects.launch(self.world, spell, target)

    def _begin_channel(self, spell: SpellDef, target: Unit | None) -> None:
        player, now = self.world.player, self.world.now
        seconds = spell.channel_s / (1.0 if spell.melee or spell.item else self.haste())
        self._pay(spell)
        tick = seconds / max(1, spell.ticks)
        player.cast = Cast(
            spell.token, spell.name, now, now + seconds, seconds, channel=True, target=target, spell=spell,
            next_tick=now + tick, tick_s=tick, place=(target.x, target.y) if target is not None else None,
        )  # fmt: skip
        effects.begin_channel(self.world, spell, target)

    def _pay(self, spell: SpellDef) -> None:
        """Take power, items and start the cooldown."""
        player, now = self.world.player, self.world.now
        cost = self.cost(spell)
        if cost:
            player.power -= cost
            if player.power_type == "mana":
                player.last_spent = now
        if spell.item:
            player.bags[spell.token] -= 1
            self.world.used_items += 1
        self.start_cooldown(spell)

    def start_cooldown(self, spell: SpellDef) -> None:
        player, now = self.world.player, self.world.now
        if spell.cooldown_s <= 0:
            return
        if spell.charges > 1:
            left = player.charges.get(spell.token, spell.charges)
            player.charges[spell.token] = left - 1
            self.world.used_items += 1
            if left < spell.charges:
                return  # already recharging
        player.cooldowns[spell.shared or spell.token] = (now, now + spell.cooldown_s)

    def cooldown_left(self, spell: SpellDef) -> float:
        """Seconds until it can be used again; 0 while a charge is left."""
        if spell.charges > 1 and self.world.player.charges.get(spell.token, spell.charges) > 0:
            return 0.0
        running = self.world.player.cooldowns.get(spell.shared or spell.token)
        return max(0.0, running[1] - self.world.now) if running else 0.0

    def step_charges(self) -> None:
        """Drop finished cooldowns, give charges back."""
        player, now = self.world.player, self.world.now
        for token in [t for t, (_, end) in player.cooldowns.items() if end <= now]:
            end = player.cooldowns.pop(token)[1]
            spell = self.world.spells.get(token)
            if spell is not None and spell.charges > 1:
                player.charges[token] = player.charges.get(token, spell.charges) + 1
                self.world.used_items += 1
                if player.charges[token] < spell.charges:
                    player.cooldowns[token] = (end, end + spell.cooldown_s)

    def step(self, unit: Unit) -> None:
        """Let a cast of the player go on to its end."""
        cast, now = unit.cast, self.world.now
        if cast is None:
            return
        while cast.channel and cast.next_tick <= min(now, cast.ends + 1e-6) and unit.cast is cast:
            cast.next_tick += cast.tick_s
            if cast.spell is not None:
                effects.channel_tick(self.world, cast)
        if unit.cast is cast and cast.ends <= now:
            self._finish(unit, cast)

    def _finish(self, unit: Unit, cast: Cast) -> None:
        unit.cast = None
        unit.cast_end = CastEnd(cast, "success", cast.ends, 0.0 if cast.channel else 100.0)
        if cast.channel:
            effects.end_channel(self.world, cast)
        elif cast.creature is not None and isinstance(unit, Creature):
            effects.creature_cast(self.world, unit, cast.creature)
        elif cast.spell is not None:
            self._land(cast.spell, cast.target)

    def _land(self, spell: SpellDef, target: Unit | None) -> None:
        """The cast is done: check again what may have changed meanwhile."""
        if spell.target == "enemy" and (not isinstance(target, Creature) or target.dead):
            self.world.say_error("Invalid target")
            return
        if self.world.player.power < self.cost(spell):
            self.world.say_error(NO_POWER.get(self.world.player.power_type, "Not enough power"))
            return
        self._pay(spell)
        effects.launch(self.world, spell, target)

    def stop(self, unit: Unit, state: str) -> None:
        """End a cast early; `state` "failed" (own doing) or "interrupted"."""
        cast = unit.cast
        if cast is None:
            return
        unit.cast = None
        unit.cast_end = CastEnd(cast, state, self.world.now, progress_pct(cast, self.world.now))
        if cast.channel:
            effects.end_channel(self.world, cast)
        elif isinstance(unit, Player) and state == "failed":
            unit.gcd_end = NEVER  # a cast given up gives the global cooldown back

    def interrupt(self, unit: Unit, school: str, lock_s: float) -> bool:
        """Break an enemy's cast and lock it out; True when there was one to break."""
        if unit.cast is None or not unit.cast.interruptible:
            return False
        self.stop(unit, "interrupted")
        unit.lock_until, unit.locked_school = self.world.now + lock_s, school
        return True

    def push_back(self, unit: Unit) -> None:
        """Damage delays the cast under way."""
        cast = unit.cast
        if cast is None or cast.pushes >= MAX_PUSHES or (cast.spell is not None and cast.spell.melee):
            return
        cast.pushes += 1
        if cast.channel:
            cast.ends -= CHANNEL_PUSHBACK * cast.full
        else:
            cast.ends += min(PUSHBACK_S, max(0.0, cast.full - (cast.ends - self.world.now)))


def progress_pct(cast: Cast, now: float) -> float:
    """Fill of the cast bar, 0..100; a channel drains."""
    left = min(1.0, max(0.0, (cast.ends - now) / cast.full)) if cast.full > 0 else 0.0
    return 100.0 * (left if cast.channel else 1.0 - left)
