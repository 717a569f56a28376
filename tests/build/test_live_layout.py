"""Which layout a run on a real window starts with, and when it does not start."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from wowbot.build import RunOptions
from wowbot.build import live as live_room
from wowbot.capture.windows import Window
from wowbot.core.errors import LayoutError, LayoutMismatch
from wowbot.core.frame import Image
from wowbot.core.layout import Era, Rect
from wowbot.decision.profile import Profile, load_profile
from wowbot.hud import save_layout, stock_layout
from wowbot.sim.session import SimSession

SIZE = (1280, 720)
WINDOW = Window(1, "World of Warcraft", Rect(0, 0, *SIZE))


@cache
def screen(era: Era) -> Image:
    return SimSession("single_target", 1, load_profile("mage").bindings, size_wh=SIZE, era=era).draw()


@pytest.fixture
def mage() -> Profile:
    return load_profile("mage")


def shows(monkeypatch: pytest.MonkeyPatch, picture: Image) -> None:
    monkeypatch.setattr(live_room, "_look", lambda window: picture)


def test_the_profiles_own_era_is_found_without_a_remark(mage: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(monkeypatch, screen("wotlk"))
    layout, remark = live_room.live_layout(mage, RunOptions(), WINDOW)
    assert layout.era == "wotlk" and remark == ""


def test_another_eras_hud_is_played_and_said(mage: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(monkeypatch, screen("retail"))
    layout, remark = live_room.live_layout(mage, RunOptions(), WINDOW)
    assert layout.era == "retail"
    assert "retail HUD" in remark and "wotlk" in remark


def test_a_named_layout_that_does_not_fit_is_refused_before_the_first_key(
    mage: Profile, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shows(monkeypatch, screen("retail"))
    path = tmp_path_factory.mktemp("layouts") / "mine.toml"
    save_layout(stock_layout("wotlk", SIZE), path)
    with pytest.raises(LayoutError, match="does not fit"):
        live_room.live_layout(mage, RunOptions(layout=str(path)), WINDOW)


def test_a_named_layout_of_another_size_names_both_sizes(
    mage: Profile, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shows(monkeypatch, screen("wotlk"))
    path = tmp_path_factory.mktemp("layouts") / "mine.toml"
    save_layout(stock_layout("wotlk", (1920, 1080)), path)
    with pytest.raises(LayoutMismatch, match=r"1280x720.*1920x1080"):
        live_room.live_layout(mage, RunOptions(layout=str(path)), WINDOW)


def test_a_screen_without_a_hud_names_the_measured_cause(mage: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(monkeypatch, np.zeros((720, 1280, 3), np.uint8))
    with pytest.raises(LayoutError, match=r"no stock HUD .*black"):
        live_room.live_layout(mage, RunOptions(), WINDOW)
