"""What a sweep's dark side keeps of an icon's light: a first guess by the era, corrected by the sweeps seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wowbot.core.frame import Image
from wowbot.perception.patches import SweepStyle
from wowbot.perception.slotlook import Tint, tint_of, untold

USUAL = {"vanilla": 0.3, "tbc": 0.25, "wotlk": 0.25, "classic_era": 0.2, "retail": 0.2}
"""Without any gamma. Source: measured in Classic Era."""
GAMMAS = (0.7, 1.4)
"""Exponents by which gamma can bend a shade."""


class Shade:
    """The shade of all buttons' sweeps; 0.3 = the dark side keeps three tenths of the light.

    Args:
        era: whose first guess to take.
    """

    def __init__(self, era: str) -> None:
        self.value = self._usual = USUAL.get(era, 0.25)
        self._seen = 0

    @property
    def told(self) -> bool:
        """Whether a sweep has told it."""
        return self._seen > 0

    def learn(self, found: float) -> None:
        """Correct it by what a sweep's dark side keeps, fast at first by what a usual gamma can make of it."""
        rate = 0.1
        if self._usual ** GAMMAS[1] < found < self._usual ** GAMMAS[0]:
            self._seen += 1
            rate = max(rate, 1.0 / (1 + self._seen))
        self.value += rate * (found - self.value)

    def tint(self, gain: Sequence[float], margin: float = 1.0) -> tuple[Tint, bool]:
        """See `tint_of`. Args: margin: times the shade is taken."""
        return tint_of(gain, margin * self.value, self._usual)

    def leaves_open(self, gain: Sequence[float]) -> bool:
        """Whether a dark icon may be tinted as well as at its sweep's start, since no sweep has told the shade."""
        return not self.told and untold(gain, self._usual)


def lift(crop: Image, passed: float, shade: float, style: SweepStyle) -> Image:
    """Undo a sweep, so that a text under it can be read: the dark side divided by its shade.

    Args:
        crop: the whole icon. passed: share of the way that the edge has gone.
        shade: share of its light that the dark side keeps.
    """
    if passed <= 0.01 or passed >= 0.995:
        return crop
    high, wide = crop.shape[:2]
    y, x = np.mgrid[0:high, 0:wide] + 0.5
    way = y / high if style == "linear" else (np.arctan2(x - wide / 2, high / 2 - y) / (2 * np.pi)) % 1.0
    dark = way > passed if style == "radial" else way < passed
    return np.where(dark[..., None], np.minimum(crop / shade, 255), crop).astype(np.uint8)
