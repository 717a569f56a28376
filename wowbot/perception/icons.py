"""Which icon is this? Templates come from the user's own client (or from the simulator's own art); none are shipped.

A picture is compared on a small pooled grid, each channel's mean removed: that bears brightness, gamma, tint and size. An
icon under a cooldown sweep is compared through the sweep: each likely template is fitted with its own edge and the one
that explains the picture wins. The winner must be like enough and clearly ahead of the next; otherwise the answer is "".
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.perception.patches import CELLS, GRID, MARGIN, Floats, Mask, Order, Sampler, planes
from wowbot.perception.sweep import Look, fit_sweeps

SIDE = 64
"""Side of a stored template, px: the client's own icon size."""
POOL = 2
SIDE_CELLS = GRID - 2 * MARGIN
PLAIN = 0.80
"""Correlation from which an unswept picture is taken for the template."""
THROUGH_SWEEP = 0.55
"""Share of the variance that a template with a sweep must explain."""
MARGIN_TO_NEXT = 0.10
"""How far the best must be ahead of the next other icon."""
SHORTLIST = 12
"""Templates tried through a sweep: those whose colours come nearest."""


class Match(NamedTuple):
    """An icon's name ("" = none is close) and 0..1 how sure."""

    name: str
    confidence: float


NO_MATCH = Match("", 1.0)


class IconLibrary:
    """Named icons.

    Args:
        pictures: name -> BGR uint8 picture of any size; a name may hold a list of looks.
    """

    def __init__(self, pictures: Mapping[str, Image | list[Image]]) -> None:
        pairs = [
            (name, picture)
            for name, given in pictures.items()
            for picture in (given if isinstance(given, list) else [given])
        ]
        self.names: tuple[str, ...] = tuple(name for name, _ in pairs)
        self.pictures = [_square(picture) for _, picture in pairs]
        self._grids: dict[tuple[int, str], Floats] = {}
        self._tables: dict[tuple[int, str, bytes], _Table] = {}

    @classmethod
    def from_folder(cls, folder: Path) -> IconLibrary:
        """Every PNG of a folder, named by its file ("frostbolt.png"; "frostbolt.2.png" is another look of it).

        An absent folder gives an empty library.

        Raises:
            LayoutError: a file is no picture.
        """
        pictures: dict[str, list[Image]] = {}
        for path in sorted(folder.glob("*.png")) if folder.is_dir() else []:
            image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
            if image is None:
                raise LayoutError(f"{path}: found no picture in it, expected a PNG of an icon; remove or replace it")
            pictures.setdefault(path.stem.split(".")[0], []).append(np.asarray(image, np.uint8))
        return cls(dict(pictures.items()))

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def grids(self, px: int, order: Order) -> Floats:
        """All templates as they would be sampled from a box of `px` pixels: (n, 3, CELLS) in sweep order."""
        key = (px, order.style)
        if key not in self._grids:
            sampler = Sampler([(0, 0, px, px)], order)
            found = [planes(sampler.read(_resized(picture, px))) for picture in self.pictures]
            self._grids[key] = np.concatenate(found) if found else np.empty((0, 3, CELLS), np.float32)
        return self._grids[key]

    def match(self, picture: Floats, px: int, order: Order, seen: Mask) -> tuple[Match, Floats | None]:
        """Name one icon.

        Args:
            picture: (3, CELLS) in sweep order, grey levels.
            px: side of its box.
            order: the sweep order of the cells.
            seen: (CELLS,) cells that may be compared (no texts over them).

        Returns:
            The match, and the matched template's grid (3, CELLS), None where nothing matched.
        """
        if not self.names:
            return NO_MATCH, None
        key = (px, order.style, seen.tobytes())
        if key not in self._tables:
            self._tables[key] = _Table(self.grids(px, order), order, seen)
        table = self._tables[key]
        likeness = table.correlate(picture)
        best, match = self._winner(likeness, PLAIN)
        if best is None:
            short = table.nearest_colours(picture, SHORTLIST)
            through = np.zeros(len(self.names), np.float32)
            through[short] = table.through_sweep(picture, short)
            best, match = self._winner(through, THROUGH_SWEEP)
        return match, None if best is None else table.grids[best]

    def _winner(self, likeness: Floats, least: float) -> tuple[int | None, Match]:
        best = int(np.argmax(likeness))
        top, name = float(likeness[best]), self.names[best]
        others = [float(value) for value, other in zip(likeness, self.names, strict=True) if other != name]
        lead = top - max(others, default=0.0)
        if top < least or lead < MARGIN_TO_NEXT * (1.3 - top):
            return None, NO_MATCH
        return best, Match(name, round(min(1.0, 0.5 + 0.5 * top) * min(1.0, 0.6 + 2.0 * lead), 3))


class _Table:
    """The templates of a library at one size, prepared for one set of cells."""

    def __init__(self, grids: Floats, order: Order, seen: Mask) -> None:
        self.grids = grids
        self.order = order
        self.seen = seen.astype(np.float32)
        back = np.argsort(order.perm)
        pool = np.zeros((CELLS, (SIDE_CELLS // POOL) ** 2), np.float32)
        row, column = np.divmod(np.arange(CELLS), SIDE_CELLS)
        pool[np.arange(CELLS), (row // POOL) * (SIDE_CELLS // POOL) + column // POOL] = 1.0
        pool = pool[order.perm] * self.seen[:, None]
        mass = pool.sum(axis=0)
        self._pool = (pool / np.maximum(mass, 1.0))[:, mass > POOL]
        assert len(back) == CELLS
        self._shapes = self._shape(grids)
        self._colours = self._colour(grids)

    def correlate(self, picture: Floats) -> Floats:
        """Correlation with every template, -1..1."""
        return np.asarray(self._shapes @ self._shape(picture[None])[0], np.float32)

    def nearest_colours(self, picture: Floats, count: int) -> Floats:
        """Rows of the templates whose hues come nearest: a sweep darkens, it does not change a hue."""
        near = self._colours @ self._colour(picture[None])[0]
        return np.argsort(-near)[:count]

    def through_sweep(self, picture: Floats, rows: Floats) -> Floats:
        """Share of the picture's variance that each template explains with the best sweep over it."""
        look = Look.empty(len(rows))
        for place, row in enumerate(rows):
            look.put(place, self.grids[row], self.seen)
        return fit_sweeps(np.broadcast_to(picture, (len(rows), 3, CELLS)), look, self.order).likeness

    def _shape(self, grids: Floats) -> Floats:
        pooled = grids @ self._pool
        pooled = pooled - pooled.mean(axis=2, keepdims=True)
        return _unit(pooled.reshape(len(grids), -1))

    def _colour(self, grids: Floats) -> Floats:
        pooled = grids @ self._pool + 2.0
        hue = np.log(pooled) - np.log(pooled).mean(axis=1, keepdims=True)
        hue -= hue.mean(axis=2, keepdims=True)
        return _unit(hue.reshape(len(grids), -1))


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), np.float32)


def _square(picture: Image) -> Image:
    """A template at SIDE x SIDE.

    Raises:
        LayoutError: not a BGR uint8 picture.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or min(picture.shape[:2]) < 4:
        raise LayoutError(f"an icon must be a BGR uint8 picture of at least 4x4, found {picture.dtype} {picture.shape}")
    return _resized(picture, SIDE)


def _resized(picture: Image, px: int) -> Image:
    shrinks = px < picture.shape[0]
    mode = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (px, px), interpolation=mode), np.uint8)
