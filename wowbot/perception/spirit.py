"""Whether the own character is a released spirit: next to no health, in a world drained to one cold tint.

A client draws a ghost's world as grey times a bluish tint, so all of it has one hue whatever the place and the hour.
Measured: at least 91 % of a drained world's points share their hue; of 50 real screenshots (water, snow, night among them)
five have more than 80 %, all of a warm or of a saturated hue.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.reading import Reading, unknown

Points = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns to sample."""
ALIVE_PCT = 3.0
"""A ghost has one point of health; the portrait's ring may hide up to so much."""
LIT = 40.0
"""Least sum of the channels of a point that tells its hue."""
LIT_SHARE = 0.15
ONE_HUE, MANY_HUES = 0.85, 0.7
"""Share of the points with the common hue, from which the world is drained, and below which it is not."""
LEAST_RED = 0.15
"""A drained world is pale: its red is at least this share of the light (water and deep night have less)."""
DARK = unknown("the world is too dark to tell whether it is drained of colour")
NEITHER = unknown("the world is neither clearly drained of colour nor clearly coloured")


def spirit(image: Image, places: Points, health_pct: float | None) -> Reading:
    """Read `ghost`.

    Args:
        image: the frame, BGR uint8.
        places: rows and columns of points of the world; only looked at when there is next to no health.
        health_pct: own health as last read; None = unknown.
    """
    if health_pct is None:
        return unknown("health is not known yet")
    if health_pct > ALIVE_PCT:
        return Reading(0.0)
    points = image[places]
    light = points.sum(axis=1, dtype=np.float32)
    lit = light > LIT
    if lit.mean() < LIT_SHARE:
        return DARK
    hues = points[lit] / light[lit, None]
    hue = np.median(hues, axis=0)
    alike = float((np.abs(hues - hue).max(axis=1) < 0.012 + 1.5 / light[lit]).mean())
    blue, green, red = hue.tolist()
    if alike < MANY_HUES or not (blue > red + 0.01 and blue > green - 0.01 and green > red - 0.01 and red > LEAST_RED):
        return Reading(0.0, 0.9)
    return Reading(1.0, 0.9) if alike > ONE_HUE else NEITHER
