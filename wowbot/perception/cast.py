"""Cast bars: running or not, how far, channel or cast, interruptible, and the spell's name by its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.castlook import border_spark, gray_profile, hue_of_cast, pale, spark
from wowbot.perception.castplace import CastPlaces
from wowbot.perception.channels import Parts, split
from wowbot.perception.fill import Fill, measured, over, signal, step, text_columns
from wowbot.perception.reader import Context, Hints, TextSpot, region_unit, unit_prefix
from wowbot.perception.text import name_reading

HUES = ("yellow", "green", "red", "purple", "blue")
"""Amber casts, green channels and successes, red failures; the rest are recoloured clients."""
LEAST = 75.0
"""Least level of a cast's fill: amber 255,179,0 has 156 in its best row, 114 at gamma 1.3 less 15 %; the empty part is
dark (black at half opacity)."""
GRAY = 60.0
"""Least brightness of a grey fill: (179, 179, 179) times the texture is 64 to 136."""
NEARLY_EMPTY = 5.0
"""Percent. So little fill turns no edge: there both must be clear by themselves. Else it is the rim of an aura in the next
row, beside another aura that was taken for the cast's icon."""
SHIELD = 0.6
"""Share of pale points on a ring round the icon from which a shield is there."""
FULL = 90.0
"""Percent, from which on a bar counts as full."""
BRIM = 98.0
"""Percent, from which on no empty part tells a bar seen for the first time from a lit world: its edges must, along all
of it."""
FINISHED = "the cast has finished"
STOPPED = "the cast was interrupted or failed"
NO_CAST = "no cast bar is shown"


@dataclass(frozen=True, slots=True)
class CastOptions:
    """Options of a `cast` region.

    Args:
        unit: whose cast.
        style: "classic", "retail", or "custom" (any colours: no edges are asked for, only the fill).
        tops: y of the bar's top edge in each place it may take, frame pixels; empty = the rect's.
    """

    unit: str = "player"
    style: Literal["classic", "retail", "custom"] = "classic"
    tops: tuple[int, ...] = ()


class Bar(NamedTuple):
    """A cast bar as seen: its top edge, hue ("gray" = cannot be interrupted) and fill in percent."""

    top: int
    hue: str
    pct: float
    agreement: float


def _text_place(bar: Rect) -> Rect:
    """Retail prints the name under the bar: 14 to 24 of its units below the top (measured on 10.x), the bar being 11."""
    return Rect(bar.left, bar.top + round(1.05 * bar.height), bar.width, round(1.3 * bar.height))


class CastReader:
    """Reads one unit's cast bar."""

    period: ClassVar[int] = 1

    def __init__(self, name: str, region: Region, context: Context) -> None:
        table = {"unit": region_unit(name, region), **region.options}
        self._options = bind(CastOptions, table, f"region {name!r}")
        self._rect, self._scale = region.rect, context.layout.ui_scale
        prefix = unit_prefix(self._options.unit)
        self._prefix = f"{prefix}cast."
        self._gate = f"{prefix}exists" if prefix else ""
        self._vanilla = context.layout.era == "vanilla"
        self._tells_locked = context.layout.era not in ("vanilla", "tbc")
        options, shared = self._options, context.shared
        self._places = CastPlaces(region.rect, options.unit, options.style, options.tops, context.layout, shared)
        self._near = self._places.home[0] if self._places.home else region.rect.top
        self._hue, self._pct = "yellow", 0.0
        self._running = False
        self.watches: tuple[Rect, ...] = ()
        alone = options.style != "custom" and not self._gate and not options.tops
        self._rest = self._places.searched() if alone else ()
        self._shared, self._shared_as = shared, f"{options.unit}.cast"
        self._shields: dict[int, tuple[NDArray[np.intp], NDArray[np.intp]]] = {}
        fields = ("active", "pct", "channel", "interruptible", "name")
        self.provides: tuple[str, ...] = tuple(self._prefix + field for field in fields)
        text = _text_place(region.rect) if self._options.style == "retail" else region.rect
        self.spots: tuple[TextSpot, ...] = (
            TextSpot(f"{self._prefix}name", text, "cast", "min", f"{self._prefix}active"),
        )

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        gate = out.get(self._gate)
        self._shared[self._shared_as] = None
        if gate is not None and gate.value == 0.0:
            self._write_none(out, f"no {self._options.unit} frame is shown")
            return
        bar = self._find(image)
        self._running = bar is not None
        self.watches = self._rest if bar is None else ()
        if bar is None:
            self._write_none(out, NO_CAST)
            return
        self._near, self._hue, self._pct = bar.top, bar.hue, bar.pct
        self._shared[self._shared_as] = self._places.icon(bar.top)
        why = self._over(bar)
        if why:
            self._write_none(out, why)
            return
        self._write(bar, out, hints)
        if self._gate and not self._vanilla:
            locked = bar.hue == "gray" or self._shield(image, bar.top)
            out[f"{self._prefix}interruptible"] = self._interruptible(locked)

    def _shield(self, image: Image, top: int) -> bool:
        """Whether a pale shield rings the icon left of the bar: that cast cannot be interrupted (WotLK and later)."""
        if top not in self._shields:
            self._shields[top] = self._shield_points(image, top)
        return pale(image[self._shields[top]].astype(np.int16)) > SHIELD

    def _shield_points(self, image: Image, top: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the shield's ring round the icon of a bar at `top`."""
        k, rect = self._scale, self._rect
        offset, radius = (12.0, 12.5) if self._options.style == "retail" else (13.0, 11.5)
        turns = np.deg2rad(np.arange(0, 360, 10))
        ys = (top + rect.height / 2 + radius * k * np.sin(turns)).round().astype(np.intp)
        xs = (rect.left - offset * k + radius * k * np.cos(turns)).round().astype(np.intp)
        return np.clip(ys, 0, image.shape[0] - 1), np.clip(xs, 0, image.shape[1] - 1)

    def _find(self, image: Image) -> Bar | None:
        """The bar in the likeliest of its places, None where there is none."""
        if self._options.style == "custom":
            return self._look(image, self._near)
        places, listed = self._places, bool(self._options.tops)
        under = len(self._options.tops) > 1 and self._near < places.first_free()
        if self._running and not under and self._stays(image):
            bar = self._look(image, self._near)
            if bar is not None:
                return bar
        for top in places.edged(image, self._near):
            known = listed or top in (self._near, *places.home)
            bar = self._look(image, top) if known or places.ends(image, top) else None
            doubted = listed or top in places.turned
            if bar is None or (doubted and not (places.bounded(image, top, bar.pct) and places.ended(image, top))):
                continue
            if top in places.vouched and _is_rim(bar):
                continue
            if bar.pct > BRIM and not listed and not self._running and not places.bounded(image, top, bar.pct):
                continue
            if known or (bar.hue != "gray" and bar.agreement > 0.9):
                return bar
        return None

    def _stays(self, image: Image) -> bool:
        """Whether the edges of the bar seen last are still in their place: then it need not be looked for elsewhere."""
        return self._places.bounded(image, self._near, self._pct)

    def _look(self, image: Image, top: int) -> Bar | None:
        rect = self._rect
        inset = max(1, rect.height // 8)
        crop = image[top + inset : top + rect.height - inset, rect.left : rect.right]
        reach = max(1, round(1.5 * self._scale))
        hue = self._hue if self._hue in HUES else HUES[0]
        parts = split(crop)
        plane = signal(parts, hue)
        best = measured(crop, parts, plane, LEAST, reach)
        if hue != self._hue or best.edge < 1.0 or best.level < 1.4 * LEAST:
            planes = {name: signal(parts, name) for name in HUES}
            fills = {name: measured(crop, parts, planes[name], LEAST, reach) for name in HUES}
            hue, best = max(fills.items(), key=lambda item: item[1].body)
            plane = planes[hue]
        if best.edge < 1.0:
            return self._gray(image, crop, parts, top)
        if best.agreement < 0.75:
            return None
        edge = spark(crop, best, self._scale)
        body = slice(0, max(2, round(0.7 * best.edge)))
        blue, green, red, _ = cv2.mean(crop[:, body], over(plane[:, body], 0.4 * best.level))
        return Bar(top, hue_of_cast(blue, green, red), 100.0 * min(1.0, edge / rect.width), best.agreement)

    def _gray(self, image: Image, crop: Image, parts: Parts, top: int) -> Bar | None:
        """A grey fill, of a cast that cannot be interrupted: bright beside the dark empty part, without colour."""
        line = cv2.mean(crop[:, : max(3, crop.shape[1] // 40)])[:3]
        if max(line) - min(line) > 0.3 * max(line) or min(line) < GRAY:
            return None
        gray = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.float32)
        start = np.median(gray[:, : max(3, gray.shape[1] // 40)], axis=1, keepdims=True)
        profile = gray_profile(gray, start[:, 0])
        text = text_columns(parts, max(1, round(1.5 * self._scale)))
        found = step(profile, text)
        if found.agreement < 0.75:
            return None
        shining = border_spark(image, self._rect._replace(top=top), self._scale)
        if shining is not None:
            return Bar(top, "gray", 100.0 * min(1.0, shining / self._rect.width), 0.9 * found.agreement)
        fill = Fill(found.edge, float(start.max()), found.agreement, found.slack, (0.0, 0.0, 0.0))
        edge = spark(crop, fill, self._scale)
        return Bar(top, "gray", 100.0 * min(1.0, edge / self._rect.width), 0.8 * found.agreement)

    def _over(self, bar: Bar) -> str:
        """Why a bar that is still drawn does not run any more; "" when it runs.

        A full green bar is a success that flashes and fades; a channel is full only for its first few hundredths.
        """
        if bar.hue == "red":
            return STOPPED
        return FINISHED if bar.hue == "green" and bar.pct > 99.4 else ""

    def _write(self, bar: Bar, out: dict[str, Reading], hints: Hints) -> None:
        prefix, sure = self._prefix, bar.agreement
        out[f"{prefix}active"] = Reading(1.0, max(0.6, sure))
        out[f"{prefix}pct"] = Reading(bar.pct, sure)
        out[f"{prefix}channel"] = self._channel(bar, hints)
        out[f"{prefix}interruptible"] = self._interruptible(bar.hue == "gray")
        text, moved = self.spots[0].rect, bar.top - self._rect.top
        hints.places[f"{prefix}name"] = Rect(text.left, text.top + moved, text.width, text.height)
        out[f"{prefix}name"] = name_reading(hints.texts.get(f"{prefix}name"))

    def _interruptible(self, locked: bool) -> Reading:
        """By what marks a cast that cannot be; 1.12 and 2.4 mark none, so there most that run can be."""
        if locked or self._tells_locked:
            return Reading(float(not locked), 0.8)
        return Reading(1.0, 0.5, "this client does not mark the casts that cannot be interrupted")

    def _channel(self, bar: Bar, hints: Hints) -> Reading:
        """By the colour; vanilla draws both amber, so there only a bar that shrinks is a channel."""
        if bar.hue == "green":
            return Reading(1.0, 0.9)
        if bar.hue == "gray":
            return unknown("a grey bar does not tell a channel from a cast")
        if not self._vanilla:
            return Reading(0.0, 0.9 if bar.hue == "yellow" else 0.5)
        last, before = hints.last.get(f"{self._prefix}pct"), hints.last.get(f"{self._prefix}channel")
        if last is None or not isinstance(last.value, float):
            return unknown("this client draws channels and casts alike: the next frames will tell")
        if abs(bar.pct - last.value) < 0.2:
            return before or unknown("this client draws channels and casts alike: the next frames will tell")
        return Reading(float(bar.pct < last.value), 0.8)

    def _write_none(self, out: dict[str, Reading], why: str) -> None:
        absent = unknown(why)
        out.update(dict.fromkeys(self.provides, absent))
        out[f"{self._prefix}active"] = Reading(0.0, 0.95, why if why in (FINISHED, STOPPED) else "")


def _is_rim(bar: Bar) -> bool:
    """Whether a bar may be an aura's border: nearly no fill, or red, which a cast's bar is only when it is full."""
    return bar.pct < NEARLY_EMPTY or (bar.hue == "red" and bar.pct < FULL)
