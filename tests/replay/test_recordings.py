"""Every shipped recording through every stage: unchanged against its references, right against its truth."""

from __future__ import annotations

import pytest

from wowbot.cli.refs import run_case
from wowbot.config import data_dir
from wowbot.recording.reader import Recording
from wowbot.recording.upkeep import verify
from wowbot.replay.cases import RECORDING_MB, TOGETHER_MB, Case, find_cases

FOLDER = data_dir("recordings")
CASES = find_cases(FOLDER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_shipped_recording_replays_as_it_was_accepted(case: Case) -> None:
    outcome = run_case(case, make_refs=False)
    told = [line for diff in outcome.diffs.values() if diff.differing for line in diff.lines()]
    assert outcome.same, "\n".join(told)
    assert not outcome.score.wrong
    assert outcome.ticks > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_shipped_recording_is_sound_small_and_says_why_it_exists(case: Case) -> None:
    assert verify(case.recording).sound
    assert case.has_refs
    assert case.recording.stat().st_size <= RECORDING_MB * 1e6
    assert len((case.folder / "README.md").read_text(encoding="utf-8").split()) >= 10
    with Recording(case.recording) as recording:
        assert recording.header.profile is not None


def test_the_shipped_recordings_are_small_together_and_of_every_kind() -> None:
    total = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    assert total <= TOGETHER_MB * 1e6
    assert len(CASES) >= 8
