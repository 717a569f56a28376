"""References: written once, read back, replaced all together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.replay.parts import live_run, recorded_run, stages
from wowbot.core.errors import RecordingError
from wowbot.recording.reader import Recording
from wowbot.replay.cases import Case, Proposal, Update, find_cases, score_refs, write_case
from wowbot.replay.refs import RefReader, RefWriter
from wowbot.replay.rows import Row, canonical
from wowbot.replay.run import AgainstRefs, Examination, Outcome
from wowbot.replay.stages import Replay
from wowbot.replay.truth import load_truth, right

_rows = st.dictionaries(
    st.sampled_from("abcdef"), st.one_of(st.none(), st.integers(-5, 5), st.text(max_size=3)), max_size=4
)


@given(st.lists(_rows, min_size=1, max_size=8))
def test_lines_read_back_as_the_rows_they_were_made_of(rows: list[Row]) -> None:
    import tempfile

    writer = RefWriter()
    lines = [line for n, row in enumerate(rows) if (line := writer.line(n, n / 20, row)) is not None]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "perception.jsonl"
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        reader = RefReader(path)
        assert [reader.row(n) for n in range(len(rows))] == rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, 1), (True, 1), (0.12345, 0.123), (-0.0001, 0), (float("inf"), "inf"), (float("nan"), "nan"), (None, None),
        ({"b": 1.0, "a": (2.0,)}, {"a": [2], "b": 1}),
    ],
    ids=str,
)  # fmt: skip
def test_numbers_are_written_in_one_way(value: object, text: object) -> None:
    assert repr(canonical(value)) == repr(text)


def case_of(folder: Path, name: str, truth: dict[int, float] | None = None) -> Case:
    (folder / name).mkdir()
    recorded_run(folder / name / "recording.mcap", 40)
    for index, pct in (truth or {}).items():
        write_case(folder / name, index, {"health.pct": pct}, "made for a test")
    return Case(folder / name)


def ran(case: Case, bias_pct: float = 0.0, make_refs: bool = False) -> Outcome:
    baseline = AgainstRefs(case.refs) if case.has_refs else None
    with Recording(case.recording) as recording:
        examination = Examination(
            Replay(stages(bias_pct), recording.layouts), baseline, load_truth(case.truth), make_refs
        )
        return examination.run(recording.ticks(), recording.index.first_t_ns)


def updated(cases: list[Case], why: str, bias_pct: float = 0.0) -> list[str]:
    change = Update(why)
    for case in cases:
        now = ran(case, bias_pct, make_refs=True)
        change.take(Proposal(case, now if case.has_refs else None, now))
    return change.write(cases[0].folder.parent / "CHANGES.md")


def test_what_was_accepted_is_what_is_checked(tmp_path: Path) -> None:
    case = case_of(tmp_path, "one")
    assert updated([case], "first") == ["one"]
    assert case.has_refs
    assert ran(case).same
    changed = ran(case, bias_pct=-4.0)
    assert set(changed.diffs["perception"].terms) == {"health.pct"}
    assert updated([case], "again") == []
    assert updated([case], "biased on purpose", bias_pct=-4.0) == ["one"]
    assert ran(case, bias_pct=-4.0).same
    assert (tmp_path / "CHANGES.md").read_text(encoding="utf-8") == "- one: first\n- one: biased on purpose\n"


def test_nothing_is_replaced_when_one_case_got_worse_against_its_truth(tmp_path: Path) -> None:
    true_pct = float(live_run(6)[5].state.values["health.pct"] or 0.0)
    cases = [case_of(tmp_path, "one"), case_of(tmp_path, "two", {5: true_pct})]
    updated(cases, "first")
    before = {p: p.read_bytes() for p in sorted(tmp_path.rglob("*.jsonl"))}
    with pytest.raises(RecordingError, match="two: 1 values are wrong, 0 were"):
        updated(cases, "worse", bias_pct=-4.0)
    assert {p: p.read_bytes() for p in sorted(tmp_path.rglob("*.jsonl"))} == before
    assert not list(tmp_path.glob("*/refs-*"))


def test_the_truth_scores_references_as_it_scores_readings(tmp_path: Path) -> None:
    case = case_of(tmp_path, "one", {5: 12.0})
    updated([case], "first")
    assert len(score_refs(case).wrong) == len(ran(case).score.wrong) == 1


def test_a_term_that_is_there_and_not_read_is_unread_not_wrong(tmp_path: Path) -> None:
    case = case_of(tmp_path, "one")
    write_case(case.folder, 3, {"mana.pct": 50.0, "target.name": None, "health.pct": 85.0}, "x")
    score = ran(case).score
    assert (score.checked, score.unknown, score.wrong) == (3, 1, [])


@pytest.mark.parametrize(
    ("term", "value", "found", "good"),
    [
        ("health.pct", 50.0, 52.0, True),
        ("health.pct", 50.0, 52.1, False),
        ("combo_points", 2.0, 3.0, False),
        ("target.name", "Kobold", "Kobold", True),
        ("target.name", "Kobold", "kobold", False),
        ("in_combat", 1.0, 0.0, False),
    ],
)
def test_right_means_within_the_units_tolerance(term: str, value: float | str, found: float | str, good: bool) -> None:
    assert right(term, value, found) is good


def test_an_unknown_case_is_named_with_what_there_is(tmp_path: Path) -> None:
    case_of(tmp_path, "one")
    assert [case.name for case in find_cases(tmp_path)] == ["one"]
    with pytest.raises(RecordingError, match="there are: one"):
        find_cases(tmp_path, ["two"])


def test_a_broken_reference_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    path.write_text('{"i": 0, "set": {}}\nnonsense\n', encoding="utf-8")
    with pytest.raises(RecordingError, match=r"state\.jsonl:2"):
        RefReader(path).row(0)
