"""What the commands that read recordings share: opening one, its frames, its stages, a progress bar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wowbot.core.errors import ConfigError
from wowbot.core.tick import Tick
from wowbot.recording.index import Start
from wowbot.recording.reader import Recording
from wowbot.replay.ahead import ahead
from wowbot.replay.compare import LongLine
from wowbot.replay.rendered import with_frames
from wowbot.replay.run import Baseline, Examination, Outcome
from wowbot.replay.stages import Replay, Stage, Stages
from wowbot.replay.truth import Truth


def seconds_from(text: str) -> float:
    """ "12.4s", "12.4" or "1:05.5" -> seconds; for argparse."""
    try:
        minutes, _, rest = text.removesuffix("s").rpartition(":")
        value = 60.0 * float(minutes or 0) + float(rest)
    except ValueError:
        value = -1.0
    if value < 0:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected seconds such as 12.4s, or minutes such as 1:05")
    return value


def ticks_of(
    recording: Recording, *, start: Start | None = None, pixels: bool = True, repeat: bool = False
) -> Iterator[Tick]:
    """Ticks with their frames, rendered again where the recording keeps seed and actions instead.

    Args:
        start: ignored with rendered frames: those begin at the beginning.
        repeat: give ticks whose frame was left out as unchanged the picture of before.
    """
    if pixels and is_rendered(recording):
        from wowbot.taping import session_from

        return with_frames(
            recording.entries(), recording.header, lambda header: session_from(header, str(recording.path))
        )
    return recording.shown_ticks(start=start) if pixels and repeat else recording.ticks(pixels=pixels, start=start)


def is_rendered(recording: Recording) -> bool:
    """Whether frames come from the simulator instead of the file."""
    return recording.header.kind == "sim" and recording.header.frames == "sim"


def stages_of(recording: Recording, profile: str | None = None, start: Start | None = None) -> Stages:
    """The parts that run it again, standing as the recorded run stood at `start`."""
    from wowbot.build import replay_stages

    stages = replay_stages(recording.header, profile)
    if profile is None:
        stages.restore(recording.snapshots(start))
    return stages


@dataclass(frozen=True, slots=True)
class Job:
    """How to replay a recording.

    Args:
        chosen: stages. profile: another profile by name. chain: see Replay.
    """

    chosen: tuple[Stage, ...]
    profile: str | None = None
    chain: bool = False
    make_refs: bool = False


def examine(recording: Recording, job: Job, baseline: Baseline | None, truth: Truth, long: LongLine) -> Outcome:
    """Run the job with a progress bar on a terminal."""
    layout = recording.header.layout
    replay = Replay(
        stages_of(recording, job.profile), recording.layouts, job.chosen, job.chain, layout.id if layout else ""
    )
    with progress(recording.path.name, recording.index.ticks) as told:
        examination = Examination(replay, baseline, truth, job.make_refs, long, told)
        ticks = ticks_of(recording, pixels="perception" in job.chosen, repeat=True)
        return examination.run(ahead(ticks), recording.index.first_t_ns)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal; told how much is done so far."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=max(1, total))
        yield lambda done: bar.update(task, completed=done)


def existing(path: Path) -> Path:
    """The path, checked.

    Raises:
        ConfigError: nothing is there.
    """
    if not path.exists():
        raise ConfigError(f"{path}: no such file; expected a .mcap recording or a folder that holds recording.mcap")
    return path
