"""A squeezed window is fitted in its true proportions and its boxes squeezed back; one out of shape is refused."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from frames import OUTLINED, stock

from wowbot.calibration import calibrate, check_layout
from wowbot.calibration.find import View
from wowbot.calibration.match import Match
from wowbot.calibration.stretch import measured_stretch
from wowbot.core.frame import Image
from wowbot.core.layout import Layout


def squeezed(image: Image, stretch: float) -> Image:
    size = image.shape[1], round(image.shape[0] * stretch)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def fitted(image: Image) -> Layout:
    layout = calibrate([image], "wotlk").layout
    assert layout is not None
    return layout


@pytest.mark.parametrize("stretch", [0.9556, 0.93, 1.05], ids=["as 3.3.5 does it", "more", "drawn out"])
def test_the_boxes_of_a_squeezed_window_are_squeezed(stretch: float) -> None:
    image = stock()
    plain, found = fitted(image), fitted(squeezed(image, stretch))
    assert found.size_wh == (image.shape[1], round(image.shape[0] * stretch))
    assert set(found.regions) == set(plain.regions)
    for name in ("player.health", "player.power", "target.health", "minimap"):
        x, y, w, h = plain.regions[name].rect
        assert tuple(found.regions[name].rect) == pytest.approx((x, y * stretch, w, h * stretch), abs=2.0), name
    boxes, before = (np.array(lay.regions["actionbar.main"].options["boxes"]) for lay in (found, plain))
    assert np.abs(boxes - before * (1.0, stretch, 1.0, stretch)).max() <= 2.0


def test_a_squeezed_window_goes_on_fitting_its_layout() -> None:
    image = squeezed(stock(), 0.9556)
    assert check_layout(image, fitted(image)).fits


def test_the_proportions_are_looked_for_at_every_scale_across_that_may_be() -> None:
    view = View(squeezed(stock(bar=False), 0.935))
    at = Match(0.55, 0.93, 5.5, -0.2)
    assert measured_stretch(view, OUTLINED.player, at, (0.88,)) == 1.0
    assert measured_stretch(view, OUTLINED.player, at, (0.88, 1.0)) == pytest.approx(0.935, abs=0.006)


def test_a_squeezed_window_whose_main_bar_is_not_seen_is_found_by_its_unit_frame() -> None:
    image = stock(bar=False)
    plain, found = fitted(image), fitted(squeezed(image, 0.935))
    for name in ("player.health", "player.power"):
        x, y, w, h = plain.regions[name].rect
        assert tuple(found.regions[name].rect) == pytest.approx((x, y * 0.935, w, h * 0.935), abs=2.0), name


def test_a_picture_in_true_proportions_is_left_alone() -> None:
    assert "stretch" not in calibrate([stock()], "wotlk").measured


def test_a_picture_out_of_shape_is_refused() -> None:
    answer = calibrate([squeezed(stock(), 1.18)], "wotlk")
    assert answer.refused is not None
    assert answer.refused.cause in ("stretched", "custom_hud")
