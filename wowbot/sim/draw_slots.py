"""Action buttons: icon, tints, sweep, key and count, on every bar that is shown."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.hud.units import grid_boxes, to_rect
from wowbot.sim.draw_canvas import BLACK, WHITE, Canvas, Sprite, TextStyle, add_light
from wowbot.sim.draw_kit import DARK_METAL, Kit, grown
from wowbot.sim.icons import icon
from wowbot.sim.sweep import sweep_factor
from wowbot.sim.view import SlotView, WorldView

NO_POWER, NOT_USABLE = (1.0, 0.5, 0.5), (0.4, 0.4, 0.4)
"""Vertex colours of ActionButton.lua, BGR 0..1."""
RED_KEY, GREY_KEY = (26.0, 26.0, 255.0), (153.0, 153.0, 153.0)
DARKNESS = {"vanilla": 0.7, "tbc": 0.75, "wotlk": 0.75, "classic_era": 0.8, "retail": 0.8}
FLASH_S = 0.4
EMPTY = SlotView("")


class BarPart:
    """One action bar. A slot is drawn anew only when it changed; a sweep is one multiplication.

    Args:
        bar: "main", "bottom_left" ...
    """

    def __init__(self, kit: Kit, bar: str) -> None:
        self.kit, self.bar = kit, bar
        element = kit.elements[f"actionbar.{bar}"]
        self.rects = [to_rect(box) for box in grid_boxes(element, kit.size_wh, kit.k)]
        self.units = element.grid.box_w if element.grid is not None else 36.0
        self._bases: dict[tuple[SlotView, int, int, bool], Image] = {}
        self._empty: dict[tuple[int, int], Sprite] = {}
        self._glow = {(r.width, r.height): self._draw_glow(r) for r in self.rects}

    def lay(self, out: Image, view: WorldView) -> None:
        slots = view.slots.get(self.bar, ())
        for n, rect in enumerate(self.rects):
            slot = slots[n] if n < len(slots) else EMPTY
            if not slot.token:
                self._lay_empty(out, rect)
                continue
            lit = slot.flash and int(view.t_s / FLASH_S) % 2 == 0
            self._lay_tile(out, rect, self._tile(slot, rect, lit))
            if slot.glow:
                pulse = 0.75 + 0.25 * np.cos(2 * np.pi * view.t_s / 0.8)
                self._lay_glow(out, rect, float(pulse))

    def _tile(self, slot: SlotView, rect: Rect, lit: bool) -> Image:
        plain = replace(slot, cooldown_pct=0.0, cooldown_s=0.0, cooldown_total_s=0.0, glow=False, flash=False)
        key = (plain, rect.width, rect.height, lit)
        base = self._bases.get(key)
        if base is None:
            if len(self._bases) > 400:
                self._bases.clear()
            base = self._bases[key] = self._draw(plain, rect.width, rect.height, lit)
        if slot.cooldown_pct <= 0:
            return base
        elapsed = 1 - min(100.0, slot.cooldown_pct) / 100
        factor = sweep_factor(rect.width, rect.height, elapsed, DARKNESS[self.kit.era])
        return np.asarray(cv2.multiply(base, factor, scale=1 / 255), np.uint8)

    def _draw(self, slot: SlotView, width: int, height: int, lit: bool) -> Image:
        k, u = self.kit.k, self.units / 36
        box = (0.0, 0.0, float(width), float(height))
        canvas = Canvas(box)
        tint = NOT_USABLE if not slot.usable and not slot.no_power else NO_POWER if slot.no_power else (1, 1, 1)
        picture = icon(slot.token, max(width, height)).astype(np.float32) * np.asarray(tint, np.float32)
        canvas.picture(box, np.rint(picture).astype(np.uint8))
        if lit:
            canvas.rect_fill(box, (0, 0, 230), 0.45)
        rim = (70.0, 74.0, 78.0)
        if slot.no_power and not self.kit.retail:
            rim = (78.0, 37.0, 39.0)
        canvas.frame(box, 2.5 * k * u, 2.4 * k * u, (10, 10, 11))
        canvas.frame(box, 2.5 * k * u, 1.0 * k * u, rim)
        if slot.active:
            canvas.frame(box, 3 * k * u, 3.2 * k * u, (110, 235, 255))
        self._key_and_count(canvas, slot, width, height)
        return canvas.sprite(opaque=True).color

    def _key_and_count(self, canvas: Canvas, slot: SlotView, width: int, height: int) -> None:
        k, u = self.kit.k, self.units / 36
        key = slot.hotkey or ("●" if slot.in_range is not None else "")
        color = RED_KEY if slot.in_range is False else GREY_KEY
        em = 11.5 * k * u
        canvas.text(key, (width - 2.5 * k, 2 * k + 0.5 * em), em, TextStyle(color, "sans", "right", outline=True))
        if slot.count is not None:
            em = 13 * k * u
            style = TextStyle(WHITE, "sans", "right", outline=True)
            canvas.text(str(slot.count), (width - 2.5 * k, height - 2 * k - 0.42 * em), em, style)

    def _lay_tile(self, out: Image, rect: Rect, tile: Image) -> None:
        view = rect.crop(out)
        view[:] = tile[max(0, -rect.top) :, max(0, -rect.left) :][: view.shape[0], : view.shape[1]]

    def _lay_empty(self, out: Image, rect: Rect) -> None:
        size = (rect.width, rect.height)
        if size not in self._empty:
            self._empty[size] = self._draw_empty((0.0, 0.0, float(rect.width), float(rect.height)))
        sprite = self._empty[size]
        Sprite(rect.left, rect.top, sprite.color, sprite.keep).lay(out)

    def _draw_empty(self, box: tuple[float, float, float, float]) -> Sprite:
        k = self.kit.k
        canvas = Canvas(box)
        if self.bar == "main" and not self.kit.retail:
            canvas.rect_fill(box, (24, 26, 28), 0.93)
            canvas.ring((box[2] / 2, box[3] / 2), 6 * k, 11 * k, (44, 46, 48), 0.6)
            canvas.frame(box, 2.5 * k, 2 * k, DARK_METAL)
        else:
            canvas.rect_fill(box, BLACK, 0.28)
            canvas.frame(box, 2.5 * k, 1.2 * k, (44, 48, 52))
        return canvas.sprite()

    def _draw_glow(self, rect: Rect) -> Image:
        k = self.kit.k
        box = (0.0, 0.0, float(rect.width), float(rect.height))
        canvas = Canvas(grown(box, 4 * k))
        canvas.frame(grown(box, 4 * k), 5 * k, 6 * k, (70, 190, 255))
        return canvas.sprite().color

    def _lay_glow(self, out: Image, rect: Rect, strength: float) -> None:
        glow = self._glow[(rect.width, rect.height)]
        h, w = glow.shape[:2]
        add_light(out, rect.left - (w - rect.width) // 2, rect.top - (h - rect.height) // 2, glow, strength)
