"""Learning the shapes from labelled screenshots: a shape is what several clients' frames have in common.

Where an edge runs the same way in the frames of several repositories it is the HUD's art; portraits, names, fills and
scenery point everywhere and average out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.gradient import Field, Plane, direction_field, patch
from wowbot.calibration.match import Match, refine
from wowbot.calibration.shapes import Shape

Box = tuple[int, int, int, int]
Mask = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]
"""(x, y) of cell centres in units -> whether an edge there can belong to the art."""

AGREE = 0.55
"""Mean length of the edge direction over the sources at which a cell is kept."""
START_PX = (-3.0, 0.0, 3.0)
"""Labels are off by so much; a fit begun on the wrong line of a double border would stay there."""
FEW, MOST_AGREE = 0.5, 0.85
"""Two or three samples agree by chance more often, so they must agree better; of a single one the clear edges count."""


@dataclass(frozen=True)
class Sample:
    """One sighting of an element.

    Args:
        source: repository, so that one with many near-copies counts once.
        plane: the frame's brightness.
        k, x, y: where it lies, as in Match.
        repeats, pitch: the element stands there `repeats` times, `pitch` units apart to the right.
        mirror_at: the sighting is the mirror image, x -> mirror_at - x; None = as it is.
        pinned: its place is known exactly and sets the shape's scale and origin; others are aligned to it.
        scaled: its scale is known exactly, its place only nearly.
    """

    source: str
    plane: Plane
    k: float
    x: float
    y: float
    repeats: int = 1
    pitch: int = 0
    mirror_at: float | None = None
    pinned: bool = False
    scaled: bool = False


def learn(name: str, box: Box, samples: Sequence[Sample], mask: Mask, rounds: int = 4) -> Shape:
    """Average the pinned samples, align every other one to that average, average all of them; again."""
    shape = _average(name, box, [s for s in samples if s.pinned] or samples, mask)
    for _ in range(rounds):
        samples = [sample if sample.pinned else _aligned(sample, shape) for sample in samples]
        shape = _average(name, box, samples, mask)
    return shape


def _aligned(sample: Sample, shape: Shape) -> Sample:
    target = shape if sample.repeats == 1 else shape.tiled(sample.repeats, sample.pitch, shape.name)
    if sample.mirror_at is not None:
        target = shape.mirrored(sample.mirror_at, shape.name)
    starts = [Match(0.0, sample.k, sample.x + dx, sample.y + dy) for dx in START_PX for dy in START_PX]
    step_k = 0.0 if sample.scaled else 0.006
    fitted = [refine(sample.plane, target, start, step_px=1.0, step_k=step_k) for start in starts]
    found = max(fitted, key=lambda m: m.score)
    return replace(sample, k=found.k, x=found.x, y=found.y)


def field_of(sample: Sample, box: Box) -> Field:
    """The sample's edge directions over the box, averaged over its repeats."""
    fields = []
    for n in range(sample.repeats):
        at = box if sample.mirror_at is None else (round(sample.mirror_at) - box[0] - box[2], box[1], box[2], box[3])
        cell = (at[0] + n * sample.pitch, at[1], at[2], at[3])
        field = direction_field(patch(sample.plane, sample.k, (sample.x, sample.y), cell))
        if sample.mirror_at is not None:
            field = field[:, :, ::-1].copy()
            field[0] *= -1
        fields.append(field)
    return np.asarray(np.mean(fields, axis=0), np.float32)


def _average(name: str, box: Box, samples: Sequence[Sample], mask: Mask) -> Shape:
    by_source: dict[str, list[Field]] = {}
    for sample in samples:
        by_source.setdefault(sample.source, []).append(field_of(sample, box))
    mean = np.mean([np.mean(fields, axis=0) for fields in by_source.values()], axis=0)
    length = np.hypot(mean[0], mean[1])
    ys, xs = np.mgrid[0 : box[3], 0 : box[2]]
    keep = (length > max(AGREE, min(MOST_AGREE, FEW + (1.0 - FEW) / len(samples)))) & mask(
        xs + box[0] + 0.5, ys + box[1] + 0.5
    )
    kernel = np.where(keep, mean / np.maximum(length, 1e-6), 0.0).astype(np.float32)
    return Shape(name, box, kernel)
