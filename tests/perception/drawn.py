"""Random views of the training ground and what a perfect reader would say of them."""

from __future__ import annotations

import random
from dataclasses import replace

from wowbot.core.layout import Layout
from wowbot.core.reading import Value
from wowbot.sim.view import CameraView, CastView, PopupView, UnitView, WorldView

COMBINATIONS = [
    ("vanilla", (1024, 768), None, 1.0),
    ("vanilla", (1280, 1024), None, 1.0),
    ("vanilla", (1600, 900), None, 1.3),
    ("vanilla", (1920, 1080), 0.9115, 0.8),
    ("tbc", (1280, 800), None, 1.0),
    ("tbc", (1680, 1050), None, 0.8),
    ("tbc", (1366, 768), None, 1.2),
    ("wotlk", (1280, 720), None, 1.0),
    ("wotlk", (1920, 1080), None, 1.0),
    ("wotlk", (1920, 1200), None, 1.3),
    ("wotlk", (2560, 1440), None, 0.8),
    ("wotlk", (3840, 2160), None, 1.0),
    ("classic_era", (1280, 1024), None, 1.2),
    ("classic_era", (1920, 1080), 0.9115, 1.0),
    ("classic_era", (2560, 1080), None, 0.9),
    ("classic_era", (3840, 2160), 1.8, 1.1),
    ("retail", (1280, 720), None, 1.0),
    ("retail", (1920, 1080), None, 1.2),
    ("retail", (2560, 1440), None, 0.8),
    ("retail", (3840, 2160), None, 1.0),
]
"""era, size, UI scale (None = the client's default), gamma: 20 of them."""


def unit(rng: random.Random, power: str = "", **facts: object) -> UnitView:
    """A living unit with random bars."""
    full = rng.choice([100.0, 540.0, 2300.0])
    top = 100.0 if power in ("rage", "energy") else 1200.0
    made = UnitView(
        "Gorn", "wolf", rng.randint(5, 60), rng.uniform(0.05, 1.0) * full, full, power_type=power,
        power=rng.uniform(0.06, 1.0) * top if power else 0.0, power_max=top,
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def view(rng: random.Random) -> WorldView:
    """A moment of a fight."""
    casting = CastView("frostbolt", "Frostbolt", rng.uniform(5.0, 95.0), rng.choice(["casting", "channel"]))  # type: ignore[arg-type]
    player = unit(rng, rng.choice(["mana", "rage", "energy"]), in_combat=rng.random() < 0.5)
    player = replace(player, cast=casting if rng.random() < 0.6 else None)
    target = unit(rng, rng.choice(["", "mana"]), reaction=rng.choice([2, 4, 5])) if rng.random() < 0.7 else None
    popup = PopupView("release", "You have died.", ("Release Spirit",)) if rng.random() < 0.3 else None
    camera = CameraView(rng.uniform(-200, 200), rng.uniform(-200, 200), rng.uniform(0, 6.28))
    party = tuple(unit(rng, "mana") for _ in range(rng.randint(0, 2)))
    return WorldView(
        1.0, player, camera, target=target, party=party, popup=popup, time_of_day_h=rng.uniform(6, 20),
        combo_points=rng.choice([0, 2, 5]) if target is not None and player.power_type == "energy" else 0,
    )  # fmt: skip


def fills(shown: WorldView) -> dict[str, float]:
    """term -> percent of every bar that a view shows."""
    found: dict[str, float] = {}
    units = {"": shown.player, "target.": shown.target}
    units |= {f"party{n}.": member for n, member in enumerate(shown.party, 1)}
    for prefix, one in units.items():
        if one is not None:
            found[f"{prefix}health.pct"] = one.health_pct
            if one.power_type:
                found[f"{prefix}{one.power_type}.pct"] = one.power_pct
    if shown.player.cast is not None:
        found["cast.pct"] = shown.player.cast.pct
    return found


def flags(shown: WorldView) -> dict[str, Value]:
    """term -> value of what is either so or not."""
    known: dict[str, Value] = {
        "target.exists": float(shown.target is not None),
        "cast.active": float(shown.player.cast is not None),
        "in_combat": float(shown.player.in_combat),
        "popup.open": float(shown.popup is not None),
        "combo_points": float(shown.combo_points),
        "power.type": shown.player.power_type,
        "chat.open": 0.0,
        "loot.open": 0.0,
        "dead": 0.0,
        "ghost": 0.0,
    }
    if shown.target is not None:
        known["target.reaction"] = float(shown.target.reaction)
    return known


def bar_width(layout: Layout, term: str) -> int:
    """Width in pixels of the bar that a fill is read from."""
    parts = term.split(".")
    unit_name = parts[0] if len(parts) == 3 else "player"
    field = parts[-2] if parts[-2] in ("health", "cast") else "power"
    return layout.regions[f"{unit_name}.{field}"].rect.width
