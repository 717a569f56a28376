"""Keys and mouse through pyautogui, with the gate of each OS in front.

Source: pyautogui 0.9.54, `KEYBOARD_KEYS` for the names; its PAUSE of 0.1 s after every call is set to 0.
"""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from typing import Any, Protocol

from wowbot.action.keys import LOCAL_CHARACTERS, MOUSE_BUTTONS
from wowbot.action.keysyms import KEYSYMS
from wowbot.action.sink import CornerStop
from wowbot.action.sinks import InputBackend, Target
from wowbot.core.errors import ActionError
from wowbot.core.x11 import NO_DISPLAY, without_authority_trouble

NAMES = {
    "escape": "esc", "numpadplus": "add", "numpadminus": "subtract", "numpadmultiply": "multiply",
    "numpaddivide": "divide", "numpaddecimal": "decimal", **{f"numpad{n}": f"num{n}" for n in range(10)},
    **{char: f"key {char}" for char in LOCAL_CHARACTERS},
}  # fmt: skip
"""Our names -> pyautogui's, where they differ."""


class Gate(Protocol):
    """Keeps presses off every window but one, as well as the OS allows."""

    def open(self, at: tuple[int, int] | None) -> AbstractContextManager[bool]:
        """See InputBackend.gate."""

    def to_screen(self, at: tuple[int, int]) -> tuple[int, int]:
        """Screen coordinates of a point in the target window."""

    def side_button(self, number: int, down: bool) -> None:
        """Press or lift mouse button 4 or 5, which pyautogui does not know."""


def import_pyautogui() -> Any:
    """pyautogui, ready for use: no pauses, no chatter.

    Raises:
        ActionError: it cannot be imported here, and what to do.
    """
    if sys.platform not in ("win32", "darwin") and not os.environ.get("DISPLAY"):
        raise ActionError(NO_DISPLAY)
    try:
        with without_authority_trouble():
            import pyautogui
    except (Exception, SystemExit) as failure:  # it raises whatever its parts raise; MouseInfo calls sys.exit
        raise ActionError(
            f"pyautogui cannot be used here: {type(failure).__name__}: {failure}. `wowbot doctor` checks display and rights"
        ) from failure
    _add_local_keys(pyautogui.platformModule)
    pyautogui.PAUSE = 0
    pyautogui.DARWIN_CATCH_UP_TIME = 0
    return pyautogui


def _add_local_keys(platform: Any) -> None:
    """Teach pyautogui the bare keys of other keyboards, under names that it does not take for shifted characters."""
    for char in LOCAL_CHARACTERS:
        if sys.platform == "win32":
            found = int(platform.ctypes.windll.user32.VkKeyScanW(ord(char))) & 0xFFFF
            code = found if found < 0x100 else None
        elif sys.platform == "darwin":
            code = None
        else:
            from Xlib import XK

            symbol = XK.string_to_keysym(KEYSYMS[char])
            code = platform._display.keysym_to_keycode(symbol)
            code = code if code and platform._display.keycode_to_keysym(code, 0) == symbol else None
        platform.keyboardMapping[f"key {char}"] = code


def open_pyautogui(target: Target) -> InputBackend:
    """The back-end of this machine.

    Raises:
        ActionError: pyautogui cannot be used here.
    """
    auto = import_pyautogui()
    gate: Gate
    if sys.platform == "win32":
        from wowbot.action.gate_win32 import Win32Gate

        gate = Win32Gate(target)
    elif sys.platform == "darwin":
        from wowbot.action.gate_macos import MacGate

        gate = MacGate(target)
    else:
        from wowbot.action.gate_x11 import X11Gate

        gate = X11Gate(target, auto.platformModule._display)
    return PyautoguiBackend(auto, gate)


class PyautoguiBackend:
    """InputBackend over the pyautogui module.

    Args:
        auto: the module, from `import_pyautogui`.
        gate: of the same OS.
    """

    def __init__(self, auto: Any, gate: Gate) -> None:
        self._auto = auto
        self._gate = gate
        self._codes: dict[str, str] = {}

    def code(self, key: str) -> str:
        if key in MOUSE_BUTTONS:
            return f"b{MOUSE_BUTTONS.index(key)}"
        if key not in self._codes:
            self._codes[key] = f"k{self._keycode(key)}"
        return self._codes[key]

    def gate(self, at: tuple[int, int] | None) -> AbstractContextManager[bool]:
        return self._gate.open(at)

    def down(self, key: str) -> None:
        try:
            self._press(key, True)
        except self._auto.FailSafeException as stop:
            raise CornerStop(str(stop)) from stop

    def up(self, key: str) -> None:
        try:
            self._press(key, False)
        except self._auto.FailSafeException:  # a key must come up even with the pointer in the corner
            self._auto.FAILSAFE = False
            try:
                self._press(key, False)
            finally:
                self._auto.FAILSAFE = True

    def move(self, at: tuple[int, int]) -> None:
        x, y = self._gate.to_screen(at)
        self._auto.moveTo(x, y, _pause=False)

    def scroll(self, amount: int) -> None:
        self._auto.scroll(amount, _pause=False)

    def close(self) -> None:
        """pyautogui keeps its connection for the life of the process."""

    def _press(self, key: str, down: bool) -> None:
        if key in ("mouse4", "mouse5"):
            self._gate.side_button(int(key[-1]), down)
        elif key in MOUSE_BUTTONS:
            (self._auto.mouseDown if down else self._auto.mouseUp)(button=key, _pause=False)
        else:
            (self._auto.keyDown if down else self._auto.keyUp)(NAMES.get(key, key), _pause=False)

    def _keycode(self, key: str) -> int:
        found = self._auto.platformModule.keyboardMapping.get(NAMES.get(key, key))
        if not found:
            raise ActionError(f"this keyboard has no key {key!r}; `wowbot keys check` lists what the layout lacks")
        return int(found)
