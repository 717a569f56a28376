"""What is known of one aura icon, and how pictures of icons are compared when no sweep can lie over them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wowbot.core.reading import Reading
from wowbot.perception.icons import Match
from wowbot.perception.patches import Floats, Mask, Order
from wowbot.perception.sweep import Fit, Look, fit_sweeps, misses

ALIKE = 0.72
"""Share of the variance a known look must explain to be the same icon still."""
EDGES = np.linspace(0.02, 0.98, 97, dtype=np.float32)
"""Shares of a sweep that may remain, one in a hundred apart."""
ART = 0.03
"""How far off an edge may be that stands where little of an icon's art is seen, as a share of its way."""
WHITE = 200.0
"""Least level of white text."""
NO, ONE = Reading(0.0), Reading(1.0)


@dataclass(slots=True)
class Seen:
    """An icon at one place of the row.

    Attributes:
        look: its bright look (3, CELLS); `fresh` when it is its own and not a template.
        timed: a sweep was seen on it; `vague` when its edge cannot be placed.
        floor: likeness below which it is another icon; lower where even its first fit was poor (small, half dark).
        time: the last time read under it, and when; `maybe` the one read last, not yet believed.
        harmful, school: of its border.
    """

    match: Match
    look: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    fresh: bool = False
    stacks: Reading = ONE
    patch: Floats | None = field(default=None, repr=False)
    sweep: float = -1.0
    timed: bool = False
    vague: bool = False
    floor: float = ALIKE
    time: float | None = None
    maybe: float = -10.0
    time_ns: int = 0
    harmful: Reading = NO
    school: Reading = field(default=Reading("none"))


def centred(pictures: Floats) -> Floats:
    """Pictures (n, 3, k) with each channel's mean removed."""
    return np.asarray(pictures - (pictures.sum(axis=2) / pictures.shape[2])[:, :, None], np.float32)


def likeness(pictures: Floats, looks: Floats) -> tuple[Floats, Floats]:
    """Correlation of pictures (n, 3, k) with centred looks of as many rows, and how much of their contrast they have.

    An own aura fades in and out before it ends: then it has less.
    """
    a = centred(pictures)
    if len(a) < len(looks):
        a = np.repeat(a, len(looks), axis=0)
    both, own, theirs = (np.einsum("nck,nck->n", *pair) for pair in ((a, looks), (a, a), (looks, looks)))
    return both / np.maximum(np.sqrt(own * theirs), 1e-3), both / np.maximum(theirs, 1e-3)


def clear_cells(picture: Floats, look: Floats, art: Mask, order: Order, shade: float) -> Floats:
    """Weights (CELLS,) of an icon's cells: 0 for those that a printed count covers, which the look does not explain.

    An edge that stands among the cells where a count may be leaves no trace in the others: of all edges that these allow
    it is the one by which the fewest cells are missed.

    Args:
        picture, look: (3, CELLS), now and bright.
        art: cells that no count can cover.
        shade: see `fit_sweeps`.
    """
    one, weight = Look.empty(1), art.astype(np.float32)
    one.put(0, look, weight)
    fit = fit_sweeps(picture[None], one, order, shade)
    if fit.swept[0]:
        fit = _least_missed(picture, one, order, fit)
    for _ in range(2):
        weight = np.where(art | ~misses(picture[None], one, order, fit)[0], np.float32(1.0), np.float32(0.0))
        one.put(0, look, weight)
        fit = fit_sweeps(picture[None], one, order, shade)
    return weight


def _least_missed(picture: Floats, look: Look, order: Order, fit: Fit) -> Fit:
    """The fit with the edge moved to where the model misses the fewest cells; its two gains stay."""
    n = len(EDGES)
    tried = Fit(*(np.repeat(getattr(fit, name), n, axis=0) for name in Fit.__slots__))
    tried.remaining = EDGES
    missed = misses(np.broadcast_to(picture, (n, *picture.shape)), look.rows(np.zeros(n, np.intp)), order, tried)
    return tried.row(int(missed.sum(axis=1).argmin()))


def split_text(light: Floats, text: Mask, way: Floats, passed: float, shade: float) -> float:
    """Where a sweep's edge stands by the white text that it divides: bright beyond it, `shade` of that before it.

    A bright cell before the edge cannot be; a dim one beyond it may be a stroke's own soft side.

    Args:
        light: least channel of some cells, in the order in which the edge passes them.
        text: which of them a text covers.
        way: where they stand on the way, 0..1.
        passed: where the icon's art says that the edge is.
    """
    covered = way[text]
    if not covered.min() < passed < covered.max():
        return passed
    bright = text & (light > WHITE)
    dim = text & (light > WHITE * shade) & (light < 280.0 * shade)
    right = np.concatenate([[0.0], np.cumsum(1.8 * dim)])
    right[:-1] += np.cumsum(4.0 * bright[::-1])[::-1]
    tried = np.linspace(passed - 3 * ART, passed + 3 * ART, 121)
    score = right[np.searchsorted(way, tried)] - ((tried - passed) / ART) ** 2 / 2
    return float(np.clip(tried[score.argmax()], 0.0, 1.0))
