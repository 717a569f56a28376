"""The client's own key bindings, as every era keeps them in `WTF/Account/.../bindings-cache.wtf`.

One binding a line, `bind KEY COMMAND`, modifiers before the key (`ALT-CTRL-SHIFT-`); retail writes a `bindingMode` line
first, and `modifiedclick` lines stand at the end. `NONE` or `""` as the command unbinds. Sources: the client's Bindings.xml
for the command names; Warcraft Wiki, "API SetBinding", for the spelling of keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wowbot.action.keys import KEYS, MODIFIERS, Chord
from wowbot.core.errors import ConfigError, nearest

BARS = {
    "ACTIONBUTTON": "main",
    "MULTIACTIONBAR1BUTTON": "bottom_left",
    "MULTIACTIONBAR2BUTTON": "bottom_right",
    "MULTIACTIONBAR3BUTTON": "right",
    "MULTIACTIONBAR4BUTTON": "left",
    "SHAPESHIFTBUTTON": "stance",
    "BONUSACTIONBUTTON": "pet",
}
"""Command without its number -> bar, as in the region names of a layout."""
ABILITIES = {
    "MOVEFORWARD": "move_forward", "MOVEBACKWARD": "move_backward", "TURNLEFT": "turn_left", "TURNRIGHT": "turn_right",
    "STRAFELEFT": "strafe_left", "STRAFERIGHT": "strafe_right", "JUMP": "jump", "SITORSTAND": "sit",
    "TOGGLEAUTORUN": "autorun", "TARGETNEARESTENEMY": "target_nearest", "TARGETPREVIOUSENEMY": "target_previous",
    "TARGETLASTTARGET": "target_last", "TARGETSELF": "target_self", "INTERACTTARGET": "interact",
    "INTERACTMOUSEOVER": "interact_mouseover", "ASSISTTARGET": "assist", "ATTACKTARGET": "attack_target",
    "STARTATTACK": "start_attack", "STOPATTACK": "stop_attack", "STOPCASTING": "stop_casting", "PETATTACK": "pet_attack",
}  # fmt: skip
"""Commands that are not slots -> names that our profiles use."""
OTHER_LINES = ("modifiedclick", "bindingmode", "ver")
KEY_NAMES = {
    "BUTTON3": "middle", "BUTTON4": "mouse4", "BUTTON5": "mouse5", "MOUSEWHEELUP": "wheelup", "MOUSEWHEELDOWN": "wheeldown",
}  # fmt: skip
UNREACHABLE = re.compile(r"BUTTON(1|2|[6-9]|[123]\d)|PAD\w*|JOY\w*|MEDIA\w*")
"""The client has them, a keyboard sink has not: other mouse buttons, gamepads."""
SIDE = re.compile(r"^[LR](?=(ALT|CTRL|SHIFT)$)")


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of the file.

    Args:
        chord: None for a key that the sinks do not have (gamepad, sixth mouse button).
        key_text: as written.
    """

    line: int
    key_text: str
    chord: Chord | None
    command: str


@dataclass(frozen=True, slots=True)
class ClientBindings:
    """What a bindings file says.

    Args:
        bars: bar -> slot number -> chord text; the easiest key where several are bound to one slot.
        abilities: our ability name -> chord text.
        by_name: "SPELL Frostbolt", "MACRO x", "ITEM x", "CLICK x" -> chord text.
        notes: what was passed over and why.
    """

    bars: Mapping[str, Mapping[str, str]]
    abilities: Mapping[str, str]
    by_name: Mapping[str, str]
    notes: tuple[str, ...]


def read_bindings(path: Path) -> ClientBindings:
    """Read a bindings file.

    Raises:
        ConfigError: unreadable, or a line that is none; names file, line and mend.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); it lies in WTF/Account/NAME/ of the client"
        ) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: is not text: is this really the client's bindings-cache.wtf?") from error
    return sort_bindings(parse_bindings(text, str(path)))


def parse_bindings(text: str, where: str) -> list[Binding]:
    """The bind lines of a file's text, in order.

    Raises:
        ConfigError: a line that is none.
    """
    found = [_line(number, line, where) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    bindings = [binding for binding in found if binding is not None]
    if not bindings:
        raise ConfigError(f"{where}: holds no `bind` line; expected e.g. `bind 1 ACTIONBUTTON1`")
    return bindings


def sort_bindings(bindings: list[Binding]) -> ClientBindings:
    """Bars, abilities and the rest; a key bound twice keeps its last command, as in the client."""
    notes: list[str] = []
    last: dict[str, Binding] = {}
    for binding in bindings:
        before = last.get(binding.key_text)
        if before is not None and before.command != binding.command:
            notes.append(f"line {binding.line}: {binding.key_text} was {before.command} in line {before.line} already")
        last[binding.key_text] = binding
    bars: dict[str, dict[str, Chord]] = {}
    abilities: dict[str, Chord] = {}
    by_name: dict[str, Chord] = {}
    for binding in last.values():
        if binding.command.strip('"') in ("", "NONE"):
            continue
        if binding.chord is None:
            notes.append(
                f"line {binding.line}: {binding.key_text} cannot be pressed from here, {binding.command} is passed over"
            )
            continue
        slot = re.fullmatch(r"([A-Z]+?(?:\d[A-Z]+)?)(\d+)", binding.command)
        if slot and slot[1] in BARS:
            _keep_easier(bars.setdefault(BARS[slot[1]], {}), slot[2], binding.chord)
        elif binding.command in ABILITIES:
            _keep_easier(abilities, ABILITIES[binding.command], binding.chord)
        elif binding.command.split(" ")[0] in ("SPELL", "MACRO", "ITEM", "CLICK"):
            _keep_easier(by_name, binding.command, binding.chord)
    ordered = {bar: dict(sorted(slots.items(), key=lambda item: int(item[0]))) for bar, slots in sorted(bars.items())}
    return ClientBindings(
        {bar: {n: chord.text for n, chord in slots.items()} for bar, slots in ordered.items()},
        {name: chord.text for name, chord in sorted(abilities.items())},
        {name: chord.text for name, chord in sorted(by_name.items())},
        tuple(notes),
    )


def _keep_easier(found: dict[str, Chord], name: str, chord: Chord) -> None:
    """Where one command has several keys: fewer modifiers first, keys before mouse wheel and buttons."""
    before = found.get(name)
    if before is None or _effort(chord) < _effort(before):
        found[name] = chord


def _effort(chord: Chord) -> tuple[int, bool]:
    return len(chord.mods), chord.key in ("middle", "mouse4", "mouse5", "wheelup", "wheeldown")


def _line(number: int, line: str, where: str) -> Binding | None:
    words = line.strip().split(None, 2)
    keyword = words[0].lower()
    if keyword in OTHER_LINES:
        return None
    if keyword != "bind":
        raise ConfigError(
            f"{where}:{number}: found {line.strip()!r}, expected `bind KEY COMMAND`, e.g. `bind SHIFT-1 ACTIONBUTTON1`; "
            f"mend or delete that line.{nearest(keyword, ('bind', *OTHER_LINES))}"
        )
    if len(words) < 3:
        raise ConfigError(f"{where}:{number}: `{line.strip()}` names no command; complete or delete that line")
    return Binding(number, words[1].upper(), _chord(words[1].upper(), f"{where}:{number}"), words[2].strip())


def _chord(text: str, where: str) -> Chord | None:
    rest, mods = text, set()
    while "-" in rest[:-1]:
        head, _, tail = rest.partition("-")
        mod = SIDE.sub("", head).lower()
        if mod not in MODIFIERS:
            known = ("ALT", "CTRL", "SHIFT")
            raise ConfigError(
                f"{where}: {head!r} in {text!r} is no modifier; expected {', '.join(known)}.{nearest(head, known)}"
            )
        mods.add(mod)
        rest = tail
    key = KEY_NAMES.get(rest, rest.lower())
    if key not in KEYS:
        if UNREACHABLE.fullmatch(rest):
            return None
        names = sorted({*KEY_NAMES, *(k.upper() for k in KEYS)})
        raise ConfigError(
            f"{where}: {rest!r} in {text!r} is no key of the client.{nearest(rest, names)} Mend or delete that line"
        )
    return Chord(tuple(m for m in MODIFIERS if m in mods), key)
