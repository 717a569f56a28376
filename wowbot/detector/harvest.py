"""Labels that recordings give by themselves.

nameplate   the colour-rule reader finds plates by hue and bar shape; only sure ones become labels
target      the unit whose plate, alone of all, shows the health of the target frame stands under that plate: its body is
            cut out of the world there, and labelled enemy where it is not friendly
A frame without any sure label is kept as a background at most. Everything here is weak supervision: look at it with
`wowbot dataset view` before training on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from wowbot.core.detection import CLASSES
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout, Rect
from wowbot.core.reading import Reading
from wowbot.detector.classes import Box
from wowbot.detector.dataset import write_example
from wowbot.perception.pipeline import HudPerception

SURE = 0.75
ALIKE_PCT = 4.0
"""The target's plate and its frame show one health; between two frames of a fight they differ by little."""
PLATE_OF = {2.0: "nameplate_hostile", 4.0: "nameplate_neutral", 5.0: "nameplate_friendly"}


@dataclass(frozen=True, slots=True)
class Harvest:
    """What to take from a recording.

    Args:
        source: its name, which stands in each file's name.
        out: the set's folder. split: where its pictures go.
        every_s: least time between two kept frames, s.
    """

    source: str
    out: Path
    split: str = "train"
    every_s: float = 1.0


@dataclass(slots=True)
class Yield:
    """What came of it."""

    frames: int = 0
    kept: int = 0
    plates: int = 0
    bodies: int = 0


def harvest(frames: Iterable[Frame], layout: Layout, what: Harvest) -> Yield:
    """Write a labelled picture for each frame that labels itself.

    Raises:
        DetectorError: the set's folder cannot be written.
    """
    perception, got, due_ns = HudPerception(layout), Yield(), 0
    for frame in frames:
        got.frames += 1
        if frame.image is None or frame.size_wh != layout.size_wh or (got.kept and frame.t_ns < due_ns):
            continue
        boxes = label_frame(frame.image, perception.observe_still(frame, text=False).readings)
        if not boxes:
            continue
        due_ns = frame.t_ns + int(what.every_s * 1e9)
        write_example(what.out, what.split, f"{what.source}__{frame.index:06d}", frame.image, boxes)
        got.kept += 1
        got.bodies += sum(CLASSES[b.label] == "enemy" for b in boxes)
        got.plates += sum(CLASSES[b.label] != "enemy" for b in boxes)
    return got


def label_frame(image: Image, readings: Mapping[str, Reading]) -> list[Box]:
    """The labels a frame gives by itself: its sure plates, and the target's body."""
    plates = sure_plates(readings)
    boxes = [Box(CLASSES.index(PLATE_OF[reaction]), r.left, r.top, r.right, r.bottom) for r, reaction, _ in plates]
    target = target_plate(plates, readings)
    body = None if target is None else body_under(image, target)
    return boxes if body is None else [*boxes, body]


def sure_plates(readings: Mapping[str, Reading]) -> list[tuple[Rect, float, float]]:
    """Box, reaction and health of each plate that is sure."""
    plates, n = [], 1
    while (x := readings.get(f"nameplate.{n}.x")) is not None:
        row = [readings[f"nameplate.{n}.{leaf}"] for leaf in ("x", "y", "w", "h", "reaction", "health.pct")]
        values = [r.value for r in row if isinstance(r.value, float)]
        if len(values) == 6 and x.confidence >= SURE and values[4] in PLATE_OF:
            plates.append((Rect(*(round(v) for v in values[:4])), values[4], values[5]))
        n += 1
    return plates


def target_plate(plates: list[tuple[Rect, float, float]], readings: Mapping[str, Reading]) -> Rect | None:
    """The plate of a living hostile target; None unless it is certain which one that is."""
    exists, dead, reaction, health = (
        _number(readings, f"target.{leaf}") for leaf in ("exists", "dead", "reaction", "health.pct")
    )
    if not exists or dead or reaction is None or reaction > 4 or health is None:
        return None
    alike = [rect for rect, kind, pct in plates if kind <= 4 and abs(pct - health) <= ALIKE_PCT]
    return alike[0] if len(alike) == 1 and health > 0 else None


def body_under(image: Image, plate: Rect) -> Box | None:
    """The figure that stands under a plate, cut from the ground by colour (GrabCut); None where no clear one is.

    The seed is a box one plate wide and one and a half high: a unit's plate floats just over its head.
    """
    left, top = plate.left - plate.width // 4, plate.bottom
    window = Rect(left, top, round(1.5 * plate.width), round(1.9 * plate.width))
    if not window.inside((image.shape[1], image.shape[0])):
        return None
    part = np.ascontiguousarray(window.crop(image))
    mask = np.full(part.shape[:2], cv2.GC_BGD, np.uint8)
    inner = (
        slice(round(0.05 * plate.width), round(1.6 * plate.width)),
        slice(plate.width // 5, round(1.3 * plate.width)),
    )
    mask[inner] = cv2.GC_PR_FGD
    core = (
        slice(round(0.4 * plate.width), round(0.9 * plate.width)),
        slice(round(0.65 * plate.width), round(0.85 * plate.width)),
    )
    mask[core] = cv2.GC_FGD
    try:
        cv2.grabCut(part, mask, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        return None  # a window of one colour has nothing to tell apart
    figure = np.asarray((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), np.uint8)
    figure = np.asarray(cv2.morphologyEx(figure, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    return _largest(figure, window)


def _largest(figure: Image, window: Rect) -> Box | None:
    count, _, stats, _ = cv2.connectedComponentsWithStats(figure, connectivity=8)
    if count < 2:
        return None
    best = stats[1 + int(np.argmax(stats[1:count, cv2.CC_STAT_AREA]))]
    x, y, w, h, area = (int(v) for v in best[:5])
    share = w * h / (window.width * window.height)
    if not 0.05 < share < 0.7 or area < 0.3 * w * h:
        return None
    return Box(CLASSES.index("enemy"), window.left + x, window.top + y, window.left + x + w, window.top + y + h)


def _number(readings: Mapping[str, Reading], term: str) -> float | None:
    reading = readings.get(term)
    return reading.value if reading is not None and isinstance(reading.value, float) else None
