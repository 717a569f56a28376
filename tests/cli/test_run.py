"""`wowbot run` as its user meets it: the summary, the report, and every bad input on one screen with exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wowbot.cli.main import main
from wowbot.core.action import Verdict

SHORT = ["run", "--profile", "mage", "--world", "sim", "--truth", "--seconds", "5"]


def run_json(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, object]:
    assert main([*SHORT, "--json", *args]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_report_holds_every_promised_key(capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys)
    promised = ["seconds", "ticks", "kills", "deaths", "dps", "decisions", "keys", "vetoes", "tick_ms", "reaction_ms"]
    assert set(promised) <= set(report)
    assert set(report["tick_ms"]) == {"p50", "p95", "p99"}  # type: ignore[arg-type]
    assert report["seconds"] == pytest.approx(5.0, abs=0.06)


def test_the_same_seed_gives_the_same_run_and_another_seed_another(capsys: pytest.CaptureFixture[str]) -> None:
    def played(seed: str) -> str:
        report = run_json(capsys, "--seed", seed, "--seconds", "20")
        return json.dumps({k: v for k, v in report.items() if k not in ("tick_ms",)}, sort_keys=True)

    assert played("3") == played("3")
    assert played("3") != played("4")


def test_a_dry_run_presses_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys, "--dry-run", "--seconds", "10")
    assert report["dry_run"] is True
    assert report["kills"] == 0


def test_summary_and_files_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report, shot = tmp_path / "new" / "r.json", tmp_path / "s.png"
    args = ["run", "--world", "sim", "--seconds", "1", "--size", "1024x768"]
    assert main([*args, "--report", str(report), "--snapshot", str(shot)]) == 0
    out = capsys.readouterr().out
    assert "world: sim, scenario" in out
    assert "tick_ms" in out
    assert json.loads(report.read_text())["world"] == "sim"
    assert shot.read_bytes().startswith(b"\x89PNG")


def test_auto_without_a_display_plays_the_training_ground_and_says_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert main(["run", "--world", "auto", "--truth", "--seconds", "1"]) == 0
    assert "because no display" in capsys.readouterr().out


def test_auto_with_two_game_windows_asks_which_instead_of_playing_the_training_ground(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wowbot.build import live
    from wowbot.core.errors import AmbiguousWindow

    def two(*args: object) -> None:
        raise AmbiguousWindow("2 windows are titled 'World of Warcraft': close all but one")

    monkeypatch.setattr(live, "game_window", two)
    assert main(["run", "--world", "auto", "--truth", "--seconds", "1"]) == 2
    assert "2 windows" in capsys.readouterr().err


BAD = {
    "unknown profile": (["--profile", "maeg"], "Did you mean 'mage'"),
    "profile file that is not there": (["--profile", "nowhere/x.toml"], "one of these profiles"),
    "unknown scenario": (["--scenario", "singel_target"], "single_target"),
    "size without x": (["--size", "big"], "WIDTHxHEIGHT"),
    "size too small": (["--size", "10x10"], "640x480"),
    "rate of zero": (["--hz", "0"], "a number or eager"),
    "speed that is no number": (["--speed", "fast"], "or max"),
    "picture without pixels": (["--truth", "--seconds", "1", "--snapshot", "x.png"], "no pixels"),
}


@pytest.mark.parametrize(("args", "says"), BAD.values(), ids=BAD)
def test_bad_input_is_one_screen_with_the_mend(args: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--world", "sim", *args]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert len(err.splitlines()) < 15
    assert "Traceback" not in err


def test_broken_toml_names_file_and_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = tmp_path / "mine.toml"
    broken.write_text('name = "mine"\nrules = \n')
    assert main(["run", "--world", "sim", "--profile", str(broken)]) == 2
    err = capsys.readouterr().err
    assert "mine.toml" in err
    assert "line 2" in err


def test_unknown_key_names_the_nearest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\nrules = "mine.simc"\npowr = "mana"\n')
    assert main(["run", "--world", "sim", "--profile", str(file)]) == 2
    assert "'power'" in capsys.readouterr().err


def test_live_without_a_display_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert main(["run", "--world", "live"]) == 2
    assert "xvfb-run" in capsys.readouterr().err


def test_a_list_saved_while_running_is_taken_over_and_a_broken_one_refused(tmp_path: Path) -> None:
    from wowbot.build import RunOptions, build_rig
    from wowbot.config import find
    from wowbot.control import Control

    source = find("profiles", "mage")
    profile, rules = tmp_path / "mage.toml", tmp_path / "mage.simc"
    profile.write_text(source.read_text())
    rules.write_text(source.with_suffix(".simc").read_text())
    control = Control(build_rig(RunOptions(profile=str(profile), world="sim", truth=True)), seconds=60)
    control.rig.open()
    for _ in range(5):
        control.step()
    before = control.rig.agent.profile_id
    _save(rules, "actions=frostbolt,if=(\n")
    control.rig.reload_if_changed()
    assert control.rig.agent.profile_id == before
    assert any("kept the old list" in note for note in control.rig.notes)
    _save(rules, "actions=target_nearest\n")
    control.rig.reload_if_changed()
    assert control.rig.agent.profile_id != before
    rule_names = {tick.decision.rule for _ in range(40) if (tick := control.step()) is not None}
    control.rig.close()
    assert rule_names <= {"", "default.1"}


def _save(path: Path, text: str) -> None:
    """Write with another time stamp, as an editor would a moment later."""
    import os

    stamp = path.stat().st_mtime_ns + 1_000_000_000
    path.write_text(text)
    os.utime(path, ns=(stamp, stamp))


def test_a_run_that_broke_says_where_its_last_seconds_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wowbot import build
    from wowbot.recording.schema import Header
    from wowbot.recording.tail import TailTap
    from wowbot.taping import TailKeeper

    whole = build.build_rig

    def with_tail(*args: object) -> build.Rig:
        rig = whole(*args)  # type: ignore[arg-type]
        rig.tail = TailKeeper(TailTap(Header("live", layout=rig.layout)), tmp_path)
        rig.agent.taps.append(rig.tail)
        monkeypatch.setattr(rig.guard, "check", broken)
        return rig

    ticks = []

    def broken(frame: object, state: object, decision: object, now_ns: int) -> Verdict:
        ticks.append(now_ns)
        if len(ticks) > 5:
            raise ZeroDivisionError
        return Verdict()

    monkeypatch.setattr(build, "build_rig", with_tail)
    with pytest.raises(ZeroDivisionError):
        main(SHORT)
    (kept,) = tmp_path.glob("*.mcap")
    assert str(kept) in capsys.readouterr().err
