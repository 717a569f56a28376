"""A few pictures of a window, far enough apart that a moving world shows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wowbot.core.frame import Image

APART_S = 0.25


def take(title: str, count: int) -> list[Image]:
    """Take `count` pictures of the window's client area.

    Raises:
        CaptureError: no such window, it is minimised, covered or gone, or the screen cannot be captured.
    """
    from wowbot.capture.grab import ScreenGrabber
    from wowbot.capture.windows import find_window, window_system
    from wowbot.core.errors import CaptureError

    system = window_system()
    try:
        window = find_window(system, title)
        state = system.state(window)
        if state.status:
            raise CaptureError(f"{window.describe()} is {state.status}: show the whole window, then calibrate again")
        grabber = ScreenGrabber()
        try:
            images = []
            for n in range(max(1, count)):
                if n:
                    time.sleep(APART_S)
                images.append(grabber.image(state.rect))
            return images
        finally:
            grabber.close()
    finally:
        system.close()
