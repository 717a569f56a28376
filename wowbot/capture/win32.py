"""Windows of a Windows desktop: listed by pygetwindow, everything else asked of user32.

The client area is meant, in physical pixels: the process declares itself aware of the DPI of each monitor first, or
Windows would hand out scaled coordinates while mss grabs real ones. Source: Microsoft Learn, winuser.h, dwmapi.h,
processthreadsapi.h.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import wintypes
from pathlib import PureWindowsPath
from typing import Any

from wowbot.capture.windows import Window, WindowState
from wowbot.core.layout import Rect

PER_MONITOR_AWARE_V2 = -4
GW_HWNDPREV = 3
DWMWA_CLOAKED = 14
PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
MAX_PATH = 1024


class Win32Windows:
    """The window system "windows"."""

    name = "windows"

    def __init__(self) -> None:
        load: Any = getattr(ctypes, "WinDLL")  # noqa: B009 - the name exists on Windows only
        self._user32, self._kernel32, self._dwmapi = load("user32"), load("kernel32"), load("dwmapi")
        self._user32.GetForegroundWindow.restype = wintypes.HWND
        self._user32.GetWindow.restype = wintypes.HWND
        self._kernel32.OpenProcess.restype = wintypes.HANDLE
        self._user32.SetProcessDpiAwarenessContext(ctypes.c_void_p(PER_MONITOR_AWARE_V2))

    def windows(self) -> Sequence[Window]:
        import pygetwindow

        titled = [(int(found._hWnd), str(found.title)) for found in pygetwindow.getAllWindows()]
        return [self._describe(handle, title) for handle, title in titled if title and self._is_visible(handle)]

    def state(self, window: Window) -> WindowState:
        handle = wintypes.HWND(window.handle)
        if not self._user32.IsWindow(handle):
            return WindowState(window.rect, "gone")
        if self._user32.IsIconic(handle) or not self._user32.IsWindowVisible(handle):
            return WindowState(window.rect, "minimised")
        rect = self._client_rect(window.handle)
        status = "covered" if self._is_covered(window.handle, rect) else ""
        return WindowState(rect, status, self._user32.GetForegroundWindow() == window.handle)

    def close(self) -> None:
        """Nothing is held open."""

    def _is_visible(self, handle: int) -> bool:
        return bool(self._user32.IsWindowVisible(wintypes.HWND(handle)))

    def _describe(self, handle: int, title: str) -> Window:
        name = ctypes.create_unicode_buffer(256)
        self._user32.GetClassNameW(wintypes.HWND(handle), name, 256)
        pid = wintypes.DWORD()
        self._user32.GetWindowThreadProcessId(wintypes.HWND(handle), ctypes.byref(pid))
        rect = self._client_rect(handle)
        return Window(handle, title, rect, int(pid.value), name.value, self._executable(int(pid.value)))

    def _client_rect(self, handle: int) -> Rect:
        box, corner = wintypes.RECT(), wintypes.POINT(0, 0)
        self._user32.GetClientRect(wintypes.HWND(handle), ctypes.byref(box))
        self._user32.ClientToScreen(wintypes.HWND(handle), ctypes.byref(corner))
        return Rect(int(corner.x), int(corner.y), int(box.right), int(box.bottom))

    def _executable(self, pid: int) -> str:
        process = self._kernel32.OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, False, pid)
        if not process:
            return ""
        try:
            path, size = ctypes.create_unicode_buffer(MAX_PATH), wintypes.DWORD(MAX_PATH)
            done = self._kernel32.QueryFullProcessImageNameW(wintypes.HANDLE(process), 0, path, ctypes.byref(size))
            return PureWindowsPath(path.value).name if done else ""
        finally:
            self._kernel32.CloseHandle(wintypes.HANDLE(process))

    def _is_covered(self, handle: int, rect: Rect) -> bool:
        """Whether a visible window higher in the Z order overlaps the client area."""
        above = self._user32.GetWindow(wintypes.HWND(handle), GW_HWNDPREV)
        while above:
            if self._user32.IsWindowVisible(wintypes.HWND(above)) and not self._is_cloaked(above):
                box = wintypes.RECT()
                self._user32.GetWindowRect(wintypes.HWND(above), ctypes.byref(box))
                if Rect(box.left, box.top, box.right - box.left, box.bottom - box.top).overlaps(rect):
                    return True
            above = self._user32.GetWindow(wintypes.HWND(above), GW_HWNDPREV)
        return False

    def _is_cloaked(self, handle: int) -> bool:
        """Store apps and other desktops' windows are "visible", but drawn nowhere."""
        cloaked = wintypes.DWORD()
        self._dwmapi.DwmGetWindowAttribute(wintypes.HWND(handle), DWMWA_CLOAKED, ctypes.byref(cloaked), 4)
        return bool(cloaked.value)
