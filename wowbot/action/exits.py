"""Letting go of the keys however the program ends: SIGTERM and its kin, an unhandled exception, the interpreter's exit."""

from __future__ import annotations

import atexit
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Protocol

SIGNALS = ("SIGTERM", "SIGHUP", "SIGBREAK")


class Haltable(Protocol):
    def halt(self) -> None: ...
    def close(self) -> None: ...


class ExitRelease:
    """While installed, a terminating signal first lifts every key, then asks the run to end.

    Wiring: `ExitRelease(sink, guard.request_stop)` among the services: `start` before the first tick, `close` after
    `agent.close()`. Ctrl-C stays KeyboardInterrupt, which ends in `agent.close()`, which lifts the keys first. On another
    thread than the main one Python allows no signal handlers, and only the interpreter's exit is watched.

    Args:
        sink: lifted at once by `halt`; closed at the interpreter's exit.
        request_stop: told why the run must end. A second signal ends the program there and then.
    """

    def __init__(self, sink: Haltable, request_stop: Callable[[str], None]) -> None:
        self._sink = sink
        self._request_stop = request_stop
        self._before: dict[int, Any] = {}
        self._asked = False

    def start(self) -> None:
        on_main = threading.current_thread() is threading.main_thread()
        for name in SIGNALS if on_main else ():
            number = getattr(signal, name, None)
            if number is not None:
                self._before[number] = signal.signal(number, self._terminated)
        atexit.register(self._sink.close)

    def close(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()
        atexit.unregister(self._sink.close)

    def _terminated(self, number: int, frame: FrameType | None) -> None:
        self._sink.halt()
        self._request_stop(f"signal {signal.Signals(number).name}")
        if self._asked:
            sys.exit(128 + number)
        self._asked = True
