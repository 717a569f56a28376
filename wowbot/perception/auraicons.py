"""What the icons of one row of auras are: their names, sweeps, stacks and borders.

Which icon it is comes from the icon library, or stays "". An icon is judged by its look: the library's, or its own once it
was seen bright all over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.reading import Reading, unknown
from wowbot.perception.auracounts import SAME, count_patches, printed_count
from wowbot.perception.auragrid import MOST, faded_schools, pixels, read_borders
from wowbot.perception.auralook import ALIKE, NO, ONE, Seen, centred, clear_cells, likeness, split_text
from wowbot.perception.icons import IconLibrary, Match
from wowbot.perception.patches import CELLS, Box, Floats, Mask, Order, planes
from wowbot.perception.sweep import EYE, Fit, Look, fit_sweeps

HELD = 0.55
"""Least likeness to the look it had of an icon that is fading in and out: its place was taken before."""
COUNT_UNITS = (14.5, 9.9)
"""Width and height of a printed count with its outline, from the icon's lower right corner."""
SEAM_PX = 0.6
"""A sweep begins upright at 12 o'clock: pixels so near that line are a blend of both its sides as long as it lasts, which a
small icon's few others cannot outweigh."""
SHADE = 0.45
"""Share of its light that an icon keeps under an aura's sweep, before gamma bends it."""
THIN, VAGUE = 0.008, 0.015
"""Shares of its way: a sweep's edge round which so little is known, and that may be off by so much by what the icon's look
leaves unexplained, is not placed. Icons that are as they should be stay below 0.01."""
NO_MATCH = Match("", 1.0)
FADED = unknown("a debuff has a border in its place, but it is too faint to tell its colour")
UNTOLD = unknown("the ground round the icon has the colour of a debuff's border")


class Compared(NamedTuple):
    """Each picture's fit to its look (None: the row has no sweeps), whether it is still the same icon, how much of it is
    seen."""

    fit: Fit | None
    alike: Mask
    opacity: Floats


class AuraIcons:
    """The icons of one row.

    Args:
        row: "player", "player_debuff", "target" ...
        own: the row stands on a fixed grid.
        swept: sweeps lie over its icons.
        least_px: side of its smallest icons, px.
        unit: pixels per UI unit.
        order: of the cells of their pictures.
        icons: the learned library, or None.
    """

    def __init__(
        self,
        row: str,
        *,
        own: bool,
        swept: bool,
        least_px: float,
        unit: float,
        order: Order,
        icons: IconLibrary | None,
    ) -> None:
        self._row, self._own, self._swept, self._unit = row, own, swept, unit
        self._order, self._icons, self._shade = order, icons, SHADE
        self._bends: list[float] = []
        self._taught = False
        self._arts: dict[int, Mask] = {}
        self._art = self._art_of(int(least_px))
        self._art_cells, self._count = np.flatnonzero(self._art), np.flatnonzero(~self._art)
        self._way: Floats = ((order.edges[:-1] + order.edges[1:]) * np.float32(0.5))[self._count]
        self._looks = Look.empty(MOST)
        self._plain = np.zeros((MOST, 3, len(self._art_cells)), np.float32)
        self._places: Sequence[Box] = ()
        self.seen: list[Seen] = []

    def _art_of(self, px: int) -> Mask:
        """Cells of an icon of `px` that neither a debuff's border nor a printed count of two digits reaches.

        Its letters are 10.5 to 12 units high, and their outline may begin half a pixel early.
        """
        if px not in self._arts:
            zone = self._order.zone
            left, top = (max(0.0, 1 - (extent * self._unit + 0.5) / px) for extent in COUNT_UNITS)
            self._arts[px] = zone(0.125, 0.125, 0.875, 0.875) & ~zone(min(left, 0.3), min(top, 0.52), 1.0, 1.0)
        return self._arts[px]

    def compare(self, rows: NDArray[np.intp], pictures: Floats) -> Compared:
        """Each changed place's fit to its look, whether that is still the same icon, and how much of it is seen."""
        if not len(rows):
            return Compared(None, np.zeros(0, np.bool_), np.zeros(0, np.float32))
        if not self._swept:
            alike, opacity = likeness(pictures.take(self._art_cells, axis=2), self._plain[rows])
            return Compared(None, alike > ALIKE, opacity)
        fit = fit_sweeps(pictures, self._looks.rows(rows), self._order, self._shade)
        floors = np.asarray([self.seen[row].floor for row in rows.tolist()], np.float32)
        return Compared(fit, np.asarray(fit.likeness > floors), np.ones(len(rows), np.float32))

    def held(self, place: int, sample: Image) -> bool:
        """Whether an own place without a clear rim holds the icon it held: it fades in and out before it ends."""
        if not self._own:
            return False
        now = sample[:CELLS].T[None, :, self._art_cells].astype(np.float32)
        return float(likeness(now, self._plain[place : place + 1])[0][0]) > HELD

    def sure(self, box: Box, sample: Image) -> float:
        """How surely a place holds an icon of the library, 0 = none of them."""
        if self._icons is None:
            return 0.0
        px = pixels(box).width
        match, _ = self._icons.match(planes(sample[None])[0], px, self._order, self._art_of(px))
        return match.confidence if match.name else 0.0

    def identify(
        self, image: Image, places: Sequence[Box], rows: NDArray[np.intp], pictures: Floats, compared: Compared
    ) -> None:
        """Name the icons that are not those that were there, and measure all that changed.

        Args:
            places: where the row's icons stand. rows: those of which `pictures` (n, 3, CELLS) are.
            compared: with what was known of them, as far as that goes.
        """
        self._places = places
        fit, alike, opacity = compared
        known = list(self.seen)
        strange = [i for i in range(len(rows)) if i >= len(alike) or not alike[i]]
        for i in strange:
            self._see(int(rows[i]), pixels(self._places[rows[i]]).width, pictures[i], known)
        if self._swept and len(rows):
            if strange or fit is None:
                fit = fit_sweeps(pictures, self._looks.rows(rows), self._order, self._shade)
            for i in strange:
                self.seen[rows[i]].floor = min(ALIKE, max(0.35, float(fit.likeness[i]) - 0.12))
            self._split_texts(rows.tolist(), pictures, fit)
            self._measure_sweeps(rows.tolist(), pictures, fit)
        if len(rows):
            if strange and not self._swept:
                _, opacity = likeness(pictures.take(self._art_cells, axis=2), self._plain[rows])
            self._measure_stacks(image, rows.tolist(), pictures, fit, opacity)

    def _see(self, place: int, px: int, picture: Floats, known: list[Seen]) -> None:
        """Name an icon that is new at its place: one that stood elsewhere in the row, or one out of the library."""
        found = self._elsewhere(picture, known)
        if found is None:
            match, template, art = NO_MATCH, None, self._art_of(px)
            if self._icons is not None:
                match, template = self._icons.match(picture, px, self._order, art)
                self._learn_bend(match, px, picture, art)
            look = picture if template is None else template
            found = Seen(match, look, clear_cells(picture, look, art, self._order, self._shade), template is None)
            if self._row == "player_debuff":
                found.school = FADED
        self.seen[place : place + 1] = [found]
        self._put(place, found)

    def _learn_bend(self, match: Match, px: int, picture: Floats, art: Mask) -> None:
        """Before any sweep has told its shade, the gamma by which icons are bent tells it."""
        if self._icons is None or not match.name or self._taught or len(self._bends) >= MOST:
            return
        bend = self._icons.bend(match.name, picture, px, self._order, art)
        if bend is not None:
            self._bends.append(bend)
            self._shade = SHADE ** sorted(self._bends)[len(self._bends) // 2]

    def _put(self, place: int, seen: Seen) -> None:
        """Put an icon's look into use."""
        seam = self._order.seam(SEAM_PX / pixels(self._places[place]).width)
        self._looks.put(place, seen.look, np.where(seam, np.float32(0.0), seen.weight))
        self._plain[place] = centred(seen.look[None].take(self._art_cells, axis=2))[0]

    def _elsewhere(self, picture: Floats, known: list[Seen]) -> Seen | None:
        if not known:
            return None
        looks = Look.empty(len(known))
        for row, seen in enumerate(known):
            looks.put(row, seen.look, seen.weight)
        if self._swept:
            pictures = np.broadcast_to(picture, (len(known), 3, CELLS))
            alike = fit_sweeps(pictures, looks, self._order, self._shade).likeness
        else:
            plain = centred(looks.ref.take(self._art_cells, axis=2))
            alike, _ = likeness(picture[None].take(self._art_cells, axis=2), plain)
        best = int(np.argmax(alike))
        old = known[best]
        if alike[best] <= (old.floor if self._swept else ALIKE):
            return None
        return Seen(old.match, old.look, old.weight, old.fresh, timed=old.timed, school=old.school)

    def _split_texts(self, rows: list[int], pictures: Floats, fit: Fit) -> None:
        """Correct the edges that stand among the cells of a printed count, where little of the icon itself is seen."""
        for i in np.flatnonzero(fit.swept).tolist():
            text = self.seen[rows[i]].weight[self._count] == 0.0
            if text.any():
                shade = float((fit.dark[i] @ EYE) / max(float(fit.bright[i] @ EYE), 1e-3))
                light = pictures[i][:, self._count].min(axis=0)
                fit.remaining[i] = 1.0 - split_text(light, text, self._way, 1.0 - float(fit.remaining[i]), shade)

    def _measure_sweeps(self, rows: list[int], pictures: Floats, fit: Fit) -> None:
        bright, dark = (fit.bright @ EYE).tolist(), (fit.dark @ EYE).tolist()
        # The precision stands for three grey levels of error. Where much is known of the edge a text explains the error.
        vague = ((fit.precision > THIN) & (fit.precision * fit.error > 3.0 * VAGUE)).tolist()
        facts = zip(rows, fit.swept.tolist(), fit.remaining.tolist(), fit.likeness.tolist(), strict=True)
        for i, (row, swept, remaining, alike) in enumerate(facts):
            seen = self.seen[row]
            if swept:
                seen.timed, seen.sweep, seen.vague = True, 100.0 * remaining, vague[i]
                if 0.3 < remaining < 0.8 and alike > 0.8:
                    self._taught = True
                    self._shade += 0.1 * (min(max(dark[i] / bright[i], 0.1), 0.75) - self._shade)
                continue
            if seen.timed:
                seen.sweep, seen.vague = 100.0 if bright[i] > 0.8 else 0.0, False
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
            clear = [i for i, o in enumerate(opacity.tolist()) if o >= 0.85 or self.seen[rows[i]].patch is None]
            if not clear:
                return
            rows, pictures = [rows[i] for i in clear], pictures[clear]
        patches = count_patches(pictures, fit, self._count, self._way)
        for i, row in enumerate(rows):
            seen, patch = self.seen[row], patches[i]
            if seen.patch is not None and float(patch @ seen.patch) >= SAME:
                continue
            seen.patch = patch
            passed = 1.0 - seen.sweep / 100.0 if self._swept and seen.sweep >= 0 else 0.0
            seen.stacks = printed_count(pixels(self._places[row]).crop(image), passed, self._shade, self._unit)

    def judge_borders(self, places: list[int], samples: Image) -> None:
        """A debuff by its border; an own row tells by its place, since a bluish sky looks much like a magic border."""
        if self._row == "player":
            return
        borders, own = read_borders(samples[places]), self._row == "player_debuff"
        schools = borders.school
        if own and not borders.harmful.all():
            faded = faded_schools(samples[places])
            schools = [told or other for told, other in zip(schools, faded, strict=True)]
        facts = zip(places, borders.harmful.tolist(), borders.doubtful.tolist(), schools, strict=True)
        for place, harmful, doubtful, school in facts:
            seen = self.seen[place]
            seen.harmful = ONE if harmful or own else UNTOLD if doubtful else NO
            if harmful or not own:
                seen.school = UNTOLD if doubtful else Reading(school or "none")
            elif school:
                seen.school = Reading(school, 0.8)
            elif not seen.school.value:
                seen.school = FADED
