"""The commands that read recordings, end to end on a short run of the training ground."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recording.test_tap import record
from wowbot.cli.main import main


@pytest.fixture(scope="module")
def sim_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds of a mage's fight, kept as seed and actions."""
    path = tmp_path_factory.mktemp("run") / "fight.mcap"
    args = ["--profile", "mage", "--world", "sim", "--seed", "3", "--seconds", "3", "--size", "1024x768", "--json"]
    assert main(["run", *args, "--record", str(path)]) == 0
    return path


def test_a_run_replays_through_every_stage_without_difference(
    sim_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = tmp_path / "long.jsonl"
    code = main(["replay", str(sim_run), "--json", "--long", str(long)])
    told = json.loads(capsys.readouterr().out)
    assert {stage: diff["terms"] for stage, diff in told["stages"].items()} == {stage: {} for stage in told["stages"]}
    assert {stage: diff["ticks"] for stage, diff in told["stages"].items()} == dict.fromkeys(told["stages"], 61)
    assert code == 0
    assert not long.exists()


def test_another_profile_shows_what_it_would_have_done(sim_run: Path, tmp_path: Path) -> None:
    args = ["--profile", "priest", "--long", str(tmp_path / "long.jsonl")]
    assert main(["replay", str(sim_run), *args]) == 1
    assert (tmp_path / "long.jsonl").stat().st_size > 0


def test_why_tells_the_rule_and_draws_the_frame(
    sim_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", str(sim_run), "--at", "2.5s", "--png", str(tmp_path / "why.png"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["index"] == 50
    assert told["trace"]
    assert (tmp_path / "why.png").read_bytes().startswith(b"\x89PNG")


def test_why_behind_the_end_is_wrong_input(sim_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", str(sim_run), "--at", "99s"]) == 2
    assert "lasts 3.0 s" in capsys.readouterr().err


def test_a_bug_report_becomes_a_case_that_fails_until_it_is_mended(
    sim_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ["--at", "2.2s", "--term", "health.pct=3", "--name", "bug", "--recordings", str(tmp_path)]
    assert main(["recording", "to-test", str(sim_run), *args]) == 0
    assert main(["refs", "check", "--recordings", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["bug"]["truth"] == {"checked": 1, "unknown": 0, "wrong": 1}
    assert told["bug"]["stages"]["perception"]["skipped"] == 0


def test_references_are_made_checked_and_not_updated_in_ci(
    sim_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fight").mkdir()
    (tmp_path / "fight" / "recording.mcap").write_bytes(sim_run.read_bytes())
    where = ["--recordings", str(tmp_path)]
    assert main(["refs", "update", "--ci", "--why", "x", *where]) == 2
    assert main(["refs", "update", "--why", "first", *where]) == 0
    assert main(["refs", "check", *where]) == 0
    assert "fight: ok" in capsys.readouterr().out
    assert main(["replay", str(tmp_path / "fight"), "--against", "refs", "--stage", "decision"]) == 0


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return record(tmp_path / "small.mcap", 50)


def test_info_and_verify_of_a_sound_file(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recording", "info", str(small), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ticks"], told["frames"], told["kept"], told["ended"]) == (50, 50, "all", "as it should")
    assert main(["recording", "verify", str(small)]) == 0


def test_a_torn_file_is_told_mended_and_then_sound(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small.write_bytes(small.read_bytes()[:-4000])
    assert main(["recording", "verify", str(small)]) == 1
    assert "recover" in capsys.readouterr().out
    assert main(["recording", "recover", str(small)]) == 0
    assert main(["recording", "verify", str(small)]) == 0


def test_cut_and_export(small: Path, tmp_path: Path) -> None:
    assert main(["recording", "cut", str(small), str(tmp_path / "b.mcap"), "--from", "0.5s", "--to", "1s"]) == 0
    export = ["--png", str(tmp_path / "png"), "--csv", str(tmp_path / "a.csv"), "--mp4", str(tmp_path / "a.mp4")]
    assert main(["recording", "export", str(tmp_path / "b.mcap"), *export]) == 0
    assert len(list((tmp_path / "png").glob("*.png"))) == 21


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["recording", "info", "nowhere.mcap"], "no such file"),
        (["recording", "export", "{}"], "say what to export"),
        (["recording", "to-test", "{}", "--at", "1s", "--term", "helth.pct=3"], "health.pct"),
        (["recording", "to-test", "{}", "--at", "1s", "--term", "health.pct=low"], "expected a number"),
        (["recording", "cut", "{}", "{}"], "is the recording itself"),
        (["replay", "{}", "--against", "refs"], "no references"),
        (["replay", "{}"], "profile test: missing rules"),
        (["record", "--window", "x", "--out", "x.mcap", "--fps", "0"], "--fps"),
        (["record", "--window", "x", "--out", "x.mcap", "--mask", "chat"], "need --layout"),
    ],
    ids=lambda v: " ".join(v[:2]) if isinstance(v, list) else v,
)
def test_wrong_input_ends_with_2_and_says_what_to_do(
    small: Path, args: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([a.format(small) for a in args]) == 2
    assert told in capsys.readouterr().err


def test_the_same_replay_gives_the_same_bytes_whatever_the_hash_seed(sim_run: Path, tmp_path: Path) -> None:
    found = []
    for seed in ("0", "4242"):
        long = tmp_path / f"long{seed}.jsonl"
        command = [sys.executable, "-m", "wowbot", "replay", str(sim_run), "--profile", "priest", "--json"]
        done = subprocess.run(
            [*command, "--long", str(long)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        found.append((done.stdout, long.read_bytes()))
    assert found[0] == found[1]
    assert len(found[0][1]) > 0
