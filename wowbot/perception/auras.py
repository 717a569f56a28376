"""Reads one row of auras: how many, which icons, stacks, time left, debuff borders.

Own rows stand on a fixed grid; a target's icons follow each other, their sizes telling who put them up. Which icon it is
comes from the icon library, or stays "". State is a function of the frames seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.auragrid import Flow, Rims, candidates, read_rims, ring_points, walk
from wowbot.perception.glyphs import Rule, classify, cut, read_number
from wowbot.perception.icons import IconLibrary, Match
from wowbot.perception.patches import CELLS, Box, Floats, Order, Sampler, planes
from wowbot.perception.reader import Context, Hints, TextSpot
from wowbot.perception.sweep import EYE, Fit, Look, fit_sweeps, misses

SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
TIME = re.compile(r"(\d{1,3})([smhd])")
MOST = 40
"""Icons a row can show."""
KEEP_TIME_NS = 1_500_000_000
"""A time that was read is given for so long: the world behind the text often blurs it for a moment."""
ALIKE = 0.72
"""Share of the variance a known look must explain to be the same icon still."""
HELD = 0.55
"""The same for an icon that is fading in and out: its place was taken before."""
NO_MATCH = Match("", 1.0)
ONE = Reading(1.0)


@dataclass(slots=True)
class Seen:
    """An icon at one place of the row.

    Attributes:
        look: its bright look (3, CELLS); `fresh` when it is its own and not a template.
        timed: a sweep was seen on it.
        floor: likeness below which it is another icon; lower where even its first fit was poor (small, half dark).
        time: the last time read under it, and when; `maybe` the one read last, not yet believed.
    """

    match: Match
    look: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    fresh: bool = False
    stacks: Reading = ONE
    patch: Floats | None = field(default=None, repr=False)
    sweep: float = -1.0
    timed: bool = False
    floor: float = ALIKE
    time: float | None = None
    maybe: float = -10.0
    time_ns: int = 0


class AurasReader:
    """See the module. Options: `row`, `icon_px`, and either `boxes` (own rows; `durations`) or `small_px`, `gap_px`
    (target)."""

    period: ClassVar[int] = 1

    def __init__(self, name: str, region: Region, context: Context) -> None:
        options, layout = region.options, context.layout
        self.row = str(options.get("row") or name.replace(".auras", "").replace(".debuffs", "_debuff"))
        self.prefix = f"aura.{self.row}"
        self.provides = (f"{self.prefix}.count",)
        self.spots: tuple[TextSpot, ...] = ()
        self.unit = layout.ui_scale
        self.icons: IconLibrary | None = context.icons if context.icons is not None and len(context.icons) else None
        self.order = Order("reverse")
        self.shade = 0.45
        self.swept = self.row not in ("player", "player_debuff") and layout.era != "vanilla"
        self.durations = bool(options.get("durations", False))
        self._rim = (1.5 if "player" in self.row else 1.0) * self.unit
        given = options.get("boxes")
        size = float(options.get("icon_px", 17 * self.unit))
        if given:
            self._boxes: list[Box] | None = [(float(x), float(y), float(w), float(h)) for x, y, w, h in given]
        else:
            self._boxes = None
        gaps = options.get("gap_px", [4 * self.unit, 3 * self.unit])
        small = float(options.get("small_px", size))
        row_gap = (2.0 if layout.era == "vanilla" else 3.0) * self.unit
        self._flow = Flow(
            region.rect.left, region.rect.top, tuple(sorted({size, small}, reverse=True)),
            (float(gaps[0]), float(gaps[1])), row_gap, 141 * self.unit if layout.era == "vanilla" else 122 * self.unit,
        )  # fmt: skip
        self._art = ~(self.order.zone(0.3, 0.52, 1.0, 1.0))
        self._count = np.flatnonzero(self.order.zone(0.3, 0.52, 1.0, 1.0))
        self._looks = Look.empty(MOST)
        self._samplers: dict[tuple[Box, ...], Sampler] = {}
        self._seen: list[Seen] = []
        self._places: list[Box] = []
        self._cells: Image | None = None
        self._last_harmful: list[bool] = []

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        """Write the row's readings."""
        boxes, rims, samples = self._find(image)
        cells = samples[: len(boxes), :CELLS]
        same = self._cells is not None and boxes == self._places
        self._identify(image, boxes, cells, same)
        self._places, self._cells = boxes, cells
        if self.durations:
            self._read_times(image, hints)
        out[f"{self.prefix}.count"] = Reading(float(len(boxes)))
        for i, seen in enumerate(self._seen):
            if seen.time is not None and hints.t_ns - seen.time_ns > KEEP_TIME_NS:
                seen.time = None
            self._write(f"{self.prefix}.{i + 1}", seen, rims.harmful[i], rims.school[i], out)

    def places(self, image: Image) -> list[tuple[int, Rect, str]]:
        """Number from 1, box and library name ("" = unknown) of every icon of the row."""
        self.read(image, {}, Hints())
        boxes = (Rect(*(round(v) for v in box)) for box in self._places)
        return [(n, box, seen.match.name) for n, (box, seen) in enumerate(zip(boxes, self._seen, strict=True), 1)]

    def _find(self, image: Image) -> tuple[list[Box], Rims, Image]:
        """The icons' boxes, what their rims say, and their samples."""
        if self._boxes is not None:
            samples = self._sample(image, self._boxes)
            rims = read_rims(samples)
            count = 0
            while count < len(self._boxes) and (rims.framed[count] or self._still(count, samples)):
                count += 1
            return self._boxes[:count], rims, samples
        boxes = self._places
        tries = boxes + candidates(self._flow, boxes, self._harmful(boxes))
        samples = self._sample(image, tries)
        rims = read_rims(samples)
        n = len(boxes)
        if rims.framed[n:].any() or not rims.framed[:n].all():
            boxes, _ = walk(self._flow, lambda places: read_rims(self._sample(image, places)))
            samples = self._sample(image, boxes) if boxes else samples[:0]
            rims = read_rims(samples)
        self._last_harmful = [bool(h) for h in rims.harmful[: len(boxes)]]
        return boxes, rims, samples

    def _harmful(self, boxes: list[Box]) -> list[bool]:
        return self._last_harmful if boxes else []

    def _sample(self, image: Image, boxes: list[Box]) -> Image:
        """Cells and rings of boxes; own rows and flows repeat, so their maps are kept."""
        key = tuple(boxes)
        sampler = self._samplers.get(key)
        if sampler is None:
            if len(self._samplers) > 64:
                self._samplers.clear()
            groups = [Sampler([box], self.order, ring_points(box[2], self._rim)) for box in boxes]
            sampler = self._samplers[key] = Sampler.joined(groups)
        return sampler.read(image)

    def _still(self, place: int, samples: Image) -> bool:
        """Whether a place without a clear rim holds the icon it held: it fades in and out before it ends."""
        if place >= len(self._seen) or self._cells is None or place >= len(self._cells):
            return False
        look = self._seen[place].look[:, self._art]
        now = samples[place, :CELLS].T[:, self._art].astype(np.float32)
        return _correlation(now, look) > HELD

    def _identify(self, image: Image, boxes: list[Box], cells: Image, same: bool) -> None:
        if not boxes:
            self._seen = []
            return
        if same and self._cells is not None and len(self._seen) == len(boxes):
            changed = np.flatnonzero((cells != self._cells).reshape(len(cells), -1).any(axis=1))
        else:
            changed = np.arange(len(boxes))
            self._seen = self._seen[: len(boxes)]
        if not changed.size:
            return
        pictures = planes(cells[changed])
        known = list(self._seen)
        fit = fit_sweeps(pictures, self._looks.rows(changed), self.order, self.shade)
        for i, (place, picture) in enumerate(zip(changed, pictures, strict=True)):
            one = fit.row(i)
            if place >= len(known) or not self._fits(known[place], picture, one):
                one = self._see(int(place), round(boxes[place][2]), picture, known)
            self._measure(image, int(place), boxes[place], picture, one)

    def _see(self, place: int, px: int, picture: Floats, known: list[Seen]) -> Fit:
        """Name an icon that is new at its place: one that stood elsewhere in the row, or one out of the library."""
        found: Seen | None = None
        if known:
            looks = Look.empty(len(known))
            for row, seen in enumerate(known):
                looks.put(row, seen.look, seen.weight)
            fit = fit_sweeps(np.broadcast_to(picture, (len(known), 3, CELLS)), looks, self.order, self.shade)
            best = int(np.argmax(fit.likeness))
            if self._fits(known[best], picture, fit.row(best)):
                old = known[best]
                found = Seen(old.match, old.look, old.weight, old.fresh, timed=old.timed)
        if found is None:
            match, template = NO_MATCH, None
            if self.icons is not None:
                match, template = self.icons.match(picture, px, self.order, self._art)
            look = picture if template is None else template
            found = Seen(match, look, self._clear_cells(look, picture), template is None)
        self._seen[place : place + 1] = [found]
        fit = self._keep(place, picture)
        found.floor = min(ALIKE, max(0.35, float(fit.likeness[0]) - 0.12))
        return fit

    def _keep(self, place: int, picture: Floats) -> Fit:
        """Put a place's look into use; its fit to the picture."""
        seen = self._seen[place]
        self._looks.put(place, seen.look, seen.weight)
        return fit_sweeps(picture[None], self._looks.rows(np.asarray([place])), self.order, self.shade)

    def _clear_cells(self, look: Floats, picture: Floats) -> Floats:
        """Weights without the cells that a printed count covers: those at the lower right that the look misses."""
        one = Look.empty(1)
        one.put(0, look, self._art.astype(np.float32))
        fit = fit_sweeps(picture[None], one, self.order, self.shade)
        return np.where(self._art | ~misses(picture[None], one, self.order, fit)[0], 1.0, 0.0).astype(np.float32)

    def _fits(self, seen: Seen, picture: Floats, fit: Fit) -> bool:
        if not self.swept:
            return _correlation(picture[:, self._art], seen.look[:, self._art]) > ALIKE
        return float(fit.likeness[0]) > seen.floor

    def _measure(self, image: Image, place: int, box: Box, picture: Floats, fit: Fit) -> None:
        """Sweep and stacks of an icon whose look is known."""
        seen = self._seen[place]
        dim = np.ones(CELLS, np.float32)
        if self.swept:
            bright, dark = float(fit.bright[0] @ EYE), float(fit.dark[0] @ EYE)
            if fit.swept[0]:
                seen.timed, seen.sweep = True, 100.0 * float(fit.remaining[0])
                if 0.3 < fit.remaining[0] < 0.8 and fit.likeness[0] > 0.8:
                    self.shade += 0.1 * (float(np.clip(dark / bright, 0.1, 0.75)) - self.shade)
                way = (self.order.edges[:-1] + self.order.edges[1:]) / 2
                dim = np.where(way < 1 - fit.remaining[0], dark / max(bright, 1e-3), 1.0).astype(np.float32)
            else:
                seen.sweep = (100.0 if bright > 0.8 else 0.0) if seen.timed else seen.sweep
                if bright > 0.8 and fit.error[0] > 1.0 and fit.likeness[0] > ALIKE:
                    # Bright all over: its own look, the count included, is better than any template.
                    seen.look, seen.fresh, seen.weight = picture, True, np.ones(CELLS, np.float32)
                    self._keep(place, picture)
        light = (picture.min(axis=0) / dim)[self._count]
        patch = light - light.mean()
        patch = patch / max(float(np.sqrt(patch @ patch)), 1.0)
        faded = not self.swept and seen.patch is not None and _opacity(picture, seen.look) < 0.85
        if not faded and (seen.patch is None or float(patch @ seen.patch) < 0.9):
            seen.patch = patch
            seen.stacks = self._stacks(image, box, 1.0 - seen.sweep / 100.0 if self.swept and seen.sweep >= 0 else 0.0)

    def _stacks(self, image: Image, box: Box, passed: float) -> Reading:
        """The count printed at the lower right; 1 where none is."""
        rect = Rect(*(round(v) for v in box))
        crop = lift(rect.crop(image), passed, self.shade)
        high, wide = crop.shape[:2]
        top, left, u = round(0.38 * high), round(0.05 * wide), self.unit
        rule = Rule(5.0 * u, 12.5 * u, right=wide - 1.0 * u - left, bottom=high - 0.6 * u - top, slack=2.6 * u)
        number = read_number(crop[top:, left:], rule)
        if number.doubt:
            return Reading(None, 0.0, number.doubt)
        return Reading(float(number.text) if number.text else 1.0, round(number.confidence, 3))

    def _read_times(self, image: Image, hints: Hints) -> None:
        """The time under one icon a frame, each in its turn."""
        if not self._seen:
            return
        place = hints.index % len(self._seen)
        seen, box = self._seen[place], self._places[place]
        u = self.unit
        rect = Rect(round(box[0] - 4 * u), round(box[1] + box[3] + 0.3 * u), round(box[2] + 8 * u), round(12.5 * u))
        glyphs = cut(
            rect.crop(image),
            Rule(3.4 * u, 11.5 * u, gold=True, outlined=False, gap=1.1, uneven=0.6, whole=True, level=0.6),
        )
        if not glyphs:
            return
        text, sure = classify(np.stack([glyph.picture for glyph in glyphs]))
        found = TIME.fullmatch(text)
        if found and float(sure.min()) > 0.6:
            shown = float(found[1]) * SECONDS[found[2]]
            # A lost digit reads as another time: one that jumps must be read twice.
            jumps = seen.time is None or not -3.0 <= shown - seen.time <= 0.5
            if not jumps or abs(shown - seen.maybe) <= 1.5:
                seen.time, seen.time_ns = shown, hints.t_ns
            seen.maybe = shown

    def _write(self, prefix: str, seen: Seen, harmful: bool, school: str, out: dict[str, Reading]) -> None:
        out[f"{prefix}.icon"] = Reading(seen.match.name, seen.match.confidence)
        out[f"{prefix}.stacks"] = seen.stacks
        # An own row tells by its place: a bluish sky round a buff looks much like a magic border.
        debuff = self.row == "player_debuff" or (harmful and self.row != "player")
        out[f"{prefix}.harmful"] = Reading(float(debuff))
        out[f"{prefix}.school"] = Reading(school if debuff and school else "none")
        if seen.timed and seen.sweep >= 0:
            out[f"{prefix}.sweep_pct"] = Reading(round(seen.sweep, 2), 0.95)
        if seen.time is not None:
            out[f"{prefix}.remains"] = Reading(seen.time, 0.9)


def _correlation(a: Floats, b: Floats) -> float:
    """Correlation of two pictures (3, n), each channel's mean removed."""
    a = a - a.mean(axis=1, keepdims=True)
    b = b - b.mean(axis=1, keepdims=True)
    return float((a * b).sum() / max(1e-3, np.sqrt(float((a * a).sum()) * float((b * b).sum()))))


def _opacity(picture: Floats, look: Floats) -> float:
    """How much of the look's contrast the picture has: an own aura fades in and out before it ends."""
    a = picture - picture.mean(axis=1, keepdims=True)
    b = look - look.mean(axis=1, keepdims=True)
    return float((a * b).sum() / max(1e-3, float((b * b).sum())))


def lift(crop: Image, passed: float, shade: float, dark_first: bool = True) -> Image:
    """Undo a radial sweep, so that a text under it can be read: the dark side divided by its shade.

    Args:
        passed: share of the way that the edge has gone, 0 = no sweep.
    """
    if passed <= 0.01 or passed >= 0.995:
        return crop
    high, wide = crop.shape[:2]
    y, x = np.mgrid[0:high, 0:wide]
    way = (np.arctan2(x + 0.5 - wide / 2, -(y + 0.5 - high / 2)) / (2 * np.pi)) % 1.0
    dark: NDArray[np.bool_] = (way < passed) if dark_first else (way > passed)
    return np.where(dark[..., None], np.minimum(crop / shade, 255), crop).astype(np.uint8)
