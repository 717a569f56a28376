"""All action buttons of a layout at once: their samples, borders and texts, and the readings of each of them.

A button whose pixels changed is judged (see buttonjudge), its border tells the current action and procs, its texts are read
in turn. The bars of a layout share one desk, since one pass over forty buttons costs little more than one over twelve. State
is a function of the frames seen, so replays agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading, unknown
from wowbot.hud.units import CLASSIC_ERAS
from wowbot.perception.button import (
    NO,
    NO_SWEEP,
    UNBOUND,
    YES,
)
from wowbot.perception.buttonjudge import ButtonJudge
from wowbot.perception.buttontexts import EVERY, ButtonTexts, lit_up, read_count, read_key, read_seconds
from wowbot.perception.edges import box_edges
from wowbot.perception.icons import IconLibrary
from wowbot.perception.patches import CELLS, Floats, Order, Sampler, SweepStyle, planes
from wowbot.perception.slotlook import (
    OPEN,
    OUTER_AT,
    RING,
    bordered,
    borders,
    is_empty,
    ring_points,
    text_zones,
)

LOOKS_A_FRAME = 2
"""Full recognitions done at most in a frame after the first one: slow work."""
CUT_OFF, VISIBLE = unknown("the button lies partly outside the window"), 0.65
"""Of a button less of which is inside the window nothing is said."""
STRANGE, EDGES, SLACK = unknown("what is seen there has not the edges of a button's icon"), 0.55, 2
"""Least of the second weakest of an icon's four edges, each looked for so many px off: at least 0.64 on 1,294 icons of 93
real pictures, at most 0.44 on six other things over a slot (a gryphon's head, blocks of a compressed picture)."""
UNREAD = unknown("the key's text looks otherwise than when it was read; it waits for its turn")
SLOW = 0.003
"""Share of a button's light that may change from one frame to the next before it is looked at on each: at most 0.4 % of a
sweep's way."""
LEAVES = ("sweep_pct", "usable", "no_power", "in_range", "empty", "glow", "active", "icon")
"""What is said of every button."""
SIGNS = CELLS + RING
"""Points inside a button; those beyond show the world, or a proc's glow when the border glows too."""


class Desk:
    """Reads the buttons of all bars that joined it.

    Args:
        style: of their sweeps.
        numbers: the client prints the remaining seconds on them.
        era: whose first guess of a sweep's shade to take.
        icons: the learned library, or None.
    """

    def __init__(self, style: SweepStyle, numbers: bool, era: str, icons: IconLibrary | None) -> None:
        self.order = Order(style)
        self.numbers, self.era, self.icons = numbers, era, icons
        self.prefix: list[str] = []
        self.boxes: list[Rect] = []
        self.readings: list[dict[str, Reading]] = []
        self._bars: list[tuple[int, int]] = []
        self._around: tuple[Rect, ...] = ()
        self._served: set[int] = set()
        self._seen_index = -1
        self._key, count, _ = text_zones(self.order)
        self._texts = ButtonTexts(self.order, self._key, count)
        self._last: Image | None = None
        self._waiting: set[int] = set()
        self._outside: set[int] = set()
        self._strange: set[int] = set()
        self._left = False

    def join(self, bar: str, boxes: Sequence[Rect]) -> int:
        """Add a bar, before the first frame.

        Returns:
            Its number, for `read`.
        """
        start = len(self.boxes)
        self.boxes += boxes
        self.prefix += [f"slot.{bar}.{n}" for n in range(1, len(boxes) + 1)]
        self._bars.append((start, len(self.boxes)))
        self.readings.append({})
        self._around += (_around(boxes),)
        n = len(self.boxes)
        self._sampler = Sampler(self.boxes, self.order, ring_points())
        self._judge = ButtonJudge(self.boxes, self.order, self.numbers, self.era, self.icons)
        self._buttons = self._judge.buttons
        self._home = [bar for bar, (first, last) in enumerate(self._bars) for _ in range(first, last)]
        self._shown: list[object] = [None] * n
        self._texts.resize(n)
        self._golden = np.zeros(n, np.bool_)
        # The main bar of the classic clients always lies on its art; retail can hide it.
        art = self.era in CLASSIC_ERAS
        self._walled = np.asarray([art and name.startswith("slot.main.") for name in self.prefix])
        return len(self._bars) - 1

    def read(self, bar: int, image: Image, index: int) -> dict[str, Reading]:
        """The readings of a bar on this frame; the first bar asked looks for all."""
        if bar in self._served or index != self._seen_index:
            self._served.clear()
            self._seen_index = index
            self._see(image)
        self._served.add(bar)
        return self.readings[bar]

    @property
    def watches(self) -> tuple[Rect, ...]:
        """All that the buttons are read from, () while a text, a recognition or a small change waits for its turn."""
        return () if self._texts.due or self._waiting or self._left else self._around

    def _see(self, image: Image) -> None:
        samples = self._sampler.read(image)
        first = self._last is None
        if first:
            size_wh = (image.shape[1], image.shape[0])
            self._outside = {row for row, box in enumerate(self.boxes) if _inside(box, size_wh) < VISIBLE}
        todo = self._changed(samples)
        if self._last is not None:
            todo = self._due(todo, samples, self._last)
        self._last = samples
        judged = self._update(image, samples, todo, first) if todo.size else []
        texts = self._texts.take(everything=first) if self._texts.due else []
        for row, key, number in texts:
            self._read_texts(image, row, key, number)
        for row in {*judged, *(row for row, _, _ in texts)}:
            self._write(row)

    def _changed(self, samples: Image) -> NDArray[np.intp]:
        """Rows whose pixels are not those of the frame before, and rows that wait for a recognition."""
        if self._last is None:
            return np.arange(len(samples))
        differs = (_words(samples) != _words(self._last)).any(axis=1)
        if self._golden.any():
            differs |= self._golden & (samples[:, SIGNS:] != self._last[:, SIGNS:]).any(axis=(1, 2))
        if self._waiting:
            differs[list(self._waiting)] = True
        return np.flatnonzero(differs)

    def _due(self, rows: NDArray[np.intp], samples: Image, last: Image) -> NDArray[np.intp]:
        """Of the rows that changed, those that cannot wait for the next frame: what barely moves is looked at on every other
        one.

        A row that is left takes its old samples into the new ones, so that its change is not forgotten.
        """
        self._left = False
        if self._seen_index % 2 or not 0 < len(rows) <= len(samples) // 2:
            return rows
        new, old = (points[rows, :SIGNS].reshape(len(rows), -1) for points in (samples, last))
        moved, light = (cv2.reduce(p, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] for p in (cv2.absdiff(new, old), old))
        slow = (moved <= SLOW * light) & ~self._golden[rows]
        if self._waiting:
            slow &= ~np.isin(rows, list(self._waiting))
        if not slow.any():
            return rows
        self._left = True
        samples[rows[slow]] = last[rows[slow]]
        return rows[~slow]

    def _update(self, image: Image, samples: Image, rows: NDArray[np.intp], first: bool) -> list[int]:
        """Judge the rows that changed; returns those of which something else may be known now."""
        part = samples if len(rows) == len(samples) else samples[rows]
        pictures = planes(part)
        left = self._judge.follow(image, rows, pictures)
        self._doubt(image, self._recognise_some(rows, pictures, left, first))
        self._see_borders(rows, part)
        swept = (self._seen_index + 1) % EVERY == 0
        self._texts.note(rows, pictures, self._buttons, self._judge.shade.value, swept=swept)
        return [*rows.tolist(), *self._judge.settle_dark()]

    def _see_borders(self, rows: NDArray[np.intp], samples: Image) -> None:
        """Borders of the current action and of procs; what lies outside a button counts only where its border is gold."""
        golden = bordered(samples[:, CELLS:SIGNS])
        for row in rows[golden != self._golden[rows]].tolist():
            self._buttons[row].checked = self._buttons[row].glow = False
        self._golden[rows] = golden
        at = np.flatnonzero(golden)
        if at.size:
            yellow, glow = borders(samples[at, CELLS:])
            for row, checked, glows in zip(rows[at].tolist(), yellow.tolist(), glow.tolist(), strict=True):
                self._buttons[row].checked, self._buttons[row].glow = checked, glows

    def _recognise_some(self, rows: NDArray[np.intp], pictures: Floats, places: list[int], first: bool) -> list[int]:
        """Look at buttons that nothing known explains, a few a frame; returns the rows that were looked at."""
        looked: list[int] = []
        if not places:
            return looked
        empty = is_empty(pictures[places], self._key, self._walled[rows[places]])
        budget = len(places) if first else LOOKS_A_FRAME
        for place, bare in zip(places, empty, strict=True):
            row = int(rows[place])
            if bare and (self.icons is None or self._buttons[row].kind == "empty"):
                self._judge.forget(row, "empty")
                self._waiting.discard(row)
            elif budget > 0:
                budget -= 1
                self._waiting.discard(row)
                self._judge.recognise(row, pictures[place], bool(bare))
                looked.append(row)
            else:
                self._waiting.add(row)
        return looked

    def _doubt(self, image: Image, looked: list[int]) -> None:
        """Of icons that no library knows, those without a button's edges may be another thing over an empty slot."""
        for row in looked:
            button = self._buttons[row]
            doubted = button.kind == "icon" and not button.name and self.era != "other"
            if doubted and sorted(box_edges(image, self.boxes[row], SLACK))[1] < EDGES:
                self._strange.add(row)
            else:
                self._strange.discard(row)

    def _read_texts(self, image: Image, row: int, key: bool, number: bool) -> None:
        button = self._buttons[row]
        if button.kind != "icon":
            return
        crop = self.boxes[row].crop(image)
        lit = lit_up(button, crop, self._judge.shade.value, self.order)
        if key:
            read_key(button, lit)
        if number:
            read_count(button, lit)
            if self.numbers:
                read_seconds(button, crop)

    def _write(self, row: int) -> None:
        button, prefix, out = self._buttons[row], self.prefix[row], self.readings[self._home[row]]
        if row in self._outside:
            out.update((f"{prefix}.{leaf}", CUT_OFF) for leaf in LEAVES)
            return
        icon, tint = button.kind == "icon", button.tint
        if icon and row in self._strange:
            self._shown[row] = None
            for leaf in ("charges", "count_s"):
                out.pop(f"{prefix}.{leaf}", None)
            out.update((f"{prefix}.{leaf}", STRANGE) for leaf in LEAVES)
            return
        out[f"{prefix}.sweep_pct"] = button.sweep if icon else NO_SWEEP
        active = button.checked or button.flash
        in_range = UNREAD if self._texts.waits(row) else button.in_range
        state = (
            icon, tint, in_range, button.glow, active, button.name, button.sure, button.charges, button.count
        )  # fmt: skip
        if state == self._shown[row]:
            return
        self._shown[row] = state
        out[f"{prefix}.empty"] = NO if icon else YES
        usable = icon and tint.usable
        known = Reading(float(usable), tint.confidence if icon else 1.0, tint.why if icon else "")
        out[f"{prefix}.usable"] = unknown(tint.why) if icon and tint is OPEN else known
        out[f"{prefix}.no_power"] = Reading(float(icon and tint.no_power), tint.confidence if icon else 1.0, tint.why)
        out[f"{prefix}.in_range"] = in_range if icon else UNBOUND
        out[f"{prefix}.glow"] = YES if icon and button.glow else NO
        out[f"{prefix}.active"] = YES if icon and active else NO
        out[f"{prefix}.icon"] = Reading(button.name if icon else "", button.sure)
        for leaf, reading in (("charges", button.charges), ("count_s", button.count)):
            if icon and reading is not None:
                out[f"{prefix}.{leaf}"] = reading
            else:
                out.pop(f"{prefix}.{leaf}", None)


def _around(boxes: Sequence[Rect]) -> Rect:
    """A rectangle round buttons and the points outside them where a glow is looked for."""
    reach = [ceil((OUTER_AT - 1) * max(box.width, box.height) / 2) + 2 for box in boxes]
    left = min(box.left - by for box, by in zip(boxes, reach, strict=True))
    top = min(box.top - by for box, by in zip(boxes, reach, strict=True))
    right = max(box.right + by for box, by in zip(boxes, reach, strict=True))
    return Rect(left, top, right - left, max(box.bottom + by for box, by in zip(boxes, reach, strict=True)) - top)


def _inside(box: Rect, size_wh: tuple[int, int]) -> float:
    """Share of a box that lies inside a window."""
    wide = min(box.right, size_wh[0]) - max(box.left, 0)
    high = min(box.bottom, size_wh[1]) - max(box.top, 0)
    return max(wide, 0) * max(high, 0) / (box.width * box.height)


def _words(samples: Image) -> NDArray[np.uint64]:
    """The points inside each button, eight bytes at a time."""
    return samples.reshape(len(samples), -1).view(np.uint64)[:, : SIGNS * 3 // 8]
