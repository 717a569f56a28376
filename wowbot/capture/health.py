"""Whether a picture is worth reading: black and frozen ones are recognised by a sample of its rows."""

from __future__ import annotations

import numpy as np

from wowbot.core.frame import Image

STRIDE_PX = 8
"""Every eighth row is compared whole: a breathing figure changes few pixels, and a grid of single ones can miss them."""
BLACK_BELOW = 8
"""Brightest channel value of a picture that shows nothing; a dark cave with a HUD is far above."""


class PictureHealth:
    """Watches a sequence of pictures.

    Args:
        frozen_s: a window in which not one sampled pixel changed for so long is frozen.
        check_hz: how often a picture is sampled; the answer is kept in between.
    """

    def __init__(self, frozen_s: float = 5.0, check_hz: float = 10.0) -> None:
        self._frozen_ns = int(frozen_s * 1e9)
        self._period_ns = int(1e9 / check_hz)
        self._sample: Image | None = None
        self._checked_ns: int | None = None
        self._changed_ns = 0
        self._status = ""

    def status(self, image: Image, t_ns: int, changed: bool = False) -> str:
        """ "" | "black" | "frozen" for the picture taken at `t_ns`.

        Args:
            changed: it is known to differ from the one before, though perhaps only between two samples.
        """
        if changed:
            self._changed_ns = t_ns
            self._status = "" if self._status == "frozen" else self._status
        if self._checked_ns is None or t_ns - self._checked_ns >= self._period_ns:
            self._checked_ns = t_ns
            self._status = self._look(image[::STRIDE_PX], t_ns)
        return self._status

    def _look(self, sample: Image, t_ns: int) -> str:
        if self._sample is None or not np.array_equal(sample, self._sample):
            self._sample = sample.copy()
            self._changed_ns = t_ns
        if int(sample.max(initial=0)) < BLACK_BELOW:
            return "black"
        return "frozen" if t_ns - self._changed_ns >= self._frozen_ns else ""
