"""Unit frames: shown or not, reaction by the name strip, tapped, classification, combat, rest, ghost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Era, Rect, Region
from wowbot.core.reading import Reading, Value, unknown
from wowbot.perception.fill import MIN_LEVEL, measure
from wowbot.perception.presence import DOUBTFUL, SHOWN, SURE_SMALL, Presence, shown
from wowbot.perception.reader import Context, Hints, TextSpot, region_unit, unit_prefix
from wowbot.perception.spirit import Points, spirit

TOLD = 0.5
"""Less sure than this a colourless strip does not tell whether a unit is tapped."""
COMBAT = 0.15
"""Share of crimson on the level's disc from which the swords stand there (0.45 seen, 0 without)."""
REST = 0.4
"""Share of gold on the level's disc above and below its digits' rows from which the sleep sign's disc is there."""
LETTERS = 0.12
"""Share of bright gold up to the right of there from which the sleep sign's letters are there."""
GOLD, SILVER, APART = 0.4, 0.55, 38.0
"""Share of gold or silver round the portrait from which an ornament is there (drawn: .76 and .69; the world .09 and .16,
seldom more), and by how many grey levels retail's place of it differs from the world beyond without one (drawn: 35)."""
DIFFERS, WORLD, OTHER, GAIN = 25, 0.4, 0.5, 0.45
"""By how many grey levels a point of retail's ornament differs from the world beyond; up to which share of such points
there is none (drawn: .36, a rare's star among them) and from which there is (drawn: .76); and from how much more of its
metal than there is beyond it is one all the same, as old gold before brown rock is (the world .37)."""


@dataclass(frozen=True, slots=True)
class UnitFrameOptions:
    """Options of a `unitframe` region; boxes are [x, y, w, h] in frame pixels, empty = the style has none.

    Args:
        unit: "player", "target", "targettarget", "pet", "focus_unit", "party1" ...
        style: "classic" or "retail".
        portrait, strip, name, level, status_icon: parts of the frame.
    """

    unit: str = "player"
    style: str = "classic"
    portrait: tuple[int, ...] = ()
    strip: tuple[int, ...] = ()
    name: tuple[int, ...] = ()
    level: tuple[int, ...] = ()
    status_icon: tuple[int, ...] = ()


class UnitFrameReader:
    """Reads one unit frame, its bars and texts aside."""

    period: ClassVar[int] = 1

    def __init__(self, name: str, region: Region, context: Context) -> None:
        self._options = bind(
            UnitFrameOptions, {"unit": region_unit(name, region), **region.options}, f"region {name!r}"
        )
        unit = self._options.unit
        self._prefix = unit_prefix(unit)
        self._phase = sum(map(ord, unit))
        self._strip_seen, self._strip_said = b"", (unknown("not seen yet"), False, 0.0)
        self._size = context.layout.size_wh
        health, power = context.layout.regions.get(f"{unit}.health"), context.layout.regions.get(f"{unit}.power")
        self._health = health.rect if health else None
        bars = [r.rect for r in (health, power) if r is not None]
        self._displaced = unit == "pet" and self._options.style == "retail"
        self._small = unit not in ("player", "target", "focus_unit")
        self._power = power.rect if power else None
        ringed = unit == "focus_unit" and self._options.style == "classic"
        self._presence = Presence(bars[0], bars[-1], small=self._small, ringed=ringed) if bars else None
        self._least = MIN_LEVEL.get(self._options.style, 100.0)
        self._strip = strip_points(self._options.strip, self._size)
        self._rings = _rings(self._options.portrait, self._size) if self._options.portrait else None
        self._k, self._era = context.layout.ui_scale, context.layout.era
        self._disc, self._caps = self._status_points()
        world = grid((0, 0, *self._size), 24, 40, self._size, 0.2)
        assert world is not None
        self._world: Points = world
        self.provides = self._terms()
        self.spots: tuple[TextSpot, ...] = ()
        self.watches = self._parts() if self._prefix and not self._small else ()

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        if not self._prefix:
            self._read_own(image, out, hints)
            return
        if self._small and self._idle(out, hints):
            return
        power = _value_of(hints.last.get("power.type")) if self._displaced else None
        if self._displaced and (not hints.last or power == "runic_power"):
            out.update(dict.fromkeys(self.provides, DISPLACED))
            return
        if not self._write_exists(image, out):
            if power in WITH_RESOURCE:
                out[self.provides[0]] = DISPLACED
            absent = unknown(f"no {self._options.unit} frame is shown")
            out.update(dict.fromkeys(self.provides[1:], absent))
            return
        if self._strip is not None:
            self._write_reaction(image, out)
        if self._rings is not None:
            out[f"{self._prefix}classification"] = classification(image, self._rings, self._era)

    def _idle(self, out: dict[str, Reading], hints: Hints) -> bool:
        """A small frame that is not shown is looked for on every fourth frame only; between, it stays absent."""
        last = hints.last.get(self.provides[0])
        if last is None or last.value != 0.0 or (hints.index + self._phase) % 4 == 0:
            return False
        out.update({term: hints.last[term] for term in self.provides if term in hints.last})
        return True

    def _terms(self) -> tuple[str, ...]:
        if not self._prefix:
            return ("in_combat", "resting", "ghost") if self._disc is not None else ("ghost",)
        terms = [f"{self._prefix}exists"]
        if self._strip is not None:
            terms += [f"{self._prefix}reaction", f"{self._prefix}tapped"]
        if self._rings is not None:
            terms.append(f"{self._prefix}classification")
        return tuple(terms)

    def _parts(self) -> tuple[Rect, ...]:
        """All that a target's frame is read from."""
        points = [self._strip, *(self._rings or ())]
        parts = [*(self._presence.areas if self._presence else ()), self._health, self._power]
        return tuple([part for part in parts if part is not None] + [bounds(p) for p in points if p is not None])

    def _write_exists(self, image: Image, out: dict[str, Reading]) -> bool:
        term = f"{self._prefix}exists"
        if self._presence is None or self._health is None:
            out[term] = unknown(f"the layout has no bars for {self._options.unit}")
            return True
        score = self._presence.score(image)
        there, sure = shown(score)
        if there and not self._presence.ends(image):
            there, sure = False, 0.8
        elif DOUBTFUL <= score < (SURE_SMALL if self._small else SHOWN):
            fill = measure(self._health.crop(image), "green", 1.5 * self._least)
            vouched = fill.edge > 0.1 * self._health.width and fill.agreement > 0.9
            there = vouched if score < SHOWN or self._displaced or not self._power_seen(image) else there
            sure = 0.8
        out[term] = Reading(float(there), sure, "" if sure >= 0.7 else f"its edges show with {score:.2f} of 1")
        return there

    def _power_seen(self, image: Image) -> bool:
        """Whether the power bar of a small frame shows a stock colour (an empty health bar cannot vouch for it)."""
        if self._power is None:
            return False
        crop = self._power.crop(image)
        return any(measure(crop, hue, self._least).edge > 2.0 for hue in ("blue", "red", "yellow", "cyan"))

    def _write_reaction(self, image: Image, out: dict[str, Reading]) -> None:
        assert self._strip is not None
        points = image[self._strip]
        if points.tobytes() != self._strip_seen:
            self._strip_seen = points.tobytes()
            blue, green, red = np.median(points, axis=0)
            self._strip_said = reaction(float(blue), float(green), float(red), self._options.style)
        value, tapped, sure = self._strip_said
        out[f"{self._prefix}reaction"] = value
        out[f"{self._prefix}tapped"] = Reading(float(tapped), sure) if sure >= TOLD else unknown(value.why)

    def _status_points(self) -> tuple[Points | None, Points | None]:
        """Where the swords or the sleep sign replace the level (classic), or the swords stand (retail); and the parts of
        the classic disc that no digit of a level reaches.
        """
        options = self._options
        box = options.level if options.style != "retail" else options.status_icon
        if self._prefix or len(box) != 4:
            return None, None
        if options.style == "retail":
            return grid(box, 8, 8, self._size), None
        x, y, w, h = box
        reach, k = 12.0 * self._k, self._k
        place = (round(x + w / 2 - reach), round(y + h / 2 - reach), round(2 * reach), round(2 * reach))
        points = grid(place, 25, 25, self._size, 0.0)
        assert points is not None
        dy, dx = points[0] - (y + h / 2), points[1] - (x + w / 2)
        apart = np.hypot(dx, dy)
        inside, beyond = apart < 8 * k, (apart < 8 * k) & (np.abs(dy) > 5.5 * k)
        wedge = (apart < 11.5 * k) & (dx > 1.5 * k) & (dy < -4.5 * k)
        self._letters: Points = (points[0][wedge], points[1][wedge])
        return (points[0][inside], points[1][inside]), (points[0][beyond], points[1][beyond])

    def _read_own(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        if self._disc is not None:
            share = _crimson(image[self._disc])
            if self._options.style == "retail" and self._rings is not None:
                share = max(share, _crimson(image[self._rings[0]]) - 0.2)
            out["in_combat"] = Reading(float(share > COMBAT), 0.9 if abs(share - COMBAT) > 0.05 else 0.6)
            out["resting"] = self._retail_rest(image) if self._caps is None else self._classic_rest(image)
        health = hints.last.get("health.pct")
        pct = health.value if health is not None and isinstance(health.value, float) else None
        out["ghost"] = spirit(image, self._world, pct)

    def _classic_rest(self, image: Image) -> Reading:
        """The sleep sign: a golden disc in the level's place, or golden letters across it, where no digit reaches."""
        assert self._caps is not None
        share, bright = _golden(image[self._caps], 45), _golden(image[self._letters], 165)
        sign = share > REST or bright > LETTERS
        sure = min(abs(share - REST), abs(bright - LETTERS)) > 0.03
        return Reading(float(sign), 0.9 if sure else 0.6)

    def _retail_rest(self, image: Image) -> Reading:
        """Gold letters drift up from the portrait's upper right while resting."""
        x, y, w, h = self._options.portrait
        area = Rect(x + round(0.55 * w), y - round(0.28 * h), round(0.5 * w), round(0.36 * h)).crop(image)
        if area.size == 0:
            return unknown("the place of the rest sign is outside the frame")
        parts = area.reshape(-1, 3).astype(np.int16)
        gold = (parts[:, 2] > 150) & (parts[:, 1] > 110) & (parts[:, 1] - parts[:, 0] > 70)
        return Reading(float(gold.mean() > 0.06), 0.7)


WITH_RESOURCE = ("mana", "energy")
"""Powers of classes that have shards, holy power, charges, essence, chi or combo points under the own frame in retail."""
DISPLACED = unknown("runes, shards or points of the class may stand in its place, and then it stands below them")


def _value_of(reading: Reading | None) -> Value | None:
    return None if reading is None else reading.value


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


def _golden(parts: NDArray[np.uint8], least: int) -> float:
    """Share of gold at least so bright."""
    blue, green, red = (parts[:, i].astype(np.int16) for i in range(3))
    low = np.minimum(green, red)
    return _share((low > least) & (low > 1.6 * blue))


def _crimson(parts: NDArray[np.uint8]) -> float:
    wide = parts.astype(np.int16)
    return _share((wide[:, 2] > 70) & (wide[:, 2] > 2.2 * np.maximum(wide[:, 0], wide[:, 1])))


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


def _rings(portrait: tuple[int, ...], size_wh: tuple[int, int]) -> tuple[Points, Points]:
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
