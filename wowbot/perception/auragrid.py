"""Where aura icons are: is there a framed square at this place, and which squares follow each other under a target.

An aura has no slot of its own: where none is, the moving world shows. A square is taken for an icon when its rim steps
against the world along all four sides; rows fill without gaps, so the first place without one ends a row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from wowbot.core.frame import Image
from wowbot.perception.patches import CELLS, Box, Floats, Mask

PER_SIDE = 10
RINGS = 4
"""Rings of points: inside the rim, on it, on a debuff's border, in the world outside."""
STEP = 16.0
"""Grey levels between two neighbouring rings that count as a step."""
SIDE_SHARE, WEAKEST_SHARE = 0.80, 0.60
"""Share of the points of a side that must step: on average, and on the weakest side."""
CLEAR = 1.9
"""How many times the step must exceed the world's own grain along the outside (textured ground steps everywhere)."""
SCHOOLS: dict[str, tuple[float, float, float]] = {
    "none": (0.0, 0.0, 1.0),
    "magic": (1.0, 0.6, 0.2),
    "curse": (1.0, 0.0, 0.6),
    "disease": (0.0, 0.4, 0.6),
    "poison": (0.0, 1.0, 0.0),
}
"""Hues of the border, BGR. Source: DebuffTypeColor in BuffFrame.lua."""


def ring_points(size: float, rim: float) -> tuple[Floats, Floats]:
    """Points round a square of `size` px whose border is `rim` px wide, in half-widths from its centre."""
    half = size / 2
    offsets = (-2.2, -0.6, max(0.7, 0.55 * rim), rim + 1.6)
    t = (np.arange(PER_SIDE) + 0.5) / PER_SIDE * 2 - 1
    along = np.concatenate([t, t, t, t]) * 0.86
    one = np.ones(PER_SIDE)
    across_x = np.concatenate([np.zeros(PER_SIDE), one, np.zeros(PER_SIDE), -one])
    across_y = np.concatenate([-one, np.zeros(PER_SIDE), one, np.zeros(PER_SIDE)])
    xs = [np.where(across_x != 0, across_x * (1 + d / half), along) for d in offsets]
    ys = [np.where(across_y != 0, across_y * (1 + d / half), along) for d in offsets]
    return np.concatenate(xs).astype(np.float32), np.concatenate(ys).astype(np.float32)


class Rims(NamedTuple):
    """What the rims of n places say.

    Attributes:
        framed: there is a square.
        strength: share of rim points that step, averaged over the sides.
        clear: step over the world's own grain.
        harmful: it has a debuff's coloured border.
        school: by the border's hue, "" without one.
    """

    framed: Mask
    strength: Floats
    clear: Floats
    harmful: Mask
    school: list[str]


def read_rims(samples: Image) -> Rims:
    """Judge n places by their ring samples, uint8 (n, CELLS + RINGS * 4 * PER_SIDE, 3)."""
    if not len(samples):
        nothing = np.zeros(0, np.bool_)
        return Rims(nothing, np.zeros(0, np.float32), np.zeros(0, np.float32), nothing, [])
    rings = samples[:, CELLS:].astype(np.float32).reshape(len(samples), RINGS, 4, PER_SIDE, 3)
    inside, rim, border, outside = (rings[:, i] for i in range(RINGS))
    # Whatever the rim's own colour, the nearest ring that differs from the world outside tells a step.
    step = np.maximum(np.abs(rim - outside).max(axis=-1), np.abs(border - outside).max(axis=-1))
    step = np.maximum(step, np.abs(inside - outside).max(axis=-1) * 0.8)
    share = (step > STEP).mean(axis=-1)
    strength = share.mean(axis=-1)
    grain = np.abs(np.diff(outside, axis=2)).max(axis=-1).mean(axis=(1, 2))
    clear = step.mean(axis=(1, 2)) / (grain + 4.0)
    weakest = share.min(axis=-1)
    framed = (strength >= SIDE_SHARE) & (weakest >= WEAKEST_SHARE) & (clear > CLEAR)
    framed |= (strength >= SIDE_SHARE - 0.05) & (weakest >= 0.3) & (clear > 1.5 * CLEAR)
    harmful, school = _borders(border, outside)
    return Rims(
        framed,
        strength.astype(np.float32),
        clear.astype(np.float32),
        harmful & framed,
        [s if f else "" for s, f in zip(school, framed)],
    )


def _borders(border: Floats, outside: Floats) -> tuple[Mask, list[str]]:
    """Which places have a coloured border, and whose hue it is."""
    flat = border.reshape(len(border), -1, 3)
    mean = np.median(flat, axis=1)
    length = np.maximum(np.linalg.norm(mean, axis=1), 1.0)
    names = list(SCHOOLS)
    hues = np.asarray([np.asarray(v) / np.linalg.norm(v) for v in SCHOOLS.values()], np.float32)
    likeness = (mean / length[:, None]) @ hues.T
    best = likeness.argmax(axis=1)
    unit = flat / np.maximum(np.linalg.norm(flat, axis=2, keepdims=True), 1.0)
    same = ((unit * hues[best][:, None, :]).sum(axis=2) > 0.9).mean(axis=1)
    colour = mean.max(axis=1) - mean.min(axis=1)
    apart = (np.abs(border - outside).max(axis=-1) > STEP).mean(axis=(1, 2))
    even = flat.std(axis=1).max(axis=1) < 12.0
    harmful = (likeness.max(axis=1) > 0.93) & (same > 0.75) & (colour > 45) & ((apart > 0.7) | even)
    return np.asarray(harmful), [names[i] if h else "" for i, h in zip(best, harmful)]


class Flow(NamedTuple):
    """Sizes and gaps of a target's aura rows, px.

    Args:
        left, top: of the first icon.
        sizes: of own and of others' auras.
        gaps: after a debuff, after a buff.
        row_gap: between rows.
        width: of a row.
    """

    left: float
    top: float
    sizes: tuple[float, ...]
    gaps: tuple[float, float]
    row_gap: float
    width: float


def candidates(flow: Flow, boxes: list[Box], harmful: list[bool]) -> list[Box]:
    """Where the next icon can stand after `boxes`: beside the last one, or at the start of the next row."""
    if not boxes:
        return [(flow.left, flow.top, size, size) for size in flow.sizes]
    x, y, w, _ = boxes[-1]
    row = [b for b in boxes if abs(b[1] - y) < 1.0]
    below = y + max(b[3] for b in row) + flow.row_gap
    beside = x + w + flow.gaps[0 if harmful[-1] else 1]
    fits = [size for size in flow.sizes if beside + size - flow.left <= flow.width + 1.0]
    return [(beside, y, s, s) for s in fits] + [(flow.left, below, s, s) for s in flow.sizes]


def walk(flow: Flow, look: Callable[[list[Box]], Rims], most: int = 40) -> tuple[list[Box], list[bool]]:
    """Follow the icons from the first one: their boxes, and which are debuffs.

    Args:
        look: judges boxes on the frame.
        most: never more icons than this.
    """
    boxes: list[Box] = []
    harmful: list[bool] = []
    while len(boxes) < most:
        places = candidates(flow, boxes, harmful)
        rims = look(places)
        found = [i for i in range(len(places)) if rims.framed[i]]
        if not found:
            break
        first_row = [i for i in found if places[i][1] == places[found[0]][1]]
        best = max(
            first_row, key=lambda i: float(rims.strength[i]) + 0.05 * float(rims.clear[i]) + bool(rims.harmful[i])
        )
        boxes.append(places[best])
        harmful.append(bool(rims.harmful[best]))
    return boxes, harmful
