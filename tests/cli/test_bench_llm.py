"""`wowbot bench llm`: the fight is played, the stand-in is asked, the ratios are there."""

from __future__ import annotations

import json

import pytest

from wowbot.cli.bench.llm import CONSULT, asking
from wowbot.cli.main import main
from wowbot.decision.profile import load_profile


def test_bench_compares_each_latency_with_the_run_without_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "llm", "--latency", "0.1", "--seconds", "1", "--hz", "20", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["without"]["p95_ms"] > 0 and set(report["with"]) == {"0.1"}


def test_only_the_runs_with_a_model_have_a_back_end() -> None:
    profile = load_profile("mage")
    without, with_model = asking(profile, "dashscope", "u", 0.0), asking(profile, "dashscope", "u", 3.0)
    assert (without.facts.llm.backend, with_model.facts.llm.backend) == ("", "dashscope")
    assert CONSULT in without.rules_text and without.rules_text == with_model.rules_text
