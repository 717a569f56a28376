"""A released spirit is seen in a drained world, and nowhere else."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Era
from wowbot.core.reading import Reading
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.spirit import spirit
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, UnitView, WorldView

ERAS = [era for era in get_args(Era) if era != "other"]


def seen(era: Era, gamma: float, hour: float, *, drained: bool, health: float) -> dict[str, Reading]:
    renderer = HudRenderer(era, (1280, 720), None, gamma, seed=int(hour))
    player = UnitView("Me", "mage", 80, health, 1000, "mana", 500, 1000, ghost=drained)
    view = WorldView(1.0, player, CameraView(30 * hour, 3.0, 0.3), ghost_world=drained, time_of_day_h=hour)
    perception, image = HudPerception(renderer.layout), renderer.draw(view)
    frames = [dict(perception.observe(Frame(i, i, image, "t"), ()).readings) for i in range(3)]
    return frames[-1]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("hour", [5.0, 9.0, 12.0, 19.0])
@pytest.mark.parametrize("gamma", [0.9, 1.0, 1.3])
def test_a_ghost_is_seen_in_its_drained_world_and_a_corpse_in_a_coloured_one(
    era: Era, hour: float, gamma: float
) -> None:
    ghost = seen(era, gamma, hour, drained=True, health=1.0)
    assert (ghost["ghost"].value, ghost["dead"].value) == (1.0, 0.0)
    corpse = seen(era, gamma, hour, drained=False, health=0.0)
    assert corpse["ghost"].value == 0.0
    assert corpse["dead"].value == 1.0
    assert seen(era, gamma, hour, drained=True, health=900.0)["ghost"].value == 0.0


def test_what_cannot_be_told_is_unknown_with_its_cause() -> None:
    black: Image = np.full((20, 20, 3), 3, np.uint8)
    places = np.arange(20), np.arange(20)
    assert spirit(black, places, 0.0).value is None
    assert "dark" in spirit(black, places, 0.0).why
    assert spirit(black, places, None).value is None
    assert spirit(black, places, 80.0).value == 0.0
