"""A few pictures of a window, far enough apart that a moving world shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wowbot.core.frame import Image

APART_S = 0.25
STILL_S = 8.0
"""A quiet scene may stand still for a moment; a window that shows no change for so long is frozen."""


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
            return _series(lambda: grabber.image(state.rect), count)
        finally:
            grabber.close()
    finally:
        system.close()


def _series(shoot: Callable[[], Image], count: int) -> list[Image]:
    """`count` pictures; while nothing has changed on them, the newest is taken anew, up to STILL_S."""
    images = [shoot()]
    while len(images) < count:
        time.sleep(APART_S)
        images.append(shoot())
    end = time.monotonic() + STILL_S
    while len(images) > 1 and time.monotonic() < end and all((image == images[0]).all() for image in images[1:]):
        time.sleep(APART_S)
        images[-1] = shoot()
    return images
