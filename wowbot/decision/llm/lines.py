"""Reading the lines of text on a small picture such as a dialog box."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wowbot.core.frame import Image
from wowbot.perception.ocr import recognise

MIN_ROWS, MAX_ROWS = 6, 60
SURE = 0.2
"""A line whose weakest letter is below this is noise of the background."""


def text_lines(image: Image) -> list[str]:
    """The legible lines, top to bottom.

    Args:
        image: BGR uint8.
    """
    found = (recognise(strip, "name", "gray") for strip in _strips(image))
    return [text for text, confidence in found if len(text) > 1 and confidence >= SURE]


def _strips(image: Image) -> Iterator[Image]:
    """Rows that hold bright strokes, each run with a margin."""
    plane = image.max(axis=2).astype(np.int16)
    strokes = np.abs(np.diff(plane, axis=1)) > 60
    busy = strokes.sum(axis=1) > 3
    rows = np.flatnonzero(np.diff(np.concatenate(([0], busy.astype(np.int8), [0]))))
    for top, bottom in zip(rows[::2], rows[1::2], strict=True):
        if MIN_ROWS <= bottom - top <= MAX_ROWS:
            columns = np.flatnonzero(strokes[top:bottom].any(axis=0))
            left, right = max(0, int(columns[0]) - 4), min(image.shape[1], int(columns[-1]) + 6)
            yield np.ascontiguousarray(image[max(0, top - 3) : bottom + 3, left:right])
