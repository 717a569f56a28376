"""Long files are handed to the disk on the way."""

from __future__ import annotations

import io
from pathlib import Path

from wowbot.recording.drain import EVERY_BYTES, Drain


def test_a_long_file_is_synced_and_stays_readable(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb", buffering=0) as stream:
        drain = Drain(stream)
        stream.write(b"abc")
        for n in range(1, 4):
            drain.wrote(n * EVERY_BYTES)
        drain.close()
        stream.write(b"def")
    assert path.read_bytes() == b"abcdef"


def test_what_is_no_file_is_left_alone() -> None:
    drain = Drain(io.BytesIO())
    drain.wrote(10 * EVERY_BYTES)
    drain.close()
