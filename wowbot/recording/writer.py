"""The file on disk: header first, then whatever comes, the index last. Each message is handed to the system at once."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from wowbot.core.errors import RecordingError
from wowbot.recording.coder import Coded, text_message
from wowbot.recording.container import McapWriter
from wowbot.recording.drain import Drain
from wowbot.recording.index import INDEX_NAME, Index
from wowbot.recording.plain import to_plain
from wowbot.recording.schema import LIBRARY, TOPICS, Ending, Header
from wowbot.recording.text import dumps

Opener = Callable[[Path], BinaryIO]

_DATA_BEFORE = 9 + 22
"""Bytes of a message record before its data."""


def open_raw(path: Path) -> BinaryIO:
    """A new unbuffered file; what was written survives the death of this process."""
    return path.open("wb", buffering=0)


class RecordingFile:
    """Writes messages and keeps the index.

    Args:
        path: the new file; an existing one is replaced.
        header: stands first.
        opener: opens it; only tests need another.
        min_free_mb: writing stops when the disk has less left.

    Raises:
        RecordingError: the file cannot be made.
    """

    def __init__(self, path: Path, header: Header, opener: Opener = open_raw, min_free_mb: float = 0.0) -> None:
        self.path = path
        self._min_free_mb = min_free_mb
        self.index = Index()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = opener(path)
            self._drain = Drain(self._stream)
            self._mcap = McapWriter(self._stream)
            self._mcap.start(LIBRARY)
            self._channels = {topic: self._add_channel(topic) for topic in TOPICS}
            self.write(text_message("header", 0, 0, to_plain(header)))
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written ({error.strerror}): choose another place") from error

    @property
    def nbytes(self) -> int:
        """Bytes written so far."""
        return self._mcap.offset

    def _add_channel(self, topic: str) -> int:
        return add_channel(self._mcap, topic)

    def write(self, message: Coded) -> None:
        """Append one message.

        Raises:
            OSError: the disk is full or gone; what was written before stays whole.
        """
        if message.topic == "segment":
            self._check_disk()
        before, t_ns = self._mcap.offset, max(0, message.t_ns)
        try:
            self._mcap.message(self._channels[message.topic], message.sequence, t_ns, message.parts)
        except OSError:
            with contextlib.suppress(OSError):
                self._stream.truncate(before)
                self._stream.seek(before)
                self._mcap.offset = before
            raise
        place = (before + _DATA_BEFORE, message.nbytes)
        self._drain.wrote(self._mcap.offset)
        self.index.add(message.topic, before, place, message.sequence, message.t_ns)

    def _check_disk(self) -> None:
        free_mb = shutil.disk_usage(self.path.parent).free / 1e6
        if free_mb < self._min_free_mb:
            why = f"the disk has only {free_mb:.0f} MB left and {self._min_free_mb:g} MB are kept free"
            raise OSError(errno.ENOSPC, why)

    def close(self, ending: Ending) -> None:
        """Write the closing count and the index; a full disk leaves them out, and reading works without."""
        with contextlib.suppress(OSError):
            self.index.ending = ending
            self.write(text_message("end", 0, self.index.last_t_ns, to_plain(ending)))
            finish(self._mcap, self.index)
        self._drain.close()
        with contextlib.suppress(OSError):
            self._stream.close()


def add_channel(mcap: McapWriter, topic: str) -> int:
    """Declare one topic of a recording."""
    schema = {
        "name": f"wowbot.{topic}",
        "data": "envelope: version u8, coding u8, 0 u16, crc32 u32; see wowbot.recording",
    }
    return mcap.add_channel(topic, "wowbot", schema)


def finish(mcap: McapWriter, index: Index) -> None:
    """Index, end of data, summary and footer."""
    mcap.attach(INDEX_NAME, dumps(to_plain(index)))
    mcap.finish()
