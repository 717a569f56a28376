"""Calibration on drawn frames: scale, place and era come out right, whatever size and gamma."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from frames import frame, stock

from wowbot.calibration import calibrate, check_layout
from wowbot.calibration.family import families
from wowbot.calibration.find import View
from wowbot.calibration.groups import _stack
from wowbot.calibration.rows import Row, find_rows
from wowbot.calibration.shapes import load_shapes
from wowbot.core.layout import Era, Layout

CASES: dict[str, tuple[Era, tuple[int, int], float, float]] = {
    "vanilla 4:3": ("vanilla", (1024, 768), 1.0, 1.0),
    "tbc dark": ("tbc", (1280, 1024), 0.9, 0.8),
    "wotlk 1080p": ("wotlk", (1920, 1080), 1.0, 1.0),
    "classic_era small ui": ("classic_era", (1600, 900), 0.75, 1.0),
    "retail bright": ("retail", (1920, 1080), 1.0, 1.3),
    "retail 4K": ("retail", (3840, 2160), 1.0, 1.0),
}
BARS = ("player.health", "player.power", "target.health", "target.power")


def worst_edge(found: Layout, truth: Layout, regions: tuple[str, ...]) -> int:
    """Largest distance of any edge of these regions, px."""
    return max(abs(a - b) for name in regions for a, b in zip(found.regions[name].rect, truth.regions[name].rect))


@pytest.mark.parametrize(("era", "size", "share", "gamma"), CASES.values(), ids=CASES)
def test_scale_place_and_era_are_found(era: Era, size: tuple[int, int], share: float, gamma: float) -> None:
    image, truth = frame(era, size, share, gamma)
    answer = calibrate([image])
    assert answer.layout is not None
    layout = answer.layout
    assert layout.era == era
    assert layout.ui_scale == pytest.approx(truth.ui_scale, rel=0.002)
    assert layout.size_wh == size
    assert worst_edge(layout, truth, BARS) <= 1
    found, drawn = (lay.regions["actionbar.main"].options["boxes"] for lay in (layout, truth))
    assert np.abs(np.array(found) - np.array(drawn)).max() <= 1
    assert set(truth.regions) <= set(layout.regions)


def test_the_bars_being_nearly_empty_changes_nothing() -> None:
    image, truth = frame("wotlk", (1280, 720), health_pct=2.0)
    answer = calibrate([image])
    assert answer.layout is not None
    assert worst_edge(answer.layout, truth, BARS) <= 1


def test_two_runs_on_one_frame_give_the_same_layout() -> None:
    image, _ = frame("wotlk", (1280, 720))
    assert calibrate([image]).layout == calibrate([image]).layout


def test_every_region_has_a_status_and_missing_ones_are_not_in_the_layout() -> None:
    image, _ = frame("wotlk", (1280, 720))
    answer = calibrate([image])
    assert answer.layout is not None
    kept = {e.name for e in answer.elements if e.status != "missing"}
    assert kept == set(answer.layout.regions)
    status = {e.name: e.status for e in answer.elements}
    assert status["player.health"] == status["actionbar.main"] == status["minimap"] == "found"
    assert status["player.cast"] == status["pet.health"] == "expected"
    assert all(e.rect is None for e in answer.elements if e.status == "missing")


BORDERS = {"title bar and borders": (30, 8, 8, 8), "a task bar at the right": (0, 0, 0, 64)}


@pytest.mark.parametrize("borders", BORDERS.values(), ids=BORDERS)
@pytest.mark.parametrize("era", ["wotlk", "retail"])
def test_what_is_not_the_game_round_it_is_left_out(era: Era, borders: tuple[int, int, int, int]) -> None:
    top, bottom, left, right = borders
    image, truth = frame(era, (1280, 720), target=False)
    bordered = cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(90, 60, 50))
    answer = calibrate([bordered])
    assert answer.layout is not None
    assert answer.layout.era == era
    for name in (*BARS, "actionbar.main", "minimap", "player.cast"):
        found, drawn = answer.layout.regions[name].rect, truth.regions[name].rect
        assert max(abs(found.left - drawn.left - left), abs(found.top - drawn.top - top)) <= 2, name


CUTS = {"left and top": (9, 5, 0, 0), "all but the bottom": (6, 6, 6, 0)}


def test_a_window_on_a_wider_desktop_is_found_as_the_client_area() -> None:
    image = stock()
    height, width = image.shape[:2]
    desktop = np.full((height + 160, width + 700, 3), (90, 60, 50), np.uint8)
    desktop[40 : 40 + height, 12 : 12 + width] = image
    alone, answer = calibrate([image], "vanilla").layout, calibrate([desktop], "vanilla").layout
    assert alone is not None
    assert answer is not None
    for name in ("player.health", "minimap", "player.cast", "player.auras", "errors"):
        x, y, w, h = alone.regions[name].rect
        assert tuple(answer.regions[name].rect) == pytest.approx((x + 12, y + 40, w, h), abs=2), name


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_picture_cut_too_narrowly_still_shows_the_client_area(cut: tuple[int, int, int, int]) -> None:
    image, truth = frame("wotlk", (1280, 720))
    left, top, right, bottom = cut
    answer = calibrate([np.ascontiguousarray(image[top : 720 - bottom, left : 1280 - right])])
    assert answer.layout is not None
    assert {e.status for e in answer.elements if e.name in (*BARS, "actionbar.main", "minimap")} == {"found"}
    for name in (*BARS, "actionbar.main", "minimap"):
        found, drawn = answer.layout.regions[name].rect, truth.regions[name].rect
        assert max(abs(found.left - drawn.left + left), abs(found.top - drawn.top + top)) <= 2, name


def test_jpeg_and_blur_keep_the_fit() -> None:
    image, truth = frame("classic_era", (1920, 1080))
    _, data = cv2.imencode(".jpg", cv2.GaussianBlur(image, (0, 0), 0.8), [cv2.IMWRITE_JPEG_QUALITY, 60])
    answer = calibrate([np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)])
    assert answer.layout is not None
    assert worst_edge(answer.layout, truth, BARS) <= 2


def test_an_era_that_is_named_is_kept() -> None:
    image, _ = frame("vanilla", (1024, 768))
    answer = calibrate([image], "tbc")
    assert answer.layout is not None
    assert answer.layout.era == "tbc"


def test_a_retail_frame_is_no_wotlk_frame() -> None:
    image, _ = frame("retail", (1920, 1080))
    answer = calibrate([image], "wotlk")
    assert answer.layout is None
    assert answer.refused is not None


@pytest.mark.parametrize("era", ["other", "cata"])
def test_an_era_without_a_stock_hud_is_refused_by_name(era: str) -> None:
    with pytest.raises(ValueError, match="era must be auto or one of"):
        calibrate([np.zeros((720, 1280, 3), np.uint8)], era)


# -- the run-time check ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("era", ["wotlk", "retail"])
def test_a_layout_fits_its_frame_and_not_a_shifted_one(era: Era) -> None:
    image, layout = frame(era, (1920, 1080))
    assert check_layout(image, layout).fits
    health = check_layout(np.roll(image, (17, 23), (0, 1)), layout)
    assert not health.fits
    assert "calibrate again" in health.why


def test_a_layout_of_another_scale_does_not_fit() -> None:
    image, _ = frame("wotlk", (1920, 1080))
    _, other = frame("wotlk", (1920, 1080), 0.75)
    assert not check_layout(image, other).fits


def test_a_frame_of_another_size_does_not_fit() -> None:
    image, layout = frame("wotlk", (1280, 720))
    health = check_layout(image[:600], layout)
    assert not health.fits
    assert "1280x600" in health.why


def test_a_window_over_the_player_frame_alone_does_not_stop_the_run() -> None:
    image, layout = frame("wotlk", (1280, 720))
    covered = image.copy()
    covered[:120, :260] = (40, 60, 80)
    assert check_layout(covered, layout).fits


def test_a_black_frame_does_not_fit() -> None:
    image, layout = frame("wotlk", (1280, 720))
    assert not check_layout(np.zeros_like(image), layout).fits


def test_a_chance_row_of_another_scale_is_not_taken_for_a_retail_bar() -> None:
    image, _ = frame("retail", (1920, 1080))
    family = families(load_shapes(), "retail")[0]
    view = View(image)
    found = find_rows(view, family, 1.0)
    main = found[0].match
    chance = Row(replace(main, score=0.4, k=0.98 * main.k, y=main.y + 44.0))
    assert chance.match not in _stack(view, family, [*found, chance])
    assert main in _stack(view, family, [*found, chance])
