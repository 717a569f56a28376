"""Which texts to read when: only where pixels changed, one crop at a time, round robin, off the loop.

An answer carries a small fingerprint of the pixels it was read from. Freshness is judged against that fingerprint alone,
so a replay that gets the recorded answers judges as the live run did.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import cv2
import numpy as np

from wowbot.core.event import Event, Runner
from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading
from wowbot.perception.channels import greatest, least, split
from wowbot.perception.reader import Text, TextSpot

log = logging.getLogger(__name__)

INTERVAL_S = 0.125
"""Least game time between two crops."""
CORE_SHARE = 0.2
"""Most that reading takes of one core; one crop costs 20-25 ms, a small name 45 (measured); the longer one
takes, the longer reading rests."""
LOOKS_PER_FRAME = 2
PRINT_WH = (24, 5)
CHANGED_BITS = 12
"""Of the fingerprint's 120 bits: more differ when the text changed; compression and a moving background stay below."""


def fingerprint(crop: Image, mode: str) -> int:
    """Where the bright marks of a crop are, as 120 bits; blind to brightness and contrast."""
    if crop.size == 0:
        return 0
    small = cv2.resize(plane(crop, mode), PRINT_WH, interpolation=cv2.INTER_AREA)
    bits = small > cv2.mean(small)[0]
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def plane(crop: Image, mode: str) -> Image:
    """The one channel a text stands out in: gray, the least channel for white on a colour, or the excess of red."""
    if mode == "red":
        blue, green, red = split(crop)
        return np.asarray(cv2.subtract(red, cv2.max(blue, green)), np.uint8)
    if mode in ("min", "max"):
        return least(crop) if mode == "min" else greatest(crop)
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.uint8)


class Texts:
    """Keeps the newest answer of every spot and decides what to read next.

    Args:
        spots: all texts that readers want; of two with one key the first stays.

    Attributes:
        places: where readers see moving texts now.
    """

    def __init__(self, spots: Sequence[TextSpot]) -> None:
        self.spots: dict[str, TextSpot] = {}
        for spot in spots:
            self.spots.setdefault(spot.key, spot)
        self.answers: dict[str, Text] = {}
        self.places: dict[str, Rect] = {}
        self._prints: dict[str, int] = {}
        self._stale: dict[str, bool] = dict.fromkeys(self.spots, False)
        self._order = list(self.spots.values())
        self._looked = 0
        self._asked = 0
        self._rest_until_ns = 0
        self._told = False

    def take(self, events: Sequence[Event]) -> None:
        """Take the answers that arrived."""
        for event in events:
            if event.kind != "text":
                continue
            if "error" in event.payload and not self._told:
                self._told = True
                log.warning("text cannot be read: %s", event.payload["error"])
            for row in event.payload.get("texts", ()):
                self._answer(row)

    def look(self, image: Image, last: Mapping[str, Reading]) -> None:
        """See whether the next few spots still look as they did when read."""
        for key in [k for k, place in self.places.items() if not place.width]:
            del self.places[key]
            self._forget(key)
        for _ in range(min(LOOKS_PER_FRAME, len(self._order))):
            spot = self._order[self._looked % len(self._order)]
            self._looked += 1
            place = self._place(spot)
            if _gated(spot, last) or not place.width:
                self._forget(spot.key)
                continue
            now = fingerprint(place.crop(image), spot.mode)
            read = self._prints.get(spot.key)
            changed = read is None or (now ^ read).bit_count() > CHANGED_BITS
            self._stale[spot.key] = changed
            answer = self.answers.get(spot.key)
            if answer is not None and answer.fresh == changed:
                self.answers[spot.key] = answer._replace(fresh=not changed)

    def submit(self, image: Image, index: int, t_ns: int, runner: Runner) -> None:
        """Hand the next changed spot to the runner, when its turn has come."""
        if t_ns < self._rest_until_ns or not self._order:
            return
        for _ in range(len(self._order)):
            spot = self._order[self._asked % len(self._order)]
            self._asked += 1
            if self._stale[spot.key] and self._place(spot).width:
                crop = self._place(spot).crop(image).copy()
                if runner.submit("text", index, t_ns, partial(_job, spot, crop)):
                    self._rest_until_ns = t_ns + int(INTERVAL_S * 1e9)
                return

    def read_all(self, image: Image, readings: Mapping[str, Reading]) -> None:
        """Read every spot now, in this thread."""
        for spot in self._order:
            place = self._place(spot)
            if not _gated(spot, readings) and place.width:
                self._answer(read_spot(spot, place.crop(image)))

    def _place(self, spot: TextSpot) -> Rect:
        return self.places.get(spot.key, spot.rect)

    def _forget(self, key: str) -> None:
        self.answers.pop(key, None)
        self._prints.pop(key, None)
        self._stale[key] = False

    def _answer(self, row: Mapping[str, Any]) -> None:
        key = str(row["key"])
        if key in self.spots:
            self.answers[key] = Text(str(row["text"]), float(row["confidence"]), True)
            self._prints[key] = int(str(row["print"]), 16)
            self._stale[key] = False


def _job(spot: TextSpot, crop: Image) -> Mapping[str, Any]:
    return {"texts": [read_spot(spot, crop)]}


def read_spot(spot: TextSpot, crop: Image) -> Mapping[str, Any]:
    """Recognise one crop; the row of a "text" event's payload."""
    from wowbot.perception.ocr import recognise

    text, confidence = recognise(crop, spot.kind, spot.mode)
    looks = f"{fingerprint(crop, spot.mode):x}"
    return {"key": spot.key, "text": text, "confidence": round(confidence, 3), "print": looks}


def _gated(spot: TextSpot, readings: Mapping[str, Reading]) -> bool:
    gate = readings.get(spot.gate) if spot.gate else None
    return gate is not None and gate.value == 0.0
