"""A whole file as a program: actors, their lists, what those call, and everything found wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from wowbot.apl.dialect import DIALECTS, Dialect
from wowbot.apl.entries import Entry, read_entries
from wowbot.apl.problem import Problem
from wowbot.apl.source import DEFAULT_LIST, Actor, ReadText, decode, folder_reader, no_includes, read_source
from wowbot.apl.syntax import to_text
from wowbot.core.errors import ProfileError, nearest

CALLS = frozenset({"call_action_list", "run_action_list", "swap_action_list"})
VARIABLES = frozenset({"variable", "cycling_variable"})
OPERATIONS = frozenset(
    {"set", "add", "sub", "mul", "div", "mod", "pow", "min", "max", "floor", "ceil", "reset", "print", "setif"}
)
PRECOMBAT = "precombat"
MAX_CALLS = 40
"""How deep lists may call each other; the deepest of the community's lists is 5."""


@dataclass(frozen=True, slots=True)
class ActorLists:
    """One character's lists.

    Args:
        name: "" when the file names none.
        lists: list name -> entries, in the order the file first sets them.
    """

    name: str
    lists: Mapping[str, tuple[Entry, ...]]

    def entries(self) -> Iterator[Entry]:
        """All entries of all lists."""
        for entries in self.lists.values():
            yield from entries

    def find(self, name: str) -> str | None:
        """The list called `name`, whatever its case; None when there is none."""
        if name in self.lists:
            return name
        return next((known for known in self.lists if known.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Apl:
    """A file as read.

    Args:
        actors: those that have lists.
        problems: errors and warnings, in the order of the file.
        missing: includes that were not found.
    """

    file: str
    dialect: Dialect
    actors: tuple[ActorLists, ...]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity == "warning")

    def list_sizes(self) -> dict[str, int]:
        """List name -> number of entries; "actor:list" where the file describes several actors with lists."""
        several = len(self.actors) > 1
        sizes: dict[str, int] = {}
        for actor in self.actors:
            for name, entries in actor.lists.items():
                key = f"{actor.name}:{name}" if several else name
                sizes[key] = sizes.get(key, 0) + len(entries)
        return sizes

    def expressions(self) -> set[str]:
        """The distinct expressions, as written."""
        return {text for actor in self.actors for entry in actor.entries() for text in _expressions(entry)}

    def runnable(self) -> ActorLists:
        """The one actor to run.

        Raises:
            ProfileError: an error in the text, a missing include, no list, or several actors.
        """
        if self.errors:
            raise ProfileError("\n".join(map(str, self.errors)))
        if self.missing:
            raise ProfileError(f"{self.file}: include {self.missing[0]!r} was not found in this file's folder")
        if len(self.actors) != 1:
            names = ", ".join(repr(a.name) for a in self.actors) or "none"
            raise ProfileError(f"{self.file}: expected the lists of one actor, found {names}; keep one in the file")
        return self.actors[0]


def _expressions(entry: Entry) -> Iterator[str]:
    yield from entry.written.values()
    for step in entry.steps:
        yield from _expressions(step)


def read_apl(
    text: str, file: str = "<text>", dialect: Dialect = DIALECTS["modern"], read: ReadText = no_includes
) -> Apl:
    """Read a list; never raises on bad text: what is wrong stands in `problems`."""
    source = read_source(text, file, dialect, read)
    problems = list(source.problems)
    actors = []
    for actor in source.with_lists():
        lists = {n: tuple(read_entries(n, place, dialect, problems)) for n, place in actor.lists.items()}
        lists = _Linker(actor, lists, problems, bool(source.missing)).run()
        actors.append(ActorLists(actor.name, lists))
    return Apl(file, dialect, tuple(actors), tuple(problems), tuple(source.missing))


def read_apl_file(path: Path, dialect: Dialect = DIALECTS["modern"]) -> Apl:
    """Read a file and its includes.

    Raises:
        ProfileError: the file cannot be read.
    """
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read ({error.strerror})") from error
    return read_apl(text, str(path), dialect, folder_reader(path.parent))


@dataclass(slots=True)
class _Linker:
    """Checks what needs the whole actor: called lists, recursion, what meta actions must be given."""

    actor: Actor
    lists: dict[str, tuple[Entry, ...]]
    problems: list[Problem]
    incomplete: bool
    depths: dict[str, int | None] = field(default_factory=dict)
    """List name -> how deep its calls go; None while that is being found out."""

    def run(self) -> dict[str, tuple[Entry, ...]]:
        checked = {name: tuple(self._check(entry) for entry in entries) for name, entries in self.lists.items()}
        for name in self.lists:
            self._walk(name, ())
        return checked

    def _check(self, entry: Entry) -> Entry:
        complaint = self._complaint(entry)
        if complaint is None or entry.broken:
            return entry
        self._problem(entry, *complaint)
        return replace(entry, broken=True)

    def _complaint(self, entry: Entry) -> tuple[str, str] | None:
        if entry.action in CALLS:
            return self._call_complaint(entry)
        if entry.action in VARIABLES:
            return _variable_complaint(entry)
        return None

    def _call_complaint(self, entry: Entry) -> tuple[str, str] | None:
        name = entry.options.get("name", "")
        if not name:
            return f"{entry.action} does not say which list", "add name=LIST"
        if self._find(name) or self.incomplete:
            return None
        return f"there is no list {name!r}", nearest(name, self.lists).strip() or f"add actions.{name}+=/..."

    def _find(self, name: str) -> str | None:
        return ActorLists("", self.lists).find(name)

    def _walk(self, name: str, path: tuple[str, ...]) -> int:
        """Depth first through the calls; a list met again on the way is a recursion. Returns how deep they go."""
        if name in self.depths:
            return self.depths[name] or 0
        self.depths[name] = None
        deepest = 0
        for entry in self.lists[name]:
            called = self._find(entry.options.get("name", "")) if entry.action in CALLS - {"swap_action_list"} else None
            if called is None:
                continue
            if called in self.depths and self.depths[called] is None:
                way = " -> ".join((*path, name, called))
                self._problem(entry, f"lists call each other in a circle: {way}", "take one of the calls out")
                continue
            depth = MAX_CALLS if len(path) > MAX_CALLS else 1 + self._walk(called, (*path, name))
            if depth == MAX_CALLS:
                self._problem(entry, f"lists call each other more than {MAX_CALLS} deep", "join some of them")
            deepest = max(deepest, depth)
        self.depths[name] = deepest
        return deepest

    def _problem(self, entry: Entry, message: str, mend: str) -> None:
        self.problems.append(self.actor.lists[entry.list_name].problem("error", entry.offset, message, mend))


def _variable_complaint(entry: Entry) -> tuple[str, str] | None:
    options, exprs = entry.options, entry.exprs
    operation = options.get("op", "set")
    if not options.get("name"):
        return f"{entry.action} has no name", "add name=NAME"
    if operation not in OPERATIONS:
        return f"{operation!r} is not an operation", nearest(operation, OPERATIONS).strip() or "use op=set"
    needed = {"setif": ("condition", "value", "value_else")}.get(operation, ("value",))
    lacking = [] if operation in ("floor", "ceil", "reset", "print") else [n for n in needed if n not in exprs]
    if lacking == ["value"] and "default" in options:
        return None
    return (f"op={operation} needs {lacking[0]}=", f"add {lacking[0]}=EXPRESSION") if lacking else None


def describe(entry: Entry) -> str:
    """The entry's condition in the modern spelling, for people."""
    return to_text(entry.exprs["if"]) if "if" in entry.exprs else "always"


__all__ = ["DEFAULT_LIST", "ActorLists", "Apl", "describe", "read_apl", "read_apl_file"]
