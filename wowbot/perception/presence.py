"""Whether a unit frame is shown: by the long straight edges of its bars, whatever fills them.

Scenery has edges too, but not four that run the whole width of the bars at exactly their heights. Measured on labelled
screenshots (1.12, 3.3.5, Classic, retail 10 to 12): mean of the best three of four edges at least .74 where a frame is
(text over the bars included), at most .49 where none is.
"""

from __future__ import annotations

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.perception.edges import best_near, column_edges, row_edges

SHOWN = 0.6
"""Score from which a frame counts as shown."""
SURE_SMALL = 0.8
"""Score from which a small frame needs no fill to vouch for it: other art (a cast bar, chat) may lie in its place."""
DOUBTFUL = 0.36
"""Score below which nothing else can vouch for it."""


LEFT_END, RIGHT_END = 0.4, 0.6
"""Least strength of the edges at the ends of the bars (drawn small frames: 99 % above .52 and .75; none: below .5 and .56;
at the left end the portrait's ring blurs it; targets on real screens: .81 and .91 or more). Add-on boxes and lists of
text have the bars' rows at times, and other ends."""
FAINT, FAINT_END = 0.72, 0.75
"""Below this score the ends must be clear ones: ropes before a ship had 0.61 with ends of .86 and .62 by chance, where 1.12
clients' shown targets have 0.92 or more with .92."""

ASIDE, ASIDE_END = 0.2, 0.7
"""Share of the bars' width within which a frame that an add-on pushed aside is looked for, and least strength of the edges
at both its ends."""


class Presence:
    """Looks for the edges of two bars.

    Args:
        health, power: the bars' rects; the same twice where there is only one bar.
        small: a small frame (pet, party, target of target): its edges lie close together, so each is asked for within one
            pixel.
        ringed: the bars' right end lies under the portrait's ring.
    """

    def __init__(self, health: Rect, power: Rect, *, small: bool = False, ringed: bool = False) -> None:
        left, width = health.left + round(0.12 * health.width), max(8, round(0.76 * health.width))
        self._top = max(0, health.top - 5)
        self._area = Rect(left, self._top, width, power.bottom + 6 - self._top)
        edges = (health.top, health.bottom, power.top, power.bottom)
        self._slack, self._ringed = 1 if small else 2, ringed
        start = max(0, health.left - 6)
        self._across = Rect(start, health.top, health.right + 6 - start, health.height)
        self._ends = (health.left - start, health.right - start)
        self._reach = round(ASIDE * health.width)
        start = max(0, health.left - self._reach - 6)
        self._wide = Rect(start, health.top, health.right + self._reach + 6 - start, health.height)
        self._wide_ends = (health.left - start, health.right - start)
        self._rows = [y - self._top for y in edges]

    @property
    def areas(self) -> tuple[Rect, ...]:
        """All that it looks at, frame px."""
        return self._area, self._across

    def score(self, image: Image) -> float:
        """0..1: mean coherence of the best three edges (text or two fills may break the fourth)."""
        gray = np.asarray(cv2.cvtColor(self._area.crop(image), cv2.COLOR_BGR2GRAY), np.uint8)
        edges = row_edges(gray)
        best = sorted(best_near(edges, row, self._slack) for row in self._rows)
        return sum(best[1:]) / 3.0

    def ends(self, image: Image, score: float) -> bool:
        """Whether vertical edges stand at both ends of the bars: they begin and end there, and nothing longer passes by.

        Args:
            score: that of the edges along the bars; the fainter they are, the clearer the ends must be.
        """
        gray = np.asarray(cv2.cvtColor(self._across.crop(image), cv2.COLOR_BGR2GRAY), np.uint8)
        edges = column_edges(gray)
        left, right = (best_near(edges, place, 3) for place in self._ends)
        least = (LEFT_END, RIGHT_END) if score >= FAINT else (FAINT_END, FAINT_END)
        return left > least[0] and (right > least[1] or self._ringed)

    def aside(self, image: Image) -> bool:
        """Whether bars as wide begin and end a little beside their place: an add-on may have moved the frame."""
        gray = np.asarray(cv2.cvtColor(self._wide.crop(image), cv2.COLOR_BGR2GRAY), np.uint8)
        edges = column_edges(gray)
        left, right = self._wide_ends
        shifts = range(-min(self._reach, left), self._reach + 1)
        return any(min(best_near(edges, left + by, 1), best_near(edges, right + by, 1)) > ASIDE_END for by in shifts)


def shown(score: float) -> tuple[bool, float]:
    """Whether a frame is shown, and how sure that is."""
    sure = min(1.0, 0.55 + abs(score - SHOWN) / 0.3)
    return score >= SHOWN, sure
