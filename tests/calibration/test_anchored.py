"""The player frame is found where button row and minimap say, on frames that carry the outlines and no art."""

from __future__ import annotations

import numpy as np
import pytest
from frames import OUTLINED, outlined, picture

from wowbot.calibration.anchored import find_anchored
from wowbot.calibration.find import View, find_players
from wowbot.calibration.rows import find_bottom_row
from wowbot.core.frame import Image


@pytest.mark.parametrize("left", [0, 14], ids=["whole window", "a margin at the left"])
@pytest.mark.parametrize("contrast", [25.0, -25.0], ids=["as in stock", "light and dark reversed"])
def test_row_and_minimap_say_where_the_player_frame_is(contrast: float, left: int) -> None:
    view = View(outlined(contrast, left=left))
    row = find_bottom_row(view, OUTLINED, 0.4)
    assert row is not None
    found = find_anchored(view, OUTLINED, row)
    assert found is not None
    assert (found.x, found.y, found.k) == pytest.approx((left, 0.0, 1.0), abs=1.0)


@pytest.mark.parametrize(
    "image", [outlined(0.0), outlined(25.0, minimap=False)], ids=["no player frame", "no minimap to place it by"]
)
def test_nothing_is_anchored_without_all_three(image: Image) -> None:
    view = View(image)
    row = find_bottom_row(view, OUTLINED, 0.4)
    assert row is not None
    assert find_anchored(view, OUTLINED, row) is None


def test_the_best_at_the_stock_place_is_kept_beside_a_better_one_elsewhere() -> None:
    image = outlined(1.2)
    elsewhere = picture(OUTLINED.player, 25.0)
    image = image.copy()
    part = image[300 : 300 + elsewhere.shape[0], 500 : 500 + elsewhere.shape[1]]
    part[:] = np.clip(part + 0.6 * elsewhere[..., None], 0, 255)
    part[::2] = 120  # half of it is gone, so that it does not settle the search
    found = find_players(View(image), OUTLINED)
    assert len(found) == 2
    assert min(abs(match.x) + abs(match.y) for match in found) < 4.0
