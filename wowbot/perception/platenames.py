"""Names of nameplates: each plate keeps a seat while it is on screen, its name is read off the loop, and then it is known.

A name does not change while its plate lasts, so it is read until an answer is sure, at most a few times; the world that
moves behind it makes no more work. Plates move: a seat follows the nearest plate from one look to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from wowbot.core.layout import Rect
from wowbot.core.reading import Reading, unknown
from wowbot.perception.reader import NOWHERE, Text, TextSpot

SEATS = 12
SURE = 0.8
TRIES = 3
"""An unsure name is read at most so often."""
LETTERS = 2
"""A name has at least so many letters."""
UNREAD = unknown("its name has not been read yet")
FAINT = unknown("no text is recognised above it")
SPOTS = tuple(TextSpot(f"nameplate.seat{n}", NOWHERE, "plate", "max") for n in range(SEATS))


@dataclass(slots=True)
class Seat:
    """What is known of one plate: where it was, its best name so far, how often it was read."""

    rect: Rect
    name: str = ""
    sure: float = 0.0
    tries: int = 0


class PlateNames:
    """Hands plates to the text worker and keeps the names that come back."""

    def __init__(self) -> None:
        self._seats: list[Seat | None] = [None] * SEATS

    def read(
        self, plates: Sequence[Rect], texts: Mapping[str, Text], places: MutableMapping[str, Rect]
    ) -> list[Reading]:
        """The plates' names, in their order.

        Args:
            plates: health bars seen on this frame, px.
            texts: answers of the text worker.
            places: where texts are to be read; see Hints.
        """
        self._take(texts)
        taken = self._follow(plates)
        for n, (seat, spot) in enumerate(zip(self._seats, SPOTS, strict=True)):
            wanted = seat is not None and n in taken and seat.sure < SURE and seat.tries < TRIES
            if wanted and seat is not None and spot.key not in texts:
                places[spot.key] = name_rect(seat.rect)
            elif spot.key in places or spot.key in texts:
                places[spot.key] = NOWHERE
        by_plate = {plate: self._seats[n] for n, plate in taken.items()}
        return [_reading(by_plate.get(i)) for i in range(len(plates))]

    def _take(self, texts: Mapping[str, Text]) -> None:
        """Take the answers that came since the last look."""
        for seat, spot in zip(self._seats, SPOTS, strict=True):
            text = texts.get(spot.key)
            if seat is None or text is None:
                continue
            seat.tries += 1
            if len(text.text) >= LETTERS and text.confidence > seat.sure:
                seat.name, seat.sure = text.text, text.confidence

    def _follow(self, plates: Sequence[Rect]) -> dict[int, int]:
        """Seat -> plate: each seat takes the plate nearest to where its own was; new plates take free seats."""
        pairs = sorted(
            (_apart(seat.rect, plate), n, i)
            for n, seat in enumerate(self._seats)
            if seat is not None
            for i, plate in enumerate(plates)
        )
        taken: dict[int, int] = {}
        for apart, n, i in pairs:
            if apart <= 1.0 and n not in taken and i not in taken.values():
                taken[n] = i
        for n, seat in enumerate(self._seats):
            if seat is not None and n in taken:
                seat.rect = plates[taken[n]]
            elif n not in taken:
                self._seats[n] = None
        for i in (i for i in range(len(plates)) if i not in taken.values()):
            free = next((n for n, seat in enumerate(self._seats) if seat is None), None)
            if free is not None:
                self._seats[free] = Seat(plates[i])
                taken[free] = i
        return taken


def name_rect(bar: Rect) -> Rect:
    """Where the name stands above a plate's bar; may reach outside the frame, `Rect.crop` clips it."""
    tall = 1.5 * bar.height if bar.height > 0.08 * bar.width else 0.16 * bar.width  # retail's bars are thin
    height = max(14, round(tall))
    return Rect(bar.left - bar.width // 4, bar.top - height - max(2, bar.height // 4), round(1.5 * bar.width), height)


def _reading(seat: Seat | None) -> Reading:
    if seat is None or not seat.tries:
        return UNREAD
    if not seat.name:
        return FAINT
    return Reading(seat.name, seat.sure, "" if seat.sure >= SURE else "a letter is uncertain")


def _apart(one: Rect, other: Rect) -> float:
    """How far apart two plates are, 1 = half a bar's width across or three bars' heights up."""
    return max(abs(one.left - other.left) / (0.5 * one.width), abs(one.top - other.top) / (3.0 * one.height))
