"""What restyled frames lose: the rail between the name strip and the health bar, and the frame's other straight rails.

Add-ons that enlarge the health bar keep the ring and the outer border of the stock art and so agree with most of its
outline; the bar then runs over the strip, and the rail at 44 to 48 units below the screen's top is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.find import View
from wowbot.calibration.gradient import Field, direction_field, patch, undirected
from wowbot.calibration.match import Match
from wowbot.calibration.shapes import Shape

RAIL_UNITS = (95.0, 200.0)
"""The straight part of the rails, between the ring and the rounded right end."""
BANDS = {"top": (22.0, 33.0), "strip": (41.0, 50.0), "bars": (53.0, 61.0), "bottom": (63.0, 74.0)}
"""Where the four rails lie, units from the frame's origin: over and under the name strip, between the bars, below."""
PROFILE_LEAST, CELLS_LEAST = 0.40, 0.48
"""Either shows the strip's rail. Restyled frames reach 0.27 and 0.42, stock ones 0.49 or 0.51 and more."""
REVERSED_BARS_LEAST = 0.3
"""With light and dark of the strip's rail reversed, the rail between the bars must vouch for the frame: a restyled frame
of two tall bars has one edge at the strip's rail (0.73 there) and none between the stock bars (0.0); stock frames over
which something glows have 0.59 and more."""


@dataclass(frozen=True, slots=True)
class Rails:
    """Agreement of each rail, -1..1, whatever its colours; `profile`: that of the strip's rail in light and dark."""

    cells: dict[str, float]
    profile: float

    @property
    def strip(self) -> bool:
        """Whether the rail that restyled frames lose is there."""
        if self.profile >= PROFILE_LEAST:
            return True
        straight = self.cells["strip"] >= CELLS_LEAST
        return straight and (self.profile >= 0.0 or self.cells["bars"] >= REVERSED_BARS_LEAST)


def rails(view: View, shape: Shape, at: Match) -> Rails:
    """Measure the rails of a classic unit frame found at `at`.

    Args:
        shape: the player frame's outline, with its sense.
    """
    field = direction_field(patch(view.plane, at.k, (at.x, at.y), shape.box))
    cells = {name: _cells(field, shape, band) for name, band in BANDS.items()}
    return Rails(cells, _profile(field, shape, BANDS["strip"]))


def _inside(shape: Shape, band: tuple[float, float]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    x = np.arange(shape.box[2]) + shape.box[0] + 0.5
    y = np.arange(shape.box[3]) + shape.box[1] + 0.5
    return (y > band[0]) & (y < band[1]), (x > RAIL_UNITS[0]) & (x < RAIL_UNITS[1])


def _cells(field: Field, shape: Shape, band: tuple[float, float]) -> float:
    """How well edges run along the rail, sense aside."""
    rows, columns = _inside(shape, band)
    kernel = shape.kernel[:, rows][:, :, columns]
    agreement = (undirected(field[:, rows][:, :, columns]) * undirected(kernel)).sum(axis=0)
    edges = np.hypot(kernel[0], kernel[1]) > 0.5
    return float(agreement[edges].mean()) if edges.any() else 0.0


def _profile(field: Field, shape: Shape, band: tuple[float, float]) -> float:
    """Correlation of the rail's light and dark lines, top to bottom, with the stock ones; a row may be one unit off."""
    rows, columns = _inside(shape, band)
    stock = shape.kernel[1][:, columns].mean(axis=1)
    seen = np.median(field[1][:, columns], axis=1)
    found = [_correlation(np.roll(seen, shift)[rows], stock[rows]) for shift in (-1, 0, 1)]
    return max(found, key=abs)


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-9))
