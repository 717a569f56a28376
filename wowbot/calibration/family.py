"""The two kinds of stock HUD art: the one all classic clients share, and retail's since 10.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from wowbot.calibration.shapes import Shape, Shapes
from wowbot.core.layout import Era
from wowbot.hud.units import CLASSIC_ERAS

LEAST_SCALE, MOST_SCALE = 0.5, 1.16
"""Search range of k in units of H / 768: options and add-on scale commands reach no further (see wowbot.hud.units)."""


@dataclass(frozen=True)
class Family:
    """Shapes and measures of one kind.

    Args:
        name: "classic" or "retail".
        eras: what it can be.
        shapes: all learned shapes.
        pitch, slot: units from button to button, and of one button.
        mirror: the target frame is the player frame mirrored, x -> mirror - x.
        cornered: the player frame's stock place is the top-left corner, whatever the frame's size.
        art: "stock" for the clients' art, "training" for the training ground's own drawing of the same geometry, where
            nothing is ever moved.
    """

    name: str
    eras: tuple[Era, ...]
    shapes: Shapes
    pitch: int
    slot: int
    mirror: int
    cornered: bool
    art: str = "stock"

    @property
    def key(self) -> str:
        """For measured values: "classic", "retail", "training.classic" ..."""
        return self.name if self.art == "stock" else f"{self.art}.{self.name}"

    @cached_property
    def player(self) -> Shape:
        """The player frame's outline."""
        return self.shapes[f"{self.key}.player"]

    @cached_property
    def target(self) -> Shape:
        """The target frame's outline, in the same origin as the player's."""
        return self.shapes.get(f"{self.key}.target") or self.player.mirrored(self.mirror, f"{self.key}.target")

    @cached_property
    def button(self) -> Shape:
        """One action button's border; one without edges, that agrees with nothing, where none was learned."""
        none = Shape("none", (0, 0, self.slot, self.slot), np.zeros((2, self.slot, self.slot), np.float32))
        return self.shapes.get(f"{self.key}.slot", none)

    @cached_property
    def free_button(self) -> Shape:
        """The border of a button that lies on the world instead of on the main bar's art."""
        return self.shapes.get(f"{self.key}.float") or self.button

    @cached_property
    def row(self) -> Shape:
        """Twelve buttons side by side; origin = the first button's corner."""
        return self.button.tiled(12, self.pitch, f"{self.name}.row")

    @cached_property
    def column(self) -> Shape:
        """Twelve buttons one below the other."""
        return self.button.tiled(12, self.pitch, f"{self.name}.column", down=True)

    @cached_property
    def minimap(self) -> Shape | None:
        """The minimap's rim; origin = the disc's middle."""
        return self.shapes.get(f"{self.key}.minimap")


def families(shapes: Shapes, era: str) -> tuple[Family, ...]:
    """The families that can be meant by `era` ("auto" = all), in the order of the search.

    The training ground's come first: they are looked for at their stock place alone, which costs little.
    """
    kinds = [
        Family("classic", CLASSIC_ERAS, shapes, 42, 36, 463, cornered=True),
        Family("retail", ("retail",), shapes, 47, 45, 233, cornered=False),
    ]
    kinds = [replace(kind, art="training") for kind in kinds] + kinds
    return tuple(f for f in kinds if (era == "auto" or era in f.eras) and f"{f.key}.player" in shapes)


def scales(height: int, step: float) -> Sequence[float]:
    """k values from the least to the most a client of this height can have, each `step` times the one before."""
    count = int(np.ceil(np.log(MOST_SCALE / LEAST_SCALE) / np.log(step))) + 1
    return [float(r) * height / 768.0 for r in np.geomspace(LEAST_SCALE, MOST_SCALE, count)]
