"""The row of own auras: found by its icons a patch or more from its stock place, guessed only where nothing tells."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from wowbot.calibration.aurarow import Span, aura_group, find_row
from wowbot.calibration.client import Client
from wowbot.calibration.family import families
from wowbot.calibration.find import View
from wowbot.calibration.match import Match
from wowbot.calibration.shapes import load_shapes
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Era
from wowbot.hud import elements
from wowbot.hud.auras import RETAIL_DISCS, ROW_SHIFTS
from wowbot.hud.stock import stock_layout
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.icons import icon

SIZE_WH = (1280, 768)
FAMILIES = {f.name: f for f in families(load_shapes(), "auto") if f.art == "stock"}
ROW = next(e for e in elements("retail") if e.name == "player.auras")


def world(seed: int, busy: float = 6.0) -> Image:
    """Hills without an edge as long as an icon's side."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(110, 30, (SIZE_WH[1] // 24, SIZE_WH[0] // 24, 3)).astype(np.float32)
    ground = cv2.resize(coarse, SIZE_WH, interpolation=cv2.INTER_CUBIC) + rng.normal(
        0, busy, (SIZE_WH[1], SIZE_WH[0], 3)
    )
    return np.asarray(np.clip(ground, 0, 255), np.uint8)


def with_row(image: Image, left: float, top: float, count: int, k: float = 1.0) -> Image:
    """The image with icons that have a dark rim, the first at (left, top)."""
    drawn, size = image.copy(), round(30 * k)
    for n in range(count):
        x, y = round(left - 35 * k * n), round(top)
        drawn[y : y + size, x : x + size] = 12
        drawn[y + 2 : y + size - 2, x + 2 : x + size - 2] = icon(f"buff {n}", size - 4)
    return drawn


@pytest.mark.parametrize("k", [0.8, 1.0, 1.37], ids=str)
@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_row_is_found_within_a_unit_and_a_half_by_its_icons(k: float, count: int) -> None:
    image = with_row(world(count), 903.0, 41.0, count, k)
    found = find_row(image, Span(*(round(v) for v in (903 - 4 * k, 41 - 4 * k, 903 + 4 * k, 41 + 4 * k))), ROW, k, 1)
    assert found is not None
    assert found[:2] == pytest.approx((903.0, 41.0), abs=1.5 * k)


@pytest.mark.parametrize("seed", range(8))
def test_no_row_is_found_in_a_world_without_icons(seed: int) -> None:
    assert find_row(world(seed), Span(820, 0, 1280, 130), ROW, 1.0, 2) is None


def group(image: Image, era: Era, disc: tuple[float, float] | None) -> tuple[str, float, float, str]:
    """Fate, right edge and top of the row, units, and mend."""
    client, family = Client(0.0, 0.0, *map(float, SIZE_WH), 1.0), FAMILIES["retail" if era == "retail" else "classic"]
    minimap = None if disc is None else Match(0.9, 1.0, SIZE_WH[0] - disc[0], disc[1])
    found = aura_group(View(image), family, client, era, minimap)
    assert found.placed is not None
    return found.status, SIZE_WH[0] - found.placed.x - 30, found.placed.y, found.mend


@pytest.mark.parametrize("patch", [0, 1], ids=["11.x", "10.x"])
def test_without_auras_the_minimap_tells_retails_patch(patch: int) -> None:
    shift = ROW_SHIFTS["retail"][patch]
    assert group(world(3), "retail", RETAIL_DISCS[patch]) == ("expected", 265 - shift[0], 13 + shift[1], "")


@pytest.mark.parametrize("right", [265, 281])
def test_icons_tell_the_patch_whatever_the_minimap_says(right: int) -> None:
    top = 13 if right == 265 else 10
    status, found, down, _ = group(with_row(world(4), 1250 - right, top, 3), "retail", RETAIL_DISCS[0])
    assert (status, found, down) == ("found", right, top)


def test_a_row_that_was_moved_is_found_by_two_icons() -> None:
    status, right, top, _ = group(with_row(world(5), 1250 - 350, 60, 2), "retail", RETAIL_DISCS[0])
    assert status == "moved"
    assert (right, top) == pytest.approx((350, 60), abs=1.5)


def test_a_classic_row_is_not_looked_for_far_from_its_place() -> None:
    status, right, top, mend = group(with_row(world(5), 1250 - 350, 60, 2), "wotlk", None)
    assert (status, right, top, mend) == ("expected", 180, 13, "")


@pytest.mark.parametrize("disc", [None, (300.0, 300.0)], ids=["no minimap", "moved"])
def test_a_place_that_nothing_tells_has_a_mend(disc: tuple[float, float] | None) -> None:
    assert "while a buff is up" in group(world(6), "retail", disc)[3]


def test_a_guessed_row_is_unknown_while_empty_and_counts_once_an_icon_was_seen() -> None:
    layout = stock_layout("retail", SIZE_WH, 1.0)
    rows = {n: r for n, r in layout.regions.items() if n in ("player.auras", "player.debuffs")}
    guessed = {n: replace(r, options={**r.options, "guessed": True}) for n, r in rows.items()}
    perception = HudPerception(replace(layout, regions=guessed))

    def counts(index: int, image: Image) -> list[object]:
        seen = perception.observe(Frame(index, index * 10**8, image, "test"), ()).readings
        return [seen[f"aura.{row}.count"].value for row in ("player", "player_debuff")]

    empty = world(7, 2.0)
    assert counts(0, empty) == [None, None]
    assert counts(1, with_row(empty, 1250 - 265, 13, 2)) == [2.0, 0.0]
    assert counts(2, empty) == [0.0, 0.0]


def test_a_row_begins_with_an_icon_that_is_framed_less_clearly_than_the_next() -> None:
    image = with_row(world(8), 1250 - 350, 60, 3)
    image[60:66, 900:902] = image[60:66, 896:898]
    image[60:62, 900:906] = image[56:58, 900:906]
    status, right, _, _ = group(image, "retail", RETAIL_DISCS[0])
    assert (status, round(right / 5)) == ("moved", 70)
