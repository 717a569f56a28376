"""Dots of one colour on a minimap or radar: how many, and where the nearest one lies from the own position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from wowbot.config import bind
from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.reader import Context, Hints, TextSpot

NONE_SEEN = unknown("no dot of that colour is on the map")


@dataclass(frozen=True, slots=True)
class BlipOptions:
    """Options of a `blips` region.

    Args:
        colour: BGR of the dots, 0..255 each; tolerance: how far each channel may be off.
        centre: frame pixel of the own position on the map.
        scale: what one map pixel is in units of the terms, to the right and downward (isometric maps differ in the two).
    """

    colour: tuple[int, int, int]
    centre: tuple[int, int]
    tolerance: int = 8
    scale: tuple[float, float] = (1.0, 1.0)


class BlipsReader:
    """Provides `blips.count`, and of the nearest dot `blips.dx`, `blips.dy` (right and down positive) and
    `blips.distance`. Touching pixels are one dot."""

    period: ClassVar[int] = 1
    provides: tuple[str, ...] = ("blips.count", "blips.dx", "blips.dy", "blips.distance")
    spots: tuple[TextSpot, ...] = ()
    watches: tuple[Rect, ...] = ()

    def __init__(self, name: str, region: Region, context: Context) -> None:
        options = bind(BlipOptions, dict(region.options), f"region {name!r}")
        if not region.rect.inside(context.layout.size_wh):
            raise LayoutError(
                f"region {name!r} {tuple(region.rect)} does not lie on the frame {context.layout.size_wh}"
            )
        self._rect = region.rect
        colour, off = np.asarray(options.colour), options.tolerance
        self._low = np.clip(colour - off, 0, 255).astype(np.uint8)
        self._high = np.clip(colour + off, 0, 255).astype(np.uint8)
        self._centre = (options.centre[0] - region.rect.left, options.centre[1] - region.rect.top)
        self._scale = options.scale

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        mask = cv2.inRange(self._rect.crop(image), self._low, self._high)
        count, _, _, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
        out["blips.count"] = Reading(float(count - 1))
        if count < 2:
            out.update(dict.fromkeys(self.provides[1:], NONE_SEEN))
            return
        away = (middles[1:] - self._centre) * self._scale
        distance = np.hypot(away[:, 0], away[:, 1])
        nearest = int(distance.argmin())
        out["blips.dx"], out["blips.dy"] = Reading(float(away[nearest, 0])), Reading(float(away[nearest, 1]))
        out["blips.distance"] = Reading(float(distance[nearest]))
