"""How much of a cooldown sweep remains, from the pixels of an icon.

A client darkens the remaining part of an icon by a constant factor per channel. Against the icon's bright look R the
picture I is therefore I = g1 R on one side of the moving edge and I = g2 R on the other. With the cells sorted in the
order in which the edge passes them, prefix sums give the least-squares error of every possible edge at once, for all
icons; the cells that the edge cuts then tell where between two cells it stands. The gains also tell tints (not usable, no
power), and they bear gamma and brightness changes, which act alike on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.perception.patches import CELLS, TURNS, Floats, Mask, Order

STEP = 5
"""Edges are tried after every fifth cell; the blend tells the rest."""
CUTS = CELLS // STEP
WINDOW = 16
"""Cells looked at on either side of the best edge to place it between cells; some 14 degrees."""
LOOKS = 4
"""Most times the window is moved on, when the edge stands at its end."""
TRIED = 5
"""Places on either side of the first guess, TURNS to the whole way, of which the exact one is interpolated."""
THIN = 36 // STEP + 1
"""A side with fewer tried edges than this, some 36 cells, cannot tell its own gain."""
BLENDED, BLEND = 70 // STEP + 1, 0.2
"""A dark front side with fewer, some 70 cells, is so much blended at its two ends that it seems brighter than it is; the
known shade is believed where it is off by no more than this share."""
MIN_CONTRAST = 0.82
"""A dark side brighter than this share of the bright one is no sweep (the faintest client swipe is near 0.5)."""
MIN_GAIN_F = 60.0
"""A second side must explain this many times the remaining error per cell."""
NOISE_VAR = 1.0
"""Least error per cell and channel that is believed, grey levels squared: rounding of a resampled clean frame."""
EYE = np.asarray([0.114, 0.587, 0.299], np.float32)
"""Weights of B, G, R in luminance."""


_UP_TO = np.tril(np.ones((CUTS, CUTS), np.float32)).repeat(STEP, axis=1)
"""(CUTS, CELLS): 1 for the cells before each tried edge."""


@dataclass(slots=True)
class Look:
    """Bright looks of n icons, with what every fit needs of them.

    Attributes:
        ref: (n, 3, CELLS) grey levels.
        weight: (n, 1, CELLS), 0 = not looked at (texts, borders).
        weighted: ref * weight.
        power: (n, 3, CUTS) sums of weighted * ref up to each tried edge.
        inverse, inverse_rest: 1 / power up to the edge, 1 / power after it.
        mass: (n, CUTS) sums of the weight.
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
        ref, weighted = (np.zeros((n, 3, CELLS), np.float32) for _ in range(2))
        power, inverse, rest = (np.zeros((n, 3, CUTS), np.float32) for _ in range(3))
        weight, mass = np.zeros((n, 1, CELLS), np.float32), np.zeros((n, CUTS), np.float32)
        return cls(ref, weight, weighted, power, inverse, rest, mass)

    def put(self, row: int, ref: Floats, weight: Floats) -> None:
        """Take a look: ref (3, CELLS), weight (CELLS,)."""
        self.ref[row], self.weight[row, 0] = ref, weight
        self.mass[row] = np.cumsum(weight)[STEP - 1 :: STEP]
        self.weighted[row] = ref * weight
        power = np.cumsum(self.weighted[row] * ref, axis=1, dtype=np.float64)[:, STEP - 1 :: STEP]
        tiny = 1e-6 * power[:, -1:] + 1e-3
        self.power[row] = power
        self.inverse[row] = 1.0 / (power + tiny)
        self.inverse_rest[row] = 1.0 / (power[:, -1:] - power + tiny)

    def rows(self, rows: NDArray[np.intp]) -> Look:
        """The looks of some rows, ascending; rows that follow each other are not copied."""
        whole = len(rows) > 0 and rows[-1] - rows[0] + 1 == len(rows)
        at = slice(int(rows[0]), int(rows[-1]) + 1) if whole else rows
        return Look(
            self.ref[at], self.weight[at], self.weighted[at], self.power[at], self.inverse[at], self.inverse_rest[at],
            self.mass[at],
        )  # fmt: skip


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

    def take(self, at: NDArray[np.intp], other: Fit, chosen: Mask) -> None:
        """Put the chosen ones of another fit, whose icons are those `at` these places of this one, in theirs."""
        for name in Fit.__slots__:
            getattr(self, name)[at[chosen]] = getattr(other, name)[chosen]


def fit_sweeps(picture: Floats, look: Look, order: Order, shade: float = 0.2, *, texts_swept: bool = False) -> Fit:
    """Fit every icon by its look.

    Args:
        picture: (n, 3, CELLS) in sweep order, grey levels.
        look: the same icons' bright looks.
        order: the sweep order of the cells.
        shade: share of its light that the dark side of a sweep keeps; used where one side is too thin to tell.
        texts_swept: printed texts darken with the icon, so that their cells help to place the edge of an untinted one.
    """
    rows = np.arange(len(picture))
    cross = _sums_up_to_cuts(picture * look.weighted)
    whole = cross[:, :, -1]
    rest = whole[:, :, None] - cross
    explained = cross * cross * look.inverse + rest * rest * look.inverse_rest
    total = explained[:, 0] + explained[:, 1] + explained[:, 2]
    one_side = total[:, -1]
    step = total[:, :-1].argmax(axis=1)
    best = total[rows, step]
    seen = picture * look.weight
    energy = np.einsum("ncm,ncm->nc", seen, picture)
    mass, light = look.mass[:, -1], energy.sum(axis=1)
    left = np.maximum((light - best) / np.maximum(3 * mass, 8.0), NOISE_VAR)
    swept = best - one_side > MIN_GAIN_F * left
    first = second = flat = whole * look.inverse[:, :, -1]
    remaining = precision = np.zeros(len(rows), np.float32)
    if swept.any():
        swept &= _darker(cross, look.power, step, order)
        gains = _gains(cross, look.power, step, order, shade)
        weight = look.weight
        if texts_swept:
            bright = (gains[1] if order.dark_first else gains[0]) @ EYE
            weight = np.where((np.abs(bright - 1.0) < 0.15)[:, None, None], np.float32(1.0), weight)
        remaining, precision = np.zeros((2, len(rows)), np.float32)
        at, cut = np.flatnonzero(swept), ((step + 1) * STEP)[swept]
        # Where texts hide the cells the first guess is any place among them: follow the edge until it stands still.
        for _ in range(1 + LOOKS):
            passed, precision[at] = _place(picture, (look.ref, weight), at, cut, gains, order)
            remaining[at] = order.remaining(passed)
            now = np.searchsorted(order.edges, passed)
            moves = np.abs(now - cut) > WINDOW // 2
            if not moves.any():
                break
            at, cut = at[moves], now[moves]
        remaining = np.minimum(np.maximum(remaining, 0.0), 1.0)
        first, second = (np.where(swept[:, None], gain, flat) for gain in gains)
    error = np.maximum(light - np.where(swept, best, one_side), 0.0)
    spread = _spread(seen, energy, look.mass, np.where(swept, step, CUTS - 1))
    likeness = 1.0 - error / np.maximum(spread, NOISE_VAR * 3 * mass + 1e-3)
    bright, dark = (second, first) if order.dark_first else (first, second)
    error = np.sqrt(error / np.maximum(3 * mass, 1.0))
    return Fit(remaining, swept, bright, dark, error, np.minimum(np.maximum(likeness, 0.0), 1.0), precision)


def _sums_up_to_cuts(table: Floats) -> Floats:
    """(n, 3, CUTS): sums of a table (n, 3, CELLS) up to each tried edge.

    OpenCV's sums over rectangles take a fifth of the time of numpy's along lines; a matrix product would be split over
    threads by some BLAS libraries, which costs far more than it saves.
    """
    blocks = table[..., ::STEP] + table[..., 1::STEP]
    for k in range(2, STEP):
        blocks += table[..., k::STEP]
    areas = cv2.integral(blocks.reshape(-1, CUTS))[:, 1:]
    return np.asarray(areas[1:] - areas[:-1], np.float32).reshape(blocks.shape)


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


def _darker(cross: Floats, power: Floats, step: NDArray[np.intp], order: Order) -> Mask:
    """Whether the side that should be dark is, in the cells as they are; a thin side is mostly blend."""
    rows = np.arange(len(step))
    part, whole = power[rows, :, step], power[:, :, -1]
    floor = 1e-6 * whole + 1e-3
    seen = cross[rows, :, step]
    front = (seen / (part + floor)) @ EYE
    back = ((cross[:, :, -1] - seen) / (whole - part + floor)) @ EYE
    bright, dark = (back, front) if order.dark_first else (front, back)
    thin = (step < THIN - 1) | (step >= CUTS - THIN)
    return np.asarray(dark < np.where(thin, 0.86, MIN_CONTRAST) * bright)


def _gains(cross: Floats, power: Floats, step: NDArray[np.intp], order: Order, shade: float) -> tuple[Floats, Floats]:
    """Gain of either side of the cut, the cells beside the edge left out, since it blends them.

    A side too thin to leave them out takes its gain from the other one by the known shade.
    """
    rows = np.arange(len(step))
    low, high = np.maximum(step - 1, 0), np.minimum(step + 1, CUTS - 1)
    whole = power[:, :, -1]
    floor = 1e-6 * whole + 1e-3
    first = cross[rows, :, low] / (power[rows, :, low] + floor)
    second = (cross[:, :, -1] - cross[rows, :, high]) / (whole - power[rows, :, high] + floor)
    thin_first, thin_second = (step < THIN - 1)[:, None], (step >= CUTS - THIN)[:, None]
    if order.dark_first:
        known = second * shade
        near = np.abs(first @ EYE - known @ EYE) < BLEND * (known @ EYE)
        thin_first |= ((step < BLENDED - 1) & near)[:, None]
        first = np.where(thin_first, known, first)
        second = np.where(thin_second, _lit(first / shade), second)
    else:
        first = np.where(thin_first, _lit(second / shade), first)
        second = np.where(thin_second, first * shade, second)
    return first.astype(np.float32, copy=False), second.astype(np.float32, copy=False)


def _lit(gain: NDArray[np.floating]) -> Floats:
    """A bright side's gain guessed from the dark one: near 1 it is 1, since most icons under a sweep are not tinted."""
    light = (gain @ EYE)[:, None]
    return np.asarray(np.where((light > 0.6) & (light < 1.6), 1.0, gain), np.float32)


def _place(
    picture: Floats,
    look: tuple[Floats, NDArray[np.floating]],
    at: NDArray[np.intp],
    cut: NDArray[np.intp],
    gains: tuple[Floats, Floats],
    order: Order,
) -> tuple[Floats, Floats]:
    """Where between the cells the edge stands: the cells it cuts are a blend of both sides.

    Args:
        at: icons to look at. cut: the cell near which the edge of each of these stands.

    Returns:
        (share of the way passed, how far off it may be).
    """
    n = len(at)
    start = np.minimum(np.maximum(cut - WINDOW, 0), CELLS - 2 * WINDOW)
    ref, pic, weight = (_windows(table)[at, start] for table in (look[0], picture, look[1]))
    weight = weight[:, 0]
    row = np.arange(n)
    first, second = gains[0][at], gains[1][at]
    step = (first - second)[:, :, None] * ref
    worth = np.einsum("ncw,ncw->nw", step, step) * weight
    share = np.einsum("ncw,ncw,nw->n", pic - second[:, :, None] * ref, step, weight)
    heap = np.zeros((n, 2 * WINDOW + 1), np.float32)
    np.cumsum(worth, axis=1, out=heap[:, 1:])
    total = heap[:, -1]
    covered = np.minimum(np.maximum(share, 0.0), total)
    slot = np.minimum((heap <= covered[:, None]).sum(axis=1) - 1, 2 * WINDOW - 1)
    below, above = heap[row, slot], heap[row, slot + 1]
    span = above - below
    inside = np.where(span > 0, (covered - below) / np.where(span > 0, span, 1.0), 0.5)
    place, edges = start + slot, order.edges
    passed = edges[place] + inside * (edges[place + 1] - edges[place])
    passed = _between(passed, start, worth, covered, order)
    # Three grey levels of error in every cell, all one way, would move the edge this far.
    total = np.maximum(total, 1.0)
    precision = np.minimum(3.0 * np.sqrt(total * 2 * WINDOW) / total, 1.0) * (edges[start + 2 * WINDOW] - edges[start])
    return passed.astype(np.float32, copy=False), precision.astype(np.float32, copy=False)


def _windows(table: NDArray[np.floating]) -> NDArray[np.floating]:
    """(n, starts, c, 2 * WINDOW): the cells from every start on, of a table (n, c, CELLS); a view."""
    table = np.ascontiguousarray(table)
    n, channels, _ = table.shape
    rows, planes, cells = table.strides
    return _view(table, (n, CELLS - 2 * WINDOW + 1, channels, 2 * WINDOW), (rows, cells, planes, cells))


def _view(table: NDArray[np.floating], shape: tuple[int, ...], strides: tuple[int, ...]) -> NDArray[np.floating]:
    """numpy's as_strided, of a table without gaps, in a sixth of its time."""
    return np.ndarray(shape, table.dtype, table, 0, strides)


def _between(passed: Floats, start: NDArray[np.intp], worth: Floats, covered: Floats, order: Order) -> Floats:
    """The place of the edge near `passed` at which the cells' shares that it has passed add up to what is covered.

    Args:
        start: the first cell of each window that `worth` (n, 2 * WINDOW) is of.
    """
    first = np.minimum(np.maximum((passed * TURNS).round().astype(np.intp), TRIED), TURNS - TRIED) - TRIED
    line, cell = order.cover.strides
    shape = (TURNS + 1 - 2 * TRIED, CELLS - 2 * WINDOW + 1, 2 * TRIED + 1, 2 * WINDOW)
    near = _view(order.cover, shape, (line, cell, line, cell))[first, start]
    mass = np.einsum("naw,nw->na", near, worth)
    row = np.arange(len(passed))
    at = np.minimum(np.maximum((mass <= covered[:, None]).sum(axis=1) - 1, 0), 2 * TRIED - 1)
    below, above = mass[row, at], mass[row, at + 1]
    inside = np.minimum(np.maximum((covered - below) / np.maximum(above - below, 1e-6), 0.0), 1.0)
    return np.asarray((first + at + inside) / TURNS, np.float32)


def _spread(seen: Floats, energy: Floats, mass: Floats, step: NDArray[np.intp]) -> Floats:
    """Variance of the picture about the mean colour of either side of the cut, summed over cells and channels."""
    rows = np.arange(len(step))
    total, front = seen.sum(axis=2), np.einsum("ncm,nm->nc", seen, _UP_TO[step])
    ahead = mass[rows, step][:, None]
    behind = mass[:, -1:] - ahead
    spread = energy - front**2 / np.maximum(ahead, 1e-3) - (total - front) ** 2 / np.maximum(behind, 1e-3)
    return np.asarray(spread.sum(axis=1), np.float32)
