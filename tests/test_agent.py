"""The loop: order, failure of a tap, closing whatever happens."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from wowbot.agent import Agent
from wowbot.core.action import IDLE, Action, Decision, KeyEvent, Verdict
from wowbot.core.clock import ManualClock
from wowbot.core.event import DelayedRunner, Event, Mailbox, ThreadRunner
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout
from wowbot.core.reading import Observation
from wowbot.core.state import GameState
from wowbot.core.tick import Tick


class Source:
    name = "fake"

    def __init__(self, log: list[str], frames: int = 3) -> None:
        self.log, self.left, self.index = log, frames, 0

    def open(self) -> None:
        self.log.append("open")

    def read(self) -> Frame | None:
        if self.index == self.left:
            return None
        self.index += 1
        return Frame(self.index - 1, self.index * 10_000_000, None, self.name)

    def close(self) -> None:
        self.log.append("source closed")


class Eyes:
    def set_layout(self, layout: Layout) -> None:
        """Nothing."""

    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation:
        return Observation(frame.index, frame.t_ns, {})


class Memory:
    def update(self, observation: Observation, keys: Sequence[KeyEvent], events: Sequence[Event]) -> GameState:
        return GameState(observation.index, observation.t_ns, {})

    def snapshot(self) -> dict[str, Any]:
        return {}

    def restore(self, snapshot: Any) -> None:
        """Nothing."""


class Says:
    def __init__(self, decision: Decision | None) -> None:
        self.decision, self.told = decision, []

    def decide(self, state: GameState) -> Decision | None:
        return self.decision

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        self.told.append((decision, tuple(accepted)))

    def snapshot(self) -> dict[str, Any]:
        return {}

    def restore(self, snapshot: Any) -> None:
        """Nothing."""


class LetsThrough:
    def check(self, frame: Frame, state: GameState, decision: Decision, now_ns: int) -> Verdict:
        return Verdict(decision.actions)


class Hands:
    def __init__(self, log: list[str], refuses: str = "") -> None:
        self.log, self.refuses, self.sent = log, refuses, []

    def send(self, action: Action) -> Action | None:
        self.sent.append(action.key)
        return None if action.key == self.refuses else action

    def drain(self) -> tuple[KeyEvent, ...]:
        return ()

    def release_all(self) -> None:
        self.log.append("released")

    def close(self) -> None:
        self.log.append("sink closed")


class Follower:
    def __init__(self, fails: bool = False) -> None:
        self.ticks: list[Tick] = []
        self.fails = fails

    def on_tick(self, tick: Tick) -> None:
        self.ticks.append(tick)
        if self.fails:
            raise RuntimeError("no more")

    def close(self) -> None:
        """Nothing."""


CAST = Decision("rule", "default.1", "ready", (Action("key", "1"), Action("key", "2")))


def agent(log: list[str], *policies: Says, hands: Hands | None = None, taps: Sequence[Follower] = ()) -> Agent:
    mailbox = Mailbox()
    return Agent(
        Source(log), Eyes(), Memory(), policies, LetsThrough(), hands or Hands(log), ManualClock(), mailbox,
        DelayedRunner(mailbox, 0.0), taps=list(taps),
    )  # fmt: skip


def test_the_first_policy_with_something_to_say_decides_and_all_are_told() -> None:
    first, second = Says(None), Says(CAST)
    tick = agent([], first, second).tick()
    assert tick is not None
    assert tick.decision is CAST
    assert first.told == second.told == [(CAST, CAST.actions)]


def test_with_nothing_to_say_the_tick_is_idle() -> None:
    tick = agent([], Says(None)).tick()
    assert tick is not None
    assert tick.decision is IDLE


def test_what_the_sink_refuses_is_not_accepted() -> None:
    tick = agent([], Says(CAST), hands=Hands([], refuses="1")).tick()
    assert tick is not None
    assert [a.key for a in tick.accepted] == ["2"]


def test_a_failing_tap_is_taken_off_and_the_loop_goes_on() -> None:
    bad, good = Follower(fails=True), Follower()
    loop = agent([], Says(None), taps=(bad, good))
    assert [loop.tick() is not None for _ in range(4)] == [True, True, True, False]
    assert (len(bad.ticks), len(good.ticks)) == (1, 3)


def test_keys_go_up_before_anything_is_closed() -> None:
    log: list[str] = []
    agent(log, Says(None)).close()
    assert log == ["released", "source closed", "sink closed"]


def test_an_event_carries_the_tick_that_took_it() -> None:
    loop = agent([], Says(None))
    loop.tick()
    loop.mailbox.put(Event("text", 0, {"x": 1}))
    tick = loop.tick()
    assert tick is not None
    assert [(e.kind, e.made_from_frame, e.taken_at_tick) for e in tick.events] == [("text", 0, 1)]


def test_delayed_work_arrives_when_its_game_time_has_come_and_once() -> None:
    mailbox = Mailbox()
    runner = DelayedRunner(mailbox, 0.1)
    assert runner.submit("text", 0, 0, lambda: {"n": 1})
    assert not runner.submit("text", 1, 0, lambda: {"n": 2})
    runner.advance(99_999_999)
    assert mailbox.take(1) == ()
    runner.advance(100_000_000)
    assert [e.payload for e in mailbox.take(2)] == [{"n": 1}]
    assert mailbox.take(3) == ()


def test_failed_work_is_an_event_with_its_error() -> None:
    def fails() -> dict[str, Any]:
        raise ValueError("no text")

    mailbox = Mailbox()
    runner = ThreadRunner(mailbox)
    runner.submit("text", 7, 0, fails)
    events = next(e for _ in itertools.count() if (e := mailbox.take(8)))
    runner.close()
    assert events[0].payload == {"error": "ValueError: no text"}
    assert events[0].made_from_frame == 7


def test_a_kind_rests_until_its_share_of_a_core_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, spent = [100.0], [0.0]
    monkeypatch.setattr("wowbot.core.event.time.monotonic", lambda: wall[0])
    monkeypatch.setattr("wowbot.core.event.time.thread_time", lambda: spent[0])

    def reads() -> dict[str, Any]:
        spent[0] += 0.03
        return {}

    mailbox = Mailbox()
    runner = ThreadRunner(mailbox, {"text": 0.2})

    def taken(kind: str) -> bool:
        if not runner.submit(kind, 0, 0, reads):
            return False
        next(e for _ in itertools.count() if (e := mailbox.take(0)))
        return True

    assert taken("text")
    wall[0] += 0.14
    assert not taken("text")
    assert taken("layout")
    wall[0] += 0.02
    assert taken("text")
    runner.close()


@pytest.mark.parametrize("frames", [0, 1, 5])
def test_the_loop_ends_with_its_source(frames: int) -> None:
    loop = agent([], Says(None))
    loop.source = Source([], frames)
    assert len(list(iter(loop.tick, None))) == frames
