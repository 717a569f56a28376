"""Evaluating by the tree: exact, three-valued, and able to say why.

This is the reference: `codegen` must always agree with it. None is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from wowbot.apl import numbers
from wowbot.apl.syntax import Binary, Call, Choice, Name, Node, Number, Prefix

Lookup = Callable[[str], Any]
"""term -> number, or None for unknown."""

_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "*": operator.mul,
    "+": operator.add,
    "-": operator.sub,
    "%": numbers.divide,
    "%%": numbers.fmod,
    "<?": max,
    ">?": min,
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "^": lambda a, b: (a != 0) != (b != 0),
}
_PREFIX: dict[str, Callable[[float], float]] = {
    "!": lambda a: float(a == 0),
    "-": lambda a: -1.0 * a,
    "+": lambda a: a,
    "@": abs,
}
_CALLS: dict[str, Callable[[float], float]] = {"floor": numbers.floor, "ceil": numbers.ceil}


def evaluate(node: Node, look: Lookup) -> float | None:
    """The value of an expression; None when it is unknown.

    Kleene's logic: 0&u=0, 1|u=1; every other operation with an unknown is unknown.
    """
    match node:
        case Number(value):
            return value
        case Name(name):
            value = look(name)
            return None if value is None else float(value)
        case Binary(op, left, right) if op in ("&", "|"):
            return _logic(op, left, right, look)
        case Choice(op, left, right):
            return _choice(op, left, right, look)
        case Binary(op, left, right):
            a, b = evaluate(left, look), evaluate(right, look)
            return None if a is None or b is None else float(_ARITHMETIC[op](a, b))
        case Prefix(op, operand):
            a = evaluate(operand, look)
            return None if a is None else _PREFIX[op](a)
        case Call(function, operand):
            a = evaluate(operand, look)
            return None if a is None else _CALLS[function](a)


def _logic(op: str, left: Node, right: Node, look: Lookup) -> float | None:
    decides = op == "|"
    a = evaluate(left, look)
    if a is not None and (a != 0) == decides:
        return float(decides)
    b = evaluate(right, look)
    if b is not None and (b != 0) == decides:
        return float(decides)
    return None if a is None or b is None else float(not decides)


def _choice(op: str, left: Node, right: Node, look: Lookup) -> float | None:
    a = evaluate(left, look)
    if a is not None and (a != 0) == (op == "|"):
        return a
    b = evaluate(right, look)
    if a is not None or b is None or (b != 0) == (op == "|"):
        return b
    return None
