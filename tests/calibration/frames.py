"""Frames of the training ground to calibrate on."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from wowbot.calibration.client import MAIN_ROW_LEFT, MAIN_ROW_TOP, MINIMAP_RIGHT, MINIMAP_TOP
from wowbot.calibration.family import Family, families
from wowbot.calibration.shapes import Shape, load_shapes
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
    era: Era,
    size_wh: tuple[int, int],
    share: float = 1.0,
    gamma: float = 1.0,
    seed: int = 0,
    health_pct: float = 75.0,
    *,
    target: bool = True,
) -> tuple[Image, Layout]:
    """One frame and the layout it was drawn by; `share` scales the client's default UI scale."""
    renderer = HudRenderer(era, size_wh, default_scale(era, size_wh[1]) * share, gamma, seed)
    shown = view(seed, target=target)
    return renderer.draw(replace(shown, player=replace(MAGE, health=health_pct * 100.0))), renderer.layout


OUTLINED_WH = (1366, 768)
OUTLINED: Family = next(f for f in families(load_shapes(), "vanilla") if f.art == "stock")


def picture(shape: Shape, contrast: float) -> np.ndarray:
    """Brightness whose slopes follow the outline best (least squares), one pixel a unit."""
    gx, gy = shape.kernel.astype(np.float64)
    fx, fy = np.meshgrid(np.fft.fftfreq(gx.shape[1]), np.fft.fftfreq(gx.shape[0]))
    wave = 2j * np.pi * np.stack([fx, fy])
    power = np.maximum(np.abs(wave[0]) ** 2 + np.abs(wave[1]) ** 2, 1e-9)
    spectrum = (np.conj(wave[0]) * np.fft.fft2(gx) + np.conj(wave[1]) * np.fft.fft2(gy)) / power
    return np.asarray(np.real(np.fft.ifft2(spectrum))) * contrast


def outlined(player: float, minimap: bool = True, left: int = 0, bar: bool = True) -> Image:
    """A classic window as outlines; `player` is the player frame's contrast, `left` a white margin's width, px."""
    canvas = np.full((OUTLINED_WH[1], OUTLINED_WH[0]), 120.0)
    width = OUTLINED_WH[0] - left
    parts = []
    if bar:
        parts.append(
            (OUTLINED.row, left + width // 2 - round(MAIN_ROW_LEFT), OUTLINED_WH[1] - round(MAIN_ROW_TOP), 25.0)
        )
    if minimap and OUTLINED.minimap is not None:
        parts.append((OUTLINED.minimap, OUTLINED_WH[0] - round(MINIMAP_RIGHT), round(MINIMAP_TOP), 25.0))
    if player:
        parts.append((OUTLINED.player, left, 0, player))
    for shape, x, y, contrast in parts:
        x, y = x + shape.box[0], y + shape.box[1]
        lines = picture(shape, contrast)
        # The row's outline reaches a little beyond the window's lower edge, the minimap's beyond the right one.
        room = canvas[y : y + lines.shape[0], x : x + lines.shape[1]]
        room += lines[: room.shape[0], : room.shape[1]]
    grain = np.random.default_rng(0).normal(0.0, 0.7, canvas.shape)
    return np.repeat(np.clip(canvas + grain, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def stock(bar: bool = True) -> Image:
    """An outlined classic window over a sky that grows darker downwards, with something coloured on it."""
    image = outlined(25.0, bar=bar)
    sky = np.linspace(70.0, -70.0, image.shape[0])[:, None, None]
    image = np.asarray(np.clip(image + sky, 0, 255), np.uint8)
    image[300:360, 500:620] = (200, 40, 40)
    return image
