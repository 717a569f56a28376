"""A unit frame's name apart from what is behind and beside it: names there are always gold (255, 209, 0)."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.perception.channels import split
from wowbot.perception.texts import plane

LEAST_GOLD = 6
"""Columns with clear gold from which on a crop holds a name."""
OTHER = 110
"""By how much a column's bluest point is bluer than most of a crop where letters of another colour stand."""
STEP, ALL_ROWS = 10, 0.9
"""Least step of brightness from one column to the next, and in which share of the rows, at the edge of what covers a name;
letters leave rows above and below them free (at most 0.5 of the rows on 80 real names, 0.94 and 1.0 on 3 covered ones)."""

Marks = NDArray[np.bool_]
"""Whether something is in a column, (W,)."""


class NameLine(NamedTuple):
    """A name as the recogniser shall see it: one channel, and whether something covers it at an end."""

    gray: Image
    covered: bool


def name_line(crop: Image, mode: str) -> NameLine:
    """The channel in which a name stands out, and the columns it takes.

    The strip behind a target's name has the colour of its reaction: red, green and blue ones are dark in the lesser of
    red and green, of which gold has much; a yellow one, gold everywhere, differs from gold in red alone. A crop without
    gold is no such name: it is taken whole, in the channel of `mode`.

    Args:
        crop: BGR uint8 (H, W, 3), one line of text.
        mode: see TextMode.
    """
    blue, green, red = split(crop)
    low, high = np.asarray(cv2.min(red, green), np.uint8), np.asarray(cv2.max(red, green), np.uint8)
    yellowish = (low > 60) & (low > 1.35 * blue) & (high - low < 0.35 * high)
    gold = (low > 95) & (low > 2.0 * blue)
    places = np.flatnonzero(gold.any(0))
    if len(places) < LEAST_GOLD:
        return NameLine(plane(crop, mode), False)
    if float((gold & yellowish).any(0).mean()) > 0.85:
        return NameLine(red, False)
    first, last = _ends(np.asarray(yellowish.any(0), np.bool_), places, crop.shape[0])
    other = blue.max(0) > float(np.median(blue)) + OTHER
    before, after = _rooms(other, first, last, max(3, crop.shape[0] // 2))
    line = np.ascontiguousarray(low[:, max(0, first - before) : last + after + 1])
    return NameLine(line, _covered(low, first, last))


def _ends(dull: Marks, places: NDArray[np.intp], height: int) -> tuple[int, int]:
    """A name's first and last column.

    Thin letters, and those of small or compressed frames, are duller than gold: from the clear ones on, what is yellowish
    belongs to the name.
    """
    reach, width = max(2, height // 3), len(dull)
    first = width - 1 - _run_on(dull[::-1], width - 1 - int(places[0]), reach)
    return first, _run_on(dull, int(places[-1]), reach)


def _run_on(marks: Marks, last: int, reach: int) -> int:
    """The last mark that follows the one at `last`, no two further apart than `reach`."""
    while (following := np.flatnonzero(marks[last + 1 : last + 1 + reach])).size:
        last += 1 + int(following[-1])
    return last


def _rooms(other: Marks, first: int, last: int, most: int) -> tuple[int, int]:
    """How many columns before and after a name are free of letters of another colour, at most `most`."""
    before = np.flatnonzero(other[max(0, first - most) : first][::-1])
    after = np.flatnonzero(other[last + 1 : last + 1 + most])
    return (int(before[0]) if before.size else most), (int(after[0]) if after.size else most)


def _covered(low: Image, first: int, last: int) -> bool:
    """Whether an upright edge runs through all rows close to a name's end: a window or tooltip lies over it."""
    steps = (cv2.absdiff(low[:, 1:], low[:, :-1]) > STEP).mean(0)
    close = np.concatenate((steps[max(0, first - 4) : first + 1], steps[max(0, last - 1) : last + 4]))
    return bool(close.size and close.max() > ALL_ROWS)
