"""Seeing that something changed for the price of a few small grabs."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from wowbot.capture.grab import ScreenGrabber, to_bgr
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect

WATCHED_READERS = ("bar", "cast", "slots", "combo")
"""What decides the next key. Auras and text change with the world that shines through them, and can wait."""
LESSER = ("xp", "party", "pet", "targettarget", "focus_unit")
"""Units and bars that never decide within a tenth of a second: the regular look at the whole window does for them."""
GRAB_COST_PX = 15_000
"""One more rectangle in a look costs as much as this many more pixels (4.5 us against 0.3 ns a pixel, under Xvfb)."""


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
    """Looks at some rectangles of a window and says where they differ from the last picture of it.

    Args:
        rects: window pixels; merged where that is cheaper.
    """

    def __init__(self, grabber: ScreenGrabber, rects: Sequence[Rect]) -> None:
        self._grabber = grabber
        self._now = {r: np.empty((r.height, r.width, 3), np.uint8) for r in merge([r for r in rects if _area(r)])}

    @property
    def area(self) -> int:
        """Pixels looked at."""
        return sum(_area(rect) for rect in self._now)

    def changed(self, window: Rect, image: Image) -> list[tuple[Rect, Image]]:
        """Where the window now differs from a picture of it, with the BGR pixels there, good until the next call.

        Args:
            window: where the window is on the screen; a rectangle off the window or the screen is passed over.
            image: the last picture of the window.
        """
        seen = [rect for rect in self._now if self._is_seen(rect, window)]
        places = [rect._replace(left=rect.left + window.left, top=rect.top + window.top) for rect in seen]
        found = []
        for rect, pixels in zip(seen, self._grabber.pixels(places) if places else (), strict=True):
            now = self._now[rect]
            to_bgr(pixels, now)
            box = _difference(now, rect.crop(image))
            if box is not None:
                found.append((Rect(rect.left + box.left, rect.top + box.top, *box[2:]), box.crop(now)))
        return found

    def _is_seen(self, rect: Rect, window: Rect) -> bool:
        place = Rect(rect.left + window.left, rect.top + window.top, rect.width, rect.height)
        return rect.inside((window.width, window.height)) and _contains(self._grabber.bounds, place)


def _difference(now: Image, then: Image) -> Rect | None:
    """The smallest box that holds all in which two pictures differ, None when they do not."""
    if not cv2.norm(now, then, cv2.NORM_INF):
        return None
    left, top, width, height = cv2.boundingRect(cv2.absdiff(now, then).reshape(now.shape[0], -1))
    right = -(-(left + width) // 3)
    return Rect(left // 3, top, right - left // 3, height)


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
