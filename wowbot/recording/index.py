"""Our own offset index: where reading can start. Kept as an attachment; made anew by walking a file that has none."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from wowbot.recording.schema import Ending

INDEX_NAME = "wowbot.index.json"


class Start(NamedTuple):
    """A place where reading can start: a segment's first message."""

    offset: int
    frame_index: int
    t_ns: int


class Spot(NamedTuple):
    """One message of a rare kind."""

    topic: str
    offset: int
    length: int
    frame_index: int
    t_ns: int


@dataclass(slots=True)
class Index:
    """What a recording holds and where.

    Args:
        starts: segments, in file order.
        spots: header, config, marker, note and end messages: place of their data.
        ticks, frames: how many.
        first_t_ns, last_t_ns: times of the first and last tick; 0 without any.
        last_index: frame index of the last tick, -1 without any.
        ending: the writer's closing count; None after a crash.
    """

    starts: list[Start] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    ticks: int = 0
    frames: int = 0
    first_index: int = -1
    last_index: int = -1
    first_t_ns: int = 0
    last_t_ns: int = 0
    ending: Ending | None = None

    def add(self, topic: str, offset: int, data: tuple[int, int], index: int, t_ns: int) -> None:
        """Count one message; `data` is the place and length of its data."""
        if topic == "tick":
            if not self.ticks:
                self.first_t_ns, self.first_index = t_ns, index
            self.ticks += 1
            self.last_t_ns, self.last_index = t_ns, index
        elif topic == "frame":
            self.frames += 1
        elif topic == "segment":
            self.starts.append(Start(offset, index, t_ns))
        else:
            self.spots.append(Spot(topic, data[0], data[1], index, t_ns))

    def start_for_index(self, index: int) -> Start | None:
        """The last start at or before a frame index; the first one when none is; None in an empty file."""
        at = bisect_right([s.frame_index for s in self.starts], index)
        return self.starts[max(0, at - 1)] if self.starts else None

    def start_for_time(self, t_ns: int) -> Start | None:
        """The last start at or before a time."""
        at = bisect_right([s.t_ns for s in self.starts], t_ns)
        return self.starts[max(0, at - 1)] if self.starts else None
