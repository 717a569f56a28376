"""The last seconds are always at hand."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from tests.recording.test_tap import HEADER, Counter
from tests.recording.ticks import image_at, run, shown, tick_at
from wowbot.recording.choice import ALL
from wowbot.recording.reader import Recording
from wowbot.recording.schema import ProfileText
from wowbot.recording.tail import TailTap
from wowbot.recording.tap import RecordOptions

WHOLE = RecordOptions(ALL, segment_s=0.5)


def test_the_last_seconds_are_saved_with_why_the_run_ended(tmp_path: Path) -> None:
    tail = TailTap(HEADER, seconds=3.0, options=WHOLE, parts={"tracker": Counter()})
    for tick in run(200):
        tail.on_tick(tick)
    tail.save(tmp_path / "tail.mcap", "stuck")
    tail.close()
    with Recording(tmp_path / "tail.mcap") as recording:
        found = list(recording.ticks())
        assert recording.ending is not None
        assert recording.ending.why == "stuck"
        assert "tracker" in recording.snapshots()
    assert 3.0 <= (found[-1].frame.t_ns - found[0].frame.t_ns) / 1e9 < 4.2
    assert [shown(tick) for tick in found] == [shown(tick) for tick in run(200)][-len(found) :]


def test_what_is_kept_stays_within_its_memory(tmp_path: Path) -> None:
    tail = TailTap(HEADER, seconds=1000.0, options=WHOLE, limit_mb=0.05)
    for tick in run(400):
        tail.on_tick(tick)
    tail.settle()
    assert tail.stats.nbytes < 0.05e6 + 20_000
    tail.close()


def test_what_is_kept_takes_no_more_memory_than_it_counts() -> None:
    size_wh = (320, 240)
    tail = TailTap(HEADER, seconds=1000.0, options=WHOLE)
    tracemalloc.start()
    try:
        for n in range(40):
            tail.on_tick(tick_at(n, image=image_at(n, size_wh)))
            tail.settle()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    counted, frame = tail.stats.nbytes, size_wh[0] * size_wh[1] * 3
    tail.close()
    assert taken < counted + 6 * frame  # the frame before, the differences, and the tick at hand are held besides


def test_a_profile_taken_over_long_ago_is_still_in_the_tail(tmp_path: Path) -> None:
    tail = TailTap(HEADER, seconds=1.0, options=WHOLE)
    for n in range(100):
        if n == 5:
            tail.set_profile(ProfileText("late", "late", "", "actions=late"))
        tail.on_tick(tick_at(n))
    tail.save(tmp_path / "tail.mcap", "x")
    tail.close()
    with Recording(tmp_path / "tail.mcap") as recording:
        assert "late" in recording.profiles


def test_a_run_that_never_ticked_saves_an_empty_tail(tmp_path: Path) -> None:
    tail = TailTap(HEADER)
    tail.save(tmp_path / "tail.mcap", "no window")
    tail.close()
    with Recording(tmp_path / "tail.mcap") as recording:
        assert list(recording.ticks()) == []
