"""What restyled frames lose: the rail between the name strip and the health bar, and the frame's other straight rails.

Add-ons that enlarge the health bar keep the ring and the outer border of the stock art and so agree with most of its
outline; the bar then runs over the strip, and the rail at 44 to 48 units below the screen's top is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.find import View
from wowbot.calibration.gradient import Field, direction_field, patch, undirected
from wowbot.calibration.match import Match
from wowbot.calibration.shapes import Shape
from wowbot.core.frame import Image

RAIL_UNITS = (95.0, 200.0)
"""The straight part of the rails, between the ring and the rounded right end."""
BANDS = {"top": (22.0, 33.0), "strip": (41.0, 50.0), "bars": (53.0, 61.0), "bottom": (63.0, 74.0)}
"""Where the four rails lie, units from the frame's origin: over and under the name strip, between the bars, below."""
PROFILE_LEAST, CELLS_LEAST = 0.40, 0.48
"""Either shows the strip's rail. Restyled frames reach 0.27 and 0.42, stock ones 0.49 or 0.51 and more."""
EVEN_PROFILE_LEAST, EVENNESS_LEAST = 0.25, 0.15
"""A long text over the bars leaves little of the rail, but something all along it. A name on a restyled frame's tall bar
draws edges where the rail would be, and there alone: the second weakest part has -0.1 there, 0.2 under a text."""
PARTS = 8
SHIFTS = (-1, 0, 1)
"""A row of the fitted frame may be one unit off."""
REVERSED_BARS_LEAST = 0.15
"""With light and dark of the strip's rail reversed, or not told apart, the rail between the bars must vouch for the frame:
a restyled frame of two tall bars has an edge at the strip's rail (0.8) and none between the stock bars (0.0 at most,
however it is altered); stock frames have 0.23 and more."""

ENDS = ((97.0, 105.0), (190.0, 198.0))
"""Columns near the bar's two ends, which no number text reaches."""
STRIP_ROWS, HEALTH_ROWS = (33.0, 39.0), (49.0, 53.0)
LIT_LEAST = 40.0
"""Colourfulness (distance of the channels from their mean, 0-255) from which on a health bar is lit there; 90 and more."""
SAME_COLOUR = 0.35
"""Share of the bar's colour that the name strip above may have. Stock strips over any scenery have 0.1 at most, a health
bar that reaches up into the strip 1.0 and more."""
FILLED = 0.7
"""The same share from which on a lit strip is the bar itself, which has one hue with it (cosine `SAME_HUE` and more): tall
bars in a class's colour have 1.5 and more, a skinned strip of stock art 0.35 at most."""
SAME_HUE, HUE_LEAST = 0.9, 15.0
"""Below this colourfulness a bar's hue says nothing."""
OTHERS_LEAST = 0.45
"""Agreement of the top and the bottom rail at which the colours may speak for the one between."""


@dataclass(frozen=True, slots=True)
class Rails:
    """Agreement of each rail, -1..1, whatever its colours.

    Args:
        profile: that of the strip's rail in light and dark.
        evenness: the same of the second weakest of its parts.
    """

    cells: dict[str, float]
    profile: float
    evenness: float = 0.0

    @property
    def strip(self) -> bool:
        """Whether the rail that restyled frames lose is there."""
        even = self.profile >= EVEN_PROFILE_LEAST and self.evenness >= EVENNESS_LEAST
        if self.profile >= PROFILE_LEAST or even:
            return True
        return self.cells["strip"] >= CELLS_LEAST and (self.profile >= 0.0 or self.between)

    @property
    def clear(self) -> bool:
        """Whether light and dark of the strip's rail run as in stock art."""
        return self.profile >= EVEN_PROFILE_LEAST

    @property
    def others(self) -> bool:
        """Whether all rails but the strip's are there."""
        return self.between and min(self.cells["top"], self.cells["bottom"]) >= OTHERS_LEAST

    @property
    def between(self) -> bool:
        """Whether the rail between the bars is there, which frames of two tall bars lack."""
        return self.cells["bars"] >= REVERSED_BARS_LEAST


def rails(view: View, shape: Shape, at: Match) -> Rails:
    """Measure the rails of a classic unit frame found at `at`.

    Args:
        shape: the player frame's outline, with its sense.
    """
    field = direction_field(patch(view.plane, at.k, (at.x, at.y), shape.box))
    cells = {name: _cells(field, shape, band) for name, band in BANDS.items()}
    whole = np.flatnonzero(_inside(shape, BANDS["strip"])[1])
    parts = [max(_profile(field, shape, part, shift) for shift in SHIFTS) for part in np.array_split(whole, PARTS)]
    evenness = sorted(parts)[1]
    return Rails(cells, dominant([_profile(field, shape, whole, shift) for shift in SHIFTS], evenness), evenness)


def bar_ends_below_strip(image: Image, at: Match) -> bool:
    """Whether the health bar is lit and its colour does not reach up into the name strip.

    A resting character's golden glow and the numbers printed over the bars together hide the rail between the two; a
    restyled frame's tall bar shows its colour in the strip's place.
    """
    lit = [(strip, bar) for strip, bar in _ends(image, at) if float(np.linalg.norm(bar)) >= LIT_LEAST]
    return bool(lit) and all(float(strip @ bar) < SAME_COLOUR * float(bar @ bar) for strip, bar in lit)


def bar_fills_strip(image: Image, at: Match) -> bool:
    """Whether the name strip is lit in the health bar's hue at both ends: one tall bar, whose edge looks like a rail."""
    return all(_one_bar(strip, bar) for strip, bar in _ends(image, at))


def _one_bar(strip: NDArray[np.float64], bar: NDArray[np.float64]) -> bool:
    lit, coloured, along = float(np.linalg.norm(strip)), float(np.linalg.norm(bar)), float(strip @ bar)
    return lit >= LIT_LEAST and coloured >= HUE_LEAST and along >= max(SAME_HUE * lit, FILLED * coloured) * coloured


def _ends(image: Image, at: Match) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Colours of strip and health bar near the bar's two ends."""
    return [(_colour(image, at, columns, STRIP_ROWS), _colour(image, at, columns, HEALTH_ROWS)) for columns in ENDS]


def _colour(image: Image, at: Match, columns: tuple[float, float], rows: tuple[float, float]) -> NDArray[np.float64]:
    """Median of a part of the frame, channels less their mean."""
    left, right = (round(at.x + x * at.k) for x in columns)
    top, bottom = (round(at.y + y * at.k) for y in rows)
    part = image[max(0, top) : bottom + 1, max(0, left) : right + 1].reshape(-1, 3)
    middle = np.median(part, axis=0) if part.size else np.zeros(3)
    return np.asarray(middle - middle.mean(), np.float64)


def dominant(profiles: Sequence[float], evenness: float) -> float:
    """Of the profile's correlations at several shifts the one that says what is there.

    A rail is dark between light lines, so one unit off the true place it looks reversed, and as clearly: the stock order
    counts wherever it is clear, a reversed one only where no shift shows it.
    """
    best, clear = max(profiles), PROFILE_LEAST if evenness < EVENNESS_LEAST else EVEN_PROFILE_LEAST
    return best if best >= clear else max(profiles, key=abs)


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


def _profile(field: Field, shape: Shape, columns: NDArray[np.intp], shift: int) -> float:
    """Correlation of the strip's rail's light and dark lines, top to bottom, with the stock ones `shift` units lower."""
    rows, _ = _inside(shape, BANDS["strip"])
    stock = shape.kernel[1][:, columns].mean(axis=1)
    seen = np.median(field[1][:, columns], axis=1)
    return _correlation(np.roll(seen, shift)[rows], stock[rows])


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-9))
