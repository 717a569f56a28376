"""One decision, explained from the recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.replay.parts import recorded_run, stages
from wowbot.core.errors import RecordingError
from wowbot.recording.reader import Recording
from wowbot.replay.why import Explained, explain


def told_at(path: Path, t_s: float, trace: bool = True) -> Explained:
    with Recording(path) as recording:
        first = recording.index.first_t_ns
        ticks = recording.ticks(start=recording.start_at(t_s=t_s))
        return explain(ticks, first + round(t_s * 1e9), first, stages() if trace else None)


def test_a_fired_rule_is_told_with_its_values(tmp_path: Path) -> None:
    lines = list(told_at(recorded_run(tmp_path / "a.mcap"), 0.75).lines())
    assert lines[0] == "tick 15 at 0.750 s, profile test"
    assert lines[1] == "decided by rule: default.1 heal because health.pct=25 < 40"
    assert lines[2] == "keys: key 5"
    assert lines[-1] == " => default.1        fired     health.pct=25 < 40"


def test_an_idle_tick_is_traced_now_and_says_so(tmp_path: Path) -> None:
    told = told_at(recorded_run(tmp_path / "a.mcap"), 0.5)
    assert told.traced_now
    assert [line.why for line in told.trace] == ["health.pct=50 < 40 is false"]
    assert told.as_dict()["trace"][0]["verdict"] == "false"


def test_without_stages_the_missing_trace_is_said(tmp_path: Path) -> None:
    told = told_at(recorded_run(tmp_path / "a.mcap"), 0.5, trace=False)
    assert "no trace was recorded" in list(told.lines())[-1]


def test_no_tick_no_reason() -> None:
    with pytest.raises(RecordingError, match="no tick"):
        explain([], 0, 0, None)
