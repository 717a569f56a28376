"""Creatures and the player as mutable, slotted state. The rules that change them stand beside, one file a family."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wowbot.sim.facts import AuraDef, ClassDef, CreatureCast, CreatureDef, SpellDef, creature_health, growth

Vec = tuple[float, float]
NEVER = -1.0e9


@dataclass(slots=True)
class LiveAura:
    """An aura that is up. Times are world seconds; `ends` inf = until cancelled."""

    facts: AuraDef
    ends: float
    started: float
    stacks: int = 1
    next_tick: float = math.inf
    absorb: float = 0.0
    own: bool = True
    strength: float = 1.0


@dataclass(slots=True)
class Cast:
    """A cast or channel under way.

    Args:
        full: length before any delay; pushes: delays by damage so far, at most two.
        place: where an area channel strikes.
    """

    token: str
    name: str
    started: float
    ends: float
    full: float
    channel: bool = False
    interruptible: bool = True
    target: Unit | None = None
    spell: SpellDef | None = None
    creature: CreatureCast | None = None
    pushes: int = 0
    next_tick: float = math.inf
    tick_s: float = 0.0
    place: Vec | None = None


@dataclass(slots=True)
class CastEnd:
    """How the last cast ended, for the moment its bar still shows."""

    cast: Cast
    state: str
    at: float
    pct: float


class Unit:
    """Anything with health. Position in yards, facing counter-clockwise from east in radians."""

    __slots__ = (
        "auras", "cast", "cast_end", "dead", "facing", "health", "health_max", "in_combat", "kind", "level",
        "lock_until", "locked_school", "name", "next_aura_at", "power", "power_max", "power_type", "swing_at",
        "swing_s", "x", "y",
    )  # fmt: skip

    def __init__(self, name: str, kind: str, level: int, at: Vec) -> None:
        self.name, self.kind, self.level = name, kind, level
        self.x, self.y = at
        self.facing = 0.0
        self.health = self.health_max = 1.0
        self.power = self.power_max = 0.0
        self.power_type = ""
        self.auras: dict[str, LiveAura] = {}
        self.cast: Cast | None = None
        self.cast_end: CastEnd | None = None
        self.dead = False
        self.in_combat = False
        self.swing_at = math.inf
        self.swing_s = 2.0
        self.lock_until = NEVER
        self.locked_school = ""
        self.next_aura_at = math.inf
        """When the first aura ends or ticks; nothing about auras needs doing before."""

    def distance(self, other: Unit) -> float:
        """Yards between the two."""
        return math.hypot(other.x - self.x, other.y - self.y)

    def face(self, other: Unit) -> None:
        if other is not self:
            self.facing = math.atan2(other.y - self.y, other.x - self.x)

    def in_front(self, other: Unit) -> bool:
        """Within 90 degrees to either side (warcraft.wiki.gg/wiki/Facing)."""
        dx, dy = other.x - self.x, other.y - self.y
        return dx * dx + dy * dy < 0.25 or dx * math.cos(self.facing) + dy * math.sin(self.facing) >= 0.0

    def move(self, angle: float, yards: float) -> None:
        self.x += math.cos(angle) * yards
        self.y += math.sin(angle) * yards

    def has(self, token: str) -> bool:
        return token in self.auras

    @property
    def controlled(self) -> bool:
        """Stunned, feared or incapacitated: cannot act."""
        return bool(self.auras) and any(a.facts.controls for a in self.auras.values())

    @property
    def rooted(self) -> bool:
        return bool(self.auras) and any(a.facts.root for a in self.auras.values())

    def speed_factor(self) -> float:
        """Share of full speed left by the strongest slow."""
        return 1.0 - max((a.facts.slow_pct for a in self.auras.values()), default=0.0) / 100.0 if self.auras else 1.0

    def modifier(self, field: str) -> float:
        """Sum of a percentage over all auras, times stacks."""
        return sum(getattr(a.facts, field) * a.stacks for a in self.auras.values()) if self.auras else 0.0


class Creature(Unit):
    """An enemy."""

    __slots__ = (
        "corpse_until", "evading", "facts", "fled", "fleeing_until", "group", "home", "lootable", "next_cast", "respawn_s",
        "spawn_index", "target", "wander_at", "wander_to", "wander_yd",
    )  # fmt: skip

    def __init__(self, facts: CreatureDef, level: int, at: Vec) -> None:
        super().__init__(facts.name, facts.kind, level, at)
        self.facts = facts
        self.health = self.health_max = round(creature_health(level) * facts.health)
        if facts.mana:
            self.power_type, self.power_max = "mana", facts.mana * growth(level)
            self.power = self.power_max
        self.swing_s = facts.swing_s
        self.home = at
        self.target: Unit | None = None
        self.group = ""
        self.evading = False
        self.fled = False
        self.lootable = False
        self.wander_yd = 0.0
        self.wander_at = 0.0
        self.wander_to: Vec | None = None
        self.next_cast = [0.0] * len(facts.casts)
        self.respawn_s = 0.0
        self.corpse_until = math.inf
        self.fleeing_until = NEVER
        self.spawn_index = -1

    @property
    def hostile(self) -> bool:
        return self.facts.reaction <= 4


class Player(Unit):
    """The character the keys drive."""

    __slots__ = (
        "attacking", "bags", "charges", "combo", "cooldowns", "corpse", "facts", "gcd_end", "gcd_s",
        "ghost", "held", "last_spent", "moving", "next_swing", "path", "path_loot",
        "resting", "target", "xp",
    )  # fmt: skip

    def __init__(self, facts: ClassDef, level: int, at: Vec = (0.0, 0.0)) -> None:
        super().__init__(facts.token.capitalize(), facts.token, level, at)
        scale = growth(level)
        self.facts = facts
        self.health = self.health_max = round(facts.health * scale)
        self.power_type = facts.power
        self.power_max = facts.power_max * (scale if facts.power == "mana" else 1.0)
        self.power = 0.0 if facts.power == "rage" else self.power_max
        self.swing_s = facts.swing_s
        self.target: Unit | None = None
        self.attacking = False
        self.next_swing: SpellDef | None = None
        self.gcd_end, self.gcd_s = NEVER, 1.5
        self.cooldowns: dict[str, Vec] = {}
        """shared or own token -> (start, end)."""
        self.charges: dict[str, int] = {}
        self.last_spent = NEVER
        self.ghost = False
        self.resting = False
        self.corpse: Vec | None = None
        self.moving = False
        self.held: set[str] = set()
        self.path: Unit | None = None
        self.path_loot = False
        self.bags: dict[str, int] = {}
        self.combo = 0
        self.xp = 0.0
