"""How much of a cooldown sweep remains, from the pixels of an icon.

A client darkens the remaining part of an icon by a constant factor per channel. Against the icon's bright look R the
picture I is therefore I = g1 R on one side of the moving edge and I = g2 R on the other. With the cells sorted in the
order in which the edge passes them, prefix sums give the least-squares error of every possible edge at once, for all
icons; the cells that the edge cuts then tell where between two cells it stands. The gains also tell tints (not usable, no
power), and they bear gamma and brightness changes, which act alike on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wowbot.perception.patches import CELLS, Floats, Mask, Order

STEP = 5
"""Edges are tried after every fifth cell; the blend tells the rest."""
WINDOW = 16
"""Cells looked at on either side of the best edge to place it between cells; some 14 degrees."""
BLEND = 6
"""Cells on either side of the edge that may be a blend, the step's error included."""
THIN = 36
"""A side with fewer cells than this cannot tell its own gain."""
MIN_CONTRAST = 0.82
"""A dark side brighter than this share of the bright one is no sweep (the faintest client swipe is near 0.5)."""
MIN_GAIN_F = 60.0
"""A second side must explain this many times the remaining error per cell."""
NOISE_VAR = 1.0
"""Least error per cell and channel that is believed, grey levels squared: rounding of a resampled clean frame."""
EYE = np.asarray([0.114, 0.587, 0.299], np.float32)
"""Weights of B, G, R in luminance."""


@dataclass(slots=True)
class Look:
    """Bright looks of n icons, with what every fit needs of them.

    Attributes:
        ref: (n, 3, CELLS) grey levels.
        weight: (n, 1, CELLS), 0 = not looked at (texts, borders).
        weighted: ref * weight.
        power: prefix sums of weighted * ref.
        inverse, inverse_rest: 1 / power up to each cell, 1 / power after it.
        mass: (n, CELLS) prefix sums of the weight.
    """

    ref: Floats
    weight: Floats
    weighted: Floats
    power: Floats
    inverse: Floats
    inverse_rest: Floats
    mass: Floats

    @classmethod
    def empty(cls, n: int) -> Look:
        """Room for n looks, all black."""
        ref, weighted, power, inverse, rest = (np.zeros((n, 3, CELLS), np.float32) for _ in range(5))
        weight, mass = np.zeros((n, 1, CELLS), np.float32), np.zeros((n, CELLS), np.float32)
        return cls(ref, weight, weighted, power, inverse, rest, mass)

    def put(self, row: int, ref: Floats, weight: Floats) -> None:
        """Take a look: ref (3, CELLS), weight (CELLS,)."""
        self.ref[row], self.weight[row, 0] = ref, weight
        self.mass[row] = np.cumsum(weight)
        self.weighted[row] = ref * weight
        power = np.cumsum(self.weighted[row] * ref, axis=1, dtype=np.float64)
        tiny = 1e-6 * power[:, -1:] + 1e-3
        self.power[row] = power
        self.inverse[row] = 1.0 / (power + tiny)
        self.inverse_rest[row] = 1.0 / (power[:, -1:] - power + tiny)

    def rows(self, rows: NDArray[np.intp]) -> Look:
        """The looks of some rows."""
        return Look(*(getattr(self, name)[rows] for name in Look.__slots__))


@dataclass(slots=True)
class Fit:
    """The best sweep for each of n icons.

    Attributes:
        remaining: share of the sweep that remains, 0..1; 0 = no sweep.
        swept: a sweep's edge was found.
        bright, dark: gain of the two sides against the look, (n, 3) BGR; equal without a sweep.
        error: root mean square of what the model leaves, grey levels.
        likeness: 0..1, share of the picture's variance that the model explains.
        precision: where information is thin round the edge (black parts of an icon), how far off it may be, as a share.
    """

    remaining: Floats
    swept: Mask
    bright: Floats
    dark: Floats
    error: Floats
    likeness: Floats
    precision: Floats

    def row(self, i: int) -> Fit:
        """The fit of one icon, as arrays of length 1."""
        return Fit(*(getattr(self, name)[i : i + 1] for name in Fit.__slots__))


def fit_sweeps(picture: Floats, look: Look, order: Order, shade: float = 0.2, *, texts_swept: bool = False) -> Fit:
    """Fit every icon by its look.

    Args:
        picture: (n, 3, CELLS) in sweep order, grey levels.
        look: the same icons' bright looks.
        order: the sweep order of the cells.
        shade: share of its light that the dark side of a sweep keeps; used where one side is too thin to tell.
        texts_swept: printed texts darken with the icon, so that their cells help to place the edge of an untinted one.
    """
    n = len(picture)
    rows = np.arange(n)
    cross = np.cumsum(picture * look.weighted, axis=2)
    whole = cross[:, :, -1]
    at = cross[:, :, STEP - 1 :: STEP]
    rest = whole[:, :, None] - at
    explained = at * at * look.inverse[:, :, STEP - 1 :: STEP] + rest * rest * look.inverse_rest[:, :, STEP - 1 :: STEP]
    total = explained.sum(axis=1)
    one_side = total[:, -1].copy()
    step = np.argmax(total[:, :-1], axis=1)
    cut, best = (step + 1) * STEP, total[rows, step]
    seen = picture * look.weight
    energy = np.einsum("ncm,ncm->nc", seen, picture)
    mass = look.weight.sum(axis=(1, 2))
    darker = _darker(cross, look.power, cut, order)
    first, second = _gains(cross, look.power, cut, order, shade)
    left = np.maximum((energy.sum(axis=1) - best) / np.maximum(3 * mass, 8.0), NOISE_VAR)
    swept = (best - one_side > MIN_GAIN_F * left) & darker
    flat = whole * look.inverse[:, :, -1]
    bright = (second if order.dark_first else first) @ EYE
    whole_look = texts_swept & (np.abs(bright - 1.0) < 0.15)
    weight = np.where(whole_look[:, None, None], 1.0, look.weight)
    passed, precision = _place(picture, (look.ref, weight), cut, (first, second), order)
    remaining = np.where(swept, np.clip(order.remaining(passed), 0.0, 1.0), 0.0).astype(np.float32)
    sides = np.where(swept[:, None], first, flat), np.where(swept[:, None], second, flat)
    bright, dark = (sides[1], sides[0]) if order.dark_first else sides
    error = np.maximum(energy.sum(axis=1) - np.where(swept, best, one_side), 0.0)
    spread = _spread(seen, energy, look, np.where(swept, cut, CELLS))
    likeness = 1.0 - error / np.maximum(spread, NOISE_VAR * 3 * mass + 1e-3)
    error = np.sqrt(error / np.maximum(3 * mass, 1.0))
    precision = np.where(swept, precision, 0.0).astype(np.float32)
    return Fit(remaining, swept, bright, dark, error, np.clip(likeness, 0.0, 1.0).astype(np.float32), precision)


def misses(picture: Floats, look: Look, order: Order, fit: Fit) -> Mask:
    """Cells (n, CELLS) that the fitted model does not explain: something lies over the icon there, or it is another."""
    way = (order.edges[:-1] + order.edges[1:]) / 2
    passed = order.remaining(fit.remaining)
    passed = np.where(fit.swept, passed, 0.0 if order.dark_first else 1.0)
    before = way < passed[:, None]
    front, back = (fit.dark, fit.bright) if order.dark_first else (fit.bright, fit.dark)
    model = np.where(before[:, None], front[:, :, None], back[:, :, None]) * look.ref
    off = np.abs(picture - model).max(axis=1) > 14.0 + 0.2 * model.max(axis=1)
    # The edge's own cells are a blend.
    return np.asarray(off & ~(fit.swept[:, None] & (np.abs(way - passed[:, None]) < 0.02)))


def _darker(cross: Floats, power: Floats, cut: NDArray[np.intp], order: Order) -> Mask:
    """Whether the side that should be dark is, in the cells as they are; a thin side is mostly blend."""
    rows = np.arange(len(cut))
    floor = 1e-6 * power[:, :, -1] + 1e-3
    front = (cross[rows, :, cut - 1] / (power[rows, :, cut - 1] + floor)) @ EYE
    rest = power[:, :, -1] - power[rows, :, cut - 1]
    back = ((cross[:, :, -1] - cross[rows, :, cut - 1]) / (rest + floor)) @ EYE
    bright, dark = (back, front) if order.dark_first else (front, back)
    thin = (cut < THIN) | (cut > CELLS - THIN)
    return np.asarray(dark < np.where(thin, 0.86, MIN_CONTRAST) * bright)


def _gains(cross: Floats, power: Floats, cut: NDArray[np.intp], order: Order, shade: float) -> tuple[Floats, Floats]:
    """Gain of either side of the cut, the cells beside the edge left out, since it blends them.

    A side too thin to leave them out takes its gain from the other one by the known shade.
    """
    rows, last = np.arange(len(cut)), cross.shape[2] - 1
    low, high = np.maximum(cut - 1 - BLEND, 0), np.minimum(cut - 1 + BLEND, last)
    floor = 1e-6 * power[:, :, -1] + 1e-3
    first = cross[rows, :, low] / (power[rows, :, low] + floor)
    second = (cross[:, :, -1] - cross[rows, :, high]) / (power[:, :, -1] - power[rows, :, high] + floor)
    thin_first, thin_second = (cut < THIN)[:, None], (cut > last + 1 - THIN)[:, None]
    if order.dark_first:
        first = np.where(thin_first, second * shade, first)
        second = np.where(thin_second, _lit(first / shade), second)
    else:
        first = np.where(thin_first, _lit(second / shade), first)
        second = np.where(thin_second, first * shade, second)
    return first.astype(np.float32), second.astype(np.float32)


def _lit(gain: NDArray[np.floating]) -> Floats:
    """A bright side's gain guessed from the dark one: near 1 it is 1, since most icons under a sweep are not tinted."""
    light = (gain @ EYE)[:, None]
    return np.asarray(np.where((light > 0.6) & (light < 1.6), 1.0, gain), np.float32)


def _place(
    picture: Floats,
    look: tuple[Floats, NDArray[np.floating]],
    cut: NDArray[np.intp],
    gains: tuple[Floats, Floats],
    order: Order,
) -> tuple[Floats, Floats]:
    """Where between the cells the edge stands: the cells it cuts are a blend of both sides.

    Returns:
        (share of the way passed, how far off it may be).
    """
    n, _, cells = picture.shape
    start = np.clip(cut - WINDOW, 0, cells - 2 * WINDOW)
    at = start[:, None, None] + np.arange(2 * WINDOW)
    first, second = gains
    ref, pic, weight = (np.take_along_axis(planes, at, axis=2) for planes in (look[0], picture, look[1]))
    step = (first - second)[:, :, None] * ref
    worth = (step * step * weight).sum(axis=1)
    share = ((pic - second[:, :, None] * ref) * step * weight).sum(axis=(1, 2))
    heap = np.zeros((n, 2 * WINDOW + 1), np.float32)
    np.cumsum(worth, axis=1, out=heap[:, 1:])
    total = heap[:, -1]
    covered = np.clip(share, 0.0, total)
    edges = order.edges[at[:, 0, :1] + np.arange(2 * WINDOW + 1)]
    row = np.arange(n)
    slot = np.clip((heap <= covered[:, None]).sum(axis=1) - 1, 0, 2 * WINDOW - 1)
    span = heap[row, slot + 1] - heap[row, slot]
    inside = np.where(span > 0, (covered - heap[row, slot]) / np.where(span > 0, span, 1.0), 0.5)
    passed = edges[row, slot] + inside * (edges[row, slot + 1] - edges[row, slot])
    # Three grey levels of error in every cell, all one way, would move the edge this far.
    error = 3.0 * np.sqrt(np.maximum(total, 1.0) * 2 * WINDOW)
    precision = np.minimum(error / np.maximum(total, 1.0), 1.0) * (edges[:, -1] - edges[:, 0])
    return passed.astype(np.float32), precision.astype(np.float32)


def _spread(seen: Floats, energy: Floats, look: Look, cut: NDArray[np.intp]) -> Floats:
    """Variance of the picture about the mean colour of either side of the cut, summed over cells and channels."""
    rows = np.arange(len(cut))
    sums = np.cumsum(seen, axis=2)
    total, front = sums[:, :, -1], sums[rows, :, cut - 1]
    mass_front = look.mass[rows, cut - 1][:, None]
    mass = look.mass[:, -1:]
    spread = (
        energy - front**2 / np.maximum(mass_front, 1e-3) - (total - front) ** 2 / np.maximum(mass - mass_front, 1e-3)
    )
    return np.asarray(spread.sum(axis=1), np.float32)
