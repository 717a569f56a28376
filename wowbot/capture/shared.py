"""The X server's answer where it lies: in the memory that mss shares with it, without the copy that mss hands out.

The copy is a fresh block of the picture's size for each grab, 8 MB at 1080p, every page of which the system must find and
clear: more work than all the rest of a grab. mss 10.2 has no public way round it, so the names used here are its own
(mss/linux/xshmgetimage.py); under a version that lacks one of them there is no SharedScreen, and the public way is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import CaptureError
from wowbot.core.layout import Rect

Pixels = NDArray[np.uint8]


class SharedScreen:
    """Grabs rectangles into the shared memory of an mss object; see `of`."""

    def __init__(self, impl: Any) -> None:
        xcb: Any = import_module("mss.linux.xcb")
        base: Any = import_module("mss.linux.base")
        self._ask = xcb.LIB.shm.xcb_shm_get_image
        self._connection = impl.conn
        self._how = (base.ALL_PLANES, xcb.ImageFormat.ZPixmap, impl._shmseg)
        self._drawable = impl.drawable
        self._looks = (impl.drawable_depth, impl.drawable_visual_id.value)
        self._memory: Pixels = np.frombuffer(impl._buf, np.uint8)

    @classmethod
    def of(cls, shooter: Any) -> SharedScreen | None:
        """For an `mss.MSS` that has grabbed before; None where it does not use shared memory, or is built otherwise."""
        try:
            impl = shooter._impl
            return cls(impl) if impl.shm_status.name == "AVAILABLE" else None
        except (ImportError, AttributeError, TypeError, ValueError):
            return None

    def grab(self, rects: Sequence[Rect]) -> list[Pixels] | None:
        """BGRX pixels (H, W, 4) of each rectangle, read-only, good until the next grab; None where they do not fit
        or come in a form that was not announced.

        All are asked for before the first answer is waited for, so that several cost little more than one.

        Raises:
            mss.ScreenShotError: the server refuses.
            CaptureError: the server is gone.
        """
        ends = [*accumulate(rect.width * rect.height * 4 for rect in rects)]
        starts = [0, *ends[:-1]]
        if not ends or ends[-1] > self._memory.size:
            return None
        asked = [
            self._ask(self._connection, self._drawable, *rect, *self._how, start)
            for rect, start in zip(rects, starts, strict=True)
        ]
        for cookie in asked:
            try:
                reply = cookie.reply(self._connection)
            except AssertionError as failure:  # neither an answer nor an error: the connection is closed
                raise CaptureError("the X server is gone") from failure
            if (reply.depth, reply.visual.value) != self._looks:
                return None
        return [
            self._memory[start:end].reshape(rect.height, rect.width, 4)
            for rect, start, end in zip(rects, starts, ends, strict=True)
        ]
