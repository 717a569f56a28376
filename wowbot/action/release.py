"""Lifting keys from another process, by code: what the watchdog does when the agent is dead.

Codes come from `InputBackend.code`: "k<number>" for a key (X keycode, virtual-key code, CGKeyCode), "b<index>" for a mouse
button by its place in MOUSE_BUTTONS. Measured on X11: a key-up from another client does release a dead client's key.
"""

from __future__ import annotations

import sys
from typing import Any, Protocol

from wowbot.core.x11 import open_display

KEYEVENTF_KEYUP = 0x0002
MOUSE_UPS = ((0x0004, 0), (0x0010, 0), (0x0040, 0), (0x0100, 1), (0x0100, 2))
"""(MOUSEEVENTF flag, data) of left, right, middle, X1, X2. Source: Win32 mouse_event."""
X_BUTTONS = (1, 3, 2, 8, 9)


class Releaser(Protocol):
    """Lifts one key or button."""

    def lift(self, code: str) -> None: ...
    def flush(self) -> None: ...


class X11Releaser:
    """Through XTEST on a connection of its own."""

    def __init__(self) -> None:
        from Xlib import X
        from Xlib.ext import xtest

        self._display = open_display()
        self._fake_input = xtest.fake_input
        self._up = {"k": X.KeyRelease, "b": X.ButtonRelease}

    def lift(self, code: str) -> None:
        number = int(code[1:])
        detail = number if code[0] == "k" else X_BUTTONS[number]
        self._fake_input(self._display, self._up[code[0]], detail)

    def flush(self) -> None:
        self._display.sync()


class Win32Releaser:
    """Through user32 keybd_event and mouse_event."""

    def __init__(self) -> None:
        import ctypes

        self._user32: Any = getattr(ctypes, "windll").user32  # noqa: B009 - the name exists on Windows only

    def lift(self, code: str) -> None:
        number = int(code[1:])
        if code[0] == "k":
            self._user32.keybd_event(number, 0, KEYEVENTF_KEYUP, 0)
        else:
            flag, data = MOUSE_UPS[number]
            self._user32.mouse_event(flag, 0, 0, data, 0)

    def flush(self) -> None:
        """user32 queues nothing."""


class MacReleaser:
    """Through Quartz events."""

    def __init__(self) -> None:
        import Quartz

        self._quartz: Any = Quartz

    def lift(self, code: str) -> None:
        quartz, number = self._quartz, int(code[1:])
        if code[0] == "k":
            event = quartz.CGEventCreateKeyboardEvent(None, number, False)
        else:
            kind = (quartz.kCGEventLeftMouseUp, quartz.kCGEventRightMouseUp)[number] if number < 2 else None
            kind = quartz.kCGEventOtherMouseUp if kind is None else kind
            here = quartz.CGEventGetLocation(quartz.CGEventCreate(None))
            event = quartz.CGEventCreateMouseEvent(None, kind, here, number)
        quartz.CGEventPost(quartz.kCGHIDEventTap, event)

    def flush(self) -> None:
        """Quartz posts at once."""


def open_releaser() -> Releaser:
    """The one of this machine."""
    if sys.platform == "win32":
        return Win32Releaser()
    if sys.platform == "darwin":
        return MacReleaser()
    return X11Releaser()
