"""Names, levels and the zone: what the text worker has read, turned into readings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from wowbot.config import bind
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading, unknown
from wowbot.perception.numbers import parse_level
from wowbot.perception.reader import Context, Hints, Text, TextSpot, region_unit, unit_prefix

NOT_READ = unknown("its text has not been read yet")
COORDINATES = re.compile(r"^\(?(\d{1,2})[^\w]{1,2}(\d{1,2})\)\s*")
"""Add-ons print the place before the zone: "(43:32) Arathi Highlands"."""
CUT = re.compile(r"\s*(?:…|\.[.…])\W*$")
"""The client ends a zone that its box cannot hold with dots: "(43:32) Arathi Highlan..."."""
CUT_WHY = "the client shows only the beginning of it"
ILLEGIBLE = unknown("no letter is legible there: no text, or a script that the recogniser does not know")
PLACE = ("zone.x", "zone.y")
STRANGE = "capitals or scripts are mixed as in no name: a space is overlooked, or the script is not known"
SHOUTED = 4
"""Letters from which on a word in capitals alone is strange."""
NO_PLACE = unknown("no coordinates are printed before the zone")
CHANGED = unknown("its text has changed and is being read")
LEVEL_CONFIDENCE = 0.6
"""A level whose weakest digit is below this is rejected: it separates good levels from bad (42 crops, 38 right)."""


@dataclass(frozen=True, slots=True)
class TextOptions:
    """Options of a `text` region.

    Args:
        field: what stands there.
        unit: whose name or level.
    """

    field: Literal["name", "level", "zone"] = "name"
    unit: str = "player"


class TextReader:
    """Passes on one recognised text."""

    period: ClassVar[int] = 1
    watches: tuple[Rect, ...] = ()

    def __init__(self, name: str, region: Region, context: Context) -> None:
        table = {"unit": region_unit(name, region), **region.options}
        self._options = bind(TextOptions, table, f"region {name!r}")
        prefix = unit_prefix(self._options.unit) if self._options.field != "zone" else ""
        self._term = f"{prefix}{self._options.field}"
        self._gate = gate = f"{prefix}exists" if prefix else ""
        self._absent = unknown(f"no {self._options.unit} frame is shown")
        rect = _grown(region.rect, 2 if self._options.field == "level" else 1, context.layout.size_wh)
        self.provides: tuple[str, ...] = (self._term, *(PLACE if self._options.field == "zone" else ()))
        self.spots: tuple[TextSpot, ...] = (TextSpot(self._term, rect, self._options.field, "gray", gate),)

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        there = out.get(self._gate)
        if there is not None and there.value != 1.0:
            out[self._term] = self._absent if there.value == 0.0 else there
            return
        text = hints.texts.get(self._term)
        if self._options.field == "level":
            out[self._term] = level_reading(text)
            return
        reading = name_reading(text)
        if reading.value is None and text is not None and text.fresh:
            reading = ILLEGIBLE
        if self._options.field == "zone":
            out.update(place_readings(reading))
            reading = zone_reading(reading)
        out[self._term] = reading


def name_reading(text: Text | None) -> Reading:
    """A name or a zone; one that the client cuts ends in three dots, however many of them are recognised."""
    if text is None:
        return NOT_READ
    if not text.fresh:
        return CHANGED
    if len(text.text) < 2 or not any(map(str.isalnum, text.text)):
        return unknown("no text is recognised there")
    name = CUT.sub("...", text.text)
    if _strange(name):
        return Reading(name, 0.5 * text.confidence, STRANGE)
    return Reading(name, text.confidence, "" if text.confidence >= 0.5 else "a letter is uncertain")


def _strange(name: str) -> bool:
    """Whether a name is written as none is: a script that is not known is read as Latin letters of its shapes (TOTeM)."""
    words = re.split(r"[\s'’-]+", name)
    if any(len(word) >= SHOUTED and word.isupper() for word in words):
        return True
    inner = [word for word in words if any(a.islower() and b.isupper() for a, b in pairwise(word))]
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}
    return any(not word.startswith(("Mc", "Mac")) for word in inner) or {"LATIN", "GREEK"} <= scripts


def zone_reading(read: Reading) -> Reading:
    """A zone without the coordinates add-ons print before it and the dots the client prints after a cut one."""
    if not isinstance(read.value, str):
        return read
    whole = COORDINATES.sub("", read.value)
    zone = CUT.sub("", whole)
    if len(zone) < 2:
        return ILLEGIBLE
    return read._replace(value=zone) if zone == whole else Reading(zone, 0.5 * read.confidence, CUT_WHY)


def place_readings(read: Reading) -> dict[str, Reading]:
    """The own place on the zone's map, where it stands before the zone's name."""
    if not isinstance(read.value, str):
        return dict.fromkeys(PLACE, read)
    found = COORDINATES.match(read.value)
    if found is None:
        return dict.fromkeys(PLACE, NO_PLACE)
    return {t: Reading(float(n), read.confidence, read.why) for t, n in zip(PLACE, found.groups(), strict=True)}


def level_reading(text: Text | None) -> Reading:
    """A level; a skull or an icon in its place is unknown."""
    if text is None:
        return NOT_READ
    if not text.fresh:
        return CHANGED
    level = parse_level(text.text)
    if level is None or text.confidence < LEVEL_CONFIDENCE:
        return unknown(f"no level is legible there (found {text.text!r})")
    return Reading(float(level), text.confidence)


def _grown(rect: Rect, by: int, size_wh: tuple[int, int]) -> Rect:
    left, top = max(0, rect.left - by), max(0, rect.top - by)
    right, bottom = min(size_wh[0], rect.right + by), min(size_wh[1], rect.bottom + by)
    return Rect(left, top, right - left, bottom - top)
