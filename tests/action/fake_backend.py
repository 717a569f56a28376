"""A keyboard in memory for the scheduled sink."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wowbot.action.sink import CornerStop
from wowbot.core.errors import ActionError

WAIT_S = 5.0


class MemoryKeyboard:
    """InputBackend that writes down what it is told.

    Args:
        log: shared with the fake watchdog, so that the order between them shows.
    """

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.front = True
        self.corner_at = ""
        self.broken = False
        self.closed = False
        self._changed = threading.Condition()

    def code(self, key: str) -> str:
        if key == "f24":
            raise ActionError("this keyboard has no key 'f24'")
        return f"k-{key}"

    @contextmanager
    def gate(self, at: tuple[int, int] | None) -> Iterator[bool]:
        self._write("gate")
        yield self.front
        self._write("end")

    def down(self, key: str) -> None:
        if self.broken:
            raise OSError("the display is gone")
        if key == self.corner_at:
            raise CornerStop("corner")
        self._write(f"+{key}")

    def up(self, key: str) -> None:
        self._write(f"-{key}")

    def move(self, at: tuple[int, int]) -> None:
        self._write(f"move {at[0]},{at[1]}")

    def scroll(self, amount: int) -> None:
        self._write(f"scroll {amount}")

    def close(self) -> None:
        self.closed = True
        self._write("closed")

    def wait(self, holds: Callable[[], bool]) -> None:
        """Until it holds; fails loudly when it never does."""
        with self._changed:
            assert self._changed.wait_for(holds, WAIT_S), self.log

    def poke(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _write(self, what: str) -> None:
        with self._changed:
            self.log.append(what)
            self._changed.notify_all()


class MemoryWatch:
    """KeyWatch that writes into the same log."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.down: set[str] = set()

    def pressing(self, code: str) -> None:
        self.down.add(code)
        self.log.append(f"watch {code}")

    def released(self, code: str) -> None:
        self.down.discard(code)
