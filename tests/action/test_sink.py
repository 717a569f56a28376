"""The scheduled sink: order, refusals, stopping, and that every down has its up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_backend import MemoryKeyboard, MemoryWatch

from wowbot.action.sink import ScheduledSink
from wowbot.core.action import Action
from wowbot.core.clock import MonotonicClock
from wowbot.core.errors import ActionError
from wowbot.core.event import Event


class Bench:
    def __init__(self) -> None:
        self.log: list[str] = []
        self.keyboard = MemoryKeyboard(self.log)
        self.watch = MemoryWatch(self.log)
        self.events: list[Event] = []
        self.stops: list[str] = []
        self.sink = ScheduledSink(MonotonicClock(), lambda: self.keyboard, self.watch, self._report, self.stops.append)

    def _report(self, event: Event) -> None:
        self.events.append(event)
        self.keyboard.poke()

    def seen(self, *what: str) -> None:
        self.keyboard.wait(lambda: all(w in self.log for w in what))

    def refused(self) -> str:
        self.keyboard.wait(lambda: bool(self.events))
        return str(self.events[0].payload["cause"])


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.sink.close()


def test_a_tap_goes_through_the_gate_and_comes_up_by_itself(bench: Bench) -> None:
    action = Action("key", "2", ability="fireball")
    assert bench.sink.send(action) is action
    bench.seen("-2")
    assert [w for w in bench.log if not w.startswith("watch")][:4] == ["gate", "+2", "end", "-2"]


def test_the_watchdog_is_told_before_the_press(bench: Bench) -> None:
    bench.sink.send(Action("key", "shift-2"))
    bench.seen("-shift")
    assert bench.log.index("watch k-shift") < bench.log.index("+shift")
    assert bench.log.index("watch k-2") < bench.log.index("+2")
    bench.keyboard.wait(lambda: not bench.watch.down)


def test_drain_tells_the_real_downs_and_ups_with_their_ability(bench: Bench) -> None:
    bench.sink.send(Action("key", "2", ability="fireball"))
    bench.seen("-2")
    bench.sink.close()
    keys = bench.sink.drain()
    assert [(k.key, k.down, k.ability) for k in keys] == [("2", True, "fireball"), ("2", False, "fireball")]
    assert keys[1].t_ns - keys[0].t_ns >= 30_000_000
    assert bench.sink.drain() == ()


def test_without_the_focus_nothing_is_pressed_and_the_loop_is_told(bench: Bench) -> None:
    bench.keyboard.front = False
    assert bench.sink.send(Action("key", "shift-2", hold_ms=5000)) is not None
    assert bench.refused() == "focus"
    bench.sink.close()
    assert not [w for w in bench.log if w.startswith("+")]
    assert bench.watch.down == set()
    assert bench.sink.drain() == ()


def test_a_key_that_the_keyboard_lacks_is_told(bench: Bench) -> None:
    bench.sink.send(Action("key", "f24"))
    assert bench.refused() == "no key"


@pytest.mark.parametrize(
    "action", [Action("key", "warp"), Action("release", "warp"), Action("click", "warp", at=(1, 1))]
)
def test_what_is_no_key_is_not_accepted(bench: Bench, action: Action) -> None:
    assert bench.sink.send(action) is None


def test_release_all_lifts_a_held_key_at_once(bench: Bench) -> None:
    bench.sink.send(Action("key", "w", hold_ms=60_000))
    bench.seen("+w")
    bench.sink.release_all()
    bench.seen("-w")


def test_release_all_drops_what_was_still_waiting_and_later_keys_go_out(bench: Bench) -> None:
    bench.sink.release_all()
    bench.sink.send(Action("key", "3"))
    bench.seen("+3")


def test_after_a_halt_nothing_is_accepted_and_everything_is_up(bench: Bench) -> None:
    bench.sink.send(Action("key", "w", hold_ms=60_000))
    bench.seen("+w")
    bench.sink.halt()
    assert bench.sink.send(Action("key", "2")) is None
    bench.seen("-w")
    bench.sink.close()
    assert "+2" not in bench.log


def test_the_corner_of_the_screen_lifts_the_modifier_and_ends_the_run(bench: Bench) -> None:
    bench.keyboard.corner_at = "2"
    bench.sink.send(Action("key", "shift-2"))
    assert bench.refused() == "corner"
    bench.sink.close()
    assert [w for w in bench.log if w[0] in "+-"] == ["+shift", "-shift"]
    assert bench.stops == ["the pointer is in a corner of the screen"]
    assert bench.sink.send(Action("key", "3")) is None


def test_a_lost_keyboard_ends_the_run_and_later_sends_are_refused(bench: Bench) -> None:
    bench.keyboard.broken = True
    bench.sink.send(Action("key", "2"))
    bench.seen("closed")
    assert bench.refused() == "lost"
    assert bench.stops == ["the keyboard is lost: the display is gone"]
    assert bench.sink.send(Action("key", "3")) is None


def test_closing_lifts_what_is_down_and_closes_the_keyboard(bench: Bench) -> None:
    bench.sink.send(Action("key", "w", hold_ms=60_000))
    bench.seen("+w")
    bench.sink.close()
    assert bench.log[-2:] == ["-w", "closed"]
    assert [k.down for k in bench.sink.drain()] == [True, False]


def test_closing_a_sink_that_never_started_is_nothing() -> None:
    Bench().sink.close()


def test_a_keyboard_that_cannot_be_opened_says_so_at_the_start() -> None:
    def broken() -> MemoryKeyboard:
        raise ActionError("no keyboard here")

    sink = ScheduledSink(MonotonicClock(), broken)
    with pytest.raises(ActionError, match="no keyboard here"):
        sink.start()


def test_a_click_carries_its_spot_to_the_gate(bench: Bench) -> None:
    bench.sink.send(Action("click", "right", at=(12, 34)))
    bench.seen("-right")
    assert [w for w in bench.log if not w.startswith("watch")][:4] == ["gate", "move 12,34", "+right", "end"]


def test_a_sink_that_nobody_closed_lifts_its_keys_when_the_interpreter_ends() -> None:
    program = (
        "from fake_backend import MemoryKeyboard\n"
        "from wowbot.action.sink import ScheduledSink\n"
        "from wowbot.core.action import Action\n"
        "from wowbot.core.clock import MonotonicClock\n"
        "import atexit\n"
        "log = []\n"
        "atexit.register(lambda: print(log))\n"
        "keyboard = MemoryKeyboard(log)\n"
        "ScheduledSink(MonotonicClock(), lambda: keyboard).send(Action('key', 'w', hold_ms=60_000))\n"
        "keyboard.wait(lambda: '+w' in log)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    )
    assert "'+w'" in ended.stdout
    assert "'-w'" in ended.stdout
