"""A screen in memory: what the live source needs of a grabber and a window system."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from wowbot.capture.shared import Pixels
from wowbot.capture.windows import Window, WindowState
from wowbot.core.clock import ManualClock
from wowbot.core.frame import Image
from wowbot.core.layout import Rect


class MemoryScreen:
    """A screen of BGR pixels that tests paint on; counts what is grabbed."""

    slow = ""

    def __init__(self, width: int = 320, height: int = 200) -> None:
        self.shown = np.full((height, width, 3), 90, np.uint8)
        self.bounds = Rect(0, 0, width, height)
        self.images = 0
        self.looks = 0
        self.closed = False

    def pixels(self, rects: Sequence[Rect]) -> list[Pixels]:
        self.looks += 1
        return [np.asarray(cv2.cvtColor(r.crop(self.shown), cv2.COLOR_BGR2BGRA), np.uint8) for r in rects]

    def image(self, rect: Rect, into: Image | None = None) -> Image:
        self.images += 1
        image = np.empty((rect.height, rect.width, 3), np.uint8) if into is None else into
        image[:] = rect.crop(self.shown)
        return image

    def close(self) -> None:
        self.closed = True


class OneWindow:
    """A window system whose window does what the test says."""

    name = "memory"

    def __init__(self, window: Window) -> None:
        self.now = WindowState(window.rect, "", True)
        self.closed = False

    def windows(self) -> tuple[Window, ...]:
        return ()

    def state(self, window: Window) -> WindowState:
        return self.now

    def close(self) -> None:
        self.closed = True


class ManualAlarm:
    """An alarm on a clock that moves only when waited on; rings when the test has drawn."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.drawn: list[int] = []
        self.closed = False

    def wait(self, timeout_s: float) -> bool:
        end = self.clock.t_ns + int(timeout_s * 1e9)
        due = [t for t in self.drawn if t <= end]
        self.drawn = [t for t in self.drawn if t > end]
        self.clock.t_ns = max(self.clock.t_ns, due[0]) if due else end
        return bool(due)

    def close(self) -> None:
        self.closed = True
