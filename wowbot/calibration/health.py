"""The run-time check: does a layout still fit the frame? A few milliseconds, for a slow reader (`layout.fits`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wowbot.calibration.family import Family, families
from wowbot.calibration.gradient import Plane, grey
from wowbot.calibration.match import score_at
from wowbot.calibration.shapes import Shape, load_shapes
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect
from wowbot.hud.units import CLASSIC_ERAS

FRAME_UNITS = {"classic": (22.0, 14.0, 188.0), "retail": (17.0, 14.0, 198.0)}
"""The player.frame region in its outline's units: left, top, width (wowbot.hud)."""
DISC_UNITS = {"classic": 140.0, "retail": 198.0}
"""Width of the minimap's region (wowbot.hud)."""
WITNESS_LEAST = 0.30
"""Agreement at which an element is at its place. A place that is off by 2 units agrees by less than 0.1."""
RECOLOURED_COST = 0.12
"""What agreement counts less where edges keep their course but not their sense: art in other colours."""
EDGE_UNITS = 6.0


@dataclass(frozen=True, slots=True)
class LayoutHealth:
    """Whether a layout fits.

    Args:
        fits: False stops the keys.
        scores: agreement of each element that could be checked.
        why: what was found and what to do; "" when it fits.
    """

    fits: bool
    scores: Mapping[str, float]
    why: str = ""


def check_layout(image: Image, layout: Layout) -> LayoutHealth:
    """Check the places that are always on screen: the player frame, the main bar, the minimap.

    The player frame decides where the layout has one; the main bar and the minimap together outvote it, since a window
    may cover it for a while. A layout of another game, of which no outline is known, is taken to fit.

    Args:
        image: BGR uint8 frame.
        layout: what is in force.
    """
    size = image.shape[1], image.shape[0]
    if size != layout.size_wh:
        why = (
            f"the frame is {size[0]}x{size[1]}, the layout was made for {layout.size_wh[0]}x{layout.size_wh[1]}: "
            "calibrate again"
        )
        return LayoutHealth(False, {}, why)
    if layout.era not in (*CLASSIC_ERAS, "retail"):
        return LayoutHealth(True, {}, "")
    kinds = families(load_shapes(), layout.era)
    scores = max((witness_scores(image, layout, family) for family in kinds), key=lambda found: sum(found.values()))
    seen = [name for name, score in scores.items() if score >= WITNESS_LEAST]
    fits = not scores or "player.frame" in seen or ("player.frame" not in scores and bool(seen)) or len(seen) >= 2
    if fits:
        return LayoutHealth(True, scores, "")
    listed = ", ".join(f"{name} {score:.2f}" for name, score in scores.items())
    why = f"agreement with the stock outline: {listed} (at least {WITNESS_LEAST:.2f} expected): calibrate again"
    return LayoutHealth(False, scores, why)


def witness_scores(image: Image, layout: Layout, family: Family) -> dict[str, float]:
    """Agreement of player frame, main bar and minimap with their outlines at the layout's places."""
    scores: dict[str, float] = {}
    player = layout.regions.get("player.frame")
    if player is not None and player.options.get("style") == family.name:
        left, top, units = FRAME_UNITS[family.name]
        k = player.rect.width / units
        scores["player.frame"] = _score(image, family.player, k, player.rect.left - left * k, player.rect.top - top * k)
    main = layout.regions.get("actionbar.main")
    if main is not None and main.options.get("style") == family.name and len(main.options["boxes"]) == 12:
        k = main.rect.width / (family.pitch * 11 + family.slot)
        scores["actionbar.main"] = _score(image, family.row, k, main.rect.left, main.rect.top)
    disc = layout.regions.get("minimap")
    if disc is not None and family.minimap is not None:
        k = disc.rect.width / DISC_UNITS[family.name]
        scores["minimap"] = _score(image, family.minimap, k, *_middle(disc.rect))
    return scores


def _middle(rect: Rect) -> tuple[float, float]:
    return rect.left + rect.width / 2, rect.top + rect.height / 2


def _score(image: Image, shape: Shape, k: float, x: float, y: float) -> float:
    """Recoloured art counts as well: the better of the sensed and, a little discounted, the senseless agreement."""
    plane, dx, dy = _cut(image, shape, k, x, y)
    if plane.size == 0:
        return 0.0
    sensed = score_at(plane, shape, k, x - dx, y - dy)
    if sensed >= WITNESS_LEAST:
        return sensed
    return max(sensed, score_at(plane, shape.senseless(), k, x - dx, y - dy) - RECOLOURED_COST)


def _cut(image: Image, shape: Shape, k: float, x: float, y: float) -> tuple[Plane, int, int]:
    """Brightness of the part of the frame the shape needs, and that part's corner."""
    margin = EDGE_UNITS * k
    left, top = max(0, int(x + shape.box[0] * k - margin)), max(0, int(y + shape.box[1] * k - margin))
    right = int(x + (shape.box[0] + shape.box[2]) * k + margin)
    bottom = int(y + (shape.box[1] + shape.box[3]) * k + margin)
    part = image[top : max(top, bottom), left : max(left, right)]
    if part.shape[0] < 2 or part.shape[1] < 2:
        return grey(image[:2, :2])[:0], left, top
    return grey(part), left, top
