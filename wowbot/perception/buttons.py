"""All action buttons of a layout at once: their samples, their fits, what each of them shows.

Every button has a look: how its icon appears bright and ready. It comes from the icon library, where the icon is known, or
from the button itself the first time it is seen ready. Each frame that changes a button is fitted against its look (see
sweep); a button whose look no longer fits is recognised anew. The bars of a layout share one desk, since one pass over
forty buttons costs little more than one over twelve. State is a function of the frames seen, so replays agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading, unknown
from wowbot.perception.button import (
    BEGUN,
    NO,
    NO_KEY,
    NO_SWEEP,
    UNBOUND,
    WHITE,
    YES,
    Button,
    Facts,
    Gain,
    doubted,
    times,
)
from wowbot.perception.buttontexts import EVERY, ButtonTexts, read_key, read_numbers
from wowbot.perception.icons import IconLibrary
from wowbot.perception.patches import CELLS, Floats, Order, Sampler, SweepStyle, planes
from wowbot.perception.shade import Shade
from wowbot.perception.slotlook import (
    OPEN,
    OUTER_AT,
    PLAIN,
    RING,
    UNUSABLE,
    Tint,
    bordered,
    borders,
    free_sweep,
    guess_tint,
    is_empty,
    printed_cells,
    ring_points,
    text_cells,
    text_zones,
)
from wowbot.perception.sweep import EYE, Fit, Look, fit_sweeps

EXPLAINS = 0.45
"""Share of the variance a look must explain for the button to be still the same."""
SURELY = 0.85
"""Below this the library is asked again, once per look."""
THIN_START = 0.965
"""A sweep of which more than this remains shows its bright side on a few cells alone."""
LOOKS_A_FRAME, TEXTS_A_FRAME = 2, 2
"""Slow work (a full recognition, a text) done at most this often per frame after the first one."""
SUDDEN = 0.96
"""Share of a sweep that remains of one that is caught at its start."""
PLAINLY = 0.85
"""A dark side that keeps so much of the known icon's light lies under no sweep: its bright side is a text or a shine."""
BEGINS = 80.0
"""Percent from which on a sweep may have only begun."""
SURER = 0.02
"""So much another shade judges buttons anew that are dark all over."""
FEW_CELLS = 6
"""So many cells of a text tell whether it is lit."""
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
        self.numbers, self.icons = numbers, icons
        self.shade = Shade(era)
        self._judged = (self.shade.value, self.shade.told)
        self._dark: dict[int, Gain] = {}
        self.prefix: list[str] = []
        self.boxes: list[Rect] = []
        self.readings: list[dict[str, Reading]] = []
        self._bars: list[tuple[int, int]] = []
        self._around: tuple[Rect, ...] = ()
        self._served: set[int] = set()
        self._seen_index = -1
        key, count, self._middle = text_zones(self.order)
        self._printed = key | count
        self._texts = ButtonTexts(self.order, key, count)
        self._art = ~(key | count | (self._middle if numbers else np.zeros(CELLS, bool)))
        self._all = np.where(self._middle & numbers, 0.0, 1.0).astype(np.float32)
        self._last: Image | None = None
        self._waiting: set[int] = set()

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
        self._look = Look.empty(n)
        self._buttons = [Button() for _ in range(n)]
        self._home = [bar for bar, (first, last) in enumerate(self._bars) for _ in range(first, last)]
        self._shown: list[object] = [None] * n
        self._texts.resize(n)
        self._golden = np.zeros(n, np.bool_)
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
        """All that the buttons are read from, () while a text or a recognition still waits for its turn."""
        return () if self._texts.due or self._waiting else self._around

    def _see(self, image: Image) -> None:
        self._image = image
        samples = self._sampler.read(image)
        first = self._last is None
        todo = self._changed(samples)
        self._last = samples
        if todo.size:
            self._update(image, samples, todo, first)
        for row in sorted(self._texts.due)[: len(self.boxes) if first else TEXTS_A_FRAME]:
            self._read_texts(image, row, *self._texts.due.pop(row))

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

    def _update(self, image: Image, samples: Image, rows: NDArray[np.intp], first: bool) -> None:
        part = samples if len(rows) == len(samples) else samples[rows]
        pictures = planes(part)
        looked = self._look.mass[rows, -1] > 0
        left = np.flatnonzero(~looked).tolist()
        at = np.flatnonzero(looked)
        if at.size:
            mine, seen = (rows, pictures) if len(at) == len(rows) else (rows[at], pictures[at])
            fit = fit_sweeps(seen, self._look.rows(mine), self.order, self.shade.value, texts_swept=True)
            self._doubt_sudden(fit, mine, seen)
            self._seek_starts(fit, mine, seen)
            facts = Facts(fit)
            for i, (place, row) in enumerate(zip(at.tolist(), mine.tolist(), strict=True)):
                if self._still(row, pictures[place], facts, i):
                    self._take(row, pictures[place], facts, i)
                else:
                    left.append(place)
        self._recognise_some(image, rows, pictures, sorted(left), first)
        self._see_borders(rows, part)
        self._texts.note(rows, pictures, self._buttons, self.shade.value, swept=(self._seen_index + 1) % EVERY == 0)
        judged, told = self._judged
        if self._dark and (told != self.shade.told or abs(self.shade.value - judged) > SURER):
            self._judge_dark()
        for row in rows.tolist():
            self._write(row)

    def _judge_dark(self) -> None:
        """Tell by a better shade which of the buttons that are dark all over are not usable, and which begin a sweep."""
        self._judged = (self.shade.value, self.shade.told)
        for row, gain in self._dark.items():
            button, (tint, begun) = self._buttons[row], self.shade.tint(gain)
            button.sweep, button.tint = BEGUN if begun else NO_SWEEP, doubted(button, tint)
            self._write(row)

    def _doubt_sudden(self, fit: Fit, rows: NDArray[np.intp], pictures: Floats) -> None:
        """A sweep that was not there and has gone far already must be seen apart from the texts, which no tint darkens."""
        if self.order.style == "linear":  # its edge may lie wholly among the texts' cells
            return
        sudden = np.flatnonzero(fit.swept & (fit.remaining < SUDDEN))
        sudden = sudden[[not self._buttons[row].sweep.value for row in rows[sudden].tolist()]]
        if not sudden.size:
            return
        seen = self._fit_again(rows[sudden], pictures[sudden], self._look.weight[rows[sudden], 0] * self._art)
        fit.take(sudden, seen, ~seen.swept)

    def _seek_starts(self, fit: Fit, rows: NDArray[np.intp], pictures: Floats) -> None:
        """The edge of a sweep that has begun may stand among the texts, which it darkens too."""
        began = [self._buttons[row].fresh and (self._buttons[row].sweep.value or 0.0) > BEGINS for row in rows.tolist()]
        # An edge none of whose bright side is looked at is a guess.
        at = np.flatnonzero(np.asarray(began, np.bool_) & (~fit.swept | (fit.bright.sum(axis=1) < 0.1)))
        if not at.size:
            return
        seen = self._fit_again(rows[at], pictures[at], np.broadcast_to(self._all, (len(at), CELLS)))
        bright = seen.bright @ EYE
        found = seen.swept & (seen.remaining > BEGINS / 100.0) & (bright > 0.8) & (bright < 1.25)
        fit.take(at, seen, found)

    def _fit_again(self, rows: NDArray[np.intp], pictures: Floats, weights: Floats) -> Fit:
        """The fit of some rows with other weights (n, CELLS) than their looks have."""
        looks = Look.empty(len(rows))
        for place, row in enumerate(rows.tolist()):
            looks.put(place, self._look.ref[row], weights[place])
        return fit_sweeps(pictures, looks, self.order, self.shade.value)

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

    def _still(self, row: int, picture: Floats, facts: Facts, i: int) -> bool:
        """Whether the button still shows the icon whose look it has."""
        button, likeness = self._buttons[row], facts.likeness[i]
        button.flash = False
        if likeness < EXPLAINS:
            return False
        if likeness >= SURELY or likeness >= button.asked - 0.05:
            return True
        button.asked = likeness
        if self.icons is not None:
            match, _ = self.icons.match(picture, self.boxes[row].width, self.order, self._art)
            return match.name == button.name
        return facts.swept[i]

    def _take(self, row: int, picture: Floats, facts: Facts, i: int) -> None:
        """Take the readings of a button that its look explains."""
        button, likeness = self._buttons[row], facts.likeness[i]
        self._dark.pop(row, None)
        bright, dark, lit = facts.light[i], facts.shadow[i], button.lit
        thin = facts.swept[i] and facts.remaining[i] > THIN_START
        gain = times(facts.dark[i] if thin else facts.bright[i], lit)
        # So few cells are bright that they may be a text, which no tint darkens: the dark ones tell a sweep from a tint.
        if facts.swept[i] and dark < PLAINLY and not (thin and not self.shade.tint(gain, 1.15)[1]):
            remains = facts.remaining[i]
            if 0.3 < remains < 0.9 and likeness > SURELY and 0.85 < bright < 1.15:
                self.shade.learn(min(max(dark / bright, 0.05), 0.7))
            if thin:
                gain = times(facts.bright[i], lit)
            sure = max(0.3, 1.0 - 6.0 * facts.precision[i]) * min(1.0, 0.5 + likeness)
            button.sweep = Reading(round(100.0 * remains, 3), round(min(1.0, sure), 3))
            button.tint = doubted(button, self.shade.tint(gain)[0])
            return
        tint, begun = self.shade.tint(gain)
        if begun or tint is UNUSABLE:
            dimmed = self._texts_dimmed(row, picture)
            if dimmed is None:
                self._dark[row] = gain
                if self.shade.leaves_open(gain):
                    button.sweep, button.tint = unknown(OPEN.why), OPEN
                    return
            else:
                tint, begun = (PLAIN, True) if dimmed else (UNUSABLE, False)
        button.sweep = BEGUN if begun else NO_SWEEP
        button.tint = doubted(button, tint)
        if begun or likeness < 0.6 or (button.fresh and (tint != PLAIN or facts.error[i] <= 1.0)):
            return
        if button.name:
            self._learn(row, picture, WHITE if tint == PLAIN else gain, PLAIN)
        else:
            self._learn_unknown(row, picture, seen_darker=bright > 1.12)

    def _texts_dimmed(self, row: int, picture: Floats) -> bool | None:
        """Whether the texts of a dark icon are darker, as a sweep but no tint makes them; None = not told."""
        look, button = self._look.ref[row], self._buttons[row]
        white = (self._look.weight[row, 0] == 0.0) & (look.min(axis=0) > 110.0) & self._printed
        if white.sum() < FEW_CELLS:
            return None
        kept = picture[:, white].sum(axis=0) > 0.75 * look[:, white].sum(axis=0)
        if float(picture[:, white].sum()) > 0.75 * float(look[:, white].sum()):
            return False
        return True if not kept.any() and (button.in_range is not NO_KEY or button.charges is not None) else None

    def _learn(self, row: int, picture: Floats, lit: Gain, doubt: Tint) -> None:
        """Keep the button's own look; `lit` is its gain against the untinted icon."""
        texts = text_cells(picture)
        texts |= self.order.grown(texts & self._printed) & printed_cells(self.boxes[row].crop(self._image), self.order)
        self._look.put(row, picture, self._all * ~(texts & self._printed))
        button = self._buttons[row]
        button.fresh, button.lit, button.doubt, button.asked = True, lit, doubt, 0.0

    def _learn_unknown(self, row: int, picture: Floats, seen_darker: bool = False) -> None:
        """Keep the look of an icon that no library vouches for; its tint is a guess until it was seen darker."""
        button = self._buttons[row]
        guess = guess_tint(picture)
        lit = (1.0, 0.5, 0.5) if guess.no_power else WHITE if guess.usable else (0.4, 0.4, 0.4)
        settled = seen_darker and guess.usable and not guess.no_power
        self._learn(row, picture, lit, PLAIN if settled else guess)
        button.tint = button.doubt

    def _recognise_some(
        self, image: Image, rows: NDArray[np.intp], pictures: Floats, places: list[int], first: bool
    ) -> None:
        if not places:
            return
        empty = is_empty(pictures[places])
        budget = len(places) if first else LOOKS_A_FRAME
        for place, bare in zip(places, empty, strict=True):
            row = int(rows[place])
            if bare and (self.icons is None or self._buttons[row].kind == "empty"):
                self._forget(row, "empty")
                self._waiting.discard(row)
            elif budget > 0:
                budget -= 1
                self._waiting.discard(row)
                self._recognise(image, row, pictures[place], bool(bare))
            else:
                self._waiting.add(row)

    def _recognise(self, image: Image, row: int, picture: Floats, bare: bool) -> None:
        """Find out what a button shows: a flash over the known icon, a library icon, or something never seen."""
        button = self._buttons[row]
        if button.kind == "icon" and button.fresh and self._flashes(row, picture):
            return
        button = self._forget(row, "icon")
        if self.icons is not None:
            match, template = self.icons.match(picture, self.boxes[row].width, self.order, self._art)
            if template is not None:
                button.name, button.sure = match
                self._look.put(row, template, self._art.astype(np.float32))
                look = self._look.rows(np.asarray([row]))
                fit = fit_sweeps(picture[None], look, self.order, self.shade.value, texts_swept=True)
                self._take(row, picture, Facts(fit), 0)
                return
        if bare:
            self._forget(row, "empty")
            return
        found = free_sweep(self.boxes[row].crop(image)) if self.order.style == "radial" else None
        if found is not None:
            button.sweep = Reading(
                round(100.0 * found.remaining, 2), 0.6, "by the edges of the sweep: its bright look was never seen"
            )
            button.tint = Tint(True, False, 0.5, "its bright look was never seen")
            return
        self._learn_unknown(row, picture)

    def _flashes(self, row: int, picture: Floats) -> bool:
        """Whether the known icon lies under a red flash: blue and green fit, red is lifted."""
        look = self._look.rows(np.asarray([row]))
        cool = np.asarray([1.0, 1.0, 0.0], np.float32)[:, None]
        bare = Look.empty(1)
        bare.put(0, look.ref[0] * cool, look.weight[0, 0])
        fit = fit_sweeps((picture * cool)[None], bare, self.order, self.shade.value)
        gain = float(fit.bright[0, 1])
        lift = float((picture[2] - gain * look.ref[0, 2]).mean())
        if fit.likeness[0] < 0.7 or lift < 25.0:
            return False
        button = self._buttons[row]
        button.flash = True
        button.sweep = Reading(round(100.0 * float(fit.remaining[0]), 3), 0.9)
        return True

    def _forget(self, row: int, kind: str) -> Button:
        """A new button, or none, at a place."""
        self._buttons[row] = button = Button(kind)
        self._look.put(row, np.zeros((3, CELLS), np.float32), np.zeros(CELLS, np.float32))
        self._golden[row] = False
        self._dark.pop(row, None)
        return button

    def _read_texts(self, image: Image, row: int, key: bool, number: bool) -> None:
        button = self._buttons[row]
        if button.kind != "icon":
            return
        crop = self.boxes[row].crop(image)
        if key:
            read_key(button, crop)
        if number:
            read_numbers(button, crop, seconds=self.numbers)
        self._write(row)

    def _write(self, row: int) -> None:
        button, prefix, out = self._buttons[row], self.prefix[row], self.readings[self._home[row]]
        icon, tint = button.kind == "icon", button.tint
        out[f"{prefix}.sweep_pct"] = button.sweep if icon else NO_SWEEP
        active = button.checked or button.flash
        state = (
            icon, tint, button.in_range, button.glow, active, button.name, button.sure, button.charges, button.count
        )  # fmt: skip
        if state == self._shown[row]:
            return
        self._shown[row] = state
        out[f"{prefix}.empty"] = NO if icon else YES
        usable = icon and tint.usable
        known = Reading(float(usable), tint.confidence if icon else 1.0, tint.why if icon else "")
        out[f"{prefix}.usable"] = unknown(tint.why) if icon and tint is OPEN else known
        out[f"{prefix}.no_power"] = Reading(float(icon and tint.no_power), tint.confidence if icon else 1.0, tint.why)
        out[f"{prefix}.in_range"] = button.in_range if icon else UNBOUND
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


def _words(samples: Image) -> NDArray[np.uint64]:
    """The points inside each button, eight bytes at a time."""
    return samples.reshape(len(samples), -1).view(np.uint64)[:, : SIGNS * 3 // 8]
