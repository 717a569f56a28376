"""Draws a WorldView as a game client would show it: the world, and the stock HUD of one era over it."""

from __future__ import annotations

import cv2
import numpy as np

from wowbot.core.errors import SimError
from wowbot.core.frame import Image
from wowbot.core.layout import Era, Layout
from wowbot.hud import STOCK_SETUP, HudSetup, default_scale, stock_layout
from wowbot.hud.stock import combo_boxes
from wowbot.sim.background import Background
from wowbot.sim.draw_auras import PlayerAuras, TargetAuras
from wowbot.sim.draw_bars import BarArt, XpBar
from wowbot.sim.draw_cast import CastPart
from wowbot.sim.draw_dialogs import Chat, Errors, Loot, Popup
from wowbot.sim.draw_kit import Kit, Part
from wowbot.sim.draw_minimap import Minimap
from wowbot.sim.draw_numbers import Numbers
from wowbot.sim.draw_plates import Plates
from wowbot.sim.draw_runes import Runes
from wowbot.sim.draw_slots import BarPart
from wowbot.sim.draw_units import ClassicBig, ClassicSmall, ComboDots, Painter, StatusGlow, UnitPart
from wowbot.sim.draw_units_retail import Pips, RetailUnit
from wowbot.sim.draw_world import Bodies, Floats
from wowbot.sim.view import WorldView

BIG_UNITS = ("player", "target", "focus_unit")


class HudRenderer:
    """Draws views at one size. The same view gives the same bytes, whatever was drawn before.

    Args:
        era: whose HUD.
        size_wh: frame size, px.
        ui_scale: k, pixels per UI unit; None = the era's default for this height.
        gamma: of the client's video settings; 1 = untouched, below 1 darkens.
        seed: of the terrain.
        setup: which bars are shown; must be that of the layout used to read it.

    Raises:
        LayoutError: an era without a stock HUD, or an impossible size or scale.
        SimError: gamma outside 0.3 to 3.
    """

    def __init__(
        self, era: Era, size_wh: tuple[int, int], ui_scale: float | None = None, gamma: float = 1.0, seed: int = 0,
        *, setup: HudSetup = STOCK_SETUP,
    ) -> None:  # fmt: skip
        if not 0.3 <= gamma <= 3.0:
            raise SimError(f"gamma must be 0.3 to 3, found {gamma}")
        self.layout: Layout = stock_layout(era, size_wh, ui_scale, setup=setup)
        k = default_scale(era, size_wh[1]) if ui_scale is None else ui_scale
        self.kit = Kit(era, size_wh, k, seed, setup)
        self._background = Background(size_wh, seed)
        self._parts = _parts(self.kit)
        self._gamma = None if gamma == 1.0 else _gamma_table(gamma)

    def draw(self, view: WorldView) -> Image:
        """One frame.

        Returns:
            A new BGR uint8 array (H, W, 3).
        """
        out = self._background.draw(view)
        for part in self._parts:
            part.lay(out, view)
        if self._gamma is not None:
            cv2.LUT(out, self._gamma, dst=out)
        return out


def _parts(kit: Kit) -> list[Part]:
    """Everything that is drawn, back to front."""
    names = kit.elements
    bars = [name.partition(".")[2] for name in names if name.startswith("actionbar.")]
    units = [name.partition(".")[0] for name in names if name.endswith(".frame")]
    casts = [name.partition(".")[0] for name in names if name.endswith(".cast")]
    boxes = combo_boxes(kit.era, kit.size_wh, kit.k)
    parts: list[Part] = [Bodies(kit), Plates(kit), Floats(kit), Minimap(kit), Chat(kit)]
    parts += [BarArt(kit), *([XpBar(kit)] if "xp" in names else [])]
    parts += [BarPart(kit, bar) for bar in bars]
    parts += [UnitPart(unit, _painter(kit, unit)) for unit in units]
    parts += [Numbers(kit, unit) for unit in ("player", "target") if kit.setup.numbers]
    parts += [Runes(kit)] if "runes" in names else []
    parts += [Pips(boxes) if kit.retail else ComboDots(kit, boxes), StatusGlow(kit)]
    parts += [
        PlayerAuras(kit, "player.auras", "buffs"),
        PlayerAuras(kit, "player.debuffs", "debuffs"),
        TargetAuras(kit),
    ]
    parts += [CastPart(kit, unit) for unit in casts]
    return [*parts, Errors(kit), Loot(kit), Popup(kit)]


def _painter(kit: Kit, unit: str) -> Painter:
    if kit.retail:
        return RetailUnit(kit, unit)
    return ClassicBig(kit, unit) if unit in BIG_UNITS else ClassicSmall(kit, unit)


def _gamma_table(gamma: float) -> Image:
    levels = np.arange(256) / 255
    return np.rint(255 * levels ** (1 / gamma)).astype(np.uint8)
