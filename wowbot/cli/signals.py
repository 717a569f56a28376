"""Ctrl-C, polite kills and closed terminals: a loop is asked to end between two ticks, all else is interrupted.

An exception out of nowhere in the middle of a tick can tear anything, the locks of Python's own threading module included
(a notification gets lost, and the thread that waits for it never ends).
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Those that mean "please end", Ctrl-C (SIGINT) apart; which of them exist differs by OS."""
AGAIN_S = 1.0
"""A second signal sooner than this is the same wish: `timeout` for one sends two."""

Handler = Callable[[int, FrameType | None], None]


@dataclass(slots=True)
class Asked:
    """Why a loop was asked to end, "" when it was not; seconds of the monotonic clock when."""

    why: str = ""
    at_s: float = 0.0


@contextmanager
def signals_as_interrupt() -> Iterator[None]:
    """A polite kill or a closed terminal ends a command as Ctrl-C does: by a KeyboardInterrupt with the signal's name."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    with _handled(ENDING_SIGNALS, interrupt):
        yield


@contextmanager
def signals_ask(stop: Callable[[str], None]) -> Iterator[Asked]:
    """The first signal, Ctrl-C included, calls `stop(why)`; one AGAIN_S later interrupts a loop that does not end."""
    asked = Asked()

    def ask(number: int, _frame: FrameType | None) -> None:
        name = signal.Signals(number).name
        if asked.why and time.monotonic() - asked.at_s >= AGAIN_S:
            raise KeyboardInterrupt(*([] if number == signal.SIGINT else [name]))
        if not asked.why:
            asked.why, asked.at_s = interrupted("" if number == signal.SIGINT else name), time.monotonic()
            stop(asked.why)

    with _handled(("SIGINT", *ENDING_SIGNALS), ask):
        yield asked


def interrupted(name: str) -> str:
    """Why the run ended, for the report. Args: name: of the signal, "" for Ctrl-C's."""
    return f"interrupted ({name or 'Ctrl-C'})"


@contextmanager
def _handled(names: tuple[str, ...], handler: Handler) -> Iterator[None]:
    """Python takes signals on the main thread only: elsewhere nothing is changed."""
    on_main = threading.current_thread() is threading.main_thread()
    present = [getattr(signal, name) for name in names if on_main and hasattr(signal, name)]
    before = {number: signal.signal(number, handler) for number in present}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
