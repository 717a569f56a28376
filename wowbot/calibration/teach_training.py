"""The outlines of the training ground's own art, learned from its renderer; and how the shipped file is made.

The training ground draws the stock geometry with art of our own, whose light and dark lines differ from the clients'. Its
outlines stand in the file beside the stock ones and are not made anew at run time: where the renderer's geometry
changes, the stored outline no longer fits, and the tests of this room say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from wowbot.calibration.gradient import Plane, grey
from wowbot.calibration.learn import Mask, Sample, learn
from wowbot.calibration.shapes import SHAPES_FILE, Shape, save_shapes
from wowbot.calibration.teach import Coordinates, Flags, border, off_player, read_screens, ring, teach
from wowbot.core.layout import Era
from wowbot.hud import default_scale
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, CastView, SlotView, UnitView, WorldView

SIZES: tuple[tuple[tuple[int, int], float, float], ...] = (
    ((1920, 1080), 1.0, 1.0),
    ((1280, 720), 1.0, 1.2),
    ((1600, 900), 1.0, 0.85),
    ((1366, 768), 1.1, 1.0),
    ((2560, 1440), 0.89, 1.0),
)
"""Frame size, share of the default UI scale, gamma."""
Place = Callable[[float, int, int], tuple[float, float]]
"""(k, width, height) -> where the element's origin lies, px."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn frame."""

    source: str
    plane: Plane
    k: float
    size_wh: tuple[int, int]


def make_shapes(folder: Path, path: Path = SHAPES_FILE) -> dict[str, Shape]:
    """Learn everything anew from a folder of labelled screens and the renderer, and write it."""
    shapes = teach(read_screens(folder)) | teach_training()
    save_shapes(shapes, path)
    return shapes


def teach_training() -> dict[str, Shape]:
    """Learn the training ground's outlines."""
    classic = [*_frames("vanilla"), *_frames("wotlk")]
    retail = _frames("retail")
    shapes = [
        _learn("classic.player", (14, 10, 198, 78), classic, _corner, off_player),
        _learn("classic.slot", (-3, -3, 42, 42), classic, _row(-504, 40), border(5, 31), 42),
        _learn("classic.float", (-3, -3, 42, 42), classic, _row(-504, 93), border(5, 31), 42),
        _learn("classic.minimap", (-86, -86, 172, 172), classic, _disc(87, 92), ring(64, 86)),
        _learn("retail.player", (14, 10, 204, 78), retail, _row(-532, 350), _off_retail(88, 206, 54, 49)),
        _learn("retail.target", (14, 10, 204, 78), retail, _row(300, 350), _off_retail(25, 147, 177, 48)),
        _learn("retail.slot", (-2, -2, 49, 49), retail, _row(-281, 90), border(7, 38), 47),
        _learn("retail.float", (-2, -2, 49, 49), retail, _row(-281, 140), border(7, 38), 47),
        _learn("retail.minimap", (-112, -112, 224, 224), retail, _disc(118, 143), ring(90, 112)),
    ]
    return {shape.name: shape for shape in shapes}


def _learn(
    name: str, box: tuple[int, int, int, int], drawn: Sequence[Drawn], place: Place, mask: Mask, pitch: int = 0
) -> Shape:
    """One outline; a pitch means twelve buttons side by side."""
    samples = []
    for n, frame in enumerate(drawn):
        x, y = place(frame.k, *frame.size_wh)
        samples.append(Sample(f"{frame.source}{n}", frame.plane, frame.k, x, y, 12 if pitch else 1, pitch, pinned=True))
    return learn(f"training.{name}", box, samples, mask, rounds=0)


def _frames(era: Era) -> list[Drawn]:
    """Frames over different ground, with bars at random, in and out of combat."""
    rng = Random(1)
    drawn = []
    for n, (size, share, gamma) in enumerate(SIZES):
        k = default_scale(era, size[1]) * share
        renderer = HudRenderer(era, size, k, gamma, n)
        drawn += [Drawn(era, grey(renderer.draw(_view(rng, n, busy))), k, size) for busy in (False, True)]
    return drawn


def _view(rng: Random, n: int, busy: bool) -> WorldView:
    player = UnitView(
        "Tester", "mage", rng.randrange(1, 80), 1e4 * rng.random(), 1e4, "mana", 1e4 * rng.random(), 1e4,
        in_combat=busy and rng.random() < 0.5,
        cast=CastView("frostbolt", "Frostbolt", 40.0) if busy else None,
    )  # fmt: skip
    target = UnitView("Wolf", "wolf", 20, 1e4 * rng.random(), 1e4, "mana", 5e3, 1e4, reaction=rng.choice([2, 4, 5]))
    buttons = tuple(SlotView(f"spell {i}", cooldown_pct=8.0 * i * busy, hotkey=str(i)) for i in range(12))
    camera = CameraView(5.0 + 11 * n + 3 * busy, 7.0, 0.4 + n)
    return WorldView(10.0, player, camera, target=target, slots={"main": buttons}, zone="Fields", xp_pct=30.0)


def _row(left: float, top: float) -> Place:
    """From the centre line and the bottom edge, units."""
    return lambda k, w, h: (w / 2 + left * k, h - top * k)


def _corner(k: float, width: int, height: int) -> tuple[float, float]:  # noqa: ARG001
    return 0.0, 0.0


def _disc(right: float, top: float) -> Place:
    """From the right and the top edge, units."""
    return lambda k, w, _: (w - right * k, top * k)


def _off_retail(left: float, right: float, disc_x: float, disc_y: float) -> Mask:
    def mask(x: Coordinates, y: Coordinates) -> Flags:
        bars = (x > left) & (x < right) & (((y > 43) & (y < 58)) | ((y > 63) & (y < 68)))
        return np.asarray(~(bars | (np.hypot(x - disc_x, y - disc_y) < 26)))

    return mask
