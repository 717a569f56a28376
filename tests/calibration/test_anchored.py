"""The player frame is found where button row and minimap say, on frames that carry the outlines and no art."""

from __future__ import annotations

import numpy as np
import pytest

from wowbot.calibration.anchored import find_anchored
from wowbot.calibration.client import MAIN_ROW_LEFT, MAIN_ROW_TOP, MINIMAP_RIGHT, MINIMAP_TOP
from wowbot.calibration.family import Family, families
from wowbot.calibration.find import View, find_players
from wowbot.calibration.rows import find_bottom_row
from wowbot.calibration.shapes import Shape, load_shapes
from wowbot.core.frame import Image

SIZE_WH = (1366, 768)
FAMILY: Family = next(f for f in families(load_shapes(), "vanilla") if f.art == "stock")


def picture(shape: Shape, contrast: float) -> np.ndarray:
    """Brightness whose slopes follow the outline best (least squares), one pixel a unit."""
    gx, gy = shape.kernel.astype(np.float64)
    fx, fy = np.meshgrid(np.fft.fftfreq(gx.shape[1]), np.fft.fftfreq(gx.shape[0]))
    wave = 2j * np.pi * np.stack([fx, fy])
    power = np.maximum(np.abs(wave[0]) ** 2 + np.abs(wave[1]) ** 2, 1e-9)
    spectrum = (np.conj(wave[0]) * np.fft.fft2(gx) + np.conj(wave[1]) * np.fft.fft2(gy)) / power
    return np.asarray(np.real(np.fft.ifft2(spectrum))) * contrast


def drawn(player: float, minimap: bool = True, left: int = 0) -> Image:
    """A classic window as outlines; `player` is the player frame's contrast, `left` a white margin's width, px."""
    canvas = np.full((SIZE_WH[1], SIZE_WH[0]), 120.0)
    width = SIZE_WH[0] - left
    parts = [(FAMILY.row, left + width // 2 - round(MAIN_ROW_LEFT), SIZE_WH[1] - round(MAIN_ROW_TOP), 25.0)]
    if minimap and FAMILY.minimap is not None:
        parts.append((FAMILY.minimap, SIZE_WH[0] - round(MINIMAP_RIGHT), round(MINIMAP_TOP), 25.0))
    if player:
        parts.append((FAMILY.player, left, 0, player))
    for shape, x, y, contrast in parts:
        x, y = x + shape.box[0], y + shape.box[1]
        lines = picture(shape, contrast)
        # The row's outline reaches a little beyond the window's lower edge, the minimap's beyond the right one.
        room = canvas[y : y + lines.shape[0], x : x + lines.shape[1]]
        room += lines[: room.shape[0], : room.shape[1]]
    grain = np.random.default_rng(0).normal(0.0, 0.7, canvas.shape)
    return np.repeat(np.clip(canvas + grain, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("left", [0, 14], ids=["whole window", "a margin at the left"])
@pytest.mark.parametrize("contrast", [25.0, -25.0], ids=["as in stock", "light and dark reversed"])
def test_row_and_minimap_say_where_the_player_frame_is(contrast: float, left: int) -> None:
    view = View(drawn(contrast, left=left))
    row = find_bottom_row(view, FAMILY, 0.4)
    assert row is not None
    found = find_anchored(view, FAMILY, row)
    assert found is not None
    assert (found.x, found.y, found.k) == pytest.approx((left, 0.0, 1.0), abs=1.0)


@pytest.mark.parametrize(
    "image", [drawn(0.0), drawn(25.0, minimap=False)], ids=["no player frame", "no minimap to place it by"]
)
def test_nothing_is_anchored_without_all_three(image: Image) -> None:
    view = View(image)
    row = find_bottom_row(view, FAMILY, 0.4)
    assert row is not None
    assert find_anchored(view, FAMILY, row) is None


def test_the_best_at_the_stock_place_is_kept_beside_a_better_one_elsewhere() -> None:
    image = drawn(1.2)
    elsewhere = picture(FAMILY.player, 25.0)
    image = image.copy()
    part = image[300 : 300 + elsewhere.shape[0], 500 : 500 + elsewhere.shape[1]]
    part[:] = np.clip(part + 0.6 * elsewhere[..., None], 0, 255)
    part[::2] = 120  # half of it is gone, so that it does not settle the search
    found = find_players(View(image), FAMILY)
    assert len(found) == 2
    assert min(abs(match.x) + abs(match.y) for match in found) < 4.0
