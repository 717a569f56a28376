"""How a cast bar's fill looks: its hue, where it ends, and a grey one's profile."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.perception.edges import best_near, row_edges
from wowbot.perception.fill import Fill

MARGIN = 5
"""Rows below a bar that its lower edge is looked for in."""


class Edges(NamedTuple):
    """How clear the upper and the lower edge of a part of a bar are, 0..1, and how wide it is, px."""

    upper: float
    lower: float
    width: int


NONE = Edges(0.0, 0.0, 0)


def edges_along(image: Image, rect: Rect, pct: float) -> tuple[Edges, Edges]:
    """The edges of a bar along its fill and along its empty part; NONE of a part too small to have any.

    Apart, because against a world that is darker than the fill and brighter than the rest they turn where the fill ends.
    """
    first, margin = max(0, rect.top - 4), rect.width // 20
    area = Rect(rect.left, first, rect.width, rect.height + 4 + MARGIN)
    gray = np.asarray(cv2.cvtColor(area.crop(image), cv2.COLOR_BGR2GRAY), np.uint8)
    end, last, top = round(pct * rect.width / 100), rect.width - margin, rect.top - first
    found = []
    for left, right in ((margin, min(end - 2, last)), (max(end + margin, margin), last)):
        if right - left < margin:
            found.append(NONE)
            continue
        edges = row_edges(np.ascontiguousarray(gray[:, left:right]))
        found.append(Edges(best_near(edges, top, 2), best_near(edges, top + rect.height, 2), right - left))
    return found[0], found[1]


def pale(points: NDArray[np.int16]) -> float:
    """Share of points (n, 3) BGR that are bright without colour, as the shield round a locked cast's icon is."""
    low, high = points.min(1), points.max(1)
    return np.count_nonzero((low > 140) & (high - low < 45)) / max(1, len(points))


SHINES = 12.0
"""Grey levels by which a spark lights the border at least."""


def gray_profile(gray: NDArray[np.float32], start: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each column's likeness to the bar's first columns, 0..1: as bright, and with the same vertical texture.

    A pale sky behind the empty part may be as bright as a grey fill, but it has no texture.

    Args:
        gray: brightness, (H, W).
        start: brightness of the first columns by row.
    """
    bright = np.median(gray / np.maximum(start, 1.0)[:, None], axis=0)
    strong = start >= 0.8 * start.max()
    contrast = float(start[strong].mean() / max(1.0, start[~strong].mean())) if (~strong).any() else 1.0
    if contrast > 1.25:
        texture = gray[strong].mean(0) / np.maximum(gray[~strong].mean(0), 1.0)
        bright = np.minimum(bright, (texture - 1.0) / (contrast - 1.0))
    return np.clip(bright, 0.0, 1.0).astype(np.float32)


def hue_of_cast(blue: float, green: float, red: float) -> str:
    """The hue family of a cast bar by the mean colour of its fill, the spark's end left out."""
    low = min(blue, green, red)
    blue, green, red = blue - low, green - low, red - low
    if blue >= max(green, red):
        return "purple" if red > 0.35 * blue else "blue"
    if green > 1.1 * red:
        return "green"
    return "yellow" if green > 0.28 * red else "red"


def spark(crop: Image, fill: Fill, scale: float) -> float:
    """The fill's end by the middle of its spark, where one shines beyond both sides; else the fill's own edge.

    Looked for on the outermost rows, which no text reaches.
    """
    gray = cv2.cvtColor(np.concatenate([crop[:2], crop[-2:]]), cv2.COLOR_BGR2GRAY)
    line = cv2.reduce(gray, 0, cv2.REDUCE_AVG)[0].astype(np.float32)
    around = round(7 * scale) + 2
    middle = round(fill.edge)
    low, high = max(0, middle - around), min(len(line), middle + around)
    part = line[low:high]
    if len(part) < 3:
        return fill.edge
    left, right = _mean(line[max(0, low - 20) : max(1, low)]), _mean(line[high : high + 20])
    top = int(part.argmax())
    peak = float(part[top])
    if peak < max(left, right) + 25.0:
        return fill.edge
    weight = np.maximum(part - (peak + max(left, right)) / 2, 0.0)
    dark = np.flatnonzero(weight == 0.0)  # beyond these a glyph may be as bright
    after = int(dark.searchsorted(top))
    if after:
        weight[: dark[after - 1]] = 0.0
    if after < len(dark):
        weight[dark[after] :] = 0.0
    return low + 0.5 + float((weight * np.arange(len(part))).sum() / weight.sum())


def _mean(few: NDArray[np.float32]) -> float:
    """The mean of a handful of values, 0 of none, in a third of the time numpy takes."""
    return float(few.sum()) / len(few) if len(few) else 0.0


def border_spark(image: Image, bar: Rect, scale: float) -> float | None:
    """The fill's end, px from the bar's left, by the spark's light on the border above and below; None where none shines.

    The border is the same along the whole bar and no text reaches it, so only the spark can peak in one place of both.
    """
    lines, high = [], max(2, round(3 * scale))
    for top in (bar.top - high, bar.bottom):
        rows = cv2.cvtColor(Rect(bar.left, top, bar.width, high).crop(image), cv2.COLOR_BGR2GRAY)
        line = cv2.reduce(rows, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
        lines.append(cv2.blur(line - np.median(line), (2 * round(1.5 * scale) + 1, 1))[0])
    both = np.minimum(*lines)
    at = int(both.argmax())
    reach = round(8 * scale)
    beside = np.concatenate([both[: max(0, at - reach)], both[at + reach :]])
    if both[at] < SHINES or beside.max(initial=0.0) > 0.5 * both[at]:
        return None
    low = max(0, at - reach)
    weight = np.maximum(both[low : at + reach] - 0.5 * both[at], 0.0)
    return low + 0.5 + float((weight * np.arange(len(weight))).sum() / weight.sum())
