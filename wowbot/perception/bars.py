"""Health and power bars by their fill, the colour telling the power; printed numbers are a second witness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.core.terms import POWERS
from wowbot.perception.fill import MIN_LEVEL, Fill, colourless, glows_at_end, measure, offline, stranger
from wowbot.perception.numbers import BarNumber, parse_bar_number
from wowbot.perception.reader import Context, Hints, TextSpot, region_unit, unit_prefix

Style = Literal["classic", "retail", "custom"]
COVERED: dict[Style, float] = {"classic": 0.045, "retail": 0.022, "custom": 0.0}
"""Share of a big frame's bar at the portrait's end that its ring and the ring's shadow hide or dim. Classic: the ring
covers 2.4 to 2.8 % (4 px of 151 on several 1080p screenshots), its shadow dims about 2 px more. Retail: the target's
ring begins at 123.3 of 126 units (four 10.x screenshots); the player's square portrait corner hides nothing."""
RING_HIDES = 0.028
"""Share of the own bar's start that the ring hides for good: a fill that ends there cannot be seen."""
RING_PCT = 1.0
"""What is read then: empty or up to 2.8 pct."""
RING_CONTRAST = 14.0
"""Least difference of mean colour, 0..255, between the ring and the empty bar beside it."""
RING_WHY = "the portrait's ring hides the first 3 pct of the bar"
OFFLINE = unknown("the unit is not connected: its bar is grey")
NO_POWER = unknown("the power bar is empty or hidden: no colour to tell its type")
NOTHING = Fill(0.0, 0.0, 0.0, 0, (0.0, 0.0, 0.0))
POWER_HUES = ("blue", "yellow", "red", "cyan", "purple")
HIDING_PCT = 10.0
"""From this share of the bar on under text beyond the fill, the number decides; such a text may be longer than the bar."""
LONG_TEXT = (0.06, 0.3)
"""How far beyond the bar a long text is read, in its width and height: "Gesundheit 2949 / 2949" stands 4 % out."""
WITNESS_GAP_PCT = 2.5
"""A printed number and the fill may differ by this much before it counts as a disagreement (label error + 1 px)."""


@dataclass(frozen=True, slots=True)
class BarOptions:
    """Options of a `bar` region.

    Args:
        unit, resource: whose ("player", "target" ...) and what ("health", "power", "xp", or a power's name: "mana" ...).
        style: whose look; "custom" reads by the rule below instead of by stock colours.
        row: custom: which row of the rect, from its top, is read (one that no text covers).
        channel, minimum: custom: a column counts as filled when this channel ("r" "g" "b") is over `minimum` ...
        minus, difference: custom: ... and exceeds channel `minus` by more than `difference`.
    """

    unit: str = "player"
    resource: str = "health"
    style: Style = "classic"
    row: int = 0
    channel: Literal["r", "g", "b"] = "r"
    minimum: int = 75
    minus: Literal["r", "g", "b"] = "g"
    difference: int = 40


class BarReader:
    """Reads one bar. Provides `health.pct` (and `dead`), or `power.type` and that power's `.pct`."""

    period: ClassVar[int] = 1
    watches: tuple[Rect, ...] = ()

    def __init__(self, name: str, region: Region, context: Context) -> None:
        table = {"unit": region_unit(name, region), **region.options}
        self._options = bind(BarOptions, table, f"region {name!r}")
        self._prefix = unit_prefix(self._options.unit)
        self._width, self._bar, self._frame_wh = region.rect.width, region.rect, context.layout.size_wh
        self._rect, self._covered = visible_part(region.rect, self._options)
        self._least = MIN_LEVEL.get(self._options.style, 0.0)
        self._reach = max(1, round(1.5 * context.layout.ui_scale))
        self._health = self._options.resource == "health"
        self._hue = "green" if self._health else "blue"
        self._gate = f"{self._prefix}exists" if self._prefix else ""
        self._seen: Image | None = None
        self._fill = NOTHING
        self._ringed = self._offline = False
        self._absent = unknown(f"no {self._options.unit} frame is shown")
        told = context.bindings.power if context.bindings.spells and self._options.unit == "player" else ""
        self._own = Reading(told, 0.9, "from the profile") if told else None
        self.provides = self._terms()
        self.spots = self._text_spots(region.rect)

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        if not self.provides:
            return
        gate = out.get(self._gate)
        if gate is not None and gate.value != 1.0:
            out.update(dict.fromkeys(self.provides, self._absent if gate.value == 0.0 else gate))
            return
        crop = self._rect.crop(image)
        if self._options.style == "custom":
            self._write_custom(crop, out)
            return
        if self._seen is None or not np.array_equal(crop, self._seen):
            self._seen = crop.copy()
            self._look(crop)
            self._place_text(hints)
        if self._offline:
            out.update(dict.fromkeys(self.provides, OFFLINE))
        elif self._health:
            self._write_health(self._fill, out, hints, self._ringed)
        else:
            self._write_power(self._fill, out, hints)

    def _look(self, crop: Image) -> None:
        """Measure what has changed since the frame before."""
        self._fill = self._measure(crop)
        if self._health and glows_at_end(crop, self._fill.edge):
            self._fill = self._fill._replace(edge=float(self._width), slack=0)
        self._offline = self._fill.edge <= 0 and self._gate != "" and self._options.style == "classic" and offline(crop)
        if self._health and self._fill.edge <= 0:
            self._ringed = self._ring_over(crop)
            if stranger(crop):
                self._fill = self._fill._replace(agreement=0.45)

    def _place_text(self, hints: Hints) -> None:
        """Where so much text hides the bar that it may reach beyond it, it is read as a whole."""
        if not self.spots:
            return
        key, size = self.spots[0].key, self._frame_wh
        if 100.0 * self._fill.slack < HIDING_PCT * self._width:
            hints.places.pop(key, None)
            return
        x, y = (
            max(2, round(share * side)) for share, side in zip(LONG_TEXT, (self._width, self._bar.height), strict=True)
        )
        box = self._bar
        left, top = max(0, box.left - x), max(0, box.top - y)
        right, bottom = min(size[0], box.right + x), min(size[1], box.bottom + y)
        hints.places[key] = Rect(left, top, right - left, bottom - top)

    def _terms(self) -> tuple[str, ...]:
        resource = self._options.resource
        if resource == "health":
            return (f"{self._prefix}health.pct", f"{self._prefix}dead")
        if resource == "power":
            return (f"{self._prefix}power.type",)
        return (f"{self._prefix}{resource}.pct",) if resource in POWERS else ()

    def _text_spots(self, rect: Rect) -> tuple[TextSpot, ...]:
        if self._options.style == "custom" or not self.provides or self._options.unit.startswith("party"):
            return ()
        grown = Rect(rect.left, max(0, rect.top - 2), rect.width, rect.height + 4)
        key = f"{self._prefix}{self._options.resource}.text"
        return (TextSpot(key, grown, "number", "min", self._gate),)

    def _measure(self, crop: Image) -> Fill:
        """Try the hue seen last; look at all of them only when it is not there."""
        fill = measure(crop, self._hue, self._least, self._reach, self._covered)
        if fill.level >= 1.5 * self._least and fill.edge > 0:
            return fill
        if fill.edge <= 0 and colourless(crop, self._least):
            return fill
        hues = ("green", *POWER_HUES) if self._health else POWER_HUES
        found = max(self._each(crop, hues), key=lambda f: f.body)
        if self._health and found.level < 1.5 * self._least:
            return fill
        if found.edge > 0:
            self._hue = hue_of(found.colour) if not self._health else self._hue
        return found

    def _each(self, crop: Image, hues: tuple[str, ...]) -> Iterator[Fill]:
        return (measure(crop, hue, self._least, self._reach, self._covered) for hue in hues)

    def _judge(self, fill: Fill, hints: Hints) -> tuple[float, float, str, BarNumber | None]:
        """The fill and the printed number together: percent, confidence, why it is low, the number."""
        pct, slack = self._pct(fill), 100.0 * fill.slack / self._width
        number = self._number(hints)
        printed = number.pct if number is not None else None
        if printed is None:
            why = f"text hides {slack:.0f} pct of the bar beyond the fill seen" if slack > HIDING_PCT else ""
            why = why or ("the bar may show a colour that is not the stock one" if fill.agreement < 0.5 else "")
            return pct, fill.agreement * max(0.1, 1.0 - slack / 50.0), why, number
        if pct - WITNESS_GAP_PCT <= printed <= pct + slack + WITNESS_GAP_PCT:
            return (printed if slack > WITNESS_GAP_PCT else pct), max(fill.agreement, 0.98), "", number
        return pct, 0.5 * fill.agreement, f"the fill says {pct:.1f} pct, the printed number {printed:.1f}", number

    def _pct(self, fill: Fill) -> float:
        """Columns to percent; the far end's cap, under a pixel wide, counts as filled when the fill reaches it."""
        if fill.edge >= self._width - 0.8:
            return 100.0
        return 100.0 * max(0.0, fill.edge) / self._width

    def _write_health(self, fill: Fill, out: dict[str, Reading], hints: Hints, ringed: bool) -> None:
        pct, confidence, why, number = self._judge(fill, hints)
        if number is not None:
            if number.current is not None:
                out[f"{self._prefix}health"] = Reading(number.current, confidence, why)
            if number.full is not None:
                out[f"{self._prefix}health.max"] = Reading(number.full, confidence, why)
        if pct == 0.0 and ringed:
            pct, confidence, why = RING_PCT, min(confidence, 0.6), RING_WHY
        out[f"{self._prefix}health.pct"] = Reading(pct, confidence, why)
        ghost = out.get("ghost") if not self._prefix else None
        if ghost is not None and ghost.value == 1.0:
            out["dead"] = Reading(0.0, ghost.confidence, "a released spirit is no longer a body")
            return
        out[f"{self._prefix}dead"] = Reading(float(fill.edge <= 0.0), confidence if pct else 0.8 * confidence, why)

    def _ring_over(self, crop: Image) -> bool:
        """Whether the portrait's ring lies over the first columns of an empty bar: they differ from those beside them."""
        hidden = round(RING_HIDES * self._width)
        if not self._covered[0] or hidden < 2:
            return False
        ring, empty = cv2.mean(crop[:, : hidden - 1])[:3], cv2.mean(crop[:, 2 * hidden : 4 * hidden])[:3]
        return max(abs(a - b) for a, b in zip(ring, empty, strict=True)) > RING_CONTRAST

    def _write_power(self, fill: Fill, out: dict[str, Reading], hints: Hints) -> None:
        if fill.edge <= 0.0:
            self._write_empty_power(fill, out, hints)
            return
        power = power_of(fill.colour)
        pct, confidence, why, number = self._judge(fill, hints)
        if number is not None and number.current is not None and power in POWERS:
            out[f"{self._prefix}{power}"] = Reading(number.current, confidence, why)
        out[f"{self._prefix}power.type"] = Reading(power, confidence, why)
        if power in POWERS:
            out[f"{self._prefix}{power}.pct"] = Reading(pct, confidence, why)

    def _write_empty_power(self, fill: Fill, out: dict[str, Reading], hints: Hints) -> None:
        """An empty bar has no colour: the type stays as it was seen last on this unit, or is the profile's own."""
        last = hints.last.get(f"{self._prefix}power.type") or self._own
        if last is None or not isinstance(last.value, str):
            last = self._own
        if last is None or not isinstance(last.value, str):
            out[f"{self._prefix}power.type"] = NO_POWER
            return
        out[f"{self._prefix}power.type"] = Reading(last.value, 0.9 * last.confidence, "seen before it ran empty")
        if last.value in POWERS:
            out[f"{self._prefix}{last.value}.pct"] = Reading(0.0, fill.agreement)

    def _write_custom(self, crop: Image, out: dict[str, Reading]) -> None:
        rule = self._options
        line = crop[rule.row].astype(np.int16)
        one, other = line[:, "bgr".index(rule.channel)], line[:, "bgr".index(rule.minus)]
        filled = (one > rule.minimum) & (one - other > rule.difference)
        pct = 100.0 * float(np.mean(filled))
        if rule.resource == "power":
            self._write_custom_power(pct, line[filled], out)
            return
        out[self.provides[0]] = Reading(pct)
        if self._health:
            out[self.provides[1]] = Reading(float(pct == 0.0))

    def _write_custom_power(self, pct: float, filled: NDArray[np.int16], out: dict[str, Reading]) -> None:
        """Which power it is is told by the fill's colour; an empty bar has none."""
        if not len(filled):
            out[f"{self._prefix}power.type"] = NO_POWER
            return
        blue, green, red = (float(v) for v in np.median(filled, axis=0))
        power = power_of((blue, green, red))
        out[f"{self._prefix}power.type"] = Reading(power, 0.7)
        if power in POWERS:
            out[f"{self._prefix}{power}.pct"] = Reading(pct, 0.7)

    def _number(self, hints: Hints) -> BarNumber | None:
        if not self.spots:
            return None
        text = hints.texts.get(self.spots[0].key)
        return parse_bar_number(text.text) if text is not None and text.fresh and text.text else None


def visible_part(rect: Rect, options: BarOptions) -> tuple[Rect, tuple[int, int]]:
    """The rows no border art touches, and how many columns the portrait's ring may hide at the left and right end."""
    inset = 1 if options.style != "custom" and rect.height >= 8 else 0
    seen = Rect(rect.left, rect.top + inset, rect.width, rect.height - 2 * inset)
    hidden = round(COVERED[options.style] * rect.width)
    if options.unit == "player":
        return seen, (hidden if options.style == "classic" else 0, 0)
    return seen, (0, hidden) if options.unit in ("target", "focus_unit") else (0, 0)


def hue_of(colour: tuple[float, float, float]) -> str:
    """The hue family to look for next time, by a fill's mean BGR."""
    families = {"mana": "blue", "energy": "yellow", "rage": "red", "focus": "red", "runic_power": "cyan"}
    return families.get(power_of(colour), "purple")


def power_of(colour: tuple[float, float, float]) -> str:
    """The power whose bar has this mean BGR, by the ratio of the two stronger channels.

    Source: vertex colours of UnitFrame.lua (mana 0,0,1; rage 1,0,0; focus 1,.5,.25; energy 1,1,0; runic power 0,.82,1)
    and PowerBarColorUtil.lua (fury .79,.26,.99). The bounds stand half-way at gamma 1.
    """
    blue, green, red = colour
    if blue >= red and blue >= green:
        if red > 0.35 * blue:
            return "fury"
        return "runic_power" if green > 0.62 * blue else "mana"
    ratio = green / max(red, 1.0)
    if ratio > 0.72:
        return "energy"
    return "focus" if ratio > 0.28 else "rage"
