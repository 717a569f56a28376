"""The live source on a screen in memory: pacing, following, statuses, and buffers that are never written again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from screen_fakes import ManualAlarm, MemoryScreen, OneWindow

from wowbot.capture.live import FULL_HZ, POLL_HZ, UNTOLD_HZ, Backends, LiveSource
from wowbot.capture.shared import Pixels
from wowbot.capture.windows import Window, WindowState
from wowbot.core.clock import ManualClock
from wowbot.core.frame import Frame
from wowbot.core.layout import Rect

WINDOW = Window(7, "game", Rect(10, 20, 160, 120))
BAR = Rect(5, 5, 40, 8)


class Bench:
    """A live source with its fakes."""

    def __init__(self, **options: object) -> None:
        self.clock = ManualClock(1_000)
        self.screen = MemoryScreen()
        self.system = OneWindow(WINDOW)
        self.alarm = ManualAlarm(self.clock)
        ears = self.alarm if options.pop("told", False) else None
        backends = Backends(lambda: self.system, lambda: self.screen, lambda: ears)  # type: ignore[arg-type,return-value]
        self.source = LiveSource(WINDOW, self.clock, backends=backends, **options)  # type: ignore[arg-type]
        self.source.open()

    def window_is(self, **changes: object) -> None:
        """Let the watch see the window so."""
        self.source._eyes.state = self.system.now = replace(self.system.now, **changes)  # type: ignore[arg-type]

    def read(self) -> Frame:
        frame = self.source.read()
        assert frame is not None
        return frame

    def paint_bar(self, value: int) -> None:
        Rect(WINDOW.rect.left + BAR.left, WINDOW.rect.top + BAR.top, BAR.width, BAR.height).crop(self.screen.shown)[
            :
        ] = value

    def paints_at(self, t_ns: int, value: int) -> Callable[[Sequence[Rect]], list[Pixels]]:
        """The screen's own look, before which the bar is painted when its time has come."""

        def looks(rects: Sequence[Rect]) -> list[Pixels]:
            if self.clock.t_ns >= t_ns:
                self.paint_bar(value)
            return MemoryScreen.pixels(self.screen, rects)

        return looks


@pytest.fixture
def fixed() -> Iterator[Bench]:
    bench = Bench(hz=50.0)
    yield bench
    bench.source.close()


@pytest.fixture
def eager() -> Iterator[Bench]:
    bench = Bench(hz=100.0, watch=(BAR,))
    yield bench
    bench.source.close()


def test_a_fixed_rate_spaces_frames_by_its_period(fixed: Bench) -> None:
    times = [fixed.read().t_ns for _ in range(4)]
    assert np.diff(times).tolist() == [20_000_000] * 3


def test_frames_count_from_zero_without_gaps(fixed: Bench) -> None:
    assert [fixed.read().index for _ in range(3)] == [0, 1, 2]


def test_a_loop_that_is_late_does_not_rush_to_catch_up(fixed: Bench) -> None:
    fixed.read()
    fixed.clock.t_ns += 500_000_000
    late = fixed.read().t_ns
    assert fixed.read().t_ns == late
    assert fixed.read().t_ns == late + 20_000_000


def test_the_frame_is_the_windows_client_area(fixed: Bench) -> None:
    fixed.screen.shown[20, 10] = (1, 2, 3)
    frame = fixed.read()
    assert frame.size_wh == (160, 120)
    assert frame.image is not None
    assert frame.image[0, 0].tolist() == [1, 2, 3]


def test_the_frame_follows_a_window_that_moves_and_grows(fixed: Bench) -> None:
    fixed.read()
    fixed.window_is(rect=Rect(30, 40, 200, 150))
    assert fixed.read().size_wh == (200, 150)


@pytest.mark.parametrize("status", ["minimised", "gone"])
def test_the_last_picture_is_repeated_while_there_is_none(fixed: Bench, status: str) -> None:
    before = fixed.read()
    fixed.window_is(status=status, focused=False)
    after = fixed.read()
    assert after.status == status
    assert after.image is before.image
    assert after.focused is False


def test_a_window_that_was_never_seen_gives_a_black_picture_of_its_size() -> None:
    bench = Bench()
    bench.window_is(status="gone")
    frame = bench.read()
    assert (frame.size_wh, frame.status) == ((160, 120), "gone")
    bench.source.close()


def test_a_covered_window_is_told(fixed: Bench) -> None:
    fixed.window_is(status="covered")
    assert fixed.read().status == "covered"


def test_a_black_picture_is_told(fixed: Bench) -> None:
    fixed.screen.shown[:] = 2
    assert fixed.read().status == "black"


def test_a_picture_that_has_not_changed_for_five_seconds_is_frozen(fixed: Bench) -> None:
    assert fixed.read().status == ""
    fixed.clock.t_ns += 5_100_000_000
    assert fixed.read().status == "frozen"
    fixed.screen.shown[:] = 120
    fixed.clock.t_ns += 200_000_000
    assert fixed.read().status == ""


def test_a_bar_that_moves_between_two_samples_is_no_frozen_picture(eager: Bench) -> None:
    for _ in range(70):
        before = eager.read()  # the whole window, at rest
        eager.paint_bar(200)
        moved = eager.read()
        eager.paint_bar(90)
        back = eager.read()
        assert (before.status, moved.status, back.status) == ("", "", "")
    assert back.t_ns > 6_000_000_000


def test_focus_is_in_the_frame(fixed: Bench) -> None:
    assert fixed.read().focused is True
    fixed.window_is(focused=False)
    assert fixed.read().focused is False


def test_eager_pacing_waits_for_a_change_in_a_watched_region(eager: Bench) -> None:
    eager.read()
    quiet = eager.read()
    eager.paint_bar(200)
    changed = eager.read()
    assert changed.t_ns == quiet.t_ns  # the quiet before has saved up its turn
    assert (quiet.changed, changed.changed) == (None, (BAR,))
    assert changed.image is not None
    assert BAR.crop(changed.image).min() == 200


def test_eager_pacing_regrabs_only_what_changed_and_into_a_new_buffer(eager: Bench) -> None:
    eager.read()
    old = eager.read()
    grabbed = eager.screen.images
    eager.paint_bar(200)
    new = eager.read()
    assert eager.screen.images == grabbed
    assert old.image is not None
    assert new.image is not None
    assert BAR.crop(old.image).max() == 90
    assert not np.shares_memory(old.image, new.image)
    outside = new.image.copy()
    BAR.crop(outside)[:] = 90
    assert np.array_equal(outside, old.image)


def test_eager_pacing_takes_the_whole_window_ten_times_a_second_without_a_change(eager: Bench) -> None:
    times = [eager.read().t_ns for _ in range(4)]
    assert all(gap == pytest.approx(100_000_000, rel=0.05) for gap in np.diff(times))
    assert eager.screen.images == 4


def test_eager_pacing_never_exceeds_its_rate(eager: Bench) -> None:
    eager.read()
    times = []
    for value in range(100, 110):
        eager.paint_bar(value)
        times.append(eager.read().t_ns)
    assert np.diff(times).min() >= 10_000_000


def test_eager_pacing_keeps_to_its_rate_through_quiet_and_unrest(eager: Bench) -> None:
    times = []
    for value in range(60):
        if value % 7 < 4:
            eager.paint_bar(value)
        times.append(eager.read().t_ns)
    for first in range(len(times)):  # so many frames need so many periods, but for the one that a quiet saves up
        spans = [times[last] - times[first] for last in range(first, len(times))]
        assert all(span >= (n - 1) * 10_000_000 for n, span in enumerate(spans))


@pytest.mark.parametrize("watch", [(), (BAR,)], ids=["fixed", "eager"])
def test_a_steady_loop_writes_into_the_same_memory_again_and_again(watch: tuple[Rect, ...]) -> None:
    bench = Bench(hz=100.0, watch=watch)
    places = set()
    for value in range(40):
        bench.paint_bar(value)
        image = bench.read().image
        assert image is not None
        places.add(image.__array_interface__["data"][0])
    assert len(places) <= 3
    bench.source.close()


def test_a_picture_that_is_still_held_is_never_written_to(eager: Bench) -> None:
    held = []
    for value in range(100, 130):
        eager.paint_bar(value)
        image = eager.read().image
        assert image is not None
        held.append((value, BAR.crop(image)[1:, ::2]))
        del image
    assert all((crop == value).all() for value, crop in held[1:])


@pytest.fixture
def told() -> Iterator[Bench]:
    bench = Bench(hz=100.0, watch=(BAR,), told=True)
    yield bench
    bench.source.close()
    assert bench.alarm.closed


def test_an_eager_source_that_is_told_of_drawing_looks_seldom_at_a_still_screen(told: Bench) -> None:
    start = told.read().t_ns
    while told.read().t_ns - start < 1_000_000_000:
        pass
    assert told.screen.looks <= UNTOLD_HZ + FULL_HZ


def test_what_is_drawn_is_seen_at_once(told: Bench) -> None:
    told.read()
    told.read()
    told.paint_bar(200)
    told.clock.t_ns += 3_000_000
    quiet = told.read()
    drawn = quiet.t_ns + 31_000_000
    told.alarm.drawn = [drawn]
    told.screen.pixels = told.paints_at(drawn, 120)  # type: ignore[method-assign]
    assert told.read().t_ns - drawn < 10_000


def test_a_screen_that_is_drawn_on_all_the_time_is_looked_at_no_more_often_than_without_an_alarm(told: Bench) -> None:
    start = told.read().t_ns
    told.alarm.drawn = list(range(start, start + 1_000_000_000, 100_000))
    while told.read().t_ns - start < 1_000_000_000:
        pass
    assert told.screen.looks <= POLL_HZ + FULL_HZ


def test_an_alarm_that_does_not_tell_of_a_change_is_not_waited_for_again(told: Bench) -> None:
    told.read()
    quiet = told.read()
    told.screen.pixels = told.paints_at(quiet.t_ns + 20_000_000, 200)  # type: ignore[method-assign]
    late = told.read()
    assert late.changed == (BAR,)
    assert late.t_ns - quiet.t_ns - 20_000_000 < 1e9 / UNTOLD_HZ
    assert told.alarm.closed
    quiet = told.read()
    told.screen.pixels = told.paints_at(quiet.t_ns + 20_000_000, 100)  # type: ignore[method-assign]
    seen = told.read()
    assert seen.changed == (BAR,)
    assert seen.t_ns - quiet.t_ns - 20_000_000 < 1e9 / POLL_HZ


def test_an_alarm_that_tells_a_moment_after_the_change_is_kept(told: Bench) -> None:
    told.read()
    quiet = told.read()
    told.paint_bar(200)
    told.alarm.drawn = [quiet.t_ns]
    assert told.read().changed == (BAR,)
    assert not told.alarm.closed


def test_other_regions_can_be_watched_from_now_on(eager: Bench) -> None:
    eager.read()
    eager.source.set_watch([Rect(100, 100, 10, 10)])
    eager.read()
    grabs = eager.screen.looks
    eager.paint_bar(200)
    assert eager.read().image is not None
    assert eager.screen.looks > grabs


def test_closing_closes_grabber_and_window_system() -> None:
    bench = Bench()
    bench.source.close()
    assert bench.screen.closed
    assert bench.system.closed


def test_an_error_of_the_window_system_comes_out_of_open() -> None:
    from wowbot.core.errors import CaptureError

    def broken() -> OneWindow:
        raise CaptureError("no windows today")

    source = LiveSource(WINDOW, ManualClock(), backends=Backends(broken, MemoryScreen))  # type: ignore[arg-type]
    with pytest.raises(CaptureError, match="no windows today"):
        source.open()


def test_the_state_before_the_first_look_is_not_in_front() -> None:
    assert WindowState(WINDOW.rect).focused is False


@pytest.mark.parametrize("options", [{"hz": 50.0}, {"hz": 100.0, "watch": (BAR,), "told": True}])
def test_a_window_that_has_moved_is_taken_where_it_is_before_the_watch_has_seen_it(options: dict[str, object]) -> None:
    bench = Bench(**options)
    here, there = WINDOW.rect, Rect(100, 60, WINDOW.rect.width, WINDOW.rect.height)
    rng = np.random.default_rng(4)
    picture = rng.integers(0, 255, (here.height, here.width, 3), np.uint8)
    here.crop(bench.screen.shown)[:] = picture
    assert (bench.read().image == picture).all()
    bench.screen.shown[:] = 30
    there.crop(bench.screen.shown)[:] = picture
    bench.system.now = replace(bench.system.now, rect=there)
    bench.source._eyes.state = replace(bench.system.now, rect=here)
    for _ in range(3):
        frame = bench.read()
        assert frame.status == ""
        assert frame.image is not None
        assert (frame.image == picture).all()
    assert bench.source._deaf is False
    bench.source.close()


def test_a_window_that_keeps_moving_is_said_to(fixed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    places = iter(Rect(10 + n, 20, 160, 120) for n in range(1, 100))
    fixed.read()
    monkeypatch.setattr(fixed.system, "state", lambda window: WindowState(next(places), "", True))
    fixed.screen.shown[:] = np.random.default_rng(4).integers(0, 255, fixed.screen.shown.shape, np.uint8)
    assert fixed.read().status == "moving"


@pytest.mark.parametrize("status", ["minimised", "gone", "covered"])
def test_what_lies_where_the_window_was_is_not_taken_for_it(fixed: Bench, status: str) -> None:
    picture = np.random.default_rng(4).integers(0, 255, (120, 160, 3), np.uint8)
    WINDOW.rect.crop(fixed.screen.shown)[:] = picture
    fixed.read()
    fixed.screen.shown[:] = 30
    fixed.system.now = replace(fixed.system.now, status=status)
    fixed.source._eyes.state = replace(fixed.system.now, status="")
    assert fixed.read().status == status
