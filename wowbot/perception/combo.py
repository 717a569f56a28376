"""Combo points: how many of the places are lit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.reader import Context, Hints, TextSpot

LIT = 0.4
"""Share of a place's middle that is strong red when its point is there (about 1 lit, 0 unlit)."""


@dataclass(frozen=True, slots=True)
class ComboOptions:
    """Options of a `combo` region.

    Args:
        style: "classic" (red dots on the target's portrait) or "retail" (sockets under the player's bars).
        boxes: the places in order, [x, y, w, h] in frame pixels.
    """

    style: str = "classic"
    boxes: tuple[tuple[int, ...], ...] = ()


class ComboReader:
    """Counts lit combo points."""

    period: ClassVar[int] = 1
    watches: tuple[Rect, ...] = ()

    def __init__(self, name: str, region: Region, context: Context) -> None:
        options = bind(ComboOptions, region.options, f"region {name!r}")
        self._on_target = options.style == "classic"
        width, height = context.layout.size_wh
        points = [_middle(box) for box in options.boxes if len(box) == 4]
        self._places = len(points)
        self._ys = np.clip(np.concatenate([p[0] for p in points]), 0, height - 1) if points else np.zeros(0, np.intp)
        self._xs = np.clip(np.concatenate([p[1] for p in points]), 0, width - 1) if points else np.zeros(0, np.intp)
        self.provides: tuple[str, ...] = ("combo_points",)
        self.spots: tuple[TextSpot, ...] = ()

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        target = out.get("target.exists")
        if self._on_target and target is not None and target.value == 0.0:
            out["combo_points"] = Reading(0.0, target.confidence)
            return
        parts = image[self._ys, self._xs].astype(np.int16).reshape(self._places, -1, 3)
        blue, green, red = parts[..., 0], parts[..., 1], parts[..., 2]
        shares = ((red > 90) & (red > 1.8 * np.maximum(blue, green))).sum(1) / red.shape[1]
        lit = shares > LIT
        count = int(lit.sum())
        ordered = bool(lit[:count].all())
        out["combo_points"] = Reading(float(count), 0.9 if ordered else 0.4, "" if ordered else "the points have gaps")


def _middle(box: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """A 5 x 5 grid over the middle third of a place."""
    x, y, w, h = box
    ys = np.linspace(y + 0.34 * h, y + 0.66 * h, 5).round().astype(np.intp)
    xs = np.linspace(x + 0.34 * w, x + 0.66 * w, 5).round().astype(np.intp)
    return np.repeat(ys, 5), np.tile(xs, 5)
