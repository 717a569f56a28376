"""Black and frozen pictures are told from live ones by a sample of rows."""

from __future__ import annotations

import numpy as np

from wowbot.capture.health import PictureHealth

SECOND = 1_000_000_000


def test_a_picture_that_stands_still_for_five_seconds_is_frozen() -> None:
    health, image = PictureHealth(), np.full((80, 80, 3), 90, np.uint8)
    assert [health.status(image, t * SECOND) for t in range(7)] == ["", "", "", "", "", "frozen", "frozen"]


def test_one_changed_pixel_on_a_sampled_row_is_life_wherever_it_lies() -> None:
    health = PictureHealth()
    for t in range(12):
        image = np.full((80, 80, 3), 90, np.uint8)
        image[16, 3 + t] = 10
        assert health.status(image, t * SECOND) == ""


def test_a_picture_of_near_black_is_black() -> None:
    assert PictureHealth().status(np.full((80, 80, 3), 3, np.uint8), 0) == "black"
