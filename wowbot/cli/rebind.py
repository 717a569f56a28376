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
    """The profile's text with the client's keys: bars replaced, keys of named abilities set.

    A spell with a slot on an imported bar loses its own `key`, so that the slot's key counts.

    Raises:
        ProfileError: the text is written in a way that cannot be edited line by line (inline tables).
    """
    spells: Mapping[str, Any] = tomllib.loads(text).get("spells", {})
    direct = {**client.abilities, **{t: key for c, key in client.by_name.items() if (t := spell_token(c))}}
    wanted = {name: key for name, key in direct.items() if name in spells and not spells[name].get("slot")}
    slotted = {name for name, spell in spells.items() if str(spell.get("slot", "")).rpartition(".")[0] in client.bars}
    lines: list[str] = []
    section = ""
    for line in text.splitlines():
        header = HEADER.match(line)
        section = header[1] if header else section
        name = section.removeprefix("spells.") if section.startswith("spells.") else ""
        if section.startswith("bars.") and section.removeprefix("bars.") in client.bars:
            continue
        if KEY_LINE.match(line) and (name in wanted or name in slotted):
            continue
        lines.append(line)
        if header and name in wanted:
            lines.append(f"key = {_quoted(wanted[name])}")
    result = "\n".join(lines).rstrip() + "\n\n" + bars_text(client)
    _check(result, wanted, client, where)
    return result


def bars_text(client: ClientBindings) -> str:
    """The [bars.*] tables as TOML."""
    parts = []
    for bar, slots in client.bars.items():
        parts.append(f"[bars.{bar}]\n" + "".join(f"{number} = {_quoted(key)}\n" for number, key in slots.items()))
    return "\n".join(parts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _check(text: str, wanted: Mapping[str, str], client: ClientBindings, where: str) -> None:
    try:
        made = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{where}: cannot be edited line by line ({error}): put the keys in by hand") from error
    bars = {bar: dict(slots) for bar, slots in made.get("bars", {}).items() if bar in client.bars}
    keys = {name: made["spells"][name].get("key") for name in wanted}
    if bars != {bar: dict(slots) for bar, slots in client.bars.items()} or keys != dict(wanted):
        raise ProfileError(f"{where}: [bars] or [spells] is written as inline tables: put the keys in by hand")
