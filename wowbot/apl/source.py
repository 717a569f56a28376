"""Reading a file: lines, tokens, templates, includes, actors; the text of each actor's lists comes out.

Source: SimulationCraft's engine/sim/option.cpp and util.cpp (how lines and tokens are cut).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from wowbot.apl.dialect import DIALECTS, Dialect
from wowbot.apl.problem import Place, Problem

CLASSES = frozenset(
    {"warrior", "paladin", "hunter", "rogue", "priest", "deathknight", "death_knight", "shaman", "mage", "warlock",
     "monk", "druid", "demonhunter", "demon_hunter", "evoker", "player", "armory", "wowhead", "enemy", "add",
     "tank_dummy", "tmi_boss"}
)  # fmt: skip
"""`mage=NAME` and the like begin a new actor."""
DEFAULT_LIST = "default"
MAX_INCLUDES = 200

_ASSIGNMENT = re.compile(r"actions(\.[^+=]*)?(\+?)")
_TEMPLATE = re.compile(r"\$\(([^)]*)\)")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.$()]+\+?")
_HEKILI_LINE = re.compile(r"(actions(?:\.[^+=\s]*)?\s*\+?)\s*=(.*)", re.DOTALL)

ReadText = Callable[[str], str | None]
"""File name as an include writes it -> its text, None when there is none within the folder."""


@dataclass(slots=True)
class Actor:
    """One character of a file and its lists.

    Args:
        name: "" for a file that describes none.
        lists: list name -> its raw text, which knows its places.
        owner: name of the actor whose pet this is.
    """

    name: str
    lists: dict[str, Place] = field(default_factory=dict)
    owner: str = ""


@dataclass(slots=True)
class Source:
    """What a file says, before entries are cut.

    Args:
        missing: includes that were not found.
    """

    file: str
    dialect: Dialect
    actors: list[Actor] = field(default_factory=lambda: [Actor("")])
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def with_lists(self) -> list[Actor]:
        """The actors that have lists, in the order of the file."""
        return [actor for actor in self.actors if actor.lists]


def decode(raw: bytes) -> str:
    """UTF-8, a byte order mark skipped; else Latin-1."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def folder_reader(folder: Path) -> ReadText:
    """Reads includes from `folder` and below; anything outside counts as missing."""
    root = folder.resolve()

    def read(name: str) -> str | None:
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        return decode(path.read_bytes())

    return read


def no_includes(name: str) -> str | None:  # noqa: ARG001
    """For text that has no folder: every include is missing."""
    return None


def read_source(text: str, file: str, dialect: Dialect = DIALECTS["modern"], read: ReadText = no_includes) -> Source:
    """Read the text of a file.

    Args:
        file: its name, for messages.
        read: how includes are found.
    """
    reader = _Reader(Source(file, dialect), read)
    reader.read_text(text, file)
    return reader.source


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a line. `column` counts from 1."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Line:
    file: str
    number: int
    text: str

    def problem(self, column: int, message: str, mend: str, *, warning: bool = False) -> Problem:
        return Problem("warning" if warning else "error", self.file, self.number, column, message, mend, self.text)


class _Reader:
    def __init__(self, source: Source, read: ReadText) -> None:
        self.source, self.read = source, read
        self.actor = source.actors[0]
        self.templates: dict[str, str] = {}
        self.including: list[str] = []
        self.included = 0

    def read_text(self, text: str, file: str) -> None:
        for number, raw in enumerate(text.split("\n"), 1):
            line = _Line(file, number, raw.rstrip("\r"))
            stripped = raw.lstrip(" \t\r")
            if not stripped or stripped.startswith("#"):
                continue
            if self.source.dialect.entry_per_line:
                self._hekili_line(line)
            else:
                self._line(line)

    def _line(self, line: _Line) -> None:
        after_actions = False
        for token in _tokens(line.text):
            name, equals, value = token.text.partition("=")
            if after_actions and not (equals and _PLAIN_NAME.fullmatch(name)):
                self._problem(line, token.column, *_JUNK)
                return
            if not equals:
                self._include(token.text, line, token.column)
                continue
            after_actions = self._assign(name, value, line, token.column) or after_actions

    def _hekili_line(self, line: _Line) -> None:
        match = _HEKILI_LINE.match(line.text.lstrip())
        if match is None:
            self._problem(line, 1, "this line is neither a comment nor an entry", "begin it with # or with actions+=/")
            return
        indent = len(line.text) - len(line.text.lstrip())
        value = match.group(2)
        blank = len(value) - len(value.lstrip())
        name = re.sub(r"\s", "", match.group(1))
        self._actions(name, value.strip(), line, indent + match.start(2) + blank + 1)

    def _assign(self, name: str, value: str, line: _Line, column: int) -> bool:
        """Take one `name=value`; True when it belongs to a list."""
        defines = _TEMPLATE.fullmatch(name)
        value = self._expand(value, line, column)
        if defines:
            self.templates[defines.group(1)] = value
            return False
        name = self._expand(name, line, column)
        if _ASSIGNMENT.fullmatch(name):
            self._actions(name, value, line, column + len(name) + 1)
            return True
        self._setting(name, value, line, column)
        return False

    def _setting(self, name: str, value: str, line: _Line, column: int) -> None:
        if name == "input":
            self._include(value, line, column + len("input="))
        elif name in CLASSES:
            self._begin(Actor(value.partition(",")[0]))
        elif name == "pet":
            self._begin(Actor(value.rpartition(",")[2], owner=self.actor.name))
        elif name == "copy":
            self._copy(*value.partition(",")[::2])
        elif name == "active":
            wanted = self.actor.owner if value == "owner" else value
            self.actor = next((a for a in reversed(self.source.actors) if a.name == wanted), self.actor)

    def _begin(self, actor: Actor) -> None:
        self.source.actors.append(actor)
        self.actor = actor

    def _copy(self, name: str, source: str) -> None:
        named = [a for a in self.source.actors if source and a.name == source]
        model = named[-1] if named else self.actor
        self._begin(Actor(name, dict(model.lists)))

    def _actions(self, name: str, value: str, line: _Line, column: int) -> None:
        match = _ASSIGNMENT.fullmatch(name)
        list_name = (match.group(1) or "." + DEFAULT_LIST)[1:] if match else ""
        if not list_name or not re.fullmatch(r"\w+", list_name):
            self._problem(
                line, column - len(name) - 1, f"{list_name!r} cannot be the name of a list",
                "use letters, digits and _ after `actions.`",
            )  # fmt: skip
            return
        adds = name.endswith("+")
        if not adds or list_name not in self.actor.lists:
            self.actor.lists[list_name] = Place()
        else:
            self.actor.lists[list_name] = self._appendable(list_name, value, line, column)
        self.actor.lists[list_name].append(value, line.file, line.number, column, line.text)

    def _appendable(self, list_name: str, value: str, line: _Line, column: int) -> Place:
        """The list's text so far, checked and, where an actor shares it with its model, copied."""
        place, copied = self.actor.lists[list_name], Place()
        glued = place.text and not place.text.endswith("/") and value and not value.startswith("/")
        if glued and not self.source.dialect.entry_per_line:
            message = "`+=` without `/` glues this text to the entry before it"
            self._problem(line, column, message, "write +=/ to begin a new entry")
        copied.text, copied.pieces = place.text, list(place.pieces)
        if self.source.dialect.entry_per_line or glued:
            copied.append("\n", line.file, line.number, column, line.text)
        return copied

    def _include(self, name: str, line: _Line, column: int) -> None:
        name = self._expand(name, line, column)
        text = self.read(name) if name and self.included < MAX_INCLUDES else None
        if name in self.including:
            self._problem(line, column, f"{name} includes itself", "take one of the two includes out")
        elif text is None:
            self.source.missing.append(name)
            self.source.problems.append(
                line.problem(
                    column, f"include {name!r} was not found in this file's folder",
                    "put the file there, or write the line as name=value", warning=True,
                )
            )  # fmt: skip
        else:
            self.included += 1
            self.including.append(name)
            self.read_text(text, name)
            self.including.pop()

    def _expand(self, text: str, line: _Line, column: int) -> str:
        if "$(" not in text:
            return text

        def value(match: re.Match[str]) -> str:
            if match.group(1) not in self.templates:
                self._problem(
                    line, column, f"template {match.group(0)} is not defined", f"define it above: {match.group(0)}=TEXT"
                )
            return self.templates.get(match.group(1), "")

        return _TEMPLATE.sub(value, text)

    def _problem(self, line: _Line, column: int, message: str, mend: str) -> None:
        self.source.problems.append(line.problem(max(1, column), message, mend))


_JUNK = (
    "a blank ends the entry, and this is left over",
    "take blanks out of the entry; a comment stands on its own line",
)


def _tokens(line: str) -> list[_Token]:
    """Cut a line at blanks outside double quotes; the quotes are taken out."""
    tokens, text, start, quoted = [], "", 0, False
    for index, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char in " \t\r" and not quoted:
            if text:
                tokens.append(_Token(text, start + 1))
            text = ""
        else:
            start = start if text else index
            text += char
    return [*tokens, _Token(text, start + 1)] if text else tokens
