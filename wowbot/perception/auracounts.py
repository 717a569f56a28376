"""The count printed on an aura's icon, and when it may have changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.reading import Reading
from wowbot.perception.glyphs import Rule, read_number
from wowbot.perception.patches import Floats
from wowbot.perception.shade import lift
from wowbot.perception.sweep import EYE, Fit

SAME = 0.9
"""Least likeness of two patches that show the same count."""


def count_patches(pictures: Floats, fit: Fit | None, cells: NDArray[np.intp], way: Floats) -> Floats:
    """What the cells that a count may cover look like, a sweep's shade undone: one unit vector (n, k) for each icon.

    Args:
        pictures: (n, 3, CELLS). fit: of their sweeps, None = they have none.
        cells: which of them a count may cover. way: where these stand on a sweep's way, 0..1.
    """
    light = pictures[:, :, cells].min(axis=1)
    if fit is not None:
        dim = (fit.dark @ EYE) / np.maximum(fit.bright @ EYE, 1e-3)
        under = (way < 1 - fit.remaining[:, None]) & fit.swept[:, None]
        light = light / np.where(under, dim[:, None], np.float32(1.0))
    patches = light - (light.sum(axis=1) / light.shape[1])[:, None]
    return np.asarray(patches / np.maximum(np.sqrt(np.einsum("nk,nk->n", patches, patches)), 1.0)[:, None], np.float32)


def printed_count(icon: Image, passed: float, shade: float, unit: float) -> Reading:
    """The count printed at the lower right of an icon; 1 where none is.

    Args:
        passed: share of its way that a sweep's edge has gone, 0 = no sweep. shade: what the dark side keeps.
        unit: pixels per UI unit.
    """
    crop = lift(icon, passed, shade, "reverse")
    high, wide = crop.shape[:2]
    top, left = round(0.38 * high), round(0.05 * wide)
    right, bottom = wide - 1.0 * unit - left, high - 0.6 * unit - top
    number = read_number(crop[top:, left:], Rule(5.0 * unit, 12.5 * unit, right=right, bottom=bottom, slack=2.6 * unit))
    if number.doubt:
        return Reading(None, 0.0, number.doubt)
    return Reading(float(number.text) if number.text else 1.0, round(number.confidence, 3))
