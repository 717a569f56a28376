"""Where the row of own auras stands: by the framed squares on the frame, else by the patch that the minimap tells.

Clients of one era put the row some units apart: 1.13 and 1.15 do, 10.x and 11.x by fifteen, since the minimap's cluster,
which retail hangs the row on, was drawn anew; and Edit Mode moves it. Icons that are up show the place to a pixel.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.client import Client
from wowbot.calibration.family import Family
from wowbot.calibration.find import View
from wowbot.calibration.groups import GroupFound
from wowbot.calibration.match import Match
from wowbot.calibration.place import Placed
from wowbot.core.frame import Image
from wowbot.core.layout import Era
from wowbot.hud import Element, elements
from wowbot.hud.auras import RETAIL_DISCS, ROW_SHIFTS
from wowbot.hud.units import Grid, place
from wowbot.perception.auragrid import MOSTLY, VERY_CLEAR, judge_rings, ring_points
from wowbot.perception.patches import Floats

NEAR_UNITS = 4.0
"""Patches of one era differ by less (measured: 3)."""
SAME_UNITS = 2.5
"""A row so near to a known place stands there: its icons tell it to 1.5 units, blurred ones to 2."""
AREA_UNITS = (460.0, 130.0)
"""The upper right part of retail's client area in which the row is looked for: with its minimap it may have been moved."""
RIM_UNITS = 1.5
PLATEAU = 0.97
"""Places with so large a share of the best row's sum, its last icon aside (it may be scenery), are as good: a rim is told
from two pixels off either way, so that their middle is the row's place to half a unit or better."""
LEAST_NEAR, LEAST_FAR = 1, 2
"""Icons that make a row near its stock place, and anywhere."""
FINE = 1.8
"""From this scale on every second pixel is looked at, which a rim still shows from."""
SAME_PATCH_UNITS = 6.0
"""A minimap further from where either patch has it has been moved, and the row with it."""
MEND = (
    "calibrate again while a buff is up: the minimap is not where a patch is known to have it, nor are auras to be seen"
)


class Span(NamedTuple):
    """Left edges and tops, px, at which the first icon is looked for."""

    left: int
    top: int
    right: int
    bottom: int


def aura_group(view: View, family: Family, client: Client, era: Era, minimap: Match | None) -> GroupFound:
    """The row's fate. It has a mend where neither its icons nor the minimap tell its place."""
    if family.art == "training":
        return GroupFound("expected", 0.0)
    row = next(e for e in elements(era) if e.name == "player.auras")
    x, y, width, _ = place(row, client.size_wh, client.k)
    stock = x + width - _grid(row).box_w * client.k + client.left, y + client.top
    likely, known = _by_minimap(family, client, minimap)
    places = [(stock[0] + dx * client.k, stock[1] + dy * client.k) for dx, dy in ROW_SHIFTS.get(era, ((0.0, 0.0),))]
    found = _seen(view, family, client, row, places)
    if found is None:
        return GroupFound("expected", 0.0, Placed(*places[likely], *stock), "" if known else MEND)
    left, top, score = found
    nearest = min(places, key=lambda p: max(abs(p[0] - left), abs(p[1] - top)))
    still = max(abs(nearest[0] - left), abs(nearest[1] - top)) <= SAME_UNITS * client.k
    if still:
        return GroupFound("found", score, Placed(*nearest, *stock))
    return GroupFound("moved", score, Placed(left, top, *stock))


def _seen(
    view: View, family: Family, client: Client, row: Element, places: list[tuple[float, float]]
) -> tuple[float, float, float] | None:
    """Left and top of the first icon, px, and how clear the rims are: near one of the places, or (retail) anywhere."""
    reach = NEAR_UNITS * client.k
    near = (Span(*(round(v) for v in (x - reach, y - reach, x + reach, y + reach))) for x, y in places)
    seen = [found for span in near if (found := find_row(view.image, span, row, client.k, LEAST_NEAR)) is not None]
    if seen or family.cornered:
        return max(seen, key=lambda found: found[2], default=None)
    right, bottom = client.left + client.width, client.top + AREA_UNITS[1] * client.k
    area = Span(*(round(v) for v in (right - AREA_UNITS[0] * client.k, client.top, right, bottom)))
    found = find_row(view.image, area, row, client.k, LEAST_FAR)
    return found and _from_its_first(view.image, found, row, client.k)


def _from_its_first(
    image: Image, found: tuple[float, float, float], row: Element, k: float
) -> tuple[float, float, float]:
    """The row with the icons to its right that are framed less clearly than the one it was found to begin with."""
    (left, top, score), grid = found, _grid(row)
    near = np.arange(-1, 2)
    while True:
        xs = round(left + grid.pitch_x * k) + near
        if _rims(image, xs, round(top) + near, round(grid.box_w * k), RIM_UNITS * k).max() < MOSTLY[0]:
            return left, top, score
        left += grid.pitch_x * k


def _grid(row: Element) -> Grid:
    if row.grid is None:
        raise ValueError(f"{row.name} has no grid of icons")
    return row.grid


def _by_minimap(family: Family, client: Client, minimap: Match | None) -> tuple[int, bool]:
    """Which of the era's places the row has, and whether that is known: retail's minimap tells the patch."""
    if family.cornered:
        return 0, True
    if minimap is None:
        return 0, False
    right = (client.left + client.width - minimap.x) / client.k
    down = (minimap.y - client.top) / client.k
    apart = [max(abs(right - r), abs(down - t)) for r, t in RETAIL_DISCS]
    return int(np.argmin(apart)), min(apart) <= SAME_PATCH_UNITS


def find_row(image: Image, span: Span, row: Element, k: float, least: int) -> tuple[float, float, float] | None:
    """Left and top of the first icon, px, and how clearly the row's icons are framed; None without a row.

    Args:
        least: icons that make a row.
    """
    grid = _grid(row)
    size, pitch = round(grid.box_w * k), grid.pitch_x * k
    step = 1 if k < FINE else 2
    most = min(grid.columns, max(1, int((span.left + size) / pitch)))
    reach = round((most - 1) * pitch)
    xs, ys = np.arange(span.left - reach, span.right + 1, step), np.arange(span.top, span.bottom + 1, step)
    firsts = np.flatnonzero(xs >= span.left)
    if not len(ys) or not len(firsts):
        return None
    frames = _rims(image, xs, ys, size, RIM_UNITS * k, framed=True)
    sums, counts = np.zeros((len(ys), len(firsts)), np.float32), np.zeros((len(ys), len(firsts)), np.intp)
    going = np.ones(sums.shape, np.bool_)
    for n in range(most):
        at = firsts - round(n * pitch / step)
        here = np.where(at >= 0, frames[:, np.maximum(at, 0)], np.float32(0.0))
        going &= here > 0
        sums += np.where(going, here, np.float32(0.0))
        counts += going
    sums = np.where((counts >= least) & (frames[:, firsts] >= VERY_CLEAR), sums, np.float32(0.0))
    if not sums.any():
        return None
    top, first = np.unravel_index(int(sums.argmax()), sums.shape)
    best, count = float(sums[top, first]), int(counts[top, first])
    as_good = PLATEAU * best * max(1, count - 1) / count
    near = np.zeros(sums.shape, np.bool_)
    wide = round(5 * k / step)
    near[max(0, top - wide) : top + wide + 1, max(0, first - wide) : first + wide + 1] = True
    rows, columns = np.nonzero(near & (sums >= as_good))
    middle = float(xs[firsts][columns].mean()), float(ys[rows].mean())
    return *middle, best / count


def _rims(
    image: Image, xs: NDArray[np.intp], ys: NDArray[np.intp], size: int, rim: float, *, framed: bool = False
) -> Floats:
    """`strength` of the squares whose corner is at each (y, x).

    Args:
        framed: 0 where none is framed.
    """
    x, y = ring_points(size, rim)
    half, (height, width) = size / 2, image.shape[:2]
    dx, dy = (np.rint(half - 0.5 + half * v).astype(np.intp) for v in (x, y))
    across = np.clip(xs[:, None] + dx, 0, width - 1)
    found = np.zeros((len(ys), len(xs)), np.float32)
    for i, top in enumerate(ys.tolist()):
        frames = judge_rings(image[np.clip(top + dy, 0, height - 1), across])
        found[i] = np.where(frames.framed | (not framed), frames.strength, np.float32(0.0))
    return found
