"""The seams of the loop. Everything concrete stands behind one of these; build.py alone names concrete parts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from wowbot.core.action import Action, Decision, KeyEvent, Verdict
from wowbot.core.event import Event
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout
from wowbot.core.reading import Observation
from wowbot.core.state import GameState
from wowbot.core.tick import Tick

Snapshot = Mapping[str, Any]
"""JSON-able state of a stateful part, so that a cut recording starts right."""


class FrameSource(Protocol):
    """Frames in order; None from `read` = there are no more."""

    name: str

    def open(self) -> None: ...
    def read(self) -> Frame | None: ...
    def close(self) -> None: ...


class Perception(Protocol):
    """Frame in, readings out. A failing reader gives unknowns with their why; it never raises into the loop."""

    def set_layout(self, layout: Layout) -> None: ...
    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation: ...


class Tracker(Protocol):
    """Joins observations over time into a game state. Time comes from the observation alone."""

    def update(self, observation: Observation, keys: Sequence[KeyEvent], events: Sequence[Event]) -> GameState: ...
    def want(self, terms: Collection[str]) -> None:
        """Make these terms too from now on: a list was taken over that reads more."""

    def snapshot(self) -> Snapshot: ...
    def restore(self, snapshot: Snapshot) -> None: ...


class Policy(Protocol):
    """Decides on a state. None = nothing to say, ask the next policy."""

    def decide(self, state: GameState) -> Decision | None: ...
    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Told once a tick what was decided (by whichever policy) and what the sink took of it."""

    def snapshot(self) -> Snapshot: ...
    def restore(self, snapshot: Snapshot) -> None: ...


class Listener(Protocol):
    """A policy that also wants the frame and the events of each tick, before it is asked."""

    def hear(self, frame: Frame, events: Sequence[Event]) -> None: ...


class Guard(Protocol):
    """The last gate before a key. Only it sees the live clock."""

    def check(self, frame: Frame, state: GameState, decision: Decision, now_ns: int) -> Verdict: ...


class ActionSink(Protocol):
    """Presses keys. `send` never waits: it returns the action as accepted, or None."""

    def send(self, action: Action) -> Action | None: ...
    def drain(self) -> tuple[KeyEvent, ...]: ...
    def release_all(self) -> None: ...
    def close(self) -> None: ...


class Tap(Protocol):
    """Sees every finished tick, answers nothing."""

    def on_tick(self, tick: Tick) -> None: ...
    def close(self) -> None: ...
