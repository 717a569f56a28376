"""Finding the one window that is meant, and saying plainly why not."""

import pytest

from wowbot.capture.windows import Window, WindowState, default_system_name, find_window
from wowbot.core.errors import CaptureError
from wowbot.core.layout import Rect

WOW = Window(0x1C00003, "World of Warcraft", Rect(0, 0, 1280, 720), 10, "wow.exe", "wine64")
TAB = Window(0x2A00001, "World of Warcraft", Rect(0, 0, 900, 700), 11, "firefox", "firefox")
TERMINAL = Window(0x3000001, "Terminal", Rect(0, 0, 640, 400), 12, "xterm", "xterm")


class Desk:
    name = "desk"

    def __init__(self, *windows: Window) -> None:
        self._windows = windows

    def windows(self) -> tuple[Window, ...]:
        return self._windows

    def state(self, window: Window) -> WindowState:
        return WindowState(window.rect)

    def close(self) -> None: ...


def test_the_exact_title_finds_the_window() -> None:
    assert find_window(Desk(TERMINAL, WOW), "World of Warcraft") is WOW


@pytest.mark.parametrize(
    ("wm_class", "executable"), [("wow.exe", ""), ("WOW.EXE", ""), ("", "wine64"), ("wow.exe", "wine64")]
)
def test_class_or_program_tells_the_game_from_a_browser_tab(wm_class: str, executable: str) -> None:
    assert find_window(Desk(TAB, WOW), "World of Warcraft", wm_class, executable) is WOW


def test_a_handle_names_one_of_two_windows_of_the_same_title() -> None:
    assert find_window(Desk(TAB, WOW), "0x2a00001") is TAB


@pytest.mark.parametrize(
    ("desk", "title", "wm_class", "said"),
    [
        pytest.param(
            Desk(TERMINAL), "Terminl", "", ["no window is titled", "Did you mean 'Terminal'?", "xterm"], id="missing"
        ),
        pytest.param(Desk(), "x", "", ["Windows there are: none"], id="none at all"),
        pytest.param(Desk(TAB, WOW), WOW.title, "", ["2 windows", "0x1c00003", "0x2a00001", "handle"], id="two"),
        pytest.param(
            Desk(TAB), TAB.title, "wow.exe", ["not with class 'wow.exe'", "firefox", "profile"], id="other class"
        ),
        pytest.param(Desk(WOW), "0xdead", "", ["no window has the handle 0xdead", "World of Warcraft"], id="handle"),
        pytest.param(Desk(WOW), "0xnonsense", "", ["no window has the handle"], id="no handle at all"),
    ],
)
def test_an_error_lists_what_there_is(desk: Desk, title: str, wm_class: str, said: list[str]) -> None:
    with pytest.raises(CaptureError) as caught:
        find_window(desk, title, wm_class)
    for words in said:
        assert words in str(caught.value)


def test_a_title_is_never_matched_loosely() -> None:
    with pytest.raises(CaptureError, match="exactly"):
        find_window(Desk(WOW), "World of War")


@pytest.mark.parametrize(("platform", "name"), [("linux", "x11"), ("win32", "windows"), ("darwin", "macos")])
def test_each_platform_has_its_window_system(platform: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert default_system_name() == name
