"""The last seconds of a run, always in memory, saved when it ends badly."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path

from wowbot.recording.choice import FrameChoice
from wowbot.recording.coder import Coded
from wowbot.recording.index import Index
from wowbot.recording.schema import Ending, Header
from wowbot.recording.tap import RecordOptions, RecordStats, Snapshots, TickRecorder, fresh_header
from wowbot.recording.writer import RecordingFile

TAIL_OPTIONS = RecordOptions(FrameChoice("fps", 5.0), waiting_mb=32.0, segment_s=2.0)
"""Every tick, five pictures a second."""


class TailStore:
    """Messages of the last seconds, in whole segments.

    Args:
        seconds: kept at least this long, where the run was that long.
        limit_mb: kept at most this much; older segments go first.
    """

    def __init__(self, seconds: float, limit_mb: float) -> None:
        self.index = Index()
        self._span_ns = int(seconds * 1e9)
        self._limit = limit_mb * 1e6
        self._configs: list[Coded] = []
        self._segments: deque[list[Coded]] = deque()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        return self._bytes

    def write(self, message: Coded) -> None:
        """Take one message and forget what is older than need be."""
        if message.topic == "config":
            self._configs.append(message)
        if message.topic == "segment" or not self._segments:
            self._segments.append([])
            self._forget(message.t_ns)
        self._segments[-1].append(message)
        self._bytes += message.nbytes
        self.index.add(message.topic, 0, (0, 0), message.sequence, message.t_ns)
        self.index.spots.clear()
        del self.index.starts[:-1]

    def _forget(self, now_ns: int) -> None:
        while len(self._segments) > 2 and (
            now_ns - self._segments[1][0].t_ns >= self._span_ns or self._bytes > self._limit
        ):
            self._bytes -= sum(message.nbytes for message in self._segments.popleft())

    def save(self, path: Path, header: Header, why: str) -> Path:
        """Write what is kept as a recording.

        Raises:
            RecordingError: the file cannot be made.
            OSError: the disk is full; what was written stays readable.
        """
        file = RecordingFile(path, header)
        kept = [message for segment in self._segments for message in segment]
        within = {id(message) for message in kept}
        for message in (*(m for m in self._configs if id(m) not in within), *kept):
            file.write(message)
        file.close(Ending(file.index.ticks, file.index.frames, 0, 0, why))
        return path


class TailTap(TickRecorder):
    """Keeps the last seconds of the run in memory.

    Args:
        header: as for RecordingTap.
        seconds: how much is kept.
        options: how to record; by default every tick and five frames a second.
        parts: name -> tracker and policies.
        limit_mb: most memory for what is kept.
    """

    def __init__(
        self,
        header: Header,
        seconds: float = 10.0,
        options: RecordOptions = TAIL_OPTIONS,
        parts: Mapping[str, Snapshots] | None = None,
        limit_mb: float = 64.0,
    ) -> None:
        self._header = fresh_header(header, options)
        self._tail = TailStore(seconds, limit_mb)
        super().__init__(self._tail, header.layout, options, parts)

    def save(self, path: Path, why: str) -> RecordStats:
        """Write what is kept to `path`; `why` the run ended stands in it.

        Raises:
            RecordingError: the file cannot be made.
        """
        self.settle()
        self._tail.save(path, self._header, why)
        return self.stats
