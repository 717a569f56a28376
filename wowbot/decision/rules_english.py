"""A profile's list in plain English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from wowbot.apl.entries import Entry
from wowbot.apl.lists import ActorLists
from wowbot.apl.syntax import COMPARISONS, Binary, Call, Choice, Name, Node, Number, Prefix, number_text
from wowbot.core.terms import find

_COMPARING = {"=": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}
_INVERSE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "%": "divided by", "%%": "modulo", "<?": "or, if more,",
               ">?": "or, if less,"}  # fmt: skip

_FLAGS: tuple[tuple[str, str, str], ...] = (
    (r"buff\.(\w+)\.(?:up|react)", "you have {0}", "you do not have {0}"),
    (r"buff\.(\w+)\.down", "you do not have {0}", "you have {0}"),
    (r"(?:debuff|dot)\.(\w+)\.(?:up|ticking|react)", "the target has {0}", "the target does not have {0}"),
    (r"(?:debuff|dot)\.(\w+)\.down", "the target does not have {0}", "the target has {0}"),
    (r"(?:debuff|dot)\.(\w+)\.refreshable", "{0} may be put up again", "{0} need not be put up again"),
    (r"cooldown\.(\w+)\.(?:up|ready)", "{0} is ready", "{0} is not ready"),
    (r"cooldown\.(\w+)\.remains", "{0} is cooling down", "{0} is ready"),
    (r"(?:buff|debuff|dot)\.(\w+)\.remains", "{0} is running", "{0} is not running"),
    (r"action\.(\w+)\.in_range", "the target is in range of {0}", "the target is out of range of {0}"),
    (r"action\.(\w+)\.usable", "{0} can be used", "{0} cannot be used"),
    (r"action\.(\w+)\.enabled", "{0} is on the bars", "{0} is not on the bars"),
    (r"talent\.(\w+)(?:\.enabled)?", "{0} is talented", "{0} is not talented"),
    (r"glyph\.(\w+)(?:\.enabled)?", "the glyph of {0} is in", "the glyph of {0} is not in"),
    (r"prev_gcd\.1\.(\w+)|prev\.(\w+)", "the last spell was {0}", "the last spell was not {0}"),
    (r"target\.exists", "there is a target", "there is no target"),
    (r"target\.dead", "the target is dead", "the target is alive"),
    (r"target\.cast\.active|(?:de)?buff\.casting\.up", "the target is casting", "the target is not casting"),
    (r"cast\.active", "you are casting", "you are not casting"),
    (r"in_combat", "you are in combat", "you are not in combat"),
    (r"dead", "you are dead", "you are alive"),
    (r"ghost", "you are a ghost", "you are not a ghost"),
    (r"moving", "you are moving", "you stand still"),
    (r"popup\.open", "a dialog is open", "no dialog is open"),
    (r"loot\.open", "the loot window is open", "the loot window is closed"),
    (r"variable\.(\w+)", "the note {0} is set", "the note {0} is not set"),
)
_AMOUNTS: tuple[tuple[str, str], ...] = (
    (r"health\.pct", "your health in percent"),
    (r"target\.health\.pct", "the target's health in percent"),
    (r"(\w+)\.pct", "your {0} in percent"),
    (r"target\.time_to_die", "the time in which the target will die"),
    (r"target\.(\w+)", "the target's {0}"),
    (r"active_enemies|spell_targets(?:\.\w+)?", "the number of enemies"),
    (r"combo_points", "the number of combo points"),
    (r"buff\.(\w+)\.remains", "the time left on your {0}"),
    (r"buff\.(\w+)\.stack", "the stacks of your {0}"),
    (r"(?:debuff|dot)\.(\w+)\.remains", "the time left on the target's {0}"),
    (r"(?:debuff|dot)\.(\w+)\.stack", "the stacks of the target's {0}"),
    (r"cooldown\.(\w+)\.remains", "the time until {0} is ready"),
    (r"cooldown\.(\w+)\.charges(?:_fractional)?", "the charges of {0}"),
    (r"action\.(\w+)\.cast_time", "the cast time of {0}"),
    (r"gcd\.remains", "the rest of the global cooldown"),
    (r"gcd(?:\.max)?", "the global cooldown"),
    (r"time", "the time in combat"),
    (r"variable\.(\w+)", "the note {0}"),
)


def english(actor: ActorLists, keys: Callable[[Entry], str]) -> Iterator[str]:
    """Lines of plain English, list by list.

    Args:
        keys: what is pressed for an entry, "" when nothing is.
    """
    for name, entries in actor.lists.items():
        yield f"{_LIST_TITLES.get(name, f'List {spoken(name)}')}:"
        for entry in entries:
            yield f"  {entry.number:>2}. {_entry(entry, keys)}"
        yield ""


_LIST_TITLES = {"default": "First, in this order, the first line that is ready", "precombat": "Before a fight"}


def _entry(entry: Entry, keys: Callable[[Entry], str]) -> str:
    condition = entry.exprs.get("if")
    when = "" if condition is None else f" when {condition_text(condition)}"
    extra = "".join(f"; {text}" for text in _extras(entry))
    return f"{_deed(entry, keys)}{when}{extra}."


def _deed(entry: Entry, keys: Callable[[Entry], str]) -> str:
    name = spoken(entry.options.get("name", ""))
    deeds = {
        "call_action_list": f"Go through list {name}, then go on here",
        "run_action_list": f"Do only what list {name} says",
        "swap_action_list": f"From now on begin with list {name}",
        "pool_resource": "Save power" + (" for the next line" if entry.flag("for_next") else ""),
        "wait": f"Wait {amount(entry.exprs['sec']) if 'sec' in entry.exprs else '1'} s",
        "consult": f"Ask the model about {spoken(entry.options.get('topic', 'what to do'))}",
        "restart_sequence": f"Begin sequence {name} anew",
    }
    if entry.action in deeds:
        return deeds[entry.action]
    if entry.action in ("variable", "cycling_variable"):
        return _note(entry, name)
    if entry.steps:
        return f"One after the other: {', '.join(spoken(step.action) for step in entry.steps)}"
    key = keys(entry)
    thing = f"{spoken(entry.action)}{f' {name}' if name else ''}"
    return f"{thing[:1].upper()}{thing[1:]}" + (f" ({key})" if key else " (no key: never)")


def _note(entry: Entry, name: str) -> str:
    operation = entry.options.get("op", "set")
    value = amount(entry.exprs["value"]) if "value" in entry.exprs else ""
    if operation == "setif":
        other = amount(entry.exprs["value_else"])
        return f"Note {name}: {value} if {condition_text(entry.exprs['condition'])}, else {other}"
    return f"Note {name}: {value}" if operation == "set" else f"Note {name}: {operation} {value}".rstrip()


def _extras(entry: Entry) -> Iterator[str]:
    if "target_if" in entry.exprs:
        best = {"min": "on the enemy with the least ", "max": "on the enemy with the most "}
        mode = best.get(entry.target_mode)
        yield (
            mode + amount(entry.exprs["target_if"])
            if mode
            else (f"on the first enemy for which {condition_text(entry.exprs['target_if'])}")
        )
    if entry.flag("cycle_targets"):
        yield "on the first enemy for which this holds"
    if "line_cd" in entry.options:
        yield f"at most every {entry.options['line_cd']} s"
    if "moving" in entry.options:
        yield "only while moving" if entry.flag("moving") else "only while standing"
    if entry.flag("use_off_gcd"):
        yield "also during the global cooldown"


def condition_text(node: Node, *, holds: bool = True) -> str:
    """A condition, or its opposite, in words."""
    match node:
        case Prefix("!", operand):
            return condition_text(operand, holds=not holds)
        case Binary("&" | "|" as op, left, right) | Choice("&" | "|" as op, left, right):
            word = "and" if (op == "&") == holds else "or"
            return f" {word} ".join(_part(part, op, holds) for part in (left, right))
        case Binary(op, left, right) if op in COMPARISONS:
            return f"{amount(left)} {_COMPARING[op if holds else _INVERSE[op]]} {amount(right)}"
        case Name(name):
            return _flag(name, holds)
        case Number(value):
            return "always" if (value != 0) == holds else "never"
        case _:
            return f"{amount(node)} {'is not' if holds else 'is'} 0"


def _part(part: Node, op: str, holds: bool) -> str:
    text = condition_text(part, holds=holds)
    other = isinstance(part, Binary | Choice) and part.op in ("&", "|") and part.op != op
    return f"({text})" if other else text


def _flag(name: str, holds: bool) -> str:
    for pattern, yes, no in _FLAGS:
        match = re.fullmatch(pattern, name)
        if match:
            return (yes if holds else no).format(*(spoken(group) for group in match.groups() if group))
    return f"{amount(Name(name))} {'is not' if holds else 'is'} 0"


def amount(node: Node) -> str:
    """A number in words."""
    match node:
        case Number(value):
            return number_text(value)
        case Name(name):
            return _amount_of(name)
        case Prefix("@", operand):
            return f"the size of {amount(operand)}"
        case Prefix("-", operand):
            return f"minus {amount(operand)}"
        case Prefix("+", operand):
            return amount(operand)
        case Call(function, operand):
            return f"{amount(operand)} rounded {'down' if function == 'floor' else 'up'}"
        case Binary(op, left, right) if op in _ARITHMETIC:
            return f"({amount(left)} {_ARITHMETIC[op]} {amount(right)})"
        case _:
            return f"1 if {condition_text(node)}, else 0"


def _amount_of(name: str) -> str:
    for pattern, text in _AMOUNTS:
        match = re.fullmatch(pattern, name)
        if match:
            return text.format(*(spoken(group) for group in match.groups() if group))
    term = find(name)
    return (
        spoken(name)
        if term is None or "." in name
        else f"your {spoken(name)}"
        if term.known == "seen"
        else spoken(name)
    )


def spoken(token: str) -> str:
    """A token as words: "frost_nova" -> "frost nova"."""
    return token.replace("_", " ").replace(".", "'s ")
