"""Altered copies of a screenshot, and bars redrawn at a known fill: how a picture may differ from the one labelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Rect


class Alteration(NamedTuple):
    """One way a copy differs.

    Args:
        change: image -> image.
        scale: of its size beside the original's.
    """

    name: str
    change: Callable[[Image], Image]
    scale: float = 1.0


def _gamma(power: float) -> Alteration:
    table = np.rint(255.0 * (np.arange(256) / 255.0) ** power).astype(np.uint8)
    return Alteration(f"gamma {power:g}", lambda image: np.asarray(cv2.LUT(image, table), np.uint8))


def _brightness(factor: float) -> Alteration:
    name = f"brightness {round(100 * (factor - 1)):+d} %"
    return Alteration(name, lambda image: np.asarray(cv2.convertScaleAbs(image, alpha=factor), np.uint8))


def _jpeg(quality: int) -> Alteration:
    def change(image: Image) -> Image:
        coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)

    return Alteration(f"JPEG {quality}", change)


def _scaling(factor: float) -> Alteration:
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR

    def change(image: Image) -> Image:
        return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=method), np.uint8)

    return Alteration(f"scaling {factor:g}", change, factor)


ORIGINAL = Alteration("original", lambda image: image)
ALTERATIONS = (
    _gamma(0.8),
    _gamma(1.3),
    _brightness(0.85),
    _brightness(1.15),
    _jpeg(60),
    _jpeg(80),
    _jpeg(95),
    _scaling(0.75),
    _scaling(1.25),
    _scaling(1.5),
    Alteration("blur 0.8 px", lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), 0.8), np.uint8)),
)
FRACTIONS = (0.03, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 1.0)
"""Fills that bars are redrawn at."""
RING, CAP = 0.028, 0.006
"""Shares of a classic bar that art covers at the portrait's end and at the other: they are left as they are."""


def redraw(
    image: Image, rect: Rect, fraction: float, *, hidden: tuple[float, float], rng: np.random.Generator
) -> Image:
    """A copy of a frame whose full bar is cut to `fraction`.

    What was filled beyond the cut becomes what an empty bar shows: the scene at half brightness, or nearly black.

    Args:
        image: BGR frame that shows this bar full and without text.
        rect: its true 0..100 % range and visible rows.
        hidden: shares of its width that art covers at the left and right end; they stay as they are.
        rng: chooses the scenery behind.
    """
    copy = image.copy()
    x, y, w, h = rect
    bar = copy[y : y + h, x : x + w].astype(np.float32)
    filled = np.clip(fraction * w - np.arange(w), 0.0, 1.0)[None, :, None]
    new = bar * filled + _backing(image, rect, rng) * (1.0 - filled)
    left, right = hidden
    shown = slice(round(left * w), w - round(right * w))
    copy[y : y + h, x : x + w][:, shown] = np.rint(new[:, shown]).astype(np.uint8)
    return copy


def _backing(image: Image, rect: Rect, rng: np.random.Generator) -> np.ndarray:  # type: ignore[type-arg]
    """What shows through an empty bar: black at half opacity over a piece of the world, or an opaque dark."""
    height, width = image.shape[:2]
    if rng.random() < 0.3 or height < 400 or width < 600:
        return np.full((rect.height, rect.width, 3), rng.integers(5, 35), np.float32)
    top = int(rng.integers(height // 5, height // 2))
    left = int(rng.integers(0, width - rect.width))
    scene = image[top : top + rect.height, left : left + rect.width].astype(np.float32)
    return np.asarray(cv2.GaussianBlur(scene * 0.5, (0, 0), 2.0), np.float32)
