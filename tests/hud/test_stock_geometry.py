"""The stock HUD's numbers, spot-checked against what the clients' UI files and screenshots say."""

from __future__ import annotations

import pytest

from wowbot.core.errors import LayoutError
from wowbot.core.layout import Era, Rect
from wowbot.hud import STOCK_SETUP, HudSetup, default_scale, elements, place, stock_layout
from wowbot.hud.retail import FRAME_TOP, PLAYER_LEFT
from wowbot.hud.units import STOCK_ERAS, Element, grid_boxes, to_rect

FULL_HD = (1920, 1080)
CLASSIC_ERAS: tuple[Era, ...] = ("vanilla", "tbc", "wotlk", "classic_era")
ALL_BARS = HudSetup(bars=frozenset({"main", "bottom_left", "bottom_right", "right", "left", "stance", "pet"}))


@pytest.mark.parametrize(
    ("era", "height", "k"),
    [
        ("wotlk", 600, 0.781),
        ("wotlk", 768, 1.0),
        ("vanilla", 900, 1.055),
        ("wotlk", 1080, 1.2656),
        ("classic_era", 1280, 1.5),
        ("tbc", 1440, 1.6875),
        ("wotlk", 2160, 2.531),
        ("retail", 720, 0.938),
        ("retail", 1080, 1.0),
        ("retail", 1440, 1.2),
        ("retail", 2160, 1.8),
    ],
    ids=lambda v: str(v),
)
def test_default_scale_is_the_clients(era: Era, height: int, k: float) -> None:
    assert default_scale(era, height) == pytest.approx(k, abs=0.001)


@pytest.mark.parametrize(
    ("era", "name", "left", "top", "width"),
    [
        # 1080p, k = 1.2656: 87 and 257 units from the left; the row of buttons begins 504 left of the centre line.
        ("wotlk", "player.health", 110, 59, 151),
        ("vanilla", "player.power", 110, 74, 151),
        ("classic_era", "target.health", 325, 59, 151),
        ("wotlk", "actionbar.main", 322, 1029, 630),
        ("wotlk", "actionbar.bottom_left", 322, 962, 630),
        ("vanilla", "actionbar.bottom_right", 968, 962, 630),
        ("wotlk", "minimap", 1721, 28, 177),
        ("retail", "player.health", 513, 771, 124),
        ("retail", "target.health", 1283, 771, 126),
        ("retail", "actionbar.main", 679, 990, 562),
        ("retail", "actionbar.bottom_left", 679, 940, 562),
        ("retail", "actionbar.bottom_right", 679, 890, 562),
    ],
    ids=lambda v: str(v),
)
def test_regions_at_1080p(era: Era, name: str, left: int, top: int, width: int) -> None:
    rect = stock_layout(era, FULL_HD).regions[name].rect
    assert (rect.left, rect.top, rect.width) == (left, top, width)


@pytest.mark.parametrize(
    ("era", "size_wh", "bottom_units"),
    [
        ("vanilla", FULL_HD, 100),  # 60, 40 more for the lower multi bar
        ("tbc", (1024, 768), 100),
        ("wotlk", FULL_HD, 160),  # 115 on a wide screen, 45 for the multi bar
        ("wotlk", (1024, 768), 140),  # 95 at 4:3
        ("classic_era", FULL_HD, 157),
    ],
    ids=["vanilla", "tbc-4:3", "wotlk", "wotlk-4:3", "classic_era"],
)
def test_cast_bar_stands_above_the_shown_bars(era: Era, size_wh: tuple[int, int], bottom_units: int) -> None:
    layout = stock_layout(era, size_wh)
    rect = layout.regions["player.cast"].rect
    assert (size_wh[1] - rect.bottom) / layout.ui_scale == pytest.approx(bottom_units, abs=0.6)
    assert rect.left + rect.width / 2 == pytest.approx(size_wh[0] / 2, abs=1)


def test_cast_bar_of_1_12_moves_40_up_with_a_stance_bar() -> None:
    with_stance = HudSetup(bars=STOCK_SETUP.bars | {"stance"})
    low = stock_layout("vanilla", FULL_HD).regions["player.cast"].rect
    high = stock_layout("vanilla", FULL_HD, setup=with_stance).regions["player.cast"].rect
    assert (low.top - high.top) / 1.265625 == pytest.approx(40, abs=0.5)


def test_bars_above_the_main_one_stand_5_lower_at_the_top_level() -> None:
    """1080p screenshots of 3.3.5 at level 80 show the second row at 968 px, of lower levels at 962."""
    layout = stock_layout("wotlk", FULL_HD, setup=HudSetup(max_level=True))
    assert layout.regions["actionbar.bottom_left"].rect.top == pytest.approx(968, abs=1)
    assert layout.regions["actionbar.main"].rect.top == 1029
    assert "xp" not in layout.regions


def test_party_frames_are_83_apart() -> None:
    regions = stock_layout("wotlk", (1024, 768)).regions
    assert [regions[f"party{n}.frame"].rect.top for n in (1, 2, 3, 4)] == [160, 243, 326, 409]


@pytest.mark.parametrize(("era", "right"), [("vanilla", 180), ("classic_era", 205), ("wotlk", 180), ("retail", 265)])
def test_buffs_begin_at_their_right_edge_and_grow_left(era: Era, right: int) -> None:
    layout = stock_layout(era, (1366, 768))
    boxes = layout.regions["player.auras"].options["boxes"]
    assert 1366 - (boxes[0][0] + boxes[0][2]) == pytest.approx(right, abs=1)
    assert boxes[0][0] - boxes[1][0] == pytest.approx(35, abs=1)


@pytest.mark.parametrize(("era", "top"), [("wotlk", 103), ("classic_era", 123)])
def test_own_debuffs_begin_two_rows_below_what_they_hang_on(era: Era, top: int) -> None:
    boxes = stock_layout(era, (1366, 768)).regions["player.debuffs"].options["boxes"]
    assert boxes[0][1] == pytest.approx(top, abs=1)


@pytest.mark.parametrize("era", STOCK_ERAS)
def test_every_slot_box_lies_inside_its_bar(era: Era) -> None:
    layout = stock_layout(era, (2560, 1440), setup=ALL_BARS)
    bars = {n: r for n, r in layout.regions.items() if r.reader == "slots"}
    assert len(bars) == 7
    for name, region in bars.items():
        for box in region.options["boxes"]:
            rect = Rect(*box)
            assert region.rect.left <= rect.left + 1, name
            assert rect.right <= region.rect.right + 1, name
            assert region.rect.top <= rect.top + 1, name
            assert rect.bottom <= region.rect.bottom + 1, name
        assert len(region.options["boxes"]) == (10 if name.endswith(("stance", "pet")) else 12)


@pytest.mark.parametrize("era", STOCK_ERAS)
@pytest.mark.parametrize("size_wh", [(1024, 768), (1280, 720), FULL_HD, (3440, 1440), (3840, 2160)], ids=str)
def test_every_region_touches_the_frame(era: Era, size_wh: tuple[int, int]) -> None:
    for name, region in stock_layout(era, size_wh).regions.items():
        rect = region.rect
        assert rect.right > 0, name
        assert rect.bottom > 0, name
        assert rect.left < size_wh[0], name
        assert rect.top < size_wh[1], name


@pytest.mark.parametrize("era", CLASSIC_ERAS)
def test_popup_button_region_is_pressed_by_one_button_and_by_two(era: Era) -> None:
    layout = stock_layout(era, (1024, 768))
    x = layout.regions["popup.button1"].rect.center[0] - 512
    assert -64 < x < 64  # a single button, 128 wide, in the middle
    assert -134.5 < x < -6.5  # the left one of two


def test_layouts_of_one_kind_share_their_id_and_others_differ() -> None:
    assert stock_layout("wotlk", FULL_HD).id == stock_layout("wotlk", FULL_HD).id
    ids = {stock_layout(era, FULL_HD, k).id for era in STOCK_ERAS for k in (None, 0.9)}
    assert len(ids) == 2 * len(STOCK_ERAS)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (Element("a", "", "L", 10, "T", 20, 30, 40), (20, 40, 60, 80)),
        (Element("a", "", "R", 10, "B", 20, 30, 40), (1000 - 20 - 60, 800 - 40 - 80, 60, 80)),
        (Element("a", "", "C", 10, "M", 20, 30, 40), (500 + 20 - 30, 400 + 40 - 40, 60, 80)),
    ],
    ids=["left-top", "right-bottom", "centre-middle"],
)
def test_anchors_become_pixels(element: Element, expected: tuple[float, ...]) -> None:
    assert place(element, (1000, 800), 2.0) == expected


def test_rounding_keeps_edges_not_sizes() -> None:
    assert to_rect((0.4, 0.4, 10.2, 10.0)) == Rect(0, 0, 11, 10)
    assert to_rect((5.0, 5.0, 0.1, 0.1)) == Rect(5, 5, 1, 1)


def test_an_element_without_a_grid_has_no_boxes() -> None:
    health = next(e for e in elements("wotlk") if e.name == "player.health")
    assert grid_boxes(health, FULL_HD, 1.0) == []


def test_runes_are_placed_where_there_are_death_knights() -> None:
    having = {era for era in STOCK_ERAS if "runes" in stock_layout(era, FULL_HD).regions}
    assert having == {"wotlk", "retail"}


def test_retail_runes_stand_where_a_screenshot_shows_them() -> None:
    """11.x, a death knight's frame: six centres 23.1 units apart from (85.7, 92.7); a tenth of a rune is near enough."""
    layout = stock_layout("retail", FULL_HD, 1.0)
    left, top = FULL_HD[0] / 2 + PLAYER_LEFT, FULL_HD[1] - FRAME_TOP
    boxes = layout.regions["runes"].options["boxes"]
    centres = [(x + w / 2 - left, y + h / 2 - top) for x, y, w, h in boxes]
    assert centres == [pytest.approx((85.7 + 23.1 * n, 92.7), abs=2.5) for n in range(6)]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: stock_layout("other", FULL_HD), "no stock HUD"),
        (lambda: default_scale("other", 1080), "no stock HUD"),
        (lambda: default_scale("wotlk", 0), "positive"),
        (lambda: stock_layout("wotlk", FULL_HD, 9.0), "no client draws"),
        (lambda: stock_layout("wotlk", (100, 100)), "no client draws"),
        (lambda: HudSetup(bars=frozenset({"middle"})), "middle"),
    ],
    ids=["other", "other-scale", "height", "scale", "tiny", "bar"],
)
def test_impossible_requests_say_why(call: object, said: str) -> None:
    with pytest.raises(LayoutError, match=said):
        call()  # type: ignore[operator]
