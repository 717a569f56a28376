"""What an ability does when it takes effect: projectiles, area strikes, and the hooks of single abilities."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from wowbot.sim import auras, swing
from wowbot.sim.damage import CRIT_FROST, CRIT_SPELL
from wowbot.sim.facts import CreatureCast, SpellDef, growth
from wowbot.sim.units import Cast, Creature, Unit

if TYPE_CHECKING:
    from wowbot.sim.world import World

SPELL_MISS = (0.04, 0.05, 0.06, 0.17)
"""Chance of a spell to miss an enemy 0, 1, 2, 3 levels above (warcraft.wiki.gg/wiki/Hit, 3.x)."""
FINGERS_CHANCE, BRAIN_FREEZE_CHANCE = 0.15, 0.15
"""Fingers of Frost 44543, Brain Freeze 44549, full points."""
FROZEN = ("frost_nova", "frostbite", "deep_freeze")

Hook = Callable[["World", SpellDef, Unit], None]


def frozen(unit: Unit) -> bool:
    return any(token in unit.auras for token in FROZEN)


def launch(world: World, spell: SpellDef, target: Unit | None) -> None:
    """Instant or finished: strike now, or when the projectile arrives."""
    player = world.player
    if target is None:
        target = player
    if spell.token == "fireball":
        auras.remove(player, "brain_freeze")
    if isinstance(target, Creature) and spell.missile_yd_s > 0:
        delay = player.distance(target) / spell.missile_yd_s
        shatter = _spend_frozen(world, spell, target)
        world.after(delay, lambda: _arrive(world, spell, target, shatter))
        return
    if spell.target == "none":
        _area(world, spell, (player.x, player.y))
        return
    if spell.target == "self":
        _self(world, spell)
        return
    if isinstance(target, Creature):
        _arrive(world, spell, target, _spend_frozen(world, spell, target))


def _spend_frozen(world: World, spell: SpellDef, target: Creature) -> bool:
    """Whether the strike counts as one on a frozen target; uses a charge of Fingers of Frost."""
    if spell.school == "physical" or not world.player.auras:
        return frozen(target)
    return auras.spend(world.player, "fingers_of_frost") or frozen(target)


def _self(world: World, spell: SpellDef) -> None:
    player = world.player
    if spell.heal[1] and not spell.channel_s:
        world.damage.heal(player, world.rng.uniform(*spell.heal) * growth(player.level))
    if spell.gain:
        world.damage.gain(spell.gain * (growth(player.level) if player.power_type == "mana" else 1.0))
    if spell.aura_self:
        auras.apply(world, player, world.auras[spell.aura_self])
    for hook in spell.hooks:
        world.run_hook(hook, spell, player)


def _arrive(world: World, spell: SpellDef, target: Creature, shatter: bool) -> None:
    """Strike one enemy."""
    player = world.player
    if target.dead:
        return
    if spell.melee and spell.weapon:
        if swing.strike(world, target, spell):
            _put(world, spell, target)
        return
    if not _hits(world, spell, target):
        return
    if spell.lock_s:
        world.casting.interrupt(target, spell.school, spell.lock_s)
    if spell.gain:
        world.damage.gain(spell.gain)
    if spell.aura_self:
        auras.apply(world, player, world.auras[spell.aura_self])
    world.minds.provoke(target)
    if spell.hurts:
        _spell_damage(world, spell, target, shatter)
    _put(world, spell, target)
    for hook in spell.hooks:
        world.run_hook(hook, spell, target)


def _hits(world: World, spell: SpellDef, target: Creature) -> bool:
    above = max(0, min(3, target.level - world.player.level))
    if world.rng.random() >= SPELL_MISS[above]:
        return True
    world.float_text("Miss" if spell.melee else "Resist", "miss", target)
    world.minds.provoke(target)
    return False


def _spell_damage(world: World, spell: SpellDef, target: Creature, shatter: bool) -> None:
    player = world.player
    amount = world.damage.roll(*spell.damage)
    if spell.token == "ice_lance" and shatter:
        amount *= 3.0
    chance = player.facts.crit_pct + player.modifier("crit_pct") + (50.0 if shatter else 0.0)  # Shatter 12983: +50 %
    crit = world.rng.random() < chance / 100.0
    factor = (CRIT_FROST if spell.school == "frost" else CRIT_SPELL) if crit else 1.0
    world.damage.creature(target, amount * factor, spell.token, crit=crit)


def _put(world: World, spell: SpellDef, target: Creature) -> None:
    if spell.aura_target and not target.dead and not target.evading:
        auras.apply(world, target, world.auras[spell.aura_target])


def _area(world: World, spell: SpellDef, place: tuple[float, float]) -> None:
    """Strike every living enemy within the radius."""
    struck = 0
    for unit in list(world.creatures):
        near = math.hypot(unit.x - place[0], unit.y - place[1]) <= spell.radius_yd
        if not near or unit.dead or unit.facts.reaction > 4:
            continue
        if "cone" in spell.hooks and not world.player.in_front(unit):
            continue
        if unit.facts.reaction == 4 and unit.target is None:
            continue  # bystanders are left alone
        struck += 1
        if spell.max_targets and struck > spell.max_targets:
            return
        _arrive(world, spell, unit, frozen(unit))
    if spell.aura_self and not spell.channel_s:
        auras.apply(world, world.player, world.auras[spell.aura_self])


def begin_channel(world: World, spell: SpellDef, target: Unit | None) -> None:
    """What stands as long as the channel runs."""
    if spell.aura_self:
        auras.apply(world, world.player, world.auras[spell.aura_self])
    if isinstance(target, Creature):
        world.minds.provoke(target)
        if spell.aura_target and not spell.radius_yd:
            auras.apply(world, target, world.auras[spell.aura_target])


def channel_tick(world: World, cast: Cast) -> None:
    spell, player = cast.spell, world.player
    if spell is None:
        return
    if spell.radius_yd:
        at = cast.place if cast.place is not None and spell.target == "enemy" else (player.x, player.y)
        _area(world, spell, at)
    elif isinstance(cast.target, Creature):
        if cast.target.dead or player.distance(cast.target) > spell.range_yd + 5:
            world.casting.stop(player, "interrupted")
            return
        _spell_damage(world, spell, cast.target, shatter=False)
    if spell.heal[1]:
        world.damage.heal(player, world.rng.uniform(*spell.heal) * growth(player.level))
    if "evocation" in spell.hooks:
        world.damage.gain(0.15 * player.power_max)


def end_channel(world: World, cast: Cast) -> None:
    """Take off what stood with the channel."""
    if cast.spell is None:
        return
    if cast.spell.token in ("mind_flay",) and cast.target is not None:
        auras.remove(cast.target, cast.spell.aura_target)
    if cast.spell.token == "bladestorm":
        auras.remove(world.player, "bladestorm")


def creature_cast(world: World, unit: Creature, cast: CreatureCast) -> None:
    """An enemy's cast is done."""
    scale = growth(unit.level)
    if cast.heal[1]:
        world.damage.heal(unit, world.rng.uniform(*cast.heal) * scale)
    elif cast.damage[1]:
        amount = world.rng.uniform(*cast.damage) * scale
        delay = unit.distance(world.player) / 24.0
        world.after(delay, lambda: world.damage.player(amount, unit, physical=False))


def _frost_procs(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    player = world.player
    if player.level >= 40 and world.rng.random() < FINGERS_CHANCE:
        auras.apply(world, player, world.auras["fingers_of_frost"], stacks=2)
    if player.level >= 50 and world.rng.random() < BRAIN_FREEZE_CHANCE:
        auras.apply(world, player, world.auras["brain_freeze"])
    if player.level >= 50 and not target.dead:
        auras.apply(world, target, world.auras["winters_chill"])


def _deep_freeze(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    """Creatures immune to stuns take damage instead; elites of the training ground are (71757)."""
    if isinstance(target, Creature) and target.facts.classification != "normal":
        auras.remove(target, "deep_freeze")
        world.damage.creature(target, world.damage.roll(3900.0, 4500.0), "deep_freeze")


def _blink(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    """20 yd forward, out of roots and stuns."""
    player = world.player
    for token in [t for t, a in player.auras.items() if a.facts.root or a.facts.stun]:
        auras.remove(player, token)
    world.displace(player, player.facing, 20.0)


def _ice_block(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    auras.apply(world, world.player, world.auras["hypothermia"])


def _cold_snap(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    frost = [t for t, s in world.spells.items() if s.school == "frost" and t != "cold_snap"]
    for token in frost:
        world.player.cooldowns.pop(token, None)


def _start_attack(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    swing.start(world)


def _charge(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    """Rush to the target (the rage is the spell's gain)."""
    player = world.player
    player.face(target)
    world.displace(player, player.facing, max(0.0, player.distance(target) - 3.0))
    swing.start(world)


def _execute(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    """Up to 30 more rage turn into damage; Sudden Death leaves 10."""
    player = world.player
    extra = min(30.0, player.power)
    player.power -= extra
    if auras.spend(player, "sudden_death"):
        player.power = max(player.power, 10.0)
    if isinstance(target, Creature) and not target.dead:
        world.damage.creature(target, world.damage.roll(38.0, 38.0) * extra, "execute")


def _overpower(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    auras.remove(world.player, "overpower_ready")
    auras.spend(world.player, "taste_for_blood")


def _victory_rush(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    auras.remove(world.player, "victorious")


def _cleave(world: World, spell: SpellDef, target: Unit) -> None:
    others = [c for c in world.creatures if c is not target and not c.dead and c.distance(target) < 8.0 and c.in_combat]
    if others:
        amount = world.damage.roll(*spell.damage) + world.damage.roll(*world.player.facts.weapon)
        world.damage.creature(others[0], amount, spell.token)


def _bloodrage(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    """Costs 16 % of base health; base health is about a third of the whole in plain gear."""
    player = world.player
    player.health = max(1.0, player.health - round(0.16 * 0.33 * player.health_max))


def _backlash(world: World, spell: SpellDef, target: Unit) -> None:
    """Shadow Word: Death strikes back when the target lives on."""
    if not target.dead and isinstance(target, Creature):
        world.damage.player(world.damage.roll(*spell.damage), world.player, physical=False)


def _weaken_soul(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    auras.apply(world, world.player, world.auras["weakened_soul"])


def _combo(world: World, spell: SpellDef, target: Unit) -> None:  # noqa: ARG001
    world.player.combo = min(5, world.player.combo + 1)


def _finish(world: World, spell: SpellDef, target: Unit) -> None:
    player = world.player
    if spell.hurts and isinstance(target, Creature):
        world.damage.creature(target, world.damage.roll(*spell.damage) * 0.5 * player.combo, spell.token)
    player.combo = 0


def _nothing(world: World, spell: SpellDef, target: Unit) -> None:
    """Handled where it is used: the hook's name is only a mark."""


HOOKS: dict[str, Hook] = {
    "frost_procs": _frost_procs,
    "deep_freeze": _deep_freeze,
    "ice_lance": _nothing,
    "cone": _nothing,
    "evocation": _nothing,
    "blink": _blink,
    "ice_block": _ice_block,
    "cold_snap": _cold_snap,
    "start_attack": _start_attack,
    "charge": _charge,
    "execute": _execute,
    "overpower": _overpower,
    "victory_rush": _victory_rush,
    "cleave": _cleave,
    "bloodrage": _bloodrage,
    "backlash": _backlash,
    "weaken_soul": _weaken_soul,
    "combo": _combo,
    "finish": _finish,
}
