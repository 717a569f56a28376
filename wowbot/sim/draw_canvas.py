"""Painting HUD parts once, off screen, and laying them over the world every frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.hud.units import Box, to_rect
from wowbot.sim.text import line

Bgr = Sequence[float]
Field = NDArray[np.float32]
BLACK = (0.0, 0.0, 0.0)
WHITE = (255.0, 255.0, 255.0)
GOLD = (0.0, 209.0, 255.0)
"""GameFontNormal's colour 1, .82, 0 as BGR."""


@dataclass(slots=True)
class Sprite:
    """A finished part: `out = out * keep / 255 + color` lays it over the frame; keep None = opaque.

    Args:
        left, top: frame pixels, maybe outside the frame.
        color: premultiplied BGR uint8 (h, w, 3).
        keep: share of the world that stays, uint8 (h, w, 3).
    """

    left: int
    top: int
    color: Image
    keep: Image | None

    def copy(self) -> Sprite:
        return Sprite(self.left, self.top, self.color.copy(), None if self.keep is None else self.keep.copy())

    def lay(self, out: Image) -> None:
        """Lay the sprite over the frame, clipped to it."""
        height, width = out.shape[:2]
        h, w = self.color.shape[:2]
        x0, y0 = max(0, self.left), max(0, self.top)
        x1, y1 = min(width, self.left + w), min(height, self.top + h)
        if x0 >= x1 or y0 >= y1:
            return
        part = (slice(y0 - self.top, y1 - self.top), slice(x0 - self.left, x1 - self.left))
        view = out[y0:y1, x0:x1]
        if self.keep is None:
            view[:] = self.color[part]
        else:
            blend(view, self.color[part], self.keep[part])


def blend(view: Image, color: Image, keep: Image) -> None:
    """view = view * keep / 255 + color, in place."""
    cv2.multiply(view, keep, dst=view, scale=1 / 255)
    cv2.add(view, color, dst=view)


def add_light(out: Image, left: int, top: int, light: Image, strength: float = 1.0) -> None:
    """Add a picture of light to the frame, clipped to it."""
    h, w = light.shape[:2]
    view = Rect(left, top, w, h).crop(out)
    if view.size:
        shown = light[max(0, -top) :, max(0, -left) :][: view.shape[0], : view.shape[1]]
        cv2.addWeighted(view, 1.0, shown, strength, 0, dst=view)


class Canvas:
    """A premultiplied float picture somewhere on the frame; all coordinates are frame pixels.

    Args:
        box: what it covers; it grows to whole pixels.
    """

    def __init__(self, box: Box) -> None:
        x, y, w, h = box
        left, top = int(np.floor(x)), int(np.floor(y))
        right, bottom = int(np.ceil(x + w)), int(np.ceil(y + h))
        self.rect = Rect(left, top, max(1, right - left), max(1, bottom - top))
        self.color: Field = np.zeros((self.rect.height, self.rect.width, 3), np.float32)
        self.alpha: Field = np.zeros((self.rect.height, self.rect.width, 1), np.float32)

    def sprite(self, *, opaque: bool = False, trim: bool = False) -> Sprite:
        """The finished picture; trim cuts off the transparent rows and columns round it."""
        if trim:
            self._trim()
        color = np.clip(np.rint(self.color), 0, 255).astype(np.uint8)
        if opaque:
            return Sprite(self.rect.left, self.rect.top, color, None)
        keep = np.clip(np.rint(255 * (1 - self.alpha)), 0, 255).astype(np.uint8)
        return Sprite(self.rect.left, self.rect.top, color, np.repeat(keep, 3, axis=2))

    def _trim(self) -> None:
        shown = (self.alpha[..., 0] > 0.002) | (self.color.max(axis=2) >= 0.5)
        rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
        if rows.size:
            y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
            self.color, self.alpha = self.color[y0:y1, x0:x1], self.alpha[y0:y1, x0:x1]
            self.rect = Rect(self.rect.left + x0, self.rect.top + y0, x1 - x0, y1 - y0)

    def layer(self, rect: Rect, color: Field | Bgr, cover: Field | float) -> None:
        """Paint `color` (BGR, or a field (h, w, 3)) over `rect` with coverage 0..1 (a number or a field (h, w))."""
        x0, y0 = max(rect.left, self.rect.left), max(rect.top, self.rect.top)
        x1, y1 = min(rect.right, self.rect.right), min(rect.bottom, self.rect.bottom)
        if x0 >= x1 or y0 >= y1:
            return
        here = (slice(y0 - self.rect.top, y1 - self.rect.top), slice(x0 - self.rect.left, x1 - self.rect.left))
        there = (slice(y0 - rect.top, y1 - rect.top), slice(x0 - rect.left, x1 - rect.left))
        paint = np.asarray(color, np.float32)
        paint = paint[there] if paint.ndim == 3 else paint
        if isinstance(cover, np.ndarray):
            a: Field = cover[there][..., None]
            self.color[here] = self.color[here] * (1 - a) + paint * a
            self.alpha[here] = self.alpha[here] * (1 - a) + a
        else:
            self.color[here] = self.color[here] * (1 - cover) + paint * cover
            self.alpha[here] = self.alpha[here] * (1 - cover) + cover

    def rect_fill(self, box: Box, color: Field | Bgr, alpha: float = 1.0) -> None:
        """A rectangle with its edges on whole pixels."""
        self.layer(to_rect(box), color, alpha)

    def rows(self, box: Box, color: Bgr, factors: Sequence[float], alpha: float = 1.0) -> None:
        """A rectangle with a vertical gradient: `factors` of the colour from top to bottom."""
        rect = to_rect(box)
        self.layer(rect, gradient(rect, color, factors), alpha)

    def disc(self, cx: float, cy: float, r: float, color: Field | Bgr, alpha: float = 1.0) -> None:
        """A filled circle with a smooth edge."""
        rect = _around(cx, cy, r)
        self.layer(rect, color, np.clip(r - distance(rect, cx, cy) + 0.5, 0, 1) * alpha)

    def ring(self, at: tuple[float, float], inner: float, outer: float, color: Bgr, relief: float = 0.35) -> None:
        """A metal ring, lit from the upper left; relief 0 = flat."""
        cx, cy = at
        rect = _around(cx, cy, outer)
        d = distance(rect, cx, cy)
        cover = np.clip(outer - d + 0.5, 0, 1) * np.clip(d - inner + 0.5, 0, 1)
        middle, half = (inner + outer) / 2, max(0.5, (outer - inner) / 2)
        xs, ys = _grid(rect)
        slope = (d - middle) / half
        towards = ((cx - xs) + (cy - ys)) / (np.sqrt(2.0) * np.maximum(d, 1))
        light = 1 - 0.45 * slope**2 + relief * slope * towards
        self.layer(rect, np.asarray(color, np.float32) * light[..., None].astype(np.float32), cover)

    def panel(self, box: Box, radius: float, color: Field | Bgr, alpha: float = 1.0) -> None:
        """A rectangle with round corners."""
        rect = to_rect(box)
        self.layer(rect, color, np.clip(0.5 - rounded(rect, box, radius), 0, 1) * alpha)

    def frame(self, box: Box, radius: float, width: float, color: Bgr) -> None:
        """A metal border inside the box, lit from the upper left."""
        rect = to_rect(box)
        d = rounded(rect, box, radius)
        cover = np.clip(0.5 - d, 0, 1) * np.clip(d + width + 0.5, 0, 1)
        xs, ys = _grid(rect)
        x, y, w, h = box
        corner = (xs - x) / max(1, w) + (ys - y) / max(1, h)
        light = (1.25 - 0.35 * corner - 0.5 * np.abs(d / width + 0.5)).astype(np.float32)
        self.layer(rect, np.asarray(color, np.float32) * light[..., None], cover)

    def picture(self, box: Box, image: Image, alpha: float = 1.0) -> None:
        """An image stretched over the box."""
        rect = to_rect(box)
        if image.shape[:2] != (rect.height, rect.width):
            image = np.asarray(cv2.resize(image, (rect.width, rect.height), interpolation=cv2.INTER_AREA), np.uint8)
        self.layer(rect, image.astype(np.float32), alpha)

    def text(self, text: str, at: tuple[float, float], em_px: float, style: TextStyle) -> None:
        """A line of text; `at` is the place named by the style's `align`, vertically the line's middle."""
        if not text:
            return
        drawn = line(text, style.font, em_px)
        left = at[0] - drawn.pad
        if style.align == "center":
            left -= drawn.advance / 2
        elif style.align == "right":
            left -= drawn.advance
        # Half the height of a capital letter, 0.73 em, above the baseline is the visual middle.
        top = at[1] + 0.365 * em_px - drawn.ascent
        h, w = drawn.ink.shape
        rect = Rect(round(left), round(top), w, h)
        if style.outline:
            self.layer(rect, BLACK, drawn.halo.astype(np.float32) * np.float32(style.alpha / 255))
        elif style.shadow:
            step = max(1, round(em_px / 12))
            shade = Rect(rect.left + step, rect.top + step, w, h)
            self.layer(shade, BLACK, drawn.ink.astype(np.float32) * np.float32(0.9 * style.alpha / 255))
        self.layer(rect, style.color, drawn.ink.astype(np.float32) * np.float32(style.alpha / 255))


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a line is drawn. align: "left", "center" or "right"."""

    color: Bgr = WHITE
    font: str = "serif"
    align: str = "center"
    outline: bool = False
    shadow: bool = True
    alpha: float = 1.0


def gradient(rect: Rect, color: Bgr, factors: Sequence[float]) -> Field:
    """A field (h, w, 3): the colour times factors spread from top to bottom."""
    at = np.linspace(0, len(factors) - 1, rect.height)
    light = np.interp(at, np.arange(len(factors)), np.asarray(factors, np.float64)).astype(np.float32)
    return np.repeat((light[:, None] * np.asarray(color, np.float32))[:, None, :], rect.width, axis=1)


def distance(rect: Rect, cx: float, cy: float) -> Field:
    """Distance of each pixel centre of `rect` from a point."""
    xs, ys = _grid(rect)
    apart: Field = np.sqrt((xs - cx) ** 2 + (ys - cy) ** 2).astype(np.float32)
    return apart


def rounded(rect: Rect, box: Box, radius: float) -> Field:
    """Signed distance of each pixel centre of `rect` from a box with round corners; negative inside."""
    x, y, w, h = box
    xs, ys = _grid(rect)
    dx = np.abs(xs - (x + w / 2)) - (w / 2 - radius)
    dy = np.abs(ys - (y + h / 2)) - (h / 2 - radius)
    outside = np.sqrt(np.maximum(dx, 0) ** 2 + np.maximum(dy, 0) ** 2)
    depth: Field = (outside + np.minimum(np.maximum(dx, dy), 0) - radius).astype(np.float32)
    return depth


def noise(shape: tuple[int, int], seed: int, cell: float) -> Field:
    """Smooth noise 0..1 with features about `cell` pixels wide."""
    h, w = shape
    coarse = np.random.default_rng(seed).random((max(2, int(h / cell) + 2), max(2, int(w / cell) + 2)), np.float32)
    made: Field = np.asarray(cv2.resize(coarse, (w, h), interpolation=cv2.INTER_CUBIC), np.float32).clip(0, 1)
    return made


def _around(cx: float, cy: float, r: float) -> Rect:
    left, top = int(np.floor(cx - r - 1)), int(np.floor(cy - r - 1))
    return Rect(left, top, int(np.ceil(cx + r + 1)) - left, int(np.ceil(cy + r + 1)) - top)


def _grid(rect: Rect) -> tuple[Field, Field]:
    xs = np.arange(rect.left, rect.right, dtype=np.float32)[None, :] + np.float32(0.5)
    ys = np.arange(rect.top, rect.bottom, dtype=np.float32)[:, None] + np.float32(0.5)
    return xs, ys
