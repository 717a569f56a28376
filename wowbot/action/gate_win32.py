"""The Windows gate: asks for the foreground window right before the press.

Windows has no way to make the question and SendInput one step: between them lie some microseconds in which another window
may come to the front and get the key. The guard's own check, a frame earlier, leaves only switches that fall into that gap.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from typing import Any

from wowbot.action.sinks import Target

GA_ROOT = 2
XDOWN, XUP = 0x0080, 0x0100


class Win32Gate:
    """Gate over user32."""

    def __init__(self, target: Target) -> None:
        load: Any = getattr(ctypes, "WinDLL")  # noqa: B009 - the name exists on Windows only
        self._user32 = load("user32")
        self._user32.GetForegroundWindow.restype = wintypes.HWND
        self._user32.WindowFromPoint.argtypes = [wintypes.POINT]
        self._user32.WindowFromPoint.restype = wintypes.HWND
        self._user32.GetAncestor.restype = wintypes.HWND
        self._handle = target.handle

    @contextmanager
    def open(self, at: tuple[int, int] | None) -> Iterator[bool]:
        """See Gate."""
        yield self._user32.GetForegroundWindow() == self._handle and (at is None or self._is_under_pointer(at))

    def to_screen(self, at: tuple[int, int]) -> tuple[int, int]:
        point = wintypes.POINT(*at)
        self._user32.ClientToScreen(wintypes.HWND(self._handle), ctypes.byref(point))
        return int(point.x), int(point.y)

    def side_button(self, number: int, down: bool) -> None:
        self._user32.mouse_event(XDOWN if down else XUP, 0, 0, number - 3, 0)

    def _is_under_pointer(self, at: tuple[int, int]) -> bool:
        x, y = self.to_screen(at)
        self._user32.SetCursorPos(x, y)
        top = self._user32.GetAncestor(self._user32.WindowFromPoint(wintypes.POINT(x, y)), GA_ROOT)
        return bool(top == self._handle)
