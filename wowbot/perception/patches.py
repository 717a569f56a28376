"""Many small squares of a frame as one array: each box is sampled on the same 24 x 24 grid, whatever its size.

One gather for all boxes of a region (cv2.remap, bilinear) is several times cheaper than a resize per box, and equal grids
let every later step work on all boxes at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

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
        map_x = (centre[:, :1] + half[:, :1] * x).astype(np.float32)
        map_y = (centre[:, 1:] + half[:, 1:] * y).astype(np.float32)
        self._maps = cv2.convertMaps(map_x, map_y, cv2.CV_16SC2) if len(table) else None

    @classmethod
    def joined(cls, samplers: Sequence[Sampler]) -> Sampler:
        """One sampler that reads the boxes of several, in their order; all must sample equally many points."""
        one = cls.__new__(cls)
        one.boxes = [box for sampler in samplers for box in sampler.boxes]
        one.points = samplers[0].points if samplers else CELLS
        maps = [sampler._maps for sampler in samplers if sampler._maps is not None]
        one._maps = (np.concatenate([m[0] for m in maps]), np.concatenate([m[1] for m in maps])) if maps else None
        return one

    def read(self, image: Image) -> Image:
        """Samples, uint8 (boxes, points, 3). Points outside the frame repeat its border."""
        if self._maps is None:
            return np.empty((0, self.points, 3), np.uint8)
        out = cv2.remap(image, self._maps[0], self._maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(out, np.uint8)


def planes(samples: Image) -> Floats:
    """Samples (n, points, 3) as float planes (n, 3, CELLS): channels apart, so that sums run along memory."""
    return np.ascontiguousarray(samples[:, :CELLS].transpose(0, 2, 1), np.float32)
