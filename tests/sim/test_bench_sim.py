"""`wowbot bench sim` plays the time it was asked to and says what it took."""

from __future__ import annotations

import argparse
import json

import pytest

from wowbot.cli.bench import sim
from wowbot.core.tick import STAGES


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    sim.configure(parser)
    return parser.parse_args(given)


def test_bench_measures_game_time_and_every_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert sim.main(arguments("--seconds", "3", "--hz", "10", "--scenario", "pack", "--json")) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["game_s"] == pytest.approx(3.0)
    assert found["ticks"] == 30
    assert found["ratio"] == pytest.approx(found["game_s"] / found["real_s"])
    assert set(found["stage_us"]) == set(STAGES)


def test_bench_speaks_of_its_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    assert sim.main(arguments("--seconds", "1")) == 0
    assert "times real time" in capsys.readouterr().out
