"""The measuring itself: what is expected of a screen, what is done to it, how an error is counted."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from frames import frame

from wowbot.calibration.alter import ALTERATIONS, PLAIN, turns
from wowbot.calibration.evaluate import eras_of, evaluate, expectation, summary
from wowbot.calibration.teach import Screen, read_screens, teach
from wowbot.core.errors import ConfigError

ROWS = {
    "stock whole window": (("whole_window", "default", "wotlk_3.3.5a_deDE"), "found"),
    "stock with moved frames": (("whole_window", "default_moved", "retail_10.x"), "found"),
    "retail before 10": (("whole_window_downscaled", "default", "retail_8.x"), "unsupported_era"),
    "add-on": (("full", "pfUI/addon", "vanilla_1.12.1"), "refused"),
    "no HUD": (("whole_window", "none", "retail"), "refused"),
    "crop": (("crop", "default", "classic_1.13"), ""),
}


@pytest.mark.parametrize(("row", "expected"), ROWS.values(), ids=ROWS)
def test_what_a_screen_is_expected_to_give(row: tuple[str, str, str], expected: str) -> None:
    kind, ui, era = row
    assert expectation(Screen({"kind": kind, "ui": ui, "era": era}, {}, Path())) == expected


def test_index_eras_map_to_ours() -> None:
    assert eras_of("vanilla_1.12_turtle") == ("vanilla",)
    assert eras_of("retail_12 (midnight)") == ("retail",)
    assert eras_of("retail_8.x") == ()


def test_alterations_come_up_in_turn() -> None:
    drawn = [turns(ALTERATIONS, n, 3) for n in range(len(ALTERATIONS) // 3)]
    assert [a.name for three in drawn for a in three] == [a.name for a in ALTERATIONS]
    assert turns(ALTERATIONS, 5, 0) == ALTERATIONS
    assert turns((), 5, 3) == ()


@pytest.mark.parametrize("augmentation", ALTERATIONS, ids=lambda a: a.name)
def test_an_augmentation_scales_by_what_it_says(augmentation) -> None:
    image, _ = frame("wotlk", (1280, 720))
    changed = augmentation.change(image)
    assert changed.dtype == np.uint8
    assert changed.shape[0] == pytest.approx(720 * augmentation.scale, abs=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One stock screen with its label, one without a HUD, one that cannot be read."""
    image, layout = frame("wotlk", (1280, 720))
    cv2.imwrite(str(tmp_path / "stock.png"), image)
    cv2.imwrite(str(tmp_path / "none.png"), np.random.default_rng(0).integers(0, 255, (480, 640, 3)).astype(np.uint8))
    (tmp_path / "cut.png").write_bytes((tmp_path / "stock.png").read_bytes()[:2000])
    common = {"repo": "a/b", "era": "wotlk_3.3.5a", "kind": "whole_window"}
    rows = [
        {**common, "file": "stock.png", "ui": "default", "width": 1280, "height": 720},
        {**common, "file": "none.png", "ui": "none", "width": 640, "height": 480},
        {**common, "file": "cut.png", "ui": "default", "width": 1280, "height": 720},
    ]
    boxes = layout.regions["actionbar.main"].options["boxes"]
    label = {
        "file": "stock.png",
        "ui_scale": layout.ui_scale,
        "player_health": {"bbox": list(layout.regions["player.health"].rect)},
        "target_frame_present": False,
        "action_bars": [{"name": "main", "first_slot": boxes[0], "pitch": 42 * layout.ui_scale, "count": 12}],
    }
    (tmp_path / "index.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "labels.jsonl").write_text(json.dumps(label) + "\n")
    return tmp_path


def test_a_folder_is_measured_screen_by_screen(folder: Path) -> None:
    outcomes = {o.file: o for o in evaluate(folder, (PLAIN,))}
    assert outcomes["stock.png"].found
    assert outcomes["stock.png"].bars_right
    assert outcomes["stock.png"].slots_right
    assert outcomes["none.png"].right
    assert outcomes["cut.png"].cause == "unreadable file"
    counts = summary(list(outcomes.values()))
    assert (counts["stock"], counts["found"], counts["wrongly_accepted"]) == (2, 1, 0)
    assert counts["misses"] == ["cut.png (original): unreadable file"]


def test_a_wrong_label_counts_as_a_miss(folder: Path) -> None:
    label = json.loads((folder / "labels.jsonl").read_text())
    label["player_health"]["bbox"][0] += 6
    (folder / "labels.jsonl").write_text(json.dumps(label))
    outcome = next(o for o in evaluate(folder, (PLAIN,)) if o.file == "stock.png")
    assert outcome.bar_px == pytest.approx(5.5)
    assert outcome.bars_right is False


def test_outlines_are_taught_from_labels_and_a_repository_can_be_left_out(folder: Path) -> None:
    screens = read_screens(folder)
    taught = teach([s for s in screens if s.label])
    assert taught["classic.player"].count > 500
    assert taught["classic.slot"].count > 50
    assert teach(screens, without="a/b") == {}


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"index\.jsonl"):
        read_screens(tmp_path)
