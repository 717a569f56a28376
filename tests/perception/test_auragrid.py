"""Debuff borders: told by their hue where they stand out, in doubt where the ground has it too."""

from __future__ import annotations

import numpy as np
import pytest

from wowbot.core.frame import Image
from wowbot.core.layout import Era
from wowbot.perception.auragrid import (
    PER_SIDE,
    RINGS,
    SCHOOLS,
    Beside,
    Flow,
    candidates,
    likely,
    read_borders,
    read_frames,
)
from wowbot.perception.patches import CELLS

POINTS = 4 * PER_SIDE


def sample(border: tuple[float, ...], ground: tuple[float, ...], grain: float = 20.0, seed: int = 1) -> Image:
    """One place: a flat icon and rim, a border with a little noise, and a ground as coarse as `grain` outside."""
    rng = np.random.default_rng(seed)
    waves = rng.normal(0, 18, (POINTS, 1)) if border == ground else np.zeros((POINTS, 1))
    points = np.full((CELLS + RINGS * POINTS, 3), 20.0)
    points[CELLS + 2 * POINTS : CELLS + 3 * POINTS] = np.asarray(border) + waves + rng.normal(0, grain, (POINTS, 3))
    points[CELLS + 3 * POINTS :] = np.asarray(ground) + waves + rng.normal(0, grain, (POINTS, 3))
    return np.asarray(np.clip(points, 0, 255)[None], np.uint8)


@pytest.mark.parametrize("school", SCHOOLS)
def test_borders_on_a_grey_ground_tell_their_school(school: str) -> None:
    hue = tuple(230.0 * part for part in SCHOOLS[school])
    found = read_borders(sample(hue, (90.0, 90.0, 90.0), 4.0))
    assert found.harmful[0]
    assert not found.doubtful[0]
    assert found.school == [school]


@pytest.mark.parametrize("seed", range(6))
def test_brown_border_on_brown_ground_is_in_doubt_and_never_told_from_none(seed: int) -> None:
    brown = (4.0, 98.0, 150.0)
    found = read_borders(sample(brown, brown, 3.0, seed))
    assert not found.harmful[0]
    assert found.doubtful[0]
    assert found.school == [""]


def test_grey_ground_without_a_border_is_neither() -> None:
    found = read_borders(sample((120.0, 120.0, 120.0), (120.0, 120.0, 120.0)))
    assert not found.harmful[0]
    assert not found.doubtful[0]


def test_square_stands_out_from_smooth_ground_only() -> None:
    smooth = read_frames(sample((20.0, 20.0, 20.0), (150.0, 150.0, 150.0), 3.0))
    none = read_frames(sample((20.0, 20.0, 20.0), (22.0, 22.0, 22.0), 3.0))
    assert smooth.framed[0]
    assert not none.framed[0]


def flow(era: Era) -> Flow:
    gaps = (3.0, 3.0) if era == "vanilla" else (4.0, 3.0)
    return Flow.of(0.0, 0.0, (21.0, 17.0), gaps, era, 1.0)


@pytest.mark.parametrize(
    ("era", "tot", "icons"),
    [("vanilla", False, 6), ("vanilla", True, 5), ("wotlk", False, 6), ("wotlk", True, 5), ("retail", True, 5)],
)
def test_a_row_holds_as_many_icons_as_the_client_puts_there(era: Era, tot: bool, icons: int) -> None:
    rules, boxes = flow(era), [(0.0, 0.0, 17.0, 17.0)]
    while True:
        beside = [
            b for b in candidates(rules, boxes, [False] * len(boxes), Beside(tot)) if b[1] == 0.0 and b[2] == 17.0
        ]
        if not beside:
            break
        boxes += beside
    assert len(boxes) == icons


def test_the_gap_of_a_row_is_that_of_its_first_two_icons_whatever_a_border_says() -> None:
    boxes = [(0.0, 0.0, 17.0, 17.0), (21.0, 0.0, 17.0, 17.0)]
    assert candidates(flow("wotlk"), boxes, [True, False], Beside())[0][0] == 42.0


def dark(sides: int, spread: float, ground: float = 30.0) -> Image:
    """A picture whose dark rim is lost in a dark world along `sides` sides; `spread` of the picture's own levels."""
    rng = np.random.default_rng(sides)
    points = np.full((CELLS + RINGS * POINTS, 3), ground) + rng.normal(0, 1.5, (CELLS + RINGS * POINTS, 1))
    points[:CELLS] += rng.normal(40, spread, (CELLS, 3))
    rim = points[CELLS:].reshape(RINGS, 4, PER_SIDE, 3)
    rim[:3, sides:] += 60.0
    return np.asarray(np.clip(points, 0, 255)[None], np.uint8)


@pytest.mark.parametrize(("sides", "spread", "framed"), [(1, 40, True), (1, 2, False), (2, 40, False), (4, 40, False)])
def test_a_dark_rim_in_a_dark_world_is_believed_by_the_picture_inside(sides: int, spread: float, framed: bool) -> None:
    assert read_frames(dark(sides, spread)).framed[0] == framed


def test_a_picture_with_half_a_rim_is_likely_but_not_framed() -> None:
    half, flat = dark(2, 40), dark(2, 2)
    found = read_frames(half)
    assert likely(half, found)[0]
    assert not found.framed[0]
    assert not likely(flat, read_frames(flat))[0]


@pytest.mark.parametrize(("inside", "framed"), [(25.0, False), (60.0, True)], ids=["crossing ropes", "an icon"])
def test_a_rim_that_is_not_beyond_doubt_needs_a_picture_inside(inside: float, framed: bool) -> None:
    rng = np.random.default_rng(7)
    points = 110 + rng.normal(0, 25, (CELLS + RINGS * POINTS, 3))
    points[:CELLS] = 110 + rng.normal(0, inside, (CELLS, 3))
    rim = points[CELLS:].reshape(RINGS, 4, PER_SIDE, 3)
    rim[:3] -= 80.0
    rim[:3, 0, :4] = rim[3:, 0, :4]
    frames = read_frames(np.asarray(np.clip(points, 0, 255)[None], np.uint8))
    assert 0.85 <= frames.strength[0] < 0.95
    assert frames.framed[0] == framed
