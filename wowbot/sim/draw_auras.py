"""Aura icons: own buffs and debuffs with their time, the target's rows with sweeps."""

from __future__ import annotations

import math
from collections.abc import Hashable

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.hud.auras import AuraBox, cast_top, target_aura_boxes
from wowbot.hud.units import Box, to_rect
from wowbot.sim.draw_canvas import GOLD, WHITE, Canvas, Sprite, TextStyle
from wowbot.sim.draw_kit import Kit, grown
from wowbot.sim.icons import icon
from wowbot.sim.sweep import sweep_factor
from wowbot.sim.view import AuraView, UnitView, WorldView

SCHOOL_BGR: dict[str, tuple[float, float, float]] = {
    "none": (0, 0, 204),
    "magic": (255, 153, 51),
    "curse": (255, 0, 153),
    "disease": (0, 102, 153),
    "poison": (0, 153, 0),
}
"""DebuffTypeColor of BuffFrame.lua, BGR."""
WARNING_S, BLINK_S, BLINK_PERIOD_S = 60.0, 31.0, 1.5


def duration_text(remains_s: float) -> str:
    """How the client writes a remaining time: seconds cut off, longer units rounded up (SecondsToTimeAbbrev)."""
    for unit, letter in ((86400.0, "d"), (3600.0, "h"), (60.0, "m")):
        if remains_s >= unit:
            return f"{math.ceil(remains_s / unit)} {letter}"
    return f"{int(remains_s)} s"


class AuraTile:
    """Draws and keeps the icons of one row size."""

    def __init__(self, kit: Kit, units: float) -> None:
        self.kit, self.units = kit, units
        self._tiles: dict[Hashable, Sprite] = {}

    def lay(self, out: Image, aura: AuraView, box: Box, elapsed: float, alpha: float) -> None:
        """Lay one icon; `elapsed` 0..1 is what the reverse sweep has darkened, 0 = no sweep."""
        rect = to_rect(box)
        key = (aura.token, aura.stacks, aura.harmful, aura.school, rect.width, rect.height)
        if key not in self._tiles:
            if len(self._tiles) > 256:
                self._tiles.clear()
            self._tiles[key] = self._draw(aura, (0, 0, rect.width, rect.height))
        tile = self._tiles[key]
        color = tile.color
        if elapsed > 0:
            color = color.copy()
            inner = color[-tile.top :, -tile.left :][: rect.height, : rect.width]
            factor = sweep_factor(rect.width, rect.height, elapsed, 0.55, True)
            cv2.multiply(inner, factor, dst=inner, scale=1 / 255)
        placed = Sprite(rect.left + tile.left, rect.top + tile.top, color, tile.keep)
        if alpha < 1 and tile.keep is not None:
            placed.color = np.asarray(cv2.convertScaleAbs(color, alpha=alpha), np.uint8)
            placed.keep = 255 - np.asarray(cv2.convertScaleAbs(255 - tile.keep, alpha=alpha), np.uint8)
        placed.lay(out)

    def _draw(self, aura: AuraView, box: Box) -> Sprite:
        k, (x, y, w, h) = self.kit.k, box
        rim = (1.5 if self.units >= 30 else 1.0) * k
        canvas = Canvas(grown(box, rim + 1))
        if aura.harmful:
            canvas.panel(grown(box, rim), 1.5 * k, SCHOOL_BGR[aura.school])
        canvas.picture(box, icon(aura.token, round(w)))
        if aura.harmful:
            canvas.frame(grown(box, rim), 1.5 * k, rim + k, SCHOOL_BGR[aura.school])
        else:
            canvas.frame(box, 1.5 * k, 0.9 * k, (24, 24, 24))
        if aura.stacks > 1:
            em = (13 if self.units >= 30 else 10.5) * k
            style = TextStyle(WHITE, "sans", "right", outline=True)
            canvas.text(str(aura.stacks), (x + w - 0.5 * k, y + h - 0.45 * em), em, style)
        return canvas.sprite()


class PlayerAuras:
    """Own buffs or debuffs at the top right."""

    def __init__(self, kit: Kit, region: str, kind: str) -> None:
        self.kit, self.kind = kit, kind
        self.element = kit.elements[region]
        grid = self.element.grid
        if grid is None:
            raise ValueError(f"{region} has no grid")
        x, y, w, _ = kit.boxes[region]
        self.grid, self.first = grid, (x + w - grid.box_w * kit.k, y)
        self.durations = bool(self.element.options.get("durations"))
        self._tile = AuraTile(kit, grid.box_w)
        self._texts: dict[str, Sprite] = {}

    def lay(self, out: Image, view: WorldView) -> None:
        auras: tuple[AuraView, ...] = getattr(view.player, self.kind)
        side = self.grid.box_w * self.kit.k
        for place, aura in enumerate(auras[: self.grid.count]):
            dx, dy = self.grid.offset(place)
            box = (self.first[0] + dx * self.kit.k, self.first[1] + dy * self.kit.k, side, side)
            alpha = blink(aura, view.t_s)
            self._tile.lay(out, aura, box, 0.0, alpha)
            if self.durations and aura.duration_s > 0:
                self._lay_time(out, box, aura.remains_s)

    def _lay_time(self, out: Image, box: Box, remains_s: float) -> None:
        text = duration_text(remains_s)
        key = text + ("w" if remains_s < WARNING_S else "g")
        k = self.kit.k
        if key not in self._texts:
            if len(self._texts) > 200:
                self._texts.clear()
            canvas = Canvas((0, 0, box[2] + 10 * k, 14 * k))
            color = WHITE if remains_s < WARNING_S else GOLD
            canvas.text(text, ((box[2] + 10 * k) / 2, 7 * k), 10 * k, TextStyle(color))
            self._texts[key] = canvas.sprite()
        sprite = self._texts[key]
        Sprite(round(box[0] - 5 * k), round(box[1] + box[3] - 0.5 * k), sprite.color, sprite.keep).lay(out)


def blink(aura: AuraView, t_s: float) -> float:
    """Opacity of an own aura: it swings between 1 and 0.3 once its last 31 s have begun."""
    if aura.duration_s <= 0 or aura.remains_s > BLINK_S or aura.remains_s <= 0:
        return 1.0
    phase = (t_s / BLINK_PERIOD_S) % 1.0
    return 1.0 - 0.7 * (2 * phase if phase < 0.5 else 2 - 2 * phase)


class TargetRows:
    """Where the target's auras stand, and with them its cast bar."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit

    def boxes(self, unit: UnitView, view: WorldView) -> list[tuple[AuraView, AuraBox]]:
        """Every aura with its place in units from the first icon's corner."""
        debuffs, buffs = target_aura_boxes(
            self.kit.era,
            [aura.own for aura in unit.debuffs],
            [aura.own for aura in unit.buffs],
            hostile=unit.reaction < 5,
            tot=view.targettarget is not None,
        )
        return [*zip(unit.debuffs, debuffs, strict=True), *zip(unit.buffs, buffs, strict=True)]

    def cast_shift(self, view: WorldView) -> float:
        """How far below its home the target's cast bar stands, px."""
        unit = view.target
        if unit is None:
            return 0.0
        placed = [box for _, box in self.boxes(unit, view)]
        bottom = max((b.y + b.size for b in placed), default=None)
        rows = len({b.y for b in placed})
        elite = unit.classification != "normal"
        return self.kit.k * cast_top(self.kit.era, bottom, tot=view.targettarget is not None, elite=elite, rows=rows)


class TargetAuras:
    """The target's debuffs and buffs under its frame."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.rows = TargetRows(kit)
        self.at = kit.boxes["target.auras"][:2]
        self._tile = AuraTile(kit, 21)

    def lay(self, out: Image, view: WorldView) -> None:
        if view.target is None:
            return
        k = self.kit.k
        for aura, place in self.rows.boxes(view.target, view):
            box = (self.at[0] + place.x * k, self.at[1] + place.y * k, place.size * k, place.size * k)
            timed = aura.duration_s > 0 and self.kit.era != "vanilla"
            elapsed = min(1.0, max(0.0, 1 - aura.remains_s / aura.duration_s)) if timed else 0.0
            self._tile.lay(out, aura, box, elapsed, 1.0)
