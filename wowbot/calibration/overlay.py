"""A picture of a calibration that a person can judge at a glance."""

from __future__ import annotations

import textwrap

import cv2
import numpy as np

from wowbot.calibration.report import Calibration, ElementResult, Status
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.perception.overlay import FONT, letter_size, line_px, write_text

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
PARTS = (".name", ".level", ".health", ".power", ".button1", ".button2", ".edit")
"""Ends of the names that are not written: their place in a frame says which they are."""
DIM, SMALL, TEXT_AT = 0.55, 0.7, 0.32
"""Share of its light the frame keeps; size of regions' names beside other text; where text begins, share of the width."""


def overlay(image: Image, calibration: Calibration) -> Image:
    """The frame, dimmed, with every region outlined in the colour of its fate, or the refusal written across it.

    Args:
        image: the BGR frame that was calibrated.
        calibration: its answer.

    Returns:
        A new BGR picture of the same size.
    """
    picture = np.asarray(np.ascontiguousarray(image) * DIM, np.uint8)
    if calibration.refused is not None:
        refused = calibration.refused
        said = (f"refused: {refused.cause}", refused.evidence, refused.advice)
        _lines(picture, [(line, COLOURS["missing"]) for text in said for line in _folded(text, picture)])
        return picture
    layout = calibration.layout
    if layout is None:
        return picture
    for element in calibration.elements:
        region = layout.regions.get(element.name)
        if region is not None and element.name not in QUIET:
            _element(picture, image, element, region)
    _lines(picture, _legend(calibration))
    return picture


def _element(picture: Image, image: Image, element: ElementResult, region: Region) -> None:
    colour = COLOURS[element.status]
    if element.status in ("found", "moved"):
        part = element.rect.crop(image) if element.rect else image[:0]
        if element.rect is not None and part.size and element.rect.inside((image.shape[1], image.shape[0])):
            rect = element.rect
            picture[rect.top : rect.bottom, rect.left : rect.right] = part
    for box in region.options.get("boxes", []):
        _box(picture, Rect(*box), colour)
    _box(picture, region.rect, colour)
    if not element.name.endswith(PARTS):
        short = element.name.removeprefix("actionbar.").removesuffix(".frame")
        size = SMALL * letter_size(picture)
        write_text(picture, short, (region.rect.left + 2, max(round(22 * size), region.rect.top - 3)), size, colour)


def _box(picture: Image, rect: Rect, colour: tuple[int, int, int]) -> None:
    cv2.rectangle(picture, (rect.left, rect.top), (rect.right - 1, rect.bottom - 1), colour, line_px(picture))


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


def _lines(picture: Image, lines: list[tuple[str, Bgr]]) -> None:
    size = letter_size(picture)
    left, top, step = round(picture.shape[1] * TEXT_AT), picture.shape[0] // 3, round(36 * size)
    width = max(cv2.getTextSize(text, FONT, size, 1)[0][0] for text, _ in lines)
    ground = picture[top - step : top + len(lines) * step - step // 2, left - step // 2 : left + width + step // 2]
    ground[:] = ground // 3
    for n, (text, colour) in enumerate(lines):
        write_text(picture, text, (left, top + n * step), size, colour)


def _folded(text: str, picture: Image) -> list[str]:
    """A text in lines that fit between its place and the picture's right edge."""
    letter = cv2.getTextSize("n" * 10, FONT, letter_size(picture), 1)[0][0] / 10
    return textwrap.wrap(text, max(12, int(picture.shape[1] * (0.98 - TEXT_AT) / letter)))
