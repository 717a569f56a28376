"""One recording through the stages: compared with what was recorded or with its references, and scored by its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from wowbot.core.tick import Tick
from wowbot.replay.compare import LongLine, StageDiff
from wowbot.replay.refs import RefReader, RefWriter
from wowbot.replay.rows import Row, decision_row, perception_row, state_row
from wowbot.replay.stages import Replay, Replayed, Stage
from wowbot.replay.truth import Truth, TruthScore, seen_or_known


def _ignore(_line: str) -> None:
    return None


class Baseline(Protocol):
    """What the stages are compared with: pairs of rows, None where the two are plainly equal."""

    def rows(self, stage: Stage, done: Replayed) -> tuple[Row, Row] | None: ...


class AgainstRecorded:
    """What the run itself gave, ages included."""

    def rows(self, stage: Stage, done: Replayed) -> tuple[Row, Row] | None:
        """(recorded, now); equal values are told apart before any row is made."""
        tick = done.tick
        if stage == "perception" and done.observation is not None:
            was, now = tick.observation, done.observation
            return None if was.readings == now.readings else (perception_row(was), perception_row(now))
        if stage == "state" and done.state is not None:
            old, new = tick.state, done.state
            same = old.values == new.values and old.details == new.details and old.targets == new.targets
            return None if same else (state_row(old), state_row(new))
        if stage == "decision" and done.decision is not None:
            return decision_row(tick.decision), decision_row(done.decision)
        return None


class AgainstRefs:
    """What the stages gave when the references were last accepted.

    Args:
        folder: the recording's `refs` folder.
    """

    def __init__(self, folder: Path) -> None:
        self._readers: dict[Stage, RefReader] = {}
        self._folder = folder

    def rows(self, stage: Stage, done: Replayed) -> tuple[Row, Row] | None:
        """(reference, now)."""
        if stage not in self._readers:
            self._readers[stage] = RefReader(self._folder / f"{stage}.jsonl")
        row = stage_row(stage, done)
        return None if row is None else (self._readers[stage].row(done.tick.frame.index), row)


def stage_row(stage: Stage, done: Replayed) -> Row | None:
    """A stage's row as references hold it; None where the stage was not run."""
    if stage == "perception":
        return None if done.observation is None else perception_row(done.observation)
    if stage == "state":
        return None if done.state is None else state_row(done.state, ages=False)
    return None if done.decision is None else decision_row(done.decision)


@dataclass(slots=True)
class Outcome:
    """What a replay found.

    Args:
        diffs: by stage.
        score: against the truth.
        lines: by stage, the new reference lines, where asked for.
    """

    diffs: dict[Stage, StageDiff]
    score: TruthScore = field(default_factory=TruthScore)
    lines: dict[Stage, list[str]] = field(default_factory=dict)
    ticks: int = 0

    @property
    def same(self) -> bool:
        return not any(diff.differing for diff in self.diffs.values())

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, in a fixed order and without any time of the machine."""
        return {
            "ticks": self.ticks,
            "stages": {stage: diff.as_dict() for stage, diff in self.diffs.items()},
            "truth": self.score.as_dict(),
        }


@dataclass(slots=True)
class Examination:
    """Drives one replay.

    Args:
        replay: the stages to run.
        baseline: None = compare with nothing.
        truth: by frame index.
        make_refs: collect reference lines.
        long: takes each line of the long diff.
        progress: told after each tick how many were done.
    """

    replay: Replay
    baseline: Baseline | None = None
    truth: Truth = field(default_factory=dict)
    make_refs: bool = False
    long: LongLine = _ignore
    progress: Callable[[int], None] = lambda _n: None

    def run(self, ticks: Iterable[Tick], first_t_ns: int) -> Outcome:
        """Replay all ticks.

        Args:
            first_t_ns: the recording's first tick, from which seconds are counted.
        """
        outcome = Outcome({stage: StageDiff(stage) for stage in self.replay.chosen})
        writers = {stage: RefWriter() for stage in self.replay.chosen}
        outcome.lines = {stage: [] for stage in self.replay.chosen}
        for done in self.replay.run(ticks):
            outcome.ticks += 1
            t_s = (done.tick.frame.t_ns - first_t_ns) / 1e9
            for stage in self.replay.chosen:
                self._compare(outcome.diffs[stage], stage, done, t_s)
                if self.make_refs and (row := stage_row(stage, done)) is not None:
                    line = writers[stage].line(done.tick.frame.index, t_s, row)
                    outcome.lines[stage] += [] if line is None else [line]
            if done.tick.frame.index in self.truth:
                find = seen_or_known(done.observation, done.state)
                outcome.score.take(done.tick.frame.index, self.truth[done.tick.frame.index], find)
            self.progress(outcome.ticks)
        return outcome

    def _compare(self, diff: StageDiff, stage: Stage, done: Replayed, t_s: float) -> None:
        if stage == "perception" and done.observation is None:
            diff.skipped += 1
            return
        pair = None if self.baseline is None else self.baseline.rows(stage, done)
        if pair is None:
            diff.ticks += 1
        else:
            diff.take(done.tick.frame.index, t_s, *pair, self.long)
