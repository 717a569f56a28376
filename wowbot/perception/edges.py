"""Straight edges of panels and bars: art has them over its whole length, scenery has not."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect

NOISE = 6.0
"""Grey levels a place's difference must well exceed to speak for an edge."""


def row_edges(gray: Image) -> NDArray[np.float32]:
    """How much of each row is one horizontal edge, 0..1; entry i stands for the edge above row i + 1.

    Args:
        gray: uint8 (H, W), H >= 3.
    """
    sums = cv2.reduce(gray, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    across = cv2.reduce(cv2.absdiff(gray[2:], gray[:-2]), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    return np.asarray(np.abs(sums[2:] - sums[:-2]) / (across + NOISE * gray.shape[1]), np.float32)


def turning_edges(gray: Image) -> NDArray[np.float32]:
    """`row_edges` of which each may turn once, from dark over bright to bright over dark: where a bar's fill ends."""
    steps = gray[2:].astype(np.float32) - gray[:-2]
    sums, across = steps.cumsum(axis=1), np.abs(steps).sum(axis=1)
    turned = (np.abs(sums) + np.abs(sums[:, -1:] - sums)).max(axis=1)
    return np.asarray(turned / (across + NOISE * gray.shape[1]), np.float32)


def column_edges(gray: Image) -> NDArray[np.float32]:
    """The same for columns."""
    sums = cv2.reduce(gray, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[0]
    across = cv2.reduce(cv2.absdiff(gray[:, 2:], gray[:, :-2]), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[0]
    return np.asarray(np.abs(sums[2:] - sums[:-2]) / (across + NOISE * gray.shape[0]), np.float32)


def best_near(edges: NDArray[np.float32], place: int, slack: int) -> float:
    """The strongest edge within `slack` of the boundary before row or column `place`; 0 outside."""
    return max(edges[max(0, place - 1 - slack) : max(0, place + slack)].tolist(), default=0.0)


def round_about(rect: Rect, slack: int) -> Rect:
    """All that `box_edges` looks at for a box."""
    margin = slack + 2
    left, top = max(0, rect.left - margin), max(0, rect.top - margin)
    return Rect(left, top, rect.right + margin - left, rect.bottom + margin - top)


def box_edges(image: Image, rect: Rect, slack: int) -> list[float]:
    """Strength of the four edges of a box: top, bottom, left, right, each 0..1.

    Args:
        slack: how far off each may be, px.
    """
    place = round_about(rect, slack)
    area = place.crop(image)
    if min(area.shape[:2]) < 4 * (slack + 2) + 3:
        return [0.0, 0.0, 0.0, 0.0]
    gray = np.asarray(cv2.cvtColor(area, cv2.COLOR_BGR2GRAY), np.uint8)
    dx, dy = rect.left - place.left, rect.top - place.top
    inner_x, inner_y = rect.width // 12, rect.height // 12
    rows = row_edges(np.ascontiguousarray(gray[:, dx + inner_x : dx + rect.width - inner_x]))
    columns = column_edges(np.ascontiguousarray(gray[dy + inner_y : dy + rect.height - inner_y]))
    return [
        best_near(rows, dy, slack),
        best_near(rows, dy + rect.height, slack),
        best_near(columns, dx, slack),
        best_near(columns, dx + rect.width, slack),
    ]
