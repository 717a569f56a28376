"""Frames of a simulator recording, rendered again from seed, scenario and recorded actions, and checked bit for bit."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np

from wowbot.core.errors import RecordingError
from wowbot.core.frame import Frame
from wowbot.core.protocols import ActionSink
from wowbot.core.tick import Tick
from wowbot.recording.schema import Header
from wowbot.recording.ticks import SIM, Entry


class Session(Protocol):
    """The part of a simulator session that is needed here."""

    @property
    def sink(self) -> ActionSink: ...
    def open(self) -> None: ...
    def read(self) -> Frame | None: ...
    def close(self) -> None: ...


SessionMaker = Callable[[Header], Session]
"""Builds the session a header describes."""


def with_frames(entries: Iterable[Entry], header: Header, make: SessionMaker) -> Iterator[Tick]:
    """The ticks, with the frames the file keeps or with frames rendered again.

    Args:
        entries: from the first tick on.

    Raises:
        RecordingError: the simulator shows other pixels now than when it was recorded.
    """
    if header.kind != "sim" or header.frames != "sim" or header.sim is None:
        for entry in entries:
            yield entry.tick
        return
    session = make(header)
    session.open()
    try:
        for entry in entries:
            yield rendered(entry, session)
    finally:
        session.close()


def rendered(entry: Entry, session: Session) -> Tick:
    """The tick with its frame from the session, which then is given the tick's accepted actions, as in the loop."""
    tick = entry.tick
    frame = session.read()
    if frame is None:
        raise RecordingError(
            f"the simulator ended before tick {tick.frame.index}: the scenario is not as it was recorded"
        )
    if entry.pixels == SIM:
        if frame.image is None or zlib.crc32(np.ascontiguousarray(frame.image).data) != entry.crc:
            raise RecordingError(
                f"the simulator shows other pixels at tick {tick.frame.index} than when it was recorded: the world or "
                "its renderer has changed since; record it anew (a shipped case: `wowbot refs record NAME`)"
            )
        tick = replace(tick, frame=replace(tick.frame, image=frame.image))
    sink = session.sink
    sink.drain()
    if tick.verdict.release:
        sink.release_all()
    for action in tick.accepted:
        sink.send(action)
    return tick
