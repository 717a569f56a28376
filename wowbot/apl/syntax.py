"""The syntax tree of an expression, and how it is printed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PrefixOp = Literal["!", "-", "+", "@"]
BinaryOp = Literal["*", "%", "%%", "+", "-", "<?", ">?", "=", "!=", "<", "<=", ">", ">=", "&", "^", "|"]
Function = Literal["floor", "ceil"]

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
LOGIC = frozenset({"&", "^", "|"})


@dataclass(frozen=True, slots=True)
class Number:
    """A constant. A minus written directly before the digits belongs to it."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A term such as `buff.icy_veins.up`."""

    name: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """`!x` `-x` `+x` `@x` (absolute value)."""

    op: PrefixOp
    operand: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`floor(x)` or `ceil(x)`."""

    function: Function
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`left op right`, with the operator in the modern spelling whatever the dialect wrote."""

    op: BinaryOp
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """The Hekili pack's `&` and `|`: Lua's, which hand on a value (`clearcasting&15|0` is 15 or 0)."""

    op: Literal["&", "|"]
    left: Node
    right: Node


Node = Number | Name | Prefix | Call | Binary | Choice


def names(node: Node) -> Iterator[str]:
    """Every term of the expression, left to right, repeats included."""
    match node:
        case Name(name):
            yield name
        case Prefix(_, operand) | Call(_, operand):
            yield from names(operand)
        case Binary(_, left, right) | Choice(_, left, right):
            yield from names(left)
            yield from names(right)


def depth(node: Node) -> int:
    """How deep the tree is; a name is 1."""
    match node:
        case Prefix(_, operand) | Call(_, operand):
            return 1 + depth(operand)
        case Binary(_, left, right) | Choice(_, left, right):
            return 1 + max(depth(left), depth(right))
        case _:
            return 1


def to_text(node: Node) -> str:
    """Print in the modern dialect; every nested binary operation in parentheses, so that no precedence is needed."""
    match node:
        case Number(value):
            return number_text(value)
        case Name(name):
            return name
        case Call(function, operand):
            return f"{function}({to_text(operand)})"
        case Prefix(op, operand):
            return f"{op}({to_text(operand)})" if isinstance(operand, Number) else f"{op}{_wrapped(operand)}"
        case Binary(op, left, right) | Choice(op, left, right):
            return f"{_wrapped(left)}{op}{_wrapped(right)}"


def _wrapped(node: Node) -> str:
    text = to_text(node)
    return text if isinstance(node, Name | Call) or (isinstance(node, Number) and text[0] != "-") else f"({text})"


def number_text(value: float) -> str:
    """A number as the language can read it back: no exponent, always a digit first."""
    if abs(value) == float("inf"):
        return ("-1" if value < 0 else "1") + "0" * 309
    text = repr(value)
    if "e" in text or "E" in text:
        text = format(value, "f")
        text = text if float(text) == value else format(value, ".1074f").rstrip("0")
    return text.removesuffix(".0")
