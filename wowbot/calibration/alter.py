"""The one table of what displays, viewers and codecs do to a screenshot, and bars redrawn at a known fill.

Calibration and readers are measured under the same changes: gamma 0.8 to 1.3, brightness 15 % up and down, JPEG 60 to 95,
scaling 0.75 to 1.5, blur, and all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect

Change = Callable[[Image], Image]


def gamma(value: float) -> Change:
    """The client's gamma: v -> v ** (1 / value)."""
    table = np.rint(255.0 * (np.arange(256) / 255.0) ** (1.0 / value)).astype(np.uint8)
    return lambda image: np.asarray(cv2.LUT(image, table), np.uint8)


def brightness(factor: float) -> Change:
    """All channels times a factor."""
    return lambda image: np.asarray(np.clip(image.astype(np.float32) * factor, 0, 255), np.uint8)


def jpeg(quality: int) -> Change:
    """Through a JPEG file of this quality."""

    def change(image: Image) -> Image:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)

    return change


def scaled(factor: float) -> Change:
    """Resized as a viewer would."""
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return lambda image: np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=method), np.uint8)


def blurred(sigma_px: float) -> Change:
    """Gaussian blur."""
    return lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.uint8)


@dataclass(frozen=True, slots=True)
class Augmentation:
    """A named change; `scale` is its size factor, for the boxes."""

    name: str
    change: Change
    scale: float = 1.0


PLAIN = Augmentation("original", lambda image: image)


def _mixed(image: Image) -> Image:
    return jpeg(70)(scaled(0.9)(brightness(0.92)(gamma(1.15)(image))))


ALTERATIONS = (
    Augmentation("gamma 0.8", gamma(0.8)),
    Augmentation("gamma 1.3", gamma(1.3)),
    Augmentation("brightness -15 %", brightness(0.85)),
    Augmentation("brightness +15 %", brightness(1.15)),
    Augmentation("JPEG 60", jpeg(60)),
    Augmentation("JPEG 80", jpeg(80)),
    Augmentation("JPEG 95", jpeg(95)),
    Augmentation("scaling 0.75", scaled(0.75), 0.75),
    Augmentation("scaling 1.25", scaled(1.25), 1.25),
    Augmentation("scaling 1.5", scaled(1.5), 1.5),
    Augmentation("blur 0.8 px", blurred(0.8)),
    Augmentation("gamma 1.15, brightness -8 %, scaling 0.9, JPEG 70", _mixed, 0.9),
)
"""Every change on its own at both ends of its range, and one mixture."""


def turns(copies: Sequence[Augmentation], number: int, each: int) -> tuple[Augmentation, ...]:
    """`each` of the copies for the `number`-th picture, so that all come up in turn; 0 = all of them."""
    if not copies or not each:
        return tuple(copies)
    return tuple(copies[(number * each + n) % len(copies)] for n in range(min(each, len(copies))))


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


def _backing(image: Image, rect: Rect, rng: np.random.Generator) -> NDArray[np.float32]:
    """What shows through an empty bar: black at half opacity over a piece of the world, or an opaque dark."""
    height, width = image.shape[:2]
    if rng.random() < 0.3 or height < 400 or width < 600:
        return np.full((rect.height, rect.width, 3), rng.integers(5, 35), np.float32)
    top = int(rng.integers(height // 5, height // 2))
    left = int(rng.integers(0, width - rect.width))
    scene = image[top : top + rect.height, left : left + rect.width].astype(np.float32)
    return np.asarray(cv2.GaussianBlur(scene * 0.5, (0, 0), 2.0), np.float32)
