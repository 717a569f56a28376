"""Cast bars: running or not, how far, channel or cast, interruptible, and the spell's name by its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.auragrid import read_frames, ring_points
from wowbot.perception.castlook import MARGIN, border_spark, edges_along, gray_profile, hue_of_cast, pale, spark
from wowbot.perception.edges import best_near, column_edges, row_edges
from wowbot.perception.fill import Fill, measured, over, signal, step, text_columns
from wowbot.perception.patches import Order, Sampler
from wowbot.perception.reader import Context, Hints, TextSpot, region_unit, unit_prefix
from wowbot.perception.text import name_reading

HUES = ("yellow", "green", "red", "purple", "blue")
"""Amber casts, green channels and successes, red failures; the rest are recoloured clients."""
LEAST = 75.0
"""Least level of a cast's fill: amber 255,179,0 has 156 in its best row, 114 at gamma 1.3 less 15 %; the empty part is
dark (black at half opacity)."""
GRAY = 60.0
"""Least brightness of a grey fill: (179, 179, 179) times the texture is 64 to 136."""
EDGE = 0.55
"""Least coherence of the bar's upper and lower edge over its width (0.62 to 0.95 seen; scenery stays below 0.5)."""
LISTED = 0.25
"""The same beside an icon, in one of few known places, before it is looked at: where a bright fill ends an edge may turn
from dark to bright."""
ALONG, BEYOND = 0.7, 0.6
"""Least coherence of both edges along the fill, and of one along the rest: 0.79 and 0.64 seen; a world beside icons that
stand where a bar may stand has mostly less of one of them."""
NEARLY_EMPTY = 5.0
"""Percent. So little fill turns no edge: there both must be clear by themselves. Else it is the rim of an aura in the next
row, beside another aura that was taken for the cast's icon."""
SHIELD = 0.6
"""Share of pale points on a ring round the icon from which a shield is there."""
FULL = 90.0
"""Percent, from which on a bar counts as full."""
END_MARGIN = 8
"""Columns beyond a bar's ends that these are looked for in."""
ENDS = 0.45
"""Least coherence of the edges at both ends of a bar that is not in its usual place."""
SEARCH = 130.0
"""How far above or below its usual place the own cast bar is looked for, UI units."""
MOST = 3
"""Places looked at a frame."""
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
        tops = self._options.tops or (region.rect.top,)
        self._tops = tuple(sorted(t for t in tops if t + region.rect.height + MARGIN <= context.layout.size_wh[1]))
        self._home = self._tops[:1]
        if self._options.unit == "player" and not self._options.tops and self._options.style != "custom":
            self._tops = tuple(range(*_span(region.rect, context.layout)))
        self._at = {top: place for place, top in enumerate(self._tops)}
        self._near = self._home[0] if self._home else region.rect.top
        self._hue, self._pct = "yellow", 0.0
        self._running = False
        self._vouched: set[int] = set()
        self.watches: tuple[Rect, ...] = ()
        alone = self._options.style != "custom" and not self._gate and not self._options.tops
        self._rest = self._searched() if alone else ()
        self._shared, self._place = context.shared, f"{self._options.unit}.cast"
        self._icons: dict[tuple[int, ...], Sampler] = {}
        self._shields: dict[int, tuple[NDArray[np.intp], NDArray[np.intp]]] = {}
        fields = ("active", "pct", "channel", "interruptible", "name")
        self.provides: tuple[str, ...] = tuple(self._prefix + field for field in fields)
        text = _text_place(region.rect) if self._options.style == "retail" else region.rect
        self.spots: tuple[TextSpot, ...] = (
            TextSpot(f"{self._prefix}name", text, "cast", "min", f"{self._prefix}active"),
        )

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        gate = out.get(self._gate)
        self._shared[self._place] = None
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
        self._shared[self._place] = self._icon(bar.top)
        why = self._over(bar)
        if why:
            self._write_none(out, why)
            return
        self._write(bar, out, hints)
        if self._gate and not self._vanilla:
            locked = bar.hue == "gray" or self._shield(image, bar.top)
            out[f"{self._prefix}interruptible"] = self._interruptible(locked)

    def _searched(self) -> tuple[Rect, ...]:
        """All that is looked at while no bar is shown."""
        rect, tops = self._rect, self._tops or (self._rect.top,)
        beside = max(END_MARGIN, rect.width // 3 + rect.width // 12)
        left, top = rect.left - beside, tops[0] - MARGIN
        return (Rect(left, top, rect.width + 2 * beside, tops[-1] + rect.height + MARGIN - top),)

    def _icon(self, top: int) -> tuple[float, float, float, float]:
        """Where the icon beside a bar at `top` stands: it could be taken for an aura."""
        k, (left, _, _, height) = self._scale, self._rect
        away, side = (22 * k, 20 * k) if self._options.style == "retail" else (21 * k, 16 * k)
        return left - away, top + height / 2 - side / 2, side, side

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
        under = len(self._options.tops) > 1 and self._near < self._shared.get(f"{self._options.unit}.auras", 0)
        if self._running and not under and self._stays(image):
            bar = self._look(image, self._near)
            if bar is not None:
                return bar
        for top in self._edged(image)[:MOST]:
            known = bool(self._options.tops) or top in (self._near, *self._home)
            bar = self._look(image, top) if known or self._ends(image, top) else None
            if (
                bar is not None
                and self._options.tops
                and not (self._bounded(image, top, bar.pct) and self._ended(image, top))
            ):
                continue
            if bar is not None and top in self._vouched and _is_rim(bar):
                continue
            if bar is not None and (known or (bar.hue != "gray" and bar.agreement > 0.9)):
                return bar
        return None

    def _stays(self, image: Image) -> bool:
        """Whether the edges of the bar seen last are still in their place: then it need not be looked for elsewhere."""
        return self._bounded(image, self._near, self._pct)

    def _bounded(self, image: Image, top: int, pct: float) -> bool:
        """Whether a bar has edges of its own, along its fill and beyond: the icon that vouches for it may be an aura."""
        fill, rest = edges_along(image, Rect(self._rect.left, top, self._rect.width, self._rect.height), pct)
        if not fill.width:
            return min(rest.upper, rest.lower) > ALONG
        return min(fill.upper, fill.lower) > ALONG and (not rest.width or max(rest.upper, rest.lower) > BEYOND)

    def _ends(self, image: Image, top: int) -> bool:
        """Whether a bar in an unusual place also begins and ends where a cast bar does."""
        return self._ended(image, top) and not self._runs_on(image, top)

    def _ended(self, image: Image, top: int) -> bool:
        """Whether upright edges stand at both ends of a bar."""
        rect, margin = self._rect, END_MARGIN
        area = Rect(max(0, rect.left - margin), top, rect.width + 2 * margin, rect.height)
        edges = column_edges(np.asarray(cv2.cvtColor(area.crop(image), cv2.COLOR_BGR2GRAY), np.uint8))
        return min(best_near(edges, margin, 5), best_near(edges, margin + rect.width, 5)) > ENDS

    def _runs_on(self, image: Image, top: int) -> bool:
        """Whether the bar goes on beyond both ends: the experience and reputation bars, in parts of any width, do."""
        rect, first = self._rect, max(0, top - 4)
        reach, gap = rect.width // 3, rect.width // 12
        for left in (rect.left - gap - reach, rect.right + gap):
            beside = Rect(left, first, reach, rect.height + 4 + MARGIN).crop(image)
            if min(beside.shape[:2]) < 3:
                return False
            edges = row_edges(np.asarray(cv2.cvtColor(beside, cv2.COLOR_BGR2GRAY), np.uint8))
            place = top - first
            if min(best_near(edges, place, 2), best_near(edges, place + rect.height, 3)) < EDGE:
                return False
        return True

    def _edged(self, image: Image) -> list[int]:
        """Places whose upper and lower edge both run the whole width, the clearest first, favouring the one of before."""
        if not self._tops:
            return []
        rect, first = self._rect, max(0, self._tops[0] - 4)
        height = self._tops[-1] + rect.height + MARGIN - first
        strip = Rect(rect.left + rect.width // 20, first, rect.width - rect.width // 10, height)
        edges = row_edges(np.asarray(cv2.cvtColor(strip.crop(image), cv2.COLOR_BGR2GRAY), np.uint8))
        widened = cv2.dilate(edges[None], np.ones((1, 5), np.uint8))[0]
        places = np.array(self._tops) - first - 1
        strengths = np.minimum(widened[places], widened[places + rect.height])
        if self._options.tops:
            self._listed(image, strengths)
        strengths[strengths <= EDGE] = 0.0
        exact = np.minimum(edges[places], edges[places + rect.height])
        tops = [int(i) for i in np.argsort(-strengths - 0.1 * exact, kind="stable")[: 4 * MOST] if strengths[i] > 0]
        stays = () if self._options.tops else (self._near, *self._home)
        usual = [top for top in stays if top in self._at and strengths[self._at[top]] > 0]
        return [*dict.fromkeys(usual), *_spread([self._tops[i] for i in tops], usual)]

    def _listed(self, image: Image, strengths: NDArray[np.float32]) -> None:
        """Weigh the edges of a bar that has few places: by the icon beside it, and by the aura rows, which end above it.

        Places whose edges only the icon vouches for are noted.
        """
        if len(self._tops) > 1:
            strengths[np.asarray(self._tops) < self._shared.get(f"{self._options.unit}.auras", 0)] = 0.0
        at = tuple(np.flatnonzero(strengths > LISTED).tolist())
        self._vouched = {self._tops[i] for i in at if strengths[i] <= EDGE}
        if not at:
            return
        if at not in self._icons:
            boxes = [self._icon(self._tops[i]) for i in at]
            order = Order("radial")
            self._icons[at] = Sampler.joined([Sampler([b], order, ring_points(b[2], self._scale)) for b in boxes])
        strengths[list(at)] += read_frames(self._icons[at].read(image)).framed * np.float32(0.5)

    def _look(self, image: Image, top: int) -> Bar | None:
        rect = self._rect
        inset = max(1, rect.height // 8)
        crop = image[top + inset : top + rect.height - inset, rect.left : rect.right]
        reach = max(1, round(1.5 * self._scale))
        hue = self._hue if self._hue in HUES else HUES[0]
        plane = signal(crop, hue)
        best = measured(crop, plane, LEAST, reach)
        if hue != self._hue or best.edge < 1.0 or best.level < 1.4 * LEAST:
            planes = {name: signal(crop, name) for name in HUES}
            fills = {name: measured(crop, planes[name], LEAST, reach) for name in HUES}
            hue, best = max(fills.items(), key=lambda item: item[1].body)
            plane = planes[hue]
        if best.edge < 1.0:
            return self._gray(image, crop, top)
        if best.agreement < 0.75:
            return None
        edge = spark(crop, best, self._scale)
        body = slice(0, max(2, round(0.7 * best.edge)))
        blue, green, red, _ = cv2.mean(crop[:, body], over(plane[:, body], 0.4 * best.level))
        return Bar(top, hue_of_cast(blue, green, red), 100.0 * min(1.0, edge / rect.width), best.agreement)

    def _gray(self, image: Image, crop: Image, top: int) -> Bar | None:
        """A grey fill, of a cast that cannot be interrupted: bright beside the dark empty part, without colour."""
        line = cv2.mean(crop[:, : max(3, crop.shape[1] // 40)])[:3]
        if max(line) - min(line) > 0.3 * max(line) or min(line) < GRAY:
            return None
        gray = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.float32)
        start = np.median(gray[:, : max(3, gray.shape[1] // 40)], axis=1, keepdims=True)
        profile = gray_profile(gray, start[:, 0])
        text = text_columns(crop, max(1, round(1.5 * self._scale)))
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


def _spread(places: list[int], taken: list[int]) -> list[int]:
    """Of places that follow each other closely, the first alone; none close to those taken."""
    kept: list[int] = []
    for place in places:
        if all(abs(place - other) > 3 for other in (*taken, *kept)):
            kept.append(place)
    return kept


def _span(rect: Rect, layout: Layout) -> tuple[int, int]:
    """Rows where the own cast bar's top may be: it moves with the bars below it, which differ from player to player, but
    its x is fixed.
    """
    k = layout.ui_scale
    below = [
        region.rect.top
        for region in layout.regions.values()
        if region.reader == "slots" and region.rect.left < rect.right and region.rect.right > rect.left
    ]
    floor = min([*below, layout.size_wh[1] - rect.height - 6]) - rect.height - 3
    top = max(4, rect.top - round(SEARCH * k))
    return top, max(top + 1, min(floor, rect.top + round(SEARCH * k)))
