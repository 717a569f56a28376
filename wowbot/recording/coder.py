"""Ticks to messages and back: the envelope, the compression and the order of things, whoever keeps the bytes."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import zstandard

from wowbot.core.errors import RecordingError
from wowbot.core.frame import Image
from wowbot.core.layout import Layout
from wowbot.core.tick import Tick
from wowbot.recording import ticks as t
from wowbot.recording.choice import FrameChoice, Plan, region_plan, regions_equal
from wowbot.recording.container import MAX_SMALL, Part
from wowbot.recording.migrate import migrated
from wowbot.recording.pixels import FAST_LEVEL, SMALL_LEVEL, FrameDecoder, FrameEncoder
from wowbot.recording.schema import SCHEMA
from wowbot.recording.squeeze import squeezed
from wowbot.recording.text import dumps, loads

ENVELOPE = struct.Struct("<BBHI")  # schema, coding, 0, crc
PLAIN, ZSTD, ZSTD_AFTER_KEY = 0, 1, 2
_SMALL = 200
"""Shorter texts are not worth compressing."""
_LEVEL = 3


class Coded(NamedTuple):
    """One message, ready to be written."""

    topic: str
    sequence: int
    t_ns: int
    parts: tuple[Part, ...]

    @property
    def nbytes(self) -> int:
        return sum(len(part) for part in self.parts)


def text_message(topic: str, sequence: int, t_ns: int, value: Any) -> Coded:
    """A message of plain values."""
    raw = dumps(value)
    body = raw if len(raw) < _SMALL else squeezed(zstandard.ZstdCompressor(level=_LEVEL), raw)
    return Coded(topic, sequence, t_ns, _enveloped(PLAIN if body is raw else ZSTD, body))


def _enveloped(coding: int, body: bytes) -> tuple[Part, ...]:
    return ENVELOPE.pack(SCHEMA, coding, 0, zlib.crc32(body)), body


def read_text(topic: str, data: bytes, after_key: zstandard.ZstdDecompressor | None = None) -> Any:
    """The plain values of a message, in today's schema.

    Args:
        after_key: decompressor with the last key tick as its dictionary.

    Raises:
        RecordingError: damaged, or of a schema that is not known.
    """
    version, raw = _raw_text(data, after_key)
    return migrated(version, topic, loads(raw))


def _raw_text(data: bytes, after_key: zstandard.ZstdDecompressor | None) -> tuple[int, bytes]:
    if len(data) < ENVELOPE.size:
        raise RecordingError("a message is shorter than its envelope: the file is damaged there")
    version, coding, _, crc = ENVELOPE.unpack_from(data)
    body = data[ENVELOPE.size :]
    if zlib.crc32(body) != crc:
        raise RecordingError("a message does not match its checksum: the file is damaged there")
    if coding == PLAIN:
        return version, body
    unzip = zstandard.ZstdDecompressor() if coding == ZSTD else after_key
    if unzip is None:
        raise RecordingError("a tick tells a difference to one that is missing: start at a key tick")
    try:
        if not 0 <= zstandard.frame_content_size(body) <= MAX_SMALL:
            raise RecordingError("a message says it is larger than any sound one: the file is damaged there")
        return version, unzip.decompress(body)
    except zstandard.ZstdError as error:
        raise RecordingError(f"a message cannot be decompressed: {error}") from error


@dataclass(slots=True)
class TickCoder:
    """Ticks to messages: chooses the pixels, codes them, tells each tick as a difference to the last.

    Args:
        choice: which frames and pixels are kept.
        layout: for "changed" and "regions"; set it anew when another comes into force.
    """

    choice: FrameChoice
    layout: Layout | None = None
    frames: int = 0
    """Frames kept so far."""
    dropped: int = 0
    """Frames that were wanted but for which there was no time."""
    _packer: t.TickPacker = field(default_factory=t.TickPacker)
    _encoder: FrameEncoder = field(default_factory=FrameEncoder)
    _kept: Image | None = None
    _due_ns: int | None = None
    _plan: Plan = field(default_factory=lambda: Plan((0, 0)))
    _key_owed: bool = True
    _plan_of: tuple[str, tuple[int, int]] = ("", (0, 0))
    _zip: zstandard.ZstdCompressor | None = None

    def code(self, tick: Tick, *, key: bool, room: bool = True, fast: bool = False) -> list[Coded]:
        """The messages of one tick: its frame, where one is kept, and then itself.

        Args:
            key: reading must be able to start here.
            room: whether there is time for the frame; without it the frame is dropped and the tick says so.
            fast: compress less, to catch up.
        """
        messages: list[Coded] = []
        self._key_owed |= key
        note = self._note(tick, key, room)
        if note.pixels in (t.FULL, t.REGIONS):
            messages.append(self._frame(tick, fast))
            self.frames += 1
        self.dropped += note.pixels == t.DROPPED
        messages.append(self._tick(tick, note, key))
        return messages

    def _note(self, tick: Tick, key: bool, room: bool) -> t.FrameNote:
        image, size_wh = tick.frame.image, tick.frame.size_wh
        if image is None or self.choice.mode == "none":
            return t.FrameNote(t.NONE if image is None else t.SKIPPED, size_wh)
        if self.choice.mode == "sim":
            return t.FrameNote(t.SIM, size_wh, zlib.crc32(np.ascontiguousarray(image).data))
        if not self._wanted(image, tick.frame.t_ns, key):
            return t.FrameNote(t.SKIPPED, size_wh)
        if not room:
            return t.FrameNote(t.DROPPED, size_wh)
        return t.FrameNote(t.REGIONS if self._plan_for(size_wh).rects is not None else t.FULL, size_wh)

    def _wanted(self, image: Image, t_ns: int, key: bool) -> bool:
        if self.choice.mode == "changed":
            return key or self._kept is None or not regions_equal(self.layout, self._kept, image)
        if self.choice.mode != "fps":
            return True
        if self._due_ns is not None and t_ns < self._due_ns:
            return False
        step = int(1e9 / self.choice.fps)
        self._due_ns = t_ns + step if self._due_ns is None or t_ns > self._due_ns + step else self._due_ns + step
        return True

    def _plan_for(self, size_wh: tuple[int, int]) -> Plan:
        wanted = (self.layout.id if self.layout and self.choice.regions else "", size_wh)
        if wanted != self._plan_of:
            self._plan_of = wanted
            by_region = self.layout is not None and self.choice.regions
            self._plan = region_plan(self.layout, size_wh) if by_region and self.layout else Plan(size_wh)
        return self._plan

    def _frame(self, tick: Tick, fast: bool) -> Coded:
        image, plan = tick.frame.image, self._plan_for(tick.frame.size_wh)
        assert image is not None
        level = FAST_LEVEL if fast else SMALL_LEVEL
        coded = self._encoder.encode(plan.take(image), plan, key=self._key_owed, level=level)
        self._kept, self._key_owed = image, False
        head = ENVELOPE.pack(SCHEMA, 0, 0, coded.crc) + coded.head
        return Coded("frame", tick.frame.index, tick.frame.t_ns, (head, coded.payload))

    def _tick(self, tick: Tick, note: t.FrameNote, key: bool) -> Coded:
        raw = dumps(self._packer.pack(tick, note, key=key or self._zip is None))
        if key or self._zip is None:
            body, coding = squeezed(zstandard.ZstdCompressor(level=_LEVEL), raw), ZSTD
            self._zip = zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(raw))
        else:
            body, coding = squeezed(self._zip, raw), ZSTD_AFTER_KEY
        return Coded("tick", tick.frame.index, tick.frame.t_ns, _enveloped(coding, body))


def _dictionary(raw: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(raw, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


@dataclass(slots=True)
class TickDecoder:
    """Messages back to ticks, in order, from any segment on.

    Args:
        pixels: whether images are wanted; without them frames are passed over unread.
    """

    pixels: bool = True
    _unpacker: t.TickUnpacker = field(default_factory=t.TickUnpacker)
    _frames: FrameDecoder = field(default_factory=FrameDecoder)
    _image: tuple[int, Image] | None = None
    _unzip: zstandard.ZstdDecompressor | None = None

    def take_frame(self, sequence: int, data: bytes) -> None:
        """A frame message; the tick after it gets the picture.

        Raises:
            RecordingError: damaged.
        """
        if len(data) < ENVELOPE.size:
            raise RecordingError("a frame message is shorter than its envelope: the file is damaged there")
        version, _, _, crc = ENVELOPE.unpack_from(data)
        if not 1 <= version <= SCHEMA:
            migrated(version, "frame", None)
        vector = self._frames.decode(memoryview(data)[ENVELOPE.size :], crc)
        assert self._frames.plan is not None
        self._image = sequence, self._frames.plan.compose(vector)

    def take_tick(self, sequence: int, data: bytes) -> t.Entry:
        """A tick message.

        Raises:
            RecordingError: damaged, or its frame is missing.
        """
        version, raw = _raw_text(data, self._unzip)
        packed = migrated(version, "tick", loads(raw))
        if not isinstance(packed, dict):
            raise RecordingError("a tick message holds no table: the file is damaged there")
        if packed.get("key"):
            self._unzip = zstandard.ZstdDecompressor(dict_data=_dictionary(raw))
        found = self._image if self._image is not None and self._image[0] == sequence else None
        self._image = None
        entry = self._unpacker.unpack(packed, found[1] if found else None)
        if self.pixels and entry.pixels in (t.FULL, t.REGIONS) and found is None:
            raise RecordingError(f"the frame of tick {sequence} is missing: the file is damaged there")
        return entry
