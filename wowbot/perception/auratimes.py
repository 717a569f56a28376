"""The time printed under an own aura: "18 s", "4 m", and in other languages "27 Min.", "8 мин", "3 分钟"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.perception.auralook import Seen
from wowbot.perception.glyphs import Rule, classify, cut
from wowbot.perception.patches import Box
from wowbot.perception.reader import Hints, TextKind, TextMode

UNITS: tuple[tuple[float, str], ...] = (
    (1.0, "s c sec secs sek seg с сек 秒 초"),
    (60.0, "m min mins м мин 分 分钟 分鐘 분"),
    (3600.0, "h hr hrs std ч час 小时 小時 时 時 시간"),
    (86400.0, "d j g day days tag tage д дн дней 天 日 일"),
)
"""Seconds, minutes, hours and days as clients of several languages shorten them (most use one letter, deDE words)."""
SECONDS = {word: seconds for seconds, words in UNITS for word in words.split()}
TIME = re.compile(r"([\do]{1,3})[ .]*([^\W\d_]+)\W*")
KEEP_NS = 1_500_000_000
"""A time that was read is given for so long: the world behind the text often blurs it for a moment."""
ROUND_NS = 800_000_000
"""In so long every time of a row is read once."""
SURE, SURE_TEXT, SURE_ALONE = 0.6, 0.4, 0.75
"""Least probability of the weakest letter, by its glyph and by the text model; one look alone must be surer."""
LOOKS: tuple[TextMode, ...] = ("max", "gray", "min")
"""Gold letters stand out of the world in one channel or another, white ones (the last minute) in the least."""


def under(box: Box, unit: float) -> Rect:
    """Where the time stands under an icon.

    Args:
        unit: pixels per UI unit.
    """
    x, y, w, h = box
    return Rect(round(x - 4 * unit), round(y + h + 0.3 * unit), round(w + 8 * unit), round(12.5 * unit))


def printed_time(crop: Image, unit: float) -> float | None:
    """The time on a crop by its glyphs, s; None where none is legible. Cheap enough for the loop."""
    rule = Rule(3.4 * unit, 11.5 * unit, gold=True, outlined=0, gap=1.1, uneven=0.6, whole=True, level=0.6)
    glyphs = cut(crop, rule)
    if not glyphs:
        return None
    text, sure = classify(np.stack([glyph.picture for glyph in glyphs]))
    return seconds_of(text) if float(sure.min()) > SURE else None


def still_time(
    crop: Image, unit: float, recognise: Callable[[Image, TextKind, TextMode], tuple[str, float]] | None
) -> float | None:
    """The same with the text model beside it, which the loop has no time for; None where the readings differ.

    Args:
        recognise: the text model; None = glyphs only.
    """
    printed = printed_time(crop, unit)
    if recognise is None:
        return printed
    votes: dict[float, list[float]] = {} if printed is None else {printed: [1.0]}
    for look in LOOKS:
        text, sure = recognise(crop, "time", look)
        known = seconds_of(text)
        if known is not None and sure > SURE_TEXT:
            votes.setdefault(known, []).append(sure)
    ranked = sorted(votes.items(), key=lambda vote: -len(vote[1]))
    if not ranked or (len(ranked) > 1 and len(ranked[0][1]) == len(ranked[1][1])):
        return None
    seconds, sures = ranked[0]
    return seconds if len(sures) > 1 or sures[0] >= SURE_ALONE else None


def seconds_of(text: str) -> float | None:
    """ "4 m" -> 240; None where the unit cannot be told."""
    found = TIME.fullmatch(text.strip().lower())
    unit = SECONDS.get(found[2]) if found else None
    return None if found is None or unit is None else float(found[1].replace("o", "0")) * unit


class AuraTimes:
    """Reads the times under a row's icons, each in its turn: they count seconds.

    Args:
        unit: pixels per UI unit.
    """

    def __init__(self, unit: float) -> None:
        self._unit = unit
        self._turn, self._read_ns = 0, -ROUND_NS

    def read(self, image: Image, row: Sequence[Seen], places: Sequence[Box], hints: Hints) -> set[int]:
        """Note the time under one icon, of a still picture under all.

        Returns:
            The places whose time is another now.
        """
        unit = self._unit
        if hints.still:
            for seen, box in zip(row, places, strict=True):
                crop = under(box, unit).crop(image)
                seen.time, seen.time_ns = still_time(crop, unit, hints.recognise), hints.t_ns
            return set(range(len(row)))
        stale = {i for i, s in enumerate(row) if s.time is not None and hints.t_ns - s.time_ns > KEEP_NS}
        for place in stale:
            row[place].time = None
        if (hints.t_ns - self._read_ns) * len(row) < ROUND_NS:
            return stale
        self._read_ns = hints.t_ns
        self._turn += 1
        place = self._turn % len(row)
        seen, shown = row[place], printed_time(under(places[place], unit).crop(image), unit)
        if shown is not None:
            # A lost digit reads as another time: one that jumps must be read twice.
            jumps = seen.time is None or not -3.0 <= shown - seen.time <= 0.5
            if not jumps or abs(shown - seen.maybe) <= 1.5:
                seen.time, seen.time_ns = shown, hints.t_ns
            seen.maybe = shown
        return stale | {place}
