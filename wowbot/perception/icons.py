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
from numpy.typing import NDArray

from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.perception.patches import CELLS, Floats, Mask, Order, Sampler, planes
from wowbot.perception.sweep import Look, fit_sweeps

SIDE = 64
"""Side of a stored template, px: the client's own icon size."""
SHIFTS = tuple((dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
"""A box may lie a pixel off the icon: every template is compared at these offsets, px."""
SURE = 0.97
LEAD_WORTH = 0.6
"""Taken when correlation + LEAD_WORTH * lead over the next icon reaches SURE. Among 200 procedural icons, which share
motifs, strangers reach a correlation of 0.93, then with a lead below 0.05; the right one has 0.94 or more undistorted."""
LEAST = 0.72
"""Correlation below which nothing is taken, whatever the lead."""
GAMMAS, LEAST_CELLS = (0.7, 1.4), 150
"""Exponents a client's picture can have against a template's, and values needed to tell."""
SAME_SHAPE = 0.98
"""Least correlation of the logarithms of a template and a picture from which their spreads tell the exponent."""
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

    @classmethod
    def from_images(cls, pictures: Mapping[str, Image]) -> IconLibrary:
        """One look a name, from pictures in memory."""
        return cls(dict(pictures.items()))

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self.names

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
            self._tables[key] = _Table(self.pictures, px, order, seen)
        table = self._tables[key]
        best, match = self._winner(table.correlate(picture))
        if best is not None:
            return match, _toned(table.grids[best], picture, seen)
        short = table.nearest_colours(picture, SHORTLIST)
        through = np.zeros(len(self.names), np.float32)
        through[short] = np.sqrt(table.through_sweep(picture, short))
        best, match = self._winner(through)
        return match, None if best is None else table.grids[best]

    def bend(self, name: str, picture: Floats, px: int, order: Order, seen: Mask) -> float | None:
        """The exponent that the client's gamma has bent a picture by that was just matched, None where it does not tell.

        Args: as for `match`; `name` is the icon's.
        """
        grids = self._tables[px, order.style, seen.tobytes()].grids
        found = [_bend(grids[i], picture, seen) for i, other in enumerate(self.names) if other == name]
        told = [bend for bend in found if bend is not None]
        return float(np.clip(told[0], *GAMMAS)) if told else None

    def _winner(self, likeness: Floats) -> tuple[int | None, Match]:
        best = int(np.argmax(likeness))
        top, name = float(likeness[best]), self.names[best]
        others = [float(value) for value, other in zip(likeness, self.names, strict=True) if other != name]
        lead = top - max(others, default=0.0)
        sure = top + LEAD_WORTH * lead
        if top < LEAST or sure < SURE:
            return None, NO_MATCH
        return best, Match(name, round(min(1.0, 0.7 + (sure - SURE)), 3))


class _Table:
    """The templates of a library at one size, prepared for one set of cells."""

    def __init__(self, pictures: list[Image], px: int, order: Order, seen: Mask) -> None:
        self.order = order
        self.seen = seen.astype(np.float32)
        self._cells = np.flatnonzero(seen)
        shifted = [self._sampled(pictures, px, shift) for shift in SHIFTS]
        self.grids = shifted[SHIFTS.index((0, 0))]
        self._shapes = np.stack([self._shape(grids) for grids in shifted])
        self._colours = self._colour(self.grids)

    def correlate(self, picture: Floats) -> Floats:
        """Correlation with every template, -1..1, at its best offset."""
        return np.asarray((self._shapes @ self._shape(picture[None])[0]).max(axis=0), np.float32)

    def nearest_colours(self, picture: Floats, count: int) -> NDArray[np.intp]:
        """Rows of the templates whose hues come nearest: a sweep darkens, it does not change a hue."""
        near = self._colours @ self._colour(picture[None])[0]
        return np.argsort(-near)[:count]

    def through_sweep(self, picture: Floats, rows: NDArray[np.intp]) -> Floats:
        """Share of the picture's variance that each template explains with the best sweep over it."""
        look = Look.empty(len(rows))
        for place, row in enumerate(rows):
            look.put(place, self.grids[row], self.seen)
        return fit_sweeps(np.broadcast_to(picture, (len(rows), 3, CELLS)), look, self.order).likeness

    def _sampled(self, pictures: list[Image], px: int, shift: tuple[int, int]) -> Floats:
        sampler = Sampler([(*shift, px, px)], self.order)
        found = [planes(sampler.read(_resized(picture, px))) for picture in pictures]
        return np.concatenate(found)

    def _shape(self, grids: Floats) -> Floats:
        seen = grids[:, :, self._cells]
        seen = seen - seen.mean(axis=2, keepdims=True)
        return _unit(seen.reshape(len(grids), -1))

    def _colour(self, grids: Floats) -> Floats:
        light = np.log(grids[:, :, self._cells] + 6.0)
        hue = light - light.mean(axis=1, keepdims=True)
        hue -= hue.mean(axis=2, keepdims=True)
        return _unit(hue.reshape(len(grids), -1))


def _toned(template: Floats, picture: Floats, seen: Mask) -> Floats:
    """The template (3, CELLS) with the gamma at which the picture shows it: else its mid-tones seem darkened by a sweep.

    A tint only scales the picture, which moves the line through the logarithms of both and leaves its slope.
    """
    logs = _logarithms(template, picture, seen)
    if logs is None:
        return template
    given, shown = logs
    gamma = float((given * shown).sum() / max(float((given * given).sum()), 1e-6))
    return np.asarray(255.0 * (template / 255.0) ** np.clip(gamma, *GAMMAS), np.float32)


def _bend(template: Floats, picture: Floats, seen: Mask) -> float | None:
    """How many times as far the picture's logarithms spread as the template's, where they have one shape."""
    logs = _logarithms(template, picture, seen)
    if logs is None:
        return None
    given, shown = logs
    spread, other = float((given * given).sum()), float((shown * shown).sum())
    alike = float((given * shown).sum()) / max(float(np.sqrt(spread * other)), 1e-6)
    return float(np.sqrt(other / max(spread, 1e-6))) if alike > SAME_SHAPE else None


def _logarithms(template: Floats, picture: Floats, seen: Mask) -> tuple[Floats, Floats] | None:
    """Of the mid-tones that both (3, CELLS) have, less their means; None where they are too few."""
    cells = (template > 24) & (template < 250) & (picture > 4) & (picture < 250) & seen
    if cells.sum() < LEAST_CELLS:
        return None
    given, shown = np.log(template[cells] / 255.0), np.log(picture[cells] / 255.0)
    return given - given.mean(), shown - shown.mean()


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
