"""`wowbot apl`: its JSON contracts and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wowbot.cli.main import main


def out(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[Any]]:
    code = main(["apl", *args])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_parse_counts_and_exits_1_on_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.simc", tmp_path / "bad.simc"
    good.write_text("actions=a,if=x/b,if=x\nactions+=/variable,name=v,value=y\nactions.aoe=c,if=!z=3")
    bad.write_text("actions=a,if=(x")
    code, (first, second) = out(capsys, "parse", str(good), str(bad), "--json")
    assert code == 1
    assert {k: first[k] for k in ("file", "dialect", "lists", "entries", "expressions", "errors")} == {
        "file": str(good), "dialect": "modern", "lists": {"default": 3, "aoe": 1}, "entries": 4, "expressions": 3,
        "errors": [],
    }  # fmt: skip
    assert (first["warnings"][0]["line"], first["warnings"][0]["column"]) == (3, 18)
    assert "not closed" in second["errors"][0]["message"]
    assert out(capsys, "parse", str(good), "--json")[0] == 0


def test_parse_shows_a_caret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.simc").write_text("actions=a,if=x&&&y")
    assert main(["apl", "parse", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert "a.simc:1:17: error" in text
    assert "\n" + " " * 18 + "^\n" in text


def test_parse_counts_what_can_be_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.simc").write_text(
        "actions=a,if=health.pct<5/b,if=talent.x/c,if=raid_event.adds.in>3/d,if=target.time_to_die>3/e,if=no_such_thing"
    )
    _, (row,) = out(capsys, "parse", str(tmp_path / "a.simc"), "--perceivable", "--json")
    share = row["perceivable"]
    assert (share["entries"], share["perceivable"], share["with_profile_facts"]) == (5, 2, 3)
    assert share["hidden"] == {"raid_event.adds.in": 1, "no_such_thing": 1}


@pytest.mark.parametrize(
    ("expr", "state", "value"),
    [
        ("rage%3*2", {"rage": 40}, 40 / 3 * 2),
        ("1%0", {}, "inf"),
        ("0-1%0", {}, "-inf"),
        ("0%0", {}, "nan"),
        ("x", {}, None),
        ("x", {"x": None}, None),
        ("x+1", {"x": "inf"}, "inf"),
        ("x", {"x": True}, 1.0),
    ],
)
def test_eval_prints_value_and_error(
    capsys: pytest.CaptureFixture[str], expr: str, state: dict[str, Any], value: Any
) -> None:
    assert out(capsys, "eval", expr, "--state", json.dumps(state)) == (0, [{"value": value, "error": None}])


def test_eval_row_may_name_its_dialect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"expr": "10-3-2"}, {"expr": "10-3-2", "dialect": "wotlk"}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    _, answers = out(capsys, "eval", "--batch", str(tmp_path / "rows.jsonl"))
    assert [a["value"] for a in answers] == [5.0, 9.0]


def test_eval_batch_answers_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ['{"expr": "a+1", "state": {"a": 2}}', '{"expr": "!!a", "state": {}}', "not json", '{"expr": 5}',
            '{"expr": "a", "state": {"a": "x"}}']  # fmt: skip
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    code, answers = out(capsys, "eval", "--batch", str(tmp_path / "rows.jsonl"))
    assert code == 0
    assert answers[0] == {"value": 3.0, "error": None}
    assert [a["value"] for a in answers[1:]] == [None] * 4
    assert all(a["error"] for a in answers[1:])


def test_run_answers_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.simc").write_text("actions=a,if=u\nactions+=/call_action_list,name=x\nactions.x=b,target_if=max:d")
    state = {"terms": {"rage": 5}, "targets": [{"d": 1}, {"d": 7}]}
    (tmp_path / "s.json").write_text(json.dumps(state, indent=2))
    code, (row,) = out(capsys, "run", str(tmp_path / "a.simc"), "--state", str(tmp_path / "s.json"), "--json")
    assert code == 0
    assert row == {"action": "b", "list": "x", "line": 1, "target": 1, "wait_s": None, "unknown": ["u"]}


def test_run_batch_keeps_rows_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "actions=variable,name=v,op=add,value=1/a,if=variable.v=1/wait,sec=0.5"
    rows: list[Any] = [
        {"apl": text, "state": {"terms": {}}}, {"apl": text, "state": {"terms": {"variable.v": 1}}},
        {"apl": "actions=a,if=(", "state": {}}, {"apl": text}, {"apl": text, "state": {"targets": 3}}, 7,
    ]  # fmt: skip
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    _, answers = out(capsys, "run", "--batch", str(tmp_path / "rows.jsonl"))
    assert [(a["action"], a["wait_s"]) for a in answers] == [
        ("a", None), (None, 0.5), (None, None), ("a", None), (None, None), (None, None),
    ]  # fmt: skip
    assert ["error" in a for a in answers] == [False, False, True, False, True, True]


def test_run_with_trace_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.simc").write_text("actions=a,if=rage>9/b")
    (tmp_path / "s.json").write_text('{"terms": {"rage": 5}}')
    assert main(["apl", "run", str(tmp_path / "a.simc"), "--state", str(tmp_path / "s.json"), "--trace"]) == 0
    text = capsys.readouterr().out
    assert "rage=5 > 9 is false" in text
    assert "b on target 0 (default, line 2)" in text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["parse", "nowhere.simc"], "cannot be read"),
        (["parse", "x.simc", "--dialect", "modren"], "Did you mean 'modern'"),
        (["eval", "a", "--state", "{"], "is not JSON"),
        (["eval", "a", "--state", "nowhere.json"], "cannot be read"),
        (["eval"], "nothing to evaluate"),
        (["run"], "nothing to run"),
        (["run", "--batch", "nowhere.jsonl"], "cannot be read"),
    ],
)
def test_wrong_input_is_one_message_and_exit_2(capsys: pytest.CaptureFixture[str], args: list[str], words: str) -> None:
    assert main(["apl", *args]) == 2
    assert words in capsys.readouterr().err
