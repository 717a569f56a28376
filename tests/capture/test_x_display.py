"""Real X windows: found, followed, and every trouble named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from wowbot.capture.alarm import screen_alarm
from wowbot.capture.grab import ScreenGrabber
from wowbot.capture.live import LiveSource
from wowbot.capture.shared import SharedScreen
from wowbot.capture.windows import Window, WindowSystem, find_window, window_system
from wowbot.core.clock import MonotonicClock
from wowbot.core.errors import CaptureError
from wowbot.core.layout import Rect
from wowbot.core.x11 import open_display

pytestmark = pytest.mark.display

LOOKS_S = 3.0


class Desk:
    """Makes windows on the test's display."""

    def __init__(self) -> None:
        self.display = open_display()
        self.root = self.display.screen().root
        self.made: list[Any] = []

    def window(self, title: str, box: Rect, colour: int = 0x4060C0) -> Any:
        from Xlib import X, Xutil

        made = self.root.create_window(
            box.left, box.top, box.width, box.height, 0, self.display.screen().root_depth, X.InputOutput, X.CopyFromParent,
            background_pixel=colour,
        )  # fmt: skip
        made.set_wm_name(title)
        made.set_wm_class("wowbot-test", "Wowbot-Test")
        made.set_wm_normal_hints(flags=Xutil.USPosition, win_gravity=X.StaticGravity)
        made.map()
        self.display.sync()
        self.made.append(made)
        return made

    def close(self) -> None:
        for window in self.made:
            window.destroy()
        self.display.sync()
        self.display.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.close()


@pytest.fixture
def system() -> Iterator[WindowSystem]:
    opened = window_system()
    yield opened
    opened.close()


def until(holds: Callable[[], bool]) -> bool:
    """Wait for the window manager and the watch to catch up."""
    end = time.monotonic() + LOOKS_S
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return False


def test_a_window_is_found_by_title_and_class(desk: Desk, system: WindowSystem) -> None:
    desk.window("the game", Rect(40, 60, 300, 200))
    assert until(lambda: any(w.title == "the game" for w in system.windows()))
    window = find_window(system, "the game", "wowbot-test")
    assert (window.rect.width, window.rect.height) == (300, 200)
    assert window.wm_class == "Wowbot-Test"


def test_two_windows_of_one_title_are_told_apart_by_handle(desk: Desk, system: WindowSystem) -> None:
    first = desk.window("twin", Rect(0, 0, 200, 100))
    desk.window("twin", Rect(300, 0, 200, 100))
    assert until(lambda: sum(w.title == "twin" for w in system.windows()) == 2)
    with pytest.raises(CaptureError, match="2 windows"):
        find_window(system, "twin")
    assert find_window(system, f"0x{first.id:x}").handle == first.id


def test_a_missing_window_lists_the_titles_that_exist(desk: Desk, system: WindowSystem) -> None:
    desk.window("the game", Rect(0, 0, 200, 100))
    assert until(lambda: any(w.title == "the game" for w in system.windows()))
    with pytest.raises(CaptureError, match="'the game'"):
        find_window(system, "the gme")


def test_a_window_that_is_unmapped_or_destroyed_is_minimised_or_gone(desk: Desk, system: WindowSystem) -> None:
    made = desk.window("brief", Rect(0, 0, 200, 100))
    assert until(lambda: any(w.title == "brief" for w in system.windows()))
    window = find_window(system, "brief")
    made.unmap()
    desk.display.sync()
    assert until(lambda: system.state(window).status == "minimised")
    desk.made.remove(made)
    made.destroy()
    desk.display.sync()
    assert until(lambda: system.state(window).status == "gone")


def test_a_window_under_another_is_covered(desk: Desk, system: WindowSystem) -> None:
    desk.window("below", Rect(0, 0, 300, 200))
    assert until(lambda: any(w.title == "below" for w in system.windows()))
    window = find_window(system, "below")
    assert until(lambda: system.state(window).status == "")
    desk.window("above", Rect(50, 50, 300, 200))
    assert until(lambda: system.state(window).status == "covered")


def test_focus_is_seen(desk: Desk, system: WindowSystem) -> None:
    from Xlib import X

    made = desk.window("first", Rect(0, 0, 200, 100))
    other = desk.window("second", Rect(300, 0, 200, 100))
    assert until(lambda: sum(w.title in ("first", "second") for w in system.windows()) == 2)
    window = find_window(system, "first")
    time.sleep(0.1)
    made.set_input_focus(X.RevertToParent, X.CurrentTime)
    desk.display.sync()
    assert until(lambda: system.state(window).focused)
    other.set_input_focus(X.RevertToParent, X.CurrentTime)
    desk.display.sync()
    assert until(lambda: not system.state(window).focused)


def found(system: WindowSystem, title: str) -> Window:
    assert until(lambda: any(w.title == title for w in system.windows()))
    return find_window(system, title)


@pytest.mark.parametrize("watch", [(), (Rect(0, 0, 40, 20),)], ids=["60 Hz", "eager"])
def test_the_live_source_follows_the_window(desk: Desk, system: WindowSystem, watch: tuple[Rect, ...]) -> None:
    made = desk.window("walker", Rect(20, 30, 240, 160), colour=0x102030)
    source = LiveSource(found(system, "walker"), MonotonicClock(), 60.0, watch)
    source.open()
    try:
        assert until(lambda: bool(np.all(source.read().image == (0x30, 0x20, 0x10))))  # type: ignore[union-attr]
        made.configure(x=200, y=220, width=300, height=180)
        desk.display.sync()
        assert until(lambda: source.read().size_wh == (300, 180))  # type: ignore[union-attr]
        assert until(lambda: bool(np.all(source.read().image == (0x30, 0x20, 0x10))))  # type: ignore[union-attr]
        made.change_attributes(background_pixel=0)
        made.clear_area()
        desk.display.sync()
        assert until(lambda: source.read().status == "black")  # type: ignore[union-attr]
        desk.made.remove(made)
        made.destroy()
        desk.display.sync()
        assert until(lambda: source.read().status == "gone")  # type: ignore[union-attr]
    finally:
        source.close()


def test_the_shared_memory_shows_what_a_grab_of_mss_shows(desk: Desk) -> None:
    import mss

    desk.window("mottled", Rect(10, 10, 200, 100), colour=0x123456)
    with mss.MSS() as shooter:
        shooter.grab((0, 0, 1, 1))
        shared = SharedScreen.of(shooter)
        assert shared is not None
        rects = [Rect(0, 0, 300, 200), Rect(5, 7, 31, 1), Rect(60, 40, 1, 77)]
        shots = [shooter.grab((rect.left, rect.top, rect.right, rect.bottom)) for rect in rects]
        seen = shared.grab(rects)
        assert seen is not None
        assert [pixels.tobytes() for pixels in seen] == [bytes(shot.raw) for shot in shots]
        assert shared.grab([Rect(0, 0, 9000, 9000)]) is None
        assert shared.grab([]) is None
        del shared, seen


def test_the_alarm_tells_once_of_what_was_drawn_since_it_was_asked(desk: Desk) -> None:
    made = desk.window("drawn on", Rect(10, 10, 200, 100))
    alarm = screen_alarm()
    assert alarm is not None
    try:
        assert until(lambda: not alarm.wait(0.05))
        for left in (0, 50):
            made.clear_area(left, 0, 20, 20)
        desk.display.sync()
        assert alarm.wait(1.0)
        assert not alarm.wait(0.05)
        made.clear_area(0, 0, 5, 5)
        desk.display.sync()
        assert alarm.wait(0.0)
    finally:
        alarm.close()


def test_without_a_display_there_is_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    assert screen_alarm() is None


def test_what_lies_off_the_screen_is_black_and_the_picture_keeps_its_size() -> None:
    grabber = ScreenGrabber()
    try:
        box = grabber.bounds
        image = grabber.image(Rect(box.right - 10, box.bottom - 10, 30, 20))
        assert image.shape == (20, 30, 3)
        assert image[10:, :].max() == 0
        assert image[:, 10:].max() == 0
        assert grabber.slow == ""
    finally:
        grabber.close()


def test_closing_while_somebody_still_holds_pixels_is_no_error() -> None:
    grabber = ScreenGrabber()
    held = grabber.pixels([Rect(0, 0, 10, 10)])[0]
    grabber.close()
    assert held.shape == (10, 10, 4)
