"""`wowbot bench rules`."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from wowbot.apl.expression import parse
from wowbot.apl.syntax import names
from wowbot.apl.traced import evaluate
from wowbot.cli.bench.rules import LINES, TERMS, make_conditions
from wowbot.cli.main import main


@pytest.mark.parametrize("worst", [False, True])
def test_benchmark_list_has_its_size_and_every_line_is_false(worst: bool) -> None:
    conditions, state = make_conditions(random.Random(3), worst=worst)
    nodes = [parse(text).node for text in conditions]
    assert (len(nodes), sum(len(list(names(node))) for node in nodes)) == (LINES, TERMS)
    assert {evaluate(node, state.get) for node in nodes} == {0.0}


def test_benchmark_prints_each_form_against_eval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.simc").write_text("actions=a,if=x/b")
    assert main(["bench", "rules", "--scans", "30", "--list", str(tmp_path / "a.simc"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    for label in ("typical", "worst"):
        assert set(result[label]) == {"compiled_us", "traced_us", "eval_text_us", "eval_code_us"}
        assert all(value > 0 for value in result[label].values())
    assert result["load"]["entries"] == 2
