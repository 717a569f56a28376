"""UI units, anchors and how they become pixels.

The screen is always 768 units high; every HUD element hangs on UIParent, whose scale S makes k = S * H / 768 pixels per
unit. Source of every number in this package: the public UI files of 1.12.1, 2.4.3, 3.3.5, Classic Era 1.15 and retail
10 to 12 (FrameXML, Blizzard_UnitFrame, Blizzard_EditMode), checked on screenshots.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from wowbot.core.errors import LayoutError
from wowbot.core.layout import ERAS, Era, Rect

HAnchor = Literal["L", "C", "R"]
VAnchor = Literal["T", "M", "B"]
Box = tuple[float, float, float, float]
"""x, y, width, height in pixels, not yet rounded."""

SCREEN_UNITS = 768.0
STOCK_ERAS: tuple[Era, ...] = tuple(era for era in ERAS if era != "other")
CLASSIC_ERAS: tuple[Era, ...] = tuple(era for era in STOCK_ERAS if era != "retail")
DEFAULT_FLOOR: Mapping[Era, float] = {
    "vanilla": 0.90,
    "tbc": 0.90,
    "wotlk": 0.90,
    "classic_era": 0.90,
    "retail": 0.64,
}
"""With useUiScale off, S = clamp(768 / H, floor, 1)."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal boxes inside an element, in UI units.

    Args:
        count: how many boxes.
        columns: boxes a row before the next row starts.
        box_w, box_h: size of one.
        pitch_x, pitch_y: from one box to the next.
        grow: "right" fills from the left edge, "left" from the right edge; rows go down.
    """

    count: int
    columns: int
    box_w: float
    box_h: float
    pitch_x: float
    pitch_y: float
    grow: Literal["left", "right"] = "right"

    def offset(self, index: int) -> tuple[float, float]:
        """Top-left of box `index` (from 0) relative to the first one's, in UI units."""
        row, column = divmod(index, self.columns)
        sign = -1.0 if self.grow == "left" else 1.0
        return sign * column * self.pitch_x, row * self.pitch_y


@dataclass(frozen=True, slots=True)
class Element:
    """One part of the stock HUD.

    Args:
        name: region name, e.g. "player.health"; parts that no reader reads have a reader of "".
        reader: reader of the region, "" = only drawn, or a sub-box of its unit frame.
        h_anchor, x: "L" / "R": the near edge is x units from that screen edge; "C": the element's centre is x units
            right of the screen's centre line.
        v_anchor, y: "T" / "B": the near edge is y units from the top / bottom; "M": the centre is y units below the
            middle.
        w, h: size in UI units. Of a bar: w spans the true 0..100 % range, h the visible rows.
        options: the region's fixed options; sizes in pixels are added when it is placed.
        group: what the player moves as one, e.g. "player", "actionbar.main".
        grid: boxes inside it.
        pin: where it hangs on its group, as x and y; then only that point moves with the group's size, its own stays.
    """

    name: str
    reader: str
    h_anchor: HAnchor
    x: float
    v_anchor: VAnchor
    y: float
    w: float
    h: float
    options: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    grid: Grid | None = None
    pin: tuple[float, float] | None = None


def require_stock(era: Era) -> None:
    """Raise LayoutError when the era has no stock geometry."""
    if era not in STOCK_ERAS:
        raise LayoutError(
            f"era {era!r} has no stock HUD; expected one of {', '.join(STOCK_ERAS)}. "
            "Another game needs a layout file of its own"
        )


def default_scale(era: Era, height: int) -> float:
    """k, pixels per UI unit, of a client whose UI scale was never touched.

    Args:
        era: a stock era.
        height: client area in pixels.

    Raises:
        LayoutError: era "other", or a height that is not positive.
    """
    require_stock(era)
    if height <= 0:
        raise LayoutError(f"the frame height must be positive, found {height}")
    scale = min(1.0, max(DEFAULT_FLOOR[era], SCREEN_UNITS / height))
    return scale * height / SCREEN_UNITS


def place(element: Element, size_wh: tuple[int, int], k: float) -> Box:
    """The element's box in pixels, not rounded.

    Args:
        size_wh: client area, px.
        k: pixels per UI unit.
    """
    width, height = size_wh
    w, h = element.w * k, element.h * k
    if element.h_anchor == "L":
        x = element.x * k
    elif element.h_anchor == "R":
        x = width - element.x * k - w
    else:
        x = width / 2 + element.x * k - w / 2
    if element.v_anchor == "T":
        y = element.y * k
    elif element.v_anchor == "B":
        y = height - element.y * k - h
    else:
        y = height / 2 + element.y * k - h / 2
    return x, y, w, h


def grid_boxes(element: Element, size_wh: tuple[int, int], k: float) -> list[Box]:
    """The boxes of the element's grid in pixels, first to last; empty without a grid."""
    if element.grid is None:
        return []
    x, y, w, _ = place(element, size_wh, k)
    grid = element.grid
    first_x = x + w - grid.box_w * k if grid.grow == "left" else x
    offsets = (grid.offset(i) for i in range(grid.count))
    return [(first_x + dx * k, y + dy * k, grid.box_w * k, grid.box_h * k) for dx, dy in offsets]


def to_rect(box: Box) -> Rect:
    """Round the edges, not the size, so that neighbours never drift apart; at least 1 x 1 px."""
    x, y, w, h = box
    left, top = round(x), round(y)
    return Rect(left, top, max(1, round(x + w) - left), max(1, round(y + h) - top))
