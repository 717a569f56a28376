"""What is known of one action button, and a fit's numbers in plain Python, in which they are judged."""

from __future__ import annotations

from dataclasses import dataclass

from wowbot.core.reading import Reading
from wowbot.perception.slotlook import PLAIN, Tint
from wowbot.perception.sweep import EYE, Fit

NO, YES = Reading(0.0), Reading(1.0)
NO_SWEEP = NO
BEGUN = Reading(100.0, 0.8, "dark all over: a sweep that has just begun")
NO_KEY = Reading(1.0, 0.6, "no key text is seen")
UNBOUND = Reading(1.0, 0.6, "the slot is empty")
WHITE = (1.0, 1.0, 1.0)
Gain = tuple[float, float, float]


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
    """

    kind: str = "new"
    name: str = ""
    sure: float = 1.0
    fresh: bool = False
    lit: Gain = WHITE
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


class Facts:
    """A fit's numbers as plain lists: reading forty single numbers out of arrays costs more than the fit."""

    __slots__ = ("bright", "dark", "error", "light", "likeness", "precision", "remaining", "shadow", "swept")

    def __init__(self, fit: Fit) -> None:
        self.swept: list[bool] = fit.swept.tolist()
        self.remaining: list[float] = fit.remaining.tolist()
        self.likeness: list[float] = fit.likeness.tolist()
        self.error: list[float] = fit.error.tolist()
        self.precision: list[float] = fit.precision.tolist()
        self.bright: list[Gain] = fit.bright.tolist()
        self.dark: list[Gain] = fit.dark.tolist()
        self.light: list[float] = (fit.bright @ EYE).tolist()
        self.shadow: list[float] = (fit.dark @ EYE).tolist()


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
