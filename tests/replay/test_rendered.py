"""A recording without frames shows the same pixels again, or says that it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.replay.parts import HEADER, live_run
from wowbot.core.action import Action, KeyEvent
from wowbot.core.errors import RecordingError
from wowbot.core.frame import Frame
from wowbot.core.tick import Tick
from wowbot.recording.choice import parse_choice
from wowbot.recording.reader import Recording
from wowbot.recording.schema import Header, SimFacts
from wowbot.recording.tap import RecordingTap, RecordOptions
from wowbot.replay.rendered import with_frames

SIM = replace(HEADER, kind="sim", sim=SimFacts("test", 1, (32, 24), "wotlk", 20.0))


class Pile:
    """A world whose picture depends on every action it was given.

    Args:
        tint: another renderer.
    """

    def __init__(self, tint: int = 0) -> None:
        self.n, self.sum, self.tint = -1, 0, tint
        self.sink = self

    def open(self) -> None: ...
    def close(self) -> None: ...

    def read(self) -> Frame | None:
        self.n += 1
        image = np.full((24, 32, 3), (7 * self.n + self.sum + self.tint) % 256, np.uint8)
        return Frame(self.n, self.n * 50_000_000, image, "sim")

    def send(self, action: Action) -> Action | None:
        self.sum += len(action.ability)
        return action

    def drain(self) -> tuple[KeyEvent, ...]:
        return ()

    def release_all(self) -> None:
        self.sum += 100


def world_run(count: int) -> Iterator[Tick]:
    world = Pile()
    for tick in live_run(count):
        frame = world.read()
        assert frame is not None
        yield replace(tick, frame=frame, verdict=replace(tick.verdict, release=tick.frame.index == 7))
        if tick.frame.index == 7:
            world.release_all()
        for action in tick.accepted:
            world.send(action)


def sim_recording(path: Path) -> Path:
    tap = RecordingTap(path, SIM, RecordOptions(parse_choice("sim"), min_free_mb=0))
    for tick in world_run(60):
        tap.on_tick(tick)
    tap.close()
    return path


def test_frames_come_back_bit_for_bit_from_the_recorded_actions(tmp_path: Path) -> None:
    with Recording(sim_recording(tmp_path / "a.mcap")) as recording:
        assert recording.index.frames == 0
        found = list(with_frames(recording.entries(), recording.header, lambda _header: Pile()))
    for tick, real in zip(found, world_run(60), strict=True):
        assert tick.frame.image is not None
        np.testing.assert_array_equal(tick.frame.image, real.frame.image)


def test_another_renderer_is_noticed_at_its_first_frame(tmp_path: Path) -> None:
    with (
        Recording(sim_recording(tmp_path / "a.mcap")) as recording,
        pytest.raises(RecordingError, match="other pixels at tick 0"),
    ):
        list(with_frames(recording.entries(), recording.header, lambda _header: Pile(tint=1)))


def test_a_recording_with_frames_needs_no_session(tmp_path: Path) -> None:
    def none(_header: Header) -> Pile:
        raise AssertionError

    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(min_free_mb=0))
    for tick in live_run(5):
        tap.on_tick(tick)
    tap.close()
    with Recording(tmp_path / "a.mcap") as recording:
        assert len(list(with_frames(recording.entries(), recording.header, none))) == 5
