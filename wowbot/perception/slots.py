"""Reads one action bar: what is on each button, its cooldown sweep, tints, range, charges, glow.

Every button has a look: how its icon appears bright and ready. It comes from the icon library, where the icon is known, or
from the button itself the first time it is seen ready. Each frame that changes a button is fitted against its look (see
sweep); a button whose look no longer fits is recognised anew. State is a function of the frames seen, so replays agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.glyphs import Rule, read_number
from wowbot.perception.icons import IconLibrary
from wowbot.perception.patches import CELLS, STYLES, Floats, Order, Sampler, planes
from wowbot.perception.reader import Context, Hints, TextSpot
from wowbot.perception.slotlook import (
    PLAIN,
    Tint,
    borders,
    free_sweep,
    guess_tint,
    is_empty,
    red_key,
    ring_points,
    text_cells,
    text_zones,
    tint_of,
)
from wowbot.perception.sweep import EYE, Fit, Look, fit_sweeps

LEAVES = ("sweep_pct", "usable", "no_power", "in_range", "empty", "glow", "active", "icon")
EXPLAINS = 0.45
"""Share of the variance a look must explain for the button to be still the same."""
SURELY = 0.85
"""Below this the library is asked again, once per look."""
SHADE = {"vanilla": 0.3, "tbc": 0.25, "wotlk": 0.25, "classic_era": 0.2, "retail": 0.2}
"""First guess of what a sweep's dark side keeps; corrected by the first sweep seen. Source: measured in Classic Era."""
LOOKS_A_FRAME, TEXTS_A_FRAME = 2, 3
"""Slow work (a full recognition, a number) done at most this often per frame and bar after the first frame."""


NO_SWEEP = Reading(0.0)
BEGUN = Reading(100.0, 0.8, "dark all over: a sweep that has just begun")
NO_KEY = Reading(1.0, 0.6, "no key text is seen")


@dataclass(slots=True)
class Button:
    """What is known of one button.

    Attributes:
        kind: "new", "empty" or "icon"; an icon may yet lack a look (sweeping when first seen, and unknown).
        name, sure: from the library, "" = none is close.
        fresh: the look was seen on this very button, not taken from the library.
        lit: gain (3,) of the look itself against the icon's untinted look.
        doubt: the untinted look was only guessed.
        asked: likeness at which the library was last asked.
    """

    kind: str = "new"
    name: str = ""
    sure: float = 1.0
    fresh: bool = False
    lit: Floats = field(default_factory=lambda: np.ones(3, np.float32), repr=False)
    doubt: Tint = PLAIN
    asked: float = 0.0
    sweep: Reading = NO_SWEEP
    tint: Tint = PLAIN
    flash: bool = False
    checked: bool = False
    glow: bool = False
    in_range: Reading = NO_KEY
    charges: Reading | None = None
    count: Reading | None = None


class SlotsReader:
    """See the module. Options: `bar`, `boxes` [[x, y, w, h], ...] in frame pixels, `style` ("linear" and "reverse" name
    those sweeps; anything else is the clockwise one)."""

    period: ClassVar[int] = 1

    def __init__(self, name: str, region: Region, context: Context) -> None:
        boxes = region.options.get("boxes")
        if not boxes:
            raise LayoutError(f"{name}: a slots region needs `boxes` = [[x, y, w, h], ...]; calibrate the layout again")
        self.bar = str(region.options.get("bar") or name.partition(".")[2] or name)
        self.boxes = [Rect(*(round(float(v)) for v in box)) for box in boxes]
        style = str(region.options.get("style", ""))
        self.order = Order(next((s for s in STYLES if s == style), "radial"))
        self.prefix = [f"slot.{self.bar}.{n}" for n in range(1, len(self.boxes) + 1)]
        self.provides = tuple(f"{prefix}.{leaf}" for prefix in self.prefix for leaf in LEAVES)
        self.spots: tuple[TextSpot, ...] = ()
        self.numbers = bool(region.options.get("numbers", context.layout.era == "retail"))
        self.icons: IconLibrary | None = context.icons if context.icons is not None and len(context.icons) else None
        self.shade = SHADE.get(context.layout.era, 0.25)
        self._sampler = Sampler(self.boxes, self.order, ring_points())
        key, count, self._middle = text_zones(self.order)
        self._printed = key | count
        self._key, self._count = np.flatnonzero(key), np.flatnonzero(count)
        self._art = ~(key | count | (self._middle if self.numbers else np.zeros(CELLS, bool)))
        self._all = np.where(self._middle & self.numbers, 0.0, 1.0).astype(np.float32)
        self._look = Look.empty(len(self.boxes))
        self._buttons = [Button() for _ in self.boxes]
        self._reds = np.full(len(self.boxes), -1)
        self._patch = np.zeros((len(self.boxes), len(self._count)), np.float32)
        self._last: Image | None = None
        self._waiting: set[int] = set()
        self._texts: set[int] = set()
        self._readings: dict[str, Reading] = {}

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        """Write the readings of every button."""
        samples = self._sampler.read(image)
        first = self._last is None
        if self._last is None:
            changed = np.arange(len(samples))
        else:
            changed = np.flatnonzero((samples != self._last).reshape(len(samples), -1).any(axis=1))
        self._last = samples
        todo = np.union1d(changed, np.fromiter(self._waiting, int, len(self._waiting))) if self._waiting else changed
        if todo.size:
            self._update(image, samples, todo, first)
        for row in sorted(self._texts)[: len(self.boxes) if first else TEXTS_A_FRAME]:
            self._texts.discard(row)
            self._read_texts(image, row)
        out.update(self._readings)

    def _update(self, image: Image, samples: Image, rows: NDArray[np.intp], first: bool) -> None:
        pictures = planes(samples[rows])
        looked = np.asarray([self._buttons[row].kind == "icon" and self._look.mass[row, -1] > 0 for row in rows])
        left = [int(place) for place in np.flatnonzero(~looked)]
        at = np.flatnonzero(looked)
        if at.size:
            fit = fit_sweeps(pictures[at], self._look.rows(rows[at]), self.order, self.shade, texts_swept=True)
            for i, place in enumerate(at):
                if self._still(rows[place], pictures[place], fit, i):
                    self._take(int(rows[place]), pictures[place], fit, i)
                else:
                    left.append(int(place))
        self._recognise_some(image, rows, pictures, sorted(left), first)
        rings = samples[rows, CELLS:]
        for row, yellow, gold in zip(rows, *borders(rings), strict=True):
            button = self._buttons[row]
            button.checked, button.glow = bool(yellow), bool(gold)
            self._write(int(row))
        self._note_texts(rows, pictures)

    def _still(self, row: int, picture: Floats, fit: Fit, i: int) -> bool:
        """Whether the button still shows the icon whose look it has."""
        button, likeness = self._buttons[row], float(fit.likeness[i])
        button.flash = False
        if likeness < EXPLAINS:
            return False
        if likeness >= SURELY or likeness >= button.asked - 0.05:
            return True
        button.asked = likeness
        if self.icons is not None:
            match, _ = self.icons.match(picture, self.boxes[row].width, self.order, self._art)
            return match.name == button.name
        return bool(fit.swept[i])

    def _take(self, row: int, picture: Floats, fit: Fit, i: int) -> None:
        """Take the readings of a button that its look explains."""
        button = self._buttons[row]
        gain, likeness = fit.bright[i] * button.lit, float(fit.likeness[i])
        if fit.swept[i]:
            remains = float(fit.remaining[i])
            if 0.3 < remains < 0.8 and likeness > 0.7:
                shade = float(np.clip((fit.dark[i] @ EYE) / (fit.bright[i] @ EYE), 0.05, 0.7))
                self.shade += 0.1 * (shade - self.shade)
            if remains > 0.9:
                gain = fit.dark[i] * button.lit / self.shade
            sure = max(0.3, 1.0 - 6.0 * float(fit.precision[i])) * min(1.0, 0.5 + likeness)
            button.sweep = Reading(round(100.0 * remains, 3), round(min(1.0, sure), 3))
            button.tint = self._doubted(button, tint_of(gain, self.shade)[0])
            return
        tint, begun = tint_of(gain, self.shade)
        button.sweep = BEGUN if begun else NO_SWEEP
        button.tint = self._doubted(button, tint)
        if begun or likeness < 0.6 or (button.fresh and (tint != PLAIN or fit.error[i] <= 1.0)):
            return
        if button.name:
            self._learn(row, picture, np.ones(3, np.float32) if tint == PLAIN else gain, PLAIN)
        else:
            self._learn_unknown(row, picture, seen_darker=float(fit.bright[i] @ EYE) > 1.12)

    @staticmethod
    def _doubted(button: Button, tint: Tint) -> Tint:
        """A tint against a look that is only guessed to be untinted is no surer than that guess."""
        doubt = button.doubt
        return tint._replace(confidence=min(tint.confidence, doubt.confidence), why=doubt.why) if doubt.why else tint

    def _learn(self, row: int, picture: Floats, lit: Floats, doubt: Tint) -> None:
        """Keep the button's own look; `lit` is its gain against the untinted icon."""
        self._look.put(row, picture, self._all * ~(text_cells(picture) & self._printed))
        button = self._buttons[row]
        button.fresh, button.lit, button.doubt, button.asked = True, lit, doubt, 0.0

    def _learn_unknown(self, row: int, picture: Floats, seen_darker: bool = False) -> None:
        """Keep the look of an icon that no library vouches for; its tint is a guess until it was seen darker."""
        button = self._buttons[row]
        guess = guess_tint(picture)
        lit = (1.0, 0.5, 0.5) if guess.no_power else (1.0, 1.0, 1.0) if guess.usable else (0.4, 0.4, 0.4)
        settled = seen_darker and guess.usable and not guess.no_power
        self._learn(row, picture, np.asarray(lit, np.float32), PLAIN if settled else guess)
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
                self._buttons[row] = Button("empty")
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
        self._buttons[row] = button = Button("icon")
        self._look.put(row, np.zeros((3, CELLS), np.float32), np.zeros(CELLS, np.float32))
        if self.icons is not None:
            match, template = self.icons.match(picture, self.boxes[row].width, self.order, self._art)
            if template is not None:
                button.name, button.sure = match
                self._look.put(row, template, self._art.astype(np.float32))
                fit = fit_sweeps(picture[None], self._look.rows(np.asarray([row])), self.order, self.shade)
                self._take(row, picture, fit, 0)
                return
        if bare:
            self._buttons[row] = Button("empty")
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
        fit = fit_sweeps((picture * cool)[None], bare, self.order, self.shade)
        gain = float(fit.bright[0, 1])
        lift = float((picture[2] - gain * look.ref[0, 2]).mean())
        if fit.likeness[0] < 0.7 or lift < 25.0:
            return False
        button = self._buttons[row]
        button.flash = True
        button.sweep = Reading(round(100.0 * float(fit.remaining[0]), 3), 0.9)
        return True

    def _note_texts(self, rows: NDArray[np.intp], pictures: Floats) -> None:
        """Mark buttons whose key's colour or count may have changed; a sweep's edge passing over them is none."""
        buttons = [self._buttons[row] for row in rows]
        left = np.asarray([float(b.sweep.value or 0.0) for b in buttons])
        b, g, r = pictures[:, 0, self._key], pictures[:, 1, self._key], pictures[:, 2, self._key]
        reds = ((r > 1.5 * np.maximum(b, g)) & (r > 24)).sum(axis=1)
        patch = pictures[:, :, self._count].min(axis=1)
        patch = patch - patch.mean(axis=1, keepdims=True)
        patch = patch / np.maximum(np.sqrt((patch * patch).sum(axis=1, keepdims=True)), 1.0)
        alike = (patch * self._patch[rows]).sum(axis=1)
        recount = (alike < 0.985) & ~((left > 38.0) & (left < 92.0))
        rekey = (reds != self._reds[rows]) & (left < 78.0)
        for row, button, number, key in zip(rows, buttons, recount, rekey, strict=True):
            if button.kind == "icon" and not button.flash and (number or key):
                self._texts.add(int(row))
        at = rows[recount | rekey]
        self._reds[at], self._patch[at] = reds[recount | rekey], patch[recount | rekey]

    def _read_texts(self, image: Image, row: int) -> None:
        button, box = self._buttons[row], self.boxes[row]
        if button.kind != "icon":
            return
        unit = box.width / 36.0
        crop = box.crop(image)
        high, wide = crop.shape[:2]
        red = red_key(crop)
        if red is not None or not button.sweep.value:
            button.in_range = NO_KEY if red is None else Reading(0.0 if red else 1.0, 0.95)
        top, left = round(0.5 * high), round(0.1 * wide)
        rule = Rule(
            6.2 * unit, 14.5 * unit, right=wide - 2.5 * unit - left, bottom=high - 3.0 * unit - top, slack=3.6 * unit
        )
        number = read_number(crop[top:, left:], rule)
        button.charges = self._number(number.text, number.confidence, number.doubt)
        if self.numbers:
            rule = Rule(9 * unit, 26 * unit)
            number = read_number(crop[round(0.15 * high) : round(0.85 * high), round(0.05 * wide) :], rule)
            button.count = self._number(number.text, number.confidence, number.doubt)
        self._write(row)

    @staticmethod
    def _number(text: str, confidence: float, doubt: str) -> Reading | None:
        if doubt:
            return Reading(None, 0.0, doubt)
        return Reading(float(text), round(confidence, 3)) if text else None

    def _write(self, row: int) -> None:
        button, prefix, out = self._buttons[row], self.prefix[row], self._readings
        icon = button.kind == "icon"
        tint = button.tint
        out[f"{prefix}.empty"] = Reading(float(not icon))
        out[f"{prefix}.sweep_pct"] = button.sweep if icon else Reading(0.0)
        usable = icon and tint.usable
        out[f"{prefix}.usable"] = Reading(float(usable), tint.confidence if icon else 1.0, tint.why if icon else "")
        out[f"{prefix}.no_power"] = Reading(float(icon and tint.no_power), tint.confidence if icon else 1.0, tint.why)
        out[f"{prefix}.in_range"] = button.in_range if icon else Reading(1.0, 0.6, "the slot is empty")
        out[f"{prefix}.glow"] = Reading(float(icon and button.glow))
        out[f"{prefix}.active"] = Reading(float(icon and (button.checked or button.flash)))
        out[f"{prefix}.icon"] = Reading(button.name if icon else "", button.sure)
        for leaf, reading in (("charges", button.charges), ("count_s", button.count)):
            if icon and reading is not None:
                out[f"{prefix}.{leaf}"] = reading
            else:
                out.pop(f"{prefix}.{leaf}", None)
