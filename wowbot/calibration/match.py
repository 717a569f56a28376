"""Finding a shape on a frame: a coarse search everywhere, a fine fit of scale and place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import cv2

from wowbot.calibration.gradient import Field, Plane, direction_field, patch, shrink, undirected
from wowbot.calibration.shapes import Shape

APART_UNITS = 8
"""Two peaks of one scan are at least this far apart."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a shape lies.

    Args:
        score: -1..1, see Shape.score.
        k: pixels per UI unit.
        x, y: the pixel at which the shape's origin (0, 0) lies.
    """

    score: float
    k: float
    x: float
    y: float


def score_at(plane: Plane, shape: Shape, k: float, x: float, y: float) -> float:
    """Agreement of the frame with the shape placed with its origin at (x, y)."""
    return shape.score(sight(direction_field(patch(plane, k, (x, y), shape.box)), shape))


def sight(field: Field, shape: Shape) -> Field:
    """The field as this shape looks at it."""
    return field if shape.sensed else undirected(field)


def scan(
    plane: Plane, shape: Shape, k: float, region: tuple[float, float, float, float] | None = None, peaks: int = 2
) -> list[Match]:
    """The best places of a shape at one scale, best first.

    Args:
        region: left, top, right, bottom in px within which the whole shape must lie; None = the whole frame.
    """
    height, width = plane.shape
    left, top, right, bottom = region or (0.0, 0.0, float(width), float(height))
    x0, y0 = max(0, int(left)), max(0, int(top))
    cut = plane[y0 : max(y0, int(bottom)), x0 : max(x0, int(right))]
    if cut.shape[0] < shape.box[3] * k or cut.shape[1] < shape.box[2] * k:
        return []
    field = sight(direction_field(shrink(cut, 1.0 / (k * shape.cell))), shape)
    if field.shape[1] < shape.kernel.shape[1] or field.shape[2] < shape.kernel.shape[2]:
        return []
    scores = cv2.matchTemplate(field[0], shape.kernel[0], cv2.TM_CCORR)
    scores += cv2.matchTemplate(field[1], shape.kernel[1], cv2.TM_CCORR)
    count, step = max(1, shape.count), shape.cell
    found = []
    for _ in range(peaks):
        _, best, _, (px, py) = cv2.minMaxLoc(scores)
        x, y = x0 + (px * step - shape.box[0]) * k, y0 + (py * step - shape.box[1]) * k
        found.append(Match(best / count, k, x, y))
        near = APART_UNITS // step
        cv2.rectangle(scores, (px - near, py - near), (px + near, py + near), -1e9, -1)
    return found


def search(plane: Plane, shape: Shape, scales: Iterable[float], keep: int = 3) -> list[Match]:
    """The best matches over several scales, best first."""
    found = [m for k in scales for m in scan(plane, shape, k)]
    return sorted(found, key=lambda m: -m.score)[:keep]


def refine(
    plane: Plane, shape: Shape, start: Match, *, step_px: float = 2.0, step_k: float = 0.015, least: float = 0.12
) -> Match:
    """Climb to the best scale and place near `start`, to a fraction of a pixel.

    The scale turns round the shape's middle, so that the three steps do not fight each other.

    Args:
        step_px, step_k: first steps, px and share of k; a step_k of 0 keeps the scale.
        least: the search ends when the place is known to this many px.
    """
    mx, my = shape.box[0] + shape.box[2] / 2, shape.box[1] + shape.box[3] / 2

    def moved(m: Match, dx: float, dy: float, dk: float) -> Match:
        k = m.k * (1.0 + dk)
        x, y = m.x + (m.k - k) * mx + dx, m.y + (m.k - k) * my + dy
        return Match(score_at(plane, shape, k, x, y), k, x, y)

    best = replace(start, score=score_at(plane, shape, start.k, start.x, start.y))
    return _climb(best, moved, step_px, step_k, least)


def _climb(
    best: Match, moved: Callable[[Match, float, float, float], Match], step_px: float, step_k: float, least: float
) -> Match:
    """Pattern search: try a step each way along each axis, halve the steps when none helps."""
    while step_px >= least:
        steps = [(step_px, 0.0, 0.0), (0.0, step_px, 0.0), (0.0, 0.0, step_k)]
        steps = [s for s in steps if any(s)]
        tried = [moved(best, sign * a, sign * b, sign * c) for a, b, c in steps for sign in (1.0, -1.0)]
        top = max(tried, key=lambda m: m.score)
        if top.score > best.score + 1e-4:
            best = top
        else:
            step_px, step_k = step_px / 2, step_k / 2
    return best
