"""Windows whose picture is squeezed: a client that goes on drawing for a whole screen after its window lost a title bar's
height shows every circle as an ellipse. 3.3.5 does so when its window is maximised; viewers and video do it as well.

The button row, which is 14 times as long as high, tells the scale across; the player frame at that scale tells the scale
down. The picture is fitted in its true proportions and the answer squeezed back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from wowbot.calibration.find import View
from wowbot.calibration.match import Match
from wowbot.calibration.report import Calibration, Refusal
from wowbot.calibration.shapes import Shape
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.hud.stock import layout_id

MOST = 0.10
"""A maximised window squeezes by 2 to 6 %. Beyond this the letters and icons are not what readers expect."""
COARSE = (0.76, 0.79, 0.82, 0.85, 0.88, 0.91, 0.94, 0.96, 0.98, 1.02, 1.04, 1.06, 1.09, 1.12, 1.15, 1.18, 1.21, 1.24)
FINE = (-0.015, -0.01, -0.005, 0.0, 0.005, 0.01, 0.015)
KEPT = 3
"""So many of the coarse proportions are looked at more finely."""
GAIN = 0.05
"""What the player frame's agreement must gain by it: a 3.3.5 window squeezed by 4.4 % gains 0.11, others nothing."""
MARGIN_UNITS = 20.0
BOXES = frozenset({"boxes", "portrait", "strip", "name", "level", "status_icon"})
DOWN = frozenset({"tops", "pitch_y", "bar_h"})
"""Reader options that hold boxes, and those that are measures from top to bottom."""


def measured_stretch(view: View, shape: Shape, at: Match, across: Sequence[float]) -> float:
    """How much taller the frame's picture is than its width says; 1.0 where no other proportion fits clearly better.

    Args:
        shape: the player frame's outline.
        at: where it was found.
        across: the scale across, px per unit, or those it may be.
    """
    coarse = sorted((max((_agreement(view, shape, at, k, s), k, s) for k in across) for s in COARSE), reverse=True)
    # Near the best proportion the agreement is rugged: a neighbour on the coarse grid may lie higher than the best one.
    near = {(k, round(s + step, 4)) for _, k, s in coarse[:KEPT] for step in FINE}
    best = max((_agreement(view, shape, at, k, s), s) for k, s in near)
    plain = max(at.score, *(_agreement(view, shape, at, k, 1.0) for k in across))
    return best[1] if best[0] >= plain + GAIN else 1.0


def _agreement(view: View, shape: Shape, at: Match, k: float, stretch: float) -> float:
    """Agreement of the outline with the picture round `at`, brought to its true proportions."""
    margin = MARGIN_UNITS * at.k
    left, top = max(0, int(at.x + shape.box[0] * at.k - margin)), max(0, int(at.y + shape.box[1] * at.k - margin))
    right = int(at.x + (shape.box[0] + shape.box[2]) * at.k + margin)
    bottom = int(at.y + (shape.box[1] + shape.box[3]) * at.k + margin)
    cut = unstretched(view.image[top:bottom, left:right], stretch)
    middle = shape.box[1] + shape.box[3] / 2
    start = Match(0.0, k, at.x - left, (at.y + middle * at.k - top) / stretch - middle * k)
    return View(cut).refine(shape, start, step_px=2.0, step_k=0.004, least=0.3).score


def unstretched(image: Image, stretch: float) -> Image:
    """The picture as high as its width says."""
    size = image.shape[1], max(1, round(image.shape[0] / stretch))
    method = cv2.INTER_AREA if stretch > 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def too_stretched(stretch: float, measured: Mapping[str, float]) -> Refusal:
    """The refusal of a picture that is out of shape."""
    text = f"the player frame is {stretch:.2f} times as high as its width says, expected 0.9 to 1.1"
    return Refusal("stretched", text, {**measured, "stretch": stretch})


def restored(found: Calibration, stretch: float, size_wh: tuple[int, int]) -> Calibration:
    """The answer for the picture as it is, of what was found in true proportions.

    Args:
        found: with a layout.
        size_wh: the frame's size, px.
    """
    if found.layout is None:
        return found
    layout = _squeezed(found.layout, stretch, size_wh)
    elements = tuple(e if e.rect is None else replace(e, rect=_rect(e.rect, stretch)) for e in found.elements)
    return replace(
        found,
        layout=layout,
        elements=elements,
        measured={**found.measured, "stretch": stretch * found.measured.get("stretch", 1.0)},
    )


def _squeezed(layout: Layout, stretch: float, size_wh: tuple[int, int]) -> Layout:
    regions = {
        name: Region(_rect(region.rect, stretch), region.reader, _options(region.options, stretch))
        for name, region in layout.regions.items()
    }
    k = layout.ui_scale * float(np.sqrt(stretch))
    identity = layout_id(layout.era, size_wh, k, regions)
    return Layout(identity, layout.name, layout.era, size_wh, k, regions, layout.score)


def _rect(box: Rect, stretch: float) -> Rect:
    top, bottom = round(box.top * stretch), round((box.top + box.height) * stretch)
    return Rect(box.left, top, box.width, max(1, bottom - top))


def _options(options: Mapping[str, Any], stretch: float) -> dict[str, Any]:
    return {name: _option(name, value, stretch) for name, value in options.items()}


def _option(name: str, value: Any, stretch: float) -> Any:
    if name in BOXES and isinstance(value, list):
        many = bool(value) and isinstance(value[0], list)
        return [list(_rect(Rect(*b), stretch)) for b in value] if many else list(_rect(Rect(*value), stretch))
    if name == "first_px":
        return [value[0], value[1] * stretch]
    if name not in DOWN:
        return value
    if isinstance(value, list):
        return [round(v * stretch) for v in value]
    return int(value * stretch + 0.5) if isinstance(value, int) else value * stretch
