"""A death knight's runes: ready or recharging, and of which kind where the client tells them apart.

Runes are believed only where the own power is runic power: other classes have other things, or nothing, in their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.reader import Context, Hints, TextSpot

BRIGHT = 100
"""Least greatest channel of a ready rune's glyph; a recharging one's is dark grey (seen on retail: 210 and at most 50)."""
READY, DARK = 0.35, 0.15
"""Share of bright points from which a retail rune is ready (0.62 seen), and up to which it recharges (0.0)."""
DIMMED = 0.4
"""Most brightness of a sector that the dark wedge of a recharging rune covers, as a share of the brightest ones'."""
SECTORS, RADII = 12, 3
INNER = 0.27
"""Radius of the middle that is looked at, as a share of a rune's box: within the glyph, also some units off its place."""
KINDS = ("blood", "frost", "unholy", "death")
NO_KNIGHT = "the own power is not runic power: no death knight"
UNSEEN = unknown("the own power bar does not tell whether this is a death knight")


@dataclass(frozen=True, slots=True)
class RunesOptions:
    """Options of a `runes` region.

    Args:
        style: "classic" (kinds by colour, a dark wedge while recharging) or "retail" (dark while recharging).
        boxes: the runes in order, [x, y, w, h] in frame pixels.
    """

    style: str = "classic"
    boxes: tuple[tuple[int, ...], ...] = ()


class Rune(NamedTuple):
    """One rune. ready: None = cannot be told; kind: "" = not told by its colour."""

    ready: bool | None
    kind: str


class RunesReader:
    """Reads all runes in one gather of points."""

    period: ClassVar[int] = 1
    watches: tuple[Rect, ...] = ()

    def __init__(self, name: str, region: Region, context: Context) -> None:
        options = bind(RunesOptions, region.options, f"region {name!r}")
        self._classic, self._count = options.style == "classic", len(options.boxes)
        width, height = context.layout.size_wh
        points = [_points(box) for box in options.boxes]
        self._ys = np.clip(np.concatenate([p[0] for p in points]), 0, height - 1) if points else np.zeros(0, np.intp)
        self._xs = np.clip(np.concatenate([p[1] for p in points]), 0, width - 1) if points else np.zeros(0, np.intp)
        single = tuple(f"rune.{n}.ready" for n in range(1, self._count + 1))
        self.provides: tuple[str, ...] = ("rune", *single, *(KINDS if self._classic else ()))
        self.spots: tuple[TextSpot, ...] = ()
        self._sure, self._why = (0.7, "a wedge of less than a twelfth is not seen") if self._classic else (0.85, "")

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        power = out.get("power.type")
        if power is None or power.value is None:
            out.update(dict.fromkeys(self.provides, UNSEEN))
        elif power.value != "runic_power":
            out.update(dict.fromkeys(self.provides, unknown(NO_KNIGHT)))
        else:
            self._write(self.look(image), out)

    def look(self, image: Image) -> list[Rune]:
        """All runes, in their order."""
        parts = image[self._ys, self._xs].reshape(self._count, RADII * SECTORS, 3)
        return [_classic(rune) if self._classic else _retail(rune) for rune in parts]

    def _write(self, runes: list[Rune], out: dict[str, Reading]) -> None:
        for n, rune in enumerate(runes, 1):
            known = rune.ready is not None
            out[f"rune.{n}.ready"] = Reading(float(bool(rune.ready)), self._sure) if known else unknown("half lit")
        if any(rune.ready is None for rune in runes):
            out.update(dict.fromkeys(("rune", *(KINDS if self._classic else ())), unknown("a rune is half lit")))
            return
        out["rune"] = Reading(float(sum(bool(rune.ready) for rune in runes)), self._sure, self._why)
        for kind in KINDS if self._classic else ():
            out[kind] = Reading(float(sum(bool(rune.ready) and rune.kind == kind for rune in runes)), self._sure)


def _points(box: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the points looked at in a rune: sector by sector, from the inside out."""
    x, y, w, h = box
    turns = np.deg2rad((np.arange(SECTORS) + 0.5) * 360.0 / SECTORS)[:, None]
    radii = (np.arange(RADII) + 1.0)[None, :] * INNER / RADII
    ys, xs = y + h / 2 - radii * h * np.cos(turns), x + w / 2 + radii * w * np.sin(turns)
    return np.floor(ys).astype(np.intp).ravel(), np.floor(xs).astype(np.intp).ravel()


def _retail(points: NDArray[np.uint8]) -> Rune:
    share = float((points.max(1) > BRIGHT).mean())
    return Rune(True if share > READY else False if share < DARK else None, "")


def _classic(points: NDArray[np.uint8]) -> Rune:
    """Ready when no sector is darkened; the kind by the colour of the bright ones."""
    light = points.max(1).astype(np.float32)
    sectors = np.sort(light.reshape(SECTORS, RADII).mean(1))
    strongest = float(sectors[-SECTORS // 4 :].mean())
    if strongest < BRIGHT:
        return Rune(False, "")
    blue, green, red = points[light > 0.7 * strongest].mean(0)
    return Rune(bool(sectors[0] > DIMMED * strongest), _kind(float(blue), float(green), float(red)))


def _kind(blue: float, green: float, red: float) -> str:
    """Source: RuneFrame.lua's colours: blood 1,0,0; unholy 0,.5,0; frost 0,1,1; death .8,.1,1."""
    low, high = min(blue, green, red), max(blue, green, red)
    if high - low < 0.25 * high:
        return ""
    blue, green, red = ((v - low) / (high - low) for v in (blue, green, red))
    if red > 0.5 and blue > 0.5:
        return "death"
    if green > 0.5 and blue > 0.5:
        return "frost"
    return "blood" if red == 1.0 else "unholy" if green == 1.0 else "frost"
