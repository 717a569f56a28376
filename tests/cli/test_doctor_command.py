"""`wowbot doctor`: what it says and with which exit code."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wowbot.cli import doctor, doctor_checks
from wowbot.cli.doctor_display import Check, find_display, guarded
from wowbot.core.errors import CaptureError


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    doctor.configure(parser)
    return doctor.main(parser.parse_args(words))


def checks(monkeypatch: pytest.MonkeyPatch, *found: Check) -> None:
    def some(*args: Any, **options: Any) -> Iterator[Check]:
        yield from found

    monkeypatch.setattr(doctor, "all_checks", some)


@pytest.mark.parametrize(("status", "code"), [("ok", 0), ("warn", 0), ("fail", 1)])
def test_only_a_failure_gives_exit_code_1(monkeypatch: pytest.MonkeyPatch, status: Any, code: int) -> None:
    checks(monkeypatch, Check("a", "ok", "fine"), Check("b", status, "so so", "do this"))
    assert run() == code


def test_each_finding_is_one_line_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks(monkeypatch, Check("window", "fail", "is covered", "bring it to the front"))
    run()
    assert capsys.readouterr().out == "FAIL  window     is covered; bring it to the front\n"


def test_json_carries_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    checks(monkeypatch, Check("a", "warn", "x", "y"))
    run("--json")
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "checks": [{"name": "a", "status": "warn", "found": "x", "mend": "y"}],
    }


def test_without_a_display_that_is_the_failure_and_the_rest_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    found = {check.name: check for check in doctor_checks.all_checks("mage", None, press=True)}
    assert found["display"].status == "fail"
    assert "DISPLAY is not set" in found["display"].found
    assert found["the rest"].status == "warn"
    assert "capture" not in found
    assert found["disk"].status in ("ok", "warn", "fail")


def test_wayland_alone_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setattr("sys.platform", "linux")
    check = find_display()
    assert (check.status, "Xorg" in check.mend) == ("fail", True)


def test_the_value_of_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-very-secret")
    check = doctor_checks.api_key()
    assert "DASHSCOPE_API_KEY is set" in check.found
    assert "secret" not in check.found + check.mend


@pytest.mark.parametrize(
    ("covered", "status"), [("fail", "warn"), ("ok", "ok")], ids=["covered window", "window in view"]
)
def test_the_layout_is_only_looked_for_on_a_window_in_view(
    monkeypatch: pytest.MonkeyPatch, covered: Any, status: str
) -> None:
    from wowbot.capture.windows import Window
    from wowbot.core.layout import Rect
    from wowbot.decision.profile import load_profile

    def window(profile: object, title: object, found: list[Window]) -> Check:
        found.append(Window(1, "World of Warcraft", Rect(0, 0, 1280, 720)))
        return Check("window", covered, "is so")

    monkeypatch.setattr(doctor_checks, "_window", window)
    monkeypatch.setattr(doctor_checks, "_layout", lambda profile, window: Check("layout", "ok", "fits"))
    found = list(doctor_checks.window_checks(load_profile("mage"), None))
    assert [(check.name, check.status) for check in found] == [("window", covered), ("layout", status)]


def test_a_damaged_detector_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from wowbot.perception import detector_card

    assert doctor_checks.detectors().status == "ok"
    path = tmp_path / "world.onnx"
    card = next(iter(detector_card.known_models().values()))[1]
    monkeypatch.setattr(detector_card, "known_models", lambda: {"world": (path, card)})
    assert "missing" in doctor_checks.detectors().found
    path.write_bytes(b"not the model")
    assert "sha256" in doctor_checks.detectors().found
    assert doctor_checks.detectors().status == "warn"


@pytest.mark.parametrize(("free", "status"), [(10, "ok"), (1, "warn"), (0.1, "fail")])
def test_disk_space(monkeypatch: pytest.MonkeyPatch, free: float, status: str) -> None:
    usage = type("Usage", (), {"free": int(free * 1024**3)})
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    assert doctor_checks.disk().status == status


def test_a_check_that_stumbles_is_a_finding() -> None:
    def known() -> Check:
        raise CaptureError("no screen")

    def unknown() -> Check:
        raise ZeroDivisionError

    assert guarded("x", known) == Check("x", "fail", "no screen")
    assert guarded("x", unknown).found.startswith("ZeroDivisionError")


@pytest.mark.display
def test_under_a_display_capture_keys_watchdog_and_stop_key_work() -> None:
    found = {check.name: check for check in doctor_checks.all_checks(None, None, press=True)}
    for name in ("watchdog", "stop key", "keys"):
        assert found[name].status == "ok", found[name]
    assert found["display"].status in ("ok", "warn")
    assert found["capture"].status in ("ok", "warn")


@pytest.mark.display
def test_keys_pressed_into_a_window_arrive_as_they_were_sent() -> None:
    from wowbot.cli.press import press_all

    results = press_all(["1", "shift-2", "numpad3", "space", "mouse4", "wheelup"])
    assert [(r.sent, r.heard) for r in results] == [(r.sent, r.sent) for r in results]


@pytest.mark.display
def test_a_key_that_the_keyboard_lacks_is_told() -> None:
    from wowbot.cli.press import press_all

    (result,) = press_all(["é"])
    assert not result.ok
    assert "no key 'é'" in result.heard
