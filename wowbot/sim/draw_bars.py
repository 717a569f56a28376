"""What surrounds the action buttons: bar art, gryphons of our own, micro buttons, bags, the experience bar."""

from __future__ import annotations

import numpy as np

from wowbot.core.frame import Image
from wowbot.hud.units import Box
from wowbot.sim.draw_canvas import BLACK, GOLD, Canvas, Sprite, TextStyle
from wowbot.sim.draw_kit import DARK_METAL, METAL, Kit, grown, mix
from wowbot.sim.draw_units import BAR_LIGHT
from wowbot.sim.icons import icon
from wowbot.sim.view import WorldView

XP: tuple[float, float, float] = (140, 0, 148)


class BarArt:
    """The parts that never change, drawn once."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self._sprites = self._retail() if kit.retail else self._classic()

    def lay(self, out: Image, view: WorldView) -> None:
        for sprite in self._sprites:
            sprite.lay(out)

    def _classic(self) -> list[Sprite]:
        k, (width, height) = self.kit.k, self.kit.size_wh
        middle = width / 2
        canvas = Canvas((middle - 512 * k, height - 53 * k, 1024 * k, 53 * k))
        canvas.rows((middle - 512 * k, height - 43 * k, 1024 * k, 43 * k), DARK_METAL, (1.5, 0.8, 0.6, 0.55, 0.5, 0.35))
        canvas.rows((middle - 512 * k, height - 53 * k, 1024 * k, 13 * k), METAL, (0.9, 0.4, 0.35, 0.4, 0.95))
        for n in range(12):
            well: Box = (middle + (-506 + 42 * n) * k, height - 42 * k, 40 * k, 40 * k)
            canvas.panel(well, 3 * k, (18, 19, 20))
            canvas.frame(well, 3 * k, 2.4 * k, METAL)
        self._extras(canvas, middle, height)
        return [canvas.sprite(), self._gryphon(middle - 544 * k, -1), self._gryphon(middle + 544 * k, 1)]

    def _extras(self, canvas: Canvas, middle: float, height: float) -> None:
        """Page arrows and number, micro buttons, bags."""
        k = self.kit.k
        for step, mark in ((-1, "–"), (1, "–")):
            canvas.disc(middle + 10 * k, height - (21 + step * 9) * k, 7 * k, (40, 130, 190))
            canvas.text(mark, (middle + 10 * k, height - (21 + step * 9) * k), 9 * k, TextStyle(BLACK, shadow=False))
        canvas.disc(middle + 30 * k, height - 21 * k, 8 * k, (20, 20, 22))
        canvas.text("1", (middle + 30 * k, height - 21 * k), 10 * k, TextStyle(GOLD))
        count, pitch = (10, 25.0) if self.kit.era == "wotlk" else (8, 26.0)
        for n in range(count):
            box = (middle + (42 + pitch * n) * k, height - 37 * k, 23 * k, 32 * k)
            canvas.panel(box, 4 * k, (28, 28, 32))
            canvas.picture(grown(box, -4 * k), icon(f"micro button {n}", round(24 * k)))
            canvas.frame(box, 4 * k, 2 * k, METAL)
        for n, centre in enumerate((487.5, 445.5, 403.5, 361.5, 319.5)):
            box = (middle + (centre - 18) * k, height - 39 * k, 36 * k, 36 * k)
            canvas.picture(box, icon("backpack" if n == 0 else "small bag", round(36 * k)))
            canvas.frame(box, 3 * k, 2 * k, METAL)

    def _gryphon(self, x: float, side: int) -> Sprite:
        """A perched beast of discs, facing outwards."""
        k, bottom = self.kit.k, float(self.kit.size_wh[1])
        canvas = Canvas((x - 64 * k, bottom - 104 * k, 128 * k, 104 * k))
        stone = np.array([92.0, 98.0, 100.0], np.float32)
        blobs = [(-10, 18, 30), (-6, 46, 24), (2, 66, 18), (14, 78, 14), (26, 76, 8), (-30, 30, 18), (12, 8, 14)]
        blobs += [(-34 - 3 * n, 36 + 7 * n, 9 - n) for n in range(6)]
        for dx, up, r in blobs:
            at = (x + side * dx * k, bottom - up * k)
            canvas.disc(*at, r * k, tuple(stone * 0.45))
            canvas.disc(at[0] - r * 0.15 * k, at[1] - r * 0.18 * k, r * 0.78 * k, tuple(stone))
            canvas.disc(at[0] - r * 0.3 * k, at[1] - r * 0.35 * k, r * 0.35 * k, tuple(stone * 1.5), 0.6)
        canvas.disc(x + side * 16 * k, bottom - 82 * k, 2.5 * k, (20, 20, 20))
        return canvas.sprite(trim=True)

    def _retail(self) -> list[Sprite]:
        k, (width, height) = self.kit.k, self.kit.size_wh
        canvas = Canvas((width - 300 * k, height - 92 * k, 300 * k, 92 * k))
        for n in range(11):
            box = (width - (22 + 24 * n) * k, height - 34 * k, 20 * k, 28 * k)
            canvas.panel(box, 3 * k, (30, 32, 34))
            canvas.picture(grown(box, -3 * k), icon(f"micro button {n}", round(20 * k)))
        for n in range(5):
            side = (42 if n == 0 else 30) * k
            box = (width - (48 + (36 * n if n else 0)) * k, height - 86 * k, side, side)
            canvas.picture(box, icon("backpack" if n == 0 else "small bag", round(42 * k)))
            canvas.frame(box, 3 * k, 2 * k, (60, 90, 110))
        ends = Canvas((width / 2 - 330 * k, height - 140 * k, 660 * k, 140 * k))
        for side in (-1, 1):
            x = width / 2 + side * 306 * k
            for dx, up, r in ((0, 52, 17), (4, 70, 12), (8, 84, 8), (-4, 40, 12), (12, 62, 8)):
                ends.disc(x + side * (dx - 8) * k, height - up * k, r * k, (44, 66, 80))
                ends.disc(
                    x + side * (dx - 8) * k - r * 0.2 * k, height - up * k - r * 0.2 * k, r * 0.6 * k, (80, 128, 156)
                )
        return [canvas.sprite(trim=True), ends.sprite(trim=True)]


class XpBar:
    """The experience bar with its 20 ticks; an empty groove at the top level."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self.box = kit, kit.boxes["xp"]
        self._full, self._empty = self._draw(True), self._draw(False)
        self._fill = -1.0
        self._sprite = self._empty

    def lay(self, out: Image, view: WorldView) -> None:
        fill = 0.0 if view.xp_pct is None else view.xp_pct / 100
        if fill != self._fill:
            self._fill, self._sprite = fill, mix(self._full, self._empty, [(self.box, fill)])
        self._sprite.lay(out)

    def _draw(self, full: bool) -> Sprite:
        k, (x, y, w, h) = self.kit.k, self.box
        canvas = Canvas(grown(self.box, 3 * k))
        canvas.rect_fill(self.box, (20, 18, 18), 0.8)
        if full:
            canvas.rows(self.box, XP, BAR_LIGHT)
        for n in range(1, 20):
            tick: Box = (x + w * n / 20 - 0.6 * k, y, 1.2 * k, h)
            canvas.rect_fill(tick, (52, 54, 58))
        canvas.frame(grown(self.box, 1.5 * k), 1.5 * k, 1.5 * k, METAL)
        return canvas.sprite()
