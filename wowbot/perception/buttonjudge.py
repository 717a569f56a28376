"""What the pictures of buttons say: the same icon as before, how far its sweep is, and by what it is tinted.

A button is judged against its look. A look comes from the icon library, where the icon is known, or from the button itself
the first time it is seen ready; a button whose look no longer fits is recognised anew. How dark this client's sweeps are is
learned as they are seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading, unknown
from wowbot.hud.units import CLASSIC_ERAS
from wowbot.perception.button import (
    BEGUN,
    NO_SWEEP,
    NONE_FOUND,
    PLAINLY,
    SURELY,
    THIN_START,
    WHITE,
    Button,
    Facts,
    Gain,
    doubted,
    times,
)
from wowbot.perception.freesweep import free_sweep
from wowbot.perception.icons import IconLibrary
from wowbot.perception.patches import CELLS, Floats, Order
from wowbot.perception.shade import Shade
from wowbot.perception.slotlook import (
    INNER_AT,
    OPEN,
    PLAIN,
    RIM_AT,
    RING,
    UNUSABLE,
    Tint,
    blue_border,
    guess_tint,
    halved,
    printed_cells,
    ring_points,
    text_cells,
    text_zones,
)
from wowbot.perception.sweep import EYE, Fit, Look, fit_sweeps

SHORT = Tint(True, True, 0.8, "by its blue border: its untinted look was never seen")
EXPLAINS = 0.45
"""Share of the variance a look must explain for the button to be still the same."""
SUDDEN = 0.96
"""Share of a sweep that remains of one that is caught at its start."""
BEGINS = 80.0
"""Percent from which on a sweep may have only begun."""
FAINT = 0.7
"""A dark side that keeps more of the bright one's light is none (the faintest client swipe keeps half): at a sweep's start
the few cells that its edge cuts look so.
"""
SURER = 0.02
"""So much another shade judges buttons anew that are dark all over."""
FEW_CELLS = 6
"""So many cells of a text tell whether it is lit."""


class ButtonJudge:
    """Knows each button and takes what a new picture of it says.

    Args:
        boxes: of the buttons, frame pixels.
        order: of the cells of their pictures.
        numbers: the client prints the remaining seconds on them.
        era: whose first guess of a sweep's shade to take.
        icons: the learned library, or None.
    """

    def __init__(self, boxes: Sequence[Rect], order: Order, numbers: bool, era: str, icons: IconLibrary | None) -> None:
        self._boxes, self._order, self._icons = boxes, order, icons
        self.buttons = [Button() for _ in boxes]
        self._tints_borders = era in CLASSIC_ERAS  # with the icon (ActionButton.lua)
        self.shade = Shade(era)
        self._judged = (self.shade.value, self.shade.told)
        self._dark: dict[int, Gain] = {}
        self._look = Look.empty(len(boxes))
        key, count, middle = text_zones(order)
        self._printed = key | count
        self._art = ~(self._printed | (middle if numbers else np.zeros(CELLS, bool)))
        self._all = np.where(middle & numbers, 0.0, 1.0).astype(np.float32)

    def follow(self, image: Image, rows: NDArray[np.intp], pictures: Floats) -> list[int]:
        """Take new pictures (n, 3, CELLS) of some rows.

        Returns:
            The places among them that no look explains: they are to be recognised.
        """
        self._image = image
        looked = self._look.mass[rows, -1] > 0
        left: list[int] = np.flatnonzero(~looked).tolist()
        at = np.flatnonzero(looked)
        if at.size:
            mine, seen = (rows, pictures) if len(at) == len(rows) else (rows[at], pictures[at])
            fit = fit_sweeps(seen, self._look.rows(mine), self._order, self.shade.value, texts_swept=True)
            self._doubt_sudden(fit, mine, seen)
            self._seek_starts(fit, mine, seen)
            facts = Facts(fit)
            for i, (place, row) in enumerate(zip(at.tolist(), mine.tolist(), strict=True)):
                if self._still(row, pictures[place], facts, i):
                    self._take(row, pictures[place], facts, i)
                else:
                    left.append(place)
        return sorted(left)

    def settle_dark(self) -> list[int]:
        """Tell, once the shade is known better, which of the buttons that are dark all over are not usable, and which
        begin a sweep.

        Returns:
            The rows judged anew.
        """
        value, told = self._judged
        if not self._dark or (told == self.shade.told and abs(self.shade.value - value) <= SURER):
            return []
        self._judged = (self.shade.value, self.shade.told)
        for row, gain in self._dark.items():
            button, (tint, begun) = self.buttons[row], self.shade.tint(gain)
            button.sweep, button.tint = BEGUN if begun else NO_SWEEP, doubted(button, tint)
        return list(self._dark)

    def _doubt_sudden(self, fit: Fit, rows: NDArray[np.intp], pictures: Floats) -> None:
        """A sweep that was not there and has gone far already must be seen apart from the texts, which no tint darkens."""
        if self._order.style == "linear":  # its edge may lie wholly among the texts' cells
            return
        sudden = np.flatnonzero(fit.swept & (fit.remaining < SUDDEN))
        sudden = sudden[[not self.buttons[row].sweep.value for row in rows[sudden].tolist()]]
        if not sudden.size:
            return
        seen = self._fit_again(rows[sudden], pictures[sudden], self._look.weight[rows[sudden], 0] * self._art)
        fit.take(sudden, seen, ~seen.swept)

    def _seek_starts(self, fit: Fit, rows: NDArray[np.intp], pictures: Floats) -> None:
        """The edge of a sweep that has begun may stand among the texts, which it darkens too."""
        began = [self.buttons[row].fresh and (self.buttons[row].sweep.value or 0.0) > BEGINS for row in rows.tolist()]
        if not any(began):
            return
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
        return fit_sweeps(pictures, looks, self._order, self.shade.value)

    def _still(self, row: int, picture: Floats, facts: Facts, i: int) -> bool:
        """Whether the button still shows the icon whose look it has."""
        button, likeness = self.buttons[row], facts.likeness[i]
        button.flash = False
        if likeness < EXPLAINS:
            return False
        if likeness >= SURELY or likeness >= button.asked - 0.05:
            return True
        button.asked = likeness
        if self._icons is not None:
            match, _ = self._icons.match(picture, self._boxes[row].width, self._order, self._art)
            return match.name == button.name
        return facts.swept[i]

    def _take(self, row: int, picture: Floats, facts: Facts, i: int) -> None:
        """Take the readings of a button that its look explains."""
        button, likeness = self.buttons[row], facts.likeness[i]
        self._dark.pop(row, None)
        bright, dark, lit, remains = facts.light[i], facts.shadow[i], button.lit, facts.remaining[i]
        if facts.swept[i] and 0.3 < remains < 0.9 and likeness > SURELY and 0.85 < bright < 1.15 and dark < PLAINLY:
            self.shade.learn(min(max(dark / bright, 0.05), 0.7))
        if facts.ordinary[i] and lit is WHITE:
            button.sweep, button.tint = Reading(facts.sweep_pct[i], facts.sure[i]), doubted(button, PLAIN)
            return
        blend = facts.swept[i] and remains > BEGINS / 100.0 and dark > FAINT * bright
        thin = facts.swept[i] and remains > THIN_START
        gain = times(facts.dark[i] if thin or blend else facts.bright[i], lit)
        # So few cells are bright that they may be a text, which no tint darkens: the dark ones tell a sweep from a tint.
        if facts.swept[i] and not blend and dark < PLAINLY and not (thin and not self.shade.tint(gain, 1.15)[1]):
            if thin:
                gain = times(facts.bright[i], lit)
            button.sweep = Reading(facts.sweep_pct[i], facts.sure[i])
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
        look = self._look.ref[row]
        white = self.buttons[row].texts & (look.min(axis=0) > 110.0)
        if white.sum() < FEW_CELLS:
            return None
        # By the strongest channel: a key that turns red as well is as bright as it was.
        now, then = picture[:, white].max(axis=0), look[:, white].max(axis=0)
        if float(now.sum()) > 0.75 * float(then.sum()):
            return False
        return None if (now > 0.75 * then).any() else True

    def _learn(self, row: int, picture: Floats, lit: Gain, doubt: Tint) -> None:
        """Keep the button's own look; `lit` is its gain against the untinted icon."""
        texts = text_cells(picture)
        lines = printed_cells(self._boxes[row].crop(self._image), self._order)
        texts |= self._order.grown(texts & self._printed) & lines
        self._look.put(row, picture, self._all * ~(texts & self._printed))
        button = self.buttons[row]
        button.texts = texts & lines
        button.fresh, button.lit, button.doubt, button.asked = True, lit, doubt, 0.0

    def _learn_unknown(self, row: int, picture: Floats, seen_darker: bool = False) -> None:
        """Keep the look of an icon that no library vouches for; its tint is a guess until it was seen darker."""
        button = self.buttons[row]
        guess = guess_tint(picture)
        if self._tints_borders and halved(picture) and blue_border(self._rim(row)):
            guess = SHORT
        lit = (1.0, 0.5, 0.5) if guess.no_power else WHITE if guess.usable else (0.4, 0.4, 0.4)
        settled = seen_darker and guess.usable and not guess.no_power
        self._learn(row, picture, lit, PLAIN if settled else guess)
        button.tint = button.doubt

    def _rim(self, row: int) -> Image:
        """The outer rim of a button's border, (RING, 3); outside the window its nearest pixel."""
        box, (high, wide) = self._boxes[row], self._image.shape[:2]
        x, y = (points[:RING] * (RIM_AT / INNER_AT) for points in ring_points())
        left = np.rint(box.left + (x + 1) / 2 * box.width - 0.5).astype(int).clip(0, wide - 1)
        top = np.rint(box.top + (y + 1) / 2 * box.height - 0.5).astype(int).clip(0, high - 1)
        return np.asarray(self._image[top, left])

    def recognise(self, row: int, picture: Floats, bare: bool) -> None:
        """Find out what a button shows: a flash over the known icon, a library icon, or something never seen."""
        button = self.buttons[row]
        if button.kind == "icon" and button.fresh and self._flashes(row, picture):
            return
        before, button = button, self.forget(row, "icon")
        if self._icons is not None:
            match, template = self._icons.match(picture, self._boxes[row].width, self._order, self._art)
            if template is not None:
                button.name, button.sure = match
                if button.name == before.name:  # a text that changed hid it: the others were read and are as they were
                    button.in_range, button.charges, button.count = before.in_range, before.charges, before.count
                self._look.put(row, template, self._art.astype(np.float32))
                look = self._look.rows(np.asarray([row]))
                fit = fit_sweeps(picture[None], look, self._order, self.shade.value, texts_swept=True)
                self._take(row, picture, Facts(fit), 0)
                return
        if bare:
            self.forget(row, "empty")
            return
        found = free_sweep(self._boxes[row].crop(self._image)) if self._order.style == "radial" else None
        if found is not None:
            button.sweep = Reading(
                round(100.0 * found.remaining, 2), 0.6, "by the edges of the sweep: its bright look was never seen"
            )
            button.tint = Tint(True, False, 0.5, "its bright look was never seen")
            return
        self._learn_unknown(row, picture)
        button.sweep = NONE_FOUND

    def _flashes(self, row: int, picture: Floats) -> bool:
        """Whether the known icon lies under a red flash: blue and green fit, red is lifted."""
        look = self._look.rows(np.asarray([row]))
        cool = np.asarray([1.0, 1.0, 0.0], np.float32)[:, None]
        bare = Look.empty(1)
        bare.put(0, look.ref[0] * cool, look.weight[0, 0])
        fit = fit_sweeps((picture * cool)[None], bare, self._order, self.shade.value)
        gain = float(fit.bright[0, 1])
        lift = float((picture[2] - gain * look.ref[0, 2]).mean())
        if fit.likeness[0] < 0.7 or lift < 25.0:
            return False
        button = self.buttons[row]
        button.flash = True
        button.sweep = Reading(round(100.0 * float(fit.remaining[0]), 3), 0.9)
        return True

    def forget(self, row: int, kind: str) -> Button:
        """A new button, or none, at a place."""
        self.buttons[row] = button = Button(kind)
        self._look.put(row, np.zeros((3, CELLS), np.float32), np.zeros(CELLS, np.float32))
        self._dark.pop(row, None)
        return button
