"""What detectors find in the world: the classes, and one found object."""

from __future__ import annotations

from typing import NamedTuple

CLASSES = (
    "nameplate_hostile",
    "nameplate_neutral",
    "nameplate_friendly",
    "enemy",
    "corpse",
    "quest_mark",
    "resource_node",
    "bobber",
    "player",
)
"""nameplate_*: the health bar with its border, without the name above it. enemy: a living attackable body. corpse: a
lootable body with its sparkle. quest_mark: ! or ? over a head. resource_node: a sparkling herb, ore or chest. bobber: the
fishing float. player: a player's body, the own one too. The order is that of the label files; a model may know fewer."""


class Detection(NamedTuple):
    """One found object.

    Args:
        label: its class, one of CLASSES unless the model was loaded for any.
        x0, y0, x1, y1: frame pixels, right and bottom exclusive.
        confidence: 0..1.
    """

    label: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float

    @property
    def center(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def area(self) -> float:
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)


def iou(a: Detection, b: Detection) -> float:
    """Intersection over union, 0..1."""
    w, h = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / (a.area + b.area - w * h)
