"""Writing a client's key bindings into the text of a profile, comments and all else left as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from wowbot.action.bindings_file import ClientBindings
from wowbot.core.errors import ProfileError

HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
KEY_LINE = re.compile(r"\s*key\s*=")


def spell_token(command: str) -> str:
    """SimulationCraft's token of a `SPELL Name` command: "SPELL Ice Lance" -> "ice_lance"; "" for other commands."""
    kind, _, name = command.partition(" ")
    return re.sub(r"[^a-z0-9]+", "_", name.lower().replace("'", "")).strip("_") if kind == "SPELL" else ""


def rebound(text: str, client: ClientBindings, where: str) -> str:
    """The profile's text with the client's keys on its bars and on its named abilities.

    A slot that the file does not mention keeps the profile's key, unless that key now does something else. A spell with a
    slot that the file does mention loses its own `key`, so that the slot's counts.

    Raises:
        ProfileError: the text is written in a way that cannot be edited line by line (inline tables).
    """
    old = tomllib.loads(text)
    spells: Mapping[str, Any] = old.get("spells", {})
    bars = _merged(old.get("bars", {}), client)
    direct = {**client.abilities, **{t: key for c, key in client.by_name.items() if (t := spell_token(c))}}
    wanted = {name: key for name, key in direct.items() if name in spells and not spells[name].get("slot")}
    slotted = {name for name, spell in spells.items() if _has(client.bars, str(spell.get("slot", "")))}
    lines: list[str] = []
    section = ""
    for line in text.splitlines():
        header = HEADER.match(line)
        section = header[1] if header else section
        name = section.removeprefix("spells.") if section.startswith("spells.") else ""
        if section.startswith("bars.") and not line.lstrip().startswith("#"):
            continue
        if KEY_LINE.match(line) and (name in wanted or name in slotted):
            continue
        lines.append(line)
        if header and name in wanted:
            lines.append(f"key = {_quoted(wanted[name])}")
    result = "\n".join(lines).rstrip() + "\n\n" + bars_text(bars)
    _check(result, wanted, bars, where)
    return result


def _merged(old: Mapping[str, Mapping[str, str]], client: ClientBindings) -> dict[str, dict[str, str]]:
    taken = {key for slots in client.bars.values() for key in slots.values()} | set(client.abilities.values())
    merged: dict[str, dict[str, str]] = {}
    for bar in {**old, **client.bars}:
        kept = {number: key for number, key in old.get(bar, {}).items() if key not in taken}
        slots = {**kept, **client.bars.get(bar, {})}
        merged[bar] = dict(sorted(slots.items(), key=lambda item: int(item[0])))
    return merged


def _has(bars: Mapping[str, Mapping[str, str]], slot: str) -> bool:
    bar, _, number = slot.rpartition(".")
    return number in bars.get(bar, {})


def bars_text(bars: Mapping[str, Mapping[str, str]]) -> str:
    """The [bars.*] tables as TOML."""
    parts = []
    for bar, slots in bars.items():
        parts.append(f"[bars.{bar}]\n" + "".join(f"{number} = {_quoted(key)}\n" for number, key in slots.items()))
    return "\n".join(parts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _check(text: str, wanted: Mapping[str, str], bars: Mapping[str, Mapping[str, str]], where: str) -> None:
    try:
        made = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{where}: cannot be edited line by line ({error}): put the keys in by hand") from error
    keys = {name: made["spells"][name].get("key") for name in wanted}
    if made.get("bars", {}) != bars or keys != dict(wanted):
        raise ProfileError(f"{where}: [bars] or [spells] is written as inline tables: put the keys in by hand")
