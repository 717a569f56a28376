"""Seeing that something changed for the price of a few small grabs."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from wowbot.capture.grab import ScreenGrabber, to_bgr
from wowbot.capture.shared import Pixels
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect

WATCHED_READERS = ("bar", "cast", "slots", "combo")
"""What decides the next key. Auras and text change with the world that shines through them, and can wait."""
LESSER = ("xp", "party", "pet", "targettarget", "focus_unit")
"""Units and bars that never decide within a tenth of a second: the regular look at the whole window does for them."""
GRAB_COST_PX = 25_000
"""One more grab costs as much as this many more pixels (17 us against 0.6 ns a pixel, measured under Xvfb)."""


def watched_rects(layout: Layout) -> tuple[Rect, ...]:
    """The regions of a layout that eager pacing watches."""
    return tuple(
        region.rect
        for name, region in layout.regions.items()
        if region.reader in WATCHED_READERS and not name.startswith(LESSER)
    )


def merge(rects: Sequence[Rect]) -> tuple[Rect, ...]:
    """Fewer, larger rectangles that cover the same pixels and are cheaper to grab."""
    merged: list[Rect] = []
    for rect in sorted(rects):
        for i, other in enumerate(merged):
            union = _union(rect, other)
            if _area(union) <= _area(rect) + _area(other) + GRAB_COST_PX:
                merged[i] = union
                break
        else:
            merged.append(rect)
    return tuple(merged) if len(merged) == len(rects) else merge(merged)


class RegionWatch:
    """Remembers the raw pixels of some rectangles of a window and says which have changed.

    Args:
        rects: window pixels; merged where that is cheaper.
    """

    def __init__(self, grabber: ScreenGrabber, rects: Sequence[Rect]) -> None:
        self._grabber = grabber
        self._rects = merge([r for r in rects if _area(r)])
        self._last: dict[Rect, Pixels] = {}

    def changed(self, window: Rect) -> list[tuple[Rect, Pixels]]:
        """Rectangles (window pixels) that differ from the last call, with their BGRX pixels, good until the next call.

        Args:
            window: where the window is on the screen; a rectangle off the window or the screen is passed over.
        """
        found = []
        for rect in self._rects:
            place = Rect(rect.left + window.left, rect.top + window.top, rect.width, rect.height)
            if not rect.inside((window.width, window.height)) or not _contains(self._grabber.bounds, place):
                continue
            if self._differs(rect, self._grabber.pixels(place)):
                found.append((rect, self._last[rect]))
        return found

    def _differs(self, rect: Rect, now: Pixels) -> bool:
        """Whether a rectangle looks otherwise than before; remembers how it looks now."""
        last = self._last.get(rect)
        if last is None:
            self._last[rect] = now.copy()
            return True
        if not cv2.norm(now, last, cv2.NORM_INF):
            return False
        np.copyto(last, now)
        return True


def patch(image: Image, patches: Sequence[tuple[Rect, Pixels]]) -> None:
    """Lay changed rectangles into an image."""
    for rect, pixels in patches:
        to_bgr(pixels, rect.crop(image))


def _union(a: Rect, b: Rect) -> Rect:
    left, top = min(a.left, b.left), min(a.top, b.top)
    return Rect(left, top, max(a.right, b.right) - left, max(a.bottom, b.bottom) - top)


def _area(rect: Rect) -> int:
    return max(0, rect.width) * max(0, rect.height)


def _contains(outer: Rect, inner: Rect) -> bool:
    return (
        inner.left >= outer.left
        and inner.top >= outer.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )
