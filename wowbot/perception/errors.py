"""The red error line under the upper edge: shown or not, and its text."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.channels import split
from wowbot.perception.fill import over
from wowbot.perception.reader import Context, Hints, TextSpot
from wowbot.perception.text import name_reading

LINE_UNITS = 22.0
"""Height of the first line, UI units: ErrorFont is 16 units."""
STRONG = 90
"""Least excess of red over the other channels in the strokes of a line (255,26,26 has 229; half faded 115)."""


class ErrorsReader:
    """Reads the newest error line. Yellow lines (information) are not errors."""

    period: ClassVar[int] = 2

    def __init__(self, name: str, region: Region, context: Context) -> None:
        height = min(region.rect.height, round(LINE_UNITS * context.layout.ui_scale))
        self._line = Rect(region.rect.left, region.rect.top, region.rect.width, height)
        self._strokes = 12 * context.layout.ui_scale**2
        self.provides: tuple[str, ...] = ("error.shown", "error.text")
        self.spots: tuple[TextSpot, ...] = (TextSpot("error.text", self._line, "error", "red", "error.shown"),)
        self.watches: tuple[Rect, ...] = ()
        self._none = unknown("no error line is shown")

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        blue, green, red = split(self._line.crop(image))
        shown = self._written(over(np.asarray(cv2.subtract(red, cv2.max(blue, green)), np.uint8), STRONG))
        self.watches = () if shown else (self._line,)  # a line that is shown is being read
        out["error.shown"] = Reading(float(shown), 0.8)
        out["error.text"] = name_reading(hints.texts.get("error.text")) if shown else self._none

    def _written(self, strong: Image) -> bool:
        """Whether what is red there are strokes of a line: thin, spread out, and centred."""
        count = cv2.countNonZero(strong)
        if count <= self._strokes or count >= 0.35 * strong.size:
            return False
        columns = np.asarray(strong.any(axis=0), np.bool_)
        return int(columns.sum()) > 1.5 * self._line.height and _middle(columns)


def _middle(columns: NDArray[np.bool_]) -> bool:
    """The line is centred: as much of it is left of the middle as right of it."""
    places = np.flatnonzero(columns)
    if len(places) == 0:
        return False
    off = abs((places[0] + places[-1]) / 2 - len(columns) / 2)
    return bool(off < 0.06 * len(columns))
