"""Where a cast bar may stand on the screen, and whether a bar's own edges stand there.

The own bar moves with the bars below it, a target's with the rows of auras above it; neither moves sideways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect
from wowbot.perception.auragrid import read_frames, ring_points
from wowbot.perception.castlook import MARGIN, edges_along
from wowbot.perception.edges import best_near, column_edges, row_edges, turning_edges
from wowbot.perception.patches import Box, Order, Sampler

EDGE = 0.55
"""Least coherence of the bar's upper and lower edge over its width (0.62 to 0.95 seen; scenery stays below 0.5)."""
LISTED = 0.25
"""The same beside an icon, in one of few known places, before it is looked at: where a bright fill ends an edge may turn
from dark to bright."""
ALONG, BEYOND = 0.7, 0.6
"""Least coherence of both edges along the fill, and of one along the rest: 0.79 and 0.64 seen; a world beside icons that
stand where a bar may stand has mostly less of one of them."""
END_MARGIN = 8
"""Columns beyond a bar's ends that these are looked for in."""
ENDS = 0.45
"""Least coherence of the edges at both ends of a bar that is not in its usual place."""
SLACK = 2
"""How far off, px, the edges of a place that is looked at may be."""
SEARCH = 130.0
"""How far above or below its usual place the own cast bar is looked for, UI units."""
MOST = 3
"""Places looked at a frame."""


class CastPlaces:
    """The places of one unit's cast bar.

    Args:
        rect: the bar in its usual place.
        unit: whose it is.
        style: see `CastOptions`.
        tops: y of its top edge in each of the few places it may take; empty = the rect's, and round it the own bar's.
        layout: of the client.
        shared: where this frame's readers tell each other how far down each unit's auras reach.
    """

    def __init__(
        self, rect: Rect, unit: str, style: str, tops: Sequence[int], layout: Layout, shared: Mapping[str, Any]
    ) -> None:
        self._rect, self._style, self._listed, self._scale = rect, style, bool(tops), layout.ui_scale
        self._shared, self._auras = shared, f"{unit}.auras"
        lowest = layout.size_wh[1] - rect.height - MARGIN
        self.tops = tuple(sorted(top for top in tops or (rect.top,) if top <= lowest))
        self.home = self.tops[:1]
        if unit == "player" and not tops and style != "custom":
            self.tops = tuple(range(*_span(rect, layout)))
        self._at = {top: place for place, top in enumerate(self.tops)}
        self.vouched: set[int] = set()
        """Places, of those looked at last, whose edges only the icon beside them vouches for."""
        self.turned: set[int] = set()
        """Those whose edges are clear only if they may turn: that a bar stands there its fill must tell."""
        self._icons: dict[tuple[int, ...], Sampler] = {}
        self._gaps = [(bar, _gaps(bar, rect, boxes)) for bar, boxes in _bars_across(rect, layout).items()]
        self._over = np.array([bool(self._under(top)) for top in self.tops], np.bool_)

    def first_free(self) -> float:
        """y below which this frame's rows of auras leave room for a bar; 0 = they reach nowhere."""
        return float(self._shared.get(self._auras, 0.0))

    def searched(self) -> tuple[Rect, ...]:
        """All that is looked at while no bar is shown."""
        rect, tops = self._rect, self.tops or (self._rect.top,)
        beside = max(END_MARGIN, rect.width // 3 + rect.width // 12)
        left, top = rect.left - beside, tops[0] - MARGIN
        return (Rect(left, top, rect.width + 2 * beside, tops[-1] + rect.height + MARGIN - top),)

    def icon(self, top: int) -> Box:
        """Where the icon beside a bar at `top` stands: it could be taken for an aura."""
        k, (left, _, _, height) = self._scale, self._rect
        away, side = (22 * k, 20 * k) if self._style == "retail" else (21 * k, 16 * k)
        return left - away, top + height / 2 - side / 2, side, side

    def bounded(self, image: Image, top: int, pct: float) -> bool:
        """Whether a bar has edges of its own, along its fill and beyond: the icon that vouches for it may be an aura."""
        fill, rest = edges_along(image, Rect(self._rect.left, top, self._rect.width, self._rect.height), pct)
        if not fill.width:
            return min(rest.upper, rest.lower) > ALONG
        return min(fill.upper, fill.lower) > ALONG and (not rest.width or max(rest.upper, rest.lower) > BEYOND)

    def ends(self, image: Image, top: int) -> bool:
        """Whether a bar in an unusual place also begins and ends where a cast bar does."""
        return self.ended(image, top) and not self._runs_on(image, top)

    def ended(self, image: Image, top: int) -> bool:
        """Whether upright edges stand at both ends of a bar."""
        rect, margin = self._rect, END_MARGIN
        area = Rect(max(0, rect.left - margin), top, rect.width + 2 * margin, rect.height)
        edges = column_edges(np.asarray(cv2.cvtColor(area.crop(image), cv2.COLOR_BGR2GRAY), np.uint8))
        return min(best_near(edges, margin, 5), best_near(edges, margin + rect.width, 5)) > ENDS

    def _under(self, top: int) -> list[NDArray[np.intp]]:
        """Of each bar of buttons that a cast bar at `top` lies over, the columns between its buttons."""
        return [gaps for bar, gaps in self._gaps if top < bar.bottom and top + self._rect.height > bar.top]

    def _covers_gaps(self, image: Image, top: int) -> bool:
        """Whether a bar over action buttons has its edges between these too: a row of buttons is no bar."""
        for gaps in self._under(top):
            if not gaps.size:
                return False
            between = np.ascontiguousarray(image[max(0, top - MARGIN) : top + self._rect.height + MARGIN, gaps])
            edges = row_edges(np.asarray(cv2.cvtColor(between, cv2.COLOR_BGR2GRAY), np.uint8))
            upper = min(MARGIN, top)
            if min(best_near(edges, at, SLACK) for at in (upper, upper + self._rect.height)) < ALONG:
                return False
        return True

    def _runs_on(self, image: Image, top: int) -> bool:
        """Whether the bar goes on beyond both ends: the experience and reputation bars, in parts of any width, do."""
        rect, first = self._rect, max(0, top - 4)
        reach, gap = rect.width // 3, rect.width // 12
        for left in (rect.left - gap - reach, rect.right + gap):
            beside = Rect(left, first, reach, rect.height + 4 + MARGIN).crop(image)
            if min(beside.shape[:2]) < 3:
                return False
            edges = row_edges(np.asarray(cv2.cvtColor(beside, cv2.COLOR_BGR2GRAY), np.uint8))
            place = top - first
            if min(best_near(edges, place, 2), best_near(edges, place + rect.height, 3)) < EDGE:
                return False
        return True

    def edged(self, image: Image, near: int) -> list[int]:
        """Places whose upper and lower edge both run the whole width, the clearest first, at most MOST of them.

        In its usual places a bar's edges may turn where its fill ends. These are noted as `turned`.

        Args:
            near: where the bar was last: favoured.
        """
        if not self.tops:
            return []
        rect, first = self._rect, max(0, self.tops[0] - 4)
        height = self.tops[-1] + rect.height + MARGIN - first
        strip = Rect(rect.left + rect.width // 20, first, rect.width - rect.width // 10, height)
        gray = np.asarray(cv2.cvtColor(strip.crop(image), cv2.COLOR_BGR2GRAY), np.uint8)
        edges = row_edges(gray)
        widened = cv2.dilate(edges[None], np.ones((1, 2 * SLACK + 1), np.uint8))[0]
        places = np.array(self.tops) - first - 1
        strengths = np.minimum(widened[places], widened[places + rect.height])
        if self._listed:
            self._weigh(image, strengths)
        strengths[strengths <= EDGE] = 0.0
        exact = np.minimum(edges[places], edges[places + rect.height])
        tops = self._best(strengths, strengths + np.float32(0.1) * exact)
        stays = [] if self._listed else [top for top in dict.fromkeys((near, *self.home)) if top in self._at]
        self.turned = {top for top in stays if not strengths[self._at[top]] and self._turns(gray, top - first)}
        usual = [top for top in stays if strengths[self._at[top]] > 0 or top in self.turned]
        likely = [*dict.fromkeys(usual), *_spread([self.tops[i] for i in tops], usual)]
        return list(islice((top for top in likely if self._covers_gaps(image, top)), MOST))

    def _turns(self, gray: Image, top: int) -> bool:
        """Whether a bar at row `top` of a strip has two edges, of which each may turn once."""
        over = max(0, top - 4)
        edges = turning_edges(gray[over : top + self._rect.height + MARGIN])
        bottom = top - over + self._rect.height
        return min(best_near(edges, top - over, SLACK), best_near(edges, bottom, SLACK)) > EDGE

    def _best(self, strengths: NDArray[np.float32], ranks: NDArray[np.float32]) -> list[int]:
        """Of the places with some strength the best few by rank, of those over buttons as many more: rows of buttons have
        edges that would crowd out a bar above them."""
        order = np.argsort(-ranks, kind="stable")
        order = order[strengths[order] > 0]
        over = self._over[order]
        few = [*order[~over][: 4 * MOST].tolist(), *order[over][: 4 * MOST].tolist()]
        return sorted(few, key=lambda place: -float(ranks[place]))

    def _weigh(self, image: Image, strengths: NDArray[np.float32]) -> None:
        """Weigh the edges of a bar that has few places: by the icon beside it, and by the aura rows, which end above it.

        Places whose edges only the icon vouches for are noted.
        """
        if len(self.tops) > 1:
            strengths[np.asarray(self.tops) < self.first_free()] = 0.0
        at = tuple(np.flatnonzero(strengths > LISTED).tolist())
        self.vouched = {self.tops[i] for i in at if strengths[i] <= EDGE}
        if not at:
            return
        if at not in self._icons:
            boxes = [self.icon(self.tops[i]) for i in at]
            order = Order("radial")
            self._icons[at] = Sampler.joined([Sampler([b], order, ring_points(b[2], self._scale)) for b in boxes])
        strengths[list(at)] += read_frames(self._icons[at].read(image)).framed * np.float32(0.5)


def _spread(places: list[int], taken: list[int]) -> list[int]:
    """Of places that follow each other closely, the first alone; none close to those taken."""
    kept: list[int] = []
    for place in places:
        if all(abs(place - other) > 3 for other in (*taken, *kept)):
            kept.append(place)
    return kept


def _bars_across(rect: Rect, layout: Layout) -> dict[Rect, list[Rect]]:
    """The bars of buttons that a cast bar may come over, and their buttons."""
    return {
        region.rect: [Rect(*(round(float(v)) for v in box)) for box in region.options.get("boxes", ())]
        for region in layout.regions.values()
        if region.reader == "slots" and region.rect.left < rect.right and region.rect.right > rect.left
    }


def _gaps(bar: Rect, rect: Rect, boxes: Sequence[Rect]) -> NDArray[np.intp]:
    """Columns of a cast bar that lie between a bar's buttons."""
    free = np.zeros(rect.right, np.bool_)
    free[max(bar.left, rect.left) : bar.right] = True
    for box in boxes:
        free[max(0, box.left) : max(0, box.right)] = False
    return np.flatnonzero(free)


def _span(rect: Rect, layout: Layout) -> tuple[int, int]:
    """Rows where the own cast bar's top may be: it moves with the bars below it, which differ from player to player, but
    its x is fixed. Retail's may lie over the buttons: in Edit Mode these are moved and it is not.
    """
    reach = round(SEARCH * layout.ui_scale)
    below = [] if layout.era == "retail" else [bar.top for bar in _bars_across(rect, layout)]
    floor = min([*below, layout.size_wh[1] - rect.height - 6]) - rect.height - 3
    if "xp" in layout.regions:
        # The experience bar is as wide as the screen's lower edge and in parts: one of them looks like a full cast bar.
        floor = max(rect.top + 1, min(floor, layout.regions["xp"].rect.top - rect.height))
    top = max(4, rect.top - reach)
    return top, max(top + 1, floor if layout.era == "retail" else min(floor, rect.top + reach))
