"""What a person and a machine get to see of a calibration."""

from __future__ import annotations

import json

import numpy as np
from frames import frame

from wowbot.calibration import calibrate, overlay
from wowbot.calibration.overlay import COLOURS


def test_the_overlay_outlines_regions_in_the_colour_of_their_fate() -> None:
    image, _ = frame("wotlk", (1280, 720))
    answer = calibrate([image])
    picture = overlay(image, answer)
    assert picture.shape == image.shape
    assert answer.layout is not None
    cast = answer.layout.regions["player.cast"].rect
    assert tuple(picture[cast.top, cast.center[0]]) == COLOURS["expected"]
    disc = answer.layout.regions["minimap"].rect
    assert tuple(picture[disc.top, disc.center[0]]) == COLOURS["found"]


def test_the_overlay_of_a_refusal_says_so_and_leaves_the_frame_alone() -> None:
    image = np.random.default_rng(0).integers(0, 255, (480, 640, 3)).astype(np.uint8)
    before = image.copy()
    picture = overlay(image, calibrate([image]))
    assert np.array_equal(image, before)
    assert (picture == COLOURS["missing"]).all(axis=2).sum() > 100


def test_the_json_answer_has_regions_slots_and_elements() -> None:
    image, _ = frame("retail", (1280, 720))
    table = json.loads(json.dumps(calibrate([image]).as_json()))
    assert table["refused"] is None
    assert table["layout"]["era"] == "retail"
    assert len(table["layout"]["slots"]["actionbar.main"]) == 12
    assert {"name", "status", "score", "rect", "mend"} == set(table["elements"][0])
