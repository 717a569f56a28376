"""Time behind one Protocol, so that a test, the simulator and the live agent differ only in the clock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic nanoseconds."""

    def now_ns(self) -> int: ...
    def sleep_until(self, t_ns: int) -> None: ...


class MonotonicClock:
    """The machine's own monotonic clock."""

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def sleep_until(self, t_ns: int) -> None:
        left = t_ns - time.monotonic_ns()
        if left > 0:
            time.sleep(left / 1e9)


class ManualClock:
    """Moves only when told: for tests and the simulator's game time."""

    def __init__(self, t_ns: int = 0) -> None:
        self.t_ns = t_ns

    def now_ns(self) -> int:
        return self.t_ns

    def sleep_until(self, t_ns: int) -> None:
        self.t_ns = max(self.t_ns, t_ns)
