"""From the stock geometry to a layout: every region of an era at one frame size."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from wowbot.core.errors import LayoutError
from wowbot.core.layout import Era, Layout, Region
from wowbot.hud.auras import cast_tops
from wowbot.hud.classic import COMBO_POINTS, WIDE_ASPECT, classic_elements
from wowbot.hud.retail import FRAME_TOP, PLAYER_LEFT, combo_points_at, retail_elements
from wowbot.hud.setup import STOCK_SETUP, HudSetup
from wowbot.hud.units import SCREEN_UNITS, Box, Element, default_scale, grid_boxes, place, require_stock, to_rect

SUB_BOXES = ("portrait", "strip", "name", "level", "status_icon")
Size = tuple[int, int]


@lru_cache(maxsize=64)
def elements(era: Era, setup: HudSetup = STOCK_SETUP, *, wide: bool = True) -> tuple[Element, ...]:
    """The stock HUD of an era in UI units, for calibration to refit scale and offsets.

    Args:
        wide: the screen's aspect is above 4:3.

    Raises:
        LayoutError: era "other".
    """
    require_stock(era)
    found = retail_elements(setup) if era == "retail" else classic_elements(era, setup, wide)
    return tuple(found)


def is_wide(size_wh: Size) -> bool:
    """Whether the frame is wider than 4:3, by more than a rounding error."""
    return size_wh[0] / size_wh[1] > WIDE_ASPECT + 0.01


def stock_layout(era: Era, size_wh: Size, ui_scale: float | None = None, *, setup: HudSetup = STOCK_SETUP) -> Layout:
    """The layout of an untouched client.

    Args:
        size_wh: client area, px.
        ui_scale: k, pixels per UI unit; None = the client's default for this height.
        setup: which bars are shown, and what else moves frames.

    Returns:
        A layout with every region that lies on the screen, at score 1.

    Raises:
        LayoutError: era "other", or a size or scale that no client has.
    """
    require_stock(era)
    k = default_scale(era, size_wh[1]) if ui_scale is None else ui_scale
    if min(size_wh) < 200 or not 0.2 <= k * SCREEN_UNITS / size_wh[1] <= 2.0:
        raise LayoutError(
            f"no client draws its HUD at {k:.3f} px per unit in {size_wh[0]}x{size_wh[1]}; expected at least 200 px each "
            f"way and a scale of 0.2 to 2 times {size_wh[1] / SCREEN_UNITS:.3f}"
        )
    regions = make_regions(elements(era, setup, wide=is_wide(size_wh)), size_wh, k, era)
    return Layout(layout_id(era, size_wh, k, regions), f"stock {era}", era, size_wh, k, regions)


def make_regions(parts: Iterable[Element], size_wh: Size, k: float, era: Era) -> dict[str, Region]:
    """Place elements and give each region the pixel options its reader needs; drawn-only parts are left out."""
    boxes = {e.name: place(e, size_wh, k) for e in parts}
    regions = {}
    for element in parts:
        reader = element.reader or ("popup" if element.name.startswith("popup.") else "")
        rect = to_rect(boxes[element.name])
        seen = rect.right > 0 and rect.bottom > 0 and rect.left < size_wh[0] and rect.top < size_wh[1]
        if reader and seen:
            regions[element.name] = Region(rect, reader, _options(element, boxes, size_wh, k, era))
    nameplates = nameplate_options(era, size_wh)
    regions["nameplates"] = Region(to_rect((0, 0, *size_wh)), "nameplates", nameplates)
    return regions


def layout_id(era: Era, size_wh: Size, k: float, regions: dict[str, Region]) -> str:
    """Short content hash of a layout."""
    text = repr((era, size_wh, round(k, 6), sorted((n, r.rect, r.reader, repr(r.options)) for n, r in regions.items())))
    return f"{era}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def nameplate_options(era: Era, size_wh: Size) -> dict[str, Any]:
    """Sizes of a nameplate in pixels; they follow the frame's size alone, not the UI scale.

    `bar_w`, `bar_h`: its health bar. `style`: "classic" (bar in a border, level at the right) or "retail". `casts`: where
    its cast bar may stand, [x, y, w, h] from the health bar's lower left corner; none in 1.12 and Classic Era.
    """
    unit = size_wh[1] / SCREEN_UNITS
    if era == "retail":
        bar: dict[str, Any] = {"style": "retail", "bar_w": round(86 * unit), "bar_h": max(3, round(6 * unit))}
    elif era == "classic_era":
        bar = {"style": "classic", "bar_w": round(103 * unit), "bar_h": round(10 * unit)}
    else:
        # Drawn by the engine: a 4:1 border a tenth of the screen's diagonal wide, 103/128 of it bar.
        plate = 0.1 * math.hypot(*size_wh)
        bar = {"style": "classic", "bar_w": round(plate * 103 / 128), "bar_h": round(plate / 4 * 10 / 32)}
        unit = plate / 128
    return bar | {"casts": [[round(v * unit) for v in box] for box in PLATE_CASTS.get(era, ())]}


PLATE_CASTS: dict[Era, tuple[Box, ...]] = {
    "tbc": ((17, 8, 103, 10), (0, 8, 103, 10)),
    "wotlk": ((17, 8, 103, 10), (0, 8, 103, 10)),
    "retail": ((0, 2, 86, 8),),
}
"""Cast bars of nameplates, units from the health bar's lower left corner. The older clients hang the plate's border once
more under it, the spell's icon at its left (2.5's Blizzard_NamePlates.xml: 102 x 10, 9 below, 17 to the right); that of a
target only. Retail 10 and 11: castBarHeight 8, 2 below the health bar."""


def combo_boxes(era: Era, size_wh: Size, k: float) -> list[Box]:
    """The five combo points in pixels."""
    if era == "retail":
        left, top = size_wh[0] / 2 + PLAYER_LEFT * k, size_wh[1] - FRAME_TOP * k
        return [(left + x * k, top + y * k, 14 * k, 14 * k) for x, y in combo_points_at()]
    return [(x * k, y * k, 12 * k, 12 * k) for x, y in COMBO_POINTS]


def _options(element: Element, boxes: dict[str, Box], size_wh: Size, k: float, era: Era) -> dict[str, Any]:
    options: dict[str, Any] = dict(element.options)
    if element.reader in ("slots", "runes"):
        options["boxes"] = [list(to_rect(b)) for b in grid_boxes(element, size_wh, k)]
    elif element.reader == "auras" and element.grid is not None:
        options |= _aura_options(element, size_wh, k, era)
    elif element.reader == "unitframe":
        named = {part: boxes.get(f"{options['unit']}.{part}") for part in SUB_BOXES}
        options |= {part: list(to_rect(box)) for part, box in named.items() if box is not None}
    elif element.reader == "combo":
        options["boxes"] = [list(to_rect(b)) for b in combo_boxes(era, size_wh, k)]
    elif element.name == "target.cast":
        # The bar moves under the aura rows: every top it can have, px.
        options["tops"] = sorted({round(boxes[element.name][1] + top * k) for top in cast_tops(era)})
    elif element.reader == "loot" and element.grid is not None:
        x, y = boxes[element.name][:2]
        dx, dy = options.pop("rows_at")
        rows = [element.grid.offset(i) for i in range(element.grid.count)]
        options["boxes"] = [list(to_rect((x + dx * k, y + (dy + r) * k, 37 * k, 37 * k))) for _, r in rows]
    return options


def _aura_options(element: Element, size_wh: Size, k: float, era: Era) -> dict[str, Any]:
    grid = element.grid
    if grid is None:
        return {}
    options: dict[str, Any] = {
        "icon_px": round(grid.box_w * k, 3),
        "pitch_x": round(grid.pitch_x * k, 3),
        "pitch_y": round(grid.pitch_y * k, 3),
        "per_row": grid.columns,
    }
    if options_row(element) == "target":
        # Sizes differ by who put the aura up, gaps by group: see hud.auras. A client rounds the edges of each icon, not what
        # it adds up: the rows need the exact numbers.
        first = [round(v, 6) for v in place(element, size_wh, k)[:2]]
        gaps = [round(g * k, 6) for g in _target_gaps(era)]
        sizes = {"icon_px": round(grid.box_w * k, 6), "small_px": round(17 * k, 6)}
        return options | sizes | {"gap_px": gaps, "first_px": first}
    return options | {"boxes": [list(to_rect(b)) for b in grid_boxes(element, size_wh, k)]}


def _target_gaps(era: Era) -> tuple[float, float]:
    """Gap after a debuff and after a buff, units."""
    return (3.0, 3.0) if era == "vanilla" else (4.0, 3.0)


def options_row(element: Element) -> str:
    """The aura row an element shows: player, player_debuff or target."""
    return str(element.options.get("row", ""))
