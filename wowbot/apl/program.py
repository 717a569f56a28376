"""A linked list, ready to scan: names resolved, kinds and implicit conditions worked out, terms collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from wowbot.apl.entries import Entry
from wowbot.apl.lists import CALLS, PRECOMBAT, VARIABLES, ActorLists
from wowbot.apl.source import DEFAULT_LIST
from wowbot.apl.syntax import Binary, Call, Choice, Name, Node, Number, Prefix, names

Kind = Literal[
    "action", "targeted", "call", "run", "swap", "variable", "cycling", "pool", "wait", "sequence", "strict",
    "restart", "consult", "never",
]  # fmt: skip
Resolver = Callable[[str, Entry], Node]
"""(name, the entry it stands in) -> the tree that stands for it."""

SIMULATOR_ONLY = frozenset(
    {"snapshot_stats", "start_moving", "stop_moving", "flask", "food", "augmentation", "elixir", "scroll",
     "invoke_external_buff", "retarget_auto_attack", "choose_rotation"}
)  # fmt: skip
"""Actions that mean something to a simulator alone. They fire only where a profile gives them a key."""

_KINDS: Mapping[str, Kind] = {
    "call_action_list": "call",
    "run_action_list": "run",
    "swap_action_list": "swap",
    "variable": "variable",
    "cycling_variable": "cycling",
    "pool_resource": "pool",
    "wait": "wait",
    "wait_until_ready": "wait",
    "wait_for_cooldown": "wait",
    "sequence": "sequence",
    "strict_sequence": "strict",
    "restart_sequence": "restart",
    "consult": "consult",
}
_SCAN_KINDS = frozenset({"call", "run", "swap", "variable", "cycling", "restart", "consult"})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, linked.

    Args:
        kind: how the scan treats it.
        token: the ability whose cooldown, usability and range it needs; "" for none.
        cond: its `if`, names resolved; None = always.
        exprs: its other expressions, names resolved.
        off_gcd, while_casting: it is looked at while the global cooldown runs, while a cast runs.
        cooldown, usable, in_range: the terms of its implicit conditions.
        steps: of a sequence.
        calls: the list it calls.
        rule: "<list>.<number>".
    """

    entry: Entry
    kind: Kind
    token: str
    cond: Node | None
    exprs: Mapping[str, Node]
    off_gcd: bool
    while_casting: bool
    cooldown: str
    usable: str
    in_range: str
    steps: tuple[Line, ...] = ()
    calls: str = ""
    rule: str = ""

    def implicit(self) -> tuple[str, ...]:
        """The terms of its implicit conditions."""
        return (self.cooldown, self.usable, self.in_range) if self.token else ()


@dataclass(frozen=True, slots=True)
class Program:
    """All lists of one actor, linked.

    Args:
        variables: name in lower case -> initial value.
        terms: every term that the scan may ask for, implicit ones included.
    """

    lists: Mapping[str, tuple[Line, ...]]
    variables: Mapping[str, float]
    terms: frozenset[str]
    root: str = DEFAULT_LIST

    def lines(self) -> Iterator[Line]:
        """Every line, list by list."""
        for lines in self.lists.values():
            yield from lines


def exact(name: str, entry: Entry) -> Node:  # noqa: ARG001
    """The resolver that leaves every name as it is written."""
    return Name(name)


def anything(entry: Entry) -> bool:
    """The keyed test of a list that runs without a profile: everything but a simulator's own actions can be used."""
    return entry.action not in SIMULATOR_ONLY


@dataclass(slots=True)
class Linker:
    """Makes a Program.

    Args:
        resolve: what each name stands for.
        keyed: whether an entry's action can be carried out at all.
        token: the ability an entry stands for.
        free: whether that ability is off the global cooldown even where the line does not say so.
    """

    actor: ActorLists
    resolve: Resolver = exact
    keyed: Callable[[Entry], bool] = anything
    token: Callable[[Entry], str] = lambda entry: token_of(entry)
    free: Callable[[Entry], bool] = lambda entry: False  # noqa: ARG005
    cache: dict[tuple[str, str], Node] = field(default_factory=dict)

    def link(self) -> Program:
        lists = {name: tuple(map(self._line, entries)) for name, entries in self.actor.lists.items()}
        variables: dict[str, float] = {}
        for entry in self.actor.entries():
            if entry.action in VARIABLES and (name := entry.options.get("name", "").lower()):
                stated = "default" in entry.options or name not in variables
                variables[name] = entry.seconds("default", 0.0) if stated else variables[name]
        used = {name for lines in lists.values() for line in lines for name in _terms(line)}
        terms = {name for name in used if not _is_own(name, variables)}
        return Program(lists, variables, frozenset(terms))

    def _line(self, entry: Entry) -> Line:
        kind = self._kind(entry)
        token = self.token(entry) if kind in ("action", "targeted") else ""
        exprs = {name: self._resolved(node, entry) for name, node in entry.exprs.items()}
        scans = kind in _SCAN_KINDS
        return Line(
            entry, kind, token, exprs.pop("if", None), exprs,
            scans or entry.flag("use_off_gcd") or (bool(token) and self.free(entry)),
            scans or entry.flag("use_while_casting"),
            f"cooldown.{token}.remains", f"action.{token}.usable", f"action.{token}.in_range",
            tuple(self._line(step) for step in entry.steps),
            self.actor.find(entry.options.get("name", "")) or "" if entry.action in CALLS else "",
            entry.rule,
        )  # fmt: skip

    def _kind(self, entry: Entry) -> Kind:
        if entry.broken:
            return "never"
        kind = _KINDS.get(entry.action)
        if kind in ("sequence", "strict"):
            return kind if entry.steps else "never"
        if kind is not None:
            return kind
        if not self.keyed(entry):
            return "never"
        targeted = (
            "target_if" in entry.exprs or entry.flag("cycle_targets") or entry.options.get("target", "self").isdigit()
        )
        return "targeted" if targeted else "action"

    def _resolved(self, node: Node, entry: Entry) -> Node:
        match node:
            case Name(name):
                key = (name, self.token(entry))
                if key not in self.cache:
                    self.cache[key] = self.resolve(name, entry)
                return self.cache[key]
            case Prefix(op, operand):
                return Prefix(op, self._resolved(operand, entry))
            case Call(function, operand):
                return Call(function, self._resolved(operand, entry))
            case Binary(op, left, right):
                return Binary(op, self._resolved(left, entry), self._resolved(right, entry))
            case Choice(choice, left, right):
                return Choice(choice, self._resolved(left, entry), self._resolved(right, entry))
            case Number():
                return node


def token_of(entry: Entry) -> str:
    """The ability an entry stands for: its head, or the item of `use_item`."""
    if entry.action == "use_item":
        options = entry.options
        return options.get("name") or options.get("effect_name") or options.get("slot") or entry.action
    return entry.action


def _terms(line: Line) -> Iterator[str]:
    yield "gcd.remains"
    yield from line.implicit()
    if "moving" in line.entry.options:
        yield "moving"
    if partner := line.entry.options.get("sync"):
        yield from (f"cooldown.{partner}.remains", f"action.{partner}.usable")
    if line.entry.action == "cancel_buff" and line.token:
        yield f"buff.{line.entry.options.get('name', '')}.up"
    if line.entry.action == "wait_for_cooldown":
        yield f"cooldown.{line.entry.options.get('name', '')}.remains"
    for node in (*line.exprs.values(), *([line.cond] if line.cond is not None else [])):
        yield from names(node)
    for step in line.steps:
        yield from _terms(step)


def _is_own(name: str, variables: Mapping[str, float]) -> bool:
    return name.startswith("variable.") and name[9:].lower() in variables


__all__ = ["PRECOMBAT", "Line", "Linker", "Program", "exact", "token_of"]
