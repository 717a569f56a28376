"""One nameplate's bar at full resolution: where its colour runs, which rows it has, and whether it is a bar at all."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.perception.edges import best_near, column_edges, row_edges

Table = NDArray[np.uint8] | NDArray[np.float32]
STEADY = 9.0
"""Most change of a channel along a bar, 0..255: its colour is the same in each column but for noise and compression."""
GRADIENT = 0.65
"""Least share of the colour at one place of a bar that another has: retail's fills grow paler to the right."""
HUED = 0.25
"""Least share of the middle row's colour that a bar's other rows have (its texture darkens the outer ones to a half)."""
EDGE = 0.6
REST_COLOUR, REST_DARKER, SPLIT = 0.6, 12.0, 0.45
"""Most of the fill's colour that the empty part has, how much darker it is at least, and the least strength of the upright
edge between them."""
UNEVEN, CALM = 13.0, 0.35
"""So many grey levels from one column of an empty part to the next are a step, and the most of its columns that may have
one: an empty part is calm (0.04 in the training ground), text beside a coloured sign is not (0.48 to 0.78 on real ones)."""
EDGE_ROWS = 7
"""Rows at either end of a strip that begins five rows above a bar and ends five below, among which its edges are."""
RUNS_ON = 0.5
"""Share of the bar's own step in brightness from which an edge beside it is the same edge going on."""


def ends_with_it(image: Image, rect: Rect, rows: tuple[int, int], *, level: bool) -> bool:
    """Whether a bar's edges end with it; those of panels, cast bars and experience bars run on.

    The border of a classic plate goes round its level at the right: there it is looked at beyond that, and since plates
    of a pack lie over each other, both sides must run on.

    Args:
        rows: first and last row of the fill, frame px.
        level: whether the plate has its level at its right.
    """
    border, beyond = rect.width // 12, rect.width // (4 if level else 12)
    reach, (top, bottom) = rect.width // 8, (rows[0] - 5, rows[1] + 5)
    own = _steps(image[top:bottom, rect.left : rect.right])
    places = int(own[:EDGE_ROWS].argmax()), len(own) - EDGE_ROWS + int(own[-EDGE_ROWS:].argmax())
    on = []
    for left in (rect.left - border - reach, rect.right + beyond):
        start, end = max(0, left), min(image.shape[1], left + reach)
        if end - start >= reach // 2:
            beside = _steps(image[top:bottom, start:end])
            on.append(all(beside[max(0, y - 1) : y + 2].max() > RUNS_ON * max(1.0, own[y]) for y in places))
    return not (bool(on) and (all(on) if level else any(on)))


def _steps(strip: Image) -> NDArray[np.float32]:
    """How far brightness steps at each row, as one over the whole width; 0 where it does not."""
    gray = np.asarray(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY), np.uint8)
    lines = cv2.reduce(gray, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[:, 0]
    return np.asarray(np.abs(lines[2:] - lines[:-2]) * (row_edges(gray) > EDGE), np.float32)


def splits(bar: Image, filled: int) -> bool:
    """Whether a fill ends upright before a part that is darker and has little of its colour, as an empty part does.

    Args:
        bar: the whole bar's rows.
        filled: columns that show the fill.
    """
    inner = bar[len(bar) // 4 : max(len(bar) // 4 + 2, -(-3 * len(bar) // 4))]
    fill, rest = (np.asarray(cv2.mean(part)[:3]) for part in (inner[:, :filled], inner[:, filled + 2 :]))
    own, other = fill - fill.min(), rest - rest.min()
    if other @ own > REST_COLOUR * (own @ own) or rest.max() > fill.max() - REST_DARKER:
        return False
    columns = cv2.reduce(inner[:, filled + 2 :], 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[0]
    if float((np.abs(columns[1:] - columns[:-1]).max(axis=1) > UNEVEN).mean()) > CALM:
        return False
    edges = column_edges(np.ascontiguousarray(bar[:, :, int(own.argmax())]))
    return best_near(edges, filled, 2) > SPLIT


def hue_of(patch: Image) -> str:
    blue, green, red, _ = cv2.mean(patch)
    low = min(blue, green, red)
    if blue - low > max(green, red) - low:
        return "blue"
    if green > 1.3 * red:
        return "green"
    return "yellow" if green - low > 0.5 * (red - low) else "red"


def runs_of(image: Image, places: Sequence[tuple[int, int]], reach: int) -> list[tuple[int, int] | None]:
    """Of each place (x, y) the columns beside it that keep the hue there and, within a gradient's span, its strength.

    All at once: one after another the places of a frame take four times as long.

    Args:
        reach: columns looked at on either side.

    Returns:
        First and last column + 1, frame px; None where the place itself is none of a bar.
    """
    if not places:
        return []
    width = image.shape[1]
    x, y = np.asarray(places, np.intp).T
    columns = np.minimum(np.maximum(x[:, None] + np.arange(-reach, reach + 1), 0), width - 1)
    lines = np.ascontiguousarray(image[y[:, None], columns].transpose(2, 0, 1), np.float32)
    few = np.sort(lines[:, :, reach - 2 : reach + 3], axis=2)[:, :, 2]
    colour, own = lines - lines.min(axis=0), few - few.min(axis=0)
    share = np.einsum("cnw,cn->nw", colour, own) / np.maximum(np.einsum("cn,cn->n", own, own), 1.0)[:, None]
    strange = np.abs(colour - share * own[:, :, None]).max(axis=0) > 2.5 * STEADY
    alike = ~strange & (share > GRADIENT) & (share < 1.0 / GRADIENT)
    after, before = alike[:, reach:], alike[:, reach::-1]
    ends = np.where(after.all(axis=1), reach + 1, after.argmin(axis=1))
    starts = np.where(before.all(axis=1), reach + 1, before.argmin(axis=1))
    runs = zip(alike[:, reach].tolist(), (x - starts + 1).tolist(), (x + ends).tolist(), strict=True)
    return [(max(0, first), min(width, last)) if there else None for there, first, last in runs]


def rows_of(block: Image, middle: int, least: float) -> tuple[int, int]:
    """The rows round the middle that are one colour from left to right, and all of one hue: a calm sky is not the bar's.

    Args:
        least: of fewer rows than this only the first is looked at: hues can but make them fewer.
    """
    turned = cv2.transpose(block)  # OpenCV reduces columns three times as fast as rows
    spread = cv2.subtract(cv2.reduce(turned, 0, cv2.REDUCE_MAX), cv2.reduce(turned, 0, cv2.REDUCE_MIN))[0]
    uneven = _across(np.maximum, spread) > 5.5 * STEADY
    top, bottom = _unbroken(uneven, middle)
    if bottom - top < least:
        return top, bottom
    means = np.asarray(cv2.reduce(turned[:, top:bottom], 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F), np.float32)[0]
    colour = means - _across(np.minimum, means)[:, None]
    own = colour[middle - top]
    share = colour @ own / max(1.0, float(own @ own))
    strange = _across(np.maximum, np.abs(colour - share[:, None] * own)) > 0.35 * float(own.max())
    above, below = _unbroken((share < HUED) | strange, middle - top)
    return top + above, top + below


def _across(pick: np.ufunc, places: Table) -> Table:
    """The least or the most of the three channels at each place; along so short an axis numpy's own way takes long."""
    return np.asarray(pick(pick(places[:, 0], places[:, 1]), places[:, 2]))


def _unbroken(breaks: NDArray[np.bool_], middle: int) -> tuple[int, int]:
    """The places round the middle up to the nearest breaks beside it."""
    found = np.flatnonzero(breaks)
    at = int(np.searchsorted(found, middle))
    after = at + int(at < len(found) and found[at] == middle)
    return (int(found[at - 1]) + 1 if at else 0), (int(found[after]) if after < len(found) else len(breaks))
