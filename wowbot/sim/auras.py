"""Putting auras up, letting them tick and taking them off."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wowbot.sim.facts import AuraDef, growth
from wowbot.sim.units import Creature, LiveAura, Player, Unit

if TYPE_CHECKING:
    from wowbot.sim.world import World


def apply(world: World, unit: Unit, facts: AuraDef, *, stacks: int = 1, own: bool = True) -> LiveAura:
    """Put an aura up, or refresh it and add a stack.

    A refreshed one keeps its tick rhythm, as since 3.x.
    """
    now = world.now
    if facts.exclusive:
        for token in [t for t, a in unit.auras.items() if a.facts.exclusive == facts.exclusive and t != facts.token]:
            remove(unit, token)
    ends = now + facts.duration_s if facts.duration_s else math.inf
    live = unit.auras.get(facts.token)
    if live is None:
        live = LiveAura(facts, ends, now, min(stacks, facts.max_stack), own=own, strength=growth(world.player.level))
        live.next_tick = now + facts.tick_s if facts.tick_s else math.inf
        unit.auras[facts.token] = live
    else:
        live.ends, live.started = ends, now
        live.stacks = min(facts.max_stack, live.stacks + stacks)
    if facts.absorb:
        live.absorb = facts.absorb * growth(world.player.level)
    unit.next_aura_at = min(unit.next_aura_at, live.ends, live.next_tick)
    if facts.controls:
        world.lost_control(unit)
    return live


def remove(unit: Unit, token: str) -> None:
    """Take an aura off, if it is up."""
    if unit.auras.pop(token, None) is not None and not unit.auras:
        unit.next_aura_at = math.inf


def spend(unit: Unit, token: str) -> bool:
    """Use one charge of a proc; True when there was one."""
    live = unit.auras.get(token)
    if live is None:
        return False
    live.stacks -= 1
    if live.stacks <= 0:
        remove(unit, token)
    return True


def clear(unit: Unit) -> None:
    """Take everything off: death, evading."""
    unit.auras.clear()
    unit.next_aura_at = math.inf


def break_on_damage(world: World, unit: Unit) -> None:
    """Roots, fears and sheep end on damage; so do sitting meals."""
    broken = [t for t, a in unit.auras.items() if a.facts.sitting or (a.facts.breaks and _breaks(world, a))]
    for token in broken:
        remove(unit, token)


def _breaks(world: World, aura: LiveAura) -> bool:
    """Polymorph always ends; a root or fear holds now and then."""
    return aura.started < world.now and (aura.facts.incapacitate or world.rng.random() < 0.4)


def stand_up(unit: Unit) -> None:
    """Moving or acting ends eating and drinking."""
    for token in [t for t, a in unit.auras.items() if a.facts.sitting]:
        remove(unit, token)


def soak(unit: Unit, damage: float) -> float:
    """Take damage out of absorbing auras; what is left of it."""
    for token in [t for t, a in unit.auras.items() if a.absorb > 0]:
        live = unit.auras[token]
        soaked = min(live.absorb, damage)
        live.absorb -= soaked
        damage -= soaked
        if live.absorb <= 0:
            remove(unit, token)
        if damage <= 0:
            break
    return damage


def step(world: World, unit: Unit) -> None:
    """Tick and expire; does nothing before `next_aura_at`."""
    now = world.now
    if now < unit.next_aura_at:
        return
    for token, live in list(unit.auras.items()):
        while live.next_tick <= min(now, live.ends + 1e-6) and unit.auras.get(token) is live:
            live.next_tick += live.facts.tick_s
            _tick(world, unit, live)
        if live.ends <= now and unit.auras.get(token) is live:
            remove(unit, token)
    unit.next_aura_at = min((min(a.ends, a.next_tick) for a in unit.auras.values()), default=math.inf)


def _tick(world: World, unit: Unit, live: LiveAura) -> None:
    facts = live.facts
    if facts.tick_damage and isinstance(unit, Creature):
        factor = 1.0 + world.player.modifier("damage_pct") / 100.0
        world.damage.creature(unit, facts.tick_damage * live.strength * live.stacks * factor, facts.token, tick=True)
    if facts.tick_heal:
        world.damage.heal(unit, facts.tick_heal * live.strength)
    if isinstance(unit, Player):
        if facts.tick_power_pct and unit.power_type == "mana":
            unit.power = min(unit.power_max, unit.power + unit.power_max * facts.tick_power_pct / 100.0)
        if facts.tick_rage and unit.power_type == "rage":
            unit.power = min(unit.power_max, unit.power + facts.tick_rage)
