"""Each stage run again on the inputs it had: perception on frames and events, state on readings, decision on states.

So a change shows in the stage that changed and nowhere else. Worker results and model answers come out of the recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from wowbot.core.action import IDLE, Decision
from wowbot.core.errors import RecordingError
from wowbot.core.event import Event
from wowbot.core.layout import Layout
from wowbot.core.protocols import Listener, Perception, Policy, Snapshot, Tracker
from wowbot.core.reading import Observation
from wowbot.core.state import GameState
from wowbot.core.tick import Tick

Stage = Literal["perception", "state", "decision"]
STAGES: tuple[Stage, ...] = ("perception", "state", "decision")


@dataclass(frozen=True, slots=True)
class Stages:
    """The parts to run again, put together by build.

    Args:
        perception: None = that stage cannot be run (no layout was recorded).
        policies: asked in order, as in the loop.
        latest: what the rules came to when they were last asked, also where that was nothing; for its trace.
        listeners: told of frame and events before the policies are asked, as in the loop.
    """

    perception: Perception | None
    tracker: Tracker
    policies: Sequence[Policy]
    latest: Callable[[], Decision | None] = lambda: None
    listeners: Sequence[Listener] = ()

    def restore(self, snapshots: Mapping[str, Snapshot]) -> None:
        """Start as the recorded run stood: part "tracker" and parts "policy.0", "policy.1" ...

        Raises:
            RecordingError: a snapshot does not fit its part.
        """
        parts: dict[str, Tracker | Policy] = {"tracker": self.tracker}
        parts |= {f"policy.{n}": policy for n, policy in enumerate(self.policies)}
        for name, part in parts.items():
            if name in snapshots:
                try:
                    part.restore(snapshots[name])
                except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
                    raise RecordingError(
                        f"the recorded snapshot of {name} does not fit this version ({type(error).__name__}: {error}); "
                        "replay from the start of the recording"
                    ) from error


class Replayed(NamedTuple):
    """One tick and what the stages made of it now; None where a stage was not run on it."""

    tick: Tick
    observation: Observation | None = None
    state: GameState | None = None
    decision: Decision | None = None


@dataclass(slots=True)
class Replay:
    """Runs chosen stages over recorded ticks.

    Args:
        stages: the parts; they are used up.
        layouts: by id, for ticks under another layout than the one before.
        chosen: which stages.
        layout_id: of the layout the perception was made with; "" = that of the first tick.
        chain: hand each stage what the one before gives now instead of what was recorded; shows what a change in one
            stage does to the next.
    """

    stages: Stages
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    chosen: Sequence[Stage] = STAGES
    chain: bool = False
    layout_id: str = ""
    _held: tuple[Event, ...] = ()

    def run(self, ticks: Iterable[Tick]) -> Iterator[Replayed]:
        """The ticks, each with what the chosen stages make of it."""
        for tick in ticks:
            observation = self._observe(tick) if "perception" in self.chosen else None
            seen = observation if self.chain and observation is not None else tick.observation
            state = self._track(tick, seen) if "state" in self.chosen else None
            known = state if self.chain and state is not None else tick.state
            decision = self._decide(tick, known) if "decision" in self.chosen else None
            yield Replayed(tick, observation, state, decision)

    def _observe(self, tick: Tick) -> Observation | None:
        """Perception on the recorded frame; the events of ticks whose frame was not kept come with the next one."""
        self._held += tick.events
        perception = self.stages.perception
        if perception is None or tick.frame.image is None:
            return None
        if tick.layout_id != self.layout_id:
            if self.layout_id and tick.layout_id in self.layouts:
                perception.set_layout(self.layouts[tick.layout_id])
            self.layout_id = tick.layout_id
        events, self._held = self._held, ()
        return perception.observe(tick.frame, events)

    def _track(self, tick: Tick, seen: Observation) -> GameState:
        return self.stages.tracker.update(seen, tick.keys, tick.events)

    def _decide(self, tick: Tick, state: GameState) -> Decision:
        """The first policy with something to say; all are then told what really was decided and done."""
        found = IDLE
        for listener in self.stages.listeners:
            listener.hear(tick.frame, tick.events)
        for policy in self.stages.policies:
            decision = policy.decide(state)
            if decision is not None:
                found = decision
                break
        for policy in self.stages.policies:
            policy.settle(state, tick.decision, tick.accepted)
        return found
