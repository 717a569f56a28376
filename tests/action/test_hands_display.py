"""Keys in real X windows: the right one only, none left down, and stopped in time."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from x_hands import CountingWindows, end, start_hands, switch_at_random, tell, until

from wowbot.action.control_socket import ControlSocket, running_agents
from wowbot.action.hotkey import StopHotkey
from wowbot.action.hotkey_x11 import X11Listener
from wowbot.action.sink import PyautoguiSink
from wowbot.action.sinks import Target
from wowbot.action.watchdog import Watchdog
from wowbot.core.action import Action
from wowbot.core.clock import MonotonicClock
from wowbot.core.event import Event
from wowbot.core.x11 import open_display

pytestmark = pytest.mark.display

SWITCHES = 60
KILLS = 4


@pytest.fixture
def windows() -> Iterator[CountingWindows]:
    made = CountingWindows()
    made.focus(0)
    yield made
    made.close()


@pytest.fixture
def refused() -> list[Event]:
    return []


@pytest.fixture
def sink(windows: CountingWindows, refused: list[Event]) -> Iterator[PyautoguiSink]:
    made = PyautoguiSink(MonotonicClock(), Target(windows.handle), report=refused.append)
    made.start()
    yield made
    made.close()


def test_no_key_reaches_the_other_window_while_the_focus_switches_at_random(
    windows: CountingWindows, sink: PyautoguiSink, refused: list[Event]
) -> None:
    stop = threading.Event()
    switching = threading.Thread(target=switch_at_random, args=(windows, SWITCHES, 1, stop))
    switching.start()
    dice = random.Random(2)
    while not stop.is_set():
        sink.send(Action("key", dice.choice(["2", "3", "shift-4", "f5"])))
        time.sleep(0.002)
    switching.join()
    assert until(windows.nothing_down)
    assert windows.wrong == 0
    assert windows.right > 20
    assert {event.payload["cause"] for event in refused} == {"focus"}


def test_every_down_has_its_up_across_focus_switches(windows: CountingWindows, sink: PyautoguiSink) -> None:
    for place in (0, 1, 0, 1, 0):
        sink.send(Action("key", "shift-w", hold_ms=60))
        sink.send(Action("key", "3"))
        time.sleep(0.02)
        windows.focus(place)
    assert until(windows.nothing_down)
    sink.close()
    keys = sink.drain()
    for name in {key.key for key in keys}:
        assert [key.down for key in keys if key.key == name] == [True, False] * (
            len([k for k in keys if k.key == name]) // 2
        )


def test_a_click_lands_only_where_the_window_is_on_top(
    windows: CountingWindows, sink: PyautoguiSink, refused: list[Event]
) -> None:
    sink.send(Action("click", "left", at=(20, 30)))
    assert until(lambda: len(sink._keys) == 2)
    pointer = windows.focuser.screen().root.query_pointer()
    place = windows.focuser.screen().root.translate_coords(windows.windows[0], 20, 30)
    assert (pointer.root_x, pointer.root_y) == (place.x, place.y)
    sink.send(Action("click", "left", at=(340, 30)))  # over the neighbour
    assert until(lambda: bool(refused))
    assert refused[0].payload["cause"] == "focus"


def test_a_window_that_is_gone_gets_nothing(windows: CountingWindows, refused: list[Event]) -> None:
    sink = PyautoguiSink(MonotonicClock(), Target(0x7FFFFF1), report=refused.append)
    sink.start()
    sink.send(Action("key", "2"))
    assert until(lambda: bool(refused))
    sink.close()
    assert windows.right == 0


@pytest.mark.parametrize("whole_group", [False, True], ids=["the agent", "its process group"])
def test_a_kill_in_mid_hold_leaves_no_key_down(windows: CountingWindows, whole_group: bool) -> None:
    for seed in range(KILLS):
        hands = start_hands(windows.handle, seed)
        tell(hands, "play")
        assert until(lambda: bool(windows.keys_down()))
        if whole_group:
            os.killpg(hands.pid, signal.SIGKILL)
        else:
            os.kill(hands.pid, signal.SIGKILL)
        assert until(windows.nothing_down, 1.0)
        time.sleep(0.05)
        assert windows.nothing_down()
        end(hands)


def test_a_hung_loop_is_released(windows: CountingWindows) -> None:
    hands = start_hands(windows.handle)
    tell(hands, "hang")
    assert until(lambda: bool(windows.keys_down()))
    assert until(windows.nothing_down)
    assert hands.poll() is None
    end(hands)


def test_a_killed_watchdog_is_replaced_and_knows_what_is_down(windows: CountingWindows) -> None:
    dog = Watchdog(0.0)
    dog.start()
    sink = PyautoguiSink(MonotonicClock(), Target(windows.handle), watch=dog)
    sink.start()
    try:
        sink.send(Action("key", "w", hold_ms=60_000))
        assert until(lambda: bool(windows.keys_down()))
        first = dog._process
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        sink.send(Action("key", "2"))
        assert until(lambda: dog._process is not first and dog._ready.is_set())
        assert windows.keys_down()
        sink.close()
        assert until(windows.nothing_down)
    finally:
        sink.close()
        dog.close()


@pytest.mark.parametrize("way", ["RECORD", "XGrabKey"])
def test_the_stop_key_halts_the_hands_whatever_has_the_focus(
    windows: CountingWindows, sink: PyautoguiSink, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from Xlib import XK, X
    from Xlib.ext import xtest

    if way == "XGrabKey":
        monkeypatch.setattr(X11Listener, "_record", lambda self: self._grab("pause"))
    halted = threading.Event()

    def stop(why: str) -> None:
        sink.halt()
        halted.set()

    hotkey = StopHotkey("pause", stop)
    hotkey.start()
    finger = open_display()
    try:
        sink.send(Action("key", "w", hold_ms=60_000))
        assert until(lambda: bool(windows.keys_down()))
        windows.focus(1)
        pause = finger.keysym_to_keycode(XK.string_to_keysym("Pause"))
        xtest.fake_input(finger, X.KeyPress, pause)
        xtest.fake_input(finger, X.KeyRelease, pause)
        finger.sync()
        assert halted.wait(5.0)
        assert until(windows.nothing_down)
        assert sink.send(Action("key", "2")) is None
    finally:
        hotkey.close()
        finger.close()


def test_a_stop_from_another_terminal_halts_the_hands(
    windows: CountingWindows, sink: PyautoguiSink, tmp_path: Path
) -> None:
    def answer(command: str) -> dict[str, bool]:
        sink.halt()
        return {"stopping": True}

    control = ControlSocket(answer, tmp_path)
    control.start()
    try:
        sink.send(Action("key", "w", hold_ms=60_000))
        assert until(lambda: bool(windows.keys_down()))
        assert running_agents(tmp_path)[0].ask("stop") == {"stopping": True}
        assert until(windows.nothing_down)
    finally:
        control.close()


def test_threads_end_with_their_owners(windows: CountingWindows) -> None:
    before = set(threading.enumerate())
    dog = Watchdog()
    sink = PyautoguiSink(MonotonicClock(), Target(windows.handle), watch=dog)
    hotkey = StopHotkey("pause", lambda why: None)
    for part in (dog, sink, hotkey):
        part.start()
    sink.send(Action("key", "2"))
    assert until(lambda: windows.right == 1)
    for closed in (hotkey, sink, dog):
        closed.close()
    assert until(lambda: set(threading.enumerate()) <= before)


def test_a_stop_key_that_is_closed_at_once_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    for _ in range(8):
        hotkey = StopHotkey("pause", lambda why: None)
        hotkey.start()
        hotkey.close()
    assert set(threading.enumerate()) <= before
