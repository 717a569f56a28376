"""Crashed, torn and damaged files: what was whole before is read, the rest is told."""

from __future__ import annotations

import errno
import io
import os
import re
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

from tests.recording.test_tap import HEADER, Counter, record
from tests.recording.ticks import run, shown, tick_at
from wowbot.core.errors import RecordingError
from wowbot.recording.coder import ENVELOPE, PLAIN, ZSTD
from wowbot.recording.container import McapWriter
from wowbot.recording.reader import Recording
from wowbot.recording.schema import TOPICS
from wowbot.recording.tap import RecordingTap, RecordOptions
from wowbot.recording.upkeep import cut, materialise, recover, verify
from wowbot.recording.writer import add_channel

WRITER = """
import sys
from pathlib import Path
import numpy as np
from tests.recording.test_tap import HEADER, Counter
from tests.recording.ticks import tick_at
from wowbot.recording.tap import RecordingTap, RecordOptions
tap = RecordingTap(Path(sys.argv[1]), HEADER, RecordOptions(min_free_mb=0, segment_s=0.5), {"tracker": Counter()})
big = np.random.default_rng(3).integers(0, 256, (480, 640, 3), np.uint8) if sys.argv[2:] else None
n = 0
while True:
    tap.on_tick(tick_at(n, image=None if big is None else np.roll(big, n, axis=1)))
    tap.settle()
    print(n, flush=True)
    n += 1
"""
ROOT = Path(__file__).resolve().parents[2]


def killed_writer(path: Path, after_ticks: int) -> int:
    """A recording process killed with -9 once it has said it wrote so many ticks; returns the last tick it spoke of."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        last = -1
        for line in process.stdout:
            last = int(line)
            if last >= after_ticks:
                break
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read()
        process.wait()
    return max([last, *(int(line) for line in rest.split())])


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("after", [1, 17, 60])
def test_a_killed_recorder_loses_no_tick_it_had_written(tmp_path: Path, after: int) -> None:
    path = tmp_path / "a.mcap"
    last = killed_writer(path, after)
    with Recording(path) as recording:
        assert not recording.indexed
        before = [shown(tick) for tick in recording.ticks()]
    assert len(before) >= last + 1
    assert before == [shown(tick) for tick in run(len(before))]
    ending = recover(path)
    assert ending.ticks == len(before)
    with Recording(path) as recording:
        assert recording.indexed
        assert [shown(tick) for tick in recording.ticks()] == before
    assert verify(path).sound


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_fifty_recorders_killed_at_random_moments_lose_nothing_they_had_said(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    path = tmp_path / "a.mcap"
    for _ in range(50):
        command = [sys.executable, "-c", WRITER, str(path), "big"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(float(rng.uniform(0.0, 1.5)))
            os.kill(process.pid, signal.SIGKILL)
            said = [int(line) for line in process.stdout.read().split()]
        ending = recover(path)
        with Recording(path) as recording:
            indices = [tick.frame.index for tick in recording.ticks() if tick.frame.image is not None]
        assert indices == list(range(ending.ticks))
        assert ending.ticks >= max([0, *said]) + 1
        assert verify(path).sound
        path.unlink()


def test_a_file_torn_at_any_byte_reads_up_to_the_tear(tmp_path: Path) -> None:
    whole = record(tmp_path / "a.mcap", 20).read_bytes()
    ticks = [shown(tick) for tick in run(20)]
    path = tmp_path / "torn.mcap"
    counts = []
    for size in range(len(whole) - 1, 0, -97):
        path.write_bytes(whole[:size])
        try:
            with Recording(path) as recording:
                found = [shown(tick) for tick in recording.ticks()]
        except RecordingError:
            found = []
        assert found == ticks[: len(found)]
        counts.append(len(found))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 20


def test_recover_of_a_copy_leaves_the_torn_file_as_it_is(tmp_path: Path) -> None:
    path = record(tmp_path / "a.mcap", 20)
    torn = path.read_bytes()[:-3000]
    path.write_bytes(torn)
    assert recover(path, tmp_path / "b.mcap").ticks > 0
    assert path.read_bytes() == torn
    assert verify(tmp_path / "b.mcap").sound
    assert not verify(path).sound


def test_verify_names_the_damaged_segment_and_goes_on(tmp_path: Path) -> None:
    path = record(tmp_path / "a.mcap", 130)
    data = bytearray(path.read_bytes())
    with Recording(path) as recording:
        second, third = recording.index.starts[1:3]
        heads = [message for topic, message in recording.heads() if topic == "frame"]
    place = next(h for h in heads if h.offset > second.offset)
    data[place.data_offset + place.data_length // 2] ^= 0x10
    path.write_bytes(bytes(data))
    found = verify(path)
    assert len(found.damage) == 1
    assert f"byte {second.offset}" in found.damage[0]
    assert found.ticks == 130 - (third.frame_index - second.frame_index)


class FullDisk(io.BytesIO):
    """A file on a disk with room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.room:
            taken = super().write(bytes(data)[: max(0, self.room - self.tell())])
            if taken:
                return taken
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)

    def close(self) -> None:
        """Keep what was written, to look at it."""


def test_a_full_disk_stops_recording_with_a_message_and_not_the_agent(tmp_path: Path) -> None:
    disk = FullDisk(60_000)
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(min_free_mb=0), opener=lambda _path: disk)
    for tick in run(200):
        tap.on_tick(tick)
    tap.close()
    assert "No space left" in tap.stats.stopped
    (tmp_path / "a.mcap").write_bytes(disk.getvalue())
    with Recording(tmp_path / "a.mcap") as recording:
        found = [shown(tick) for tick in recording.ticks()]
    assert 0 < len(found) < 200
    assert found == [shown(tick) for tick in run(len(found))]


def test_recording_stops_while_the_disk_still_has_the_room_that_is_kept_free(tmp_path: Path) -> None:
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(min_free_mb=1e12))
    tap.on_tick(tick_at(0))
    tap.close()
    assert "kept free" in tap.stats.stopped


def test_a_cut_starts_at_a_segment_and_reads_as_the_whole_does(tmp_path: Path) -> None:
    whole = record(tmp_path / "a.mcap", 200)
    first, last = cut(whole, tmp_path / "b.mcap", 4.7, 8.0)
    assert first <= 4.7
    assert last == pytest.approx(8.0)
    with Recording(tmp_path / "b.mcap") as recording:
        found = list(recording.ticks())
        assert recording.snapshots()["tracker"]["taken"] > 1
    indices = [tick.frame.index for tick in found]
    assert [shown(tick) for tick in found] == [shown(tick) for tick in run(200)][indices[0] : indices[-1] + 1]
    assert verify(tmp_path / "b.mcap").sound


def test_a_cut_outside_says_how_long_the_recording_is(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"lasts 0\.9\d? s|lasts 1\.0 s"):
        cut(record(tmp_path / "a.mcap", 20), tmp_path / "b.mcap", 5.0, 6.0)


def test_a_recording_without_frames_is_written_again_with_them(tmp_path: Path) -> None:
    bare = record(tmp_path / "a.mcap", 60, "sim")
    with Recording(bare) as recording:
        materialise(recording, run(60), tmp_path / "b.mcap")
        snapshots = [recording.snapshots(start) for start in recording.index.starts]
    with Recording(tmp_path / "b.mcap") as recording:
        assert [shown(tick) for tick in recording.ticks()] == [shown(tick) for tick in run(60)]
        assert [recording.snapshots(start) for start in recording.index.starts] == snapshots


def test_ticks_that_pile_up_are_dropped_and_reading_goes_on_behind_them(tmp_path: Path) -> None:
    options = RecordOptions(min_free_mb=0, waiting_ticks=5)
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, options, {"tracker": Counter()})
    slow = SlowStore(tap.store)
    tap.store = slow
    written = list(run(60))
    for n, tick in enumerate(written):
        tap.on_tick(tick)
        if n >= 40:
            slow.open()
            tap.settle()
    tap.close()
    stats = tap.stats
    assert stats.dropped_ticks > 20
    assert stats.ticks + stats.dropped_ticks == 60
    with Recording(tmp_path / "a.mcap") as recording:
        found = list(recording.ticks())
    by_index = {tick.frame.index: shown(tick) for tick in written}
    assert all(shown(tick) == by_index[tick.frame.index] for tick in found)
    assert found[-1].frame.index == 59


class SlowStore:
    """Holds writing back until it is opened."""

    def __init__(self, store: Any) -> None:
        import threading

        self._store, self._gate = store, threading.Event()
        self.index = store.index

    @property
    def nbytes(self) -> int:
        return int(self._store.nbytes)

    def open(self) -> None:
        self._gate.set()

    def write(self, message: Any) -> None:
        self._gate.wait(10)
        self._store.write(message)


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_damaged_files_give_data_or_a_recording_error(tmp_path: Path, count: int) -> None:
    rng = np.random.default_rng(7)
    seeds = [
        record(tmp_path / f"{n}.mcap", 6, frames).read_bytes() for n, frames in enumerate(["all", "regions", "none"])
    ]
    path = tmp_path / "mutant.mcap"
    errors = 0
    for n in range(count):
        seed = seeds[n % 3]
        path.write_bytes(mutated(seed, rng) if n % 2 else rewritten(seed, tmp_path, rng))
        errors += not readable(path)
    assert 0.1 * count < errors < count


def readable(path: Path) -> bool:
    """Whether everything of the file reads; any error but RecordingError goes through."""
    try:
        with Recording(path) as recording:
            for _ in recording.entries():
                pass
            for start in recording.index.starts:
                recording.snapshots(start)
    except RecordingError:
        return False
    return True


def mutated(seed: bytes, rng: np.random.Generator) -> bytes:
    """Flipped bits, overwritten, removed, doubled and cut stretches."""
    data = bytearray(seed)
    for _ in range(int(rng.integers(1, 6))):
        at, size = int(rng.integers(0, len(data))), int(rng.integers(1, 40))
        kind = rng.integers(0, 6)
        if kind == 0:
            data[at] ^= 1 << int(rng.integers(0, 8))
        elif kind == 1:
            data[at : at + size] = rng.integers(0, 256, size, np.uint8).tobytes()
        elif kind == 2:
            del data[at : at + size]
        elif kind == 3:
            data[at:at] = data[at : at + size]
        elif kind == 4:
            data[at : at + 8] = int(rng.integers(0, 2**63)).to_bytes(8, "little")
        elif rng.random() < 0.2:
            del data[at:]
        if len(data) < 20:
            break
    return bytes(data)


def rewritten(seed: bytes, spare: Path, rng: np.random.Generator) -> bytes:
    """A sound container whose texts were changed and whose checksums are right: what only the decoders can refuse."""
    (spare / "seed.mcap").write_bytes(seed)
    out = io.BytesIO()
    mcap = McapWriter(out)
    mcap.start("test")
    channels = {topic: add_channel(mcap, topic) for topic in TOPICS}
    with Recording(spare / "seed.mcap") as recording:
        messages = list(recording.raw())
    chosen = int(rng.integers(0, len(messages)))
    for n, (topic, message, data) in enumerate(messages):
        if n == chosen and topic != "frame" and data[1] in (PLAIN, ZSTD):
            data = with_changed_text(data, rng)
        mcap.message(channels[topic], message.sequence, message.log_time, (data,))
    mcap.finish()
    return out.getvalue()


def with_changed_text(data: bytes, rng: np.random.Generator) -> bytes:
    """The message with one JSON token replaced, its checksum right."""
    body = data[ENVELOPE.size :]
    text = (zstandard.ZstdDecompressor().decompress(body) if data[1] == ZSTD else body).decode()
    tokens = re.findall(r'"[^"]*"|-?[0-9.e+-]+|[^"0-9]', text)
    at = int(rng.integers(0, len(tokens)))
    junk = ["null", "true", "[]", "{}", '""', "-1", "1e999", "99999999999999999999", "[" * 3000, '{"$float":"x"}', ""]
    tokens[at] = junk[int(rng.integers(0, len(junk)))]
    fresh = "".join(tokens).encode()
    return ENVELOPE.pack(data[0], PLAIN, 0, zlib.crc32(fresh)) + fresh
