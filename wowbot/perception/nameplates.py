"""Nameplates anywhere in the world view: box, reaction by colour, health by fill, the cast under it.

A coarse look at every few pixels finds runs of a pure reaction colour that stays the same from left to right, outside the
HUD; each is then measured at full resolution and must have a bar's size and straight edges over a bar's whole width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.channels import greatest, split
from wowbot.perception.edges import best_near, column_edges, row_edges
from wowbot.perception.fill import over
from wowbot.perception.platebar import EDGE, STEADY, ends_with_it, hue_of, rows_of, runs_of, splits
from wowbot.perception.platecast import PlateCasts
from wowbot.perception.platenames import SPOTS, PlateNames
from wowbot.perception.reader import Context, Hints, TextSpot

Table = NDArray[np.integer[Any]]
REACTIONS = {"red": 2.0, "yellow": 4.0, "green": 5.0, "blue": 5.0}
"""Hue -> reaction. Source: UnitSelectionColor; friendly players are blue."""
LEAST = 45.0
"""Least excess of the hue: plates that are not the target's are drawn at half opacity in older clients."""
SHORTER = 0.005
"""A fill that is shorter by no more of the bar, or by no more than half a pixel, is full: half of what a reading may be
off."""
SOLID = 0.7
"""Least share of its box that a bar's run fills; a patch of grass is ragged."""
NEARLY = 97.0
"""Percent from which on an empty part is too narrow to be looked at."""
IN_SIGHT = 0.4
"""Least share of a bar that no region of the HUD lies over."""
END, END_SLACK = 0.45, 4
"""Least strength of the upright edges at a bar's ends (0.53 seen on a faded one), and how far off they may be, px."""
PURE = 90.0
"""Least excess of the hue of a spot that is too short to be steady: the world has hardly any so pure."""
SHORT, FEW = 5, 8
"""Columns looked at that such a spot has at most, and how many of them are measured a frame."""
MOST = 24
"""Candidates measured a frame, the widest first."""


@dataclass(frozen=True, slots=True)
class NameplateOptions:
    """Options of a `nameplates` region.

    Args:
        style: "classic" or "retail".
        bar_w, bar_h: size of a health bar, px.
        casts: where its cast bar may stand, [x, y, w, h] from the health bar's lower left corner, px; empty = it has none.
    """

    style: str = "classic"
    bar_w: int = 144
    bar_h: int = 14
    casts: tuple[tuple[int, ...], ...] = ()


class Plate(NamedTuple):
    """One nameplate's health bar."""

    rect: Rect
    hue: str
    pct: float
    sure: float


class NameplatesReader:
    """Finds and reads nameplates."""

    period: ClassVar[int] = 6
    watches: tuple[Rect, ...] = ()

    def __init__(self, name: str, region: Region, context: Context) -> None:
        options = bind(NameplateOptions, region.options, f"region {name!r}")
        self._wide, self._high, self._classic = options.bar_w, options.bar_h, options.style == "classic"
        self._area = region.rect
        self._dy, self._dx = max(2, options.bar_h // 3), max(2, options.bar_w // 30)
        self._least_rows = 2 if options.bar_h >= 3 * self._dy else 1
        self._free = _free_of_hud(context.layout, name, self._dy, self._dx)
        self._kernel = np.ones((1, 3), np.uint8)
        self.provides: tuple[str, ...] = ("nameplate.count", "nameplate.players")
        self.spots: tuple[TextSpot, ...] = SPOTS
        self._names = PlateNames()
        self._casts = PlateCasts(options.casts, shields=self._classic)

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        plates = self.find(image)
        out["nameplate.count"] = Reading(float(len(plates)), 0.8)
        out["nameplate.players"] = Reading(float(sum(plate.hue == "blue" for plate in plates)), 0.8)
        names = self._names.read([plate.rect for plate in plates], hints.texts, hints.places)
        for n, (plate, name) in enumerate(zip(plates, names, strict=True), 1):
            out[f"nameplate.{n}.name"] = name
            for axis, value in zip("xywh", plate.rect, strict=True):
                out[f"nameplate.{n}.{axis}"] = Reading(float(value), plate.sure)
            out[f"nameplate.{n}.health.pct"] = Reading(plate.pct, plate.sure)
            out[f"nameplate.{n}.reaction"] = Reading(REACTIONS[plate.hue], plate.sure)
            self._casts.write(image, plate.rect, f"nameplate.{n}.", out)
        self.provides = (
            "nameplate.count",
            *(term for term in out if term.startswith("nameplate.") and term[10] != "c"),
        )

    def find(self, image: Image) -> list[Plate]:
        """All plates, left to right."""
        small = cv2.resize(image, (self._free.shape[1], self._free.shape[0]), interpolation=cv2.INTER_NEAREST)
        steady, pure = self._coloured(np.asarray(small, np.uint8))
        found: list[Plate] = []
        places = [*self._runs(np.asarray(cv2.erode(steady, self._kernel), np.uint8)), *self._spots(pure)]
        for (_, y), run in zip(places, runs_of(image, places, self._wide + 8), strict=True):
            plate = self._measure(image, y, run)
            if plate is not None and all(_apart(plate.rect, other.rect) for other in found):
                found.append(plate)
        own = [p for p in found if not any(self._casts.owns(other.rect, p.rect) for other in found)]
        return sorted(own, key=lambda p: p.rect.left)

    def _coloured(self, small: Image) -> tuple[Image, Image]:
        """Where a reaction colour stays the same to the right, as on a bar and hardly anywhere in the world, and where one
        is as pure as only on a bar: a low fill is too short to stay the same."""
        blue, green, red = split(small)
        warm = cv2.max(cv2.subtract(red, cv2.max(blue, green)), cv2.subtract(cv2.min(red, green), blue))
        cold = cv2.max(cv2.subtract(green, cv2.max(blue, red)), cv2.subtract(blue, cv2.max(green, red)))
        hue = np.asarray(cv2.max(warm, cold), np.uint8)
        strong, pure = over(hue, LEAST), over(hue, PURE)
        most = greatest(np.asarray(cv2.absdiff(small[:, 1:], small[:, :-1]), np.uint8))
        strong[:, :-1] &= np.asarray(cv2.threshold(most, STEADY, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
        return tuple(np.asarray(cv2.bitwise_and(mask, self._free), np.uint8) for mask in (strong, pure))  # type: ignore[return-value]

    def _runs(self, mask: Image) -> list[tuple[int, int]]:
        """Middles of the longest runs that have a bar's size, px."""
        # Grana's way gives the same boxes in the same order as the default one here, in a third of its time.
        count, _, found, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, cv2.CCL_GRANA)
        stats = np.asarray(found[1:count], np.int32)
        left, top, columns, rows, area = stats.T
        wide, high = columns * self._dx, (rows - 1) * self._dy
        fits = (rows >= self._least_rows) & (wide <= 1.1 * self._wide) & (high <= 1.3 * self._high)
        at = np.flatnonzero(fits & (area > SOLID * rows * columns))
        at = at[np.argsort(-columns[at])[:MOST]]
        x, y = (left + columns // 2)[at] * self._dx, (top + rows // 2)[at] * self._dy
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def _spots(self, mask: Image) -> list[tuple[int, int]]:
        """Places in what may be a low fill, px: few cells are set, so that they are looked at one by one."""
        cells = cv2.findNonZero(mask)
        if cells is None:
            return []
        tall = int(1.3 * self._high / self._dy) + 1
        padded = cv2.copyMakeBorder(mask, 1, tall, 1, SHORT, cv2.BORDER_CONSTANT, value=0)
        x, y = np.asarray(cells, np.intp).reshape(-1, 2).T + 1
        begins = (padded[y + 1, x] > 0) & (padded[y, x - 1] == 0) & (padded[y + tall, x] == 0)
        x, y = x[begins], y[begins]
        rows = np.asarray([-1, 0, 1])[:, None]
        above, first, second = (
            padded[y[:, None, None] + rows, x[:, None, None] - 1 + np.arange(SHORT + 2)] > 0
        ).transpose(1, 0, 2)
        # Two rows alike, with nothing on either side and not of a higher spot: glyphs seldom are.
        one = np.diff(first, axis=1).sum(axis=1) == 2
        at = np.flatnonzero(one & (first == second).all(axis=1) & (above != first).any(axis=1))[:FEW]
        wide = first[at].sum(axis=1)
        places = (x[at] - 1 + wide // 2) * self._dx, y[at] * self._dy
        return list(zip(places[0].tolist(), places[1].tolist(), strict=True))

    def _measure(self, image: Image, y: int, run: tuple[int, int] | None) -> Plate | None:
        """The bar that shows its steady colour along `run`, its columns on row `y`; None when it is not one."""
        if run is None or not 0.03 * self._wide < run[1] - run[0] <= 1.15 * self._wide:
            return None
        run = run[0], min(run[1], run[0] + self._wide)  # a level beside a full bar may have its colour
        soft = min(2, (run[1] - run[0]) // 5)  # columns at its ends that are mixed with what is beside it
        top, bottom = max(0, y - self._high - 6), min(image.shape[0], y + self._high + 7)
        rows = rows_of(image[top:bottom, run[0] + soft : run[1] - soft], y - top, 0.5 * self._high)
        if not 0.5 * self._high <= rows[1] - rows[0] <= 1.8 * self._high:
            return None
        middle = top + (rows[0] + rows[1]) // 2
        rect = Rect(run[0], middle - self._high // 2, self._wide, self._high)
        if rect.right > image.shape[1] or rect.top < 5 or self._behind_hud(rect):
            return None
        sure = self._bounded(image, rect, (top + rows[0], top + rows[1]))
        filled = run[1] - run[0] + _blend(image[top + rows[0] : top + rows[1]], run)
        pct = 100.0 * min(1.0, filled / self._wide)
        full = self._wide - filled <= max(0.5, SHORTER * self._wide)
        if sure <= 0 or not ends_with_it(image, rect, (top + rows[0], top + rows[1]), level=self._classic):
            return None
        if pct <= NEARLY and not splits(image[top + rows[0] : top + rows[1], rect.left : rect.right], run[1] - run[0]):
            return None
        hue = hue_of(image[top + rows[0] : top + rows[1], run[0] : run[1]])
        return Plate(rect, hue, 100.0 if full else pct, sure)

    def _behind_hud(self, rect: Rect) -> bool:
        """Whether HUD lies over a good part of a bar: it is no plate, or cannot be read."""
        rows = slice(rect.top // self._dy, -(-rect.bottom // self._dy))
        part = self._free[rows, rect.left // self._dx : -(-rect.right // self._dx)]
        return cv2.countNonZero(part) < IN_SIGHT * part.size

    def _bounded(self, image: Image, rect: Rect, rows: tuple[int, int]) -> float:
        """How surely straight edges bound the whole bar above and below; 0 when they do not."""
        around = Rect(rect.left + 3, rows[0] - 5, rect.width - 6, rows[1] - rows[0] + 10)
        if around.top < 0 or around.bottom > image.shape[0]:
            return 0.0
        edges = row_edges(np.asarray(cv2.cvtColor(around.crop(image), cv2.COLOR_BGR2GRAY), np.uint8))
        upper, lower = best_near(edges, 5, 4), best_near(edges, around.height - 5, 4)
        if min(upper, lower) < EDGE or not self._ended(image, rect):
            return 0.0
        return min(0.95, 0.3 + 0.7 * min(upper, lower))

    def _ended(self, image: Image, rect: Rect) -> bool:
        """Whether upright edges stand at both ends of the whole bar: the border of its empty part too."""
        start = max(0, rect.left - END_SLACK - 2)
        strip = Rect(start, rect.top + 2, rect.right + END_SLACK + 2 - start, max(3, rect.height - 4))
        edges = column_edges(np.asarray(cv2.cvtColor(strip.crop(image), cv2.COLOR_BGR2GRAY), np.uint8))
        ends = (best_near(edges, x - start, END_SLACK) for x in (rect.left, rect.right))
        return min(ends) > END


def _blend(bar: Image, run: tuple[int, int]) -> float:
    """Share of the fill's colour, 0..1, that the column after its run has: the fill ends within it."""
    if run[1] >= bar.shape[1]:
        return 0.0
    last, after = (np.asarray(cv2.mean(bar[:, x : x + 1])[:3]) for x in (max(run[0], run[1] - 3), run[1]))
    own, other = last - last.min(), after - after.min()
    return float(np.clip(other @ own / max(1.0, own @ own), 0.0, 1.0))


def _apart(one: Rect, other: Rect) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide <= 0 or high <= 0


def _free_of_hud(layout: Layout, own: str, dy: int, dx: int) -> Image:
    """255 where no other region of the layout lies, at the coarse step."""
    width, height = layout.size_wh
    free = np.full((height // dy, width // dx), 255, np.uint8)
    for name, region in layout.regions.items():
        rect = region.rect
        if name != own and rect.width * rect.height < 0.3 * width * height and not name.startswith(OVER_THE_WORLD):
            free[rect.top // dy : -(-rect.bottom // dy), rect.left // dx : -(-rect.right // dx)] = 0
    return free


OVER_THE_WORLD = ("popup", "errors", "loot", "chat", "targettarget.", "focus_unit.")
"""How the names of regions begin that are mostly not there: plates are looked for in their places too."""
