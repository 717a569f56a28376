"""The null sink reports what a real one would have pressed, and when."""

from wowbot.action.null import NullSink
from wowbot.action.sinks import SINKS
from wowbot.core.action import Action, KeyEvent
from wowbot.core.clock import ManualClock

MS = 1_000_000


def test_downs_and_ups_come_at_the_times_of_a_real_sink() -> None:
    clock = ManualClock()
    sink = NullSink(clock)
    assert sink.send(Action("key", "shift-2", ability="x")) is not None
    assert [(k.key, k.down) for k in sink.drain()] == [("shift", True), ("2", True)]
    clock.t_ns = 40 * MS
    assert sink.drain() == (KeyEvent(40 * MS, "2", False, "x"), KeyEvent(40 * MS, "shift", False, ""))


def test_an_unknown_key_is_not_accepted() -> None:
    assert NullSink(ManualClock()).send(Action("key", "warp")) is None


def test_closing_lifts_everything() -> None:
    sink = NullSink(ManualClock())
    sink.send(Action("key", "w", hold_ms=9000))
    sink.close()
    assert [k.down for k in sink.drain()] == [True, False]


def test_every_registered_sink_can_be_loaded() -> None:
    assert {name: SINKS.load(name).__name__ for name in SINKS.entries} == {
        "pyautogui": "PyautoguiSink",
        "null": "NullSink",
    }
