"""The sinks by name, and what the back-end of a real one must do.

Wiring: `SINKS.load("pyautogui")(clock, target, watchdog=..., report=...)` for a real window,
`SINKS.load("null")(clock)` for a dry run. The simulator brings its own sink with its session.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from wowbot.core.registry import Registry

SINKS = Registry(
    "sink",
    {
        "pyautogui": "wowbot.action.sink:PyautoguiSink",
        "null": "wowbot.action.null:NullSink",
    },
)


class Target(NamedTuple):
    """The window that keys may reach, by its handle (X window id, HWND) and its owner's process id (macOS)."""

    handle: int
    pid: int = 0


class InputBackend(Protocol):
    """Presses real keys. Made and used on the sink's thread only."""

    def code(self, key: str) -> str:
        """The watchdog's name for a key or button ("k38", "b1").

        Raises:
            ActionError: this keyboard has no such key.
        """

    def gate(self, at: tuple[int, int] | None) -> AbstractContextManager[bool]:
        """Open the way to the target window. True: until the block ends, presses reach that window and no other.

        Args:
            at: for a click, the spot in window client pixels; the pointer is moved there, and the answer is False also
                when another window lies over it.
        """

    def down(self, key: str) -> None: ...
    def up(self, key: str) -> None: ...
    def move(self, at: tuple[int, int]) -> None:
        """Move the pointer to `at`, window client pixels."""

    def scroll(self, amount: int) -> None: ...
    def close(self) -> None: ...


class KeyWatch(Protocol):
    """Is told of every key before it goes down and after it went up."""

    def pressing(self, code: str) -> None: ...
    def released(self, code: str) -> None: ...
