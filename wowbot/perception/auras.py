"""Reads one row of auras: how many, which icons, stacks, time left, debuff borders.

Own rows stand on a fixed grid; a target's icons follow each other, their sizes telling who put them up. Which icon it is
comes from the icon library, or stays "". State is a function of the frames seen.

Of an icon whose pixels are those of the frame before nothing is read anew, and one that its known look explains needs no
rim to vouch for it; so a tick costs what has changed.
"""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.auracounts import SAME, count_patches, printed_count
from wowbot.perception.auragrid import (
    MOST,
    Beside,
    Flow,
    candidates,
    faded_schools,
    pixels,
    read_borders,
    read_frames,
    ring_points,
    standing,
    walk,
)
from wowbot.perception.auralook import ALIKE, NO, ONE, Seen, centred, clear_cells, likeness, split_text
from wowbot.perception.auratimes import AuraTimes
from wowbot.perception.icons import IconLibrary, Match
from wowbot.perception.patches import CELLS, Box, Floats, Mask, Order, Sampler, planes
from wowbot.perception.reader import Context, Hints, TextSpot
from wowbot.perception.sweep import EYE, Fit, Look, fit_sweeps

HELD = 0.55
"""The same for an icon that is fading in and out: its place was taken before."""
COUNT_UNITS = (14.5, 9.9)
"""Width and height of a printed count with its outline, from the icon's lower right corner."""
CELL_WORDS = CELLS * 3 // 8
"""Eight bytes at a time, the cells of one icon."""
MOVED = 400
"""Grey levels, over all cells and channels of an icon, that may change before its sweep is read again: 0.3 % of a sweep."""
BORDERS_EVERY = 4
"""Every fourth frame one border is judged anew although its icon is the same."""
SEAM_PX = 0.6
"""A sweep begins upright at 12 o'clock: pixels so near that line are a blend of both its sides as long as it lasts, which a
small icon's few others cannot outweigh."""
NO_MATCH = Match("", 1.0)
FADED = unknown("a debuff has a border in its place, but it is too faint to tell its colour")
UNTOLD = unknown("the ground round the icon has the colour of a debuff's border")


class AurasReader:
    """See the module. Options: `row`, `icon_px`, and either `boxes` (own rows; `durations`) or `small_px`, `gap_px`
    (target)."""

    period: ClassVar[int] = 1
    watches: tuple[Rect, ...] = ()

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
        self._boxes: list[Box] | None = None
        if given:
            self._boxes = [(float(x), float(y), float(w), float(h)) for x, y, w, h in given]
        size = float(options.get("icon_px", 17 * self.unit))
        gaps = options.get("gap_px", [4 * self.unit, 3 * self.unit])
        small = float(options.get("small_px", size))
        first = options.get("first_px", region.rect)
        sizes = tuple(sorted({size, small}, reverse=True))
        gaps = (float(gaps[0]), float(gaps[1]))
        self._flow = Flow.of(float(first[0]), float(first[1]), sizes, gaps, layout.era, self.unit)
        self._shared, self._beside = context.shared, Beside()
        # Neither a debuff's border nor a printed count of two digits reaches these cells; its letters are 10.5 to 12 units.
        left, top = (max(0.0, 1 - extent * self.unit / min(size, small)) for extent in COUNT_UNITS)
        self._art = self.order.zone(0.125, 0.125, 0.875, 0.875) & ~self.order.zone(
            min(left, 0.3), min(top, 0.52), 1.0, 1.0
        )
        self._art_cells, self._count = np.flatnonzero(self._art), np.flatnonzero(~self._art)
        self._way: Floats = ((self.order.edges[:-1] + self.order.edges[1:]) * np.float32(0.5))[self._count]
        self._looks = Look.empty(MOST)
        self._plain = np.zeros((MOST, 3, len(self._art_cells)), np.float32)
        self._samplers: dict[tuple[Box, ...], Sampler] = {}
        self._seen: list[Seen] = []
        self._places: list[Box] = []
        self._last: Image | None = None
        self._turn = 0
        self._times = AuraTimes(self.unit)
        self._readings: dict[str, Reading] = {}

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        """Write the row's readings."""
        before = len(self._seen)
        if self._boxes is None:
            tot = out.get("targettarget.exists")
            self._beside = Beside(tot is not None and tot.value == 1.0, self._shared.get(f"{self.row}.cast"))
        changed = self._look(image)
        if self._boxes is None:
            self._shared[f"{self.row}.auras"] = max((y + h for _, y, _, h in self._places), default=0.0)
        if self.durations and self._seen:
            changed |= self._times.read(image, self._seen, self._places, hints)
        if len(self._seen) != before or not self._readings:
            self._readings = {f"{self.prefix}.count": Reading(float(len(self._seen)))}
            changed = set(range(len(self._seen)))
        for i in changed:
            self._write(f"{self.prefix}.{i + 1}", self._seen[i])
        out.update(self._readings)

    def places(self, image: Image) -> list[tuple[int, Rect, str]]:
        """Number from 1, box and library name ("" = unknown) of every icon of the row."""
        self.read(image, {}, Hints())
        boxes = (pixels(box) for box in self._places)
        return [(n, box, seen.match.name) for n, (box, seen) in enumerate(zip(boxes, self._seen, strict=True), 1)]

    def _look(self, image: Image) -> set[int]:
        """Find, name and measure the icons of this frame.

        Returns:
            The places of which something may have changed.
        """
        n, next_ones = len(self._places), self._next()
        samples = self._sample(image, self._places + next_ones + self._beside.icon)
        rows = self._changed(samples)
        pictures = planes(samples[rows])
        fit, alike, opacity = self._compare(rows, pictures)
        self._turn += 1
        # An icon without a name may be a piece of the world: its rim must vouch for it.
        loose = {p for p, same in zip(rows.tolist(), alike.tolist(), strict=True) if not (same and self._named(p))}
        due = {self._turn // BORDERS_EVERY % n} if n and self._turn % BORDERS_EVERY == 0 else set()
        asked, doubted = sorted(loose | due), sorted(loose)
        framed = read_frames(samples[doubted]).framed.tolist() if doubted else []
        gone = [p for p, there in zip(doubted, framed, strict=True) if not there and not self._held(p, samples[p])]
        last = (self._places[-1], self._debuffs()[-1]) if n and self._boxes is None else None
        if gone or standing(next_ones, samples[n:], self._beside, last)[0].any():
            return self._count_anew(image, min(gone, default=n))
        if len(rows) or not self.swept:
            self._last = samples
        self._identify(image, rows, pictures, fit, alike, opacity)
        if asked:
            self._judge_borders(asked, samples)
        return {*rows.tolist(), *asked}

    def _named(self, place: int) -> bool:
        return self._boxes is not None or self._seen[place].match.name != ""

    def _next(self) -> list[Box]:
        """Where the next icon can stand."""
        if self._boxes is not None:
            return self._boxes[len(self._places) : len(self._places) + 1]
        return candidates(self._flow, self._places, self._debuffs(), self._beside)

    def _debuffs(self) -> list[bool]:
        return [bool(seen.harmful.value) for seen in self._seen]

    def _changed(self, samples: Image) -> NDArray[np.intp]:
        """Places whose pixels are not those of the frame before."""
        n = len(self._places)
        if self._last is None or len(self._last) < n or not n:
            return np.arange(n)
        if not self.swept:
            now, then = (cells[:n].reshape(n, -1).view(np.uint64)[:, :CELL_WORDS] for cells in (samples, self._last))
            return np.flatnonzero((now != then).any(axis=1))
        # A sweep that lasts a minute moves by less than a cell a frame: it is read when it has moved enough to tell.
        new, old = (cells[:n].reshape(n, -1)[:, : 3 * CELLS] for cells in (samples, self._last))
        moved = cv2.reduce(cv2.absdiff(new, old), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
        return np.arange(n) if int(moved.max()) > MOVED else np.zeros(0, np.intp)

    def _compare(self, rows: NDArray[np.intp], pictures: Floats) -> tuple[Fit | None, Mask, Floats]:
        """Each changed place's fit to its look, whether that is still the same icon, and how much of it is seen."""
        if not len(rows):
            return None, np.zeros(0, np.bool_), np.zeros(0, np.float32)
        if not self.swept:
            alike, opacity = likeness(pictures.take(self._art_cells, axis=2), self._plain[rows])
            return None, alike > ALIKE, opacity
        fit = fit_sweeps(pictures, self._looks.rows(rows), self.order, self.shade)
        floors = np.asarray([self._seen[row].floor for row in rows.tolist()], np.float32)
        return fit, np.asarray(fit.likeness > floors), np.ones(len(rows), np.float32)

    def _held(self, place: int, sample: Image) -> bool:
        """Whether an own place without a clear rim holds the icon it held: it fades in and out before it ends."""
        if self._boxes is None:
            return False
        now = sample[:CELLS].T[None, :, self._art_cells].astype(np.float32)
        return float(likeness(now, self._plain[place : place + 1])[0][0]) > HELD

    def _count_anew(self, image: Image, sure: int) -> set[int]:
        """Icons came or went: count on from the first `sure` places, and name every icon anew."""
        if self._boxes is not None:
            samples = self._sample(image, self._boxes)
            framed, count = read_frames(samples).framed, sure
            while count < len(self._boxes) and (
                framed[count] or (count < len(self._seen) and self._held(count, samples[count]))
            ):
                count += 1
            places = self._boxes[:count]
        else:
            known = self._places[:sure], self._debuffs()[:sure]
            places = walk(self._flow, lambda boxes: self._sample(image, boxes), known, self._beside, self._sure)
            samples = self._sample(image, places) if places else np.empty((0, CELLS, 3), np.uint8)
        self._places = places[:MOST]
        self._last = samples
        rows = np.arange(len(self._places))
        pictures = planes(samples[rows])
        kept = min(len(self._seen), len(rows))
        self._seen = self._seen[:kept]
        fit, alike, opacity = self._compare(rows[:kept], pictures[:kept])
        self._identify(image, rows, pictures, fit, alike, opacity)
        if len(rows):
            self._judge_borders(rows.tolist(), samples)
        return set(rows.tolist())

    def _sure(self, box: Box, sample: Image) -> float:
        """How surely a place holds an icon of the library, 0 = none of them."""
        if self.icons is None:
            return 0.0
        match, _ = self.icons.match(planes(sample[None])[0], pixels(box).width, self.order, self._art)
        return match.confidence if match.name else 0.0

    def _sample(self, image: Image, boxes: list[Box]) -> Image:
        """Cells and rings of boxes; own rows and flows repeat, so their maps are kept."""
        key = tuple(boxes)
        sampler = self._samplers.get(key)
        if sampler is None:
            if len(self._samplers) > 64:
                self._samplers.clear()
            groups = [Sampler([box], self.order, ring_points(box[2], self._rim)) for box in map(pixels, boxes)]
            sampler = self._samplers[key] = Sampler.joined(groups)
        return sampler.read(image)

    def _identify(
        self, image: Image, rows: NDArray[np.intp], pictures: Floats, fit: Fit | None, alike: Mask, opacity: Floats
    ) -> None:
        """Name the icons that are not those that were there, and measure all that changed."""
        known = list(self._seen)
        strange = [i for i in range(len(rows)) if i >= len(alike) or not alike[i]]
        for i in strange:
            self._see(int(rows[i]), pixels(self._places[rows[i]]).width, pictures[i], known)
        if self.swept and len(rows):
            if strange or fit is None:
                fit = fit_sweeps(pictures, self._looks.rows(rows), self.order, self.shade)
            for i in strange:
                self._seen[rows[i]].floor = min(ALIKE, max(0.35, float(fit.likeness[i]) - 0.12))
            self._split_texts(rows.tolist(), pictures, fit)
            self._measure_sweeps(rows.tolist(), pictures, fit)
        if len(rows):
            if strange and not self.swept:
                _, opacity = likeness(pictures.take(self._art_cells, axis=2), self._plain[rows])
            self._measure_stacks(image, rows.tolist(), pictures, fit, opacity)

    def _see(self, place: int, px: int, picture: Floats, known: list[Seen]) -> None:
        """Name an icon that is new at its place: one that stood elsewhere in the row, or one out of the library."""
        found = self._elsewhere(picture, known)
        if found is None:
            match, template = NO_MATCH, None
            if self.icons is not None:
                match, template = self.icons.match(picture, px, self.order, self._art)
            look = picture if template is None else template
            found = Seen(match, look, clear_cells(picture, look, self._art, self.order, self.shade), template is None)
            if self.row == "player_debuff":
                found.school = FADED
        self._seen[place : place + 1] = [found]
        self._put(place, found)

    def _put(self, place: int, seen: Seen) -> None:
        """Put an icon's look into use."""
        seam = self.order.seam(SEAM_PX / pixels(self._places[place]).width)
        self._looks.put(place, seen.look, np.where(seam, np.float32(0.0), seen.weight))
        self._plain[place] = centred(seen.look[None].take(self._art_cells, axis=2))[0]

    def _elsewhere(self, picture: Floats, known: list[Seen]) -> Seen | None:
        if not known:
            return None
        looks = Look.empty(len(known))
        for row, seen in enumerate(known):
            looks.put(row, seen.look, seen.weight)
        if self.swept:
            pictures = np.broadcast_to(picture, (len(known), 3, CELLS))
            alike = fit_sweeps(pictures, looks, self.order, self.shade).likeness
        else:
            plain = centred(looks.ref.take(self._art_cells, axis=2))
            alike, _ = likeness(picture[None].take(self._art_cells, axis=2), plain)
        best = int(np.argmax(alike))
        old = known[best]
        if alike[best] <= (old.floor if self.swept else ALIKE):
            return None
        return Seen(old.match, old.look, old.weight, old.fresh, timed=old.timed, school=old.school)

    def _split_texts(self, rows: list[int], pictures: Floats, fit: Fit) -> None:
        """Correct the edges that stand among the cells of a printed count, where little of the icon itself is seen."""
        for i in np.flatnonzero(fit.swept).tolist():
            text = self._seen[rows[i]].weight[self._count] == 0.0
            if text.any():
                shade = float((fit.dark[i] @ EYE) / max(float(fit.bright[i] @ EYE), 1e-3))
                light = pictures[i][:, self._count].min(axis=0)
                fit.remaining[i] = 1.0 - split_text(light, text, self._way, 1.0 - float(fit.remaining[i]), shade)

    def _measure_sweeps(self, rows: list[int], pictures: Floats, fit: Fit) -> None:
        bright, dark = (fit.bright @ EYE).tolist(), (fit.dark @ EYE).tolist()
        facts = zip(rows, fit.swept.tolist(), fit.remaining.tolist(), fit.likeness.tolist(), strict=True)
        for i, (row, swept, remaining, alike) in enumerate(facts):
            seen = self._seen[row]
            if swept:
                seen.timed, seen.sweep = True, 100.0 * remaining
                if 0.3 < remaining < 0.8 and alike > 0.8:
                    self.shade += 0.1 * (min(max(dark[i] / bright[i], 0.1), 0.75) - self.shade)
                continue
            if seen.timed:
                seen.sweep = 100.0 if bright[i] > 0.8 else 0.0
            if not seen.fresh and bright[i] > 0.8 and fit.error[i] > 1.0 and alike > ALIKE:
                # Bright all over: its own look, the count included, is better than any template. Once only, as it is
                # first seen: later the first of its sweep would be learned with it.
                seen.look, seen.fresh, seen.weight = pictures[i], True, np.ones(CELLS, np.float32)
                self._put(row, seen)

    def _measure_stacks(
        self, image: Image, rows: list[int], pictures: Floats, fit: Fit | None, opacity: Floats
    ) -> None:
        """Read the counts whose pixels look otherwise than when they were read, a sweep's shade undone."""
        if fit is None:
            clear = [i for i, o in enumerate(opacity.tolist()) if o >= 0.85 or self._seen[rows[i]].patch is None]
            if not clear:
                return
            rows, pictures = [rows[i] for i in clear], pictures[clear]
        patches = count_patches(pictures, fit, self._count, self._way)
        for i, row in enumerate(rows):
            seen, patch = self._seen[row], patches[i]
            if seen.patch is not None and float(patch @ seen.patch) >= SAME:
                continue
            seen.patch = patch
            passed = 1.0 - seen.sweep / 100.0 if self.swept and seen.sweep >= 0 else 0.0
            seen.stacks = printed_count(pixels(self._places[row]).crop(image), passed, self.shade, self.unit)

    def _judge_borders(self, places: list[int], samples: Image) -> None:
        """A debuff by its border; an own row tells by its place, since a bluish sky looks much like a magic border."""
        if self.row == "player":
            return
        borders, own = read_borders(samples[places]), self.row == "player_debuff"
        schools = borders.school
        if own and not borders.harmful.all():
            faded = faded_schools(samples[places])
            schools = [told or other for told, other in zip(schools, faded, strict=True)]
        facts = zip(places, borders.harmful.tolist(), borders.doubtful.tolist(), schools, strict=True)
        for place, harmful, doubtful, school in facts:
            seen = self._seen[place]
            seen.harmful = ONE if harmful or own else UNTOLD if doubtful else NO
            if harmful or not own:
                seen.school = UNTOLD if doubtful else Reading(school or "none")
            elif school:
                seen.school = Reading(school, 0.8)
            elif not seen.school.value:
                seen.school = FADED

    def _write(self, prefix: str, seen: Seen) -> None:
        out = self._readings
        out[f"{prefix}.icon"] = Reading(seen.match.name, seen.match.confidence)
        out[f"{prefix}.stacks"] = seen.stacks
        out[f"{prefix}.harmful"] = seen.harmful
        out[f"{prefix}.school"] = seen.school
        timed, remains = f"{prefix}.sweep_pct", f"{prefix}.remains"
        if seen.timed and seen.sweep >= 0:
            out[timed] = Reading(round(seen.sweep, 2), 0.95)
        else:
            out.pop(timed, None)
        if seen.time is not None:
            out[remains] = Reading(seen.time, 0.9)
        else:
            out.pop(remains, None)
