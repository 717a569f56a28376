"""A sweep found on one icon whose bright look is not known, by its two edges."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.perception.patches import Floats
from wowbot.perception.sweep import EYE

POLAR_ANGLES, POLAR_RADII = 180, 20
FREE_STEP = 0.42
"""Least log-brightness step along both edges of a wedge seen without a reference (a factor of 1.5)."""
EVEN, EVEN_SHARE, EVEN_EDGES = 0.3, 0.45, 0.3
"""A shade is one factor: of each edge's log steps so many are within so much of the common one, and the two edges' middle
steps differ by less. Measured: sweeps on real buttons 0.46 to 1 and at most 0.17, art taken for one 0.44 or 0.32 (two of
20 apart from that by the other figure)."""
SHOWS = float(np.log(34.0 + 6.0))
"""Log brightness from which a bright side can show a step at all: the art's black parts cannot."""


class FreeSweep(NamedTuple):
    """A sweep found without a reference: share that remains, and share of its edges' steps that are one factor's."""

    remaining: float
    even: float


def free_sweep(crop: Image) -> FreeSweep | None:
    """Find a clockwise wedge in one icon whose bright look is unknown, by its two edges.

    Along both edges, at 12 o'clock and at the moving one, every radius steps by the same factor; edges of the art do
    not. The dark side must also be dark in its brightest parts. The box may lie a pixel off: the evenest centre wins.
    """
    light = np.asarray(np.log(crop.astype(np.float32) @ EYE + 6.0), np.float32)
    found = [_free_at(light, dx, dy) for dx in (-1.0, 0.0, 1.0) for dy in (-1.0, 0.0, 1.0)]
    return max((f for f in found if f is not None), key=lambda f: f.even, default=None)


def _free_at(light: Floats, dx: float, dy: float) -> FreeSweep | None:
    high, wide = light.shape
    radius = min(high, wide) / 2 * 0.94
    center = ((wide - 1) / 2 + dx, (high - 1) / 2 + dy)
    found = cv2.warpPolar(light, (POLAR_RADII, POLAR_ANGLES), center, radius, cv2.INTER_LINEAR)
    # warpPolar starts at 3 o'clock and runs clockwise.
    polar = np.asarray(np.roll(found, POLAR_ANGLES // 4, axis=0)[:, 4:], np.float32)
    after, before = _sides(polar)
    start = _edge(after, before)
    fall = _edge(before, after)
    fall[[0, 1, 2, 3, -1, -2, -3]] = 0.0
    at = int(np.argmax(fall))
    if start[0] < FREE_STEP or fall[at] < FREE_STEP:
        return None
    dark, bright = polar[at + 3 :], polar[1 : at - 2]
    if not dark.size or not bright.size or np.quantile(dark, 0.97) > np.quantile(bright, 0.97) - 0.3:
        return None
    even = _even(after[0], before[0], before[at], after[at])
    if even < EVEN_SHARE:
        return None
    drop = np.clip(before - after, 0.0, 1.6).sum(axis=1)
    around = np.arange(at - 3, at + 4)
    share = drop[around] - drop[around].min()
    elapsed = float((share * around).sum() / max(float(share.sum()), 1e-6)) / POLAR_ANGLES
    return FreeSweep(1.0 - elapsed, even)


def _even(bright: Floats, dark: Floats, other_bright: Floats, other_dark: Floats) -> float:
    """Least share of two edges' log steps (by radius) that are near one common step; 0 where the edges' steps differ."""
    steps = [(lit - dim)[lit > SHOWS] for lit, dim in ((bright, dark), (other_bright, other_dark))]
    first, second = (float(np.median(step)) for step in steps)
    if abs(first - second) > EVEN_EDGES:
        return 0.0
    return min(float((np.abs(step - (first + second) / 2) < EVEN).mean()) for step in steps)


def _sides(polar: Floats, reach: int = 3) -> tuple[Floats, Floats]:
    """Mean log brightness of `reach` angles after and before each angle, per radius."""
    after = sum(np.roll(polar, -i, axis=0) for i in range(reach)) / reach
    before = sum(np.roll(polar, i + 1, axis=0) for i in range(reach)) / reach
    return np.asarray(after, np.float32), np.asarray(before, np.float32)


def _edge(bright: Floats, dark: Floats) -> Floats:
    """How clear an edge each angle is: the step that two thirds of the radii with any light reach; 0 where few have."""
    lit = (bright > SHOWS).sum(axis=1)
    # the lower third of each row, sorted with its dark radii last: np.nanquantile takes a thousand times longer
    step = np.sort(np.where(bright > SHOWS, bright - dark, np.inf), axis=1)
    place = 0.33 * np.maximum(lit - 1, 0)
    low = place.astype(int)
    rows = np.arange(len(step))
    below, above = step[rows, low], step[rows, np.minimum(low + 1, np.maximum(lit - 1, 0))]
    with np.errstate(invalid="ignore"):
        third = below + (above - below) * (place - low)
    return np.where(lit >= 6, third, 0.0).astype(np.float32)
