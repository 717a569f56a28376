"""Labelled screenshots as cases: what each label says of a reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wowbot.calibration.evaluate import eras_of
from wowbot.calibration.teach import Screen
from wowbot.core.frame import Image
from wowbot.core.layout import Era, Layout, Rect, Region

REACTIONS = {"hostile": 2.0, "neutral": 4.0, "friendly": 5.0}


@dataclass(frozen=True)
class Case:
    """One reading to score.

    Args:
        term: what is read, e.g. "health.pct".
        kind: "fill" (percent), "flag", "text", "number", or "none": nothing of it is on screen.
        truth: the label.
        slack: a fill's error that counts as right, pct (the label's own error and one pixel).
    """

    term: str
    kind: Literal["fill", "flag", "text", "number", "none"]
    truth: float | str
    slack: float = 0.0


def era_of(index_era: str) -> Era:
    """Our name of an index era; "other" where it is none of ours."""
    return next(iter(eras_of(index_era)), "retail" if index_era.startswith("retail") else "other")


def bars(label: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(unit, "health" | "power", its label) for every bar that has a box."""
    target, other = label.get("target") or {}, label.get("target_of_target") or {}
    rows = (
        ("player", "health", label.get("player_health")),
        ("player", "power", label.get("player_power")),
        ("target", "health", target.get("health")),
        ("target", "power", target.get("power")),
        ("targettarget", "health", other.get("health")),
    )
    for unit, resource, bar in rows:
        if bar and bar.get("bbox"):
            yield unit, resource, bar


def labelled_layout(screen: Screen, image: Image, scale: float = 1.0) -> Layout:
    """A layout of the labelled boxes alone, for reading without finding them first.

    Args:
        image: the (maybe scaled) picture to be read.
        scale: of its size beside the labelled one.
    """
    label, era = screen.label, era_of(str(screen.row["era"]))
    style = "retail" if str(screen.row["era"]).startswith("retail_1") else "classic"
    regions: dict[str, Region] = {}
    for unit, resource, bar in bars(label):
        options = {"unit": unit, "resource": resource, "style": style}
        regions[f"{unit}.{resource}"] = Region(_scaled(bar["bbox"], scale), "bar", options)
    for unit, key in (("player", "cast_bar"), ("target", "target_cast_bar")):
        cast = label.get(key)
        if cast and cast.get("bbox"):
            options = {"unit": unit, "style": "custom"}
            regions[f"{unit}.cast"] = Region(_scaled(cast["bbox"], scale), "cast", options)
    health = regions.get("player.health") or next(iter(regions.values()), None)
    unit_px = (health.rect.width / (119 if style == "classic" else 124)) if health else scale
    k = float(label.get("ui_scale") or 0.0) * scale or unit_px
    return Layout("labels", "labels", era, (image.shape[1], image.shape[0]), k, regions)


def fill_cases(screen: Screen) -> Iterator[Case]:
    """The fills a screen's label states."""
    for unit, resource, bar in bars(screen.label):
        prefix = "" if unit == "player" else f"{unit}."
        power = str(bar.get("type", "")).replace(" ", "_")
        term = f"{prefix}health.pct" if resource == "health" else f"{prefix}{power}.pct"
        if bar.get("fraction") is not None and (resource == "health" or (power and bar["fraction"] > 0)):
            slack = 100.0 * (float(bar.get("err") or 0.015) + 1.0 / bar["bbox"][2])
            yield Case(term, "fill", 100.0 * float(bar["fraction"]), slack)
    for prefix, key in (("", "cast_bar"), ("target.", "target_cast_bar")):
        cast = screen.label.get(key)
        if cast and cast.get("bbox") and cast.get("fraction") is not None:
            yield Case(f"{prefix}cast.pct", "fill", 100.0 * float(cast["fraction"]), 4.0)


def hud_cases(screen: Screen) -> Iterator[Case]:
    """What else a label says of a screen whose HUD has been found."""
    label, target = screen.label, screen.label.get("target") or {}
    if label.get("target_frame_present") is not None:
        yield Case("target.exists", "flag", float(label["target_frame_present"]))
    flags = {"in_combat": label.get("in_combat"), "resting": label.get("resting"), "target.dead": target.get("dead")}
    for term, value in flags.items():
        if value is not None:
            yield Case(term, "flag", float(value))
    if target.get("reaction") in REACTIONS:
        yield Case("target.reaction", "number", REACTIONS[target["reaction"]])
    numbers = {"level": label.get("player_level"), "target.level": target.get("level")}
    for term, value in numbers.items():
        if isinstance(value, int):
            yield Case(term, "number", float(value))
    texts = {"name": label.get("player_name"), "target.name": target.get("name"), "zone": label.get("minimap_zone")}
    for term, value in texts.items():
        if value:
            yield Case(term, "text", str(value))


def _scaled(box: list[float], scale: float) -> Rect:
    return Rect(*(round(v * scale) for v in box))
