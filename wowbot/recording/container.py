"""The MCAP container: writing records one by one, and walking them in file order even when the end is torn off.

Records are written and parsed with the `mcap` package, but for messages: those are written straight to the file (its
writer copies a payload twice), and walked by their heads alone (its reader loads a whole file to sort it). Format:
https://mcap.dev/spec
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from mcap.data_stream import ReadDataStream, RecordBuilder
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import (
    Attachment,
    AttachmentIndex,
    Channel,
    DataEnd,
    Footer,
    Header,
    Schema,
    Statistics,
)

from wowbot.core.errors import RecordingError

MAGIC = b"\x89MCAP0\r\n"
_RECORD = struct.Struct("<BQ")
_MESSAGE = struct.Struct("<HIQQ")
_MESSAGE_OPCODE = int(Opcode.MESSAGE)
_FOOTER_BYTES = _RECORD.size + 20
Part = bytes | memoryview
_JOIN_BYTES = 64 * 1024
"""Parts that are smaller together go out in one write."""
MAX_SMALL = 64 * 1024 * 1024
"""A longer record that is not a frame is taken for damage."""


class Message(NamedTuple):
    """The head of one message and where its data lies in the file."""

    channel_id: int
    sequence: int
    log_time: int
    data_offset: int
    data_length: int
    offset: int


class Attached(NamedTuple):
    """A named block of data in the file."""

    name: str
    data: bytes


class McapWriter:
    """Writes records and knows where each one began.

    Args:
        stream: unbuffered binary file.
        offset: where in the file it stands.
    """

    def __init__(self, stream: BinaryIO, offset: int = 0) -> None:
        self._stream = stream
        self.offset = offset
        self._channels: dict[int, Channel] = {}
        self._schemas: dict[int, Schema] = {}
        self._counts: dict[int, int] = {}
        self._times = (0, 0)
        self._attachments: list[AttachmentIndex] = []

    def start(self, library: str) -> None:
        """Magic and header."""
        self._write([MAGIC])
        self._record(Header("", library))

    def add_channel(self, topic: str, encoding: str, schema: Mapping[str, str]) -> int:
        """Declare a channel; returns its id."""
        number = len(self._channels) + 1
        self._schemas[number] = Schema(id=number, data=schema["data"].encode(), encoding="", name=schema["name"])
        self._channels[number] = Channel(
            id=number, topic=topic, message_encoding=encoding, metadata={}, schema_id=number
        )
        self._record(self._schemas[number])
        self._record(self._channels[number])
        return number

    def adopt(
        self,
        channels: Mapping[int, Channel],
        schemas: Mapping[int, Schema],
        counts: Mapping[int, int],
        times: tuple[int, int],
    ) -> None:
        """Take over what a recovered file has already declared and holds, for the closing statistics."""
        self._channels, self._schemas = dict(channels), dict(schemas)
        self._counts, self._times = dict(counts), times

    def _count(self, channel_id: int, log_time: int) -> None:
        low, high = self._times if self._counts else (log_time, log_time)
        self._times = min(low, log_time), max(high, log_time)
        self._counts[channel_id] = self._counts.get(channel_id, 0) + 1

    def message(self, channel_id: int, sequence: int, log_time: int, parts: Sequence[Part]) -> int:
        """Write one message made of `parts`; returns where it begins."""
        at = self.offset
        length = _MESSAGE.size + sum(len(part) for part in parts)
        head = _RECORD.pack(_MESSAGE_OPCODE, length) + _MESSAGE.pack(
            channel_id, sequence & 0xFFFFFFFF, log_time, log_time
        )
        self._write([head, *parts])
        self._count(channel_id, log_time)
        return at

    def attach(self, name: str, data: bytes) -> None:
        """Write a named block and list it in the summary."""
        at = self.offset
        self._record(Attachment(create_time=0, log_time=0, name=name, media_type="application/json", data=data))
        self._attachments.append(
            AttachmentIndex(
                offset=at,
                length=self.offset - at,
                create_time=0,
                log_time=0,
                data_size=len(data),
                name=name,
                media_type="application/json",
            )
        )

    def finish(self) -> None:
        """End of data, summary, footer, magic."""
        self._record(DataEnd(0))
        summary = self.offset
        for record in (*self._schemas.values(), *self._channels.values(), self._statistics(), *self._attachments):
            self._record(record)
        self._record(Footer(summary_start=summary, summary_offset_start=0, summary_crc=0))
        self._write([MAGIC])

    def _statistics(self) -> Statistics:
        return Statistics(
            attachment_count=len(self._attachments),
            channel_count=len(self._channels),
            channel_message_counts=self._counts,
            chunk_count=0,
            message_count=sum(self._counts.values()),
            metadata_count=0,
            message_start_time=self._times[0],
            message_end_time=self._times[1],
            schema_count=len(self._schemas),
        )

    def _record(self, record: Any) -> None:
        builder = RecordBuilder()
        record.write(builder)
        self._write([bytes(builder.end())])  # type: ignore[no-untyped-call]  # the package types only part of itself

    def _write(self, parts: Sequence[Part]) -> None:
        """Everything, or an OSError (a raw file may take less than it is given)."""
        if sum(len(part) for part in parts) < _JOIN_BYTES:
            parts = [b"".join(parts)]
        for part in parts:
            view = memoryview(part)
            while view:
                taken = self._stream.write(view)
                view = view[taken:]
                self.offset += taken


class McapFile:
    """Walks a file's records in order.

    Args:
        stream: seekable.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        if stream.read(len(MAGIC)) != MAGIC:
            raise RecordingError("is not a recording: it does not start as an MCAP file does")
        self.channels: dict[int, Channel] = {}
        self.schemas: dict[int, Schema] = {}
        self.end = len(MAGIC)
        """Where the last whole record that was walked ends."""
        self.finished = False
        """Whether the walk has met the end-of-data record."""

    def messages(self, start: int = len(MAGIC)) -> Iterator[Message]:
        """Heads of the whole messages from `start` on; stops at the end of data or where the file is torn."""
        at = start
        while (head := self._head(at)) is not None:
            opcode, length = head
            self.end = at + _RECORD.size + length
            if opcode == _MESSAGE_OPCODE:
                if (message := self._message(at, length)) is None:
                    return
                yield message
            elif opcode == Opcode.DATA_END:
                self.finished, self.end = True, at
                return
            elif opcode in (Opcode.CHANNEL, Opcode.SCHEMA):
                self._declare(opcode, self.read(at + _RECORD.size, length))
            at += _RECORD.size + length

    def read(self, offset: int, length: int) -> bytes:
        """Bytes at a place.

        Raises:
            RecordingError: the file ends before.
        """
        self._stream.seek(offset)
        data = self._stream.read(length)
        if len(data) != length:
            raise RecordingError(f"the file ends within a record at byte {offset}: run `wowbot recording recover`")
        return data

    def attachment(self, name: str) -> Attached | None:
        """A block by name, by way of the footer; None where the file has no sound summary."""
        tail = self.size - len(MAGIC) - _FOOTER_BYTES
        if tail < len(MAGIC):
            return None
        data = self.read(tail, _FOOTER_BYTES + len(MAGIC))
        opcode, length = _RECORD.unpack_from(data)
        if data[-len(MAGIC) :] != MAGIC or opcode != Opcode.FOOTER or length != 20:
            return None
        at = struct.unpack_from("<Q", data, _RECORD.size)[0]
        while at < tail and (head := self._head(at)) is not None:
            opcode, length = head
            body = at + _RECORD.size
            if opcode in (Opcode.CHANNEL, Opcode.SCHEMA):
                self._declare(opcode, self.read(body, length))
            elif opcode == Opcode.ATTACHMENT_INDEX and length <= MAX_SMALL:
                index = _parse(AttachmentIndex, self.read(body, length))
                if index.name == name:
                    return self._attached(index.offset)
            at = body + length
        return None

    def _attached(self, offset: int) -> Attached | None:
        head = self._head(offset)
        if head is None or head[0] != Opcode.ATTACHMENT or head[1] > MAX_SMALL:
            return None
        found = _parse(Attachment, self.read(offset + _RECORD.size, head[1]))
        return Attached(found.name, found.data)

    def _head(self, at: int) -> tuple[int, int] | None:
        """Opcode and length of the record at `at`; None where no whole record stands."""
        if at < 0 or at + _RECORD.size > self.size:
            return None
        self._stream.seek(at)
        opcode, length = _RECORD.unpack(self._stream.read(_RECORD.size))
        return None if opcode == 0 or length > self.size - at - _RECORD.size else (opcode, length)

    def _message(self, at: int, length: int) -> Message | None:
        if length < _MESSAGE.size:
            return None
        channel_id, sequence, log_time, _ = _MESSAGE.unpack(self._stream.read(_MESSAGE.size))
        before = _RECORD.size + _MESSAGE.size
        return Message(channel_id, sequence, log_time, at + before, length - _MESSAGE.size, at)

    def _declare(self, opcode: int, data: bytes) -> None:
        if opcode == Opcode.CHANNEL:
            channel = _parse(Channel, data)
            self.channels[channel.id] = channel
        else:
            schema = _parse(Schema, data)
            self.schemas[schema.id] = schema


def _parse(kind: Any, data: bytes) -> Any:
    if len(data) > MAX_SMALL:
        raise RecordingError("a record is larger than any sound one: the file is damaged")
    try:
        return kind.read(ReadDataStream(io.BytesIO(data)))
    except (McapError, ValueError, struct.error, OverflowError, MemoryError, EOFError) as error:
        raise RecordingError(f"a {kind.__name__} record is broken: {type(error).__name__} {error}") from error
