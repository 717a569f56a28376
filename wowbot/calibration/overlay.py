"""A picture of a calibration that a person can judge at a glance."""

from __future__ import annotations

import cv2
import numpy as np

from wowbot.calibration.report import Calibration, ElementResult, Status
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.perception.overlay import write_text

Bgr = tuple[int, int, int]
WHITE: Bgr = (255, 255, 255)
COLOURS: dict[Status, Bgr] = {
    "found": (80, 255, 80),
    "moved": (0, 200, 255),
    "expected": (255, 200, 80),
    "missing": (60, 60, 255),
}
"""BGR: green found, amber moved, blue expected, red missing."""
QUIET = ("nameplates",)
"""Regions that cover the whole view and would hide the rest."""
DIM = 0.55


def overlay(image: Image, calibration: Calibration) -> Image:
    """The frame, dimmed, with every region outlined in the colour of its fate, or the refusal written across it.

    Args:
        image: the BGR frame that was calibrated.
        calibration: its answer.

    Returns:
        A new BGR picture of the same size.
    """
    picture = np.asarray(np.ascontiguousarray(image) * DIM, np.uint8)
    size = max(0.4, image.shape[0] / 1800)
    if calibration.refused is not None:
        refused = calibration.refused
        said = (f"refused: {refused.cause}", refused.evidence, refused.advice)
        _lines(picture, [(text, COLOURS["missing"]) for text in said], size * 1.2)
        return picture
    layout = calibration.layout
    if layout is None:
        return picture
    for element in calibration.elements:
        region = layout.regions.get(element.name)
        if region is not None and element.name not in QUIET:
            _element(picture, image, element, region, size)
    _lines(picture, _legend(calibration), size)
    return picture


def _element(picture: Image, image: Image, element: ElementResult, region: Region, size: float) -> None:
    colour = COLOURS[element.status]
    if element.status in ("found", "moved"):
        part = element.rect.crop(image) if element.rect else image[:0]
        if element.rect is not None and part.size and element.rect.inside((image.shape[1], image.shape[0])):
            rect = element.rect
            picture[rect.top : rect.bottom, rect.left : rect.right] = part
    for box in region.options.get("boxes", []):
        _box(picture, Rect(*box), colour)
    _box(picture, region.rect, colour)
    short = element.name.removeprefix("actionbar.")
    at = region.rect.left + 2, max(10, region.rect.top - 3)
    cv2.putText(picture, short, at, cv2.FONT_HERSHEY_SIMPLEX, size * 0.6, colour, 1, cv2.LINE_AA)


def _box(picture: Image, rect: Rect, colour: tuple[int, int, int]) -> None:
    cv2.rectangle(picture, (rect.left, rect.top), (rect.right - 1, rect.bottom - 1), colour, 1)


def _legend(calibration: Calibration) -> list[tuple[str, Bgr]]:
    """What was found, each count in the colour of its boxes."""
    layout = calibration.layout
    if layout is None:
        return []
    counts = {status: sum(e.status == status for e in calibration.elements) for status in COLOURS}
    head = f"{layout.era}  k = {layout.ui_scale:.4f} px/unit  score {layout.score:.2f}"
    missing = [e.name for e in calibration.elements if e.status == "missing"]
    lines = [(head, WHITE), *((f"{n} {status}", COLOURS[status]) for status, n in counts.items())]
    return [*lines, (f"missing: {', '.join(missing[:6])}", COLOURS["missing"])] if missing else lines


def _lines(picture: Image, lines: list[tuple[str, Bgr]], size: float) -> None:
    step = round(30 * size) + 6
    top = picture.shape[0] // 3
    for n, (text, colour) in enumerate(lines):
        at = (round(picture.shape[1] * 0.32), top + n * step)
        write_text(picture, text, at, size, colour)
