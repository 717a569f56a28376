"""From found groups to regions: every element of a group moves and scales with what was seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wowbot.calibration.client import Client
from wowbot.core.layout import Era, Region
from wowbot.hud import Element, place
from wowbot.hud.stock import combo_boxes, make_regions, nameplate_options
from wowbot.hud.units import Grid, to_rect


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a group's origin was found.

    Args:
        x, y: px on the frame.
        stock_x, stock_y: where the stock geometry has it.
        grow: found size over stock size.
    """

    x: float
    y: float
    stock_x: float
    stock_y: float
    grow: float = 1.0


def regions_of(
    parts: tuple[Element, ...], client: Client, groups: Mapping[str, Placed], era: Era, frame_wh: tuple[int, int]
) -> dict[str, Region]:
    """Regions in frame pixels.

    Args:
        parts: the stock elements to place.
        groups: group name -> where it was found; groups not named stand at their stock place in the client area.
        frame_wh: frame size, px; regions outside it are left out.
    """
    moved = tuple(_absolute(e, client, groups.get(e.group)) for e in parts)
    regions = make_regions(moved, frame_wh, client.k, era)
    regions["nameplates"] = Region(
        to_rect((client.left, client.top, client.width, client.height)),
        "nameplates",
        nameplate_options(era, client.size_wh),
    )
    if "combo_points" in regions:
        boxes = _combo(era, client, groups)
        old = regions["combo_points"]
        regions["combo_points"] = Region(old.rect, old.reader, {**old.options, "boxes": boxes})
    return regions


def pixel_box(element: Element, client: Client, group: Placed | None) -> tuple[float, float, float, float]:
    """The element's box on the frame, px, not rounded."""
    x, y, w, h = place(element, client.size_wh, client.k)
    x, y = x + client.left, y + client.top
    if group is None:
        return x, y, w, h
    dx, dy, grow = group.x - group.stock_x, group.y - group.stock_y, group.grow
    if element.pin is not None:
        pin = replace(element, x=element.pin[0], y=element.pin[1], w=0.0, h=0.0)
        px, py, _, _ = place(pin, client.size_wh, client.k)
        apart = px + client.left - group.stock_x, py + client.top - group.stock_y
        return x + dx + apart[0] * (grow - 1.0), y + dy + apart[1] * (grow - 1.0), w, h
    return group.x + (x - group.stock_x) * grow, group.y + (y - group.stock_y) * grow, w * grow, h * grow


def _absolute(element: Element, client: Client, group: Placed | None) -> Element:
    """The same element anchored to the frame's top-left corner at its found place."""
    x, y, w, h = pixel_box(element, client, group)
    k, grow = client.k, 1.0 if group is None or element.pin is not None else group.grow
    return replace(
        element,
        h_anchor="L", x=x / k, v_anchor="T", y=y / k, w=w / k, h=h / k,
        grid=None if element.grid is None else _grown(element.grid, grow),
    )  # fmt: skip


def _grown(grid: Grid, grow: float) -> Grid:
    if grow == 1.0:
        return grid
    return replace(
        grid,
        box_w=grid.box_w * grow,
        box_h=grid.box_h * grow,
        pitch_x=grid.pitch_x * grow,
        pitch_y=grid.pitch_y * grow,
    )


def _combo(era: Era, client: Client, groups: Mapping[str, Placed]) -> list[Any]:
    """The five points belong to the target in classic clients and to the player in retail."""
    group = groups.get("player" if era == "retail" else "target")
    boxes = []
    for x, y, w, h in combo_boxes(era, client.size_wh, client.k):
        x, y = x + client.left, y + client.top
        if group is not None:
            g = group.grow
            x, y, w, h = group.x + (x - group.stock_x) * g, group.y + (y - group.stock_y) * g, w * g, h * g
        boxes.append(list(to_rect((x, y, w, h))))
    return boxes
