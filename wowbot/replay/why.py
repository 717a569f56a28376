"""Why this key and not that one: one decision of a recording, told line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wowbot.core.action import Decision, TraceLine
from wowbot.core.errors import RecordingError
from wowbot.core.tick import Tick
from wowbot.replay.rows import action_text
from wowbot.replay.stages import Replay, Stages

_MARKS = {"fired": "=>", "false": " -", "unknown": " ?", "not_ready": " .", "called": " >", "skipped": "  "}


@dataclass(frozen=True, slots=True)
class Explained:
    """One tick and the decision on it.

    Args:
        t_s: seconds since the recording began.
        decision: as recorded.
        trace: recorded, or made now where the run kept none.
        traced_now: whether it was made now.
    """

    tick: Tick
    t_s: float
    decision: Decision
    trace: tuple[TraceLine, ...]
    traced_now: bool = False

    def lines(self) -> Iterator[str]:
        """For people."""
        tick, decision = self.tick, self.decision
        yield f"tick {tick.frame.index} at {self.t_s:.3f} s, profile {tick.profile_id or '(none)'}"
        what = f"{decision.rule} {decision.ability}".strip() or "nothing to do"
        yield f"decided by {decision.source}: {what}" + (f" because {decision.reason}" if decision.reason else "")
        yield f"keys: {', '.join(action_text(a) for a in tick.accepted) or 'none pressed'}"
        for veto in tick.verdict.vetoes:
            yield f"held back: {veto.cause} {veto.detail}".rstrip()
        if decision.unknown:
            yield f"not known: {', '.join(decision.unknown)}"
        if not self.trace:
            yield "no trace was recorded; the rules were not asked on this tick"
            return
        yield "lines looked at" + (" (traced now, on the recorded state)" if self.traced_now else "") + ":"
        for line in self.trace:
            yield f" {_MARKS[line.verdict]} {line.rule:<16} {line.verdict:<9} {line.why}".rstrip()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        tick, decision = self.tick, self.decision
        return {
            "index": tick.frame.index,
            "t_s": round(self.t_s, 3),
            "profile": tick.profile_id,
            "source": decision.source,
            "rule": decision.rule,
            "ability": decision.ability,
            "reason": decision.reason,
            "pressed": [action_text(a) for a in tick.accepted],
            "vetoes": [{"cause": v.cause, "detail": v.detail} for v in tick.verdict.vetoes],
            "unknown": list(decision.unknown),
            "trace": [line._asdict() for line in self.trace],
            "traced_now": self.traced_now,
        }


def explain(ticks: Iterable[Tick], t_ns: int, first_t_ns: int, stages: Stages | None) -> Explained:
    """The decision on the last tick at or before a time.

    Args:
        ticks: from some start before it on.
        stages: to trace now what the run did not, restored to that start; None = do not.

    Raises:
        RecordingError: no tick is that early.
    """
    replay = None if stages is None else Replay(stages, chosen=("decision",))
    found: Tick | None = None
    trace: tuple[TraceLine, ...] = ()
    for tick in ticks:
        if found is not None and tick.frame.t_ns > t_ns:
            break
        found, trace = tick, _traced_now(replay, tick)
    if found is None:
        raise RecordingError("the recording holds no tick")
    t_s = (found.frame.t_ns - first_t_ns) / 1e9
    recorded = found.decision.trace
    return Explained(found, t_s, found.decision, recorded or trace, not recorded and bool(trace))


def _traced_now(replay: Replay | None, tick: Tick) -> tuple[TraceLine, ...]:
    """The trace the rules give on this tick; empty where they are not asked."""
    if replay is None:
        return ()
    before = replay.stages.latest()
    done = next(replay.run([tick]))
    after = replay.stages.latest()
    if done.decision is not None and done.decision.trace:
        return done.decision.trace
    return after.trace if after is not None and after is not before else ()
