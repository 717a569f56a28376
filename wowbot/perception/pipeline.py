"""All readers of a layout, once a frame: the one Perception that looks at pixels."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from wowbot.core.bindings import Bindings
from wowbot.core.event import Event, Runner
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Observation, Reading, unknown
from wowbot.perception.detect import DetectorFeed, Sights
from wowbot.perception.reader import Context, Hints, Reader
from wowbot.perception.registry import PLACES, READERS
from wowbot.perception.texts import Texts

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Seat:
    """A reader in its place in the order.

    Args:
        phase: spreads readers of one period over the frames.
        wrote: where the readings it gave last are: a frame's readings, from which to which of them.
        said: those readings, picked out when they are first wanted again.
        stale: something it looks at may have changed since.
    """

    name: str
    reader: Reader
    phase: int
    wrote: tuple[Mapping[str, Reading], int, int] = ({}, 0, 0)
    said: Mapping[str, Reading] | None = None
    stale: bool = True

    def repeat(self) -> Mapping[str, Reading]:
        """What it said when it was asked last."""
        if self.said is None:
            readings, first, end = self.wrote
            self.said = dict(islice(readings.items(), first, end))
        return self.said


class HudPerception:
    """Implements core's Perception on pixels.

    Args:
        layout: where everything is.
        bindings: spells by slot and auras by icon, from the profile.
        icons: the learned icon library, or None.
        runner: takes the text work off the loop; None = no text is read.

    Attributes:
        detector: hands frames to a detector; None = only what events bring is told.
    """

    def __init__(
        self, layout: Layout, *, bindings: Bindings | None = None, icons: Any = None, runner: Runner | None = None
    ) -> None:
        self._bindings = bindings or Bindings()
        self._icons = icons
        self._runner = runner
        self._told: set[str] = set()
        self.detector: DetectorFeed | None = None
        self.set_layout(layout)

    def set_layout(self, layout: Layout) -> None:
        """Take a new layout; all memory of the old one is dropped."""
        self.layout = layout
        self._hints = Hints()
        self._known: dict[str, Reading] = {}
        self._fits: dict[str, Reading] = {}
        context = Context(layout, self._bindings, self._icons)
        order = {name: place for place, name in enumerate(READERS.entries)}
        read = [item for item in layout.regions.items() if item[1].reader not in PLACES]
        regions = sorted(read, key=lambda item: (order.get(item[1].reader, len(order)), item[0]))
        made = [(name, self._make(name, region, context)) for name, region in regions]
        self._seats = [_Seat(name, reader, phase) for phase, (name, reader) in enumerate(made) if reader is not None]
        self.texts = Texts([spot for seat in self._seats for spot in seat.reader.spots])
        self._hints.texts, self._hints.places = self.texts.answers, self.texts.places
        self.sights = Sights(layout)
        if self.detector is not None:
            self.detector.set_layout(layout)
        self.provides = tuple(dict.fromkeys(term for seat in self._seats for term in seat.reader.provides))

    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation:
        """Read one frame. Never raises: what cannot be read is unknown, with its cause."""
        self.texts.take(events)
        self.sights.take(events)
        for event in events:
            if event.kind == "layout" and "fits" in event.payload:
                self._fits = {
                    "layout.fits": Reading(float(event.payload["fits"]), 1.0, str(event.payload.get("why", "")))
                }
        trouble = self._trouble(frame)
        if trouble:
            blind = unknown(trouble)
            self._hints.last = {}
            self._known = {}
            return Observation(frame.index, frame.t_ns, dict.fromkeys(self.provides, blind) | self._fits)
        image = frame.image
        assert image is not None
        readings = self._read(image, frame)
        readings.update(self._fits)
        readings.update(self.sights.readings(frame.t_ns))
        if self._runner is not None:
            self.texts.submit(image, frame.index, frame.t_ns, self._runner)
            if self.detector is not None:
                self.detector.submit(image, frame.index, frame.t_ns, self._runner)
        return Observation(frame.index, frame.t_ns, readings)

    def wrap_readers(self, wrap: Callable[[str, Reader], Reader]) -> None:
        """Put something round every reader, to measure or to watch it; `wrap` gets the region's name too."""
        for seat in self._seats:
            seat.reader = wrap(seat.name, seat.reader)

    def observe_still(self, frame: Frame, *, text: bool = True) -> Observation:
        """Read a single picture, its texts included, without a runner: for screenshots, not for the loop.

        It is looked at twice, because some readings rest on what the frame before showed.
        """
        from wowbot.perception.ocr import recognise

        first = self.observe(frame, ())
        if text and frame.image is not None and not self._trouble(frame):
            self.texts.read_all(frame.image, first.readings)
        hints, self._known = self._hints, {}
        hints.still, hints.recognise = True, recognise if text else None
        try:
            return self.observe(frame, ())
        finally:
            hints.still, hints.recognise = False, None

    def _read(self, image: Image, frame: Frame) -> dict[str, Reading]:
        out: dict[str, Reading] = {}
        hints, last = self._hints, self._known
        changed = frame.changed if last and frame.index == hints.index + 1 else None
        hints.index, hints.t_ns = frame.index, frame.t_ns
        self.texts.look(image, hints.last)
        for seat in self._seats:
            reader = seat.reader
            seat.stale = seat.stale or changed is None or _meet(reader.watches, changed)
            if last and (not seat.stale or (reader.period > 1 and (frame.index + seat.phase) % reader.period)):
                out.update(seat.repeat())
                continue
            self._ask(seat, image, out)
        hints.last = self._known = out
        return out

    def _ask(self, seat: _Seat, image: Image, out: dict[str, Reading]) -> None:
        reader, before = seat.reader, len(out)
        try:
            reader.read(image, out, self._hints)
            seat.stale = not reader.watches
        except Exception as error:
            self._failed(seat.name, reader, error, out)
            seat.stale = True
        seat.wrote, seat.said = (out, before, len(out)), None

    def _trouble(self, frame: Frame) -> str:
        """Why this frame cannot be read at all; "" when it can."""
        if frame.status:
            return f"the frame is {frame.status}"
        if frame.image is None:
            return "the frame carries no image"
        if frame.size_wh != self.layout.size_wh:
            found, want = frame.size_wh, self.layout.size_wh
            return f"the frame is {found[0]}x{found[1]}, the layout was made for {want[0]}x{want[1]}"
        return ""

    def _make(self, name: str, region: Region, context: Context) -> Reader | None:
        try:
            reader: Reader = READERS.load(region.reader)(name, region, context)
        except Exception as error:
            self._tell(f"region {name!r} cannot be read: {type(error).__name__}: {error}")
            return None
        return reader

    def _failed(self, name: str, reader: Reader, error: Exception, out: dict[str, Reading]) -> None:
        cause = f"the reader of {name} failed: {type(error).__name__}: {error}"
        self._tell(cause)
        out.update(dict.fromkeys(reader.provides, unknown(cause)))

    def _tell(self, cause: str) -> None:
        """Log a cause once."""
        if cause not in self._told:
            self._told.add(cause)
            log.warning("%s", cause)


def _meet(watches: Sequence[Rect], changed: Sequence[Rect]) -> bool:
    """Whether any of these and any of those overlap; what has no place of its own meets everything."""
    return not watches or any(a.overlaps(b) for a in watches for b in changed)
