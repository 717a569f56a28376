"""Cast bars: places, states, channels, shields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.perception.drawn import unit
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Reading
from wowbot.hud import stock_layout
from wowbot.hud.setup import HudSetup
from wowbot.perception.cast import FINISHED, STOPPED, CastReader
from wowbot.perception.castlook import hue_of_cast
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.reader import Context, Hints
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import AuraView, CameraView, CastView, UnitView, WorldView


def drawn(era: Any, cast: CastView | None, size: tuple[int, int] = (1280, 720)) -> tuple[Image, Layout]:
    import random

    renderer = HudRenderer(era, size, seed=3)
    player = replace(unit(random.Random(1), "mana"), cast=cast)
    return renderer.draw(WorldView(1.0, player, CameraView(5.0, 5.0, 1.0))), renderer.layout


def read(image: Image, layout: Layout, hints: Hints | None = None) -> dict[str, Reading]:
    out: dict[str, Reading] = {}
    reader = CastReader("player.cast", layout.regions["player.cast"], Context(layout))
    reader.read(image, out, hints or Hints())
    return out


@pytest.mark.parametrize("era", ["vanilla", "wotlk", "classic_era", "retail"])
@pytest.mark.parametrize("pct", [5.0, 33.0, 50.0, 72.0, 95.0])
def test_a_running_cast_is_read_within_a_percent(era: str, pct: float) -> None:
    out = read(*drawn(era, CastView("frostbolt", "Frostbolt", pct)))
    assert out["cast.active"].value == 1.0
    assert out["cast.pct"].value == pytest.approx(pct, abs=1.0)


def test_green_is_a_channel_and_amber_a_cast_since_the_burning_crusade() -> None:
    assert read(*drawn("wotlk", CastView("a", "Drain", 60.0, "channel")))["cast.channel"].value == 1.0
    assert read(*drawn("wotlk", CastView("a", "Bolt", 60.0)))["cast.channel"].value == 0.0


def test_vanilla_tells_a_channel_by_its_shrinking_only() -> None:
    image, layout = drawn("vanilla", CastView("a", "Drain", 60.0, "channel"))
    assert read(image, layout)["cast.channel"].value is None
    before = Hints(last={"cast.pct": Reading(63.0)})
    assert read(image, layout, before)["cast.channel"].value == 1.0


@pytest.mark.parametrize(("state", "why"), [("success", FINISHED), ("interrupted", STOPPED)])
def test_a_bar_that_only_lingers_is_not_running_and_says_why(state: Any, why: str) -> None:
    out = read(*drawn("wotlk", CastView("a", "Bolt", 100.0, state)))
    assert out["cast.active"].value == 0.0
    assert out["cast.active"].why == why


def test_no_bar_is_no_cast() -> None:
    out = read(*drawn("wotlk", None))
    assert out["cast.active"].value == 0.0
    assert out["cast.pct"].value is None


def test_the_own_bar_is_found_where_other_bars_have_pushed_it() -> None:
    image, layout = drawn("wotlk", CastView("a", "Bolt", 40.0), (1920, 1080))
    region = layout.regions["player.cast"]
    moved = region.rect._replace(top=region.rect.top + 57)
    elsewhere = replace(layout, regions={"player.cast": replace(region, rect=moved)})
    assert read(image, elsewhere)["cast.pct"].value == pytest.approx(40.0, abs=2.0)


@pytest.mark.parametrize("down", [4, 18, 30])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (2560, 1440)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_retails_own_bar_is_found_over_the_buttons(size: tuple[int, int], down: int) -> None:
    image, layout = drawn("retail", CastView("a", "Bolt", 62.0), size)
    empty, _ = drawn("retail", None, size)
    bar, buttons = layout.regions["player.cast"].rect, layout.regions["actionbar.main"].rect
    shown, k, edge = empty.copy(), layout.ui_scale, max(3, round(3 * layout.ui_scale))
    top = buttons.top + round(down * k)
    part = image[bar.top - edge : bar.bottom + edge, bar.left - edge : bar.right + edge]
    shown[top - edge : top + bar.height + edge, bar.left - edge : bar.right + edge] = part
    assert read(empty, layout)["cast.active"].value == 0.0
    assert read(shown, layout)["cast.pct"].value == pytest.approx(62.0, abs=1.0)


def test_a_row_of_lit_buttons_is_no_cast_bar() -> None:
    """Each is lit green in one strip over its whole width, as high as a bar: but between them the world is seen."""
    image, layout = drawn("retail", None, (1920, 1080))
    region, bar = layout.regions["actionbar.main"], layout.regions["player.cast"].rect
    shown, top = image.copy(), region.rect.top + 12
    for x, _, width, _ in region.options["boxes"]:
        shown[top - 2 : top + bar.height + 2, x : x + width] = (20, 20, 20)
        shown[top : top + bar.height, x : x + width] = (30, 200, 40)
    for x in (bar.left, bar.right):
        shown[top : top + bar.height, x - 2 : x + 1] = 20
    assert read(shown, layout)["cast.active"].value == 0.0


def test_buttons_that_touch_each_other_are_no_cast_bar_and_no_error() -> None:
    image, layout = drawn("retail", CastView("a", "Bolt", 62.0), (1920, 1080))
    region, bar = layout.regions["actionbar.main"], layout.regions["player.cast"].rect
    across = [[bar.left + n * bar.width // 4, bar.top - 9, bar.width // 4, 40] for n in range(4)]
    touching = replace(region, rect=Rect(bar.left, bar.top - 9, bar.width, 40), options={"boxes": across})
    over = replace(layout, regions={"player.cast": layout.regions["player.cast"], "actionbar.main": touching})
    assert read(image, over)["cast.active"].value == 0.0


def test_rows_of_buttons_do_not_crowd_out_a_duller_bar_above_them() -> None:
    """Each row has many edges as long and as far apart as a bar's, and clearer ones than a bar in a dark picture."""
    image, layout = drawn("retail", CastView("a", "Bolt", 62.0), (1920, 1080))
    region, buttons = layout.regions["player.cast"], layout.regions["actionbar.main"].rect
    shown, bar = image.copy(), region.rect
    for y in range(buttons.top - 60, buttons.bottom, 2):
        shown[y : y + 1, bar.left - 80 : bar.right + 80] = 0 if y // 2 % 2 else 90
    for box in layout.regions["actionbar.main"].options["boxes"]:
        shown[buttons.top - 60 : buttons.bottom, box[0] + box[2] : box[0] + box[2] + 2] = 40
    usual = replace(
        layout, regions={**layout.regions, "player.cast": replace(region, rect=bar._replace(top=bar.top + 31))}
    )
    assert read(shown, usual)["cast.pct"].value == pytest.approx(62.0, abs=1.0)


def test_its_name_is_read_where_the_bar_stands() -> None:
    image, layout = drawn("retail", CastView("a", "Bolt", 40.0), (1920, 1080))
    region = layout.regions["player.cast"]
    low = region.rect._replace(top=region.rect.top + 37)
    hints = Hints()
    read(image, replace(layout, regions={"player.cast": replace(region, rect=low)}), hints)
    place = hints.places["cast.name"]
    assert abs(place.top - region.rect.bottom) <= 3
    assert place.left == region.rect.left


def test_a_bar_that_goes_on_beyond_both_ends_is_the_experience_bar_and_no_cast() -> None:
    image, layout = drawn("wotlk", None)
    rect = layout.regions["player.cast"].rect
    top, left, right = rect.top - 60, rect.left - rect.width, rect.right + rect.width
    shown = image.copy()
    shown[top - 2 : top + rect.height + 2, left:right] = 150
    shown[top : top + rect.height, left:right] = (30, 34, 44)
    shown[top : top + rect.height, left : rect.left + rect.width // 2] = (8, 110, 6)
    for x in (rect.left, rect.left + rect.width // 3, rect.right):
        shown[top : top + rect.height, x - 2 : x + 1] = 120
    assert read(shown, layout)["cast.active"].value == 0.0


@pytest.mark.parametrize(("share", "running"), [(0.25, 0.0), (1.0, 1.0)], ids=["part of it", "all of it"])
def test_a_lit_world_in_the_bars_place_is_a_full_cast_only_between_edges_along_all_of_it(
    share: float, running: float
) -> None:
    layout = stock_layout("wotlk", (1280, 720), 1.0)
    rect = layout.regions["player.cast"].rect
    image = np.full((720, 1280, 3), 60, np.uint8)
    image[rect.top : rect.bottom + 40] = (110, 200, 215)
    step = round(rect.width * (1.0 - share) / 2)
    image[rect.bottom : rect.bottom + 40, rect.left + step : rect.right - step] = (90, 160, 170)
    assert read(image, layout)["cast.active"].value == running


def test_a_part_of_the_experience_bar_that_looks_like_a_full_cast_is_none() -> None:
    image, drawn_by = drawn("vanilla", CastView("a", "Bolt", 100.0), (1024, 768))
    usual = drawn_by.regions["player.cast"].rect
    bar = image[usual.top - 3 : usual.bottom + 3, usual.left - 12 : usual.right + 12].copy()
    layout = stock_layout("vanilla", (1024, 768), 1.0, setup=HudSetup(frozenset({"main"})))
    rect, xp = layout.regions["player.cast"].rect, layout.regions["xp"].rect

    def shown(top: int) -> float | None:
        picture = np.full_like(image, 80)
        picture[top - 3 : top - 3 + len(bar), rect.left - 12 : rect.left - 12 + bar.shape[1]] = bar
        value = read(picture, layout)["cast.active"].value
        return value if isinstance(value, float) else None

    assert shown(rect.top) == 1.0
    assert shown(xp.top - rect.height // 2) == 0.0


@pytest.mark.parametrize(
    ("bgr", "hue"),
    [
        ((0, 130, 190), "yellow"),
        ((0, 109, 203), "yellow"),
        ((0, 190, 0), "green"),
        ((38, 205, 111), "green"),
        ((0, 0, 190), "red"),
    ],
)
def test_cast_colours_are_told_apart(bgr: tuple[int, int, int], hue: str) -> None:
    assert hue_of_cast(*bgr) == hue


def test_a_place_at_the_frames_lower_end_is_no_error() -> None:
    stock = stock_layout("wotlk", (1280, 720))
    region = Region(Rect(500, 705, 200, 12), "cast", {"unit": "target", "tops": [600, 705]})
    layout = replace(stock, regions={"target.cast": region})
    out: dict[str, Reading] = {}
    CastReader("target.cast", region, Context(layout)).read(np.zeros((720, 1280, 3), np.uint8), out, Hints())
    assert out["target.cast.active"].value == 0.0


@pytest.mark.parametrize("era", ["wotlk", "classic_era", "retail"])
def test_the_name_of_a_cast_bar_that_auras_pushed_down_is_read(era: Any) -> None:
    renderer = HudRenderer(era, (1920, 1080), seed=3)
    dots = tuple(AuraView(f"dot_{n}", remains_s=9.0, duration_s=9.0, harmful=True) for n in range(8))
    me = UnitView("Me", "mage", 80, 900, 1000, "mana", 500, 1000)
    wolf = UnitView("Wolf", "wolf", 80, 900, 1000, reaction=2, debuffs=dots, cast=CastView("bolt", "Moonfire", 55.0))
    frame = Frame(0, 0, renderer.draw(WorldView(1.0, me, CameraView(5.0, 5.0, 1.0), wolf)), "test")
    layout = replace(
        renderer.layout, regions={n: r for n, r in renderer.layout.regions.items() if n.startswith("target.")}
    )
    assert HudPerception(layout).observe_still(frame).readings["target.cast.name"].value == "Moonfire"


@pytest.mark.parametrize(
    ("size", "scale", "gamma", "row", "buffs"),
    [
        ((1366, 768), 1.0035, 1.13, "s-poison L-none L-magic s-curse s-curse L-disease", 1),
        ((1920, 1080), None, 1.0, "L-poison s-disease L-disease L-poison s-magic L-none", 2),
    ],
)
def test_auras_in_a_second_row_are_no_cast_bar(
    size: tuple[int, int], scale: float | None, gamma: float, row: str, buffs: int
) -> None:
    """A small icon stands where the bar's icon would, and the border of the large one beside it is the bar's fill."""
    renderer = HudRenderer("wotlk", size, scale, gamma, seed=12)
    dots = tuple(
        AuraView(f"dot_{n}", remains_s=23.0, duration_s=25.0, harmful=True, own=kind[0] == "L", school=kind[2:])  # type: ignore[arg-type]
        for n, kind in enumerate(row.split())
    )
    shields = tuple(AuraView(f"shield_{n}", remains_s=23.0, duration_s=25.0, own=False) for n in range(buffs))
    me = UnitView("Me", "mage", 80, 900, 1000, "mana", 500, 1000)
    wolf = UnitView("Wolf", "wolf", 80, 600, 1000, reaction=2, debuffs=dots, buffs=shields)
    shown = WorldView(1.0, me, CameraView(0.0, 0.0, 0.0), wolf, targettarget=me)
    readings = HudPerception(renderer.layout).observe_still(Frame(0, 0, renderer.draw(shown), "test")).readings
    assert readings["target.cast.active"].value == 0.0
    assert readings["aura.target.count"].value == float(len(dots) + buffs)


@pytest.mark.parametrize(
    ("era", "interruptible", "value", "sure"),
    [
        ("tbc", True, 1.0, 0.5), ("tbc", False, 1.0, 0.5), ("wotlk", True, 1.0, 0.8), ("wotlk", False, 0.0, 0.8),
        ("classic_era", True, 1.0, 0.8), ("classic_era", False, 0.0, 0.8), ("retail", True, 1.0, 0.8),
        ("retail", False, 0.0, 0.8),
    ],
)  # fmt: skip
def test_a_client_that_marks_no_locked_casts_is_not_trusted_to_have_none(
    era: Any, interruptible: bool, value: float, sure: float
) -> None:
    renderer = HudRenderer(era, (1920, 1080), seed=3)
    target = UnitView("Wolf", "wolf", 80, 50.0, 100.0, cast=CastView("bolt", "Bolt", 80.0, "casting", interruptible))
    shown = WorldView(1.0, UnitView("Me", "mage", 80, 1.0, 1.0), CameraView(5.0, 5.0, 1.0), target=target)
    out = HudPerception(renderer.layout).observe(Frame(0, 0, renderer.draw(shown), "test"), ()).readings
    reading = out["target.cast.interruptible"]
    assert (reading.value, reading.confidence) == (value, sure)
    assert bool(reading.why) == (era == "tbc")


@pytest.mark.parametrize("pct", [20.0, 38.0, 50.0, 62.0, 80.0])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (2560, 1440)], ids=str)
def test_a_grey_fill_under_its_text_is_read_by_the_spark_on_the_border(pct: float, size: tuple[int, int]) -> None:
    renderer = HudRenderer("classic_era", size, gamma=0.9, seed=8)
    target = UnitView("Wolf", "wolf", 80, 50.0, 100.0, cast=CastView("bolt", "Shadow Bolt", pct, "casting", False))
    shown = WorldView(1.0, UnitView("Me", "mage", 80, 1.0, 1.0), CameraView(5.0, 5.0, 1.0), target=target)
    out = HudPerception(renderer.layout).observe(Frame(0, 0, renderer.draw(shown), "test"), ()).readings
    assert out["target.cast.pct"].value == pytest.approx(pct, abs=2.0)
    assert out["target.cast.interruptible"].value == 0.0
