"""`wowbot calibrate` on drawn frames: what it writes, what it says, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from wowbot.cli.calibrate import unread_keys
from wowbot.cli.main import main
from wowbot.core.reading import Reading, unknown
from wowbot.hud import load_layout
from wowbot.perception.hotkeys import NOT_SEEN
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, SlotView, UnitView, WorldView


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A screenshot of a drawn 3.3.5 client."""
    mage = UnitView("Tester", "mage", 80, 7500.0, 10000.0, "mana", 2500.0, 10000.0)
    buttons = tuple(SlotView(f"spell {n}", hotkey=str(n)) for n in range(1, 13))
    view = WorldView(10.0, mage, CameraView(5.0, 7.0, 0.4), slots={"main": buttons}, zone="Test Fields")
    path = tmp_path_factory.mktemp("shots") / "shot.png"
    cv2.imwrite(str(path), HudRenderer("wotlk", (1280, 720)).draw(view))
    return path


def noise(path: Path) -> Path:
    cv2.imwrite(str(path), np.random.default_rng(0).integers(0, 255, (480, 640, 3)).astype(np.uint8))
    return path


def test_a_stock_hud_is_written_as_a_layout_with_one_line_a_region(
    shot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, overlay = tmp_path / "mine.toml", tmp_path / "judged.png"
    assert main(["calibrate", "--image", str(shot), "--out", str(out), "--overlay", str(overlay)]) == 0
    layout = load_layout(out)
    assert layout.era == "wotlk"
    printed = capsys.readouterr().out
    assert all(f"\n{name} " in printed for name in layout.regions)
    assert "found" in printed
    assert cv2.imread(str(overlay)).shape == (720, 1280, 3)


def test_json_is_one_object_and_a_dry_run_writes_nothing(shot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--image", str(shot), "--json", "--dry-run"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["layout"]["era"] == "wotlk"
    assert table["file"] is None


AURA_PLACES = {
    "player.x": "expected ROW.N with N from 1",
    "player.0": "expected ROW.N with N from 1",
    "pizza.1": "no aura row 'pizza'; found player",
    "target.9": "no aura is seen in place 9 of target",
}


WRONG = {
    "a name that leads elsewhere": (["--name", "../../evil"], "expected a plain name"),
    "an aura's name that leads elsewhere": (["--learn-aura", "../x"], "expected a plain name"),
    "an overlay that is no PNG": (["--overlay", "seen.jpg"], "ends in .png"),
    "no pictures": (["--frames", "0"], "expected a whole number from 1 on"),
    "a place that is none": (["--learn-aura", "x", "--aura-at", "player.x"], "expected ROW.N with N from 1"),
    "an overlay that cannot be written": (["--overlay", "{shot}/seen.png"], "cannot be written"),
    "a place without an aura": (["--aura-at", "player.1"], "--learn-aura NAME"),
    "a profile that is not there": (["--learn-icons", "--profile", "nope"], "no profile 'nope'"),
}


@pytest.mark.parametrize(("options", "said"), WRONG.values(), ids=WRONG)
def test_wrong_options_are_told_before_anything_is_written(
    options: list[str], said: str, shot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.toml"
    assert main(["calibrate", "--image", str(shot), "--out", str(out), *(o.format(shot=shot) for o in options)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_picture_that_cannot_be_read_is_refused_in_json_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", "--json", "--image", str(tmp_path / "none.png")]) == 2
    assert json.loads(capsys.readouterr().out)["refused"]["cause"] == "unreadable"


def test_a_dry_run_keeps_no_icon(shot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--image", str(shot), "--dry-run", "--learn-icons", "--profile", "mage"]) == 0
    assert "no icon kept" in capsys.readouterr().err


def test_what_cannot_be_learned_says_what_to_do(shot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["calibrate", "--image", str(shot), "--out", str(tmp_path / "mine.toml")]
    assert main([*call, "--learn-icons"]) == 2
    said = capsys.readouterr()
    assert "--learn-icons needs --profile NAME" in said.err
    assert said.out == ""
    assert main([*call, "--learn-aura", "frost_armor"]) == 2
    assert "learn 'frost_armor' while it is up" in capsys.readouterr().err
    for where, said_so in AURA_PLACES.items():
        assert main([*call, "--learn-aura", "frost_armor", "--aura-at", where]) == 2, where
        assert said_so in capsys.readouterr().err


def test_the_keys_on_the_buttons_are_compared_with_the_profiles(shot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["calibrate", "--image", str(shot), "--dry-run", "--keys"]
    assert main(call) == 0
    assert "main.2           2" in capsys.readouterr().out
    assert main([*call, "--profile", "mage"]) == 0
    out = capsys.readouterr().out
    assert "main.2           2            fireball: the profile presses 2" in out
    assert "buttons read" in out
    assert "no key seen on" in out


def test_keys_that_are_printed_but_not_legible_are_named() -> None:
    found = {
        "slot.main.1.hotkey": Reading("1", 0.9),
        "slot.main.2.hotkey": unknown("no key is legible there (found 'E' and 'IC')"),
        "slot.main.3.hotkey": unknown(NOT_SEEN),
        "slot.main.4.hotkey": unknown(NOT_SEEN),
    }
    assert unread_keys(found, {"main.3": None}).split("\n") == [
        "keys: 1 of 4 buttons read",
        "printed but not legible on main.2: look at them, and set the profile's keys by hand",
        "no key seen on 2: the profile uses main.3",
    ]


def test_another_key_on_a_button_than_the_profiles_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mage = UnitView("Tester", "mage", 80, 7500.0, 10000.0, "mana", 2500.0, 10000.0)
    buttons = tuple(SlotView(f"spell {n}", hotkey=str(n % 9 + 1)) for n in range(1, 10))
    view = WorldView(10.0, mage, CameraView(5.0, 7.0, 0.4), slots={"main": buttons})
    path = tmp_path / "other.png"
    cv2.imwrite(str(path), HudRenderer("wotlk", (1280, 720)).draw(view))
    assert main(["calibrate", "--image", str(path), "--dry-run", "--keys", "--profile", "mage"]) == 1
    assert ", ANOTHER KEY" in capsys.readouterr().out


def test_a_refusal_is_exit_code_1_with_cause_and_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--image", str(noise(tmp_path / "a.png")), "--dry-run"]) == 1
    printed = capsys.readouterr().out
    assert "refused: no_hud" in printed
    assert "do:" in printed


def test_a_file_that_is_no_picture_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"hello")
    assert main(["calibrate", "--image", str(path)]) == 2
    assert "is not a PNG" in capsys.readouterr().err


def test_pictures_of_two_sizes_are_exit_code_2(shot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--image", str(shot), str(noise(tmp_path / "a.png"))]) == 2
    assert "at one size" in capsys.readouterr().err


def test_a_users_boxes_make_a_layout_of_a_custom_hud(tmp_path: Path) -> None:
    image = np.full((480, 640, 3), 50, np.uint8)
    image[300:315, 100:220] = (20, 200, 30)
    path, out = tmp_path / "custom.png", tmp_path / "custom.toml"
    cv2.imwrite(str(path), image)
    region = ["--region", "player.health=100,300,120,15"]
    assert main(["calibrate", "--image", str(path), *region, "--out", str(out)]) == 0
    layout = load_layout(out)
    assert layout.era == "other"
    assert layout.regions["player.health"].options["style"] == "custom"


def test_learning_icons_asks_for_the_profile(shot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--image", str(shot), "--dry-run", "--learn-icons"]) == 2
    assert "--profile" in capsys.readouterr().err


def test_a_guide_without_a_display_takes_the_boxes_given_or_says_how_to_give_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    path, out = tmp_path / "bar.png", tmp_path / "mine.toml"
    image = np.full((480, 640, 3), 60, np.uint8)
    image[300:315, 100:220] = (20, 200, 30)
    cv2.imwrite(str(path), image)
    call = ["calibrate", "--image", str(path), "--guide", "--out", str(out)]
    assert main(call) == 2
    assert "--region player.health=x,y,w,h" in capsys.readouterr().err
    assert main([*call, "--region", "player.health=100,300,120,15"]) == 0
    assert "player.health" in load_layout(out).regions
