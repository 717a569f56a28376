"""Layouts for custom HUDs: the user gives two or three boxes, the rest follows from them where it can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.gradient import direction_field, grey
from wowbot.calibration.report import Calibration
from wowbot.core.errors import LayoutError, nearest
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.hud.stock import layout_id

ASKED = ("player.health", "player.power", "target.health", "actionbar.main")
"""What `--guide` asks for, in order; the first is needed, the others may be skipped."""
KNOWN = (*ASKED, "target.power")
BAR_PARTS = ("health", "power")
LEAST_COLOUR = 40
"""Levels by which a bar's colour must stand out of grey for a rule to be made."""
SLOTS_LEAST, SLOTS_MOST = 4, 24
EVEN = 12
"""Levels by which the columns of one row of a bar differ from each other at their median."""
GAP_SHARE = 0.3
"""A power bar stands nearer to its health bar than this share of that one's height."""
Channel = Literal["b", "g", "r"]


def parse_region(text: str) -> tuple[str, Rect]:
    """`name=x,y,w,h` as the command line gives it.

    Raises:
        LayoutError: another form.
    """
    name, _, numbers = text.partition("=")
    try:
        rect = Rect.of_text(numbers)
    except ValueError:
        rect = Rect(0, 0, 0, 0)
    if not name or rect.width < 2 or rect.height < 2:
        raise LayoutError(f"--region: found {text!r}, expected NAME=X,Y,W,H in px, e.g. player.health=110,59,151,12")
    return name.strip(), rect


def guided_layout(image: Image, boxes: Mapping[str, Rect], name: str = "custom") -> Layout:
    """A layout of a custom HUD from the boxes a user gave.

    Bars get a colour rule from their own pixels; the power bar under a health bar, the target's bar mirrored at the
    frame's middle and the buttons in a given row are looked for where they were not given.

    Args:
        image: a frame on which the bars are not empty.
        boxes: region name -> box, px.

    Raises:
        LayoutError: no bar was given, a box lies outside the frame, or a bar has no colour to go by.
    """
    size = image.shape[1], image.shape[0]
    if "player.health" not in boxes:
        raise LayoutError(
            f"a guided layout needs the box of player.health; found {', '.join(boxes) or 'none'}. "
            "Give it by --region player.health=x,y,w,h"
        )
    for region, rect in boxes.items():
        if not rect.inside(size):
            raise LayoutError(f"--region {region}: {list(rect)} lies outside the {size[0]}x{size[1]} frame")
    found = dict(boxes)
    _find_bars(image, found)
    regions = {region: _region(image, region, rect) for region, rect in found.items()}
    identity = layout_id("other", size, 1.0, regions)
    return Layout(identity, name, "other", size, 1.0, regions)


def replace_regions(answer: Calibration, boxes: Mapping[str, Rect]) -> Calibration:
    """A stock answer with some regions' places set by the user; their options stay.

    Raises:
        LayoutError: no region of that name in the layout, or no stock HUD to take the boxes and no player.health either.
    """
    layout, refused = answer.layout, answer.refused
    if refused is not None and refused.cause in ("custom_hud", "no_hud"):
        given = ", ".join(boxes)
        hint = "" if any(name in KNOWN for name in boxes) else nearest(given, KNOWN)
        raise LayoutError(
            f"--region: found boxes of {given} and no stock HUD to put them on ({refused.evidence}); "
            f"a layout of a custom HUD needs the box of player.health.{hint}"
        )
    if layout is None:
        return answer
    strange = sorted(set(boxes) - set(layout.regions))
    if strange:
        hint = nearest(strange[0], layout.regions)
        raise LayoutError(f"--region {strange[0]}: the {layout.era} layout has no such region.{hint}")
    regions = {
        name: Region(boxes[name], r.reader, r.options) if name in boxes else r for name, r in layout.regions.items()
    }
    identity = layout_id(layout.era, layout.size_wh, layout.ui_scale, regions)
    elements = tuple(replace(e, status="moved", rect=boxes[e.name]) if e.name in boxes else e for e in answer.elements)
    return replace(answer, layout=replace(layout, id=identity, regions=regions), elements=elements)


def _find_bars(image: Image, boxes: dict[str, Rect]) -> None:
    """The bars that follow from the given ones."""
    health = boxes["player.health"]
    if "player.power" not in boxes and (below := _bar_below(image, health)):
        boxes["player.power"] = below
    if "target.health" not in boxes:
        width = image.shape[1]
        mirrored = Rect(width - health.right, health.top, health.width, health.height)
        if mirrored.left > health.right and _colour_rule(mirrored.crop(image)) is not None:
            boxes["target.health"] = mirrored
    target = boxes.get("target.health")
    if target is not None and "target.power" not in boxes and (below := _bar_below(image, target)):
        boxes["target.power"] = below


def _bar_below(image: Image, bar: Rect) -> Rect | None:
    """A bar of the same width close under `bar` and of one other colour; None where there is none.

    A row of buttons has many colours side by side, and stands further off.
    """
    depth = round(1.6 * bar.height) + 2
    part = Rect(bar.left, bar.bottom, max(4, bar.width // 4), depth).crop(image).astype(np.int16)
    if part.shape[0] < 4:
        return None
    middle = np.median(part, axis=1)
    even = np.median(np.abs(part - middle[:, None]).max(axis=2), axis=1) <= EVEN
    strong = (middle.max(axis=1) - middle.min(axis=1) >= LEAST_COLOUR) & even
    rows = np.flatnonzero(strong)
    if len(rows) < 3 or rows[0] > max(5, GAP_SHARE * bar.height):
        return None
    first = int(rows[0])
    last = first
    while last + 1 < len(strong) and strong[last + 1]:
        last += 1
    return Rect(bar.left, bar.bottom + first, bar.width, last - first + 1) if last - first >= 2 else None


def _region(image: Image, name: str, rect: Rect) -> Region:
    unit, _, part = name.partition(".")
    if part in BAR_PARTS:
        rule = _colour_rule(rect.crop(image))
        if rule is None:
            raise LayoutError(
                f"{name}: the left end of {list(rect)} is grey, so nothing tells full from empty. "
                "Fill the bar (heal up) and try again, or give the box of the coloured part alone"
            )
        return Region(rect, "bar", {"unit": unit, "resource": part, "style": "custom", **rule})
    if part == "cast":
        return Region(rect, "cast", {"unit": unit, "style": "custom"})
    if unit == "actionbar":
        boxes = [list(box) for box in slot_boxes(image, rect)]
        return Region(rect, "slots", {"bar": part, "boxes": boxes, "style": "classic"})
    if name == "minimap":
        return Region(rect, "minimap", {})
    if part in ("name", "level", "zone"):
        return Region(rect, "text", {"field": "zone"} if part == "zone" else {"unit": unit, "field": part})
    raise LayoutError(
        f"--region {name}: expected UNIT.health, UNIT.power, UNIT.cast, UNIT.name, UNIT.level, actionbar.NAME, minimap "
        "or minimap.zone"
    )


def _colour_rule(crop: Image) -> dict[str, Any] | None:
    """Which row to read and which channel stands out in the filled left end; None where it is grey.

    Of the rows that stand out nearly as well as the best, the one is taken that text crosses least: it changes between
    filled and empty the fewest times.
    """
    if crop.shape[0] < 2 or crop.shape[1] < 8:
        return None
    end = crop[:, crop.shape[1] // 20 : max(4, crop.shape[1] // 6)].astype(np.int16)
    colours = np.median(end, axis=1)
    gaps = colours.max(axis=1) - colours.min(axis=1)
    if float(gaps.max()) < LEAST_COLOUR:
        return None
    rows = np.flatnonzero(gaps >= max(LEAST_COLOUR, 0.7 * float(gaps.max())))
    changes = [_changes(crop, _row_rule(int(row), colours[row])) for row in rows]
    fewest = min(changes)
    least = [int(row) for row, count in zip(rows, changes, strict=True) if count == fewest]
    row = max(least, key=lambda n: float(gaps[n]))
    return _row_rule(row, colours[row])


def _row_rule(row: int, colour: NDArray[np.float64]) -> dict[str, Any]:
    """A column is filled when its strongest channel has half the fill's strength and half its lead."""
    strongest, weakest = int(np.argmax(colour)), int(np.argmin(colour))
    names: tuple[Channel, ...] = ("b", "g", "r")
    return {
        "row": row,
        "channel": names[strongest],
        "minimum": int(colour[strongest] * 0.5),
        "minus": names[weakest],
        "difference": int(float(colour[strongest] - colour[weakest]) * 0.5),
    }


def _changes(crop: Image, rule: Mapping[str, Any]) -> int:
    """How often the rule's row passes between filled and empty."""
    line = crop[rule["row"]].astype(np.int16)
    one, other = line[:, "bgr".index(rule["channel"])], line[:, "bgr".index(rule["minus"])]
    filled = (one > rule["minimum"]) & (one - other > rule["difference"])
    return int(np.count_nonzero(filled[1:] != filled[:-1]))


def slot_boxes(image: Image, row: Rect) -> list[Rect]:
    """The buttons in a row, by the period of its upright edges.

    Args:
        row: px, from the first button's left edge to the last one's right edge.

    Returns:
        As many equal boxes as fit the strongest period; a single one where there is none.
    """
    field = np.abs(direction_field(grey(row.crop(image)))[0])
    profile: NDArray[np.float32] = field.mean(axis=0)
    profile = profile - cv2.blur(profile[None], (2 * row.height + 1, 1))[0]
    best: tuple[float, int] = (0.0, 1)
    for count in range(SLOTS_LEAST, SLOTS_MOST + 1):
        pitch = (row.width - row.height) / (count - 1)
        if not 0.95 * row.height <= pitch <= 1.6 * row.height:
            continue
        lefts = np.round(np.arange(count) * pitch).astype(int)
        edges = np.concatenate([lefts, np.minimum(lefts + row.height - 1, len(profile) - 1)])
        strength = float(np.mean([profile[max(0, e - 1) : e + 2].max() for e in edges]))
        best = max(best, (strength, count))
    count = best[1]
    pitch = (row.width - row.height) / (count - 1) if count > 1 else 0.0
    return [Rect(row.left + round(n * pitch), row.top, row.height, row.height) for n in range(count)]
