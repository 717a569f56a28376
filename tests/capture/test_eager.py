"""Watching regions: merging them keeps every pixel, and only what changed is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from screen_fakes import MemoryScreen

from wowbot.capture.eager import GRAB_COST_PX, RegionWatch, merge, patch, watched_rects
from wowbot.core.layout import Layout, Rect, Region

RECTS = st.builds(Rect, st.integers(0, 300), st.integers(0, 200), st.integers(1, 120), st.integers(1, 90))


def covered(rects: list[Rect] | tuple[Rect, ...]) -> np.ndarray:
    mask = np.zeros((300, 450), bool)
    for rect in rects:
        rect.crop(mask)[:] = True  # type: ignore[arg-type]
    return mask


@given(st.lists(RECTS, max_size=8))
def test_merged_rectangles_cover_every_pixel_of_the_given_ones(rects: list[Rect]) -> None:
    assert not (covered(rects) & ~covered(merge(rects))).any()


@given(st.lists(RECTS, max_size=8))
def test_merging_never_costs_more_than_the_separate_grabs(rects: list[Rect]) -> None:
    def cost(parts: list[Rect] | tuple[Rect, ...]) -> int:
        return sum(GRAB_COST_PX + r.width * r.height for r in parts)

    assert cost(merge(rects)) <= cost(rects)


def test_neighbours_become_one_strip_and_distant_ones_stay_apart() -> None:
    near = [Rect(10, 10, 100, 10), Rect(10, 22, 100, 10)]
    far = Rect(900, 700, 300, 40)
    assert set(merge([*near, far])) == {Rect(10, 10, 100, 22), far}


def test_the_first_look_tells_every_region_and_then_only_changes() -> None:
    screen = MemoryScreen()
    watch = RegionWatch(screen, [Rect(0, 0, 10, 10), Rect(200, 150, 90, 40)])  # type: ignore[arg-type]
    window = Rect(0, 0, 320, 200)
    assert {rect for rect, _ in watch.changed(window)} == {Rect(0, 0, 10, 10), Rect(200, 150, 90, 40)}
    assert watch.changed(window) == []
    screen.shown[5, 5] = 0
    assert [rect.left for rect, _ in watch.changed(window)] == [0]
    assert watch.changed(window) == []


@pytest.mark.parametrize(
    "window",
    [pytest.param(Rect(300, 0, 320, 200), id="off the screen"), pytest.param(Rect(0, 0, 50, 50), id="smaller window")],
)
def test_a_region_off_the_window_or_the_screen_is_passed_over(window: Rect) -> None:
    watch = RegionWatch(MemoryScreen(), [Rect(200, 150, 50, 40)])  # type: ignore[arg-type]
    assert watch.changed(window) == []


@given(st.integers(0, 18), st.integers(0, 18), st.data())
def test_a_patch_changes_its_rectangle_and_nothing_else(left: int, top: int, data: st.DataObject) -> None:
    rect = Rect(left, top, data.draw(st.integers(1, 20 - left)), data.draw(st.integers(1, 20 - top)))
    image = np.zeros((20, 20, 3), np.uint8)
    patch(image, [(rect, np.full((rect.height, rect.width, 4), (9, 8, 7, 255), np.uint8))])
    assert (rect.crop(image) == (9, 8, 7)).all()
    assert int((image.sum(axis=2) > 0).sum()) == rect.width * rect.height


def test_bars_casts_and_slots_are_watched_and_the_world_is_not() -> None:
    regions = {
        "player.health": Region(Rect(0, 0, 10, 4), "bar"),
        "player.cast": Region(Rect(0, 10, 10, 4), "cast"),
        "actionbar.main": Region(Rect(0, 20, 10, 4), "slots"),
        "nameplates": Region(Rect(0, 0, 100, 100), "nameplates"),
        "minimap": Region(Rect(80, 0, 20, 20), "minimap"),
    }
    layout = Layout("x", "x", "wotlk", (100, 100), 1.0, regions)
    assert set(watched_rects(layout)) == {Rect(0, 0, 10, 4), Rect(0, 10, 10, 4), Rect(0, 20, 10, 4)}
