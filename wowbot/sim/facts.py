"""The shapes of game facts (spells, auras, creatures) and the level curves everything is scaled by.

Numbers in the tables are those of level 80 in the 3.3.5 game; `growth` takes damage, healing and health to other levels.
Cast times, cooldowns, ranges, durations and percent-of-base-mana costs do not depend on rank in that game, so they stand.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from wowbot.sim.view import Classification, School

Target = Literal["enemy", "self", "none"]

MELEE_YD = 5.0
"""Melee range between two creatures of usual size (warcraft.wiki.gg/wiki/Melee_range: 5 yd)."""
RUN_YD_S = 7.0
BACK_YD_S = 4.5
GHOST_YD_S = 8.75
"""Run, backpedal and ghost speed (warcraft.wiki.gg/wiki/Movement_speed: 7, 4.5, ghosts +25 %)."""
TURN_RAD_S = math.pi
"""Keyboard turning, half a turn a second (cvar turnSpeed 180)."""


@dataclass(frozen=True, slots=True)
class AuraDef:
    """A buff or debuff.

    Args:
        duration_s: 0 = until cancelled.
        tick_s: period of what follows; 0 = no ticks.
        tick_damage, tick_heal: points at level 80 per tick.
        tick_power_pct: percent of the full power restored per tick.
        root, stun, fear, incapacitate: crowd control; `breaks` = ends when damage is taken.
        slow_pct: of movement speed.
        haste_pct: less cast and swing time; crit_pct and damage_pct added to the bearer's own.
        taken_pct: change of damage taken by the bearer.
        absorb: damage soaked at level 80.
        regen_in_combat_pct: share of spirit regeneration kept inside the five seconds.
        sitting: food and drink: ends on moving, casting or being hit.
        proc: it is a charge that a spell consumes; its slot glows.
        exclusive: group of which a unit has only one.
    """

    token: str
    name: str
    duration_s: float = 0.0
    max_stack: int = 1
    harmful: bool = False
    school: School = "none"
    tick_s: float = 0.0
    tick_damage: float = 0.0
    tick_heal: float = 0.0
    tick_power_pct: float = 0.0
    tick_rage: float = 0.0
    root: bool = False
    stun: bool = False
    fear: bool = False
    incapacitate: bool = False
    breaks: bool = False
    slow_pct: float = 0.0
    haste_pct: float = 0.0
    crit_pct: float = 0.0
    damage_pct: float = 0.0
    taken_pct: float = 0.0
    absorb: float = 0.0
    immune: bool = False
    regen_in_combat_pct: float = 0.0
    sitting: bool = False
    proc: bool = False
    exclusive: str = ""

    @property
    def controls(self) -> bool:
        """Whether the bearer cannot act."""
        return self.stun or self.fear or self.incapacitate


@dataclass(frozen=True, slots=True)
class SpellDef:
    """An ability, an item on a slot, or a stance.

    Args:
        spell_id: highest rank in 3.3.5 (wotlk database number), 0 for items and commands.
        level: first rank's level; below it the slot stays empty.
        cost_pct: percent of base mana; cost: points of rage or energy.
        channel_s, ticks: a channel lasts so long and strikes so often.
        damage: (low, high) at level 80, gear included; weapon: multiple of a weapon swing added to it.
        heal: (low, high) at level 80.
        missile_yd_s: speed of the projectile; 0 = strikes at once.
        radius_yd: strikes every enemy within that distance of the target ("enemy", or the target's place) or of the caster.
        aura_self, aura_target: put up when it strikes.
        needs: conditions beyond power, range and cooldown, see wowbot.sim.casting.NEEDS.
        hooks: names in wowbot.sim.effects.HOOKS run when it strikes.
        lock_s: interrupts a cast and locks its school so long.
        next_swing: replaces the next swing instead of striking.
        item: number carried at start; 0 = not an item.
        power: "" = the class's own.
    """

    token: str
    name: str
    spell_id: int = 0
    level: int = 1
    target: Target = "enemy"
    cast_s: float = 0.0
    gcd_s: float = 1.5
    cooldown_s: float = 0.0
    charges: int = 1
    channel_s: float = 0.0
    ticks: int = 0
    cost_pct: float = 0.0
    cost: float = 0.0
    power: str = ""
    gain: float = 0.0
    range_yd: float = 0.0
    min_range_yd: float = 0.0
    damage: tuple[float, float] = (0.0, 0.0)
    weapon: float = 0.0
    heal: tuple[float, float] = (0.0, 0.0)
    missile_yd_s: float = 0.0
    radius_yd: float = 0.0
    max_targets: int = 0
    aura_self: str = ""
    aura_target: str = ""
    school: str = "physical"
    needs: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    lock_s: float = 0.0
    next_swing: bool = False
    item: int = 0
    toggle: bool = False
    shared: str = ""

    @property
    def melee(self) -> bool:
        """Struck with the weapon."""
        return self.school == "physical"

    @property
    def hurts(self) -> bool:
        """Whether it does damage when it strikes."""
        return self.damage[1] > 0 or self.weapon > 0


@dataclass(frozen=True, slots=True)
class CreatureCast:
    """What a creature casts now and then. `damage` at level 80."""

    token: str
    name: str
    cast_s: float
    every_s: float
    range_yd: float = 30.0
    damage: tuple[float, float] = (0.0, 0.0)
    heal: tuple[float, float] = (0.0, 0.0)
    interruptible: bool = True


@dataclass(frozen=True, slots=True)
class CreatureDef:
    """A kind of enemy.

    Args:
        health, damage: multiples of the level's usual health and swing.
        swing_s: time between swings.
        speed_yd_s: run speed.
        aggro_yd: at equal level, +1 yd for each level it is above the player's (0 = attacks only when attacked).
        help_yd: calls others of its faction so near.
        flees_at_pct: runs for help once below this health.
    """

    kind: str
    name: str
    classification: Classification = "normal"
    health: float = 1.0
    damage: float = 1.0
    swing_s: float = 2.0
    speed_yd_s: float = 8.0
    aggro_yd: float = 18.0
    help_yd: float = 8.0
    reaction: int = 2
    mana: float = 0.0
    flees_at_pct: float = 0.0
    casts: tuple[CreatureCast, ...] = ()
    loot: tuple[str, ...] = ("copper_coins",)
    height_yd: float = 1.8


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A player class at level 80 in plain gear.

    Args:
        base_mana: what percent costs are of; 0 where the power is not mana.
        power_max: full power.
        armor: share of physical damage let through.
        weapon: (low, high) of one swing; swing_s its time; ranged wands have their own spell.
        spirit_regen: mana per second outside the five seconds.
    """

    token: str
    power: str
    health: float
    power_max: float
    base_mana: float = 0.0
    armor: float = 1.0
    weapon: tuple[float, float] = (0.0, 0.0)
    swing_s: float = 2.6
    spirit_regen: float = 0.0
    crit_pct: float = 20.0
    haste_pct: float = 0.0
    spells: tuple[SpellDef, ...] = ()
    auras: tuple[AuraDef, ...] = ()
    procs: tuple[str, ...] = field(default_factory=tuple)


_HEALTH = ((1, 42.0), (10, 198.0), (20, 484.0), (30, 1003.0), (40, 1651.0), (50, 2292.0), (60, 3052.0), (70, 6986.0),
           (80, 12600.0), (83, 13945.0))  # fmt: skip
"""Usual creature health by level (the game's creature stats by class and level: 42 at 1, 3052 at 60, 12600 at 80)."""
_LEVELS = [level for level, _ in _HEALTH]


def creature_health(level: int) -> float:
    """Usual health of a normal creature of this level, in points."""
    level = max(1, min(level, _LEVELS[-1]))
    i = min(bisect_right(_LEVELS, level) - 1, len(_HEALTH) - 2)
    (l0, h0), (l1, h1) = _HEALTH[i], _HEALTH[i + 1]
    return float(h0 * (h1 / h0) ** ((level - l0) / (l1 - l0)))


def growth(level: int) -> float:
    """How strong things of this level are beside level 80 (1.0)."""
    return creature_health(level) / creature_health(80)


def rage_conversion(level: int) -> float:
    """Damage that makes one unit of rage before the factors (3.x: 453.3 at level 80).

    Source: warcraft.wiki.gg/wiki/Rage, "Rage generation".
    """
    value = 0.0091107836 * level * level + 3.225598133 * level + 4.2652911
    return value + 13.27 * max(0, level - 70)
