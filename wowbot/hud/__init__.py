"""Geometry of the stock HUD per era as data: used by the simulator's renderer, the readers and calibration."""

from wowbot.hud.files import dump_layout, load_layout, save_layout
from wowbot.hud.setup import STOCK_SETUP, HudSetup
from wowbot.hud.stock import elements, make_regions, stock_layout
from wowbot.hud.units import Element, Grid, default_scale, place, to_rect

__all__ = [
    "STOCK_SETUP",
    "Element",
    "Grid",
    "HudSetup",
    "default_scale",
    "dump_layout",
    "elements",
    "load_layout",
    "make_regions",
    "place",
    "save_layout",
    "stock_layout",
    "to_rect",
]
