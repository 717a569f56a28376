"""The Windows and macOS gates, releasers and stop keys make exactly these calls; the OS is faked."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from wowbot.action.sinks import Target
from wowbot.core.errors import ActionError


class Recorder:
    """Writes down every call; answers what it was given."""

    def __init__(self, **answers: Any) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.answers = answers
        self.functions: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self.functions:
            self.functions[name] = _Call(self, name)
        return self.functions[name]


class _Call:
    restype: Any = None
    argtypes: Any = None

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.recorder, self.name = recorder, name

    def __call__(self, *args: Any) -> Any:
        plain = tuple(getattr(arg, "value", arg) for arg in args)
        self.recorder.calls.append((self.name, *plain))
        answer = self.recorder.answers.get(self.name, 1)
        return answer(*args) if callable(answer) else answer


@pytest.fixture
def windll(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recorder]:
    def install(**answers: Any) -> Recorder:
        recorder = Recorder(**answers)
        monkeypatch.setattr(ctypes, "WinDLL", lambda name: recorder, raising=False)
        monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=recorder), raising=False)
        return recorder

    return install


def moved(handle: Any, point: Any) -> int:
    point._obj.x += 100
    point._obj.y += 200
    return 1


@pytest.mark.parametrize(("front", "opens"), [(500, True), (501, False), (None, False)])
def test_the_windows_gate_asks_for_the_foreground_window(windll: Any, front: int | None, opens: bool) -> None:
    from wowbot.action.gate_win32 import Win32Gate

    user32 = windll(GetForegroundWindow=front)
    with Win32Gate(Target(500)).open(None) as open_:
        assert open_ is opens
    assert user32.calls == [("GetForegroundWindow",)]


@pytest.mark.parametrize(("top", "opens"), [(500, True), (600, False)])
def test_the_windows_gate_looks_under_the_pointer_before_a_click(windll: Any, top: int, opens: bool) -> None:
    from wowbot.action.gate_win32 import Win32Gate

    user32 = windll(GetForegroundWindow=500, ClientToScreen=moved, WindowFromPoint=77, GetAncestor=top)
    with Win32Gate(Target(500)).open((5, 6)) as open_:
        assert open_ is opens
    assert ("SetCursorPos", 105, 206) in user32.calls
    assert ("GetAncestor", 77, 2) in user32.calls


def test_windows_side_buttons(windll: Any) -> None:
    from wowbot.action.gate_win32 import Win32Gate

    user32 = windll()
    gate = Win32Gate(Target(500))
    gate.side_button(4, True)
    gate.side_button(5, False)
    assert user32.calls == [("mouse_event", 0x80, 0, 0, 1, 0), ("mouse_event", 0x100, 0, 0, 2, 0)]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("k65", ("keybd_event", 65, 0, 2, 0)),
        ("b0", ("mouse_event", 0x4, 0, 0, 0, 0)),
        ("b1", ("mouse_event", 0x10, 0, 0, 0, 0)),
        ("b4", ("mouse_event", 0x100, 0, 0, 2, 0)),
    ],
)
def test_the_windows_releaser_lifts(windll: Any, code: str, call: tuple[Any, ...]) -> None:
    from wowbot.action.release import Win32Releaser

    user32 = windll()
    releaser = Win32Releaser()
    releaser.lift(code)
    releaser.flush()
    assert user32.calls == [call]


def test_the_windows_stop_key_is_registered_with_every_set_of_modifiers_and_heard(windll: Any) -> None:
    from wowbot.action.hotkey_win32 import Win32Listener

    messages = [0x0312, 0x0100]

    def get_message(message: Any, *rest: Any) -> int:
        if not messages:
            return 0
        message._obj.message = messages.pop(0)
        return 1

    user32 = windll(GetMessageW=get_message, GetCurrentThreadId=33)
    heard: list[int] = []
    listener = Win32Listener()
    listener.open("pause")
    listener.listen(lambda: heard.append(1))
    listener.stop()
    assert [c for c in user32.calls if c[0] == "RegisterHotKey"] == [
        ("RegisterHotKey", None, mods + 1, mods | 0x4000, 0x13) for mods in range(8)
    ]
    assert len([c for c in user32.calls if c[0] == "UnregisterHotKey"]) == 8
    assert heard == [1]
    assert user32.calls[-1] == ("PostThreadMessageW", 33, 0x12, 0, 0)


def test_a_stop_key_that_windows_refuses_is_named(windll: Any) -> None:
    from wowbot.action.hotkey_win32 import Win32Listener

    windll(RegisterHotKey=0)
    with pytest.raises(ActionError, match="another program"):
        Win32Listener().open("pause")


GAME = {
    "kCGWindowNumber": 40,
    "kCGWindowLayer": 0,
    "kCGWindowBounds": {"X": 100, "Y": 100, "Width": 1024, "Height": 796},
}
OTHER = {**GAME, "kCGWindowNumber": 41}
MENU = {**GAME, "kCGWindowNumber": 42, "kCGWindowLayer": 25}


class Quartz(Recorder):
    """Constants by name, calls recorded."""

    NUMBERS: ClassVar[dict[str, Any]] = {
        "kCGWindowListOptionOnScreenOnly": 1, "kCGWindowListExcludeDesktopElements": 16, "kCGNullWindowID": 0,
        "kCGEventOtherMouseDown": 25, "kCGEventOtherMouseUp": 26, "kCGEventLeftMouseUp": 2, "kCGEventRightMouseUp": 4,
        "kCGHIDEventTap": 0, "kCGSessionEventTap": 1, "kCGHeadInsertEventTap": 0, "kCGEventTapOptionListenOnly": 1,
        "kCGEventKeyDown": 10, "kCFRunLoopCommonModes": "modes", "kCGKeyboardEventKeycode": 9,
    }  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        return self.NUMBERS[name] if name in self.NUMBERS else super().__getattr__(name)


@pytest.fixture
def quartz(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Quartz]:
    def install(**answers: Any) -> Quartz:
        box = SimpleNamespace(size=SimpleNamespace(width=1440, height=900))
        made = Quartz(**{"CGGetActiveDisplayList": (0, [1], 1), "CGDisplayBounds": box, **answers})
        monkeypatch.setitem(sys.modules, "Quartz", made)
        return made

    return install


@pytest.mark.parametrize(
    ("shown", "opens"),
    [([MENU, GAME, OTHER], True), ([OTHER, GAME], False), ([], False)],
    ids=["front", "behind", "none"],
)
def test_the_macos_gate_asks_for_the_frontmost_window(quartz: Any, shown: list[Any], opens: bool) -> None:
    from wowbot.action.gate_macos import MacGate

    made = quartz(CGWindowListCopyWindowInfo=shown)
    with MacGate(Target(40)).open(None) as open_:
        assert open_ is opens
    assert made.calls == [("CGPreflightPostEventAccess",), ("CGWindowListCopyWindowInfo", 17, 0)]


def test_the_macos_gate_takes_the_pointer_to_the_spot_below_the_title_bar(quartz: Any) -> None:
    from wowbot.action.gate_macos import MacGate

    made = quartz(CGWindowListCopyWindowInfo=[GAME])
    with MacGate(Target(40)).open((5, 6)) as open_:
        assert open_
    assert made.calls[-1] == ("CGWarpMouseCursorPosition", (105, 134))


def test_macos_without_the_accessibility_right_says_where_to_give_it(quartz: Any) -> None:
    from wowbot.action.gate_macos import MacGate

    quartz(CGPreflightPostEventAccess=False)
    with pytest.raises(ActionError, match="Accessibility"):
        MacGate(Target(40))


def test_macos_side_buttons(quartz: Any) -> None:
    from wowbot.action.gate_macos import MacGate

    made = quartz(CGEventCreate="event", CGEventGetLocation=(7, 8), CGEventCreateMouseEvent="press")
    MacGate(Target(40)).side_button(4, True)
    assert made.calls[-2:] == [("CGEventCreateMouseEvent", None, 25, (7, 8), 3), ("CGEventPost", 0, "press")]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("k13", ("CGEventCreateKeyboardEvent", None, 13, False)),
        ("b0", ("CGEventCreateMouseEvent", None, 2, (7, 8), 0)),
        ("b1", ("CGEventCreateMouseEvent", None, 4, (7, 8), 1)),
        ("b3", ("CGEventCreateMouseEvent", None, 26, (7, 8), 3)),
    ],
)
def test_the_macos_releaser_lifts(quartz: Any, code: str, call: tuple[Any, ...]) -> None:
    from wowbot.action.release import MacReleaser

    made = quartz(CGEventGetLocation=(7, 8), CGEventCreateMouseEvent="up", CGEventCreateKeyboardEvent="up")
    MacReleaser().lift(code)
    assert made.calls[-2:] == [call, ("CGEventPost", 0, "up")]


def test_the_macos_stop_key_listens_only_and_hears_its_own_key(quartz: Any) -> None:
    from wowbot.action.hotkey_macos import MacListener

    codes = [113, 5]
    made = quartz(
        CGEventMaskBit=1024, CGEventGetIntegerValueField=lambda event, field: codes.pop(0), CFRunLoopGetCurrent="loop"
    )
    heard: list[int] = []
    listener = MacListener()
    listener.open("pause")
    tap = next(call for call in made.calls if call[0] == "CGEventTapCreate")
    assert tap[1:5] == (1, 0, 1, 1024)
    listener.listen(lambda: heard.append(1))
    for _ in range(2):
        assert tap[5](None, 10, "event", None) == "event"
    assert heard == [1]
    listener.stop()
    assert made.calls[-1] == ("CFRunLoopStop", "loop")


def test_macos_that_refuses_the_tap_says_where_to_allow_it(quartz: Any) -> None:
    from wowbot.action.hotkey_macos import MacListener

    quartz(CGEventTapCreate=None)
    with pytest.raises(ActionError, match="Input Monitoring"):
        MacListener().open("pause")


class Auto(Recorder):
    """pyautogui."""

    FAILSAFE = True

    class FailSafeException(Exception):
        """Corner."""


@pytest.mark.parametrize(
    ("key", "down", "up"),
    [
        ("2", ("keyDown", "2"), ("keyUp", "2")),
        ("numpad3", ("keyDown", "num3"), ("keyUp", "num3")),
        ("escape", ("keyDown", "esc"), ("keyUp", "esc")),
        ("é", ("keyDown", "key é"), ("keyUp", "key é")),
    ],
)
def test_keys_go_to_pyautogui_by_its_own_names(key: str, down: tuple[str, str], up: tuple[str, str]) -> None:
    from wowbot.action.pyautogui_backend import PyautoguiBackend

    pressed: list[tuple[str, str]] = []
    auto = SimpleNamespace(
        FailSafeException=Auto.FailSafeException,
        keyDown=lambda name, _pause: pressed.append(("keyDown", name)),
        keyUp=lambda name, _pause: pressed.append(("keyUp", name)),
    )
    backend = PyautoguiBackend(auto, SimpleNamespace())  # type: ignore[arg-type]
    backend.down(key)
    backend.up(key)
    assert pressed == [down, up]


def test_the_corner_stops_a_press_but_never_a_release() -> None:
    from wowbot.action.pyautogui_backend import PyautoguiBackend
    from wowbot.action.sink import CornerStop

    lifted: list[bool] = []
    auto = SimpleNamespace(FailSafeException=Auto.FailSafeException, FAILSAFE=True)

    def press(name: str, _pause: bool) -> None:
        if auto.FAILSAFE:
            raise Auto.FailSafeException
        lifted.append(True)

    auto.keyDown = auto.keyUp = press
    backend = PyautoguiBackend(auto, SimpleNamespace())  # type: ignore[arg-type]
    with pytest.raises(CornerStop):
        backend.down("2")
    backend.up("2")
    assert lifted == [True]
    assert auto.FAILSAFE is True


def test_a_key_without_a_code_is_named() -> None:
    from wowbot.action.pyautogui_backend import PyautoguiBackend

    auto = SimpleNamespace(platformModule=SimpleNamespace(keyboardMapping={"2": 11, "f24": None}))
    backend = PyautoguiBackend(auto, SimpleNamespace())  # type: ignore[arg-type]
    assert (backend.code("2"), backend.code("mouse4")) == ("k11", "b3")
    with pytest.raises(ActionError, match="no key 'f24'"):
        backend.code("f24")
