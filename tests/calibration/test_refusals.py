"""What is not a stock HUD is refused, with its cause and what was measured; nothing crashes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from frames import frame, stock

from wowbot.calibration import Calibration, calibrate
from wowbot.core.frame import Image


def scenery(seed: int = 0, size_wh: tuple[int, int] = (1280, 720)) -> Image:
    """A soft landscape: smooth noise without any straight edge."""
    rng = np.random.default_rng(seed)
    small = rng.integers(20, 230, (18, 32, 3)).astype(np.uint8)
    grown = cv2.resize(small, size_wh, interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 12, (size_wh[1], size_wh[0], 1)).astype(np.uint8)
    return np.asarray(np.clip(grown.astype(int) + grain, 0, 255), np.uint8)


def panel(image: Image, box: tuple[int, int, int, int]) -> Image:
    """A framed dark box on the picture."""
    x, y, w, h = box
    out = image.copy()
    cv2.rectangle(out, (x, y), (x + w, y + h), (20, 20, 20), -1)
    cv2.rectangle(out, (x, y), (x + w, y + h), (220, 220, 220), 2)
    return out


def loading() -> Image:
    return panel(scenery(1), (320, 640, 640, 22))


def login() -> Image:
    return panel(panel(scenery(2), (540, 360, 200, 30)), (540, 430, 200, 30))


def characters() -> Image:
    out = scenery(3)
    for n in range(7):
        out = panel(out, (1000, 60 + 70 * n, 220, 56))
    return panel(out, (560, 650, 160, 36))


def buttons(*boxes: tuple[int, int, int, int]) -> Image:
    """A client's red buttons with golden text, over scenery with a wall of long straight edges."""
    out = scenery(8)
    for n in range(12):
        out = panel(out, (90, 40 + 50 * n, 400, 30))
    for x, y, w, h in boxes:
        cv2.rectangle(out, (x - w // 2 - 6, y - h // 2 - 6), (x + w // 2 + 6, y + h // 2 + 6), (40, 40, 40), -1)
        cv2.rectangle(out, (x - w // 2, y - h // 2), (x + w // 2, y + h // 2), (8, 8, 110), -1)
        cv2.putText(out, "Text", (x - 14, y + 2), cv2.FONT_HERSHEY_SIMPLEX, 0.25, (20, 190, 230), 1)
    return out


def half_flat() -> Image:
    out = scenery(4)
    out[:, :700] = (210, 210, 210)
    return out


def grey_hud() -> Image:
    image, _ = frame("wotlk", (1280, 720))
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


FRAMES: dict[str, tuple[Image, str]] = {
    "black": (np.zeros((720, 1280, 3), np.uint8), "black"),
    "login of 1.12 to 3.3.5, by its buttons": (buttons((648, 506, 140, 19), (1178, 672, 120, 15)), "login_screen"),
    "character list, by its buttons": (buttons((640, 662, 150, 24), (130, 679, 105, 15)), "character_screen"),
    "character creation": (buttons((1130, 676, 124, 15), (1134, 704, 93, 12)), "character_screen"),
    "a custom HUD with one red bar at the bottom": (buttons((640, 662, 150, 24)), "custom_hud"),
    "a custom HUD under a menu of red buttons": (
        buttons(*((640, y, 140, 20) for y in range(250, 560, 26)), (1178, 672, 120, 15)),
        "custom_hud",
    ),
    "nearly black": (np.random.default_rng(0).integers(0, 9, (720, 1280, 3)).astype(np.uint8), "black"),
    "washed": (np.asarray(200 + scenery() // 10, np.uint8), "washed"),
    "one colour": (np.full((720, 1280, 3), 128, np.uint8), "washed"),
    "a stock HUD turned grey": (grey_hud(), "colourless"),
    "another window over it": (half_flat(), "covered"),
    "scenery": (scenery(), "no_hud"),
    "noise": (np.random.default_rng(1).integers(0, 256, (720, 1280, 3)).astype(np.uint8), "no_hud"),
    "loading screen": (loading(), "loading_screen"),
    "login screen": (login(), "login_screen"),
    "character screen": (characters(), "character_screen"),
    "one pixel": (np.zeros((1, 1, 3), np.uint8), "too_small"),
    "a strip": (np.zeros((40, 1920, 3), np.uint8), "too_small"),
}


@pytest.mark.parametrize(("image", "cause"), FRAMES.values(), ids=FRAMES)
def test_a_frame_without_a_stock_hud_is_refused_with_its_cause(image: Image, cause: str) -> None:
    answer = calibrate([image])
    assert answer.layout is None
    assert answer.refused is not None
    assert answer.refused.cause == cause
    assert answer.refused.evidence
    assert answer.refused.advice
    assert answer.refused.measured


def test_twenty_megapixels_of_scenery_are_refused() -> None:
    answer = calibrate([cv2.resize(scenery(5), (5472, 3648))])
    assert answer.refused is not None


def test_frames_that_never_change_are_frozen() -> None:
    image, _ = frame("wotlk", (1280, 720))
    answer = calibrate([image, image.copy(), image.copy()])
    assert answer.refused is not None
    assert answer.refused.cause == "frozen"
    assert answer.refused.measured["frames"] == 3


def test_several_different_frames_are_fitted_as_one() -> None:
    frames = [frame("wotlk", (1280, 720), seed=seed)[0] for seed in range(3)]
    answer = calibrate(frames)
    assert answer.layout is not None


def test_a_hud_too_small_to_read_is_an_unsupported_scale() -> None:
    image, _ = frame("wotlk", (1920, 1080), 0.72)
    tiny = cv2.resize(image, None, fx=0.42, fy=0.42, interpolation=cv2.INTER_AREA)
    answer = calibrate([np.asarray(tiny, np.uint8)])
    assert answer.layout is None
    assert answer.refused is not None


def test_no_frame_and_frames_of_two_sizes_are_caller_errors() -> None:
    with pytest.raises(ValueError, match="found no frame"):
        calibrate([])
    with pytest.raises(ValueError, match="1280x720"):
        calibrate([scenery(), scenery(0, (640, 480))])


def test_an_answer_is_either_a_layout_or_a_refusal() -> None:
    with pytest.raises(ValueError, match="both or neither"):
        Calibration(None, None)


def test_a_refusal_as_json_says_cause_evidence_and_mend() -> None:
    table = calibrate([scenery()]).as_json()
    assert table["layout"] is None
    assert set(table["refused"]) == {"cause", "evidence", "measured", "mend"}


def test_retail_unit_frames_alone_are_an_addon_on_another_client() -> None:
    """Add-ons draw retail's unit frames on classic clients: without bar or minimap on the same scale it is not retail."""
    image, layout = frame("retail", (1920, 1080))
    bare, ground = image.copy(), scenery(7, (1920, 1080))
    for name in ("actionbar.main", "minimap", "minimap.zone", "xp"):
        x, y, w, h = layout.regions[name].rect
        area = (slice(max(0, y - 20), y + h + 20), slice(max(0, x - 20), x + w + 20))
        bare[area] = ground[area]
    assert calibrate([image]).layout is not None
    answer = calibrate([bare])
    assert answer.refused is not None
    assert answer.refused.cause == "custom_hud"
    assert "neither an action bar nor a minimap" in answer.refused.evidence


@pytest.mark.parametrize("cut", [2, 6, 10])
def test_a_window_cut_off_through_its_buttons_has_them_all_the_same(cut: int) -> None:
    image = stock()
    layout, whole = calibrate([image[:-cut]]).layout, calibrate([image]).layout
    assert layout is not None
    assert whole is not None
    assert layout.size_wh == (image.shape[1], image.shape[0] - cut)
    found, want = layout.regions["actionbar.main"].rect, whole.regions["actionbar.main"].rect
    assert max(abs(found.left - want.left), abs(found.top - want.top)) <= 2


def test_a_refused_hud_says_how_far_it_was_from_a_stock_one() -> None:
    answer = calibrate([panel(panel(scenery(5), (40, 600, 300, 60)), (900, 600, 300, 60))])
    assert answer.refused is not None
    assert "of 0.4" in answer.refused.evidence
    assert "needed" in answer.refused.evidence


def test_stock_unit_frames_without_any_stock_button_are_a_custom_hud() -> None:
    answer = calibrate([stock(bar=False)])
    assert answer.refused is not None
    assert answer.refused.cause == "custom_hud"
    assert "--era" in answer.refused.evidence


def test_naming_the_client_takes_what_is_there_without_the_bars() -> None:
    layout = calibrate([stock(bar=False)], "wotlk").layout
    assert layout is not None
    assert "player.health" in layout.regions
    assert "actionbar.main" not in layout.regions
