"""What the recorder writes, the reader gives back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.recording.ticks import LAYOUT, image_at, run, shown, tick_at
from wowbot.core.event import Event
from wowbot.core.layout import Layout
from wowbot.recording.choice import parse_choice
from wowbot.recording.reader import Recording
from wowbot.recording.schema import Header, ProfileText
from wowbot.recording.source import RecordingSource
from wowbot.recording.tap import RecordingTap, RecordOptions

HEADER = Header("live", "test", layout=LAYOUT, profile=ProfileText("test", "test", "name = 'test'", "actions=bolt"))


class Counter:
    """A stateful part that counts its own snapshots."""

    def __init__(self) -> None:
        self.taken = 0

    def snapshot(self) -> dict[str, object]:
        self.taken += 1
        return {"taken": self.taken, "at": (1, 2)}


def record(path: Path, count: int, frames: str = "all", **options: bool) -> Path:
    tap = RecordingTap(path, HEADER, RecordOptions(parse_choice(frames), min_free_mb=0), {"tracker": Counter()})
    for tick in run(count, **options):
        tap.on_tick(tick)
    tap.close()
    assert not tap.stats.stopped
    return path


def test_every_tick_and_pixel_reads_back_exactly(tmp_path: Path) -> None:
    path = record(tmp_path / "a.mcap", 130)
    with Recording(path) as recording:
        found = list(recording.ticks())
        assert recording.indexed
        assert recording.index.ticks == recording.index.frames == 130
        assert recording.header.layout == LAYOUT
        assert recording.profiles["test"].rules == "actions=bolt"
        assert recording.ending is not None
        assert recording.ending.ticks == 130
    assert [shown(tick) for tick in found] == [shown(tick) for tick in run(130)]


def test_reading_can_start_in_the_middle_with_the_snapshot_taken_there(tmp_path: Path) -> None:
    path = record(tmp_path / "a.mcap", 130)
    with Recording(path) as recording:
        start = recording.start_at(t_s=4.5)
        assert start is not None
        assert 0 < recording.t_s(start.t_ns) <= 4.5
        assert recording.snapshots(start)["tracker"]["taken"] == 3
        found = list(recording.ticks(start=start))
    assert [shown(tick) for tick in found] == [shown(tick) for tick in run(130)][start.frame_index :]


def test_without_pixels_the_ticks_are_the_same_but_for_their_images(tmp_path: Path) -> None:
    with Recording(record(tmp_path / "a.mcap", 50)) as recording:
        assert all(tick.frame.image is None for tick in recording.ticks(pixels=False))
        states = [tick.state for tick in recording.ticks(pixels=False)]
    assert states == [tick.state for tick in run(50)]


@pytest.mark.parametrize(
    ("frames", "kept"),
    [("all", 60), ("changed", 60), ("5fps", 15), ("regions", 60), ("none", 0), ("sim", 0), ("5fps-regions", 15)],
)
def test_the_choice_says_how_many_frames_are_kept(tmp_path: Path, frames: str, kept: int) -> None:
    with Recording(record(tmp_path / "a.mcap", 60, frames)) as recording:
        assert recording.header.frames == frames
        assert recording.index.frames == kept
        assert recording.index.ticks == 60
        assert sum(tick.frame.image is not None for tick in recording.ticks()) == kept


def test_changed_keeps_a_frame_only_when_a_region_changed(tmp_path: Path) -> None:
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(parse_choice("changed"), min_free_mb=0))
    for n in range(20):
        image = image_at(0).copy()
        image[30:36] = n  # the world moves, the regions do not
        image[9, 8:12] = 40 * (n // 5)
        tap.on_tick(tick_at(n, image=image))
    tap.close()
    with Recording(tmp_path / "a.mcap") as recording:
        kept = [entry.tick.frame.index for entry in recording.entries() if entry.tick.frame.image is not None]
        shown = [tick.frame for tick in recording.shown_ticks()]
    assert kept == [0, 5, 10, 15]
    assert [int(frame.image[9, 8, 0]) for frame in shown if frame.image is not None] == [
        40 * (n // 5) for n in range(20)
    ]
    assert [frame.index for frame in shown if frame.changed == ()] == [n for n in range(20) if n % 5]


def test_regions_keep_the_pixels_of_every_region_and_no_others(tmp_path: Path) -> None:
    with Recording(record(tmp_path / "a.mcap", 30, "regions")) as recording:
        for n, tick in enumerate(recording.ticks()):
            image, real = tick.frame.image, image_at(n)
            assert image is not None
            for region in LAYOUT.regions.values():
                np.testing.assert_array_equal(region.rect.crop(image), region.rect.crop(real))
            assert not image[25:31].any()


def test_a_still_picture_costs_almost_nothing(tmp_path: Path) -> None:
    still = np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(segment_s=1e9, min_free_mb=0))
    for n in range(50):
        tap.on_tick(tick_at(n, image=still.copy()))
    tap.close()
    assert (tmp_path / "a.mcap").stat().st_size < 1.1 * still.nbytes
    with Recording(tmp_path / "a.mcap") as recording:
        assert all(
            np.array_equal(tick.frame.image, still) for tick in recording.ticks() if tick.frame.image is not None
        )


def test_a_window_that_changes_its_size_is_followed(tmp_path: Path) -> None:
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(min_free_mb=0))
    sizes = [(64, 48)] * 3 + [(80, 30)] * 3 + [(64, 48)]
    for n, size_wh in enumerate(sizes):
        tap.on_tick(
            tick_at(n, image=image_at(n, size_wh) if size_wh == (64, 48) else np.full((30, 80, 3), n, np.uint8))
        )
    tap.close()
    with Recording(tmp_path / "a.mcap") as recording:
        assert [tick.frame.size_wh for tick in recording.ticks()] == sizes


def test_configs_markers_and_notes_stand_where_they_came_in(tmp_path: Path) -> None:
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(min_free_mb=0))
    for tick in run(3):
        tap.on_tick(tick)
    tap.mark("here")
    tap.note("turn", {"prompt": "what now", "answer": "run"})
    tap.set_profile(ProfileText("other", "other", "", "actions=other"))
    tap.set_layout(Layout("next", "next", "other", (64, 48), 1.0, LAYOUT.regions))
    key = tick_at(3)
    tap.on_tick(
        key.__class__(
            **{name: getattr(key, name) for name in key.__slots__}
            | {"events": (Event("marker", 3, {"label": "key"}, 3),)}
        )
    )
    tap.close()
    with Recording(tmp_path / "a.mcap") as recording:
        assert [(m.frame_index, m.label) for m in recording.markers] == [(2, "here"), (3, "key")]
        assert recording.notes[0].payload["answer"] == "run"
        assert set(recording.profiles) == {"test", "other"}
        assert set(recording.layouts) == {"small", "next"}


def test_frames_beyond_the_waiting_memory_are_dropped_and_counted(tmp_path: Path) -> None:
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(waiting_mb=0.0, min_free_mb=0))
    for tick in run(10):
        tap.on_tick(tick)
    tap.close()
    assert tap.stats.dropped_frames == 10
    with Recording(tmp_path / "a.mcap") as recording:
        assert recording.ending is not None
        assert recording.ending.dropped_frames == 10
        assert {entry.pixels for entry in recording.entries()} == {"dropped"}


def test_the_source_gives_the_frames_alone(tmp_path: Path) -> None:
    source = RecordingSource(record(tmp_path / "a.mcap", 60, "5fps"))
    source.open()
    indices = []
    while (frame := source.read()) is not None:
        indices.append(frame.index)
    source.close()
    assert indices == list(range(0, 60, 4))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no interval timer to interrupt by")
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # an interrupted finaliser is no failure here
def test_ctrl_c_in_the_middle_of_a_tick_does_not_keep_the_recorder_from_closing(tmp_path: Path) -> None:
    tap = RecordingTap(tmp_path / "a.mcap", HEADER, RecordOptions(parse_choice("none"), min_free_mb=0))
    count = 0
    for n in range(150):
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.0005 + n % 10 * 1e-5)
            for _ in range(400):  # not for ever: what interrupts a finaliser is not told
                tap.on_tick(tick_at(count))
                count += 1
            signal.setitimer(signal.ITIMER_REAL, 0.0)
        except KeyboardInterrupt:
            continue
    closing = threading.Thread(target=tap.close, daemon=True)
    closing.start()
    closing.join(timeout=20.0)
    assert not closing.is_alive()
    with Recording(tmp_path / "a.mcap") as recording:
        assert recording.index.ticks > 0


@pytest.fixture(autouse=True)
def _interrupting_timer() -> Iterator[None]:
    """Let an interval timer do as Ctrl-C does."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    signal.signal(signal.SIGALRM, before)
