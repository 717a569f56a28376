"""A death knight's runes under the player's frame."""

from __future__ import annotations

import numpy as np

from wowbot.core.frame import Image
from wowbot.hud.units import Box, grid_boxes, to_rect
from wowbot.sim.draw_canvas import BLACK, Bgr, Canvas, Sprite
from wowbot.sim.draw_kit import DARK_METAL, Kit, grown, hull
from wowbot.sim.sweep import sweep_factor
from wowbot.sim.view import RuneKind, RuneView, WorldView

RUNE_BGR: dict[RuneKind, Bgr] = {
    "blood": (30, 30, 225),
    "frost": (225, 200, 20),
    "unholy": (20, 165, 30),
    "death": (215, 40, 180),
}
WEDGE = 0.75
"""How much the wedge of the part that is left darkens."""
RETAIL_BGR: Bgr = (220, 140, 60)
"""A frost knight's; the other two have red and green ones."""


class Runes:
    """All of a view's runes, drawn anew when one of them has changed."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self._boxes = grid_boxes(kit.elements["runes"], kit.size_wh, kit.k)
        self._shown: tuple[RuneView, ...] = ()
        self._sprite: Sprite | None = None

    def lay(self, out: Image, view: WorldView) -> None:
        if not view.runes:
            return
        if view.runes != self._shown or self._sprite is None:
            canvas = Canvas(grown(hull(*self._boxes), 4 * self.kit.k))
            for rune, box in zip(view.runes, self._boxes, strict=False):
                (self._retail if self.kit.retail else self._classic)(canvas, rune, box)
            self._shown, self._sprite = view.runes, canvas.sprite()
        self._sprite.lay(out)

    def _classic(self, canvas: Canvas, rune: RuneView, box: Box) -> None:
        """A coloured stone in a dark ring; while it recharges a dark wedge covers what is left."""
        (x, y, w, h), color = box, np.asarray(RUNE_BGR[rune.kind], np.float32)
        at = (x + w / 2, y + h / 2)
        canvas.disc(*at, 0.5 * w, (16, 16, 18))
        canvas.ring(at, 0.4 * w, 0.5 * w, DARK_METAL)
        canvas.disc(*at, 0.38 * w, color * 0.8)
        canvas.disc(at[0] - 0.05 * w, at[1] - 0.05 * h, 0.22 * w, color)
        canvas.disc(at[0] + 0.06 * w, at[1] + 0.1 * h, 0.1 * w, color * 0.55)
        if rune.remains_pct > 0:
            rect = to_rect(box)
            factor = sweep_factor(rect.width, rect.height, 1 - rune.remains_pct / 100, WEDGE)
            canvas.layer(rect, BLACK, (1 - factor[..., 0] / 255).astype(np.float32))

    def _retail(self, canvas: Canvas, rune: RuneView, box: Box) -> None:
        """A skull on a black disc, bright when ready; while it recharges dark, and an arc grows round it."""
        (x, y, w, h), ready = box, rune.remains_pct <= 0
        at, k = (x + w / 2, y + h / 2), self.kit.k
        canvas.disc(*at, 11.5 * k, (12, 12, 13))
        tone = np.asarray(RETAIL_BGR if ready else (44, 40, 38), np.float32)
        canvas.disc(at[0], at[1] - 1 * k, 7.5 * k, tone)
        canvas.disc(at[0], at[1] + 5 * k, 4 * k, tone * 0.9)
        for side in (-3, 3):
            canvas.disc(at[0] + side * k, at[1], 1.8 * k, BLACK, 0.8)
        if not ready:
            canvas.ring(at, 10 * k, 12 * k, (170, 90, 30), relief=0.0)
