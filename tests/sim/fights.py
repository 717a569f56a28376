"""Worlds with a known character and a known enemy, for tests of the rules."""

from __future__ import annotations

from wowbot.core.bindings import Bindings, Spell
from wowbot.sim.scenarios import CREATURES
from wowbot.sim.spells_mage import MAGE
from wowbot.sim.spells_priest import PRIEST
from wowbot.sim.spells_warrior import ROGUE, WARRIOR
from wowbot.sim.units import Creature
from wowbot.sim.world import World

CLASSES = {c.token: c for c in (MAGE, WARRIOR, PRIEST, ROGUE)}
STEP_S = 0.05


def bindings(wow_class: str = "mage", level: int = 80) -> Bindings:
    """Every ability of the class and the common items, one key and one slot each."""
    own = [s.token for s in CLASSES[wow_class].spells]
    names = list(dict.fromkeys([*own, "attack", "eat", "drink", "healing_potion", "mana_potion", "bandage"]))
    bars = [f"{bar}.{n}" for bar in ("main", "bottom_left", "bottom_right", "right") for n in range(1, 13)]
    spells = {name: Spell(name, key=f"ctrl-f{i}", slot=bars[i]) for i, name in enumerate(names)}
    return Bindings(spells, {}, {"level": float(level)}, CLASSES[wow_class].power)


def empty_world(wow_class: str = "mage", level: int = 80, seed: int = 1, **options: bool) -> World:
    """A world without enemies and without a popup."""
    world = World("grind", seed, bindings(wow_class, level), **options)
    world.creatures.clear()
    return world


def enemy(
    world: World, at: tuple[float, float] = (20.0, 0.0), kind: str = "wolf", level: int | None = None
) -> Creature:
    """Put one enemy there, standing still and selected; it has not noticed the player."""
    unit = Creature(CREATURES[kind], level or world.player.level, at)
    world.creatures.append(unit)
    world.select(unit)
    return unit


def dummy(world: World, at: tuple[float, float] = (20.0, 0.0)) -> Creature:
    """An enemy that neither dies nor acts."""
    unit = enemy(world, at, "hulk")
    unit.health = unit.health_max = 1e9
    unit.lock_until = unit.swing_at = float("inf")
    unit.evading = False
    return unit


def run(world: World, seconds: float, dt: float = STEP_S) -> None:
    """Let time pass."""
    for _ in range(round(seconds / dt)):
        world.step(dt)


def until(world: World, seen: str, limit_s: float = 30.0) -> float:
    """Step until the player's attribute `seen` is falsy; the time it took."""
    start = world.now
    while getattr(world.player, seen) and world.now - start < limit_s:
        world.step(0.01)
    return world.now - start
