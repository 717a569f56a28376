"""Cast bars of player, target and focus."""

from __future__ import annotations

from collections.abc import Hashable

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Era
from wowbot.hud.units import Box
from wowbot.sim.draw_auras import TargetRows
from wowbot.sim.draw_canvas import BLACK, WHITE, Canvas, Sprite, TextStyle, add_light
from wowbot.sim.draw_kit import DARK_METAL, METAL, Kit, grown, mix
from wowbot.sim.draw_units import BAR_LIGHT, unit_of
from wowbot.sim.draw_units_retail import Ramp, ramp
from wowbot.sim.icons import icon
from wowbot.sim.view import CastView, WorldView

AMBER, GREEN, RED, GREY = (0.0, 179.0, 255.0), (0.0, 255.0, 0.0), (0.0, 0.0, 255.0), (179.0, 179.0, 179.0)
RETAIL_RAMPS: dict[str, Ramp] = {
    "casting": ((10, 120, 176), (22, 165, 222), (60, 205, 250)),
    "channel": ((12, 132, 62), (24, 170, 86), (40, 208, 112)),
    "success": ((60, 190, 120), (120, 235, 190), (150, 250, 215)),
    "failed": ((12, 12, 130), (26, 26, 184), (40, 46, 226)),
    "locked": ((104, 104, 104), (146, 146, 146), (184, 184, 184)),
}


class CastPart:
    """One cast bar: its empty and its full picture are kept, cut at the fill and finished with a spark."""

    def __init__(self, kit: Kit, unit: str) -> None:
        self.kit, self.unit = kit, unit
        self._home = kit.boxes[f"{unit}.cast"]
        self._rows = TargetRows(kit)
        self._key: Hashable = None
        self._full: Sprite | None = None
        self._empty: Sprite | None = None
        self._spark = _spark(kit)

    def lay(self, out: Image, view: WorldView) -> None:
        unit = unit_of(view, self.unit)
        cast = unit.cast if unit is not None else None
        if cast is None or cast.alpha <= 0:
            return
        x, y, w, h = self._home
        box = (x, y + self._rows.cast_shift(view), w, h) if self.unit == "target" else self._home
        key = (cast.token, cast.name, cast.state, cast.interruptible, box)
        if key != self._key or self._full is None or self._empty is None:
            self._key = key
            self._full, self._empty = self._draw(cast, box, True), self._draw(cast, box, False)
        sprite = mix(self._full, self._empty, [(box, cast.pct / 100)])
        faded(sprite, cast.alpha).lay(out)
        if cast.state in ("casting", "channel"):
            self._lay_spark(out, box, cast.pct / 100)

    def _draw(self, cast: CastView, box: Box, full: bool) -> Sprite:
        k = self.kit.k
        canvas = Canvas(grown(box, 27 * k))
        paint = self._retail if self.kit.retail else self._classic
        paint(canvas, cast, box, full)
        return canvas.sprite()

    def _classic(self, canvas: Canvas, cast: CastView, box: Box, full: bool) -> None:
        k, (x, y, w, h) = self.kit.k, box
        canvas.rect_fill(box, BLACK, 0.5)
        if full:
            canvas.rows(box, classic_color(cast, self.kit.era), BAR_LIGHT)
        shielded = not cast.interruptible and self.kit.era == "wotlk"
        canvas.frame(grown(box, 3.4 * k), 3.5 * k, 3.6 * k, (196, 204, 208) if shielded else METAL)
        em = (11.5 if self.unit == "player" else 9.5) * k
        canvas.text(caption(cast), (x + w / 2, y + h / 2 - 0.5 * k), em, TextStyle(WHITE))
        if self.unit != "player":
            self._icon(canvas, cast, (x - 21 * k, y + h / 2 - 8 * k, 16 * k, 16 * k))
            if shielded:
                canvas.ring((x - 13 * k, y + h / 2), 10 * k, 13 * k, (205, 210, 214))

    def _retail(self, canvas: Canvas, cast: CastView, box: Box, full: bool) -> None:
        k, (x, y, w, h) = self.kit.k, box
        canvas.panel(grown(box, 2 * k), 2 * k, (20, 22, 26), 0.9)
        if full:
            canvas.rect_fill(box, ramp(box, retail_ramp(cast)))
        canvas.frame(grown(box, 2 * k), 2 * k, 1.8 * k, DARK_METAL)
        canvas.panel((x + w / 2 - 92 * k, y + 12 * k, 185 * k, 14 * k), 2 * k, BLACK, 0.45)
        canvas.text(caption(cast), (x + w / 2, y + 18.5 * k), 10 * k, TextStyle(WHITE))
        if self.unit != "player":
            self._icon(canvas, cast, (x - 22 * k, y + h / 2 - 10 * k, 20 * k, 20 * k))
            if not cast.interruptible:
                canvas.ring((x - 12 * k, y + h / 2), 11 * k, 14 * k, (190, 196, 200))

    def _icon(self, canvas: Canvas, cast: CastView, box: Box) -> None:
        canvas.rect_fill(grown(box, 1), BLACK)
        canvas.picture(box, icon(cast.token, max(1, round(box[2]))))

    def _lay_spark(self, out: Image, box: Box, fill: float) -> None:
        x, y, w, h = box
        sh, sw = self._spark.shape[:2]
        left, top = round(x + w * min(1.0, max(0.0, fill)) - sw / 2), round(y + h / 2 - sh / 2)
        add_light(out, left, top, self._spark)


def classic_color(cast: CastView, era: Era) -> tuple[float, float, float]:
    """Colour of a classic client's fill, BGR."""
    if cast.state in ("failed", "interrupted"):
        return RED
    if cast.state == "success":
        return GREEN
    if not cast.interruptible and era == "classic_era":
        return GREY
    return GREEN if cast.state == "channel" and era != "vanilla" else AMBER


def retail_ramp(cast: CastView) -> Ramp:
    """Colours of a retail fill from left to right, BGR."""
    if not cast.interruptible and cast.state in ("casting", "channel"):
        return RETAIL_RAMPS["locked"]
    return RETAIL_RAMPS["failed" if cast.state == "interrupted" else cast.state]


def caption(cast: CastView) -> str:
    """The bar's text."""
    return {"failed": "Failed", "interrupted": "Interrupted"}.get(cast.state, cast.name)


def faded(sprite: Sprite, alpha: float) -> Sprite:
    """The sprite, `alpha` 0..1 of it there."""
    if alpha >= 1 or sprite.keep is None:
        return sprite
    color = np.asarray(cv2.convertScaleAbs(sprite.color, alpha=alpha), np.uint8)
    keep = 255 - np.asarray(cv2.convertScaleAbs(255 - sprite.keep, alpha=alpha), np.uint8)
    return Sprite(sprite.left, sprite.top, color, keep)


def _spark(kit: Kit) -> Image:
    """The bright grain at the fill's end, added to what is there."""
    h, w = max(5, round((16 if kit.retail else 26) * kit.k)), max(3, round((6 if kit.retail else 9) * kit.k))
    ys, xs = np.mgrid[0:h, 0:w]
    u, v = (xs - (w - 1) / 2) / w, (ys - (h - 1) / 2) / h
    glow = np.exp(-((u / 0.22) ** 2) - (v / 0.26) ** 2)
    made: Image = np.rint(glow[..., None] * np.array([190, 235, 255])).astype(np.uint8)
    return made
