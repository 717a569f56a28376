"""Pixels of a screen rectangle, by mss 10: XShm on X11, GDI on Windows, CoreGraphics on macOS."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

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

    def raw(self, rect: Rect) -> bytearray:
        """BGRX bytes of a rectangle that lies on the screen: the cheap form, for comparing.

        Raises:
            CaptureError: the grab failed twice.
        """
        try:
            return self._take(rect)
        except self._errors:  # the root window has been resized: the shared memory no longer fits
            self._reopen()
        try:
            return self._take(rect)
        except self._errors as failure:
            raise CaptureError(f"the screen cannot be read at {tuple(rect)}: {failure}") from failure

    def image(self, rect: Rect) -> Image:
        """BGR image of a rectangle; what lies off the screen is black.

        Raises:
            CaptureError: the grab failed twice.
        """
        left, top = max(rect.left, self._bounds.left), max(rect.top, self._bounds.top)
        right, bottom = min(rect.right, self._bounds.right), min(rect.bottom, self._bounds.bottom)
        if right <= left or bottom <= top:
            return np.zeros((rect.height, rect.width, 3), np.uint8)
        seen = Rect(left, top, right - left, bottom - top)
        patch = to_bgr(self.raw(seen), seen)
        if seen == rect:
            return patch
        whole = np.zeros((rect.height, rect.width, 3), np.uint8)
        Rect(left - rect.left, top - rect.top, seen.width, seen.height).crop(whole)[:] = patch
        return whole

    def close(self) -> None:
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
        if self.slow:
            log.warning("capture is slow: %s", self.slow)

    def _reopen(self) -> None:
        self._mss.close()
        self._open()

    def _take(self, rect: Rect) -> bytearray:
        shot = self._mss.grab((rect.left, rect.top, rect.right, rect.bottom))
        raw: bytearray = shot.raw
        return raw


def to_bgr(raw: bytearray, rect: Rect) -> Image:
    """A fresh BGR image from BGRX bytes. cvtColor takes 0.5 ms at 1080p where slicing takes 8."""
    bgrx: NDArray[np.uint8] = np.frombuffer(raw, np.uint8).reshape(rect.height, rect.width, 4)
    return np.asarray(cv2.cvtColor(bgrx, cv2.COLOR_BGRA2BGR), np.uint8)
