"""Finding the player frame and the rows of action buttons anywhere on a frame, at any scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from wowbot.calibration.family import Family, scales
from wowbot.calibration.gradient import Plane, grey, shrink
from wowbot.calibration.match import Match, refine, scan
from wowbot.calibration.shapes import Shape
from wowbot.core.frame import Image
from wowbot.hud import default_scale

SURE = 0.55
"""A player frame that agrees this well ends the search. Other HUDs' best chance agreement is about 0.40."""
CORNER_UNITS = (290, 170)
"""The corner in which a classic player frame at its stock place lies, title bar and window border included."""
RETAIL_LEFT, RETAIL_TOP = -532.0, 350.0
"""Retail's player frame: left edge from the centre line, top edge from the bottom (Edit Mode preset)."""
MARGIN = 20.0
COARSE_HEIGHT = 1300
"""Taller frames are searched at half their size and fitted at full size."""


@dataclass(frozen=True)
class View:
    """A frame prepared for searching: its brightness, and a smaller copy where it is tall."""

    image: Image

    @cached_property
    def plane(self) -> Plane:
        """Brightness at full size."""
        return grey(self.image)

    @cached_property
    def coarse(self) -> tuple[Plane, float]:
        """The plane to search and its size relative to the frame."""
        factor = 0.5 if self.plane.shape[0] > COARSE_HEIGHT else 1.0
        return shrink(self.plane, factor), factor

    @property
    def size_wh(self) -> tuple[int, int]:
        """Frame size, px."""
        return self.image.shape[1], self.image.shape[0]

    def scan(
        self, shape: Shape, k: float, region: tuple[float, float, float, float] | None = None, peaks: int = 2
    ) -> list[Match]:
        """As match.scan, on the coarse plane, in full-size pixels."""
        plane, factor = self.coarse
        inside = None if region is None else tuple(side * factor for side in region)
        found = scan(plane, shape, k * factor, inside, peaks)  # type: ignore[arg-type]
        return [Match(m.score, m.k / factor, m.x / factor, m.y / factor) for m in found]

    def refine(
        self, shape: Shape, start: Match, *, step_px: float = 2.0, step_k: float = 0.015, least: float = 0.12
    ) -> Match:
        """As match.refine, on the full-size plane; steps in px grow with the scale."""
        grow = max(1.0, start.k)
        return refine(self.plane, shape, start, step_px=step_px * grow, step_k=step_k, least=least * grow)


def find_players(view: View, family: Family) -> tuple[Match, ...]:
    """The frame's best agreements with the player frame, best first; their scores say whether one is.

    It is looked for at its stock place, then (retail, where Edit Mode moves frames and seldom scales them) anywhere at
    the client's default scale, then anywhere at any scale. Where the stock place does not settle it, that place's best
    is given beside the best elsewhere: a blurred frame in its place can agree less than scenery does by chance.
    """
    shape = family.player
    here = _at_stock_place(view, family, shape)
    if here.score >= SURE or family.art == "training":
        return (here,)
    best = here
    if not family.cornered:
        default = default_scale(family.eras[-1], view.size_wh[1])
        best = max(best, find_at_scale(view, shape, default), key=lambda m: m.score)
    if best.score < SURE:
        best = max(best, _anywhere(view, shape), key=lambda m: m.score)
    return (here,) if best is here else (best, here)


def _at_stock_place(view: View, family: Family, shape: Shape) -> Match:
    """The best agreement near the stock place, which moves with the scale."""
    width, height = view.size_wh
    starts: list[Match] = []
    for k in scales(height, 1.025):
        x, y = (
            (0.0, 0.0) if family.cornered else (width / 2 + RETAIL_LEFT * k - MARGIN, height - RETAIL_TOP * k - MARGIN)
        )
        region = (max(0.0, x), max(0.0, y), x + CORNER_UNITS[0] * k, y + CORNER_UNITS[1] * k)
        starts += view.scan(shape, k, region, peaks=1)
    return _best_refined(view, shape, starts, keep=4)


def _anywhere(view: View, shape: Shape) -> Match:
    coarse = shape.halved()
    starts = [m for k in scales(view.size_wh[1], 1.033) for m in view.scan(coarse, k)]
    return _best_refined(view, shape, starts, keep=14)


def find_at_scale(view: View, shape: Shape, k: float, near_k: float = 0.01) -> Match:
    """The shape anywhere on the frame at a scale that is known to the share `near_k`."""
    starts = view.scan(shape.halved(), k, peaks=4)
    return _best_refined(view, shape, starts, keep=4, step_k=near_k)


def _best_refined(view: View, shape: Shape, starts: list[Match], keep: int, step_k: float = 0.02) -> Match:
    ranked = sorted(starts, key=lambda m: -m.score)[:keep]
    rough = [view.refine(shape, m, step_px=3.0, step_k=step_k, least=0.7) for m in ranked]
    if not rough:
        return Match(-1.0, 1.0, 0.0, 0.0)
    return view.refine(shape, max(rough, key=lambda m: m.score), step_px=1.0, step_k=0.006)
