"""The outlines of stock HUD elements as short lists of edge directions, in UI units.

A shape holds no picture: only where the element's border has an edge, and which way it runs from dark to light.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.gradient import Field, undirected

SHAPES_FILE = Path(__file__).parent / "shapes.json"
HALF_AGREE = 0.35
"""Mean length of four joined edges at which the joined one is kept."""


@dataclass(frozen=True, eq=False)
class Shape:
    """Edge directions of one element.

    Args:
        name: "classic.player", "retail.slot" ...
        box: left, top, width, height in UI units, relative to the element's origin.
        kernel: shape (2, height, width), one cell a unit (two units when `cell` is 2); zero where no edge belongs.
        cell: units a cell.
        sensed: dark-to-light sense counts; False compares only how edges run, for recoloured art.
    """

    name: str
    box: tuple[int, int, int, int]
    kernel: Field
    cell: int = 1
    sensed: bool = True

    @property
    def count(self) -> int:
        """Number of edge cells."""
        return int(np.count_nonzero(self.kernel[0] ** 2 + self.kernel[1] ** 2 > 0.25))

    def score(self, field: Field) -> float:
        """-1..1: mean agreement of an equally large field with the shape; 1 = every edge there, and right."""
        return float(np.sum(field * self.kernel)) / max(1, self.count)

    def senseless(self) -> Shape:
        """The same outline for `undirected` fields."""
        return replace(self, kernel=undirected(self.kernel), sensed=False)

    def halved(self) -> Shape:
        """Two units a cell, for a coarse search at a quarter of the cost; edges that cancel each other fall away."""
        _, _, width, height = self.box
        kernel = self.kernel[:, : height // 2 * 2, : width // 2 * 2]
        kernel = kernel.reshape(2, height // 2, 2, width // 2, 2).mean(axis=(2, 4))
        length = np.hypot(kernel[0], kernel[1])
        kept = np.where(length > HALF_AGREE, kernel / np.maximum(length, 1e-6), 0.0).astype(np.float32)
        return replace(self, kernel=kept, cell=2)

    def mirrored(self, axis_units: float, name: str) -> Shape:
        """Left-right mirror: x becomes `axis_units` - x. The target frame is the mirrored player frame."""
        left, top, width, height = self.box
        kernel = self.kernel[:, :, ::-1].copy()
        kernel[0] *= -1
        return replace(self, name=name, box=(round(axis_units) - left - width, top, width, height), kernel=kernel)

    def tiled(self, count: int, pitch: int, name: str, *, down: bool = False) -> Shape:
        """The element repeated `count` times, `pitch` units apart: a row (or, with `down`, a column) of buttons."""
        left, top, width, height = self.box
        across, below = (0, pitch * (count - 1)) if down else (pitch * (count - 1), 0)
        kernel = np.zeros((2, height + below, width + across), np.float32)
        for n in range(count):
            x, y = (0, n * pitch) if down else (n * pitch, 0)
            kernel[:, y : y + height, x : x + width] += self.kernel
        length = np.hypot(kernel[0], kernel[1])
        kernel = np.where(length > 0.5, kernel / np.maximum(length, 1e-6), 0.0).astype(np.float32)
        return replace(self, name=name, box=(left, top, width + across, height + below), kernel=kernel)


Shapes = Mapping[str, Shape]


def from_points(name: str, box: tuple[int, int, int, int], points: NDArray[np.int64]) -> Shape:
    """A shape from rows (x, y, direction in degrees), x and y counted from the box's corner."""
    kernel = np.zeros((2, box[3], box[2]), np.float32)
    angle = np.deg2rad(points[:, 2])
    kernel[0, points[:, 1], points[:, 0]] = np.cos(angle)
    kernel[1, points[:, 1], points[:, 0]] = np.sin(angle)
    return Shape(name, box, kernel)


def to_points(shape: Shape) -> list[list[int]]:
    """Rows (x, y, degrees), the inverse of `from_points`."""
    ys, xs = np.nonzero(shape.kernel[0] ** 2 + shape.kernel[1] ** 2 > 0.25)
    degrees = np.rad2deg(np.arctan2(shape.kernel[1, ys, xs], shape.kernel[0, ys, xs]))
    return [[int(x), int(y), round(float(d))] for x, y, d in zip(xs, ys, degrees, strict=True)]


def save_shapes(shapes: Shapes, path: Path = SHAPES_FILE) -> None:
    """Write shapes as JSON, one element a line."""
    lines = [
        f'"{name}": {json.dumps({"box": s.box, "points": to_points(s)}, separators=(",", ":"))}'
        for name, s in shapes.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


@lru_cache(maxsize=4)
def load_shapes(path: Path = SHAPES_FILE) -> Shapes:
    """The shapes the package carries."""
    table = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: from_points(name, tuple(row["box"]), np.array(row["points"], np.int64)) for name, row in table.items()
    }
