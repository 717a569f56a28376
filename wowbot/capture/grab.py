"""Pixels of a screen rectangle, by mss 10: XShm on X11, GDI on Windows, CoreGraphics on macOS."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from wowbot.capture.shared import Pixels, SharedScreen
from wowbot.core.errors import CaptureError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.core.x11 import NO_DISPLAY

log = logging.getLogger(__name__)

WORKS = "is working correctly"
"""What mss 10.2 notes once its shared-memory path has proved itself."""


class ScreenGrabber:
    """Grabs rectangles of the screen. Used from one thread.

    Raises:
        CaptureError: no display, or the screen cannot be read.
    """

    def __init__(self) -> None:
        self._mss: Any = None
        self._shared: SharedScreen | None = None
        self._bounds = Rect(0, 0, 0, 0)
        self._errors: tuple[type[Exception], ...] = ()
        self._open()

    @property
    def slow(self) -> str:
        """Why the fast path is not in use, "" when it is (XGetImage copies through the socket: 7 times slower)."""
        return "; ".join(note for note in self._mss.performance_status if WORKS not in note)

    @property
    def bounds(self) -> Rect:
        """All monitors together, in screen pixels."""
        return self._bounds

    def pixels(self, rects: Sequence[Rect]) -> list[Pixels]:
        """BGRX pixels (H, W, 4) of rectangles that lie on the screen, good until the next grab: the cheap form.

        Raises:
            CaptureError: the grab failed twice.
        """
        try:
            return self._take(rects)
        except self._errors:  # the root window has been resized: the shared memory no longer fits
            self._reopen()
        try:
            return self._take(rects)
        except self._errors as failure:
            places = ", ".join(str(tuple(rect)) for rect in rects)
            raise CaptureError(f"the screen cannot be read at {places}: {failure}") from failure

    def image(self, rect: Rect, into: Image | None = None) -> Image:
        """BGR image of a rectangle; what lies off the screen is black.

        Args:
            into: where to write it, (height, width, 3); None = a fresh image.

        Raises:
            CaptureError: the grab failed twice.
        """
        image = np.empty((rect.height, rect.width, 3), np.uint8) if into is None else into
        left, top = max(rect.left, self._bounds.left), max(rect.top, self._bounds.top)
        right, bottom = min(rect.right, self._bounds.right), min(rect.bottom, self._bounds.bottom)
        seen = Rect(left, top, max(0, right - left), max(0, bottom - top))
        if seen != rect:
            image[:] = 0
        if seen.width and seen.height:
            to_bgr(self.pixels([seen])[0], seen._replace(left=left - rect.left, top=top - rect.top).crop(image))
        return image

    def close(self) -> None:
        self._shared = None  # mss cannot unmap what is still looked at
        with contextlib.suppress(BufferError):  # a caller still holds pixels: the memory goes when they do
            self._mss.close()

    def _open(self) -> None:
        if sys.platform not in ("win32", "darwin") and not os.environ.get("DISPLAY"):
            raise CaptureError(NO_DISPLAY)
        import mss

        self._errors = (mss.ScreenShotError, ValueError)
        try:
            self._mss = mss.MSS()
        except mss.ScreenShotError as failure:
            raise CaptureError(f"the screen cannot be captured: {failure}. `wowbot doctor` says more") from failure
        every = self._mss.monitors[0]
        self._bounds = Rect(every["left"], every["top"], every["width"], every["height"])
        self._mss.grab((every["left"], every["top"], every["left"] + 1, every["top"] + 1))  # shows whether it works
        self._shared = SharedScreen.of(self._mss)
        if self.slow:
            log.warning("capture is slow: %s", self.slow)

    def _reopen(self) -> None:
        self.close()
        self._open()

    def _take(self, rects: Sequence[Rect]) -> list[Pixels]:
        found = None if self._shared is None else self._shared.grab(rects)
        return [self._shot(rect) for rect in rects] if found is None else found

    def _shot(self, rect: Rect) -> Pixels:
        shot = self._mss.grab((rect.left, rect.top, rect.right, rect.bottom))
        return np.frombuffer(shot.raw, np.uint8).reshape(rect.height, rect.width, 4)


def to_bgr(bgrx: Pixels, out: Image) -> None:
    """Write BGRX pixels into a BGR image of their size. cvtColor takes a tenth of the time of slicing."""
    cv2.cvtColor(bgrx, cv2.COLOR_BGRA2BGR, dst=out)
