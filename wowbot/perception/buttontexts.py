"""The texts printed on action buttons: the key, red when out of range, the count of charges, the seconds that remain.

Reading one takes long, so that it is read only when its cells look otherwise than when it was read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.reading import Reading
from wowbot.perception.button import NO_KEY, Button, number_reading
from wowbot.perception.glyphs import Rule, read_number
from wowbot.perception.patches import CELLS, Floats, Mask, Order
from wowbot.perception.shade import lift
from wowbot.perception.slotlook import count_rule, red_key

EVERY = 4
"""The texts of a button under a sweep, which darkens them a little more in each frame, are compared every fourth frame."""
SWEPT_CELLS = 3
"""So many cells of a key's text more or less red under a sweep: its colour may be another."""
CELL_RED = 100.0
"""By so many grey levels a red text's cell, which may be partly outline, is above one and a half times green and blue."""
OFF_MIDDLE = 3.0
"""So far off the middle the seconds may stand, in units of a button of 36: a box may lie a pixel off, a 1 is narrow."""
EFFORT, KEY, COUNT = 6, 1, 3
"""Texts are read in a frame, after the first one, until so much work is done; what a key and what a count take of it."""


class ButtonTexts:
    """Which buttons' texts are to be read again.

    Args:
        order: of a button's cells. key, count: the cells (CELLS,) that these texts can cover.

    Attributes:
        due: button -> whether its key and whether its count is to be read.
    """

    def __init__(self, order: Order, key: Mask, count: Mask) -> None:
        self._order = order
        self._key, self._count = np.flatnonzero(key), np.flatnonzero(count)
        self._way = (order.edges[:-1] + order.edges[1:]) / 2
        self.due: dict[int, tuple[bool, bool]] = {}
        self.resize(0)

    def resize(self, buttons: int) -> None:
        """Begin anew, with so many buttons."""
        self._reds = np.full(buttons, -SWEPT_CELLS)
        self._patch = np.zeros((buttons, len(self._count)), np.float32)

    def note(
        self, rows: NDArray[np.intp], pictures: Floats, buttons: Sequence[Button], shade: float, swept: bool
    ) -> None:
        """Mark those whose key's colour or count may have changed; a sweep's edge passing over them is none.

        Args:
            rows: buttons that changed. pictures: (n, 3, CELLS), how they look now.
            buttons: all of them. shade: share of its light that a sweep's dark side keeps.
            swept: compare also the texts that lie under a sweep.
        """
        left = np.asarray([buttons[row].sweep.value or 0.0 for row in rows.tolist()], np.float32)
        at = np.arange(len(rows)) if swept else np.flatnonzero(left == 0.0)
        if not at.size:
            return
        if len(at) < len(rows):
            rows, pictures, left = rows[at], pictures[at], left[at]
        b, g, r = (pictures[:, channel].take(self._key, axis=1) for channel in range(3))
        keep = self._dimmed(left, shade)
        reds = (r - 1.5 * np.maximum(b, g) > CELL_RED * keep[:, self._key]).sum(axis=1)
        blue, green, red = (pictures[:, channel].take(self._count, axis=1) for channel in range(3))
        patch = np.minimum(np.minimum(blue, green), red) / keep[:, self._count]
        patch = patch - (patch.sum(axis=1) / patch.shape[1])[:, None]
        patch = patch / np.maximum(np.sqrt(np.einsum("nk,nk->n", patch, patch)), 1.0)[:, None]
        alike = np.einsum("nk,nk->n", patch, self._patch[rows])
        # Under a sweep only a count that was seen is followed: a new one seldom appears there, its shade often seems one.
        counted = np.asarray([buttons[row].charges is not None for row in rows.tolist()])
        recount = (alike < np.where(left > 0.0, 0.9, 0.985)) & (counted | (left == 0.0))
        rekey = (np.abs(reds - self._reds[rows]) >= np.where(left > 0.0, SWEPT_CELLS, 1)) & (left < 78.0)
        for i in np.flatnonzero(recount | rekey).tolist():
            row = int(rows[i])
            if buttons[row].kind != "icon" or buttons[row].flash:
                continue
            key, number = self.due.get(row, (False, False))
            self.due[row] = (key or bool(rekey[i]), number or bool(recount[i]))
            if rekey[i]:
                self._reds[row] = reds[i]
            if recount[i]:
                self._patch[row] = patch[i]

    def take(self, *, everything: bool) -> list[tuple[int, bool, bool]]:
        """The buttons whose key or count is to be read on this frame: keys first, those that wait longest first.

        Args:
            everything: leave none to the next frame.
        """
        taken, left = [], EFFORT
        for row in sorted(self.due, key=lambda row: not self.due[row][0]):
            key, number = self.due[row]
            left -= KEY * key + COUNT * number
            if left < 0 and not everything:
                break
            taken.append((row, key, number))
            del self.due[row]
        return taken

    def waits(self, row: int) -> bool:
        """Whether the key of a button is yet to be read."""
        return row in self.due and self.due[row][0]

    def _dimmed(self, left: Floats, shade: float) -> Floats:
        """Share of their light that the cells of buttons keep under sweeps of which these percents are left."""
        if not left.any():
            return np.ones((1, CELLS), np.float32)
        edge = left[:, None] / 100.0 if self._order.style == "linear" else 1.0 - left[:, None] / 100.0
        front = self._way < edge
        return np.where(front if self._order.dark_first else ~front, np.float32(shade), np.float32(1.0))


def lit_up(button: Button, crop: Image, shade: float, order: Order) -> Image:
    """The picture of a button without the sweep, which lies over its key and its count."""
    left = float(button.sweep.value or 0.0) / 100.0
    return lift(crop, left if order.style == "linear" else 1.0 - left, shade, order.style)


def read_key(button: Button, crop: Image) -> None:
    """Whether the key on a button is red: out of range."""
    red = red_key(crop)
    # Under a sweep a grey key may not be seen; a red one is.
    if red is not None or not button.sweep.value or not button.in_range.value:
        button.in_range = NO_KEY if red is None else Reading(0.0 if red else 1.0, 0.95)


def read_count(button: Button, crop: Image) -> None:
    """The count of charges."""
    rule, top, left = count_rule(crop)
    button.charges = number_reading(*read_number(crop[top:, left:], rule))


def read_seconds(button: Button, crop: Image) -> None:
    """The seconds that remain, where the client prints them: in the middle, over the sweep.

    Before a unit ("17m", "5h") the digits alone are not in the middle: what is no number of seconds is none.
    """
    high, wide = crop.shape[:2]
    unit, top, left = wide / 36.0, round(0.15 * high), round(0.05 * wide)
    rule = Rule(9 * unit, 26 * unit, middle=(wide / 2 - left, high / 2 - top), slack=OFF_MIDDLE * unit)
    button.count = number_reading(*read_number(crop[top : round(0.85 * high), left:], rule))
