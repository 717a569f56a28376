"""What the watchdog process keeps in mind."""

import pytest

from wowbot.action.watchdog_child import KeyKeeper, lift


class Fingers:
    def __init__(self) -> None:
        self.lifted: list[str] = []
        self.flushes = 0

    def lift(self, code: str) -> None:
        self.lifted.append(code)

    def flush(self) -> None:
        self.flushes += 1


def keeper(*lines: str, hung_s: float = 2.0) -> tuple[KeyKeeper, Fingers]:
    fingers = Fingers()
    made = KeyKeeper(fingers, hung_s)
    for now, line in enumerate(lines):
        made.obey(line, float(now))
    return made, fingers


def test_only_keys_that_are_down_are_lifted() -> None:
    made, fingers = keeper("d k38", "d b1", "u k38", "d k40")
    made.lift_all()
    assert fingers.lifted == ["b1", "k40"]
    assert fingers.flushes == 1


def test_lifting_twice_lifts_the_same_keys_again() -> None:
    made, fingers = keeper("d k38")
    made.lift_all()
    made.lift_all()
    assert fingers.lifted == ["k38", "k38"]


def test_a_loop_that_ticked_and_then_does_not_hangs_once() -> None:
    made, _ = keeper("t")
    assert not made.hangs(1.9)
    assert made.hangs(2.0)
    assert not made.hangs(9.0)
    made.obey("t", 10.0)
    assert made.hangs(12.0)


def test_a_loop_that_never_ticked_or_rests_does_not_hang() -> None:
    assert not keeper()[0].hangs(100.0)
    assert not keeper("t", "p")[0].hangs(100.0)


def test_no_limit_means_no_hang() -> None:
    assert not keeper("t", hung_s=0.0)[0].hangs(100.0)


def test_unknown_lines_are_passed_over() -> None:
    assert keeper("hello world", "", "u k7")[0].down == ()


class NoFingers(Fingers):
    """What Xlib does once its server is gone."""

    def flush(self) -> None:
        raise TypeError("'BrokenPipeError' object is not subscriptable")


def test_a_display_that_is_gone_does_not_kill_the_watchdog(capfd: pytest.CaptureFixture[str]) -> None:
    made = KeyKeeper(NoFingers(), 2.0)
    assert not lift(made)
    assert capfd.readouterr().out.startswith("failed to lift the keys")
