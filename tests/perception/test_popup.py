"""A dialog is told by its button and by the dark inside round it: red letters and red things alone are none."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Era, Layout
from wowbot.core.reading import Reading
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, FloatView, PopupView, UnitView, WorldView

ERAS = [era for era in get_args(Era) if era != "other"]
SIZES = [(1024, 768), (1920, 1080)]


def view(hour: float, *, ghost: bool = False, popup: PopupView | None = None, high: float | None = None) -> WorldView:
    """A fight; `high` is where a long red number floats, in heights of the window."""
    player = UnitView("Me", "warrior", 80, 1 if ghost else 700, 1000, "rage", 50, 100, ghost=ghost)
    floats = () if high is None else (FloatView("-1200000000", "taken", 0.0, high, 0.0),)
    return WorldView(
        1.0, player, CameraView(40.0, 3.0, 0.3), ghost_world=ghost, popup=popup, floats=floats, time_of_day_h=hour,
        error_text="Out of range", error_age_s=1.0,
    )  # fmt: skip


def seen(layout: Layout, image: Image) -> Reading:
    return HudPerception(layout).observe_still(Frame(0, 0, image, "t"), text=False).readings["popup.open"]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("size_wh", SIZES)
@pytest.mark.parametrize("ghost", [False, True])
def test_red_numbers_and_error_lines_are_no_dialog(era: Era, size_wh: tuple[int, int], ghost: bool) -> None:
    renderer = HudRenderer(era, size_wh)
    for step in range(8):
        image = renderer.draw(view(4.0 + 2 * step, ghost=ghost, high=0.2 + 0.02 * step))
        assert seen(renderer.layout, image).value == 0.0, step


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("gamma", [0.8, 1.3])
@pytest.mark.parametrize("captions", [("Release Spirit",), ("Geist freilassen",), ("Yes", "No")])
def test_a_dialog_is_seen_before_every_world(era: Era, gamma: float, captions: tuple[str, ...]) -> None:
    renderer = HudRenderer(era, (1280, 720), None, gamma)
    for hour in (0.0, 6.0, 12.0):
        for ghost in (False, True):
            image = renderer.draw(view(hour, ghost=ghost, popup=PopupView("unknown", "Do you want this?", captions)))
            assert seen(renderer.layout, image).value == 1.0, (hour, ghost)


def test_a_red_plank_without_a_dialog_round_it_is_not_taken_for_one() -> None:
    renderer = HudRenderer("wotlk", (1280, 720))
    image = renderer.draw(view(12.0)).copy()
    button = renderer.layout.regions["popup.button1"].rect
    middle, half = image.shape[1] // 2, 64
    image[button.top : button.bottom, middle - 148 : middle + 148] = 150
    image[button.top : button.bottom, middle - half : middle + half] = (26, 18, 150)
    found = seen(renderer.layout, image)
    assert found.value is None
    assert "no dialog" in found.why


def widened(image: Image, layout: Layout, extra_units: float) -> Image:
    """The one button of a shown dialog made wider at both ends, as clients do for a caption that is too long for it."""
    at = HudPerception(layout).observe_still(Frame(0, 0, image, "t"), text=False).readings
    k, x, y = (
        layout.ui_scale,
        int(float(at["popup.button1.x"].value or 0)),
        int(float(at["popup.button1.y"].value or 0)),
    )
    half, extra, cap = round(64 * k), round(extra_units * k), round(6 * k)
    out = image.copy()
    rows = slice(y - round(11 * k), y + round(11 * k))
    block = image[rows, x - half : x + half]
    filler = np.repeat(block[:, cap : cap + 1], extra, axis=1)
    wide = np.concatenate([block[:, :cap], filler, block[:, cap:-cap], filler, block[:, -cap:]], axis=1)
    out[rows, x - half - extra : x + half + extra] = wide
    return out


@pytest.mark.parametrize("era", ["wotlk", "classic_era"])
@pytest.mark.parametrize("extra", [8.0, 24.0, 40.0])
def test_a_button_wider_than_usual_is_one_all_the_same(era: Era, extra: float) -> None:
    renderer = HudRenderer(era, (1280, 720))
    shown = renderer.draw(view(12.0, popup=PopupView("unknown", "Do you want this?", ("Ok",))))
    assert seen(renderer.layout, widened(shown, renderer.layout, extra)).value == 1.0
