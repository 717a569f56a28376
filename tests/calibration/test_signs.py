"""Signs that tell stock frames from restyled ones, and the clients from each other."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wowbot.calibration.answer import Sight
from wowbot.calibration.client import Client
from wowbot.calibration.era import DIGITS_LEAST, SIDES_LEAST, _clock, classic_era, is_late
from wowbot.calibration.family import families
from wowbot.calibration.find import View
from wowbot.calibration.fit import _vouched_for, _witnessed
from wowbot.calibration.match import Match
from wowbot.calibration.rows import Row
from wowbot.calibration.shapes import load_shapes
from wowbot.calibration.structure import Rails, bar_ends_below_strip, bar_fills_strip, dominant
from wowbot.core.layout import Era

RAILS: dict[str, tuple[float, float, float, bool]] = {
    "blurred, its light and dark lines run together": (-0.37, 0.53, 0.23, True),
    "stock": (0.66, 0.85, 0.80, True),
    "stock with numbers over its bars": (0.73, 0.44, 0.08, True),
    "stock under a glow": (-0.30, 0.66, 0.59, True),
    "recoloured": (0.21, 0.69, 0.64, True),
    "bar over the strip": (0.27, 0.42, 0.50, False),
    "two tall bars in place of strip and bars": (-0.64, 0.73, 0.0, False),
}
GREEN, BLACK, GRASS = (2, 150, 2), (12, 12, 14), (30, 62, 34)
ENDS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int], bool]] = {
    "a lit bar under a dark strip": (BLACK, GREEN, True),
    "a lit bar under a strip over grass": (GRASS, GREEN, True),
    "a bar that fills the strip": (GREEN, GREEN, False),
    "a dead player's empty bar": (BLACK, BLACK, False),
}


@pytest.mark.parametrize(("strip", "bar", "stock"), ENDS.values(), ids=ENDS)
def test_a_health_bar_that_ends_below_the_strip_is_a_stock_one(
    strip: tuple[int, int, int], bar: tuple[int, int, int], stock: bool
) -> None:
    image = np.zeros((100, 240, 3), np.uint8)
    image[27:45, 90:206], image[47:56, 90:206] = strip, bar
    image[47:56, 110:180] = 255  # a number text over its middle
    assert bar_ends_below_strip(image, Match(0.6, 1.0, 0.0, 0.0)) == stock


BROWN, SHADED, SKIN = (110, 156, 199), (80, 100, 118), (30, 62, 30)
FILLS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int], bool]] = {
    "a tall bar in a class's colour, darker below": (BROWN, SHADED, True),
    "a tall green bar": (GREEN, GREEN, True),
    "a dark strip over a lit bar": (BLACK, GREEN, False),
    "a strip in a dull tint of the bar's hue": (SKIN, GREEN, False),
    "a strip in another colour over a lit bar": (BROWN, GREEN, False),
    "a lit strip over an empty bar": (BROWN, BLACK, False),
}


@pytest.mark.parametrize(("strip", "bar", "tall"), FILLS.values(), ids=FILLS)
def test_a_strip_lit_in_the_bars_hue_is_one_tall_bar(
    strip: tuple[int, int, int], bar: tuple[int, int, int], tall: bool
) -> None:
    image = np.zeros((100, 240, 3), np.uint8)
    image[27:45, 90:206], image[47:56, 90:206] = strip, bar
    assert bar_fills_strip(image, Match(0.6, 1.0, 0.0, 0.0)) == tall


BAGS: dict[str, tuple[float, float, float, bool]] = {
    "1.12": (0.38, 0.09, 0.09, False),
    "3.3.5": (0.18, 0.38, 0.30, False),
    "7.3": (0.12, 0.27, 0.54, True),
    "6.2, a glow over the bags": (0.13, 0.25, 0.34, True),
    "no bags": (0.02, 0.0, 0.02, False),
    "stretched 3.3.5": (0.29, 0.26, 0.32, False),
}


@pytest.mark.parametrize(("profile", "strip", "bars", "stock"), RAILS.values(), ids=RAILS)
def test_the_rails_of_a_restyled_frame_give_it_away(profile: float, strip: float, bars: float, stock: bool) -> None:
    rails = Rails({"top": 0.9, "strip": strip, "bars": bars, "bottom": 0.7}, profile)
    assert rails.strip == stock


def test_two_tall_bars_whose_light_and_dark_run_as_in_stock_lack_the_rail_between() -> None:
    rails = Rails({"top": 0.9, "strip": 0.67, "bars": 0.0, "bottom": 0.9}, 0.61)
    assert rails.strip
    assert not rails.between


EVEN: dict[str, tuple[float, float, bool]] = {
    "a long text over all of the rail": (0.29, 0.24, True),
    "a name on a bar over the strip": (0.27, -0.1, False),
    "faint everywhere": (0.1, 0.2, False),
}


SHIFTED: dict[str, tuple[tuple[float, float, float], float, float]] = {
    "a stock rail, clearest when reversed one unit lower": ((0.42, 0.59, -0.63), 0.1, 0.59),
    "a stock rail in its place": ((0.24, 0.65, -0.62), 0.6, 0.65),
    "a faint stock rail all along a text": ((0.36, 0.0, -0.65), 0.23, 0.36),
    "two tall bars, reversed": ((-0.64, 0.15, 0.19), 0.18, -0.64),
    "a name on a tall bar": ((0.36, 0.0, -0.65), -0.1, -0.65),
}


@pytest.mark.parametrize(("profiles", "evenness", "said"), SHIFTED.values(), ids=SHIFTED)
def test_a_rail_that_looks_reversed_a_unit_off_its_place_is_a_stock_one(
    profiles: tuple[float, float, float], evenness: float, said: float
) -> None:
    assert dominant(profiles, evenness) == said


@pytest.mark.parametrize(("profile", "evenness", "stock"), EVEN.values(), ids=EVEN)
def test_a_rail_seen_along_its_whole_length_may_be_faint(profile: float, evenness: float, stock: bool) -> None:
    rails = Rails({"top": 0.9, "strip": 0.31, "bars": 0.17, "bottom": 0.7}, profile, evenness)
    assert rails.strip == stock


@pytest.mark.parametrize(("wide", "narrow", "late", "expected"), BAGS.values(), ids=BAGS)
def test_the_bags_of_a_client_after_wrath_are_known(wide: float, narrow: float, late: float, expected: bool) -> None:
    assert is_late({"bags_wide": wide, "bags_narrow": narrow, "bags_late": late}) == expected


CLOCKS: dict[str, tuple[float, float, float, float, Era]] = {
    "3.3.5": (0.18, 0.38, 0.57, 42.0, "wotlk"),
    "Classic": (0.16, 0.16, 0.79, 74.0, "classic_era"),
    "Classic, blurred": (0.25, 0.17, 0.74, 22.0, "classic_era"),
    "1.12": (0.35, 0.22, 0.31, 2.0, "vanilla"),
    "1.12, bright scenery under the minimap": (0.32, 0.17, 0.23, 41.0, "vanilla"),
    "1.12, scenery with two upright edges there": (0.12, 0.05, 0.68, 15.0, "vanilla"),
}


@pytest.mark.parametrize(("wide", "narrow", "sides", "digits", "era"), CLOCKS.values(), ids=CLOCKS)
def test_bags_and_clock_name_the_client(wide: float, narrow: float, sides: float, digits: float, era: Era) -> None:
    evidence = {f"column_{name}": 0.0 for name in ("vanilla", "wotlk", "classic_era")}
    evidence |= {"bags_wide": wide, "bags_narrow": narrow, "clock_sides": sides, "clock_digits": digits}
    assert classic_era(evidence) == era


@pytest.mark.parametrize("k", [0.9, 1.2656], ids=["small", "1080p"])
def test_a_clock_is_a_box_with_digits_and_a_bare_rim_is_none(k: float) -> None:
    image = np.full((600, 900, 3), 110, np.uint8)
    middle = round(900 - 87 * k), round(92 * k)
    cv2.circle(image, middle, round(75 * k), (90, 160, 170), round(6 * k))
    disc = Match(0.7, k, *map(float, middle))
    bare = _clock(View(image), disc, k)
    left, top, right, bottom = (round(v * k) for v in (-22, 66, 22, 83))
    x, y = middle
    cv2.rectangle(image, (x + left, y + top), (x + right, y + bottom), (20, 20, 20), -1)
    cv2.putText(image, "8:38", (x - round(13 * k), y + round(79 * k)), 0, 0.36 * k, (235, 235, 235), 1, cv2.LINE_AA)
    hung = _clock(View(image), disc, k)
    assert hung["clock_sides"] >= SIDES_LEAST > bare["clock_sides"]
    assert hung["clock_digits"] >= DIGITS_LEAST > bare["clock_digits"]


VOUCHING: dict[str, tuple[float, float, bool, tuple[float, float], bool]] = {
    "row and minimap": (0.7, 1.0, True, (0.36, 108.0), True),
    "no minimap": (0.7, 1.0, False, (0.36, 108.0), False),
    "a faint row": (0.42, 1.0, True, (0.36, 108.0), False),
    "a row of another scale": (0.7, 1.1, True, (0.36, 108.0), False),
    "no better than chance at the row's scale": (0.7, 1.0, True, (0.25, 108.0), False),
    "something that looks like a frame elsewhere": (0.7, 1.0, True, (0.40, 480.0), False),
}


@pytest.mark.parametrize(("row", "k", "minimap", "player", "believed"), VOUCHING.values(), ids=VOUCHING)
def test_a_faint_player_frame_needs_both_row_and_minimap(
    row: float, k: float, minimap: bool, player: tuple[float, float], believed: bool
) -> None:
    family = families(load_shapes(), "retail")[-1]
    disc = Match(0.6, 1.0, 1162.0, 143.0) if minimap else None
    rows = (Row(Match(row, k, 360.0, 870.0)),)
    found = Match(player[0], 1.0, player[1], 610.0)
    sight = Sight(family, found, rows, Client(0.0, 0.0, 1280.0, 960.0, 1.0), disc)
    assert _vouched_for(sight) == believed


@pytest.mark.parametrize(
    ("era", "row", "minimap", "enough"),
    [
        ("retail", 0.40, False, False),
        ("retail", 0.40, True, True),
        ("retail", 0.6, False, True),
        ("wotlk", 0.4, False, True),
    ],
)
def test_retail_art_over_a_faint_row_alone_is_an_add_ons(era: str, row: float, minimap: bool, enough: bool) -> None:
    disc = Match(0.6, 1.0, 1162.0, 143.0) if minimap else None
    rows = (Row(Match(row, 1.0, 360.0, 870.0)),)
    client = Client(0.0, 0.0, 1280.0, 960.0, 1.0)
    family = families(load_shapes(), era)[-1]
    assert _witnessed(Sight(family, Match(0.78, 1.0, 108.0, 610.0), rows, client, disc)) == enough
