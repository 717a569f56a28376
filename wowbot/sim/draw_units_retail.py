"""Retail unit frames: a gold-ringed portrait, bars with a horizontal gradient, combo pips under the player's."""

from __future__ import annotations

import numpy as np

from wowbot.core.frame import Image
from wowbot.hud.units import Box, to_rect
from wowbot.sim.draw_canvas import GOLD, WHITE, Bgr, Canvas, Field, Sprite, TextStyle
from wowbot.sim.draw_kit import Kit, bust, grown, hull, middle
from wowbot.sim.draw_units import SILVER, Look, ornament, reaction_bgr, tint
from wowbot.sim.view import WorldView

Ramp = tuple[tuple[float, float, float], ...]
HEALTH_RAMP: Ramp = ((2, 133, 47), (1, 152, 66), (14, 188, 103), (23, 208, 126), (30, 216, 139))
"""BGR from left to right; 10.x shows RGB 46,135,1 ... 140,217,31."""
POWER_RAMP: dict[str, Ramp] = {
    "mana": ((150, 48, 4), (205, 86, 8), (250, 132, 24)),
    "rage": ((4, 6, 120), (14, 22, 176), (30, 40, 226)),
    "energy": ((6, 132, 152), (40, 190, 205), (72, 247, 248)),
    "focus": ((30, 70, 150), (50, 104, 205), (80, 140, 248)),
    "runic_power": ((150, 110, 0), (210, 165, 0), (255, 212, 20)),
}
RIM = (52.0, 150.0, 196.0)
"""Gold of the portrait's ring, BGR."""


def ramp(box: Box, colors: Ramp) -> Field:
    """A field (h, w, 3) over the box: the colours from left to right, a little lighter in the upper half."""
    rect = to_rect(box)
    at = np.linspace(0, len(colors) - 1, rect.width)
    row = np.stack([np.interp(at, np.arange(len(colors)), [c[i] for c in colors]) for i in range(3)], axis=1)
    light = np.interp(np.linspace(0, 1, rect.height), (0, 0.25, 0.6, 1), (0.94, 1.06, 1.0, 0.9))
    return np.clip(row[None] * light[:, None, None], 0, 255).astype(np.float32)


class RetailUnit:
    """Player, target, focus and small frames of retail."""

    def __init__(self, kit: Kit, unit: str) -> None:
        self.kit, self.unit = kit, unit
        self.health, self.power = kit.boxes[f"{unit}.health"], kit.boxes[f"{unit}.power"]
        self.big = unit in ("player", "target", "focus_unit")
        self.mirrored = unit in ("target", "focus_unit")
        self.k = self.health[2] / (126 if self.mirrored else 124 if self.big else 70)
        self.portrait = self._portrait()
        self.box = grown(hull(kit.boxes[f"{unit}.frame"], self.health, self.power, self.portrait), 12 * self.k)

    def _portrait(self) -> Box:
        x, y, w, _ = self.health
        k = self.k
        if not self.big:
            return x - 39 * k, y - 11 * k, 33 * k, 33 * k
        left = x + w + 1 * k if self.mirrored else x - 59 * k
        return left, y - 20 * k, 56 * k, 56 * k

    def paint(self, canvas: Canvas, look: Look, full: bool) -> None:
        unit, k = look.unit, self.k
        back = hull(self.health, self.power)
        canvas.panel(grown(back, 2 * k), 3 * k, (16, 18, 20), 0.85)
        for bar in (self.health, self.power):
            canvas.rect_fill(bar, (22, 22, 24), 0.9)
        if full:
            canvas.rect_fill(self.health, ramp(self.health, HEALTH_RAMP))
            if unit.power_type:
                canvas.rect_fill(self.power, ramp(self.power, POWER_RAMP.get(unit.power_type, POWER_RAMP["mana"])))
        self._title(canvas, look)
        canvas.frame(grown(back, 2 * k), 3 * k, 1.6 * k, (60, 80, 90))
        self._ring(canvas, look)
        self._status(canvas, look)

    def _ring(self, canvas: Canvas, look: Look) -> None:
        cx, cy = middle(self.portrait)
        r = self.portrait[2] / 2
        bust(canvas, self.portrait, look.unit.kind, tint(look.unit))
        # The rim lies inside the portrait's circle, so that it leaves the ends of the bars free.
        canvas.ring((cx, cy), r - (2.8 if self.big else 2.0) * self.k, r + 0.5 * self.k, RIM)
        metal = ornament(look.unit.classification, self.kit.era)
        if metal is not None:
            self._dragon(canvas, (cx, cy), metal)
        elif look.unit.classification == "rare":
            canvas.disc(cx + 0.8 * r, cy - 0.8 * r, 6 * self.k, SILVER)

    def _dragon(self, canvas: Canvas, at: tuple[float, float], metal: Bgr) -> None:
        """The ornament of elites and rare elites, on the portrait's far side."""
        r = self.portrait[2] / 2
        for degree in range(-70, 71, 14):
            angle = np.deg2rad(degree)
            for reach, size in ((2.0, 3.6), (5.0, 2.2)):
                out = r + reach * self.k
                canvas.disc(at[0] + out * np.cos(angle), at[1] - out * np.sin(angle), size * self.k, metal)

    def _title(self, canvas: Canvas, look: Look) -> None:
        unit, k = look.unit, self.k
        x, y, w, _ = self.health
        if not self.big:
            canvas.text(unit.name, (x, y - 8 * k), 9.5 * k, TextStyle(GOLD, align="left"))
            return
        line = y - 8.5 * k
        if self.mirrored:
            strip = (x, y - 16 * k, 128 * k, 14 * k)
            canvas.rows(strip, reaction_bgr(unit), (0.7, 0.62, 0.5, 0.42), 0.85)
        name_x = x + 28 * k if self.mirrored else x + 3 * k
        canvas.text(unit.name, (name_x, line), 10.5 * k, TextStyle(GOLD, align="left"))
        level_x = x + 12 * k if self.mirrored else x + w - 7 * k
        canvas.text("??" if unit.skull else str(unit.level), (level_x, line), 10.5 * k, TextStyle(look.level_bgr))
        if self.mirrored and (unit.dead or unit.ghost):
            canvas.text("Dead", middle(self.health), 11 * k, TextStyle(GOLD))

    def _status(self, canvas: Canvas, look: Look) -> None:
        if self.unit == "player" and look.unit.in_combat:
            self._combat(canvas)
        elif self.unit == "player" and look.unit.resting:
            cx, cy = self.portrait[0] + 48 * self.k, self.portrait[1] - 4 * self.k
            canvas.text("z Z", (cx, cy), 12 * self.k, TextStyle((90, 230, 255)))

    def _combat(self, canvas: Canvas) -> None:
        """Crossed swords on the portrait's lower right corner."""
        cx, cy = middle(self.kit.boxes["player.status_icon"])
        k = self.k
        canvas.disc(cx, cy, 9 * k, (30, 30, 190), 0.9)
        for lean in (-1, 1):
            for step in np.linspace(-1, 1, 17):
                canvas.disc(cx + lean * step * 6 * k, cy + step * 6 * k, 1.3 * k, (190, 220, 230))


class Pips:
    """Retail combo points: five sockets, lit from the left."""

    def __init__(self, boxes: list[Box]) -> None:
        self._sprites: list[Sprite] = []
        for count in range(6):
            canvas = Canvas(grown(hull(*boxes), 2))
            for place, (x, y, w, h) in enumerate(boxes):
                self._pip(canvas, (x + w / 2, y + h / 2), w / 2, (30, 40, 215) if place < count else (24, 22, 20))
            self._sprites.append(canvas.sprite())

    def _pip(self, canvas: Canvas, at: tuple[float, float], r: float, color: Bgr) -> None:
        canvas.disc(*at, r, (12, 12, 12))
        canvas.disc(*at, r * 0.72, color)
        canvas.ring(at, r * 0.72, r, (70, 90, 100))
        if color[2] > 200:
            canvas.disc(at[0] - r * 0.2, at[1] - r * 0.2, r * 0.25, WHITE, 0.7)

    def lay(self, out: Image, view: WorldView) -> None:
        if view.player.power_type == "energy" or view.combo_points:
            self._sprites[min(5, view.combo_points)].lay(out)
