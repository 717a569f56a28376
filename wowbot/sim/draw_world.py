"""What stands in the world: the player's figure, creatures, numbers that float up."""

from __future__ import annotations

from collections.abc import Hashable

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.hud.units import SCREEN_UNITS
from wowbot.sim.draw_canvas import BLACK, GOLD, Bgr, Canvas, Sprite, TextStyle
from wowbot.sim.draw_kit import Kit
from wowbot.sim.draw_units import REACTION_BGR
from wowbot.sim.icons import icon
from wowbot.sim.view import BodyView, FloatView, WorldView
from wowbot.sim.viewing import CAMERA_BACK_YD, CAMERA_UP_YD, FOCAL, HORIZON

PLAYER_FEET = HORIZON + CAMERA_UP_YD * FOCAL / CAMERA_BACK_YD
PLAYER_TALL = 2.0 * FOCAL / CAMERA_BACK_YD
BREATH_HZ, BREATH = 0.4, 0.012
"""Whoever stands alive rises and sinks by this share of its height: no client's picture ever stands quite still."""
FLOAT_S, FLOAT_RISE = 1.5, 0.16
FLOAT_BGR: dict[str, Bgr] = {
    "damage": (255, 255, 255),
    "crit": (90, 235, 255),
    "heal": (40, 230, 40),
    "miss": (210, 210, 210),
    "taken": (40, 40, 235),
    "xp": (220, 90, 200),
    "power": (235, 150, 60),
}


class Bodies:
    """Creatures far to near and the player's own figure among them."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self._figures: dict[Hashable, Sprite] = {}

    def lay(self, out: Image, view: WorldView) -> None:
        own_done = False
        for body in view.bodies:
            if not own_done and body.y > PLAYER_FEET:
                self._own(out, view)
                own_done = True
            self._body(out, body, view.t_s)
        if not own_done:
            self._own(out, view)

    def _own(self, out: Image, view: WorldView) -> None:
        bob = 0.004 * np.sin(view.t_s * 11) if view.moving else 0.0
        tall, lying = PLAYER_TALL * self.kit.size_wh[1], view.player.dead
        feet = (self.kit.size_wh[0] / 2, (PLAYER_FEET + bob) * self.kit.size_wh[1])
        kind = f"own {view.player.kind}"
        self._figure(out, kind, (feet[0], feet[1] + _breath(kind, view.t_s, tall, lying)), tall, lying)

    def _body(self, out: Image, body: BodyView, t_s: float) -> None:
        width, height = self.kit.size_wh
        feet = (width / 2 + body.x * height, body.y * height)
        if not (-height < feet[0] < width + height and 0 < feet[1] < 2 * height):
            return
        if body.selected:
            self._circle(out, feet, body.height * height * 0.55, REACTION_BGR[min(5, max(1, body.reaction))])
        tall = body.height * height
        self._figure(out, body.kind, (feet[0], feet[1] + _breath(body.kind, t_s, tall, body.dead)), tall, body.dead)
        if body.lootable:
            cv2.circle(out, (round(feet[0]), round(feet[1] - 0.2 * body.height * height)), 3, (120, 230, 255), -1)

    def _circle(self, out: Image, feet: tuple[float, float], r: float, color: Bgr) -> None:
        key = ("circle", round(r), tuple(color))
        if key not in self._figures:
            self._figures[key] = _ellipse(float(max(3, round(r))), color)
        sprite = self._figures[key]
        Sprite(round(feet[0]) + sprite.left, round(feet[1]) + sprite.top, sprite.color, sprite.keep).lay(out)

    def _figure(self, out: Image, kind: str, feet: tuple[float, float], tall: float, lying: bool) -> None:
        step = max(4, 2 ** int(np.log2(max(8.0, tall)) - 2))
        tall = min(700, max(8, round(tall / step) * step))
        key = (kind, tall, lying)
        if key not in self._figures:
            if len(self._figures) > 200:
                self._figures.clear()
            self._figures[key] = _figure(kind, float(tall), lying)
        sprite = self._figures[key]
        Sprite(round(feet[0] + sprite.left), round(feet[1] + sprite.top), sprite.color, sprite.keep).lay(out)


def _breath(kind: str, t_s: float, tall: float, lying: bool) -> float:
    """How far a figure is raised at this moment, px; each kind breathes at its own beat."""
    beat = 2 * np.pi * BREATH_HZ * t_s + sum(kind.encode())
    return 0.0 if lying else float(BREATH * tall * np.sin(beat))


def _ellipse(r: float, color: Bgr) -> Sprite:
    """The flat ring under a selected creature, round (0, 0)."""
    canvas = Canvas((-r - 2, -0.36 * r - 2, 2 * r + 4, 0.72 * r + 4))
    rect = canvas.rect
    ys, xs = np.mgrid[rect.top : rect.bottom, rect.left : rect.right] + 0.5
    apart = np.abs(np.hypot(xs, ys / 0.36) - 0.94 * r)
    canvas.layer(rect, color, np.clip(0.06 * r - apart + 1, 0, 1).astype(np.float32))
    return canvas.sprite(trim=True)


def _figure(kind: str, tall: float, lying: bool) -> Sprite:
    """A simple creature with its feet at (0, 0): two legs or four, by its kind."""
    tone = icon(f"portrait of {kind}", 32).astype(np.float32).reshape(-1, 3).mean(axis=0) + 25
    four = sum(kind.encode()) % 2 == 0 and not kind.startswith("own ")
    canvas = Canvas((-tall, -tall * 1.05, 2 * tall, tall * 1.15))
    for part in range(6):
        canvas.disc(0, 0, tall * 0.3 * (1 - part / 8), BLACK, 0.06)
    blobs = _FOUR if four else _TWO
    for x, y, r, light in blobs:
        at = (-y * tall * 0.9, -r * tall * 0.8 - 0.02 * tall) if lying else (x * tall, -y * tall)
        canvas.disc(*at, r * tall, tone * light)
        canvas.disc(at[0] - r * tall * 0.25, at[1] - r * tall * 0.3, r * tall * 0.55, tone * light * 1.25, 0.5)
    return canvas.sprite(trim=True)


_TWO = (
    (-0.09, 0.08, 0.07, 0.5), (0.09, 0.08, 0.07, 0.5), (-0.08, 0.22, 0.085, 0.6), (0.08, 0.22, 0.085, 0.6),
    (0, 0.45, 0.16, 0.9), (0, 0.6, 0.17, 1.0), (-0.19, 0.55, 0.07, 0.75), (0.19, 0.55, 0.07, 0.75),
    (-0.2, 0.42, 0.055, 0.7), (0.2, 0.42, 0.055, 0.7), (0, 0.85, 0.115, 1.15),
)  # fmt: skip
_FOUR = (
    (-0.3, 0.1, 0.07, 0.5), (-0.12, 0.1, 0.07, 0.45), (0.16, 0.1, 0.07, 0.5), (0.34, 0.1, 0.07, 0.45),
    (-0.28, 0.3, 0.17, 0.8), (-0.05, 0.34, 0.2, 0.95), (0.2, 0.34, 0.19, 0.9), (0.36, 0.5, 0.13, 1.05),
    (0.48, 0.48, 0.08, 0.95), (-0.45, 0.42, 0.06, 0.7),
)  # fmt: skip


class Floats:
    """Floating combat text."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self._kept: dict[tuple[str, str], Sprite] = {}

    def lay(self, out: Image, view: WorldView) -> None:
        for text in view.floats:
            if text.age_s < FLOAT_S:
                self._one(out, text)

    def _one(self, out: Image, text: FloatView) -> None:
        width, height = self.kit.size_wh
        key = (text.text, text.kind)
        if key not in self._kept:
            if len(self._kept) > 200:
                self._kept.clear()
            em = (30 if text.kind == "crit" else 20) * height / SCREEN_UNITS
            canvas = Canvas((-4 * em, -em, 8 * em, 2 * em))
            canvas.text(text.text, (0, 0), em, TextStyle(FLOAT_BGR.get(text.kind, GOLD), "sans", outline=True))
            self._kept[key] = canvas.sprite(trim=True)
        sprite = self._kept[key]
        alpha = min(1.0, (FLOAT_S - text.age_s) / 0.5)
        x, y = width / 2 + text.x * height, (text.y - FLOAT_RISE * text.age_s / FLOAT_S) * height
        color, keep = sprite.color, sprite.keep
        if alpha < 1 and keep is not None:
            color = np.asarray(cv2.convertScaleAbs(color, alpha=alpha), np.uint8)
            keep = 255 - np.asarray(cv2.convertScaleAbs(255 - keep, alpha=alpha), np.uint8)
        Sprite(round(x) + sprite.left, round(y) + sprite.top, color, keep).lay(out)
