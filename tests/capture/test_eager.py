"""Watching regions: merging them keeps every pixel, and only what changed is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from screen_fakes import MemoryScreen

from wowbot.capture.eager import GRAB_COST_PX, RegionWatch, merge, watched_rects
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


WINDOW = Rect(0, 0, 320, 200)


def watched(screen: MemoryScreen, *rects: Rect) -> RegionWatch:
    return RegionWatch(screen, rects)  # type: ignore[arg-type]


def test_only_what_differs_from_the_picture_is_told_as_tightly_as_can_be() -> None:
    screen = MemoryScreen()
    watch, image = watched(screen, Rect(0, 0, 10, 10), Rect(200, 150, 90, 40)), screen.image(WINDOW)
    assert watch.changed(WINDOW, image) == []
    screen.shown[5, 5] = (90, 91, 90)
    screen.shown[7, 8] = 0
    screen.shown[100, 100] = 0  # not watched
    [(place, pixels)] = watch.changed(WINDOW, image)
    assert place == Rect(5, 5, 4, 3)
    assert pixels.tolist() == place.crop(screen.shown).tolist()
    assert watch.changed(WINDOW, screen.image(WINDOW)) == []


@given(st.lists(st.tuples(st.integers(0, 319), st.integers(0, 199), st.integers(0, 2)), min_size=1, max_size=12))
def test_laid_into_the_picture_the_changes_make_the_watched_part_what_it_is_now(
    spots: list[tuple[int, int, int]],
) -> None:
    screen, rects = MemoryScreen(), (Rect(20, 10, 60, 50), Rect(150, 90, 100, 60))
    watch, image = watched(screen, *rects), screen.image(WINDOW)
    for x, y, channel in spots:
        screen.shown[y, x, channel] ^= 1
    for place, pixels in watch.changed(WINDOW, image):
        place.crop(image)[:] = pixels
    for rect in rects:
        assert (rect.crop(image) == rect.crop(screen.shown)).all()


@pytest.mark.parametrize(
    "window",
    [pytest.param(Rect(300, 0, 320, 200), id="off the screen"), pytest.param(Rect(0, 0, 50, 50), id="smaller window")],
)
def test_a_region_off_the_window_or_the_screen_is_passed_over(window: Rect) -> None:
    image = np.zeros((window.height, window.width, 3), np.uint8)
    assert watched(MemoryScreen(), Rect(200, 150, 50, 40)).changed(window, image) == []


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
