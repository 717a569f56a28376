"""Where the HUD hides the world: what a detector claims to see there is a piece of HUD and no object."""

from __future__ import annotations

from collections.abc import Sequence

from wowbot.core.detection import Detection
from wowbot.core.layout import Layout, Rect
from wowbot.perception.nameplates import OVER_THE_WORLD

LARGE = 0.3
"""A region that covers a larger share of the frame is a place to look in, and hides nothing."""


def hud_rects(layout: Layout) -> list[Rect]:
    """The parts of the frame that a layout's HUD hides."""
    area = LARGE * layout.size_wh[0] * layout.size_wh[1]
    return [
        region.rect
        for name, region in layout.regions.items()
        if region.rect.width * region.rect.height < area
        and not name.startswith(OVER_THE_WORLD)
        and region.reader != "place"
    ]


def in_world(found: Sequence[Detection], hud: Sequence[Rect]) -> list[Detection]:
    """What has its centre outside all these rectangles."""
    return [d for d in found if not _hidden(d, hud)]


def _hidden(detection: Detection, hud: Sequence[Rect]) -> bool:
    x, y = detection.center
    return any(r.left <= x < r.right and r.top <= y < r.bottom for r in hud)
