"""Whether the character moves, by the minimap: its picture scrolls under the player, whatever the world in front does.

The world view itself is no witness: grass, water and fighters move while the character stands.
"""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.reader import Context, Hints, TextSpot

INNER = 0.56
"""Share of the region's side that is surely map: the square inside the disc."""
ARROW = 0.30
"""Share of that square, in its middle, where the player's arrow turns."""
SHIFTED = 1.2
"""Mean difference in grey levels of a map that has scrolled. On our own maps a shift of 2 yd gives 1.75 and more, standing
and turning 0; a client's map has more texture than ours."""
COMPARE_S, STILL_S = 0.4, 1.5
"""Between two comparisons; unchanged for so long is standing still."""
BLUR_PX = 1.0


class MotionReader:
    """Reads a `minimap` region; provides `moved`."""

    period: ClassVar[int] = 3
    provides: tuple[str, ...] = ("moved",)
    spots: tuple[TextSpot, ...] = ()
    watches: tuple[Rect, ...] = ()

    def __init__(self, name: str, region: Region, context: Context) -> None:
        if not region.rect.inside(context.layout.size_wh):
            raise LayoutError(
                f"region {name!r} {tuple(region.rect)} does not lie on the frame {context.layout.size_wh}"
            )
        self._rect = region.rect
        self._before: NDArray[np.float32] | None = None
        self._before_ns = 0
        self._compared_ns = 0
        self._last = unknown("the minimap has not been watched for long enough")

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        if self._before is None:
            self._keep(self._map(image), hints.t_ns)
        elif hints.t_ns - self._compared_ns >= COMPARE_S * 1e9:
            self._compare(self._map(image), hints.t_ns)
        out["moved"] = self._last

    def _compare(self, now: NDArray[np.float32], t_ns: int) -> None:
        self._compared_ns = t_ns
        assert self._before is not None
        if float(np.abs(now - self._before).mean()) > SHIFTED:
            self._last = Reading(1.0, 0.8)
            self._keep(now, t_ns)
        elif t_ns - self._before_ns >= STILL_S * 1e9:
            self._last = Reading(0.0, 0.8)

    def _keep(self, now: NDArray[np.float32], t_ns: int) -> None:
        self._before, self._before_ns, self._compared_ns = now, t_ns, t_ns

    def _map(self, image: Image) -> NDArray[np.float32]:
        gray = cv2.cvtColor(self._rect.crop(image), cv2.COLOR_BGR2GRAY)
        height, width = gray.shape
        top, left = round(height * (1 - INNER) / 2), round(width * (1 - INNER) / 2)
        inner = cv2.GaussianBlur(gray[top : height - top, left : width - left], (0, 0), BLUR_PX).astype(np.float32)
        height, width = inner.shape
        top, left = round(height * (1 - ARROW) / 2), round(width * (1 - ARROW) / 2)
        inner[top : height - top, left : width - left] = 0.0
        return inner
