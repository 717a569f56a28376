"""All that happened in one pass of the loop; the unit of recording and replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wowbot.core.action import IDLE, Action, Decision, KeyEvent, Verdict
from wowbot.core.event import Event
from wowbot.core.frame import Frame
from wowbot.core.reading import Observation
from wowbot.core.state import GameState

STAGES = ("capture", "perception", "state", "decision", "action")


@dataclass(frozen=True, slots=True)
class Tick:
    """One pass of the loop.

    Args:
        frame, observation, events, state, decision, verdict: what flowed, in that order.
        now_ns: the agent's clock when the guard looked.
        accepted: the actions the sink took (a dry run counts its presses here too).
        keys: real key downs and ups completed since the last tick.
        layout_id, profile_id: what was in force.
        stage_ms: wall milliseconds per stage, see STAGES.
    """

    frame: Frame
    now_ns: int
    observation: Observation
    events: tuple[Event, ...]
    state: GameState
    decision: Decision
    verdict: Verdict
    accepted: tuple[Action, ...]
    keys: tuple[KeyEvent, ...]
    layout_id: str
    profile_id: str
    stage_ms: Mapping[str, float] = field(default_factory=dict)


def empty_tick(frame: Frame) -> Tick:
    """A tick on which nothing was read or decided: a frame that is only recorded."""
    index, t_ns = frame.index, frame.t_ns
    return Tick(
        frame, t_ns, Observation(index, t_ns, {}), (), GameState(index, t_ns, {}), IDLE, Verdict(), (), (), "", ""
    )  # fmt: skip
