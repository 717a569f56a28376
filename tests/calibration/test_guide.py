"""Guided layouts: the boxes a user gives, what follows from them, and what is refused."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from frames import frame

from wowbot.calibration import Calibration, calibrate
from wowbot.calibration.guide import guided_layout, parse_region, replace_regions, slot_boxes
from wowbot.calibration.report import Refusal
from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.hud import load_layout, save_layout

HEALTH = Rect(300, 500, 200, 20)


def custom_hud() -> Image:
    """A flat add-on HUD: green over blue for the player, red for the target, six buttons."""
    image = np.full((720, 1280, 3), 60, np.uint8)
    image[500:520, 300:500] = (20, 200, 30)
    image[524:534, 300:500] = (220, 60, 20)
    image[500:520, 780:980] = (20, 30, 210)
    for n in range(6):
        left = 400 + 44 * n
        cv2.rectangle(image, (left, 640), (left + 39, 679), (200, 200, 200), 1)
        image[642:678, left + 2 : left + 38] = (30 * n, 90, 200 - 20 * n)
    return image


def test_a_region_is_parsed_from_its_text() -> None:
    assert parse_region("player.health=110,59,151,12") == ("player.health", Rect(110, 59, 151, 12))


@pytest.mark.parametrize("text", ["player.health", "player.health=1,2,3", "=1,2,3,4", "a=1,2,0,4", "a=1,2,x,4"])
def test_a_region_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(LayoutError, match="expected NAME=X,Y,W,H"):
        parse_region(text)


def test_power_and_target_follow_from_the_health_bar() -> None:
    layout = guided_layout(custom_hud(), {"player.health": HEALTH})
    assert layout.era == "other"
    assert layout.regions["player.power"].rect == Rect(300, 524, 200, 10)
    assert layout.regions["target.health"].rect == Rect(780, 500, 200, 20)
    assert "target.power" not in layout.regions


def test_a_bars_rule_names_the_channel_that_stands_out() -> None:
    regions = guided_layout(custom_hud(), {"player.health": HEALTH}).regions
    rules = {name: (r.options["channel"], r.options["style"]) for name, r in regions.items()}
    assert rules["player.health"] == ("g", "custom")
    assert rules["player.power"] == ("b", "custom")
    assert rules["target.health"] == ("r", "custom")


def test_the_buttons_of_a_row_are_counted() -> None:
    boxes = slot_boxes(custom_hud(), Rect(400, 640, 260, 40))
    assert [box.left for box in boxes] == [400, 444, 488, 532, 576, 620]


def test_a_guided_layout_survives_its_file(tmp_path) -> None:
    layout = guided_layout(custom_hud(), {"player.health": HEALTH, "actionbar.main": Rect(400, 640, 260, 40)})
    save_layout(layout, tmp_path / "a.toml")
    again = load_layout(tmp_path / "a.toml")
    assert again.id == layout.id
    assert {n: (r.rect, r.reader) for n, r in again.regions.items()} == {
        n: (r.rect, r.reader) for n, r in layout.regions.items()
    }


def test_without_the_health_box_nothing_is_made() -> None:
    with pytest.raises(LayoutError, match=r"needs the box of player\.health"):
        guided_layout(custom_hud(), {"player.power": Rect(300, 524, 200, 10)})


def test_a_grey_bar_has_no_rule() -> None:
    with pytest.raises(LayoutError, match="is grey"):
        guided_layout(custom_hud(), {"player.health": Rect(10, 10, 200, 20)})


def test_a_box_off_the_frame_and_a_strange_name_are_refused() -> None:
    with pytest.raises(LayoutError, match="outside the 1280x720 frame"):
        guided_layout(custom_hud(), {"player.health": Rect(1200, 10, 200, 20)})
    with pytest.raises(LayoutError, match=r"expected UNIT\.health"):
        guided_layout(custom_hud(), {"player.health": HEALTH, "pizza": HEALTH})


def test_a_stock_answer_takes_a_users_box_and_keeps_its_options() -> None:
    image, _ = frame("wotlk", (1280, 720))
    answer = calibrate([image])
    changed = replace_regions(answer, {"player.cast": Rect(500, 600, 180, 12)})
    assert changed.layout is not None
    assert answer.layout is not None
    assert changed.layout.regions["player.cast"].rect == Rect(500, 600, 180, 12)
    assert changed.layout.regions["player.cast"].options == answer.layout.regions["player.cast"].options
    assert changed.layout.id != answer.layout.id
    assert {e.name: e.status for e in changed.elements}["player.cast"] == "moved"
    with pytest.raises(LayoutError, match=r"Did you mean 'player\.cast'"):
        replace_regions(answer, {"player.csat": Rect(1, 1, 9, 9)})


def test_text_on_a_bar_does_not_make_its_row_the_one_that_is_read() -> None:
    image = custom_hud()
    cv2.putText(image, "550.4K 100.0%", (306, 515), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
    region = guided_layout(image, {"player.health": HEALTH}).regions["player.health"]
    row = HEALTH.crop(image)[region.options["row"]]
    assert (row.max(axis=1) < 250).all()


def test_a_row_of_buttons_under_the_health_bar_is_no_power_bar() -> None:
    image = np.full((720, 1280, 3), 60, np.uint8)
    image[500:560, 300:620] = (40, 140, 190)
    rng = np.random.default_rng(0)
    for n in range(18):
        colour = rng.integers(0, 255, 3)
        image[568:608, 302 + 48 * n : 340 + 48 * n] = colour
        image[578:590, 310 + 48 * n : 330 + 48 * n] = 255 - colour
    layout = guided_layout(image, {"player.health": Rect(300, 500, 320, 60), "actionbar.main": Rect(301, 567, 856, 42)})
    assert "player.power" not in layout.regions
    assert len(layout.regions["actionbar.main"].options["boxes"]) == 18


def test_boxes_without_the_needed_one_are_not_passed_over_on_a_custom_hud() -> None:
    answer = Calibration(None, Refusal("custom_hud", "no stock unit frame outline"))
    with pytest.raises(LayoutError, match=r"needs the box of player\.health\. Did you mean 'player\.health'"):
        replace_regions(answer, {"player.helth": HEALTH})
    with pytest.raises(LayoutError, match=r"boxes of target\.health and no stock HUD"):
        replace_regions(answer, {"target.health": HEALTH})
