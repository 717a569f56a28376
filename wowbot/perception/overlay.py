"""A picture of what was read: each region's box, and its values beside it."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect
from wowbot.core.reading import Reading

SURE, UNSURE, BLIND = (80, 255, 80), (0, 200, 255), (90, 90, 255)
"""BGR: confidence at least 0.7; below; unknown."""
OWN_TERMS = {
    "player.health": ("health.pct",),
    "player.power": ("power.type", "mana.pct", "rage.pct", "energy.pct", "focus.pct", "runic_power.pct"),
    "player.cast": ("cast.pct", "cast.name"),
    "player.frame": ("in_combat", "resting"),
    "player.name": ("name",),
    "player.level": ("level",),
    "minimap.zone": ("zone",),
    "combo_points": ("combo_points",),
    "popup": ("popup.open",),
    "loot": ("loot.open",),
    "errors": ("error.text",),
    "chat.edit": ("chat.open",),
}
"""Region -> the player's own terms read there; other units' regions are named like their terms."""


def overlay(image: Image, layout: Layout, readings: Mapping[str, Reading]) -> Image:
    """The frame, dimmed a little, with boxes and values.

    Args:
        image: the BGR frame that was read.

    Returns:
        A new BGR picture of the same size.
    """
    picture = np.asarray(np.ascontiguousarray(image) * 0.7, np.uint8)
    size = max(0.35, image.shape[0] / 2600)
    for name, region in layout.regions.items():
        terms = _terms(name, readings)
        if region.rect.width * region.rect.height > 0.5 * image.shape[0] * image.shape[1]:
            continue
        colour = _colour([readings[term] for term in terms])
        _box(picture, region.rect, colour)
        text = ", ".join(_short(readings[term]) for term in terms if readings[term].value is not None)
        if text:
            place = (region.rect.right + 3, region.rect.top + round(22 * size))
            cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)
    _plates(picture, readings, size)
    return picture


def _terms(name: str, readings: Mapping[str, Reading]) -> list[str]:
    if name in OWN_TERMS:
        return [term for term in OWN_TERMS[name] if term in readings]
    unit, _, field = name.partition(".")
    starts = {"health": ("health.pct",), "power": ("power.type", "mana.pct", "rage.pct", "energy.pct", "focus.pct")}
    fields = {**starts, "frame": ("exists", "reaction", "classification"), "cast": ("cast.pct", "cast.name")}
    return [term for leaf in fields.get(field, (field,)) if (term := f"{unit}.{leaf}") in readings]


def _plates(picture: Image, readings: Mapping[str, Reading], size: float) -> None:
    n = 1
    while (x := readings.get(f"nameplate.{n}.x")) is not None and isinstance(x.value, float):
        values = [readings[f"nameplate.{n}.{axis}"].value for axis in ("x", "y", "w", "h")]
        rect = Rect(*(round(v) for v in values if isinstance(v, float)))
        health = readings.get(f"nameplate.{n}.health.pct")
        _box(picture, rect, SURE)
        if health is not None:
            cv2.putText(picture, _short(health), (rect.right + 2, rect.bottom), cv2.FONT_HERSHEY_SIMPLEX, size, SURE, 1)
        n += 1


def _colour(seen: list[Reading]) -> tuple[int, int, int]:
    known = [r.confidence for r in seen if r.value is not None]
    if not known:
        return BLIND
    return SURE if min(known) >= 0.7 else UNSURE


def _short(reading: Reading) -> str:
    return f"{reading.value:.1f}" if isinstance(reading.value, float) else str(reading.value)


def _box(picture: Image, rect: Rect, colour: tuple[int, int, int]) -> None:
    cv2.rectangle(picture, (rect.left - 1, rect.top - 1), (rect.right, rect.bottom), colour, 1)
