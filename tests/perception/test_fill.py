"""Fills of drawn bars, to a fraction of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wowbot.perception.channels import split
from wowbot.perception.fill import HUES, MIN_LEVEL, colourless, measure, offline, stranger, text_columns

TEXTURE = np.array([0.40, 0.63, 0.75, 0.75, 0.67, 0.58, 0.49, 0.40, 0.40, 0.35], np.float32)
COLOURS = {
    "green": (0, 255, 0),
    "blue": (255, 0, 0),
    "red": (0, 0, 255),
    "yellow": (0, 255, 255),
    "cyan": (255, 209, 0),
    "purple": (253, 66, 201),
}
LEAST = MIN_LEVEL["classic"]


def bar(hue: str, edge: float, width: int = 150, behind: tuple[int, int, int] = (60, 50, 45)) -> np.ndarray:  # type: ignore[type-arg]
    """A textured bar filled over `edge` columns, the last one mixed, over a plain background."""
    share = np.clip(edge - np.arange(width), 0.0, 1.0)[None, :, None]
    filled = TEXTURE[:, None, None] * np.array(COLOURS[hue], np.float32)
    return np.rint(filled * share + np.array(behind, np.float32) * (1 - share)).astype(np.uint8)


@pytest.mark.parametrize("hue", HUES)
@pytest.mark.parametrize("edge", [2.0, 4.5, 30.25, 75.0, 120.75, 149.0])
def test_a_drawn_fill_is_read_to_a_fifth_of_a_pixel(hue: str, edge: float) -> None:
    assert measure(bar(hue, edge), hue, 60.0).edge == pytest.approx(edge, abs=0.2)


@example(149.53125, "red")
@given(st.floats(3.0, 150.0), st.sampled_from(HUES))
def test_any_fill_is_read_to_half_a_pixel(edge: float, hue: str) -> None:
    assert measure(bar(hue, edge), hue, 60.0).edge == pytest.approx(edge, abs=0.5)


@pytest.mark.parametrize("hue", HUES)
def test_an_empty_bar_reads_nothing(hue: str) -> None:
    assert measure(bar(hue, 0.0), hue, LEAST).edge == 0.0


@pytest.mark.parametrize(
    "behind",
    [(127, 127, 127), (115, 70, 40), (20, 60, 30), (40, 90, 110), (5, 5, 5)],
    ids=["snow", "sky", "grass", "sand", "night"],
)
@pytest.mark.parametrize("hue", ["green", "blue", "red", "yellow"])
def test_scenery_behind_the_empty_part_is_not_taken_for_a_fill(hue: str, behind: tuple[int, int, int]) -> None:
    assert measure(bar(hue, 0.0, behind=behind), hue, LEAST).edge == 0.0
    assert measure(bar(hue, 60.0, behind=behind), hue, LEAST).edge == pytest.approx(60.0, abs=0.5)


@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.3])
@pytest.mark.parametrize("factor", [0.85, 1.0, 1.15])
@pytest.mark.parametrize("hue", ["green", "blue", "red", "yellow"])
def test_gamma_and_brightness_do_not_move_the_edge(hue: str, gamma: float, factor: float) -> None:
    changed = np.clip(255.0 * (bar(hue, 61.0) / 255.0) ** gamma * factor, 0, 255).astype(np.uint8)
    assert measure(changed, hue, LEAST).edge == pytest.approx(61.0, abs=0.5)


@pytest.mark.parametrize("quality", [60, 80, 95])
def test_compression_moves_the_edge_by_less_than_a_pixel(quality: int) -> None:
    coded = cv2.imencode(".jpg", bar("green", 61.0), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    assert measure(np.asarray(cv2.imdecode(coded, 1), np.uint8), "green", LEAST).edge == pytest.approx(61.0, abs=1.0)


@pytest.mark.parametrize("edge", [40.0, 61.0, 100.0, 150.0])
def test_text_over_the_bar_does_not_end_its_fill(edge: float) -> None:
    picture = bar("green", edge)
    for place, thick in ((9, 4), (9, 1)):
        colour = (0, 0, 0) if thick == 4 else (255, 255, 255)
        cv2.putText(picture, "81%", (2, place), cv2.FONT_HERSHEY_PLAIN, 0.8, colour, thick)
    assert measure(picture, "green", LEAST).edge == pytest.approx(edge, abs=1.0)


def test_a_red_glow_over_the_bar_does_not_fill_it() -> None:
    picture = bar("red", 70.0).astype(np.int16)
    picture[7:9, :, 2] += 200
    assert measure(np.clip(picture, 0, 255).astype(np.uint8), "red", LEAST).edge == pytest.approx(70.0, abs=0.5)


def test_an_end_that_text_covers_is_told_as_slack() -> None:
    picture = bar("green", 50.0)
    picture[1:9, 48:80] = 0
    picture[2:8, 50:78:3] = 255
    found = measure(picture, "green", LEAST)
    assert found.edge <= 50.5
    assert found.slack >= 20


def test_a_row_of_border_along_the_bar_is_not_text() -> None:
    picture = bar("green", 60.0)
    picture[0] = 150
    assert not text_columns(split(picture), 2).any()


def test_gold_text_on_an_empty_bar_is_no_health() -> None:
    picture = bar("green", 0.0)
    cv2.putText(picture, "Dead", (40, 9), cv2.FONT_HERSHEY_PLAIN, 0.9, (0, 209, 255), 1)
    assert measure(picture, "green", LEAST).edge == 0.0


def test_a_bar_of_an_unknown_colour_is_noticed() -> None:
    share = (np.arange(150) < 90)[None, :, None]
    tan = np.where(share, np.float32([90, 120, 150]), np.float32([12, 12, 12])) * TEXTURE[:, None, None] * 1.3
    assert stranger(tan.astype(np.uint8))
    assert not stranger(bar("green", 0.0))


def test_gray_pixels_have_no_hue_to_look_for() -> None:
    assert colourless(np.full((10, 50, 3), 90, np.uint8), 60.0)
    assert not colourless(bar("blue", 20.0), 60.0)


def test_a_grey_textured_bar_is_an_offline_units_and_an_empty_one_is_not() -> None:
    gray = np.repeat(TEXTURE[:, None] * 128, 90, axis=1)
    assert offline(np.repeat(gray[:, :, None], 3, axis=2).astype(np.uint8))
    assert not offline(bar("green", 0.0))
    assert not offline(bar("green", 0.0, behind=(100, 100, 100)))
