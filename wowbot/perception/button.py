"""What is known of one action button, and a fit's numbers in plain Python, in which they are judged."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wowbot.core.reading import Reading
from wowbot.perception.patches import CELLS, Mask
from wowbot.perception.slotlook import BLUE, LIT, PLAIN, Tint
from wowbot.perception.sweep import EYE, Fit

NO, YES = Reading(0.0), Reading(1.0)
NO_SWEEP = NO
NONE_FOUND = Reading(0.0, 0.7, "no edges of a sweep are seen, but its bright look was never seen")
BEGUN = Reading(100.0, 0.8, "dark all over: a sweep that has just begun")
NO_KEY = Reading(1.0, 0.6, "no key text is seen")
UNBOUND = Reading(1.0, 0.6, "the slot is empty")
WHITE = (1.0, 1.0, 1.0)
NO_TEXTS = np.zeros(CELLS, np.bool_)
Gain = tuple[float, float, float]
SURELY = 0.85
"""A look that explains less of a picture's variance may be another icon's."""
THIN_START = 0.965
"""A sweep of which more than this remains shows its bright side on a few cells alone."""
PLAINLY = 0.85
"""A dark side that keeps so much of the known icon's light lies under no sweep: its bright side is a text or a shine."""


@dataclass(slots=True)
class Button:
    """What is known of one button.

    Attributes:
        kind: "new", "empty" or "icon"; an icon may yet lack a look (sweeping when first seen, and unknown).
        name, sure: from the library, "" = none is close.
        fresh: the look was seen on this very button, not taken from the library.
        lit: gain, BGR, of the look itself against the icon's untinted look.
        doubt: the untinted look was only guessed.
        asked: likeness at which the library was last asked.
        texts: cells (CELLS,) of the look that belong to printed texts.
    """

    kind: str = "new"
    name: str = ""
    sure: float = 1.0
    fresh: bool = False
    lit: Gain = WHITE
    doubt: Tint = PLAIN
    asked: float = 0.0
    texts: Mask = field(default_factory=lambda: NO_TEXTS)
    sweep: Reading = NO_SWEEP
    tint: Tint = PLAIN
    flash: bool = False
    checked: bool = False
    glow: bool = False
    in_range: Reading = NO_KEY
    charges: Reading | None = None
    count: Reading | None = None


class Facts:
    """A fit's numbers as plain lists: reading forty single numbers out of arrays costs more than the fit.

    Attributes:
        sweep_pct, sure: percent that remains of a sweep, and how sure that is.
        ordinary: a clear sweep over an icon that has its look's own light, as nearly all are: nothing more is to be judged.
        light, shadow: luminance of `bright` and `dark`.
    """

    __slots__ = (
        "bright",
        "dark",
        "error",
        "light",
        "likeness",
        "ordinary",
        "remaining",
        "shadow",
        "sure",
        "sweep_pct",
        "swept",
    )

    def __init__(self, fit: Fit) -> None:
        light, shadow = fit.bright @ EYE, fit.dark @ EYE
        blue, green, red = fit.bright.T
        lit = (np.minimum(np.minimum(blue, green), red) > LIT) & (blue <= BLUE * np.maximum(green, red))
        clear = (fit.likeness > SURELY) & (fit.remaining <= THIN_START) & (shadow < PLAINLY)
        sure = np.maximum(1.0 - 6.0 * fit.precision, 0.3) * np.minimum(fit.likeness + 0.5, 1.0)
        self.ordinary: list[bool] = (fit.swept & clear & lit).tolist()
        self.sweep_pct: list[float] = (100.0 * fit.remaining.astype(np.float64)).round(3).tolist()
        self.sure: list[float] = np.minimum(sure, 1.0).astype(np.float64).round(3).tolist()
        self.swept: list[bool] = fit.swept.tolist()
        self.remaining: list[float] = fit.remaining.tolist()
        self.likeness: list[float] = fit.likeness.tolist()
        self.error: list[float] = fit.error.tolist()
        self.bright: list[Gain] = fit.bright.tolist()
        self.dark: list[Gain] = fit.dark.tolist()
        self.light: list[float] = light.tolist()
        self.shadow: list[float] = shadow.tolist()


def times(gain: Gain, lit: Gain) -> Gain:
    """A gain against the look as a gain against the untinted icon."""
    return gain if lit is WHITE else (gain[0] * lit[0], gain[1] * lit[1], gain[2] * lit[2])


def number_reading(text: str, confidence: float, doubt: str) -> Reading | None:
    """A printed number: None where none is printed, unknown where it cannot be told."""
    if doubt:
        return Reading(None, 0.0, doubt)
    return Reading(float(text), round(confidence, 3)) if text else None


def doubted(button: Button, tint: Tint) -> Tint:
    """A tint against a look that is only guessed to be untinted is no surer than that guess."""
    doubt = button.doubt
    return tint._replace(confidence=min(tint.confidence, doubt.confidence), why=doubt.why) if doubt.why else tint
