"""The recorder: a follower of the loop that only takes references; all work is done on a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from wowbot.core.errors import RecordingError
from wowbot.core.layout import Layout
from wowbot.core.protocols import Snapshot
from wowbot.core.tick import Tick
from wowbot.recording.choice import ALL, FrameChoice
from wowbot.recording.coder import Coded, TickCoder, text_message
from wowbot.recording.index import Index
from wowbot.recording.plain import to_plain
from wowbot.recording.schema import Ending, Header, ProfileText, stamped
from wowbot.recording.text import dumps, loads
from wowbot.recording.writer import Opener, RecordingFile, open_raw

log = logging.getLogger(__name__)

SEGMENT_S = 2.0
"""Reading can start this often; a snapshot of the stateful parts is taken as often."""


class Store(Protocol):
    """Takes messages in order."""

    index: Index

    @property
    def nbytes(self) -> int: ...
    def write(self, message: Coded) -> None: ...


class Snapshots(Protocol):
    """Whatever holds state between ticks."""

    def snapshot(self) -> Snapshot: ...


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """How to record.

    Args:
        frames: which frames, see choice.py.
        waiting_mb: frames waiting to be coded take at most this much memory; then frames are dropped, and counted.
        waiting_ticks: more ticks than this waiting to be coded are dropped, and counted.
        min_free_mb: recording stops when the disk has less left.
        segment_s: how often reading can start.
    """

    frames: FrameChoice = ALL
    waiting_mb: float = 256.0
    waiting_ticks: int = 2000
    min_free_mb: float = 200.0
    segment_s: float = SEGMENT_S


@dataclass(frozen=True, slots=True)
class RecordStats:
    """What has been recorded so far; `stopped` says why recording ended early; `coding_s` is CPU time of the coder."""

    ticks: int = 0
    frames: int = 0
    dropped_frames: int = 0
    dropped_ticks: int = 0
    nbytes: int = 0
    coding_s: float = 0.0
    stopped: str = ""

    def __str__(self) -> str:
        text = f"{self.ticks} ticks, {self.frames} frames, {self.nbytes / 1e6:.1f} MB"
        if self.dropped_frames or self.dropped_ticks:
            text += (
                f"; dropped {self.dropped_frames} frames and {self.dropped_ticks} ticks: the coder could not keep up"
            )
        return text + (f"; stopped: {self.stopped}" if self.stopped else "")


@dataclass(slots=True)
class _Job:
    """Work for the thread: messages as they are, or a tick."""

    messages: tuple[Coded, ...] = ()
    tick: Tick | None = None
    key: bool = False
    room: bool = True
    layout: Layout | None = None
    done: threading.Event | None = None


class TickRecorder:
    """A tap that hands ticks to a store on a thread of its own.

    Args:
        store: where the messages go.
        layout: in force at the start.
        options: how to record.
        parts: name -> tracker and policies, whose snapshots are taken at every segment.
    """

    def __init__(
        self, store: Store, layout: Layout | None, options: RecordOptions, parts: Mapping[str, Snapshots] | None
    ) -> None:
        self.options = options
        self.store = store
        self._coder = TickCoder(options.frames, layout)
        self._parts = dict(parts or {})
        # Not a Condition: one that Ctrl-C breaks into loses its notification, and closing would wait for ever.
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._given_bytes = self._coded_bytes = 0  # each written by one thread alone
        self._stopped = ""
        self._dropped_ticks = 0
        self._coding_ns = 0
        self._segment_ns: int | None = None
        self._last = (0, 0)
        self._snapshots: dict[str, Any] | None = self._take_snapshots()
        self._thread = threading.Thread(target=self._work, daemon=True, name="wowbot-recorder")
        self._thread.start()

    def on_tick(self, tick: Tick) -> None:
        """Hand the tick over; cheap."""
        if self._stopped:
            return
        index, t_ns = self._last = tick.frame.index, tick.frame.t_ns
        full = self._jobs.qsize() >= self.options.waiting_ticks
        if full or (self._snapshots is None and self._segment_ns is None):
            self._drop(full)
            return
        key = self._segment_ns is None
        messages = self._markers(tick)
        if key:
            messages = (self._segment(index, t_ns), *messages)
            self._segment_ns, self._snapshots = t_ns, None
        self._put_tick(tick, key, messages)
        if self._segment_ns is not None and t_ns - self._segment_ns >= self.options.segment_s * 1e9:
            self._snapshots, self._segment_ns = self._take_snapshots(), None

    def set_layout(self, layout: Layout) -> None:
        """Another layout has come into force; call it before the first tick that uses it."""
        message = text_message("config", *self._last, {"layout": to_plain(layout)})
        self._jobs.put(_Job((message,), layout=layout))

    def set_profile(self, profile: ProfileText) -> None:
        """Another profile or list has come into force."""
        self._jobs.put(_Job((text_message("config", *self._last, {"profile": to_plain(profile)}),)))

    def mark(self, label: str) -> None:
        """Set a marker at the last tick."""
        self._jobs.put(_Job((text_message("marker", *self._last, {"label": label}),)))

    def note(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Keep anything else that belongs to the run, a model's turn for one."""
        self._jobs.put(_Job((text_message("note", *self._last, {"kind": kind, "payload": dict(payload)}),)))

    @property
    def stats(self) -> RecordStats:
        """What has been recorded so far."""
        index = self.store.index
        return RecordStats(
            index.ticks,
            index.frames,
            self._coder.dropped,
            self._dropped_ticks,
            self.store.nbytes,
            self._coding_ns / 1e9,
            self._stopped,
        )

    def settle(self) -> None:
        """Wait until all that was handed over is in the store."""
        done = threading.Event()
        self._jobs.put(_Job(done=done))
        done.wait()

    def close(self) -> None:
        """Code what is waiting and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _drop(self, full: bool) -> None:
        """Leave this tick out. Reading can start again only after a fresh snapshot, taken behind a dropped tick."""
        self._dropped_ticks += 1
        self._segment_ns = None
        self._snapshots = None if full else self._take_snapshots()

    def _markers(self, tick: Tick) -> tuple[Coded, ...]:
        index, t_ns = tick.frame.index, tick.frame.t_ns
        found = [event for event in tick.events if event.kind == "marker"]
        return tuple([text_message("marker", index, t_ns, {"label": str(e.payload.get("label", ""))}) for e in found])

    def _take_snapshots(self) -> dict[str, Any]:
        """Of every part; one that cannot give one is left out, and reading then starts there without it."""
        found = {}
        for name, part in self._parts.items():
            try:
                found[name] = loads(dumps(part.snapshot()))
            except Exception:
                log.exception("no snapshot of %s: a cut here will not start exactly as the run did", name)
        return found

    def _segment(self, index: int, t_ns: int) -> Coded:
        return text_message("segment", index, t_ns, {"snapshots": self._snapshots})

    def _put_tick(self, tick: Tick, key: bool, messages: tuple[Coded, ...]) -> None:
        size = tick.frame.image.nbytes if tick.frame.image is not None else 0
        room = self._waiting_bytes + size <= self.options.waiting_mb * 1e6
        self._given_bytes += size
        self._jobs.put(_Job(messages, tick, key, room))

    @property
    def _waiting_bytes(self) -> int:
        """Of pictures that are not yet coded."""
        return self._given_bytes - self._coded_bytes

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._stopped:
                started = time.thread_time_ns()
                try:
                    self._do(job)
                except OSError as error:
                    self._stop(f"{error.strerror or error}")
                except RecordingError as error:
                    self._stop(str(error))
                self._coding_ns += time.thread_time_ns() - started
            if job.done is not None:
                job.done.set()
            if job.tick is not None and job.tick.frame.image is not None:
                self._coded_bytes += job.tick.frame.image.nbytes

    def _do(self, job: _Job) -> None:
        if job.layout is not None:
            self._coder.layout = job.layout
        for message in job.messages:
            self.store.write(message)
        if job.tick is not None:
            fast = self._waiting_bytes > self.options.waiting_mb * 0.25e6
            for message in self._coder.code(job.tick, key=job.key, room=job.room, fast=fast):
                self.store.write(message)

    def _stop(self, why: str) -> None:
        self._stopped = why
        log.error("recording stopped: %s; the agent runs on, what was written before stays readable", why)


class RecordingTap(TickRecorder):
    """Writes every tick to one file.

    Args:
        path: the new .mcap file.
        header: where the recording comes from; versions and time are filled in.
        options: how to record.
        parts: name -> tracker and policies, whose snapshots are taken at every segment.
        opener: opens the file; only tests need another.

    Raises:
        RecordingError: the file cannot be made.
    """

    def __init__(
        self,
        path: Path,
        header: Header,
        options: RecordOptions | None = None,
        parts: Mapping[str, Snapshots] | None = None,
        opener: Opener = open_raw,
    ) -> None:
        options = options or RecordOptions()
        self._file = RecordingFile(path, fresh_header(header, options), opener, options.min_free_mb)
        super().__init__(self._file, header.layout, options, parts)
        self.path = path
        self._closed = False

    def close(self) -> None:
        """Code what is waiting, write the index, say what was dropped."""
        if self._closed:
            return
        self._closed = True
        super().close()
        stats = self.stats
        self._file.close(Ending(stats.ticks, stats.frames, stats.dropped_frames, stats.dropped_ticks, stats.stopped))
        level = logging.WARNING if stats.dropped_frames or stats.dropped_ticks else logging.INFO
        log.log(level, "recorded %s: %s", self.path, self.stats)


def fresh_header(header: Header, options: RecordOptions) -> Header:
    """The header with today's versions, the time and the chosen frames."""
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return replace(stamped(header, created), frames=str(options.frames))
