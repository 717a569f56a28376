"""The loop, and nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from wowbot.core.action import IDLE, Decision
from wowbot.core.clock import Clock
from wowbot.core.event import Mailbox, Runner
from wowbot.core.layout import Layout
from wowbot.core.protocols import ActionSink, FrameSource, Guard, Listener, Perception, Policy, Tap, Tracker
from wowbot.core.state import GameState
from wowbot.core.tick import Tick

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Agent:
    """Perceive, decide, act; once a call of `tick`.

    Args:
        policies: asked in order; the first decision that is not None stands, else idle.
        taps: see every finished tick; one that raises is taken off and named in the log.
        listeners: are told of frame and events before the policies are asked.
    """

    source: FrameSource
    perception: Perception
    tracker: Tracker
    policies: Sequence[Policy]
    guard: Guard
    sink: ActionSink
    clock: Clock
    mailbox: Mailbox
    runner: Runner
    layout_id: str = ""
    profile_id: str = ""
    taps: list[Tap] = field(default_factory=list)
    listeners: Sequence[Listener] = ()

    def tick(self) -> Tick | None:
        """One pass of the loop. None: the source has ended."""
        t0 = time.perf_counter_ns()
        frame = self.source.read()
        if frame is None:
            return None
        self.runner.advance(frame.t_ns)
        t1 = time.perf_counter_ns()
        events, keys = self.mailbox.take(frame.index), self.sink.drain()
        observation = self.perception.observe(frame, events)
        t2 = time.perf_counter_ns()
        state = self.tracker.update(observation, keys, events)
        t3 = time.perf_counter_ns()
        now_ns = self.clock.now_ns()
        for listener in self.listeners:
            listener.hear(frame, events)
        decision = self.decide(state)
        t4 = time.perf_counter_ns()
        verdict = self.guard.check(frame, state, decision, now_ns)
        if verdict.release:
            self.sink.release_all()
        accepted = tuple(a for want in verdict.actions if (a := self.sink.send(want)) is not None)
        for policy in self.policies:
            policy.settle(state, decision, accepted)
        t5 = time.perf_counter_ns()
        stage_ms = {
            "capture": (t1 - t0) / 1e6,
            "perception": (t2 - t1) / 1e6,
            "state": (t3 - t2) / 1e6,
            "decision": (t4 - t3) / 1e6,
            "action": (t5 - t4) / 1e6,
        }
        tick = Tick(
            frame, now_ns, observation, events, state, decision, verdict, accepted, keys,
            self.layout_id, self.profile_id, stage_ms,
        )  # fmt: skip
        self.follow(tick)
        return tick

    def decide(self, state: GameState) -> Decision:
        """The first policy with something to say."""
        for policy in self.policies:
            decision = policy.decide(state)
            if decision is not None:
                return decision
        return IDLE

    def follow(self, tick: Tick) -> None:
        """Show the tick to every tap."""
        for tap in tuple(self.taps):
            try:
                tap.on_tick(tick)
            except Exception:
                log.exception("tap %s failed and is taken off", type(tap).__name__)
                self.taps.remove(tap)

    def set_layout(self, layout: Layout) -> None:
        """Take a new layout; call between two ticks only."""
        self.perception.set_layout(layout)
        self.layout_id = layout.id

    def close(self) -> None:
        """Release the keys first, then close everything; each part is closed whatever another does."""
        closers = [self.sink.release_all, self.source.close, self.runner.close, self.sink.close]
        for close in [*closers, *(tap.close for tap in self.taps)]:
            try:
                close()
            except Exception:
                log.exception("closing %s failed", close)
