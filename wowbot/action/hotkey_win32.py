"""Hearing a key on Windows through RegisterHotKey. Source: Microsoft Learn, winuser.h."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

from wowbot.action.keysyms import VIRTUAL_KEYS
from wowbot.core.errors import ActionError

MOD_NOREPEAT = 0x4000
WM_HOTKEY, WM_QUIT = 0x0312, 0x0012


class Win32Listener:
    """Listener "win32". The key is registered with every set of shift, ctrl and alt, since the agent may hold one."""

    def __init__(self) -> None:
        load: Any = getattr(ctypes, "WinDLL")  # noqa: B009 - the name exists on Windows only
        self._user32, self._kernel32 = load("user32"), load("kernel32")
        self._thread_id = 0

    def open(self, key: str) -> None:
        if key not in VIRTUAL_KEYS:
            raise ActionError(f"{key!r} cannot be the stop key; use one of {', '.join(VIRTUAL_KEYS)}")
        self._thread_id = int(self._kernel32.GetCurrentThreadId())
        for mods in range(8):
            if not self._user32.RegisterHotKey(None, mods + 1, mods | MOD_NOREPEAT, VIRTUAL_KEYS[key]) and mods == 0:
                raise ActionError(f"another program has taken the key {key!r} for itself: choose another stop key")

    def listen(self, pressed: Callable[[], None]) -> None:
        message = wintypes.MSG()
        while self._user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == WM_HOTKEY:
                pressed()
        for mods in range(8):
            self._user32.UnregisterHotKey(None, mods + 1)

    def stop(self) -> None:
        self._user32.PostThreadMessageW(self._thread_id, WM_QUIT, 0, 0)
