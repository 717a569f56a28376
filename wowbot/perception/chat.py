"""Whether the chat edit box has the keyboard (keys pressed then would be typed, not played), and whether a whisper shows."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.channels import greatest, split
from wowbot.perception.edges import best_near, row_edges
from wowbot.perception.fill import over
from wowbot.perception.reader import Context, Hints, TextSpot

OPEN = 0.6
"""Least strength of the box's upper and lower edge."""
LETTER, STANDS_OUT = 150, 60
"""A letter in the box is at least so bright in its brightest channel, and so much brighter than the box round it."""
HEADER_PX = 10.0
"""Least such pixels at one pixel per UI unit in the box's left part: "Say:" has 30 and more. An idle box of the default chat
style is drawn at a third of its strength and has no header (3.3.5 and later; source: the client's ChatFrame.lua)."""
HEADER_ROOM = 0.3
"""Share of the box's width that its header stands in."""
IDLE = Reading(0.0, 0.8, "the box is shown without its header: it is idle")
WHISPER_BGR, OFF = np.array((255, 128, 255)), 24
"""Colour of whispers in the chat window. Source: the client's ChatTypeInfo WHISPER, red 1.0, green 0.5, blue 1.0."""
WHISPER_PX = 20.0
"""Least such pixels at one pixel per UI unit; a word of three letters has more."""


class ChatReader:
    """Reads `chat.edit` for the edit box and `chat` for whispers."""

    period: ClassVar[int] = 2

    def __init__(self, name: str, region: Region, context: Context) -> None:
        rect = region.rect
        self._slack = max(2, round(3 * context.layout.ui_scale))
        self._top = max(0, rect.top - self._slack - 2)
        bottom = min(context.layout.size_wh[1], rect.bottom + self._slack + 3)
        inset = rect.width // 10
        self._area = Rect(rect.left + inset, self._top, rect.width - 2 * inset, bottom - self._top)
        self._rows = (rect.top - self._top, rect.bottom - self._top)
        self._lines = None if name == "chat.edit" else rect
        self._least_px = WHISPER_PX * context.layout.ui_scale**2
        self._header_px = HEADER_PX * context.layout.ui_scale**2
        self._header = Rect(rect.left, rect.top + 2, round(HEADER_ROOM * rect.width), max(3, rect.height - 4))
        self.provides: tuple[str, ...] = ("chat.open",) if name == "chat.edit" else ("chat.whisper",)
        self.spots: tuple[TextSpot, ...] = ()
        self.watches: tuple[Rect, ...] = (self._area, self._header) if self._lines is None else (self._lines,)

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        if self._lines is not None:
            out["chat.whisper"] = Reading(float(self._pink(self._lines.crop(image)) >= self._least_px), 0.8)
            return
        gray = np.asarray(cv2.cvtColor(self._area.crop(image), cv2.COLOR_BGR2GRAY), np.uint8)
        edges = row_edges(gray)
        upper, lower = (best_near(edges, row, self._slack) for row in self._rows)
        score = min(upper, lower)
        if score > OPEN and not self._headed(image):
            out["chat.open"] = IDLE
            return
        out["chat.open"] = Reading(float(score > OPEN), min(0.95, 0.5 + 2 * abs(score - OPEN)))

    def _pink(self, lines: Image) -> int:
        """How many pixels have a whisper's colour; where hardly any has its blue and red, no more than have these."""
        blue, _, red = split(lines)
        near = cv2.countNonZero(over(np.asarray(cv2.min(blue, red), np.uint8), 254.0 - OFF))
        if near < self._least_px:
            return near
        return cv2.countNonZero(cv2.inRange(lines, WHISPER_BGR - OFF, WHISPER_BGR + OFF))

    def _headed(self, image: Image) -> bool:
        """Whether text stands at the box's left: a box that has the keyboard says there who will hear it."""
        most = greatest(self._header.crop(image))
        bright = most > max(LETTER, float(np.median(most)) + STANDS_OUT)
        return float(bright.sum()) >= self._header_px
