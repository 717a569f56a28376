"""Parts of a group move with it, and all but those that keep their size grow with it."""

from __future__ import annotations

import pytest

from wowbot.calibration.client import Client
from wowbot.calibration.place import Placed, pixel_box
from wowbot.hud import elements

K, GROW = 1.1855, 1.1088


@pytest.mark.parametrize("grow", [1.0, GROW], ids=["the same size", "a tenth larger"])
def test_retails_pet_keeps_its_size_and_hangs_from_the_middle_under_the_players_frame(grow: float) -> None:
    """Two 12.x screenshots of one hunter, in pixels: k is the same, the player's frame is not.

    The pet's health bar ends 247.5 px right of that frame's corner where it is 100 %, 266.7 where it is 110.9 %.
    """
    client = Client(0, 0, 1600, 900, K)
    parts = {e.name: e for e in elements("retail")}
    corner = 800.0 - 532.0 * K, 900.0 - 350.0 * K
    group = Placed(500.0, 400.0, *corner, grow)
    x, y, w, h = pixel_box(parts["pet.health"], client, group)
    assert (w, h) == (pytest.approx(70 * K), pytest.approx(10 * K))
    assert x + w - 500.0 == pytest.approx(247.5 if grow == 1.0 else 266.7, abs=2.5)
    assert y - 400.0 == pytest.approx(108.7 if grow == 1.0 else 119.3, abs=2.5)
    assert pixel_box(parts["player.health"], client, group)[2] == pytest.approx(124 * K * grow)
