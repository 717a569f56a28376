"""Dialog boxes in the upper middle: open or not, and where their red buttons are. Language plays no part."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.channels import split
from wowbot.perception.reader import Context, Hints, TextSpot

BUTTON_WH = (128.0, 21.0)
"""A dialog button, UI units (StaticPopup.xml: 128 x 20 before WotLK, 128 x 21 since)."""
PAIR_OFFSET = 70.5
"""Centres of two buttons right and left of the middle, UI units (13 between them)."""
EXTRA_LINES = 5
"""More lines of text push the buttons down by up to this many lines of 14 units."""
DARKEST = np.uint8(45)
"""Least red of a button's rows."""
RED = 0.45
"""Share of a button's row that is red: its text covers less than half."""
RIM = 0.8
"""Share of red in a button's best row above and its best below the caption; letters that float there have .7 at most."""
BORDER = 10.0
"""Width of a dialog's border, UI units (StaticPopup.xml: its backdrop's insets are 11)."""
INSIDE, SHADE = 0.6, 90
"""Share of a dialog's inside beside its buttons that is darker than this grey level (an alert's picture is not)."""


WIDEST = 220.0
"""A caption that is too long makes its button wider, UI units (StaticPopup.lua: by the text's width); a dialog is 320."""


class Found(NamedTuple):
    """Rows of the buttons, their centres in x, and half the width of one, px."""

    top: int
    bottom: int
    centres: tuple[int, ...]
    half: int


class PopupReader:
    """Reads the region `popup`; the regions of its buttons are places to click and provide nothing."""

    period: ClassVar[int] = 3

    def __init__(self, name: str, region: Region, context: Context) -> None:
        k = context.layout.ui_scale
        self._k = k
        self._rect = region.rect
        self._middle = region.rect.left + region.rect.width // 2
        half = round((PAIR_OFFSET + BUTTON_WH[0] / 2 + 8) * k)
        bottom = min(context.layout.size_wh[1], region.rect.bottom + round(14 * EXTRA_LINES * k))
        top = region.rect.top + round(20 * k)
        self._area = Rect(max(0, self._middle - half), top, 2 * half, bottom - top)
        buttons = ("popup.button1", "popup.button2")
        main = name == "popup"
        terms = [f"{button}.{axis}" for button in buttons for axis in "xy"]
        self.provides: tuple[str, ...] = ("popup.open", *terms) if main else ()
        self.spots: tuple[TextSpot, ...] = ()
        self.watches: tuple[Rect, ...] = (self._area, region.rect._replace(top=top, height=bottom - top))

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        if not self.provides:
            return
        found = self._find(image)
        out.update(dict.fromkeys(self.provides, unknown("no such button is shown")))
        if found is not None and not self._dark_round(image, found):
            out["popup.open"] = unknown("something like a red button is shown, but no dialog's dark inside round it")
            return
        out["popup.open"] = Reading(float(found is not None), 0.85)
        if found is None:
            return
        for number, x in enumerate(found.centres, 1):
            out[f"popup.button{number}.x"] = Reading(float(x), 0.85)
            out[f"popup.button{number}.y"] = Reading(float((found.top + found.bottom) // 2), 0.85)

    def _dark_round(self, image: Image, found: Found) -> bool:
        """Whether a dialog's dark inside is left and right of its buttons."""
        reach, border = found.half + round(4 * self._k), round(BORDER * self._k)
        rows = image[found.top : found.bottom]
        left = rows[:, self._rect.left + border : found.centres[0] - reach]
        right = rows[:, found.centres[-1] + reach : self._rect.right - border]
        level = np.concatenate([left.max(axis=2).ravel(), right.max(axis=2).ravel()])
        return bool(level.size and (level < SHADE).mean() >= INSIDE)

    def _find(self, image: Image) -> Found | None:
        crop = self._area.crop(image)
        red = red_mask(crop)
        middle, half = self._middle - self._area.left, round(BUTTON_WH[0] / 2 * self._k)
        if np.count_nonzero(red) < RED * half:  # not one row of a button
            return None
        offset, gap = round(PAIR_OFFSET * self._k), max(2, round(4 * self._k))
        single = _run(red[:, middle - half : middle + half].mean(1), self._k)
        wide = 0 if single is None else self._half_width(red[single[0] : single[1]], middle)
        if single is not None and wide:
            return Found(self._area.top + single[0], self._area.top + single[1], (self._middle,), max(half, wide))
        sides = [slice(max(0, middle + s * offset - half), middle + s * offset + half) for s in (-1, 1)]
        runs = [_run(red[:, side].mean(1), self._k) for side in sides]
        if runs[0] is None or runs[1] is None or abs(runs[0][0] - runs[1][0]) > 3:
            return None
        if red[runs[0][0] : runs[0][1], middle - gap : middle + gap].mean() > 0.3:
            return None
        top, bottom = runs[0]
        return Found(
            self._area.top + top, self._area.top + bottom, (self._middle - offset, self._middle + offset), half
        )

    def _half_width(self, rows: NDArray[np.bool_], middle: int) -> int:
        """Half the width of one button round the middle, px; 0 where its red is parted there, or runs on and on."""
        edge = max(1, len(rows) // 4)
        rim = np.concatenate([rows[:edge], rows[-edge:]]).mean(axis=0) > 0.5  # above and below the caption
        gap = max(2, round(4 * self._k))
        if rim[middle - gap : middle + gap].mean() < RIM:
            return 0
        beyond = [np.flatnonzero(~side)[:1] for side in (_joined(rim[:middle][::-1], gap), _joined(rim[middle:], gap))]
        half = [int(first[0]) if len(first) else rim.size for first in beyond]
        even = abs(half[0] - half[1]) <= 2 * gap
        return max(half) if even and max(half) <= WIDEST / 2 * self._k else 0


def _joined(red: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """A line of red with its gaps of fewer than `gap` columns closed: a caption's letters can touch the rim."""
    line = red.astype(np.uint8)[None]
    return np.asarray(cv2.morphologyEx(line, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))[0] > 0)


def red_mask(crop: Image) -> NDArray[np.bool_]:
    """Pixels of the dark red of dialog buttons."""
    blue, green, red = split(crop)
    half = np.maximum(cv2.convertScaleAbs(cv2.max(blue, green), alpha=2.0), DARKEST)
    return np.asarray(np.asarray(red) > half, np.bool_)


def _run(shares: NDArray[np.floating], k: float) -> tuple[int, int] | None:
    """The one run of red rows that is as high as a button, None without."""
    rows = np.flatnonzero(shares > RED)
    if len(rows) == 0:
        return None
    breaks = np.flatnonzero(np.diff(rows) > max(2, round(3 * k)))
    starts, ends = [0, *(breaks + 1)], [*breaks, len(rows) - 1]
    runs = [(int(rows[a]), int(rows[b]) + 1) for a, b in zip(starts, ends, strict=True)]
    fitting = [r for r in runs if 0.55 * BUTTON_WH[1] * k <= r[1] - r[0] <= 1.35 * BUTTON_WH[1] * k]
    fitting = [r for r in fitting if _rimmed(shares[r[0] : r[1]])]
    return fitting[0] if len(fitting) == 1 else None


def _rimmed(shares: NDArray[np.floating]) -> bool:
    """Whether red runs from end to end above and below a caption, which it does on a button but not in mere letters."""
    edge = max(1, len(shares) // 4)
    return bool(min(shares[:edge].max(), shares[-edge:].max()) >= RIM)
