"""`wowbot bench latency`: every variant answers the flips, and the report says so."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import pytest

from wowbot.cli.bench import latency
from wowbot.core.errors import ConfigError


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    latency.configure(parser)
    return latency.main(parser.parse_args(words))


def test_a_size_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="WIDTHxHEIGHT"):
        run("--size", "big")


def test_a_line_carries_the_ratio_to_the_baseline() -> None:
    row = {
        "variant": "ours, eager",
        "p50_ms": 4.0,
        "p95_ms": 8.0,
        "p99_ms": 9.0,
        "ticks_per_s": 30.0,
        "cpu_pct": 14.0,
        "missed": 0,
    }
    text = latency.line(row, {**row, "p50_ms": 100.0})
    assert " 25.0x" in text
    assert "14 % of a core" in text


@pytest.mark.display
def test_ours_answers_every_flip_with_the_whole_hud_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--flips", "6", "--only", "ours, 60 Hz", "--only", "ours, eager", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["variant"], row["missed"]) for row in rows] == [("ours, 60 Hz", 0), ("ours, eager", 0)]
    assert all(row["p50_ms"] > 0 for row in rows)


@pytest.mark.display
def test_the_beginners_loop_runs_on_a_bare_server() -> None:
    # in a process of its own: how pyautogui takes screenshots is settled once, when it is first imported
    command = [
        sys.executable,
        "-m",
        "wowbot",
        "bench",
        "latency",
        "--flips",
        "3",
        "--only",
        "beginner, rotation",
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    (row,) = json.loads(done.stdout[done.stdout.index("{") :])["rows"]
    assert row["ticks_per_s"] > 0
