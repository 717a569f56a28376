"""Rows and columns of action buttons: what is on the frame, and which stock bar each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wowbot.calibration.family import Family, scales
from wowbot.calibration.find import View
from wowbot.calibration.match import Match, score_at
from wowbot.calibration.shapes import Shape

ROW_LEAST = 0.38
"""Agreement of twelve buttons with their stock borders below which there is no row."""
PEAKS = 8
NEAR_SCALES = (0.993, 1.0, 1.007)
"""The player frame gives k to half a percent, which is three units over a row's length."""
WIDE_SCALES = (0.979, 0.986, *NEAR_SCALES, 1.014, 1.021)
"""Retail's player frame gives it to two percent only: its lines are fewer and softer."""
SHIFTS = 4
SAME_UNITS = 12.0
"""Rows closer than this are one row seen twice."""
BOTTOM_UNITS = 75.0
"""Height of the lowest part: the main bar, and a window border below it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Twelve buttons found on the frame; `match` has the first button's corner as origin."""

    match: Match
    column: bool = False


def find_rows(view: View, family: Family, k: float, *, least: float = ROW_LEAST) -> list[Row]:
    """Every row at scale `k`, best first, one entry a place."""
    near_scales = NEAR_SCALES if family.cornered else WIDE_SCALES
    starts = [m for near in near_scales for m in view.scan(family.row, k * near, peaks=PEAKS)]
    ranked = sorted(starts, key=lambda m: -m.score)[: 2 * PEAKS]
    return distinct(view, family, ranked, least, family.row)


def find_bottom_row(view: View, family: Family, least: float) -> Row | None:
    """The best row in the lowest part of the frame at any scale, whatever its colours: where a classic main bar is."""
    shape, (width, height) = family.row.senseless(), view.size_wh
    coarse = family.row.halved().senseless()
    starts = [
        m
        for k in scales(height, 1.01)
        for m in view.scan(coarse, k, (0.0, height - BOTTOM_UNITS * k, float(width), float(height)), peaks=1)
    ]
    ranked = sorted(starts, key=lambda m: -m.score)[:PEAKS]
    rows = distinct(view, family, ranked, least, shape)
    return rows[0] if rows else None


def distinct(view: View, family: Family, starts: list[Match], least: float, shape: Shape) -> list[Row]:
    """Fit each start and keep the best of those that are the same row, maybe shifted by whole buttons."""
    found: list[Row] = []
    fitted = [view.refine(shape, start, step_px=2.0, step_k=0.004) for start in starts]
    settled = [_unshifted(view, family, m, shape) for m in fitted if m.score >= least]
    for best in sorted(settled, key=lambda m: -m.score):
        if not any(_same(best, row.match, family) for row in found):
            found.append(Row(best))
    return found


def _unshifted(view: View, family: Family, match: Match, shape: Shape) -> Match:
    """A row that begins a few buttons away agrees nearly as well: try them, then fit again."""
    k, y, pitch = match.k, match.y, family.pitch * match.k
    lefts = [match.x + n * pitch for n in range(-SHIFTS, SHIFTS + 1)]
    best = max((Match(score_at(view.plane, shape, k, x, y), k, x, y) for x in lefts), key=lambda m: m.score)
    return view.refine(shape, best, step_px=1.0, step_k=0.002)


def _same(a: Match, b: Match, family: Family) -> bool:
    near = abs(a.y - b.y) < SAME_UNITS * a.k
    return near and abs(a.x - b.x) < family.row.box[2] * a.k * 0.9


def slot_scores(view: View, shape: Shape, k: float, corners: Sequence[tuple[float, float]]) -> list[float]:
    """Agreement of each button with its border, the corners being known."""
    return [score_at(view.plane, shape, k, x, y) for x, y in corners]
