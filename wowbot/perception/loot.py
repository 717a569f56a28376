"""The loot window: open or not, by the edges of its panel and of its first item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.edges import box_edges, round_about
from wowbot.perception.reader import Context, Hints, TextSpot

OPEN = 0.62
"""Mean strength of the two best-matching signs of a window."""

LEAST = 0.4
"""Least strength of each of the panel's edges (drawn windows: .75 and more): the character pane and the list of friends
open in the same corner and go on beyond it (.02 to .22 seen at the lower edge)."""
OTHER = unknown("a window stands there that goes on beyond a loot window's edges")


@dataclass(frozen=True, slots=True)
class LootOptions:
    """Options of a `loot` region.

    Args:
        style: "classic" or "retail".
        boxes: item buttons, [x, y, w, h] in frame pixels.
    """

    style: str = "classic"
    boxes: tuple[tuple[int, ...], ...] = ()


class LootReader:
    """Reads whether the loot window is open."""

    period: ClassVar[int] = 4

    def __init__(self, name: str, region: Region, context: Context) -> None:
        options = bind(LootOptions, region.options, f"region {name!r}")
        self._panel = region.rect
        self._slack = max(2, round(2 * context.layout.ui_scale))
        self._item = Rect(*options.boxes[0]) if options.boxes and len(options.boxes[0]) == 4 else None
        self.provides: tuple[str, ...] = ("loot.open",)
        self.spots: tuple[TextSpot, ...] = ()
        self.watches: tuple[Rect, ...] = (round_about(self._panel, self._slack),)
        if self._item is not None:
            self.watches += (round_about(self._item, self._slack),)

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        panel = sorted(box_edges(image, self._panel, self._slack))
        score = sum(panel[1:]) / 3
        if self._item is not None:
            item = sorted(box_edges(image, self._item, self._slack))
            score = (score + sum(item[1:]) / 3) / 2
        if score > OPEN and panel[0] < LEAST:
            out["loot.open"] = OTHER
            return
        out["loot.open"] = Reading(float(score > OPEN), min(0.9, 0.5 + 2 * abs(score - OPEN)))
