"""The game window as a source of frames, at a fixed rate or eagerly: as soon as something that matters has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from wowbot.capture.alarm import ScreenAlarm, screen_alarm
from wowbot.capture.buffers import FrameBuffers
from wowbot.capture.eager import RegionWatch
from wowbot.capture.grab import ScreenGrabber
from wowbot.capture.health import PictureHealth
from wowbot.capture.watch import WindowWatch
from wowbot.capture.windows import Window, WindowSystem, window_system
from wowbot.core.clock import Clock
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Rect

log = logging.getLogger(__name__)

POLL_HZ = 500.0
"""How often, at most, eager pacing looks at the watched regions."""
UNTOLD_HZ = 30.0
"""How often it looks at least where an alarm tells when the screen is drawn on, in case it does not tell of everything."""
FULL_HZ = 10.0
"""Eager pacing takes the whole window this often, for what the watched regions do not cover."""
GRID = 16
"""Rows and columns of points by which a picture is compared with the one before."""
OTHER_LEVELS, OTHER_SHARE = 12, 0.4
"""Grey levels that a point must differ by, and share of the points, or of the watched regions' area, from which on a
picture may be one of another place on the screen."""
TRIES = 4
"""Pictures taken of a window that moves, before it is said to."""


class Backends(NamedTuple):
    """How the live source gets at windows and pixels."""

    open_system: Callable[[], WindowSystem] = window_system
    open_grabber: Callable[[], ScreenGrabber] = ScreenGrabber
    open_alarm: Callable[[], ScreenAlarm | None] = screen_alarm


class Shot(NamedTuple):
    """A picture, when it was taken, and where it differs from the one before (None: it may anywhere).

    `told`: whether the alarm had told of a change.
    """

    t_ns: int
    image: Image
    changed: tuple[Rect, ...] | None
    told: bool = True


class LiveSource:
    """FrameSource "live".

    Wiring: `LiveSource(window, clock, hz=60)` for a fixed rate; `LiveSource(window, clock, hz=120,
    watch=watched_rects(layout))` for eager pacing, where `hz` is the most frames a second. `read` waits for its time and
    never returns None; the loop ends by its own conditions. The frame follows the window when it moves or is resized: a
    picture that is very unlike the last one is only believed when the window still is where it was taken. While the window
    is minimised or gone the last picture is repeated under that status.

    Args:
        watch: regions in window pixels whose change makes a frame at once; empty = fixed rate.
        backends: others than the machine's own, for tests.
    """

    name = "live"

    def __init__(
        self,
        window: Window,
        clock: Clock,
        hz: float = 60.0,
        watch: Sequence[Rect] = (),
        backends: Backends | None = None,
    ) -> None:
        self.window = window
        self._clock = clock
        self._period_ns = int(1e9 / hz)
        self._rects = tuple(watch)
        self._backends = backends or Backends()
        self._eyes = WindowWatch(window, self._backends.open_system)
        self._health = PictureHealth()
        self._grabber: ScreenGrabber | None = None
        self._regions: RegionWatch | None = None
        self._alarm: ScreenAlarm | None = None
        self._deaf = False
        self._buffers = FrameBuffers()
        self._image: Image | None = None
        self._index = 0
        self._due_ns = 0
        self._full_due_ns = 0

    @property
    def slow(self) -> str:
        """Why capture is on a slow path, "" when it is not."""
        return self._grabber.slow if self._grabber else ""

    def open(self) -> None:
        """Start watching the window.

        Raises:
            CaptureError: no display, or the screen cannot be captured.
        """
        self._grabber = self._backends.open_grabber()
        self._eyes.start()
        self.set_watch(self._rects)
        self._due_ns = self._clock.now_ns()

    def set_watch(self, rects: Sequence[Rect]) -> None:
        """Watch other regions from now on (a new layout); call between two reads."""
        self._rects = tuple(rects)
        self._regions = RegionWatch(self._grabber, rects) if rects and self._grabber else None
        if self._regions and self._alarm is None and not self._deaf:
            self._alarm = self._backends.open_alarm()
        self._full_due_ns = 0

    def read(self) -> Frame | None:
        """The next frame, when its time has come."""
        self._clock.sleep_until(self._due_ns)
        shot, status = self._sure()
        status = status or self._health.status(shot.image, shot.t_ns, bool(shot.changed))
        self._image = shot.image
        frame = Frame(self._index, shot.t_ns, shot.image, self.name, status, self._eyes.state.focused, shot.changed)
        self._index += 1
        self._due_ns = max(self._due_ns + self._period_ns, shot.t_ns)  # after a quiet while the next one need not wait
        return frame

    def close(self) -> None:
        self._eyes.close()
        for part in (self._grabber, self._alarm):
            if part is not None:
                part.close()

    def _sure(self) -> tuple[Shot, str]:
        """A picture of the window where it is, and what is wrong with the window.

        What the watch knows of it is up to a tenth of a second old: a picture very unlike the last one may show whatever
        now lies where the window was, and the window is looked at again.
        """
        state = self._eyes.state
        for _ in range(TRIES):
            if state.status in ("minimised", "gone") or state.rect.width <= 0 or state.rect.height <= 0:
                return Shot(self._clock.now_ns(), self._last_image(state.rect), None), state.status or "minimised"
            shot = self._wait_for_change(state.rect) if self._regions else self._whole(state.rect)
            now = self._eyes.look() if self._is_unlike(shot) else state
            if (now.rect, now.status) == (state.rect, state.status):
                if shot.changed:
                    self._doubt(shot.told)
                return shot, state.status
            state, self._full_due_ns = now, 0
        return shot, "moving"

    def _is_unlike(self, shot: Shot) -> bool:
        """Whether a picture may be one of another place on the screen than the last one."""
        if shot.changed is not None and self._regions is not None:
            return sum(r.width * r.height for r in shot.changed) > OTHER_SHARE * self._regions.area
        if self._image is None or self._image.shape != shot.image.shape:
            return True
        rows, columns = (np.linspace(0, n - 1, GRID).astype(np.intp) for n in shot.image.shape[:2])
        last, now = (i[rows[:, None], columns].astype(np.int16) for i in (self._image, shot.image))
        return float((np.abs(now - last).max(axis=2) > OTHER_LEVELS).mean()) > OTHER_SHARE

    def _whole(self, rect: Rect) -> Shot:
        assert self._grabber is not None, "read before open"
        t_ns = self._clock.now_ns()
        return Shot(t_ns, self._grabber.image(rect, self._buffers.take(rect.height, rect.width)), None)

    def _wait_for_change(self, rect: Rect) -> Shot:
        assert self._regions is not None
        told = False
        while True:
            t_ns, image = self._clock.now_ns(), self._image
            if t_ns >= self._full_due_ns or image is None or image.shape[:2] != (rect.height, rect.width):
                self._full_due_ns = t_ns + int(1e9 / FULL_HZ)
                return self._whole(rect)
            found = self._regions.changed(rect, image)
            if found:
                return Shot(t_ns, self._patched(image, found), tuple(place for place, _ in found), told)
            told = self._rest(t_ns)

    def _rest(self, looked_ns: int) -> bool:
        """Until the regions may have changed since they were looked at; whether the alarm told so."""
        if self._alarm is not None:
            left_ns = min(looked_ns + int(1e9 / UNTOLD_HZ), self._full_due_ns) - self._clock.now_ns()
            if not self._alarm.wait(left_ns / 1e9):
                return False
        self._clock.sleep_until(looked_ns + int(1e9 / POLL_HZ))
        return self._alarm is not None

    def _doubt(self, told: bool) -> None:
        """A change is seen: an alarm that has not told of it by now is deaf, and is not waited for again."""
        if self._alarm is not None and not told and not self._alarm.wait(0.0):
            log.info("the window system does not tell when the window is drawn on: looking at it all the time")
            self._alarm.close()
            self._alarm, self._deaf = None, True

    def _patched(self, image: Image, found: Sequence[tuple[Rect, Image]]) -> Image:
        """The picture of before, which has been handed out and stays as it is, with what has changed."""
        fresh = self._buffers.take(*image.shape[:2])
        np.copyto(fresh, image)
        for place, pixels in found:
            place.crop(fresh)[:] = pixels
        return fresh

    def _last_image(self, rect: Rect) -> Image:
        if self._image is not None:
            return self._image
        return np.zeros((max(1, rect.height), max(1, rect.width), 3), np.uint8)
