"""Auto attack: swings on a timer, misses, dodges, glancing into rage, and attacks that replace the next swing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.sim import auras
from wowbot.sim.damage import CRIT_MELEE
from wowbot.sim.facts import MELEE_YD, SpellDef
from wowbot.sim.units import Creature

if TYPE_CHECKING:
    from wowbot.sim.world import World

MISS, DODGE = 0.05, 0.056
"""Chances of a swing at an enemy of the same level; each level above adds half a percent.

Source: warcraft.wiki.gg/wiki/Attack_table.
"""


def start(world: World) -> None:
    """Begin to swing at the target; the first swing comes at once when the timer has run out."""
    player = world.player
    if isinstance(player.target, Creature) and not player.target.dead:
        player.attacking = True
        if player.swing_at < world.now or player.swing_at == float("inf"):
            player.swing_at = world.now


def step(world: World) -> None:
    player = world.player
    if not player.attacking or world.now < player.swing_at:
        return
    target = player.target
    if not isinstance(target, Creature) or target.dead:
        player.attacking = False
        return
    casting = player.cast is not None and not (player.cast.spell and player.cast.spell.token == "bladestorm")
    if casting or player.controlled or player.distance(target) > MELEE_YD or not player.in_front(target):
        return  # the swing waits, ready
    haste = 1.0 + (player.facts.haste_pct + player.modifier("haste_pct")) / 100.0
    player.swing_at = world.now + player.facts.swing_s / haste
    queued, player.next_swing = player.next_swing, None
    if queued is not None and player.power >= queued.cost:
        player.power -= queued.cost
        strike(world, target, queued)
    else:
        _white(world, target)


def _white(world: World, target: Creature) -> None:
    outcome = roll(world, target)
    world.minds.provoke(target)
    if outcome in ("miss", "dodge"):
        avoided(world, target, outcome)
        return
    crit = outcome == "crit"
    damage = world.damage.roll(*world.player.facts.weapon) * (CRIT_MELEE if crit else 1.0)
    if world.player.power_type == "rage":
        world.damage.white_rage(damage, crit=crit)
    world.damage.creature(target, damage, "attack", crit=crit)
    _after_hit(world)


def strike(world: World, target: Creature, spell: SpellDef) -> bool:
    """A weapon ability lands or not; True when it did damage."""
    outcome = roll(
        world, target, dodge=spell.token != "overpower", extra_crit=50.0 if spell.token == "overpower" else 0
    )
    world.minds.provoke(target)
    if outcome in ("miss", "dodge"):
        avoided(world, target, outcome)
        if spell.cost:
            world.damage.gain(0.8 * spell.cost)  # most of the cost of an avoided attack comes back
        return False
    crit = outcome == "crit"
    amount = world.damage.roll(*spell.damage) if spell.damage[1] else 0.0
    if spell.weapon:
        amount += world.damage.roll(*world.player.facts.weapon) * spell.weapon
    world.damage.creature(target, amount * (CRIT_MELEE if crit else 1.0), spell.token, crit=crit)
    _after_hit(world)
    for hook in spell.hooks:
        world.run_hook(hook, spell, target)
    return True


def roll(world: World, target: Creature, *, dodge: bool = True, extra_crit: float = 0.0) -> str:
    """ "miss", "dodge", "crit" or "hit"."""
    above = max(0, target.level - world.player.level)
    miss = MISS + 0.005 * above
    dodged = miss + (DODGE + 0.005 * above if dodge else 0.0)
    crit = (world.player.facts.crit_pct + world.player.modifier("crit_pct") + extra_crit) / 100.0
    value = world.rng.random()
    if value < miss:
        return "miss"
    if value < dodged:
        return "dodge"
    return "crit" if world.rng.random() < crit else "hit"


def avoided(world: World, target: Creature, outcome: str) -> None:
    world.float_text(outcome.capitalize(), "miss", target)
    if outcome == "dodge" and "dodge_overpower" in world.player.facts.procs:
        auras.apply(world, world.player, world.auras["overpower_ready"])


def _after_hit(world: World) -> None:
    """Sudden Death: one melee hit in ten lets Execute be used (52437, three points: 9 %)."""
    if "sudden_death" in world.player.facts.procs and world.player.level >= 50 and world.rng.random() < 0.09:
        auras.apply(world, world.player, world.auras["sudden_death"])
