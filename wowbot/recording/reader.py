"""Reading a recording: its head, its index, its ticks in order; a torn file reads up to the tear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

from wowbot.core.errors import RecordingError
from wowbot.core.frame import Image
from wowbot.core.layout import Layout
from wowbot.core.protocols import Snapshot
from wowbot.core.tick import Tick
from wowbot.recording.coder import TickDecoder, read_text
from wowbot.recording.container import MAX_SMALL, McapFile, Message
from wowbot.recording.index import INDEX_NAME, Index, Start
from wowbot.recording.pixels import MAX_PIXELS
from wowbot.recording.plain import from_plain
from wowbot.recording.schema import Ending, Header, ProfileText
from wowbot.recording.text import loads
from wowbot.recording.ticks import SKIPPED, Entry


class Marker(NamedTuple):
    """Set by a person while the run went on."""

    frame_index: int
    t_ns: int
    label: str


class Note(NamedTuple):
    """Anything else kept beside the ticks."""

    frame_index: int
    t_ns: int
    kind: str
    payload: Any


class Recording:
    """An opened recording. Use it as a context manager.

    Args:
        path: the .mcap file, or a folder that holds recording.mcap.

    Raises:
        RecordingError: not there, not a recording, or without a header.
    """

    def __init__(self, path: Path) -> None:
        self.path = path / "recording.mcap" if path.is_dir() else path
        try:
            self._stream: BinaryIO = self.path.open("rb")
        except OSError as error:
            raise RecordingError(f"{self.path}: cannot be read ({error.strerror})") from error
        try:
            self._open()
        except RecordingError as error:
            self._stream.close()
            raise RecordingError(f"{self.path}: {error}") from error

    def _open(self) -> None:
        self._file = McapFile(self._stream)
        self.index, self.indexed = self._read_index()
        self.header: Header
        self.profiles: dict[str, ProfileText] = {}
        self.layouts: dict[str, Layout] = {}
        self.markers: list[Marker] = []
        self.notes: list[Note] = []
        self.ending = self.index.ending
        self._read_spots()

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    @property
    def nbytes(self) -> int:
        """Size of the file."""
        return self._file.size

    @property
    def seconds(self) -> float:
        """From the first tick to the last."""
        return (self.index.last_t_ns - self.index.first_t_ns) / 1e9

    def t_s(self, t_ns: int) -> float:
        """Seconds since the first tick."""
        return (t_ns - self.index.first_t_ns) / 1e9

    def start_at(self, *, index: int | None = None, t_s: float | None = None) -> Start | None:
        """Where reading must start to meet a frame index or a time in s since the first tick."""
        if index is not None:
            return self.index.start_for_index(index)
        return self.index.start_for_time(self.index.first_t_ns + round((t_s or 0.0) * 1e9))

    def entries(self, *, pixels: bool = True, start: Start | None = None, stop: Start | None = None) -> Iterator[Entry]:
        """Ticks in order, from a start on; up to the tear in a torn file.

        Args:
            pixels: whether the frames get their images.
            start: from `start_at`; None = the first.
            stop: a later start, before which reading ends; None = the end.

        Raises:
            RecordingError: damaged within.
        """
        decoder = TickDecoder(pixels)
        for topic, message in self.heads(start):
            if stop is not None and message.offset >= stop.offset:
                return
            if topic == "frame" and pixels:
                decoder.take_frame(message.sequence, self._data(message, 3 * MAX_PIXELS))
            elif topic == "tick":
                yield decoder.take_tick(message.sequence, self._data(message, MAX_SMALL))

    def ticks(self, *, pixels: bool = True, start: Start | None = None) -> Iterator[Tick]:
        """As `entries`, the ticks alone."""
        for entry in self.entries(pixels=pixels, start=start):
            yield entry.tick

    def shown_ticks(self, *, start: Start | None = None) -> Iterator[Tick]:
        """As `ticks`, with the picture of before where one was left out because nothing had changed in any region."""
        unchanged = self.header.frames == "changed"
        last: Image | None = None
        for tick, pixels, size_wh, _ in self.entries(start=start):
            again = last is not None and pixels == SKIPPED and size_wh == (last.shape[1], last.shape[0])
            if again and unchanged:
                yield replace(tick, frame=replace(tick.frame, image=last, changed=()))
                continue
            last = tick.frame.image
            yield tick

    def snapshots(self, start: Start | None = None) -> dict[str, Snapshot]:
        """What the stateful parts held just before a start: name -> snapshot."""
        start = start or (self.index.starts[0] if self.index.starts else None)
        if start is None:
            return {}
        for topic, message in self.heads(start):
            if topic == "segment":
                data = read_text(topic, self._data(message, MAX_SMALL))
                found = data.get("snapshots") if isinstance(data, dict) else None
                return found if isinstance(found, dict) else {}
        return {}

    def raw(self, start: Start | None = None) -> Iterator[tuple[str, Message, bytes]]:
        """Messages as they stand in the file: topic, head, data."""
        for topic, message in self.heads(start):
            limit = 3 * MAX_PIXELS if topic == "frame" else MAX_SMALL
            yield topic, message, self._data(message, limit)

    @property
    def file(self) -> McapFile:
        """The container underneath, for recovery."""
        return self._file

    def heads(self, start: Start | None = None) -> Iterator[tuple[str, Message]]:
        """Topic and head of each message, without its data."""
        walk = self._file.messages() if start is None else self._file.messages(start.offset)
        for message in walk:
            channel = self._file.channels.get(message.channel_id)
            if channel is not None:
                yield channel.topic, message

    def _data(self, message: Message, limit: int) -> bytes:
        if message.data_length > limit:
            raise RecordingError(f"a message of {message.data_length} bytes is larger than any sound one")
        return self._file.read(message.data_offset, message.data_length)

    def _read_index(self) -> tuple[Index, bool]:
        """The file's own index, or one made by walking it; and whether it was the file's own."""
        try:
            attached = self._file.attachment(INDEX_NAME)
            if attached is not None:
                return from_plain(Index, loads(attached.data)), True
        except RecordingError:
            pass  # a broken index is no better than none: the walk below finds everything
        return self.walk(), False

    def walk(self) -> Index:
        """An index made from the messages themselves."""
        index = Index()
        for topic, message in self.heads(None):
            place = (message.data_offset, message.data_length)
            index.add(topic, message.offset, place, message.sequence, message.log_time)
        return index

    def _read_spots(self) -> None:
        head: Header | None = None
        for spot in self.index.spots:
            if not 0 < spot.length <= MAX_SMALL:
                raise RecordingError("the index points at a message larger than any sound one")
            data = read_text(spot.topic, self._file.read(spot.offset, spot.length))
            if not isinstance(data, dict):
                raise RecordingError(f"a {spot.topic} message holds no table")
            if spot.topic == "header":
                head = from_plain(Header, data)
                self._config(head.profile, head.layout)
            elif spot.topic == "config":
                profile, layout = data.get("profile"), data.get("layout")
                self._config(profile and from_plain(ProfileText, profile), layout and from_plain(Layout, layout))
            elif spot.topic == "marker":
                self.markers.append(Marker(spot.frame_index, spot.t_ns, str(data.get("label", ""))))
            elif spot.topic == "note":
                self.notes.append(Note(spot.frame_index, spot.t_ns, str(data.get("kind", "")), data.get("payload")))
            elif spot.topic == "end":
                self.ending = from_plain(Ending, data)
        if head is None:
            raise RecordingError("holds no header: it was torn before its first message, or is another MCAP file")
        self.header = head

    def _config(self, profile: ProfileText | None, layout: Layout | None) -> None:
        if profile is not None:
            self.profiles[profile.id] = profile
        if layout is not None:
            self.layouts[layout.id] = layout
