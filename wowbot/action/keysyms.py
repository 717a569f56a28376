"""Our key names as X keysym names, Windows virtual-key codes and macOS key codes: for hotkeys and for checking layouts.

Sources: X.Org keysymdef.h; Microsoft "Virtual-Key Codes"; Apple HIToolbox Events.h (kVK_*).
"""

from __future__ import annotations

from wowbot.action.keys import CHARACTERS

KEYSYMS: dict[str, str] = {
    "space": "space", "tab": "Tab", "enter": "Return", "escape": "Escape", "backspace": "BackSpace", "insert": "Insert",
    "delete": "Delete", "home": "Home", "end": "End", "pageup": "Page_Up", "pagedown": "Page_Down", "up": "Up",
    "down": "Down", "left": "Left", "right": "Right", "capslock": "Caps_Lock", "numlock": "Num_Lock",
    "scrolllock": "Scroll_Lock", "printscreen": "Print", "pause": "Pause", "shift": "Shift_L", "ctrl": "Control_L",
    "alt": "Alt_L", "numpadplus": "KP_Add", "numpadminus": "KP_Subtract", "numpadmultiply": "KP_Multiply",
    "numpaddivide": "KP_Divide", "numpaddecimal": "KP_Decimal",
    "-": "minus", "=": "equal", "[": "bracketleft", "]": "bracketright", "\\": "backslash", ";": "semicolon",
    "'": "apostrophe", ",": "comma", ".": "period", "/": "slash", "`": "grave",
    **{f"f{n}": f"F{n}" for n in range(1, 25)},
    **{f"numpad{n}": f"KP_{n}" for n in range(10)},
    **{c: c for c in CHARACTERS if c.isalnum()},
    "&": "ampersand", "é": "eacute", '"': "quotedbl", "(": "parenleft", "è": "egrave", "_": "underscore",
    "ç": "ccedilla", "à": "agrave", ")": "parenright", "²": "twosuperior", "ù": "ugrave", "^": "asciicircum",
    "$": "dollar", "*": "asterisk", "!": "exclam", ":": "colon", "<": "less", "ß": "ssharp", "ö": "odiaeresis",
    "ä": "adiaeresis", "ü": "udiaeresis", "´": "acute", "+": "plus", "#": "numbersign", "°": "degree",
    "ñ": "ntilde", "¡": "exclamdown", "º": "masculine",
}  # fmt: skip

VIRTUAL_KEYS: dict[str, int] = {
    "pause": 0x13, "scrolllock": 0x91, "printscreen": 0x2C, "insert": 0x2D, "delete": 0x2E, "home": 0x24, "end": 0x23,
    "pageup": 0x21, "pagedown": 0x22, "escape": 0x1B, **{f"f{n}": 0x6F + n for n in range(1, 25)},
}  # fmt: skip
"""For the stop hotkey; letters and digits are not offered, since they are typed."""

MAC_KEYS: dict[str, int] = {
    "pause": 113, "escape": 53, "delete": 117, "home": 115, "end": 119, "pageup": 116, "pagedown": 121,
    "f1": 122, "f2": 120, "f3": 99, "f4": 118, "f5": 96, "f6": 97, "f7": 98, "f8": 100, "f9": 101, "f10": 109,
    "f11": 103, "f12": 111, "f13": 105, "f14": 107, "f15": 113,
}  # fmt: skip
"""A Mac keyboard has no Pause key; an attached PC keyboard's Pause arrives as F15."""
