"""The numbers a client prints on its bars when status text is switched on."""

from __future__ import annotations

from wowbot.core.frame import Image
from wowbot.hud.units import Box
from wowbot.sim.draw_canvas import WHITE, Canvas, Sprite, TextStyle
from wowbot.sim.draw_kit import Kit, middle
from wowbot.sim.draw_units import unit_of
from wowbot.sim.view import WorldView


class Numbers:
    """Health and power of one unit in figures: "7500 / 10000" in the classic clients, "75%" and "7,500" in retail."""

    def __init__(self, kit: Kit, unit: str) -> None:
        self.kit, self.unit = kit, unit
        self._kept: dict[str, tuple[tuple[float, float], Sprite]] = {}

    def lay(self, out: Image, view: WorldView) -> None:
        unit = unit_of(view, self.unit)
        if unit is None or unit.dead:
            return
        self._one(out, "health", (unit.health, unit.health_max))
        if unit.power_type and unit.power_max > 0:
            self._one(out, "power", (unit.power, unit.power_max))

    def _one(self, out: Image, resource: str, amount: tuple[float, float]) -> None:
        kept = self._kept.get(resource)
        if kept is None or kept[0] != amount:
            kept = self._kept[resource] = (amount, self._draw(self.kit.boxes[f"{self.unit}.{resource}"], amount))
        kept[1].lay(out)

    def _draw(self, box: Box, amount: tuple[float, float]) -> Sprite:
        k, (x, y, w, h) = self.kit.k, box
        canvas = Canvas((x, y - 4 * k, w, h + 8 * k))
        now, full = round(amount[0]), round(amount[1])
        style = TextStyle(WHITE, "sans", outline=True)
        if not self.kit.retail:
            canvas.text(f"{now} / {full}", middle(box), 10 * k, style)
            return canvas.sprite(trim=True)
        em, line = min(10.0, 0.85 * h / k) * k, y + h / 2
        share = f"{100 * amount[0] / max(1.0, amount[1]):.0f}%"
        canvas.text(share, (x + 3 * k, line), em, TextStyle(WHITE, "sans", "left", outline=True))
        canvas.text(f"{now:,}", (x + w - 3 * k, line), em, TextStyle(WHITE, "sans", "right", outline=True))
        return canvas.sprite(trim=True)
