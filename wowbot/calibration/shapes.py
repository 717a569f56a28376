"""The outlines of stock HUD elements as short lists of edge directions, in UI units.

A shape holds no picture: only where the element's border has an edge, and which way it runs from dark to light.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.gradient import Field, undirected

SHAPES_FILE = Path(__file__).parent / "shapes.npz"
DEGREES = 2.0
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


def encode(shape: Shape) -> NDArray[np.uint8]:
    """The kernel as one byte a cell: 0 = no edge, else 1 + direction in steps of DEGREES."""
    present = shape.kernel[0] ** 2 + shape.kernel[1] ** 2 > 0.25
    degrees = np.rad2deg(np.arctan2(shape.kernel[1], shape.kernel[0])) % 360.0
    codes = np.round(degrees / DEGREES).astype(np.int64) % round(360 / DEGREES) + 1
    return np.where(present, codes, 0).astype(np.uint8)


def decode(name: str, left_top: tuple[int, int], codes: NDArray[np.uint8]) -> Shape:
    """The inverse of `encode`."""
    angle = np.deg2rad((codes.astype(np.float64) - 1.0) * DEGREES)
    kernel = np.where(codes > 0, np.stack([np.cos(angle), np.sin(angle)]), 0.0).astype(np.float32)
    return Shape(name, (*left_top, codes.shape[1], codes.shape[0]), kernel)


def save_shapes(shapes: Shapes, path: Path = SHAPES_FILE) -> None:
    """Write shapes as a compressed numpy archive: `NAME` the codes, `NAME@` the box's corner."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, shape in shapes.items():
        arrays[name] = encode(shape)
        arrays[f"{name}@"] = np.array(shape.box[:2], np.int16)
    np.savez_compressed(path, allow_pickle=False, **arrays)


@lru_cache(maxsize=4)
def load_shapes(path: Path = SHAPES_FILE) -> Shapes:
    """The shapes the package carries."""
    with np.load(path) as table:
        names = [name for name in table.files if not name.endswith("@")]
        corners = {name: tuple(int(v) for v in table[f"{name}@"]) for name in names}
        return {name: decode(name, (corners[name][0], corners[name][1]), table[name]) for name in names}
