"""Composes labelled pictures: a background, figures with plates over them, marks, bobbers, a HUD on top, then bad weather.

What is labelled is what can be seen. `Stage` keeps, pixel by pixel, which object was painted last, so that an object that
others hide, or that hardly differs from the ground behind it, carries no label (VISIBLE, LEAST_CHANGE, LEAST_SIDE).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.detector.classes import CLASSES, Box
from wowbot.detector.clutter import floating_text, hud
from wowbot.detector.figures import FIGURES
from wowbot.detector.plates import draw_plate
from wowbot.detector.scenery import scenery, weather
from wowbot.detector.sprites import Sprite, lay
from wowbot.perception.channels import greatest

Rng = np.random.Generator
COUNTS = {"enemy": 3, "player": 2, "corpse": 2, "resource_node": 2, "quest_mark": 2, "bobber": 1}
"""Most of each figure in one picture, drawn uniformly from 0."""
EXTENTS = {"enemy": (44, 170), "player": (60, 170), "corpse": (56, 130)}
"""Height of a figure, px of a square of 640; what stands on its own (marks, nodes, bobbers) is OTHER."""
OTHER = (22, 72)
VISIBLE = 0.5
"""Least share of an object's own pixels that nothing hides."""
LEAST_CHANGE = 18.0
"""Least mean difference between an object and the ground behind it, grey levels of the channel that differs most."""
LEAST_SIDE = 1 / 128
"""Least width and height of a label, share of the picture's side: 2.5 px of 320."""
TILE_LINES = 640 / 1080
"""Side of the square a detector is shown at once, share of the frame's height (`Card.tile_px` of a 1080-line frame)."""


class Background(NamedTuple):
    """A picture to compose on, and the labels of what is in it already."""

    image: Image
    boxes: tuple[Box, ...] = ()


class Sample(NamedTuple):
    """One labelled picture."""

    image: Image
    boxes: tuple[Box, ...]


class Stage:
    """A picture that remembers what was painted where. Args: image: BGR uint8, square, is painted on."""

    def __init__(self, image: Image, boxes: Sequence[Box] = ()) -> None:
        self.image = image
        self._owner: NDArray[np.int32] = np.zeros(image.shape[:2], np.int32)
        self._objects: list[tuple[Box, int]] = []
        for box in boxes:
            self._own(box, np.ones(_inside(box, image.shape[0])[2:], np.bool_))

    @property
    def size(self) -> int:
        return int(self.image.shape[0])

    def add(self, paint: Callable[[Image], Box | None]) -> Box | None:
        """Paint an object; its box where it can be told from what is behind it."""
        before = self.image.copy()
        box = paint(self.image)
        change = greatest(np.asarray(cv2.absdiff(self.image, before), np.uint8))
        if box is None:
            self._owner[change > 6] = 0
            return None
        x, y, h, w = _inside(box, self.size)
        own = change[y : y + h, x : x + w] > 6
        seen = bool(own.sum() > 12) and float(change[y : y + h, x : x + w][own].mean()) >= LEAST_CHANGE
        self._owner[change > 6] = 0
        if seen:
            self._own(box, own)
        return box

    def _own(self, box: Box, own: NDArray[np.bool_]) -> None:
        x, y, h, w = _inside(box, self.size)
        self._objects.append((box, int(own.sum())))
        self._owner[y : y + h, x : x + w][own] = len(self._objects)

    def labels(self) -> tuple[Box, ...]:
        """The boxes of what is still visible, cut at the picture's edges."""
        left = np.bincount(self._owner.ravel(), minlength=len(self._objects) + 1)
        least = LEAST_SIDE * self.size
        told = []
        for number, (box, total) in enumerate(self._objects, 1):
            _, _, h, w = _inside(box, self.size)
            if min(w, h) >= least and left[number] >= VISIBLE * total:
                told.append(Box(box.label, max(0.0, box.x0), max(0.0, box.y0),
                                min(self.size, box.x1), min(self.size, box.y1)))  # fmt: skip
        return tuple(told)


def compose(
    rng: Rng, size: int = 640, backgrounds: Sequence[Background] = (), sprites: Sequence[Sprite] = ()
) -> Sample:
    """One labelled picture.

    Args:
        size: side of a picture with drawn scenery, px; on a background it is that of the square a detector would see.
        backgrounds: pictures to compose on (the user's own recordings); by chance one of them is used.
        sprites: cut-out figures, laid beside the drawn ones; on backgrounds in their own size.
    """
    native = bool(backgrounds) and rng.random() < 0.5
    if native:
        stage = crop(rng, backgrounds[int(rng.integers(len(backgrounds)))])
    else:
        stage = Stage(scenery(rng, size))
    if sprites and (native or rng.random() < 0.4):
        _cut_outs(rng, stage, sprites, native)
    if not native or rng.random() < 0.4:
        _figures(rng, stage)
        for _ in range(int(rng.integers(0, 5))):
            _lone_plate(rng, stage)
    if rng.random() < 0.3:
        stage.add(lambda image: floating_text(rng, image))
    if rng.random() < (0.15 if native else 0.55):
        stage.add(lambda image: hud(rng, image))
    image = stage.image if native and rng.random() < 0.5 else weather(rng, stage.image)  # a frame has its own light
    return Sample(image, stage.labels())


def crop(rng: Rng, background: Background) -> Stage:
    """A random square of a background, as large as the tiles that a detector is shown of such a frame."""
    image, boxes = background
    side = round(max(540, image.shape[0]) * TILE_LINES * rng.uniform(0.85, 1.15))
    side = min(side, *image.shape[:2])
    y = int(rng.integers(0, image.shape[0] - side + 1))
    x = int(rng.integers(0, image.shape[1] - side + 1))
    part = image[y : y + side, x : x + side].copy()
    inside = [Box(b.label, b.x0 - x, b.y0 - y, b.x1 - x, b.y1 - y) for b in boxes]
    shown = [b for b in inside if _shown(b, side) >= VISIBLE * b.area]
    if rng.random() < 0.5:
        part = np.ascontiguousarray(part[:, ::-1])
        shown = [b._replace(x0=side - b.x1, x1=side - b.x0) for b in shown]
    return Stage(part, shown)


def _cut_outs(rng: Rng, stage: Stage, sprites: Sequence[Sprite], native: bool) -> None:
    """Cut-outs, alone and in groups that half hide each other."""
    last: Box | None = None
    depth = rng.uniform(0.94, 1.06) if native else rng.uniform(0.7, 2.2)
    for _ in range(int(rng.integers(0, 7))):
        sprite = sprites[int(rng.integers(len(sprites)))]
        height = max(12, round(sprite.image.shape[0] * depth))
        if last is not None and rng.random() < 0.4:
            x, y = last.x0 + rng.normal(0, 60), last.y0 + rng.normal(0, 40)
        else:
            x, y = rng.uniform(-0.05, 0.95, 2) * stage.size
        at = (int(x), int(y))
        last = stage.add(lambda image, s=sprite, a=at, h=height: lay(rng, image, s, a, h)) or last  # type: ignore[misc]


def _figures(rng: Rng, stage: Stage) -> None:
    depth = float(rng.uniform(0.6, 1.5)) * stage.size / 640
    for kind, most in COUNTS.items():
        low, high = EXTENTS.get(kind, OTHER)
        for _ in range(int(rng.integers(0, most + 1))):
            extent = max(12, int(rng.uniform(low, high) * depth))
            x, y = rng.uniform(0.02, 0.98, 2) * stage.size
            at = (int(x - 0.3 * extent), int(y - 0.5 * extent))
            box = stage.add(lambda image, k=kind, a=at, e=extent: FIGURES[k](rng, image, a, e))  # type: ignore[misc]
            if box is not None and kind in ("enemy", "player") and rng.random() < 0.6:
                _plate_over(rng, stage, box)


def _plate_over(rng: Rng, stage: Stage, box: Box) -> None:
    width = int(rng.uniform(56, 170) * stage.size / 640)
    x, y = int((box.x0 + box.x1 - width) / 2), int(box.y0 - rng.uniform(6, 40))
    if y >= 0:
        stage.add(lambda image: draw_plate(rng, image, x, y, width))


def _lone_plate(rng: Rng, stage: Stage) -> None:
    width = int(rng.uniform(52, 240) * stage.size / 640)
    x, y = int(rng.uniform(0.0, 1.0) * stage.size - width / 2), int(rng.uniform(0.02, 0.97) * stage.size)
    stage.add(lambda image: draw_plate(rng, image, x, y, width))


def _inside(box: Box, size: int) -> tuple[int, int, int, int]:
    """Left, top, height and width of what of a box lies in the picture, px."""
    x, y = max(0, int(box.x0)), max(0, int(box.y0))
    return x, y, max(0, min(size, round(box.y1)) - y), max(0, min(size, round(box.x1)) - x)


def _shown(box: Box, size: int) -> float:
    _, _, h, w = _inside(box, size)
    return float(h * w)


__all__ = ["CLASSES", "Background", "Sample", "Stage", "compose", "crop"]
