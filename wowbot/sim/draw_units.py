"""Unit frames: what they share, the classic ones, and which draws which."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple, Protocol

import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Era
from wowbot.hud.units import Box
from wowbot.sim.draw_canvas import GOLD, WHITE, Bgr, Canvas, Sprite, TextStyle, add_light
from wowbot.sim.draw_kit import DARK_METAL, METAL, POWER_BGR, Kit, bust, grown, hull, middle, mix
from wowbot.sim.view import Classification, UnitView, WorldView

BAR_LIGHT = (0.42, 0.62, 0.76, 0.74, 0.66, 0.57, 0.50, 0.42, 0.40, 0.36)
"""The status bar texture from top to bottom, close to what 3.3.5 shows (.40 .63 .75 .75 .67 .58 .49 .40 .40 .35)."""
STRIP_LIGHT = (0.35, 0.6, 0.78, 0.72, 0.64, 0.58, 0.5, 0.42, 0.3)
HEALTH: Bgr = (0, 255, 0)
SHADOW: Bgr = (16.0, 17.0, 18.0)


class Look(NamedTuple):
    """What of a unit changes the picture, its bars' fill aside."""

    unit: UnitView
    level_bgr: tuple[float, float, float]

    def key(self) -> Hashable:
        u = self.unit
        flags = (u.dead, u.ghost, u.in_combat, u.resting, u.tapped, u.is_player, u.skull)
        return u.name, u.kind, u.level, u.reaction, u.classification, u.power_type, flags, self.level_bgr


def reaction_bgr(unit: UnitView) -> tuple[float, float, float]:
    """Colour of the name strip and of nameplates, before its texture darkens it."""
    if unit.tapped:
        return (128, 128, 128)
    if unit.is_player and unit.reaction >= 5:
        return (255, 0, 0)
    return REACTION_BGR[min(5, max(1, unit.reaction))]


REACTION_BGR: dict[int, tuple[float, float, float]] = {
    1: (0, 0, 255),
    2: (0, 0, 255),
    3: (0, 128, 255),
    4: (0, 255, 255),
    5: (0, 255, 0),
}


def level_bgr(unit: UnitView, own_level: int) -> tuple[float, float, float]:
    """Colour of a target's level by how much it is above the player's (Constants.lua, GetQuestDifficultyColor)."""
    if unit.reaction >= 5:
        return (0, 209, 255)
    over = unit.level - own_level
    if over >= 5:
        return (26, 26, 255)
    if over >= 3:
        return (64, 128, 255)
    if over >= -2:
        return (0, 255, 255)
    return (64, 191, 64) if over >= -8 else (128, 128, 128)


GOLDEN: Bgr = (60.0, 165.0, 215.0)
SILVER: Bgr = (205.0, 205.0, 200.0)


def ornament(kind: Classification, era: Era) -> Bgr | None:
    """Metal of the dragon round a target's portrait, None without one (TargetFrame.lua of each client)."""
    if kind == "normal" or (kind == "rare" and era == "retail"):
        return None
    silver = kind == "rare" or (kind == "rareelite" and era not in ("vanilla", "tbc"))
    return SILVER if silver else GOLDEN


def tint(unit: UnitView) -> Bgr:
    """Portrait tint: dead grey, ghost blue (TargetFrame.lua)."""
    if unit.dead:
        return (0.35, 0.35, 0.35)
    return (0.75, 0.2, 0.2) if unit.ghost else (1, 1, 1)


class Painter(Protocol):
    """Draws one kind of unit frame: once with full bars, once with empty ones."""

    box: Box
    health: Box
    power: Box

    def paint(self, canvas: Canvas, look: Look, full: bool) -> None: ...


class UnitPart:
    """One unit frame: redrawn when its look changes, its bars cut to length when they do.

    Args:
        unit: attribute of the view: "player", "target", "targettarget", "pet", "focus_unit", "party1" ...
    """

    def __init__(self, unit: str, painter: Painter) -> None:
        self.unit = unit
        self._painter = painter
        self._key: Hashable = None
        self._full: Sprite | None = None
        self._empty: Sprite | None = None
        self._fills: tuple[float, float] | None = None
        self._sprite: Sprite | None = None

    def lay(self, out: Image, view: WorldView) -> None:
        unit = unit_of(view, self.unit)
        if unit is None:
            return
        look = Look(unit, level_bgr(unit, view.player.level) if self.unit != "player" else (0, 209, 255))
        fills = (0.0 if unit.dead else unit.health_pct / 100, unit.power_pct / 100 if unit.power_type else 0.0)
        if self._full is None or self._empty is None or look.key() != self._key:
            self._key, self._fills = look.key(), None
            self._full, self._empty = self._draw(look, True), self._draw(look, False)
        if fills != self._fills or self._sprite is None:
            self._fills = fills
            bars = [(self._painter.health, fills[0]), (self._painter.power, fills[1])]
            self._sprite = mix(self._full, self._empty, bars)
        self._sprite.lay(out)

    def _draw(self, look: Look, full: bool) -> Sprite:
        canvas = Canvas(self._painter.box)
        self._painter.paint(canvas, look, full)
        return canvas.sprite()


def unit_of(view: WorldView, unit: str) -> UnitView | None:
    """The unit a frame shows."""
    if unit.startswith("party"):
        place = int(unit[5:]) - 1
        return view.party[place] if place < len(view.party) else None
    found: UnitView | None = getattr(view, unit)
    return found


class ClassicBig:
    """Player, target and focus frame: 119 units of bars beside a ring with the portrait."""

    def __init__(self, kit: Kit, unit: str) -> None:
        self.kit, self.unit = kit, unit
        self.mirrored = unit != "player"
        self.health, self.power = kit.boxes[f"{unit}.health"], kit.boxes[f"{unit}.power"]
        k = kit.k
        self.left = self.health[0]
        self.top = self.health[1] - 43 * k  # of the frame, whose health bar's visible rows begin 43 units lower
        self.portrait = (
            (*self._at(-61, 15), 58 * k, 58 * k) if not self.mirrored else (*self._at(122, 15), 58 * k, 58 * k)
        )
        self.strip = (*self._at(0, 22), 119 * k, 19 * k)
        level = self._at(-53, 66) if not self.mirrored else self._at(172, 66)
        self.level = level
        self.box = (*self._at(-82, 0), 214 * k, 84 * k) if not self.mirrored else (*self._at(-8, 0), 236 * k, 84 * k)

    def _at(self, dx: float, dy: float) -> tuple[float, float]:
        """Units right of the bars' left edge and below the frame's top, in pixels."""
        return self.left + dx * self.kit.k, self.top + dy * self.kit.k

    def paint(self, canvas: Canvas, look: Look, full: bool) -> None:
        unit, k = look.unit, self.kit.k
        canvas.rect_fill((*self._at(0, 22), 119 * k, 41 * k), (0, 0, 0), 0.5)
        if self.mirrored:
            canvas.rows(self.strip, reaction_bgr(unit), STRIP_LIGHT)
        if full:
            canvas.rows(self.health, HEALTH, BAR_LIGHT)
            canvas.rows(
                self.power, POWER_BGR.get(unit.power_type, (0, 0, 0)), BAR_LIGHT, 1.0 if unit.power_type else 0.0
            )
        self._frame(canvas, unit)
        self._texts(canvas, look)

    def _frame(self, canvas: Canvas, unit: UnitView) -> None:
        k = self.kit.k
        edge: Box = (*self._at(-4.2, 19.5), 127.4 * k, 46.5 * k)
        canvas.frame(grown(edge, 1.2 * k), 5 * k, 1.6 * k, SHADOW)
        canvas.frame(edge, 4 * k, 3.2 * k, METAL)
        canvas.frame(grown(edge, -2.6 * k), 2 * k, 0.9 * k, SHADOW)
        for dy, h in ((39.5, 3.2), (51.6, 2.7)):
            canvas.rows((*self._at(-2, dy), 123 * k, h * k), METAL, (0.35, 0.95, 0.3))
        cx, cy = middle(self.portrait)
        bust(canvas, self.portrait, unit.kind, tint(unit))
        canvas.ring((cx, cy), 31.8 * k, 33 * k, SHADOW, 0)
        canvas.ring((cx, cy), 28 * k, 32.4 * k, METAL)
        canvas.ring((cx, cy), 27.6 * k, 29.4 * k, (30, 110, 130), 0.2)
        metal = ornament(unit.classification, self.kit.era)
        if metal is not None:
            self._dragon(canvas, (cx, cy), metal)
        x, y = self.level
        canvas.disc(x, y, 13 * k, SHADOW)
        canvas.ring((x, y), 9 * k, 12 * k, METAL)
        canvas.ring((x, y), 8.6 * k, 9.8 * k, (30, 110, 130), 0.2)

    def _dragon(self, canvas: Canvas, center: tuple[float, float], metal: Bgr) -> None:
        """The ornament of elites and rares: a spiked crest round the outer half of the ring."""
        k = self.kit.k
        cx, cy = center
        for degree in range(-75, 76, 5):
            angle = np.deg2rad(degree)
            spike = ((37, 5.0), (41, 3.6), (44, 2.2)) if degree % 25 == 0 else ((34, 3.0),)
            for reach, size in spike:
                canvas.disc(cx + reach * k * np.cos(angle), cy - reach * k * np.sin(angle) * 0.95, size * k, metal)

    def _texts(self, canvas: Canvas, look: Look) -> None:
        unit, k = look.unit, self.kit.k
        canvas.text(unit.name, self._at(60, 31.5), 10.5 * k, TextStyle(GOLD))
        if self.mirrored and (unit.dead or unit.ghost):
            canvas.text("Dead", self._at(59.5, 47.2), 10 * k, TextStyle(GOLD))
        if self.unit == "player" and (unit.in_combat or unit.resting):
            (_swords if unit.in_combat else _sleep)(canvas, self.level, k)
        elif unit.skull:
            _skull(canvas, self.level, k)
        else:
            canvas.text(str(unit.level), self.level, 10 * k, TextStyle(look.level_bgr))


def _swords(canvas: Canvas, at: tuple[float, float], k: float) -> None:
    """The crossed swords that replace the level in combat, on their red backing."""
    x, y = at
    canvas.disc(x, y, 13 * k, (26, 26, 204), 0.55)
    steel = (175.0, 205.0, 215.0)
    for lean in (-1, 1):
        for step in np.linspace(-1, 1, 25):
            hilt = step > 0.6
            canvas.disc(
                x + lean * step * 9 * k, y + step * 9 * k, (1.5 if hilt else 1.9) * k, (40, 120, 160) if hilt else steel
            )


def _sleep(canvas: Canvas, at: tuple[float, float], k: float) -> None:
    """The z's of a resting player."""
    for dx, dy, size in ((-5.5, 4.5, 8), (0, 0, 10), (6, -5.5, 12)):
        canvas.text("z", (at[0] + dx * k, at[1] + dy * k), size * k, TextStyle((90, 230, 255)))


def _skull(canvas: Canvas, at: tuple[float, float], k: float) -> None:
    """The skull that stands for a level far above."""
    x, y = at
    canvas.disc(x, y - k, 6 * k, (215, 225, 230))
    canvas.rect_fill((x - 3 * k, y + 3 * k, 6 * k, 4 * k), (205, 215, 220))
    for eye in (-2.3, 2.3):
        canvas.disc(x + eye * k, y - k, 1.6 * k, (20, 20, 20))


class ClassicSmall:
    """Target-of-target, pet and party frames: a small ring and two thin bars."""

    def __init__(self, kit: Kit, unit: str) -> None:
        self.kit, self.unit = kit, unit
        self.health, self.power = kit.boxes[f"{unit}.health"], kit.boxes[f"{unit}.power"]
        self.box = grown(hull(kit.boxes[f"{unit}.frame"], self.health, self.power), 4 * kit.k)

    def paint(self, canvas: Canvas, look: Look, full: bool) -> None:
        unit, k = look.unit, self.kit.k
        bars = hull(self.health, self.power)
        canvas.rect_fill(bars, (0, 0, 0), 0.5)
        if full:
            canvas.rows(self.health, HEALTH, BAR_LIGHT)
            canvas.rows(
                self.power, POWER_BGR.get(unit.power_type, (0, 0, 0)), BAR_LIGHT, 1.0 if unit.power_type else 0.0
            )
        canvas.frame(grown(bars, 2 * k), 2 * k, 2 * k, METAL)
        x, y, _, _ = self.health
        cx, cy, r = x - 19 * k, y + 9.5 * k, 15.5 * k
        bust(canvas, (cx - r, cy - r, 2 * r, 2 * r), unit.kind, tint(unit))
        canvas.ring((cx, cy), r - k, r + 2.6 * k, METAL)
        name_y = y + 21.5 * k if self.unit == "targettarget" else y - 7 * k
        canvas.text(unit.name, (x + self.health[2] / 2, name_y), 9.5 * k, TextStyle(GOLD))


class StatusGlow:
    """The pulsing edge of the player frame in combat (red) or while resting (gold)."""

    def __init__(self, kit: Kit) -> None:
        x, y, _, _ = kit.boxes["player.health"]
        k = kit.k
        around: Box = (x - 4 * k, y - 24.5 * k, 127 * k, 50 * k)
        canvas = Canvas(grown(around, 3 * k))
        canvas.frame(grown(around, 2 * k), 6 * k, 2.5 * k, WHITE)
        self._sprite = canvas.sprite()
        white = self._sprite.color
        self._red = np.asarray(white * np.array([0, 0, 1], np.uint8), np.uint8)
        self._gold = np.asarray((white * np.array([0.25, 0.88, 1.0])), np.uint8)

    def lay(self, out: Image, view: WorldView) -> None:
        if view.combat_flash <= 0 or not (view.player.in_combat or view.player.resting):
            return
        glow = self._red if view.player.in_combat else self._gold
        add_light(out, self._sprite.left, self._sprite.top, glow, float(view.combat_flash))


class ComboDots:
    """Classic combo points: red dots on the rim of the target's portrait."""

    def __init__(self, kit: Kit, boxes: list[Box]) -> None:
        self._sprites: list[Sprite] = []
        for count in range(1, 6):
            canvas = Canvas(hull(*boxes))
            for x, y, w, h in boxes[:count]:
                canvas.disc(x + w / 2, y + h / 2, w * 0.5, DARK_METAL)
                canvas.disc(x + w / 2, y + h / 2, w * 0.4, (20, 20, 205))
                canvas.disc(x + w * 0.42, y + h * 0.4, w * 0.16, (120, 130, 255))
            self._sprites.append(canvas.sprite())

    def lay(self, out: Image, view: WorldView) -> None:
        if view.combo_points and view.target is not None:
            self._sprites[min(5, view.combo_points) - 1].lay(out)
