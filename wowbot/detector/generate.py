"""Composes labelled pictures: scenery, figures with plates over them, marks, bobbers, a HUD on top, then bad weather."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.detector.classes import Box
from wowbot.detector.figures import FIGURES
from wowbot.detector.plates import draw_plate
from wowbot.detector.scenery import scenery, weather
from wowbot.detector.sprites import Sprite, lay

Rng = np.random.Generator
COUNTS = {"enemy": 3, "player": 1, "corpse": 1, "resource_node": 1, "quest_mark": 1, "bobber": 1}
"""Most of each figure in one picture, drawn uniformly from 0."""
MIN_VISIBLE = 0.35


class Sample(NamedTuple):
    """One labelled picture."""

    image: Image
    boxes: tuple[Box, ...]


def compose(rng: Rng, size: int = 640, backgrounds: Sequence[Image] = (), sprites: Sequence[Sprite] = ()) -> Sample:
    """One labelled picture.

    Args:
        size: side in px.
        backgrounds: pictures without objects of CLASSES (the user's own recordings); by chance one of them is used.
        sprites: cut-out figures, laid beside the drawn ones.
    """
    if backgrounds and rng.random() < 0.5:
        image = crop(rng, backgrounds[int(rng.integers(len(backgrounds)))], size)
    else:
        image = scenery(rng, size)
    boxes: list[Box] = []
    depth = float(rng.uniform(0.5, 1.6))
    for kind, most in COUNTS.items():
        for _ in range(int(rng.integers(0, most + 1))):
            _place(rng, image, boxes, kind, depth)
    for _ in range(int(rng.integers(0, 5)) if sprites else 0):
        sprite = sprites[int(rng.integers(len(sprites)))]
        height = round(sprite.image.shape[0] * depth * rng.uniform(0.7, 1.4))
        _add(
            boxes,
            lay(rng, image, sprite, (int(rng.uniform(-0.05, 0.95) * size), int(rng.uniform(0, 0.9) * size)), height),
        )
    for _ in range(int(rng.integers(0, 4))):
        _lone_plate(rng, image, boxes)
    if rng.random() < 0.5:
        _hud(rng, image, boxes)
    return Sample(weather(rng, image), tuple(_clipped(b, size) for b in boxes if _clipped(b, size).area > 8))


def crop(rng: Rng, picture: Image, size: int) -> Image:
    """A random square of the picture, scaled to `size` px."""
    side = int(min(picture.shape[:2]) * rng.uniform(0.5, 1.0))
    y = int(rng.integers(0, picture.shape[0] - side + 1))
    x = int(rng.integers(0, picture.shape[1] - side + 1))
    part = cv2.resize(picture[y : y + side, x : x + side], (size, size), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(part[:, ::-1] if rng.random() < 0.5 else part)


def _place(rng: Rng, image: Image, boxes: list[Box], kind: str, depth: float) -> None:
    size = image.shape[0]
    low, high = {"enemy": (36, 190), "player": (60, 190), "corpse": (40, 130)}.get(kind, (14, 70))
    extent = int(rng.uniform(low, high) * depth)
    at = (int(rng.uniform(-0.1, 0.95) * size), int(rng.uniform(0.05, 0.95) * size))
    box = FIGURES[kind](rng, image, at, max(10, extent))
    _add(boxes, box)
    if box is not None and kind in ("enemy", "player") and rng.random() < 0.6:
        width = int(rng.uniform(48, 170))
        plate = draw_plate(rng, image, int((box.x0 + box.x1 - width) / 2), int(box.y0 - rng.uniform(6, 40)), width)
        boxes.append(plate)


def _lone_plate(rng: Rng, image: Image, boxes: list[Box]) -> None:
    size = image.shape[0]
    width = int(rng.uniform(40, 240))
    plate = draw_plate(rng, image, int(rng.uniform(-0.1, 0.95) * size), int(rng.uniform(0.02, 0.97) * size), width)
    _add(boxes, plate)


def _add(boxes: list[Box], box: Box | None) -> None:
    if box is not None:
        _cover(boxes, box)
        boxes.append(box)


def _hud(rng: Rng, image: Image, boxes: list[Box]) -> None:
    """Unlabelled HUD-like clutter along the edges: bars and buttons that are no nameplates."""
    size = image.shape[0]
    for _ in range(int(rng.integers(1, 5))):
        w, h = int(rng.uniform(0.1, 0.5) * size), int(rng.uniform(0.02, 0.09) * size)
        x = int(rng.uniform(0, size - w))
        y = int(rng.choice([rng.uniform(0, 0.08), rng.uniform(0.86, 0.97)]) * size)
        for i in range(0, w - h, h + 3):
            cv2.rectangle(image, (x + i, y), (x + i + h, y + h), rng.uniform(0, 255, 3).tolist(), -1)
            cv2.rectangle(image, (x + i, y), (x + i + h, y + h), (20, 20, 20), 2)
        _cover(boxes, Box(0, x, y, x + w, y + h))


def _cover(boxes: list[Box], above: Box) -> None:
    """Drop what is now mostly hidden by `above`."""
    boxes[:] = [b for b in boxes if b.area and 1.0 - _overlap(b, above) / b.area > MIN_VISIBLE]


def _overlap(a: Box, b: Box) -> float:
    w, h = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return max(0.0, w) * max(0.0, h)


def _clipped(box: Box, size: int) -> Box:
    return box._replace(x0=max(0, box.x0), y0=max(0, box.y0), x1=min(size, box.x1), y1=min(size, box.y1))
