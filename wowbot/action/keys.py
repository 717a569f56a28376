"""Key names and chords: one spelling for profiles, sinks and bindings files.

A chord is written as the game writes it, modifiers first: "2", "shift-f", "ctrl-alt-numpad3", "mouse4", "-", "shift--".
"""

from __future__ import annotations

from typing import NamedTuple

from wowbot.core.errors import ActionError, nearest

MODIFIERS = ("shift", "ctrl", "alt")
"""In the order Action.mods keeps."""

NAMED_KEYS = (
    "space", "tab", "enter", "escape", "backspace", "insert", "delete", "home", "end", "pageup", "pagedown",
    "up", "down", "left", "right", "capslock", "numlock", "scrolllock", "printscreen", "pause",
    *(f"f{n}" for n in range(1, 25)),
    *(f"numpad{n}" for n in range(10)),
    "numpadplus", "numpadminus", "numpadmultiply", "numpaddivide", "numpaddecimal",
)  # fmt: skip
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-=[]\\;',./`"
"""Printable keys by their unshifted character on a US keyboard."""
LOCAL_CHARACTERS = "&é\"'(è_çà)²ù^$*!:<ßöäü´+#°ñ¡º"
"""Unshifted characters of other keyboards (AZERTY, QWERTZ, Spanish), which their clients bind by that name."""
MOUSE_BUTTONS = ("left", "right", "middle", "mouse4", "mouse5")
"""Names of Action.key for clicks; mouse4 and mouse5 may also be bound like keys."""
WHEEL = ("wheelup", "wheeldown")

ALIASES = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown",
    "spacebar": "space", "control": "ctrl", "minus": "-", "plus": "=", "comma": ",", "period": ".", "button3": "middle",
    "mouse3": "middle", "button4": "mouse4", "button5": "mouse5", "num0": "numpad0",
    **{f"num{n}": f"numpad{n}" for n in range(10)}, **{f"kp{n}": f"numpad{n}" for n in range(10)},
}  # fmt: skip

KEYS = frozenset((*NAMED_KEYS, *CHARACTERS, *LOCAL_CHARACTERS, "middle", "mouse4", "mouse5", *WHEEL))
"""All that a chord may end in. The left and right buttons are for clicks alone."""


class Chord(NamedTuple):
    """A key with the modifiers held around it."""

    mods: tuple[str, ...]
    key: str

    @property
    def text(self) -> str:
        """The spelling that `parse_chord` reads back."""
        return "-".join((*self.mods, self.key))


def parse_chord(text: str) -> Chord:
    """Read a chord such as "shift-2".

    Raises:
        ActionError: not a key or modifier; names the nearest ones.
    """
    rest, mods = text.strip().lower(), []
    while "-" in rest[:-1]:
        head, _, tail = rest.partition("-")
        head = ALIASES.get(head, head)
        if head not in MODIFIERS:
            break
        mods.append(head)
        rest = tail
    key = ALIASES.get(rest, rest)
    if key not in KEYS:
        wrong = f"{text!r} is not a key" if key == text else f"{rest!r} in {text!r} is not a key"
        raise ActionError(f"{wrong}; expected e.g. '2', 'f5', 'shift-2', 'numpad3', 'mouse4'.{nearest(rest, KEYS)}")
    return Chord(tuple(m for m in MODIFIERS if m in mods), key)
