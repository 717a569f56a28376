"""Lines that can never fire, whatever the screen shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from wowbot.apl.program import PRECOMBAT, Line, Program
from wowbot.apl.traced import evaluate


class Unreachable(NamedTuple):
    """A line, or a whole list, and why."""

    line: Line | None
    list_name: str
    why: str


_MODIFIERS = ("line_cd", "sync", "moving", "wait_on_ready", "target", "use_off_gcd", "use_while_casting")
"""Options that make two lines of one action differ in when they are ready."""


def unreachable(program: Program, statics: Mapping[str, float], roots: tuple[str, ...] = ()) -> list[Unreachable]:
    """Find them.

    Args:
        statics: terms that never change, e.g. `talent.x`; a condition they alone make false is never true.
        roots: lists that are used besides those that others call.
    """
    found = [Unreachable(None, name, "no line calls this list") for name in _uncalled(program, roots)]
    for lines in program.lists.values():
        found += _in_list(lines, statics)
    return found


def _uncalled(program: Program, roots: tuple[str, ...]) -> Iterator[str]:
    reached: set[str] = set()
    waiting = [program.root, PRECOMBAT, *roots]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in program.lists:
            reached.add(name)
            waiting += [line.calls for line in program.lists[name] if line.calls]
    yield from (name for name in program.lists if name not in reached)


def _in_list(lines: tuple[Line, ...], statics: Mapping[str, float]) -> Iterator[Unreachable]:
    ended_by = ""
    always: dict[str, str] = {}
    for line in lines:
        if line.kind == "never":
            continue
        known = 1.0 if line.cond is None else evaluate(line.cond, _only(statics))
        if ended_by:
            yield Unreachable(line, line.entry.list_name, f"{ended_by} above always ends the scan")
        elif known == 0:
            yield Unreachable(line, line.entry.list_name, "its condition is false for this character")
        elif line.kind == "action" and line.token in always:
            yield Unreachable(
                line, line.entry.list_name, f"{always[line.token]} above does the same without a condition"
            )
        if known is None or known == 0:
            continue
        if line.kind in ("run", "wait") or (line.kind == "pool" and not line.entry.flag("for_next")):
            ended_by = ended_by or line.rule
        elif line.kind == "action" and not any(option in line.entry.options for option in _MODIFIERS):
            always.setdefault(line.token, line.rule)


def _only(statics: Mapping[str, float]) -> Callable[[str], float | None]:
    return statics.get
