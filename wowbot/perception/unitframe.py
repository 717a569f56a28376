"""Unit frames: shown or not, reaction by the name strip, tapped, classification, combat, rest, ghost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, Value, unknown
from wowbot.perception.fill import MIN_LEVEL, measure
from wowbot.perception.presence import DOUBTFUL, SHOWN, SURE_SMALL, Presence, shown
from wowbot.perception.reader import Context, Hints, TextSpot, region_unit, unit_prefix
from wowbot.perception.spirit import Points, spirit
from wowbot.perception.unitlook import (
    bounds,
    classification,
    crimson,
    golden,
    grid,
    portrait_rings,
    reaction,
    steel,
    strip_points,
)

TOLD = 0.5
"""Less sure than this a colourless strip does not tell whether a unit is tapped."""
COMBAT = 0.15
"""Share of crimson on the level's disc from which the swords stand there (0.45 seen, 0 without)."""
BLADES = 0.1
"""Share of bright grey above the level's digits from which the swords' blades cross there, whose red ground comes and
goes (0.23 and 0.38 seen; without them 0.02 at most, the sleep sign's gold included)."""
REST = 0.4
"""Share of gold on the level's disc above and below its digits' rows from which the sleep sign's disc is there."""
LETTERS = 0.12
"""Share of bright gold up to the right of there from which the sleep sign's letters are there."""
WITH_RESOURCE = ("mana", "energy")
"""Powers of classes that have shards, holy power, charges, essence, chi or combo points under the own frame in retail."""
DISPLACED = unknown("runes, shards or points of the class may stand in its place, and then it stands below them")


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
        self._rings = portrait_rings(self._options.portrait, self._size) if self._options.portrait else None
        self._k, self._era = context.layout.ui_scale, context.layout.era
        self._blades: Points | None = None
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
        if there and not self._presence.ends(image, score):
            there, sure = False, 0.8
            # Retail's own Edit Mode moves frames for good, which calibration finds.
            if not self._small and self._options.style != "retail" and self._presence.aside(image):
                out[term] = unknown("bars like its own stand a little beside its place: an add-on may have moved it")
                return False
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
        above = inside & (dy < -4.0 * k)
        self._blades = (points[0][above], points[1][above])
        return (points[0][inside], points[1][inside]), (points[0][beyond], points[1][beyond])

    def _read_own(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        if self._disc is not None:
            share = crimson(image[self._disc])
            if self._options.style == "retail" and self._rings is not None:
                share = max(share, crimson(image[self._rings[0]]) - 0.2)
            out["in_combat"] = self._combat(image, share)
            out["resting"] = self._retail_rest(image) if self._caps is None else self._classic_rest(image)
        health = hints.last.get("health.pct")
        pct = health.value if health is not None and isinstance(health.value, float) else None
        out["ghost"] = spirit(image, self._world, pct)

    def _combat(self, image: Image, share: float) -> Reading:
        """Swords by their red ground, or in the classic clients by their blades, which stay while the red pulses."""
        if share <= COMBAT and self._blades is not None and steel(image[self._blades]) > BLADES:
            return Reading(1.0, 0.8)
        return Reading(float(share > COMBAT), 0.9 if abs(share - COMBAT) > 0.05 else 0.6)

    def _classic_rest(self, image: Image) -> Reading:
        """The sleep sign: a golden disc in the level's place, or golden letters across it, where no digit reaches."""
        assert self._caps is not None
        share, bright = golden(image[self._caps], 45), golden(image[self._letters], 165)
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


def _value_of(reading: Reading | None) -> Value | None:
    return None if reading is None else reading.value
