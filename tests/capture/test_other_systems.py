"""The Windows and macOS window systems make exactly these calls; the OS is faked."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from wowbot.core.errors import CaptureError
from wowbot.core.layout import Rect


class User32:
    """user32, kernel32 and dwmapi of a desktop with a game, a window over part of it, and a cloaked one."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.foreground = 500
        self.iconic: set[int] = set()
        self.alive = {500, 600, 700}
        self.visible = {500, 600, 700}
        self.cloaked = {700}
        self.boxes = {600: (1000, 500, 1400, 900), 700: (0, 0, 5000, 5000)}
        self.above = {500: 700, 700: 600, 600: 0}
        for name in ("GetForegroundWindow", "GetWindow", "OpenProcess"):
            setattr(self, name, _Function(getattr(self, f"_{name}")))

    def _GetForegroundWindow(self) -> int:
        return self.foreground

    def _GetWindow(self, handle: Any, which: int) -> int:
        self.calls.append(("GetWindow", handle.value, which))
        return self.above[handle.value]

    def _OpenProcess(self, rights: int, inherit: bool, pid: int) -> int:
        self.calls.append(("OpenProcess", rights, inherit, pid))
        return 77

    def SetProcessDpiAwarenessContext(self, context: Any) -> int:
        self.calls.append(("SetProcessDpiAwarenessContext", context.value))
        return 1

    def IsWindow(self, handle: Any) -> bool:
        return handle.value in self.alive

    def IsIconic(self, handle: Any) -> bool:
        return handle.value in self.iconic

    def IsWindowVisible(self, handle: Any) -> bool:
        return handle.value in self.visible

    def GetClientRect(self, handle: Any, box: Any) -> int:
        box._obj.right, box._obj.bottom = 1280, 720
        return 1

    def ClientToScreen(self, handle: Any, point: Any) -> int:
        point._obj.x += 8
        point._obj.y += 31
        return 1

    def GetWindowRect(self, handle: Any, box: Any) -> int:
        box._obj.left, box._obj.top, box._obj.right, box._obj.bottom = self.boxes[handle.value]
        return 1

    def GetClassNameW(self, handle: Any, text: Any, size: int) -> int:
        text.value = "GxWindowClass"
        return 13

    def GetWindowThreadProcessId(self, handle: Any, pid: Any) -> int:
        pid._obj.value = 4711
        return 1

    def QueryFullProcessImageNameW(self, process: Any, flags: int, path: Any, size: Any) -> int:
        path.value = r"C:\Games\WoW\Wow.exe"
        return 1

    def CloseHandle(self, process: Any) -> int:
        self.calls.append(("CloseHandle", process.value))
        return 1

    def DwmGetWindowAttribute(self, handle: Any, which: int, value: Any, size: int) -> int:
        assert (which, size) == (14, 4)
        value._obj.value = handle.value in self.cloaked
        return 0


class _Function:
    """A foreign function takes a restype."""

    def __init__(self, call: Any) -> None:
        self.call = call
        self.restype: Any = None

    def __call__(self, *args: Any) -> Any:
        return self.call(*args)


@pytest.fixture
def user32(monkeypatch: pytest.MonkeyPatch) -> User32:
    fake = User32()
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: fake, raising=False)
    listed = [SimpleNamespace(_hWnd=500, title="World of Warcraft"), SimpleNamespace(_hWnd=501, title="")]
    monkeypatch.setitem(sys.modules, "pygetwindow", SimpleNamespace(getAllWindows=lambda: listed))
    return fake


def test_windows_lists_client_area_class_and_program(user32: User32) -> None:
    from wowbot.capture.win32 import Win32Windows

    (window,) = Win32Windows().windows()
    assert window.rect == Rect(8, 31, 1280, 720)
    assert (window.handle, window.title, window.pid) == (500, "World of Warcraft", 4711)
    assert (window.wm_class, window.executable) == ("GxWindowClass", "Wow.exe")
    assert ("OpenProcess", 0x1000, False, 4711) in user32.calls
    assert ("CloseHandle", 77) in user32.calls


def test_windows_declares_itself_dpi_aware_before_anything_else(user32: User32) -> None:
    from wowbot.capture.win32 import Win32Windows

    Win32Windows()
    assert user32.calls == [("SetProcessDpiAwarenessContext", ctypes.c_void_p(-4).value)]


@pytest.mark.parametrize(
    ("change", "status", "focused"),
    [
        pytest.param({}, "covered", True, id="another window lies over its corner"),
        pytest.param({"boxes": {600: (2000, 0, 2400, 900), 700: (0, 0, 1, 1)}}, "", True, id="nothing over it"),
        pytest.param({"above": {500: 0}, "foreground": 600}, "", False, id="another program in front"),
        pytest.param({"iconic": {500}}, "minimised", False, id="minimised"),
        pytest.param({"visible": set()}, "minimised", False, id="hidden"),
        pytest.param({"alive": set()}, "gone", False, id="gone"),
    ],
)
def test_windows_states(user32: User32, change: dict[str, Any], status: str, focused: bool) -> None:
    from wowbot.capture.win32 import Win32Windows

    system = Win32Windows()
    (window,) = system.windows()
    for name, value in change.items():
        setattr(user32, name, value)
    state = system.state(window)
    assert (state.status, state.focused) == (status, focused)


def mac_window(number: int, title: str, box: tuple[int, int, int, int], layer: int = 0) -> dict[str, Any]:
    x, y, width, height = box
    bounds = {"X": x, "Y": y, "Width": width, "Height": height}
    return {
        "kCGWindowNumber": number, "kCGWindowName": title, "kCGWindowOwnerName": "World of Warcraft",
        "kCGWindowOwnerPID": 99,
        "kCGWindowBounds": bounds, "kCGWindowLayer": layer,
    }  # fmt: skip


class Quartz:
    """Quartz of a 1440x900 display."""

    kCGWindowListOptionAll, kCGWindowListOptionOnScreenOnly, kCGWindowListExcludeDesktopElements = 0, 1, 16
    kCGNullWindowID = 0

    def __init__(self, *windows: dict[str, Any]) -> None:
        self.everything = list(windows)
        self.shown = list(windows)
        self.allowed = True
        self.asked: list[int] = []

    def CGPreflightScreenCaptureAccess(self) -> bool:
        return self.allowed

    def CGWindowListCopyWindowInfo(self, option: int, relative: int) -> list[dict[str, Any]]:
        self.asked.append(option)
        assert relative == 0
        return self.shown if option & 1 else self.everything

    def CGGetActiveDisplayList(self, most: int, ids: None, count: None) -> tuple[int, list[int], int]:
        return 0, [1], 1

    def CGDisplayBounds(self, display: int) -> Any:
        return SimpleNamespace(size=SimpleNamespace(width=1440.0, height=900.0))


GAME = mac_window(40, "World of Warcraft", (100, 100, 1024, 796))


def mac(quartz: Quartz) -> Any:
    with mock.patch.dict(sys.modules, {"Quartz": quartz}):
        from wowbot.capture.macos import MacWindows

        return MacWindows()


def test_macos_takes_the_title_bar_off_a_window() -> None:
    quartz = Quartz(GAME, mac_window(41, "", (0, 0, 10, 10)), mac_window(42, "Menu", (0, 0, 1440, 24), layer=25))
    (window,) = mac(quartz).windows()
    assert window.rect == Rect(100, 128, 1024, 768)
    assert (window.handle, window.pid, window.executable) == (40, 99, "World of Warcraft")
    assert quartz.asked == [16]


def test_macos_full_screen_has_no_title_bar() -> None:
    (window,) = mac(Quartz(mac_window(40, "World of Warcraft", (0, 0, 1440, 900)))).windows()
    assert window.rect == Rect(0, 0, 1440, 900)


@pytest.mark.parametrize(
    ("shown", "everything", "status", "focused"),
    [
        pytest.param([GAME], [GAME], "", True, id="in front"),
        pytest.param([mac_window(9, "x", (1000, 500, 300, 300)), GAME], [GAME], "covered", False, id="covered"),
        pytest.param([mac_window(9, "x", (1300, 0, 100, 50)), GAME], [GAME], "", False, id="beside"),
        pytest.param([mac_window(9, "x", (0, 0, 1440, 24), layer=25), GAME], [GAME], "", True, id="menu bar only"),
        pytest.param([], [GAME], "minimised", False, id="minimised"),
        pytest.param([], [], "gone", False, id="gone"),
    ],
)
def test_macos_states(shown: list[Any], everything: list[Any], status: str, focused: bool) -> None:
    quartz = Quartz(GAME)
    system = mac(quartz)
    (window,) = system.windows()
    quartz.shown, quartz.everything = shown, everything
    state = system.state(window)
    assert (state.status, state.focused) == (status, focused)


def test_macos_without_the_screen_recording_right_says_where_to_give_it() -> None:
    quartz = Quartz(GAME)
    quartz.allowed = False
    with pytest.raises(CaptureError, match="Screen Recording"):
        mac(quartz)
