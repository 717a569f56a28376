"""Where aura icons are: is there a framed square at this place, and which squares follow each other under a target.

An aura has no slot of its own: where none is, the moving world shows. A square is taken for an icon when its rim steps
against the world along all four sides; rows fill without gaps, so the first place without one ends a row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Era, Rect
from wowbot.hud.auras import ROW_WIDTH, ROW_WIDTH_BESIDE_TOT
from wowbot.hud.units import to_rect
from wowbot.perception.patches import CELLS, Box, Floats, Mask

MOST = 40
"""Icons a row can show."""
PER_SIDE = 10
RINGS = 4
"""Rings of points: inside the rim, on it, on a debuff's border, in the world outside."""
STEP = 16.0
"""Grey levels between two neighbouring rings that count as a step."""
SIDE_SHARE, WEAKEST_SHARE, CLEAR = 0.85, 0.60, 1.9
"""Share of the points of a side that must step: on average, and on the weakest side; and how many times the step must
exceed the world's own grain along the outside (textured ground steps everywhere). Of icons where they are expected, 99 %
step at every point."""
MOSTLY = (0.80, 0.30, 3.0)
"""The same of an icon that the world behind one side resembles."""
QUIET, LIKELY = (0.60, 3.0), 0.50
"""Least `strength` and `clear` of a picture whose dark rim is lost in a dark world along a side or two, and least `strength`
of one before another icon."""
PICTURE, PICTURE_FRAMED, PICTURE_LEVELS = 1.5, 1.0, 10.0
"""A picture's levels vary so many times as much as those of the world round it, within a rim less, and so many grey levels
more."""
VERY_CLEAR = 0.95
"""Least `strength` of an icon that needs no other sign."""
KNOWN = 8.0
"""Weight of a known icon beside its frame: the whole `strength` of one."""
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
    offsets = (-2.2, -0.6, 0.15 * rim, rim + 1.6)
    t = (np.arange(PER_SIDE) + 0.5) / PER_SIDE * 2 - 1
    along = np.concatenate([t, t, t, t]) * 0.86
    one = np.ones(PER_SIDE)
    across_x = np.concatenate([np.zeros(PER_SIDE), one, np.zeros(PER_SIDE), -one])
    across_y = np.concatenate([-one, np.zeros(PER_SIDE), one, np.zeros(PER_SIDE)])
    xs = [np.where(across_x != 0, across_x * (1 + d / half), along) for d in offsets]
    ys = [np.where(across_y != 0, across_y * (1 + d / half), along) for d in offsets]
    return np.concatenate(xs).astype(np.float32), np.concatenate(ys).astype(np.float32)


class Frames(NamedTuple):
    """Whether squares stand at n places.

    Attributes:
        framed: there is one.
        strength: share of rim points that step, averaged over the sides.
        clear: step over the world's own grain.
    """

    framed: Mask
    strength: Floats
    clear: Floats


class Borders(NamedTuple):
    """Coloured borders of n places.

    Attributes:
        harmful: it has a debuff's border.
        doubtful: its surroundings have a debuff's hue, but no border can be told from the world.
        school: by the border's hue, "" without one.
    """

    harmful: Mask
    doubtful: Mask
    school: list[str]


def read_frames(samples: Image) -> Frames:
    """Judge n places by their ring samples, uint8 (n, CELLS + RINGS * 4 * PER_SIDE, 3)."""
    frames = judge_rings(samples[:, CELLS:])
    framed, strength, clear = frames
    # Ropes, beams and branches cross as squares, too: what is not beyond doubt must have a picture inside.
    doubted = framed & (strength < VERY_CLEAR) & (clear <= QUIET[1])
    faint = ~framed & (strength >= QUIET[0]) & (clear > QUIET[1])
    if doubted.any():
        framed[doubted] = pictured(samples[doubted], PICTURE_FRAMED)
    if faint.any():
        framed[faint] = pictured(samples[faint], PICTURE)
    return frames


def pictured(samples: Image, times: float) -> Mask:
    """Which places, sampled as for `read_frames`, hold a picture: levels that vary `times` as much as those round it."""
    outside = samples[:, CELLS + (RINGS - 1) * 4 * PER_SIDE :]
    return np.asarray(_spread(samples[:, :CELLS]) > times * _spread(outside) + PICTURE_LEVELS, np.bool_)


def likely(samples: Image, frames: Frames, times: float = PICTURE) -> Mask:
    """Which places have so much of a rim, or a picture and less, that an icon beyond them vouches for one there.

    Args:
        times: see `pictured`; less asks whether an icon cannot be ruled out.
    """
    rims = frames.strength
    return (rims >= MOSTLY[0]) | (rims >= LIKELY) & pictured(samples, times)


def _spread(points: Image) -> Floats:
    """Standard deviation of points (n, points, 3), of the channel in which it is greatest, grey levels."""
    levels, count = points.astype(np.float32), points.shape[1]
    mean = levels.sum(axis=1) / count
    variance = np.einsum("npc,npc->nc", levels, levels) / count - mean * mean
    return np.asarray(np.sqrt(np.maximum(variance.max(axis=1), 0.0)), np.float32)


def judge_rings(points: Image) -> Frames:
    """The same by the ring samples alone, uint8 (n, RINGS * 4 * PER_SIDE, 3)."""
    n = len(points)
    rings = points.reshape(n, RINGS, 4 * PER_SIDE, 3)
    outside = rings[:, RINGS - 1 :]
    apart = np.maximum(rings[:, :-1], outside) - np.minimum(rings[:, :-1], outside)
    most = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    # Whatever the rim's own colour, the nearest ring that differs from the world outside tells a step.
    step = np.maximum(np.maximum(most[:, 1], most[:, 2]), most[:, 0] * np.float32(0.8))
    share = (step > STEP).reshape(n, 4, PER_SIDE).sum(axis=2) / np.float32(PER_SIDE)
    strength = share.sum(axis=1) / np.float32(4.0)
    if not (strength >= QUIET[0]).any():
        return Frames(np.zeros(n, np.bool_), strength, np.zeros(n, np.float32))
    world = outside.reshape(n, 4, PER_SIDE, 3)
    apart = np.maximum(world[:, :, 1:], world[:, :, :-1]) - np.minimum(world[:, :, 1:], world[:, :, :-1])
    changes = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    grain = changes.sum(axis=(1, 2), dtype=np.int32) / np.float32(changes[0].size)
    clear = step.sum(axis=1) / step.shape[1] / (grain + 4.0)
    weakest = share.min(axis=1)
    framed = (strength >= SIDE_SHARE) & (weakest >= WEAKEST_SHARE) & (clear > CLEAR)
    framed |= (strength >= MOSTLY[0]) & (weakest >= MOSTLY[1]) & (clear > MOSTLY[2])
    return Frames(framed, strength, clear.astype(np.float32))


_NAMES = list(SCHOOLS)
_HUES = np.asarray([np.asarray(v) / np.linalg.norm(v) for v in SCHOOLS.values()], np.float32)


def read_borders(samples: Image) -> Borders:
    """Which places, sampled as for `read_frames`, have a coloured border, and whose hue it is."""
    n, points = len(samples), 4 * PER_SIDE
    border = samples[:, CELLS + 2 * points : CELLS + 3 * points].astype(np.float32)
    outside = samples[:, CELLS + 3 * points :].astype(np.float32)
    middle = np.sort(border, axis=1)
    mean = (middle[:, points // 2 - 1] + middle[:, points // 2]) / 2
    likeness = (mean / np.maximum(np.sqrt((mean * mean).sum(axis=1)), 1.0)[:, None]) @ _HUES.T
    best = likeness.argmax(axis=1)
    length = np.sqrt(np.einsum("npc,npc->np", border, border))
    same = (np.einsum("npc,nc->np", border, _HUES[best]) > 0.9 * np.maximum(length, 1.0)).sum(axis=1) / points
    hued = (likeness[np.arange(n), best] > 0.97) & (same > 0.7) & (mean.max(axis=1) - mean.min(axis=1) > 45)
    apart = np.abs(border - outside)
    apart = (np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2]) > STEP).sum(axis=1) / points
    off = border - (border.sum(axis=1) / points)[:, None]
    even = (np.einsum("npc,npc->nc", off, off) / points).max(axis=1) < 12.0**2
    told = (apart > 0.7) | even
    harmful = hued & told
    return Borders(harmful, hued & ~told, [_NAMES[i] if h else "" for i, h in zip(best, harmful, strict=True)])


_COLOURS = np.asarray([(0, 0, 204), (255, 153, 51), (255, 0, 153), (0, 102, 153), (0, 153, 0)], np.float32)
"""The colours of SCHOOLS at full strength, BGR 0..255; same source."""
ALONG, LEAD = 0.95, 0.03
"""Least cosine of a faded border's way from the world's colour to its own, and how much the next school's is less."""


def faded_schools(samples: Image) -> list[str]:
    """The type of debuffs that fade in or out, "" where none fits: for places that are known to have a border.

    What is behind a faded border shines through, but it moves each colour along a straight line: from the colour just
    outside towards the border's own.
    """
    points = 4 * PER_SIDE
    outside = samples[:, CELLS + 3 * points :].astype(np.float32)
    moved = np.median(samples[:, CELLS + 2 * points : CELLS + 3 * points] - outside, axis=1)
    ways = 0.95 * _COLOURS[None] - np.median(outside, axis=1)[:, None]
    lengths = np.linalg.norm(ways, axis=2) * np.linalg.norm(moved, axis=1)[:, None]
    alike = np.einsum("nsc,nc->ns", ways, moved) / np.maximum(lengths, 1.0)
    best, ordered = alike.argmax(axis=1), np.sort(alike, axis=1)
    sure = (ordered[:, -1] > ALONG) & (ordered[:, -1] - ordered[:, -2] > LEAD)
    return [_NAMES[i] if told else "" for i, told in zip(best.tolist(), sure.tolist(), strict=True)]


class Flow(NamedTuple):
    """How a target's aura rows run, px.

    Args:
        left, top: of the first icon.
        sizes: of own and of others' auras.
        gaps: after a debuff, after a buff.
        row_gap: between rows.
        widths: of a row, and of the first two beside a target-of-target.
        per_row: most icons in a row, and beside a target-of-target.
    """

    left: float
    top: float
    sizes: tuple[float, ...]
    gaps: tuple[float, float]
    row_gap: float
    widths: tuple[float, float]
    per_row: tuple[int, int]

    @classmethod
    def of(
        cls, left: float, top: float, sizes: tuple[float, ...], gaps: tuple[float, float], era: Era, k: float
    ) -> Flow:
        """The rows of an era at k px per UI unit; vanilla counts its icons, later clients add up their widths."""
        if era == "vanilla":
            return cls(left, top, sizes, gaps, 2 * k, (144 * k, 144 * k), (6, 5))
        return cls(left, top, sizes, gaps, 3 * k, (ROW_WIDTH * k, ROW_WIDTH_BESIDE_TOT * k), (MOST, MOST))


class Beside(NamedTuple):
    """What else stands where a target's auras go.

    Args:
        tot: target-of-target is shown.
        cast: the icon beside its cast bar, a framed square as well; None = no cast bar is shown.
    """

    tot: bool = False
    cast: Box | None = None

    @property
    def icon(self) -> list[Box]:
        return [] if self.cast is None else [self.cast]


def candidates(flow: Flow, boxes: list[Box], harmful: list[bool], beside: Beside) -> list[Box]:
    """Where the next icon can stand after `boxes`: beside the last one, or at the start of the next row."""
    if not boxes:
        return [(flow.left, flow.top, size, size) for size in flow.sizes]
    x, y, w, _ = boxes[-1]
    row = [b for b in boxes if abs(b[1] - y) < 1.0]
    below = y + max(b[3] for b in row) + flow.row_gap
    # A row holds debuffs or buffs, never both: one gap runs through it.
    gap = flow.gaps[0 if harmful[-1] else 1] if len(row) == 1 else x - row[-2][0] - row[-2][2]
    narrow = beside.tot and len({round(b[1]) for b in boxes}) <= 2
    width, most = flow.widths[narrow], flow.per_row[narrow]
    sizes = [s for s in flow.sizes if len(row) < most and x + w + gap + s - flow.left <= width + 1.0]
    return [(x + w + gap, y, s, s) for s in sizes] + [(flow.left, below, s, s) for s in flow.sizes]


def standing(places: list[Box], samples: Image, beside: Beside, last: tuple[Box, bool] | None) -> tuple[Mask, Floats]:
    """Which places hold an aura, and how clearly.

    Args:
        places: candidates.
        samples: of the places, and of the cast bar's icon after them where one is shown.
        beside: what else stands there: what lies on the cast bar's icon is no aura, that bar has edges of its own.
        last: the icon before them, and whether it is a debuff: the rest of its row is as well, or must be very clear.
    """
    frames, n = read_frames(samples), len(places)
    found, strength = frames.framed[:n], frames.strength
    if beside.cast is not None:
        found = found & ~np.asarray([_overlap(place, beside.cast) for place in places], np.bool_)
    if last is not None and found.any():
        borders = read_borders(samples[:n])
        begins = np.asarray([abs(place[1] - last[0][1]) > 1.0 for place in places], np.bool_)
        found = found & (begins | borders.doubtful | (borders.harmful == last[1]) | (strength[:n] >= VERY_CLEAR))
    # A smaller square inside an icon shares two of its sides and may be the clearer one along those.
    return found, (4 * strength + np.float32(0.05) * frames.clear)[:n]


def _overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share a quarter of the first one."""
    wide, high = (min(one[i] + one[i + 2], other[i] + other[i + 2]) - max(one[i], other[i]) for i in (0, 1))
    return wide > 0 and high > 0 and wide * high > one[2] * one[3] / 4


def pixels(box: Box) -> Rect:
    """The pixels that a box covers; sums that miss a half by a rounding error go the way the client's go."""
    x, y, w, h = (round(v, 4) for v in box)
    return to_rect((x, y, w, h))


def walk(
    flow: Flow,
    sample: Callable[[list[Box]], Image],
    known: tuple[list[Box], list[bool]],
    beside: Beside,
    sure: Callable[[Box, Image], float],
) -> list[Box]:
    """Follow the icons: the boxes of all.

    Args:
        sample: samples boxes on the frame.
        known: boxes known to hold icons, and which of them are debuffs.
        beside: what else stands there.
        sure: how surely a box's sample is an icon that is known: of two sizes at one place both may seem framed.
    """
    boxes, debuffs = list(known[0]), list(known[1])
    while len(boxes) < MOST:
        places = candidates(flow, boxes, debuffs, beside)
        samples = sample(places + beside.icon)
        there, rank = standing(places, samples, beside, (boxes[-1], debuffs[-1]) if boxes else None)
        found = np.flatnonzero(there).tolist()
        if not found:
            break
        borders = read_borders(samples)
        first_row = [i for i in found if places[i][1] == places[found[0]][1]]
        worth = {i: float(rank[i]) + bool(borders.harmful[i]) for i in first_row}
        if len(first_row) > 1:
            worth = {i: w + KNOWN * sure(places[i], samples[i]) for i, w in worth.items()}
        best = max(first_row, key=worth.__getitem__)
        boxes.append(places[best])
        debuffs.append(bool(borders.harmful[best]))
    return boxes
