"""Many small squares of a frame as one array: each box is sampled on the same 24 x 24 grid, whatever its size.

One gather for all boxes of a region (cv2.remap, bilinear) is several times cheaper than a resize per box, and equal grids
let every later step work on all boxes at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image

GRID = 24
MARGIN = 2
"""Cells of the grid's rim that are left out: icon borders, and what a rounded box lets in from outside."""
CELLS = (GRID - 2 * MARGIN) ** 2
TURNS = 200
"""Places of a moving edge that are worked out beforehand."""
SOFT = 0.8
"""Cells over which an edge is blurred: one of about a pixel, looked at between pixels, on buttons of 36 to 70 px."""
SPARSE = 1.4
"""Two parts of a frame are copied as one when that takes at most so many times their pixels."""
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
SweepStyle = Literal["radial", "reverse", "linear"]
STYLES: tuple[SweepStyle, ...] = ("radial", "reverse", "linear")
Box = tuple[float, float, float, float]
"""x, y, width, height in frame pixels; may lie between pixels."""


def cell_xy() -> tuple[Floats, Floats]:
    """Centre of each cell, -1..1 from the box's centre, row by row."""
    line = (((np.arange(GRID) + 0.5) / GRID * 2 - 1)[MARGIN:-MARGIN]).astype(np.float32)
    y, x = np.meshgrid(line, line, indexing="ij")
    return x.ravel(), y.ravel()


class Order:
    """The order in which a sweep passes over the cells.

    `edges` (CELLS + 1) is the share of the way, 0..1, at which the moving edge stands before, between and after the
    cells; `cover` tells more exactly how much of each cell it has passed. Radial sweeps run clockwise from 12 o'clock; a
    linear one runs down from the top.
    """

    def __init__(self, style: SweepStyle) -> None:
        x, y = cell_xy()
        way = (y + 1) / 2 if style == "linear" else (np.arctan2(x, -y) / (2 * np.pi)) % 1.0
        perm = np.argsort(way, kind="stable")
        self.style = style
        self.x: Floats = x[perm]
        self.y: Floats = y[perm]
        self.perm = perm
        way = way[perm]
        self.edges: Floats = np.concatenate([[0.0], (way[1:] + way[:-1]) / 2, [1.0]]).astype(np.float32)
        self.dark_first = style != "radial"
        self.cover = self._cover(way.astype(np.float32))

    def _cover(self, way: Floats) -> Floats:
        """(TURNS + 1, CELLS): share of each cell that the edge has passed when it stands at i / TURNS of its way."""
        ahead = np.arange(TURNS + 1, dtype=np.float32)[:, None] / TURNS - way
        if self.style == "linear":
            off = ahead * GRID
        else:
            off = np.hypot(self.x, self.y) * (GRID / 2) * np.sin(2 * np.pi * np.clip(ahead, -0.25, 0.25))
        return np.clip(0.5 + off / SOFT, 0.0, 1.0).astype(np.float32)

    def remaining(self, passed: Floats) -> Floats:
        """Share of the cooldown that remains when the edge has passed this share of the way."""
        return passed if self.style == "linear" else np.asarray(1.0 - passed, np.float32)

    def zone(self, left: float, top: float, right: float, bottom: float) -> Mask:
        """Cells whose centre lies in this part of the box (shares 0..1 of its width and height)."""
        x, y = (self.x + 1) / 2, (self.y + 1) / 2
        return np.asarray((x >= left) & (x < right) & (y >= top) & (y < bottom))

    def grown(self, cells: Mask) -> Mask:
        """These cells and those beside them, diagonally too."""
        side = GRID - 2 * MARGIN
        picture = np.zeros(CELLS, np.uint8)
        picture[self.perm] = cells
        grown = cv2.dilate(picture.reshape(side, side), np.ones((3, 3), np.uint8))
        return np.asarray(grown.ravel()[self.perm] > 0, np.bool_)

    def seam(self, share: float) -> Mask:
        """Cells nearer than `share` of the box's width to the line at which a radial sweep begins."""
        return np.asarray((np.abs(self.x) < 2 * share) & (self.y < 0))

    def disc(self, radius: float) -> Mask:
        """Cells nearer to the centre than `radius` half-widths."""
        return np.asarray(np.hypot(self.x, self.y) < radius)


class Sampler:
    """Reads the grids of fixed boxes out of frames.

    Args:
        boxes: in frame pixels.
        order: cells come out in this order.
        extra: more points of each box, appended after its cells: (x, y) in half-widths from its centre.
    """

    def __init__(self, boxes: Sequence[Box], order: Order, extra: tuple[Floats, Floats] | None = None) -> None:
        self.boxes = [(float(x), float(y), float(w), float(h)) for x, y, w, h in boxes]
        x, y = order.x, order.y
        if extra is not None:
            x, y = np.concatenate([x, extra[0]]), np.concatenate([y, extra[1]])
        self.points = len(x)
        table = np.asarray(self.boxes, np.float32).reshape(-1, 4)
        half = table[:, 2:] / 2
        centre = table[:, :2] + half - 0.5
        self._x = (centre[:, :1] + half[:, :1] * x).astype(np.float32)
        self._y = (centre[:, 1:] + half[:, 1:] * y).astype(np.float32)
        self._gather = _Gather.none()

    @classmethod
    def joined(cls, samplers: Sequence[Sampler]) -> Sampler:
        """One sampler that reads the boxes of several, in their order; all must sample equally many points."""
        one = cls.__new__(cls)
        one.boxes = [box for sampler in samplers for box in sampler.boxes]
        one.points = samplers[0].points if samplers else CELLS
        empty = np.zeros((0, one.points), np.float32)
        one._x = np.concatenate([empty, *(sampler._x for sampler in samplers)])
        one._y = np.concatenate([empty, *(sampler._y for sampler in samplers)])
        one._gather = _Gather.none()
        return one

    def read(self, image: Image) -> Image:
        """Samples, uint8 (boxes, points, 3). Points outside the frame repeat its border."""
        if not self.boxes:
            return np.empty((0, self.points, 3), np.uint8)
        if self._gather.shape != image.shape[:2]:
            self._gather = _Gather.of(self._x, self._y, image.shape[:2])
        return self._gather.read(image)


_Maps = tuple[NDArray[np.int16], NDArray[np.uint16]]


class _Part(NamedTuple):
    """A part of the frame that points lie in, px, and the row at which its copy stands."""

    left: int
    top: int
    right: int
    bottom: int
    at: int

    @property
    def rows(self) -> int:
        return self.bottom - self.top

    @property
    def columns(self) -> int:
        return self.right - self.left


class _Gather:
    """How to read the points out of frames of one size.

    The parts of the frame where points lie are copied first, rows at a time: the points of a box follow a sweep round it,
    and fetching them in that order from a picture that no cache holds takes four times as long as all the rest.
    """

    def __init__(
        self, shape: tuple[int, int], parts: list[_Part], maps: tuple[NDArray[np.int16], NDArray[np.uint16]]
    ) -> None:
        self.shape = shape
        self._parts, self._maps = parts, maps
        self._rows = sum(part.rows for part in parts)
        self._columns = max((part.columns for part in parts), default=0)

    @classmethod
    def none(cls) -> _Gather:
        """For no frame at all."""
        return cls((-1, -1), [], (np.zeros((0, 0, 2), np.int16), np.zeros((0, 0), np.uint16)))

    @classmethod
    def of(cls, x: Floats, y: Floats, shape: tuple[int, int]) -> _Gather:
        """For points (boxes, points) of frames (height, width)."""
        high, wide = shape
        xs, ys = np.clip(x, 0, wide - 1), np.clip(y, 0, high - 1)
        whole, fractions = cv2.convertMaps(xs, ys, cv2.CV_16SC2)
        places = np.asarray(whole, np.int16)
        parts, top = [], 0
        for rows in _groups(places):
            low, most = places[rows].min(axis=(0, 1)), places[rows].max(axis=(0, 1)) + 2
            part = _Part(int(low[0]), int(low[1]), min(wide, int(most[0])), min(high, int(most[1])), top)
            places[rows] += np.asarray([-part.left, top - part.top], np.int16)
            parts.append(part)
            top += part.rows
        return cls(shape, parts, (places, np.asarray(fractions, np.uint16)))

    def read(self, image: Image) -> Image:
        """The points, uint8 (boxes, points, 3)."""
        near = np.empty((self._rows, self._columns, 3), np.uint8)
        for part in self._parts:
            near[part.at : part.at + part.rows, : part.columns] = image[part.top : part.bottom, part.left : part.right]
        out = cv2.remap(near, *self._maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(out, np.uint8)


def _groups(places: NDArray[np.int16]) -> list[slice]:
    """Boxes, by the places (boxes, points, 2) of their points, that lie so close together that one copy serves them."""
    low, high = places.min(axis=1).astype(int), places.max(axis=1).astype(int) + 2
    groups: list[slice] = []
    start, near, far = 0, low[0], high[0]
    for i in range(1, len(low)):
        union = np.minimum(near, low[i]), np.maximum(far, high[i])
        if np.prod(union[1] - union[0]) > SPARSE * (np.prod(far - near) + np.prod(high[i] - low[i])):
            groups.append(slice(start, i))
            start, union = i, (low[i], high[i])
        near, far = union
    return [*groups, slice(start, len(low))]


def planes(samples: Image) -> Floats:
    """Samples (n, points, 3) as float planes (n, 3, CELLS): channels apart, so that sums run along memory."""
    return np.ascontiguousarray(samples[:, :CELLS].transpose(0, 2, 1), np.float32)
