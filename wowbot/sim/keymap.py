"""From a key to what the client does with it: the profile's keys over the client's own."""

from __future__ import annotations

from collections.abc import Container

from wowbot.core.bindings import Bindings
from wowbot.sim.spells_common import COMMANDS

BARS: dict[str, int] = {
    "main": 12,
    "bottom_left": 12,
    "bottom_right": 12,
    "right": 12,
    "left": 12,
    "stance": 10,
    "pet": 10,
}
"""Bar name -> number of buttons."""
STOCK_BARS = ("main", "bottom_left", "bottom_right")
"""Shown without a spell on them, as in wowbot.hud's stock setup."""
SHORT_MODS = {"shift": "s", "ctrl": "c", "alt": "a"}


class Keymap:
    """Chords such as "shift-2" to spell tokens and commands.

    Args:
        bindings: the profile's. A name of its own for a command ("run_away" on "w") leaves the key what it is.
        spells: abilities the character may have.
    """

    def __init__(self, bindings: Bindings, spells: Container[str]) -> None:
        self._tokens = {key: command for command, key in COMMANDS.items()}
        for spell in bindings.spells.values():
            if spell.key and (spell.slot or spell.name in COMMANDS or spell.name in spells):
                self._tokens[spell.key] = spell.name

    def token(self, chord: str) -> str:
        """What the chord does; "" when nothing. Movement works with modifiers held, as in the client."""
        found = self._tokens.get(chord, "")
        if not found and "-" in chord:
            bare = self._tokens.get(base_key(chord), "")
            found = bare if bare.startswith(("move_", "turn_", "strafe_")) else ""
        return found


def bars(bindings: Bindings) -> dict[str, list[str]]:
    """Bar -> spell tokens by button, "" for empty; the stock bars are always there."""
    found = {bar: [""] * BARS[bar] for bar in STOCK_BARS}
    for spell in bindings.spells.values():
        if spell.slot:
            bar, _, number = spell.slot.rpartition(".")
            buttons = found.setdefault(bar, [""] * BARS.get(bar, 12))
            if int(number) <= len(buttons):
                buttons[int(number) - 1] = spell.name
    return found


def base_key(chord: str) -> str:
    """The key of a chord without its modifiers: "2" of "shift-2", "-" of "shift--"."""
    return "-" if chord.endswith("-") else chord.rsplit("-", 1)[-1]


def hotkey_text(key: str) -> str:
    """The text the client prints on a button: "s-2" for shift-2, "Spc", "F5"."""
    base = base_key(key)
    mods = key[: -len(base)].rstrip("-").split("-") if len(key) > len(base) else []
    names = {"space": "Spc", "mousewheelup": "MwU", "mousewheeldown": "MwD"}
    text = names.get(base, base.replace("numpad", "N").replace("mouse", "M").upper())
    return "".join(f"{SHORT_MODS.get(m, m)}-" for m in mods) + text
