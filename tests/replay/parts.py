"""Small real stages for replay tests: a reader of one bar, a tracker that smooths, a rule with a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.recording.ticks import LAYOUT, image_at
from wowbot.core.action import IDLE, Action, Decision, KeyEvent, TraceLine, Verdict
from wowbot.core.event import Event
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout
from wowbot.core.protocols import Snapshot
from wowbot.core.reading import Observation, Reading, unknown
from wowbot.core.state import GameState
from wowbot.core.tick import Tick
from wowbot.recording.choice import parse_choice
from wowbot.recording.schema import Header
from wowbot.recording.tap import RecordingTap, RecordOptions
from wowbot.replay.stages import Stages

HEADER = Header("live", "test", layout=LAYOUT)


class BarPerception:
    """Reads the green bar of `image_at`; takes the name from text events.

    Args:
        bias_pct: a deliberate fault.
    """

    def __init__(self, bias_pct: float = 0.0) -> None:
        self.bias_pct = bias_pct
        self.layout = LAYOUT
        self._name = unknown("no text yet")

    def set_layout(self, layout: Layout) -> None:
        self.layout = layout

    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation:
        assert frame.image is not None
        bar = self.layout.regions["player.health"].rect.crop(frame.image)
        pct = 100.0 * float((bar[0, :, 1] > 100).mean())
        for event in events:
            if event.kind == "text":
                self._name = Reading(str(event.payload["text"]), 0.9, "")
        seen = {"health.pct": Reading(pct + self.bias_pct), "target.name": self._name, "target.exists": Reading(1.0)}
        return Observation(frame.index, frame.t_ns, seen)


class SumTracker:
    """Passes readings on and counts the ticks it has seen, so that its state matters."""

    def __init__(self) -> None:
        self.count = 0

    def update(self, observation: Observation, keys: Sequence[KeyEvent], events: Sequence[Event]) -> GameState:
        self.count += 1
        values = {term: reading.value for term, reading in observation.readings.items()}
        return GameState(observation.index, observation.t_ns, values | {"ticks": float(self.count)})

    def snapshot(self) -> Snapshot:
        return {"count": self.count}

    def restore(self, snapshot: Snapshot) -> None:
        self.count = int(snapshot["count"])


class Threshold:
    """Heals below 40 pct, else nothing."""

    def __init__(self, below: float = 40.0) -> None:
        self.below = below
        self.last: Decision | None = None

    def decide(self, state: GameState) -> Decision | None:
        pct = state.number("health.pct")
        low = pct is not None and pct < self.below
        why = f"health.pct={pct:g} < {self.below:g}" + ("" if low else " is false")
        line = TraceLine("default.1", "fired" if low else "false", why)
        if low:
            self.last = Decision("rule", "default.1", why, (Action("key", "5", ability="heal"),), (line,), "heal")
            return self.last
        self.last = Decision("idle", trace=(line,))
        return None

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Nothing to settle."""

    def snapshot(self) -> Snapshot:
        return {}

    def restore(self, snapshot: Snapshot) -> None:
        """Nothing to restore."""


def stages(bias_pct: float = 0.0, below: float = 40.0) -> Stages:
    policy = Threshold(below)
    return Stages(BarPerception(bias_pct), SumTracker(), [policy], lambda: policy.last)


def live_run(count: int) -> list[Tick]:
    """What an agent made of these parts does on `count` frames."""
    perception, tracker, policy = BarPerception(), SumTracker(), Threshold()
    ticks = []
    for n in range(count):
        frame = Frame(n, 1_000_000_000 + n * 50_000_000, image_at(n), "test")
        events = (Event("text", n, {"text": "Kobold"}, n),) if n == 10 else ()
        seen = perception.observe(frame, events)
        state = tracker.update(seen, (), events)
        decision = policy.decide(state) or IDLE
        verdict = Verdict(decision.actions)
        ticks.append(
            Tick(frame, frame.t_ns, seen, events, state, decision, verdict, decision.actions, (), "small", "test")
        )
    return ticks


def recorded_run(path: Path, count: int = 100, frames: str = "all") -> Path:
    """The run as a file, with the snapshots its parts gave on the way."""
    tracker = SumTracker()
    tap = RecordingTap(path, HEADER, RecordOptions(parse_choice(frames), min_free_mb=0), {"tracker": tracker})
    for tick in live_run(count):
        tracker.count += 1
        tap.on_tick(tick)
    tap.close()
    return path


def with_events_removed(tick: Tick) -> Tick:
    return replace(tick, events=())
