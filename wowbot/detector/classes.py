"""What the shipped detector finds, in the order of the label files."""

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
fishing float. player: a player's body, the own one too."""


class Box(NamedTuple):
    """One labelled object: class index into CLASSES and corners in pixels, right and bottom exclusive."""

    label: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)

    def yolo(self, width: int, height: int) -> str:
        """The line of a YOLO label file: class, centre and size as shares of the picture."""
        cx, cy = (self.x0 + self.x1) / 2 / width, (self.y0 + self.y1) / 2 / height
        return f"{self.label} {cx:.6f} {cy:.6f} {(self.x1 - self.x0) / width:.6f} {(self.y1 - self.y0) / height:.6f}"
