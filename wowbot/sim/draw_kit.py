"""What every part of the drawn HUD needs to know, and the small pictures several of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Era, Rect
from wowbot.hud.setup import HudSetup
from wowbot.hud.stock import elements, is_wide
from wowbot.hud.units import Box, Element, place
from wowbot.sim.draw_canvas import Bgr, Canvas, Sprite, distance, noise
from wowbot.sim.icons import icon
from wowbot.sim.view import WorldView

POWER_BGR: dict[str, Bgr] = {
    "mana": (255, 0, 0),
    "rage": (0, 0, 255),
    "energy": (0, 255, 255),
    "focus": (64, 128, 255),
    "runic_power": (255, 209, 0),
    "happiness": (255, 255, 0),
}
"""PowerBarColor of UnitFrame.lua, BGR."""
METAL = (118.0, 126.0, 128.0)
DARK_METAL = (62.0, 66.0, 68.0)


class Part(Protocol):
    """One part of the HUD: lays itself over the frame, keeping what it drew until the view's share of it changes."""

    def lay(self, out: Image, view: WorldView) -> None: ...


@dataclass(frozen=True)
class Kit:
    """Geometry of one HUD in pixels.

    Args:
        k: pixels per UI unit.
        elements, boxes: by region name; a box is not rounded.
    """

    era: Era
    size_wh: tuple[int, int]
    k: float
    seed: int
    setup: HudSetup
    elements: dict[str, Element] = field(init=False)
    boxes: dict[str, Box] = field(init=False)

    def __post_init__(self) -> None:
        parts = elements(self.era, self.setup, wide=is_wide(self.size_wh))
        object.__setattr__(self, "elements", {e.name: e for e in parts})
        object.__setattr__(self, "boxes", {e.name: place(e, self.size_wh, self.k) for e in parts})

    @property
    def retail(self) -> bool:
        return self.era == "retail"

    def px(self, *units: float) -> Box:
        """x, y, w, h in units from the top-left corner of the screen, in pixels."""
        x, y, w, h = units
        return x * self.k, y * self.k, w * self.k, h * self.k


def grown(box: Box, by: float) -> Box:
    """The box with `by` pixels more on every side."""
    x, y, w, h = box
    return x - by, y - by, w + 2 * by, h + 2 * by


def hull(*boxes: Box) -> Box:
    """The smallest box that holds them all."""
    x = min(b[0] for b in boxes)
    y = min(b[1] for b in boxes)
    return x, y, max(b[0] + b[2] for b in boxes) - x, max(b[1] + b[3] for b in boxes) - y


def middle(box: Box) -> tuple[float, float]:
    """Centre of a box."""
    return box[0] + box[2] / 2, box[1] + box[3] / 2


@lru_cache(maxsize=256)
def portrait(kind: str, px: int) -> Image:
    """A bust of a creature or character: a head with eyes over a dark ground, shaped and coloured by `kind`."""
    side = 96
    base = icon(f"portrait of {kind}", side).astype(np.float32)
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32) / (side - 1) * 2 - 1
    tone = base.reshape(-1, 3).mean(axis=0)
    skin = tone / max(1.0, float(tone.max())) * 190 + 30
    head = np.clip((0.6 - np.hypot(xs * 1.15, ys + 0.1)) * 14, 0, 1)
    shoulders = np.clip((0.75 - np.hypot(xs * 0.8, (ys - 1.05) * 1.1)) * 14, 0, 1)
    light = (0.75 - 0.35 * xs - 0.3 * ys + 0.25 * (noise((side, side), len(kind), 7) - 0.5)).astype(np.float32)
    picture = base * 0.35 + np.array([38, 22, 12], np.float32)
    picture = picture * (1 - shoulders[..., None]) + (skin * 0.55 * light[..., None]) * shoulders[..., None]
    picture = picture * (1 - head[..., None]) + (skin * light[..., None]) * head[..., None]
    for eye in (-0.2, 0.22):
        spot = np.clip((0.09 - np.hypot(xs - eye, (ys + 0.15) * 1.6)) * 30, 0, 1)[..., None]
        picture = picture * (1 - spot) + np.array([140, 235, 250], np.float32) * spot
    small = cv2.resize(np.clip(picture, 0, 255).astype(np.uint8), (px, px), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def bust(canvas: Canvas, box: Box, kind: str, tint: Bgr) -> None:
    """A round portrait inside `box`, multiplied by a tint of 0..1 BGR."""
    cx, cy = middle(box)
    r = box[2] / 2
    side = max(2, int(np.ceil(2 * r + 3)))
    image = portrait(kind, side).astype(np.float32) * np.asarray(tint, np.float32)
    left, top = int(np.floor(cx - r - 1)), int(np.floor(cy - r - 1))
    rect = Rect(left, top, side, side)
    canvas.layer(rect, image, np.clip(r - distance(rect, cx, cy) + 0.5, 0, 1))


def mix(full: Sprite, empty: Sprite, bars: Sequence[tuple[Box, float]]) -> Sprite:
    """A sprite whose bars are filled: columns of `full` where a bar is, of `empty` where it ends.

    Args:
        full, empty: the same part drawn with all bars full and with all bars empty.
        bars: each bar's box on the frame and its fill 0..1.
    """
    made = full.copy()
    for (x, y, w, h), fill in bars:
        rows = slice(max(0, round(y) - made.top), max(0, round(y + h) - made.top))
        columns = slice(max(0, round(x + w * min(1.0, max(0.0, fill))) - made.left), max(0, round(x + w) - made.left))
        made.color[rows, columns] = empty.color[rows, columns]
        if made.keep is not None and empty.keep is not None:
            made.keep[rows, columns] = empty.keep[rows, columns]
    return made
