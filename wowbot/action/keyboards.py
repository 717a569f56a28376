"""What a key gives on this keyboard: on AZERTY the digits need Shift, so a tap on "2" reaches the game as "é".

A sink presses the key on which a character stands, without adding Shift; the game binds what the bare key gives.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wowbot.action.keys import CHARACTERS, LOCAL_CHARACTERS, Chord
from wowbot.action.keysyms import KEYSYMS
from wowbot.core.errors import ActionError, nearest
from wowbot.core.x11 import open_display

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MAPVK_VK_TO_CHAR = 2


@dataclass(frozen=True, slots=True)
class Keyboard:
    """One keyboard layout.

    Args:
        bare: characters that a key gives without Shift.
        shifted: character that needs Shift -> what its key gives without.
        num_lock: whether the numeric pad gives digits; None = not known.
    """

    name: str
    bare: frozenset[str]
    shifted: Mapping[str, str] = field(default_factory=dict)
    num_lock: bool | None = None

    def trouble(self, chord: Chord) -> str:
        """What becomes of the chord on this keyboard, "" when it arrives as written."""
        key = chord.key
        if key.startswith("numpad") and key[6:].isdigit() and self.num_lock is False:
            return "Num Lock is off: the numeric pad gives arrows instead of digits; switch it on"
        if len(key) != 1 or key in self.bare:
            return ""
        if key in self.shifted:
            other = self.shifted[key]
            return (
                f"on {self.name} {key!r} needs Shift, the bare key gives {other!r}: bind {other!r} in the game "
                f"and in the profile (`wowbot keys import` reads it)"
            )
        return f"{self.name} has no key {key!r}: bind another key in the game and in the profile"


KEYBOARDS = {
    "us": Keyboard("a US keyboard", frozenset(CHARACTERS)),
    "azerty": Keyboard(
        "AZERTY",
        frozenset(LETTERS + "&é\"'(-è_çà)=^$ù*,;:!<²"),
        {**dict(zip("1234567890", "&é\"'(-è_çà")), "/": ":", ".": ";"},
    ),
    "qwertz": Keyboard(
        "QWERTZ", frozenset(LETTERS + "1234567890ßü+öä#,.-<^´"), {"=": "0", "/": "7", "'": "#", ";": ",", "`": "´"}
    ),
}
"""Source: the Windows and X.Org layouts fr (AZERTY) and de (QWERTZ)."""


def keyboard(name: str) -> Keyboard:
    """A keyboard by name; "auto" asks the OS.

    Raises:
        ActionError: no such keyboard. CaptureError: no display to ask.
    """
    if name != "auto":
        if name not in KEYBOARDS:
            raise ActionError(f"no keyboard {name!r}; known: auto, {', '.join(KEYBOARDS)}.{nearest(name, KEYBOARDS)}")
        return KEYBOARDS[name]
    if sys.platform == "win32":
        return _ask_windows()
    if sys.platform == "darwin":
        return KEYBOARDS["us"]
    return _ask_x11()


def _ask_x11() -> Keyboard:
    from Xlib import XK

    display = open_display()
    try:
        bare, shifted = set(), {}
        for char in CHARACTERS + LOCAL_CHARACTERS:
            symbol = XK.string_to_keysym(KEYSYMS[char])
            code = display.keysym_to_keycode(symbol)
            if code and display.keycode_to_keysym(code, 0) == symbol:
                bare.add(char)
            elif code:
                shifted[char] = chr(display.keycode_to_keysym(code, 0) & 0xFFFF)  # Latin-1 keysyms are their characters
        lights = display.get_keyboard_control().led_mask
        return Keyboard("this keyboard", frozenset(bare), shifted, bool(lights & 2))
    finally:
        display.close()


def _ask_windows() -> Keyboard:
    load: Any = getattr(ctypes, "WinDLL")  # noqa: B009 - the name exists on Windows only
    user32 = load("user32")
    bare, shifted = set(), {}
    for char in CHARACTERS + LOCAL_CHARACTERS:
        found = int(user32.VkKeyScanW(ord(char))) & 0xFFFF
        if found == 0xFFFF:
            continue
        if found >> 8 == 0:
            bare.add(char)
        else:
            shifted[char] = chr(int(user32.MapVirtualKeyW(found & 0xFF, MAPVK_VK_TO_CHAR)) & 0xFFFF).lower()
    return Keyboard("this keyboard", frozenset(bare), shifted, bool(int(user32.GetKeyState(0x90)) & 1))
