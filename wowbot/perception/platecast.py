"""The cast bar under a nameplate's health bar: running or not, how far, channel or cast, interruptible.

It is looked for only where the plate has it, and first by the colour of its left end: a plate without one costs a few
microseconds. A fill is believed only between the edges of a whole bar: sand and grass have a cast's colours too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading, unknown
from wowbot.perception.castlook import pale
from wowbot.perception.channels import greatest
from wowbot.perception.edges import best_near, column_edges, row_edges
from wowbot.perception.fill import measure, step

LEAST = 70.0
"""Least level of a cast's fill, as on the target's bar: amber's best row has 156, half of it on a plate drawn faint."""
GRAY = 75.0
"""Least brightness of a grey fill, which cannot be interrupted."""
SLACK = 3
"""Rows by which a bar may stand higher or lower than its place: the health bar's own edge is known to two."""
EDGE, END = 0.55, 0.4
"""Least strength of the bar's upper and lower edge over its width, and of the upright ones at its ends."""
AGREES = 0.85
"""Least share of a bar's columns that agree with one step from filled to empty."""
SHIELD = 0.6
"""Share of pale points on a ring round the icon from which a shield is there."""
DIM, PALE, WHITE = 0.75, 0.9, 2.0
"""Brightness, as shares of a grey fill's left end: most of an empty part, least of the fill, and from which a column is of
the text's white and says nothing (the fill's right end has 1.8)."""
LIGHT = 0.9
"""Most brightness of a bar's empty part, as a share of its fill's."""
FULL = 97.0
"""Percent, from which on a green bar is a success; a channel is so full for its first moment only."""
NONE = unknown("no cast bar is under it")
HIDDEN = unknown("its text hides where a grey fill ends")
LEAVES = ("active", "pct", "channel", "interruptible")


class Place(NamedTuple):
    """Where a cast bar stands by its plate: offset from the health bar's lower left corner, and its size, px."""

    dx: int
    dy: int
    width: int
    height: int


class PlateCast(NamedTuple):
    """A cast bar as seen. hue: "yellow", "green", "red" or "gray"; shield: a ring stands round its icon."""

    rect: Rect
    hue: str
    pct: float
    sure: float
    shield: bool


class PlateCasts:
    """Looks under plates.

    Args:
        places: where a bar may stand; empty = this client's plates have none.
        shields: a ring round the icon says that the cast cannot be interrupted; else only a grey fill does.
    """

    def __init__(self, places: Sequence[Sequence[int]], *, shields: bool) -> None:
        self._places, self._shields = [Place(*place) for place in places], shields

    def write(self, image: Image, plate: Rect, prefix: str, out: dict[str, Reading]) -> None:
        """The readings of one plate's cast.

        Args:
            plate: its health bar.
            prefix: of its terms, with the dot.
        """
        if not self._places:
            return
        cast = self.find(image, plate)
        out.update({f"{prefix}cast.{leaf}": NONE for leaf in LEAVES})
        if cast is None or cast.hue == "red" or (cast.hue == "green" and cast.pct > FULL):
            out[f"{prefix}cast.active"] = Reading(0.0, 0.8, "" if cast is None else "the cast has ended")
            return
        out[f"{prefix}cast.active"] = Reading(1.0, max(0.7, cast.sure))
        out[f"{prefix}cast.pct"] = Reading(cast.pct, cast.sure) if cast.sure > AGREES else HIDDEN
        if cast.hue != "gray":
            out[f"{prefix}cast.channel"] = Reading(float(cast.hue == "green"), cast.sure)
        locked = cast.hue == "gray" or cast.shield
        out[f"{prefix}cast.interruptible"] = Reading(float(not locked), 0.8 if locked else 0.7)

    def owns(self, plate: Rect, other: Rect) -> bool:
        """Whether what was taken for another plate is this one's cast bar: its colours are those of neutral and friends."""
        for dx, dy, width, height in self._places:
            across, down = other.left - plate.left - dx, other.top + other.height / 2 - plate.bottom - dy - height / 2
            if abs(across) <= max(3, width // 12) and abs(down) <= max(3, 0.6 * height):
                return True
        return False

    def find(self, image: Image, plate: Rect) -> PlateCast | None:
        """The cast bar under a plate, None where there is none."""
        for place in self._places:
            rect = Rect(plate.left + place.dx, plate.bottom + place.dy, place.width, place.height)
            if rect.left < 4 or rect.right + 6 > image.shape[1] or rect.bottom + 8 > image.shape[0] or rect.top < 8:
                continue
            hue = _begins(image, rect)
            if not hue or (hue == "gray" and self._shields):
                continue
            found = _bar(image, rect, hue, self._shields)
            if found is not None:
                return found
        return None


def _begins(image: Image, rect: Rect) -> str:
    """The hue near the left end of a bar in this place, "" when it is none of a cast's."""
    middle, left = rect.top + rect.height // 2, rect.left + max(2, rect.width // 40)
    blue, green, red, _ = cv2.mean(image[middle - 1 : middle + 2, left : left + 2])
    if max(blue, green, red) - min(blue, green, red) < 0.15 * max(blue, green, red):
        return "gray" if min(blue, green, red) > GRAY else ""
    if blue > 0.6 * max(red, green) or max(red, green) < LEAST:
        return ""
    if green > 1.2 * red:
        return "green"
    return "yellow" if green > 0.28 * red else "red"


def _bar(image: Image, rect: Rect, hue: str, shields: bool) -> PlateCast | None:
    """The bar near this place whose fill begins with this hue; None when no whole bar is there."""
    around = Rect(rect.left + rect.width // 12, rect.top - SLACK - 2, rect.width - rect.width // 6, 0)
    strip = image[around.top : rect.bottom + SLACK + 2, around.left : around.left + around.width]
    edges = row_edges(np.asarray(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY), np.uint8))
    both = [
        min(best_near(edges, SLACK + 2 + off, 1), best_near(edges, SLACK + 2 + off + rect.height, 1)) for off in OFFS
    ]
    best = int(np.argmax(both))
    if both[best] < EDGE:
        return None
    found = rect._replace(top=rect.top + OFFS[best])
    if not _ended(image, found):
        return None
    inset = max(1, found.height // 5)
    crop = image[found.top + inset : found.bottom - inset, found.left : found.right]
    pct, sure = _gray(crop) if hue == "gray" else _coloured(crop, hue)
    if sure < AGREES and hue != "gray":
        return None
    return PlateCast(found, hue, pct, min(0.9, sure), shields and _shield(image, found))


OFFS = (0, -1, 1, -2, 2, -3, 3)


def _ended(image: Image, rect: Rect) -> bool:
    """Whether upright edges stand at both ends."""
    strip = Rect(rect.left - 4, rect.top + 1, rect.width + 8, max(3, rect.height - 2))
    edges = column_edges(np.asarray(cv2.cvtColor(strip.crop(image), cv2.COLOR_BGR2GRAY), np.uint8))
    return min(best_near(edges, 4, 2), best_near(edges, 4 + rect.width, 2)) > END


def _coloured(crop: Image, hue: str) -> tuple[float, float]:
    """Fill in percent, and the share of columns that agree with it; 0 agree where the colour is faint or the rest as bright.

    A success is pale green from end to end, which is full.
    """
    fill = measure(crop, hue, LEAST, 1)
    edge, width = round(fill.edge), crop.shape[1]
    if edge < 1:
        return 0.0, 0.0
    if edge < 0.96 * width and _light(crop[:, edge + 2 :]) > LIGHT * _light(crop[:, :edge]):
        return 100.0, 1.0 if hue == "green" else 0.0
    return 100.0 * min(1.0, fill.edge / width), fill.agreement


def _light(part: Image) -> float:
    """The brightness of a part of a bar; text over less than two thirds of it does not count."""
    line = np.sort(np.median(greatest(part), axis=0))
    return float(line[len(line) // 3])


def _gray(crop: Image) -> tuple[float, float]:
    """The same for a grey fill, which grows paler to the right over a darker empty part; 0 where text hides its end."""
    gray = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.float32)
    line, few = np.median(gray, axis=0), max(3, gray.shape[1] // 16)
    start = max(1.0, float(np.median(line[1:few])))
    share = line / start
    empty = float(np.median(share[-few:-1]))
    if empty > DIM:
        return 100.0, 0.0
    profile = np.clip((share - empty) / (PALE - empty), 0.0, 1.0).astype(np.float32)
    text = np.flatnonzero(gray.max(axis=0) > min(WHITE * start, 235.0))
    profile[text] = 0.5
    found = step(profile, np.zeros(len(profile), np.bool_))
    hidden = len(text) > 0 and text[0] - few <= found.edge <= text[-1] + few
    return 100.0 * min(1.0, found.edge / len(profile)), 0.0 if hidden else 0.95 * found.agreement


TURNS = np.deg2rad(np.arange(0, 360, 15))
PALER = 25.0
"""Grey levels by which a shield's ring is paler than what is round it: sky and snow are pale everywhere."""


def _shield(image: Image, rect: Rect) -> bool:
    """Whether a pale ring stands round the icon left of a bar."""
    ring, beyond = (_circle(image, rect, radius) for radius in (0.95, 1.5))
    return pale(ring) > SHIELD and float(ring.min(1).mean() - beyond.min(1).mean()) > PALER


def _circle(image: Image, rect: Rect, radius: float) -> NDArray[np.int16]:
    """The pixels on a circle, whose radius is a share of the bar's height, round the icon left of a bar."""
    ys = rect.top + rect.height / 2 + radius * rect.height * np.sin(TURNS)
    xs = rect.left - 0.95 * rect.height + radius * rect.height * np.cos(TURNS)
    at = (np.clip(v.round().astype(np.intp), 0, n - 1) for v, n in zip((ys, xs), image.shape[:2], strict=True))
    return image[tuple(at)].astype(np.int16)
