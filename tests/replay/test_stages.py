"""Every stage runs again on what it had; a change shows where it was made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.recording.ticks import LAYOUT
from tests.replay.parts import BarPerception, live_run, recorded_run, stages, with_events_removed
from wowbot.core.errors import RecordingError
from wowbot.recording.reader import Recording
from wowbot.replay.run import AgainstRecorded, Examination, Outcome
from wowbot.replay.stages import STAGES, Replay, Stage, Stages


def examined(path: Path, parts: Stages, chosen: tuple[Stage, ...] = STAGES, chain: bool = False) -> Outcome:
    with Recording(path) as recording:
        replay = Replay(parts, recording.layouts, chosen, chain)
        return Examination(replay, AgainstRecorded()).run(recording.ticks(), recording.index.first_t_ns)


def test_an_unchanged_agent_replays_without_any_difference(tmp_path: Path) -> None:
    outcome = examined(recorded_run(tmp_path / "a.mcap"), stages())
    assert outcome.same
    assert [(d.stage, d.ticks, d.skipped) for d in outcome.diffs.values()] == [
        ("perception", 100, 0),
        ("state", 100, 0),
        ("decision", 100, 0),
    ]


def test_a_bias_of_4_pct_in_one_reader_shows_as_that_term_in_perception_alone(tmp_path: Path) -> None:
    outcome = examined(recorded_run(tmp_path / "a.mcap"), stages(bias_pct=-4.0))
    seen = outcome.diffs["perception"]
    assert set(seen.terms) == {"health.pct"}
    assert seen.terms["health.pct"].ticks == 100
    assert seen.terms["health.pct"].most == pytest.approx(4.0)
    assert (seen.terms["health.pct"].was, seen.terms["health.pct"].now) == (100, 96)
    assert not outcome.diffs["state"].terms
    assert not outcome.diffs["decision"].terms


def test_handed_on_the_bias_changes_only_the_decisions_it_changes(tmp_path: Path) -> None:
    outcome = examined(recorded_run(tmp_path / "a.mcap"), stages(bias_pct=-4.0), chain=True)
    true_pct = [float(tick.state.values["health.pct"] or 0.0) for tick in live_run(100)]
    changed = [n for n, pct in enumerate(true_pct) if (pct < 40) != (pct - 4 < 40)]
    assert changed
    assert set(outcome.diffs["perception"].terms) == {"health.pct"}
    assert set(outcome.diffs["state"].terms) == {"health.pct"}
    decisions = outcome.diffs["decision"].terms
    assert set(decisions) == {"idle -> default.1 heal"}
    assert decisions["idle -> default.1 heal"].ticks == len(changed)
    assert decisions["idle -> default.1 heal"].first_index == changed[0]


def test_another_rule_shows_in_decisions_alone(tmp_path: Path) -> None:
    outcome = examined(recorded_run(tmp_path / "a.mcap"), stages(below=30.0))
    assert [stage for stage, diff in outcome.diffs.items() if diff.terms] == ["decision"]
    assert "default.1 heal -> idle" in outcome.diffs["decision"].terms


def test_worker_results_come_out_of_the_recording(tmp_path: Path) -> None:
    path = recorded_run(tmp_path / "a.mcap")
    with Recording(path) as recording:
        bare = [with_events_removed(tick) for tick in recording.ticks()]
    deaf = Examination(Replay(stages(), chosen=("perception",)), AgainstRecorded()).run(bare, bare[0].frame.t_ns)
    assert set(deaf.diffs["perception"].terms) == {"target.name"}
    assert deaf.diffs["perception"].terms["target.name"].first_index == 10


def test_a_worker_result_of_a_tick_without_a_frame_comes_with_the_next_frame() -> None:
    ticks = [replace(t, frame=replace(t.frame, image=None)) if t.frame.index in (10, 11) else t for t in live_run(20)]
    outcome = Examination(Replay(stages(), chosen=("perception",)), AgainstRecorded()).run(ticks, 0)
    assert outcome.same
    assert outcome.diffs["perception"].skipped == 2


def test_ticks_without_a_frame_are_counted_and_left_out_of_perception(tmp_path: Path) -> None:
    outcome = examined(recorded_run(tmp_path / "a.mcap", frames="5fps"), stages())
    assert (outcome.diffs["perception"].ticks, outcome.diffs["perception"].skipped) == (25, 75)
    assert outcome.diffs["state"].ticks == 100


def test_another_layout_comes_in_with_the_first_tick_that_uses_it(tmp_path: Path) -> None:
    moved = replace(LAYOUT, id="moved")
    ticks = [replace(tick, layout_id="moved" if n >= 5 else "small") for n, tick in enumerate(live_run(10))]
    parts = stages()
    seen = []
    for done in Replay(parts, {"moved": moved}, ("perception",), layout_id="small").run(ticks):
        assert done.observation is not None
        assert isinstance(parts.perception, BarPerception)
        seen.append(parts.perception.layout.id)
    assert seen == ["small"] * 5 + ["moved"] * 5


def test_regions_alone_replay_as_whole_frames_do(tmp_path: Path) -> None:
    assert examined(recorded_run(tmp_path / "a.mcap", frames="regions"), stages()).same


def test_a_replay_from_the_middle_starts_with_the_snapshot(tmp_path: Path) -> None:
    with Recording(recorded_run(tmp_path / "a.mcap")) as recording:
        start = recording.start_at(t_s=3.0)
        assert start is not None
        assert start.frame_index > 0
        parts = stages()
        parts.restore(recording.snapshots(start))
        replay = Replay(parts, recording.layouts, ("state",))
        outcome = Examination(replay, AgainstRecorded()).run(recording.ticks(start=start), recording.index.first_t_ns)
    assert outcome.same
    assert outcome.ticks == 100 - start.frame_index


def test_a_snapshot_of_another_kind_is_refused_with_the_part_named() -> None:
    with pytest.raises(RecordingError, match="tracker"):
        stages().restore({"tracker": {"other": 1}})


def test_two_replays_give_the_same_text(tmp_path: Path) -> None:
    path = recorded_run(tmp_path / "a.mcap")
    assert examined(path, stages(-4.0)).as_dict() == examined(path, stages(-4.0)).as_dict()
