"""Nameplates: health bar, level, name, and the cast bar under it where the client shows one."""

from __future__ import annotations

from collections.abc import Hashable

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.hud.stock import nameplate_options
from wowbot.hud.units import SCREEN_UNITS, Box
from wowbot.sim.draw_canvas import BLACK, WHITE, Canvas, Sprite, TextStyle
from wowbot.sim.draw_cast import caption, classic_color, faded, retail_ramp
from wowbot.sim.draw_kit import METAL, Kit, grown, mix
from wowbot.sim.draw_units import BAR_LIGHT, REACTION_BGR, level_bgr
from wowbot.sim.draw_units_retail import ramp
from wowbot.sim.icons import icon
from wowbot.sim.view import BodyView, CastView, UnitView, WorldView


class Plates:
    """Nameplates; they follow the frame's size, not the UI scale."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        facts = nameplate_options(kit.era, kit.size_wh)
        self.bar_wh = (float(facts["bar_w"]), float(facts["bar_h"]))
        self.unit = kit.size_wh[1] / SCREEN_UNITS
        self._kept: dict[Hashable, tuple[Sprite, Sprite]] = {}
        self._casts = PlateCastArt(kit, facts["casts"][0]) if facts["casts"] else None

    def lay(self, out: Image, view: WorldView) -> None:
        dim = view.target is not None and self.kit.era in ("vanilla", "tbc", "wotlk")
        for body in view.bodies:
            if body.plate and not body.dead:
                self._plate(out, body, view.player, 0.5 if dim and not body.selected else 1.0)
                if self._casts is not None and body.cast is not None and (self.kit.retail or body.selected):
                    self._casts.lay(out, body.cast, self._corner(body))

    def _corner(self, body: BodyView) -> tuple[int, int]:
        """Lower left corner of a plate's health bar, px."""
        w, h = self.bar_wh
        left = round(self.kit.size_wh[0] / 2 + body.x * self.kit.size_wh[1]) - round(w / 2)
        return left, round(body.plate_y * self.kit.size_wh[1]) - round(h / 2) + round(h)

    def _plate(self, out: Image, body: BodyView, player: UnitView, alpha: float) -> None:
        w, h = self.bar_wh
        bar: Box = (-float(round(w / 2)), -float(round(h / 2)), w, h)
        key = (body.name, body.level, body.reaction, body.selected, player.level)
        if key not in self._kept:
            if len(self._kept) > 100:
                self._kept.clear()
            self._kept[key] = self._draw(body, player, bar, True), self._draw(body, player, bar, False)
        full, empty = self._kept[key]
        sprite = mix(full, empty, [(bar, body.health_pct / 100)])
        sprite.left += round(self.kit.size_wh[0] / 2 + body.x * self.kit.size_wh[1])
        sprite.top += round(body.plate_y * self.kit.size_wh[1])
        if alpha < 1 and sprite.keep is not None:
            sprite.color = np.asarray(cv2.convertScaleAbs(sprite.color, alpha=alpha), np.uint8)
            sprite.keep = 255 - np.asarray(cv2.convertScaleAbs(255 - sprite.keep, alpha=alpha), np.uint8)
        sprite.lay(out)

    def _draw(self, body: BodyView, player: UnitView, box: Box, full: bool) -> Sprite:
        w, h = box[2:]
        u, color = self.unit, REACTION_BGR[min(5, max(1, body.reaction))]
        canvas = Canvas((box[0] - 10 * u, box[1] - 18 * u, w + 36 * u, h + 24 * u))
        if self.kit.retail:
            canvas.rect_fill(grown(box, max(1, u)), (51, 51, 51) if not body.selected else WHITE, 0.85)
            canvas.rect_fill(box, (30, 30, 30))
            if full:
                shades = tuple(tuple(c * f for c in color) for f in (0.62, 0.72, 0.8))
                canvas.rect_fill(box, ramp(box, shades))  # type: ignore[arg-type]
        else:
            canvas.rect_fill(box, (20, 20, 20), 0.75)
            if full:
                canvas.rows(box, color, BAR_LIGHT)
            canvas.frame(grown(box, 2.5 * u), 3 * u, 2.6 * u, METAL)
            cx, cy = box[0] + w + 9 * u, box[1] + h / 2
            canvas.panel((cx - 8 * u, cy - 8 * u, 16 * u, 16 * u), 3 * u, (18, 18, 20))
            canvas.frame((cx - 8 * u, cy - 8 * u, 16 * u, 16 * u), 3 * u, 2 * u, METAL)
            canvas.text(str(body.level), (cx, cy), 10 * u, TextStyle(level_bgr(_as_unit(body), player.level), "sans"))
        name = TextStyle(WHITE if body.selected else color, outline=True)
        canvas.text(body.name, (box[0] + w / 2, box[1] - 9 * u), 11 * u, name)
        return canvas.sprite()


def _as_unit(body: BodyView) -> UnitView:
    return UnitView(body.name, body.kind, body.level, body.health_pct, 100.0, reaction=body.reaction)


class PlateCastArt:
    """The cast bar under a plate.

    Args:
        place: x, y, w, h from the health bar's lower left corner, px.
    """

    def __init__(self, kit: Kit, place: list[int]) -> None:
        self.kit = kit
        self.box: Box = (float(place[0]), float(place[1]), float(place[2]), float(place[3]))
        self._kept: dict[Hashable, tuple[Sprite, Sprite]] = {}

    def lay(self, out: Image, cast: CastView, corner: tuple[int, int]) -> None:
        """Draw it under the plate whose health bar ends at `corner`."""
        key = (cast.token, cast.name, cast.state, cast.interruptible)
        if key not in self._kept:
            if len(self._kept) > 50:
                self._kept.clear()
            self._kept[key] = self._draw(cast, True), self._draw(cast, False)
        full, empty = self._kept[key]
        sprite = faded(mix(full, empty, [(self.box, cast.pct / 100)]), cast.alpha)
        Sprite(corner[0] + sprite.left, corner[1] + sprite.top, sprite.color, sprite.keep).lay(out)

    def _draw(self, cast: CastView, full: bool) -> Sprite:
        (x, y, w, h), u = self.box, self.box[3] / (8 if self.kit.retail else 10)
        canvas = Canvas((x - 24 * u, y - 8 * u, w + 32 * u, h + 16 * u))
        if self.kit.retail:
            canvas.rect_fill(grown(self.box, max(1, round(u))), BLACK, 0.85)
            canvas.rect_fill(self.box, (51, 51, 51), 0.85)
            if full:
                canvas.rect_fill(self.box, ramp(self.box, retail_ramp(cast)))
        else:
            canvas.rect_fill(self.box, BLACK, 0.5)
            if full:
                canvas.rows(self.box, classic_color(cast, self.kit.era), BAR_LIGHT)
            pale = (196, 204, 208) if not cast.interruptible else METAL
            canvas.frame(grown(self.box, 2.5 * u), 3 * u, 2.6 * u, pale)
        em = (7 if self.kit.retail else 8) * u
        canvas.text(caption(cast), (x + w / 2, y + h / 2), em, TextStyle(WHITE))
        if cast.interruptible or not self.kit.retail:
            side = (10 if self.kit.retail else 14) * u
            canvas.picture((x - side - 2.5 * u, y + h / 2 - side / 2, side, side), icon(cast.token, round(side)))
        if not cast.interruptible:
            canvas.ring((x - 0.95 * h, y + h / 2), 0.8 * h, 1.1 * h, (205, 210, 214))
        return canvas.sprite()
