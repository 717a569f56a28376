"""Scenarios and creatures as data: `scenarios.toml` beside this file, bound to the dataclasses below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from wowbot.config import bind, read_toml
from wowbot.core.errors import SimError, nearest
from wowbot.sim.facts import CreatureCast, CreatureDef

End = Literal["all_dead", "escape", "revived", "none"]
When = Literal["start", "resting", "answered", "cleared"]


@dataclass(frozen=True, slots=True)
class SpawnFacts:
    """A place where creatures come up.

    Args:
        at: yards; spread: jitter radius; count: how many.
        level: offset from the player's.
        wander: how far they stroll; respawn_s: 0 = never again.
        group: linked, all of a group come together.
        when, delay_s: what brings them and how long after.
        charge: they attack at once.
    """

    kind: str
    at: tuple[float, float]
    count: int = 1
    spread: float = 0.0
    level: int = 0
    wander: float = 0.0
    respawn_s: float = 0.0
    group: str = ""
    when: When = "start"
    delay_s: float = 0.0
    charge: bool = False


@dataclass(frozen=True, slots=True)
class DialogFacts:
    """A box that no rule knows; button `right` (1 or 2) lets play go on, another brings the box back."""

    text: str
    buttons: tuple[str, ...]
    right: int = 1


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """A wall along x = at[0] with a gate at `at`."""

    at: tuple[float, float] = (0.0, 0.0)
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """One scenario.

    Args:
        end: all_dead (every enemy is), escape (the enemy gave up, or died), revived (died and came back), none.
        limit_s: game time after which it ends by itself.
        settle_s: time left after the end condition is met, for looting.
        allow_death: a death does not lose it.
        graveyard: offset from the corpse.
        doom_s: the player is struck dead at that time; 0 = not.
        healer_offers_s: a resurrection is offered so long after a death; 0 = never.
    """

    summary: str
    end: End
    spawns: tuple[SpawnFacts, ...] = ()
    limit_s: float = 300.0
    settle_s: float = 6.0
    zone: str = "Training Ground"
    player_health_pct: float = 100.0
    player_power_pct: float = 100.0
    allow_death: bool = False
    graveyard: tuple[float, float] = (-60.0, 40.0)
    doom_s: float = 0.0
    healer_offers_s: float = 0.0
    dialog: DialogFacts | None = None
    door: DoorFacts = field(default_factory=DoorFacts)


@dataclass(frozen=True, slots=True)
class _File:
    scenarios: Mapping[str, ScenarioFacts]


@lru_cache(maxsize=1)
def scenarios() -> Mapping[str, ScenarioFacts]:
    """All scenarios by name."""
    path = Path(__file__).with_name("scenarios.toml")
    return bind(_File, {"scenarios": read_toml(path)}, path.name).scenarios


def scenario(name: str) -> ScenarioFacts:
    """One scenario.

    Raises:
        SimError: no such scenario; lists what there is.
    """
    known = scenarios()
    if name not in known:
        raise SimError(f"no scenario {name!r}; there are: {', '.join(known)}.{nearest(name, known)}")
    return known[name]


_SHADOW_BOLT = CreatureCast("shadow_bolt", "Shadow Bolt", 3.0, 5.0, damage=(1500.0, 1800.0))
_DRAIN = CreatureCast("healing_touch", "Dark Mending", 3.0, 14.0, range_yd=40.0, heal=(3600.0, 4200.0))

CREATURES: dict[str, CreatureDef] = {
    c.kind: c
    for c in (
        CreatureDef("wolf", "Timber Wolf", health=0.95, damage=0.85, swing_s=1.8, loot=("wolf_pelt",), height_yd=1.2),
        CreatureDef("boar", "Bristleback Boar", reaction=4, aggro_yd=0.0, damage=0.8, help_yd=0.0, height_yd=1.1),
        CreatureDef("raider", "Defias Raider", flees_at_pct=15.0, loot=("copper_coins", "cloth")),
        CreatureDef(
            "warlock", "Twilight Warlock", health=0.9, damage=0.6, mana=5000.0, casts=(_SHADOW_BOLT, _DRAIN),
            loot=("copper_coins", "cloth"),
        ),
        CreatureDef("hulk", "Training Hulk", "elite", health=20.0, damage=0.22, swing_s=2.4, height_yd=3.5),
        CreatureDef("ogre", "Gordok Brute", "elite", health=14.0, damage=3.2, swing_s=2.6, height_yd=3.2),
    )
}  # fmt: skip
"""Creatures by kind; multiples are of the usual creature of that level."""
