"""Check a recording, mend a torn one, cut a piece out."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from wowbot.core.errors import RecordingError
from wowbot.core.tick import Tick
from wowbot.recording.choice import ALL
from wowbot.recording.coder import Coded, TickCoder
from wowbot.recording.container import McapWriter
from wowbot.recording.index import Start
from wowbot.recording.reader import Recording
from wowbot.recording.schema import Ending
from wowbot.recording.ticks import SIM
from wowbot.recording.writer import RecordingFile, finish

Progress = Callable[[int, int], None]
"""(bytes done, bytes in all)"""


def _quiet(_done: int, _total: int) -> None:
    return None


@dataclass(slots=True)
class Checked:
    """What `verify` found.

    Args:
        ticks, frames: sound ones.
        torn_bytes: bytes behind the last whole record of a file that was not closed.
        damage: one line for each broken place; reading goes on at the next segment.
    """

    ticks: int = 0
    frames: int = 0
    torn_bytes: int = 0
    damage: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.damage and not self.torn_bytes


def verify(path: Path, progress: Progress = _quiet) -> Checked:
    """Decode everything and compare every checksum.

    Raises:
        RecordingError: not a recording at all.
    """
    checked = Checked()
    with Recording(path) as recording:
        index = recording.walk()
        if not recording.file.finished:
            checked.torn_bytes = recording.nbytes - recording.file.end
            checked.damage += [] if checked.torn_bytes else ["it was not closed: there is no index at its end"]
        for start, stop in zip(index.starts, [*index.starts[1:], None], strict=True):
            try:
                for entry in recording.entries(start=start, stop=stop):
                    checked.ticks += 1
                    checked.frames += entry.tick.frame.image is not None
            except RecordingError as error:
                checked.damage.append(f"segment at {recording.t_s(start.t_ns):.1f} s, byte {start.offset}: {error}")
            progress(start.offset, recording.nbytes)
        progress(recording.nbytes, recording.nbytes)
        promised = recording.ending
        if promised is not None and not checked.damage and promised.ticks != checked.ticks:
            checked.damage.append(f"{checked.ticks} ticks were found, {promised.ticks} were written")
    return checked


def recover(path: Path, out: Path | None = None) -> Ending:
    """Cut off a torn end and write the index a crash has left out.

    Args:
        out: mend a copy there; None = mend the file itself (only bytes behind the last whole record are lost).

    Returns:
        what the mended file holds.

    Raises:
        RecordingError: nothing to mend with, or the file cannot be written.
    """
    with Recording(path) as recording:
        index, file = recording.walk(), recording.file
        if file.finished and recording.indexed and recording.ending is not None:
            if out is not None:
                shutil.copyfile(recording.path, out)
            return recording.ending
        end, channels, schemas, target = file.end, file.channels, file.schemas, out or recording.path
        counts = Counter(message.channel_id for _, message in recording.heads())
    try:
        if out is not None:
            shutil.copyfile(path / "recording.mcap" if path.is_dir() else path, out)
        with target.open("r+b", buffering=0) as stream:
            stream.truncate(end)
            stream.seek(end)
            mcap = McapWriter(stream, end)
            mcap.adopt(channels, schemas, counts, (index.first_t_ns, index.last_t_ns))
            index.ending = index.ending or Ending(index.ticks, index.frames, 0, 0, "recovered after a crash")
            finish(mcap, index)
    except OSError as error:
        raise RecordingError(f"{target}: cannot be written ({error.strerror}); use --out FILE elsewhere") from error
    return index.ending


def cut(path: Path, out: Path, from_s: float, to_s: float, progress: Progress = _quiet) -> tuple[float, float]:
    """Copy a stretch of time into a recording of its own; it starts at the segment that holds `from_s`.

    Args:
        from_s, to_s: seconds since the first tick.

    Returns:
        first and last second really copied.

    Raises:
        RecordingError: nothing lies between, or the frames are the simulator's and not in the file.
    """
    if out.resolve() == path.resolve():
        raise RecordingError(f"{out}: is the recording itself; choose another file")
    with Recording(path) as recording:
        start = recording.start_at(t_s=from_s)
        if start is None or from_s > recording.seconds or to_s <= from_s:
            raise RecordingError(
                f"{path}: lasts {recording.seconds:.1f} s; nothing lies between {from_s:g} s and {to_s:g} s"
            )
        first = next(recording.entries(pixels=False, start=start))
        if first.pixels == SIM and start != recording.index.starts[0]:
            raise RecordingError(
                f"{path}: keeps no frames, the simulator renders them again from the start; cut it from 0 s on"
            )
        stop_ns = recording.index.first_t_ns + round(to_s * 1e9)
        file = RecordingFile(out, recording.header)
        last_ns = _copy_configs(recording, file, start)
        for topic, message, data in recording.raw(start):
            if message.log_time > stop_ns and topic in ("segment", "frame", "tick"):
                break
            if topic not in ("header", "end"):
                file.write(Coded(topic, message.sequence, message.log_time, (data,)))
                last_ns = message.log_time if topic == "tick" else last_ns
            progress(message.log_time - start.t_ns, stop_ns - start.t_ns)
        file.close(Ending(file.index.ticks, file.index.frames, 0, 0, "cut"))
        return recording.t_s(start.t_ns), recording.t_s(last_ns)


def _copy_configs(recording: Recording, file: RecordingFile, start: Start) -> int:
    """Profiles and layouts that came into force before the cut stand before its first segment."""
    for spot in recording.index.spots:
        if spot.topic == "config" and spot.offset < start.offset:
            data = recording.file.read(spot.offset, spot.length)
            file.write(Coded("config", spot.frame_index, spot.t_ns, (data,)))
    return start.t_ns


def materialise(recording: Recording, ticks: Iterable[Tick], out: Path) -> None:
    """Write a recording again with the frames of `ticks`, for one that kept none.

    Args:
        ticks: those of the recording, in order, with their images.

    Raises:
        RecordingError: the file cannot be written.
    """
    file = RecordingFile(out, replace(recording.header, kind="images", sim=None, frames="all"))
    coder, rendered = TickCoder(ALL), iter(ticks)
    key = True
    for topic, message, data in recording.raw():
        if topic == "tick":
            for coded in coder.code(next(rendered), key=key):
                file.write(coded)
            key = False
        elif topic not in ("header", "frame", "end"):
            file.write(Coded(topic, message.sequence, message.log_time, (data,)))
            key = key or topic == "segment"
    file.close(Ending(file.index.ticks, file.index.frames, 0, 0, "frames rendered again"))
