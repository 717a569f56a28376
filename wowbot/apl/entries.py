"""Cutting a list's text into entries, their options and expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from wowbot.apl.dialect import Dialect
from wowbot.apl.expression import parse
from wowbot.apl.options import (
    EXPRESSIONS,
    KNOWN,
    META_EXPRESSIONS,
    OPTION_FLAGS,
    REPEATED,
    TIMES,
)
from wowbot.apl.problem import ExpressionError, Place, Problem
from wowbot.apl.syntax import Binary, Name, Node, Number, names
from wowbot.core.errors import nearest

_HEAD = re.compile(r"[A-Za-z0-9_ '\-]+(:[A-Za-z0-9_ '\-]+)?")
_TARGET_MODE = re.compile(r"(min|max|first):")
_CONDITION = re.compile(r"([A-Za-z][A-Za-z0-9_.]*)([<>!]?)$")
_PERMANENT = re.compile(
    r"buff\.(\w+_(stance|form|presence|aura|formation)|aspect_of_the_\w+|shadowform|stealth|prowl|travel_form|moonkin_form"
    r"|righteous_fury|inner_will)\.remains"
)
"""Auras without a duration in every age of the game; a profile knows the others (duration_s = 0)."""
_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]*")
SEQUENCES = ("sequence", "strict_sequence")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list.

    Args:
        list_name, number: where it stands; numbers count from 1 within the list.
        action: its head as the game's token, e.g. "frostbolt", "call_action_list".
        options: as written, name -> text.
        exprs: the options that are expressions, read.
        written: those options' expressions as written.
        target_mode: "min", "max" or "first" of its target_if.
        steps: the sub-actions of a sequence.
        file_line: line of the file it begins on.
        offset: where it begins in the list's text.
        text: as written.
        broken: it has an error and never fires.
    """

    list_name: str
    number: int
    action: str
    options: Mapping[str, str] = field(default_factory=dict)
    exprs: Mapping[str, Node] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    target_mode: str = "first"
    steps: tuple[Entry, ...] = ()
    file_line: int = 0
    offset: int = 0
    text: str = ""
    broken: bool = False

    @property
    def rule(self) -> str:
        """ "<list>.<number>"."""
        return f"{self.list_name}.{self.number}"

    def flag(self, option: str) -> bool:
        """Whether a 0/1 option is set."""
        return self.options.get(option, "0") not in ("", "0")

    def seconds(self, option: str, default: float) -> float:
        """A number option; `default` where it is absent or an expression."""
        try:
            return float(self.options.get(option, default))
        except ValueError:
            return default


def read_entries(list_name: str, place: Place, dialect: Dialect, problems: list[Problem]) -> list[Entry]:
    """All entries of a list; errors and warnings are added to `problems`."""
    entries: list[Entry] = []
    for offset, text in _cut(place, dialect):
        reader = _EntryReader(place, dialect, problems)
        entries.append(reader.read(list_name, len(entries) + 1, offset, text))
    return entries


def _cut(place: Place, dialect: Dialect) -> Iterator[tuple[int, str]]:
    if dialect.entry_per_line:
        for offset, text in _split(place.text, "\n"):
            slash = len(text) - len(text.lstrip("/"))
            if text[slash:].strip():
                yield offset + slash, text[slash:]
        return
    pieces = list(_split(place.text.replace("\n", "/"), "/"))
    yield from _mended(pieces) if dialect.slash_divides else ((o, t) for o, t in pieces if t)


def _mended(pieces: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join what `/` parted where it can only have been a division: within parentheses, or before no action's name."""
    begun: tuple[int, str] | None = None
    for offset, text in pieces:
        if begun and text and (begun[1].count("(") > begun[1].count(")") or not _begins_entry(text)):
            begun = (begun[0], f"{begun[1]}/{text}")
            continue
        if begun and begun[1]:
            yield begun
        begun = (offset, text)
    if begun and begun[1]:
        yield begun


def _begins_entry(text: str) -> bool:
    head = re.split("[,:]", text, maxsplit=1)[0]
    return bool(_HEAD.fullmatch(head)) and not head[0].isdigit()


def _split(text: str, separator: str, start: int = 0) -> Iterator[tuple[int, str]]:
    offset = start
    for piece in text.split(separator):
        yield offset, piece
        offset += len(piece) + len(separator)


class _EntryReader:
    """Reads one entry; keeps what it finds wrong."""

    def __init__(self, place: Place, dialect: Dialect, problems: list[Problem]) -> None:
        self.place, self.dialect, self.problems = place, dialect, problems
        self.broken = False
        self.options: dict[str, str] = {}
        self.exprs: dict[str, Node] = {}
        self.written: dict[str, str] = {}
        self.extra: list[Node] = []
        self.target_mode = "first"

    def read(self, list_name: str, number: int, offset: int, text: str) -> Entry:
        steps: tuple[Entry, ...] = ()
        whole = text
        if text.strip().lower().partition(",")[0].partition(":")[0] in SEQUENCES:
            parts = list(_split(text, ":", offset))
            text = parts[0][1]
            steps = tuple(
                _EntryReader(self.place, self.dialect, self.problems).read(list_name, number, o, t)
                for o, t in parts[1:]
                if t
            )
        pieces = list(_split(text, ",", offset))
        action = self._head(*pieces[0])
        for at, piece in pieces[1:]:
            if piece.strip():
                self._option(action, at, piece)
        self._join_conditions()
        entry = Entry(
            list_name, number, action, self.options, self.exprs, self.written, self.target_mode, steps,
            self.place.line(offset), offset, whole, self.broken or any(step.broken for step in steps),
        )  # fmt: skip
        return _as_hekili(entry) if self.dialect.lua_logic else entry

    def _head(self, offset: int, text: str) -> str:
        head = text.strip()
        if not _HEAD.fullmatch(head):
            self._error(offset, f"{head!r} is not the name of an action", "an entry is ACTION,option=value,...; "
                        "no `/` or `,` inside an expression")  # fmt: skip
        return re.sub(r"[^a-z0-9_:]", "", head.lower().replace(" ", "_"))

    def _option(self, action: str, offset: int, text: str) -> None:
        blank = len(text) - len(text.lstrip())
        name, equals, value = text.strip().partition("=")
        name, offset = name.strip(), offset + blank
        if not equals and self.dialect.bare_options:
            self.options[name] = ""
            return
        if not equals:
            self._error(offset, f"option {name!r} has no value", "write option=value, or take it out")
            return
        at = offset + text.strip().index("=") + 1
        if self.dialect.option_conditions and self._old_condition(name, value, offset):
            return
        if name in self.options and name in REPEATED:
            self._warn(offset, f"`{name}=` is given twice; the last one counts", "join the two with &")
        self.options[name] = value
        if name in EXPRESSIONS or name in META_EXPRESSIONS.get(action, ()):
            self._expression(name, at, value)
        elif name in TIMES:
            self._number(name, at, value)
        elif name not in KNOWN:
            self._unknown(name, value, offset)

    def _expression(self, name: str, offset: int, text: str) -> None:
        if name == "target_if" and (mode := _TARGET_MODE.match(text)):
            self.target_mode = mode.group(1)
            text, offset = text[mode.end() :], offset + mode.end()
        if not text and name != "if":
            return
        self.written[name] = text
        try:
            parsed = parse(text, self.dialect)
        except ExpressionError as error:
            self._error(offset + error.offset, f"{name}: {error.message}", error.mend)
            return
        self.exprs[name] = parsed.node
        for remark in parsed.remarks:
            self._warn(offset + remark.offset, f"{name}: {remark.message}", remark.mend)
        for used in sorted(set(names(parsed.node))):
            if _PERMANENT.fullmatch(used):
                message = f"{name}: {used} is hugely negative while the aura is up, because it never runs out"
                self._warn(offset + max(0, text.find(used)), message, f"use {used.removesuffix('remains')}up")

    def _number(self, name: str, offset: int, text: str) -> None:
        if not _NUMBER.fullmatch(text):
            self._error(offset, f"{name}={text}: found {text!r}, expected a number", "write the number itself")

    def _unknown(self, name: str, value: str, offset: int) -> None:
        if not name.isidentifier() or value[:1] in ("<", ">", "=", "!"):
            self._error(offset, f"{name}={value}: a condition stands where an option is expected", "write it as if=")
            return
        mend = nearest(name, (*KNOWN, *EXPRESSIONS), 1).strip() or "take it out"
        self._warn(offset, f"unknown option {name!r} is ignored", mend)

    def _old_condition(self, name: str, value: str, offset: int) -> bool:
        """`rage>=25` or `bloodsurge=1` as an option: a condition of the years before `if=`. True when it was one."""
        match = _CONDITION.fullmatch(name)
        if match and match.group(2) and re.fullmatch(r"[0-9]+\.?[0-9]*", value):
            op = f"{match.group(2)}="
            self.extra.append(Binary(op, Name(match.group(1)), Number(float(value))))  # type: ignore[arg-type]
            return True
        if name in OPTION_FLAGS and value in ("0", "1") and self.dialect.name == "wotlk":
            self.extra.append(Binary("=" if value == "0" else "!=", Name(OPTION_FLAGS[name]), Number(0.0)))
            return True
        if match and match.group(2):
            self._error(offset, f"{name}={value}: an option compares a name with a number", "use if=")
            return True
        return False

    def _join_conditions(self) -> None:
        for node in self.extra:
            given = self.exprs.get("if")
            self.exprs["if"] = node if given is None else Binary("&", given, node)

    def _error(self, offset: int, message: str, mend: str) -> None:
        self.broken = True
        self.problems.append(self.place.problem("error", offset, message, mend))

    def _warn(self, offset: int, message: str, mend: str) -> None:
        self.problems.append(self.place.problem("warning", offset, message, mend))


def _as_hekili(entry: Entry) -> Entry:
    """Hekili's reading: `condition` is `if`, `cancel_if` is `interrupt_if`; `target_if` only turns on cycling.

    Source: Options.lua `ParseActionList`.
    """
    exprs, options = dict(entry.exprs), dict(entry.options)
    if "condition" in exprs and entry.action != "variable":
        exprs.setdefault("if", exprs.pop("condition"))
    if "cancel_if" in exprs:
        exprs.setdefault("interrupt_if", exprs.pop("cancel_if"))
    if "target_if" in exprs:
        exprs.setdefault("if", exprs.pop("target_if"))
        exprs.pop("target_if", None)
        options["cycle_targets"] = "1"
    return replace(entry, exprs=exprs, options=options)
