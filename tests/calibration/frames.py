"""Frames of the training ground to calibrate on."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from wowbot.core.frame import Image
from wowbot.core.layout import Era, Layout
from wowbot.hud import default_scale
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, SlotView, UnitView, WorldView

MAGE = UnitView("Tester", "mage", 80, 7500.0, 10000.0, "mana", 2500.0, 10000.0)
WOLF = UnitView("Timber Wolf", "wolf", 80, 4000.0, 10000.0, "mana", 6000.0, 10000.0, reaction=2)


def view(seed: int = 0, *, target: bool = True) -> WorldView:
    """A mage, a wolf as target, twelve buttons; the seed moves the camera."""
    buttons = tuple(SlotView(f"spell {n}", hotkey=str(n)) for n in range(1, 13))
    camera = CameraView(5.0 + 3 * seed, 7.0, 0.4 + 0.5 * seed)
    return WorldView(
        10.0, MAGE, camera, target=WOLF if target else None, slots={"main": buttons}, zone="Test Fields", xp_pct=30.0
    )


@lru_cache(maxsize=24)
def frame(
    era: Era, size_wh: tuple[int, int], share: float = 1.0, gamma: float = 1.0, seed: int = 0, health_pct: float = 75.0
) -> tuple[Image, Layout]:
    """One frame and the layout it was drawn by; `share` scales the client's default UI scale."""
    renderer = HudRenderer(era, size_wh, default_scale(era, size_wh[1]) * share, gamma, seed)
    shown = view(seed)
    return renderer.draw(replace(shown, player=replace(MAGE, health=health_pct * 100.0))), renderer.layout
