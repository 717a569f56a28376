"""How parts of a unit frame look: the strip's reaction, ornaments round the portrait, swords and sleep sign.

Each is judged by a few fixed points, which are named here too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Era, Rect
from wowbot.core.reading import Reading, unknown
from wowbot.perception.spirit import Points

GOLD, SILVER, APART = 0.4, 0.55, 38.0
"""Share of gold or silver round the portrait from which an ornament is there (drawn: .76 and .69; the world .09 and .16,
seldom more), and by how many grey levels retail's place of it differs from the world beyond without one (drawn: 35)."""
DIFFERS, WORLD, OTHER, GAIN = 25, 0.4, 0.5, 0.45
"""By how many grey levels a point of retail's ornament differs from the world beyond; up to which share of such points
there is none (drawn: .36, a rare's star among them) and from which there is (drawn: .76); and from how much more of its
metal than there is beyond it is one all the same, as old gold before brown rock is (the world .37)."""


def reaction(blue: float, green: float, red: float, style: str) -> tuple[Reading, bool, float]:
    """Reaction by the strip's median colour; whether it is grey (tapped), and how sure that is.

    Source: UnitReactionColor in TargetFrame.lua: red 2, orange 3, yellow 4, green 5; friendly players blue; tapped grey.
    """
    low, high = min(blue, green, red), max(blue, green, red)
    if high - low < 0.3 * high or high < 40:
        grey = style == "classic" and 30 < high < 150
        why = "the name strip is grey" if grey else "the name strip has no colour"
        return unknown(why), grey, 0.7 if style == "classic" else 0.3
    if blue == high:
        return Reading(5.0, 0.9), False, 0.95
    if red >= green:
        ratio = (green - low) / max(1.0, red - low)
        value = 2.0 if ratio < 0.28 else 3.0 if ratio < 0.72 else 4.0
        return Reading(value, 0.95), False, 0.95
    yellowish = (red - low) / max(1.0, green - low) > 0.8
    return Reading(4.0 if yellowish else 5.0, 0.9), False, 0.95


def classification(image: Image, rings: tuple[Points, Points], era: Era) -> Reading:
    """Gold or silver ornament round the portrait's outer half, which normal units lack.

    Source: TargetFrame.lua of each client. Before WotLK rare elites and world bosses have the gold of elites, later ones
    bosses alone; retail gives silver to rare elites and to a rare only a star.
    """
    near = image[rings[0]].astype(np.int16)
    free = near[~((near[:, 2] > 90) & (near[:, 2] > 1.8 * near[:, :2].max(1)))]  # red are combo points
    gold, silver = (_gold(free), _silver(free)) if len(free) > 0.3 * len(near) else (0.0, 0.0)
    metal = gold >= GOLD or silver >= SILVER
    if not metal and era != "retail":
        return Reading("normal", 0.6 if max(gold, silver) > 0.3 else 0.85)
    far = image[rings[1]].astype(np.int16)
    apart = float(np.abs(near - far).mean())
    other = float((np.abs(near - far).mean(1) > DIFFERS).mean())
    gain = max(gold - _gold(far), silver - _silver(far))
    if not metal or (other < OTHER and gain < GAIN if era == "retail" else apart < 25.0):
        if era != "retail":
            return Reading("normal", 0.6 if max(gold, silver) > 0.3 else 0.85)
        if metal and other > WORLD:
            return unknown("gold or silver stands round the portrait, but the world beyond is much like it")
        if not metal and apart > APART:
            return unknown("something that is neither gold nor silver stands round the portrait")
        return Reading("normal", 0.6, "a rare one looks alike but for a small star")
    if gold >= GOLD:
        alike = "a rare elite or a world boss looks alike" if era in ("vanilla", "tbc") else "a world boss looks alike"
        return Reading("elite", 0.7, alike)
    if era == "retail":
        return Reading("rareelite", 0.7)
    return Reading("rare", 0.6, "" if era in ("vanilla", "tbc") else "a rare elite looks almost alike")


def golden(parts: NDArray[np.uint8], least: int) -> float:
    """Share of gold at least so bright."""
    blue, green, red = (parts[:, i].astype(np.int16) for i in range(3))
    low = np.minimum(green, red)
    return _share((low > least) & (low > 1.6 * blue))


def crimson(parts: NDArray[np.uint8]) -> float:
    wide = parts.astype(np.int16)
    return _share((wide[:, 2] > 70) & (wide[:, 2] > 2.2 * np.maximum(wide[:, 0], wide[:, 1])))


def steel(parts: NDArray[np.uint8]) -> float:
    """Share of bright grey."""
    wide = parts.astype(np.int16)
    high = wide.max(1)
    return _share((high > 85) & (high - wide.min(1) < 0.3 * high))


def _gold(parts: NDArray[np.int16]) -> float:
    blue, green, red = parts[:, 0], parts[:, 1], parts[:, 2]
    return _share((red - blue > 50) & (green - blue > 15) & (red >= green))


def _silver(parts: NDArray[np.int16]) -> float:
    blue, green, red = parts[:, 0], parts[:, 1], parts[:, 2]
    high, low = np.maximum(np.maximum(blue, green), red), np.minimum(np.minimum(blue, green), red)
    return _share((high - low < 28) & (high > 110))


def _share(marks: NDArray[np.bool_]) -> float:
    """How many of a few marks are set; what `mean` tells takes several times as long."""
    return int(np.count_nonzero(marks)) / max(1, marks.size)


def grid(box: tuple[int, ...], rows: int, columns: int, size_wh: tuple[int, int], margin: float = 0.1) -> Points | None:
    """Sample points spread over a box, away from its edges by `margin` of its size; None without a box."""
    if len(box) != 4:
        return None
    x, y, w, h = box
    ys = np.linspace(y + margin * h, y + (1 - margin) * h - 1, rows).round().astype(np.intp)
    xs = np.linspace(x + margin * w, x + (1 - margin) * w - 1, columns).round().astype(np.intp)
    return _inside(np.repeat(ys, columns), np.tile(xs, rows), size_wh)


def strip_points(box: tuple[int, ...], size_wh: tuple[int, int]) -> Points | None:
    """Points of a name strip above and below its text, and at its ends."""
    if len(box) != 4:
        return None
    x, y, w, h = box
    bands = [(x, y + 0.1 * h, w, 0.14 * h), (x, y + 0.78 * h, w, 0.12 * h)]
    ends = [(x + 0.01 * w, y, 0.05 * w, h), (x + 0.94 * w, y, 0.05 * w, h)]
    shapes = [(2, 24), (2, 24), (6, 2), (6, 2)]
    parts = [
        grid(tuple(round(v) for v in (b[0], b[1], max(1.0, b[2]), max(1.0, b[3]))), *shape, size_wh, 0.05)
        for b, shape in zip([*bands, *ends], shapes, strict=True)
    ]
    found = [p for p in parts if p is not None]
    return np.concatenate([p[0] for p in found]), np.concatenate([p[1] for p in found])


def portrait_rings(portrait: tuple[int, ...], size_wh: tuple[int, int]) -> tuple[Points, Points]:
    """Points just outside the portrait's ring on its outer half, and farther out."""
    x, y, w, h = portrait
    angles = np.deg2rad(np.arange(-70, 71, 5))
    pair = []
    for reach in (1.18, 1.75):
        radius = np.concatenate([np.full(len(angles), 0.5 * w * (reach + d)) for d in (-0.04, 0.0, 0.04)])
        turn = np.tile(angles, 3)
        ys, xs = y + h / 2 - radius * np.sin(turn), x + w / 2 + radius * np.cos(turn)
        pair.append(_inside(ys.round().astype(np.intp), xs.round().astype(np.intp), size_wh))
    return pair[0], pair[1]


def bounds(points: Points) -> Rect:
    """The smallest rectangle that holds all points."""
    (top, bottom), (left, right) = ((int(axis.min()), int(axis.max()) + 1) for axis in points)
    return Rect(left, top, right - left, bottom - top)


def _inside(ys: NDArray[np.intp], xs: NDArray[np.intp], size_wh: tuple[int, int]) -> Points:
    return np.clip(ys, 0, size_wh[1] - 1), np.clip(xs, 0, size_wh[0] - 1)
