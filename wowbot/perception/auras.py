"""Reads one row of auras: how many there are and where, and of each what auraicons and auratimes tell.

Own rows stand on a fixed grid; a target's icons follow each other, their sizes telling who put them up. State is a function
of the frames seen.

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
from wowbot.perception.auragrid import (
    MOST,
    PICTURE_FRAMED,
    Beside,
    Flow,
    candidates,
    likely,
    pixels,
    read_frames,
    ring_points,
    standing,
    walk,
)
from wowbot.perception.auraicons import AuraIcons
from wowbot.perception.auralook import Seen
from wowbot.perception.auratimes import AuraTimes
from wowbot.perception.icons import IconLibrary
from wowbot.perception.patches import CELLS, Box, Order, Sampler, planes
from wowbot.perception.reader import Context, Hints, TextSpot

CELL_WORDS = CELLS * 3 // 8
"""Eight bytes at a time, the cells of one icon."""
MOVED = 400
"""Grey levels, over all cells and channels of an icon, that may change before its sweep is read again: 0.3 % of a sweep."""
VAGUE_SWEEP = unknown("the icon does not look as it should: the edge of its sweep cannot be placed")
NOT_SEEN = unknown("where the row stands is a guess, and no icon was seen there yet")
MAY_FOLLOW = 0.5, "the next place may hold an icon that fades or is lost in the world behind it"
"""Confidence in a still picture's count then, and its cause: no other frame will tell."""
OWN_SEEN = "own.auras.seen"
"""Under this the rows of own auras share whether an icon was seen in any of them: they move together."""
BORDERS_EVERY = 4
"""Every fourth frame one border is judged anew although its icon is the same."""


class AurasReader:
    """See the module. Options: `row`, `icon_px`, and either `boxes` (own rows; `durations`; `guessed`, when nothing has
    shown that the row stands there) or `small_px`, `gap_px` (target)."""

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
        self.swept = self.row not in ("player", "player_debuff") and layout.era != "vanilla"
        self.durations = bool(options.get("durations", False))
        self._guessed = bool(options.get("guessed", False))
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
        self._shown = AuraIcons(
            self.row,
            own=self._boxes is not None,
            swept=self.swept,
            least_px=min(size, small),
            unit=self.unit,
            order=self.order,
            icons=self.icons,
        )
        self._seen = self._shown.seen
        self._samplers: dict[tuple[Box, ...], Sampler] = {}
        self._places: list[Box] = []
        self._last: Image | None = None
        self._turn = 0
        self._times = AuraTimes(self.unit)
        self._readings: dict[str, Reading] = {}

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        """Write the row's readings."""
        before, unit = len(self._seen), out.get(f"{self.row}.exists")
        nobody = unit is not None and unit.value == 0.0
        if self._boxes is None:
            tot = out.get("targettarget.exists")
            self._beside = Beside(tot is not None and tot.value == 1.0, self._shared.get(f"{self.row}.cast"))
        changed = self._clear() if nobody else self._look(image)
        if self._boxes is None:
            self._shared[f"{self.row}.auras"] = max((y + h for _, y, _, h in self._places), default=0.0)
        if (self.durations or (hints.still and self._boxes is not None)) and self._seen:
            changed |= self._times.read(image, self._seen, self._places, hints)
        if len(self._seen) != before or not self._readings or self._guessed or hints.still:
            self._readings = {f"{self.prefix}.count": self._count(image, hints)}
            changed = set(range(len(self._seen)))
        for i in changed:
            self._write(f"{self.prefix}.{i + 1}", self._seen[i])
        out.update(self._readings)

    def _clear(self) -> set[int]:
        """There is nobody who could have auras, whatever the world behind looks like."""
        self._places, self._last = [], None
        self._seen.clear()
        return set()

    def _count(self, image: Image, hints: Hints) -> Reading:
        """How many icons are up; unknown while nothing has shown that the row stands where it is looked for."""
        if self._guessed and self._seen:
            self._shared[OWN_SEEN] = True
        self._guessed = self._guessed and not self._shared.get(OWN_SEEN, False)
        if self._guessed:
            return NOT_SEEN
        count = float(len(self._seen))
        return Reading(count, *MAY_FOLLOW) if hints.still and self._may_follow(image) else Reading(count)

    def _may_follow(self, image: Image) -> bool:
        """Whether an icon may stand at the next place of an own row that fades or is lost in the world."""
        if self._boxes is None or len(self._places) == len(self._boxes):
            return False
        samples = self._sample(image, self._next())
        return bool(likely(samples, read_frames(samples), PICTURE_FRAMED)[0])

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
        compared = self._shown.compare(rows, pictures)
        self._turn += 1
        # An icon without a name may be a piece of the world: its rim must vouch for it.
        loose = {
            p for p, same in zip(rows.tolist(), compared.alike.tolist(), strict=True) if not (same and self._named(p))
        }
        due = {self._turn // BORDERS_EVERY % n} if n and self._turn % BORDERS_EVERY == 0 else set()
        asked, doubted = sorted(loose | due), sorted(loose)
        framed = read_frames(samples[doubted]).framed.tolist() if doubted else []
        gone = [
            p for p, there in zip(doubted, framed, strict=True) if not there and not self._shown.held(p, samples[p])
        ]
        last = (self._places[-1], self._debuffs()[-1]) if n and self._boxes is None else None
        if gone or standing(next_ones, samples[n:], self._beside, last)[0].any():
            return self._count_anew(image, min(gone, default=n))
        if len(rows) or not self.swept:
            self._last = samples
        self._shown.identify(image, self._places, rows, pictures, compared)
        if asked:
            self._shown.judge_borders(asked, samples)
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

    def _count_anew(self, image: Image, sure: int) -> set[int]:
        """Icons came or went: count on from the first `sure` places, and name every icon anew."""
        if self._boxes is not None:
            samples = self._sample(image, self._boxes)
            count = self._count_own(samples, sure)
            places = self._boxes[:count]
        else:
            known = self._places[:sure], self._debuffs()[:sure]
            places = walk(self._flow, lambda boxes: self._sample(image, boxes), known, self._beside, self._shown.sure)
            samples = self._sample(image, places) if places else np.empty((0, CELLS, 3), np.uint8)
        self._places = places[:MOST]
        self._last = samples
        rows = np.arange(len(self._places))
        pictures = planes(samples[rows])
        kept = min(len(self._seen), len(rows))
        del self._seen[kept:]
        compared = self._shown.compare(rows[:kept], pictures[:kept])
        self._shown.identify(image, self._places, rows, pictures, compared)
        if len(rows):
            self._shown.judge_borders(rows.tolist(), samples)
        return set(rows.tolist())

    def _count_own(self, samples: Image, sure: int) -> int:
        """How many places from the first on hold icons; own rows have no gaps."""
        frames, known = read_frames(samples), len(self._seen)
        beyond = np.append(frames.framed[1:], False)
        there = (frames.framed | (likely(samples, frames) & beyond)).tolist()
        count = sure
        while count < len(there) and (there[count] or (count < known and self._shown.held(count, samples[count]))):
            count += 1
        return count

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

    def _write(self, prefix: str, seen: Seen) -> None:
        out = self._readings
        out[f"{prefix}.icon"] = Reading(seen.match.name, seen.match.confidence)
        out[f"{prefix}.stacks"] = seen.stacks
        out[f"{prefix}.harmful"] = seen.harmful
        out[f"{prefix}.school"] = seen.school
        timed, remains = f"{prefix}.sweep_pct", f"{prefix}.remains"
        if seen.timed and seen.sweep >= 0:
            out[timed] = VAGUE_SWEEP if seen.vague else Reading(round(seen.sweep, 2), 0.95)
        else:
            out.pop(timed, None)
        if seen.time is not None:
            out[remains] = Reading(seen.time, 0.9)
        else:
            out.pop(remains, None)
