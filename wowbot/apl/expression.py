"""Reading one expression: a lark grammar for its structure, the dialect's table for its precedence.

The grammar takes a flat chain `operand (operator operand)*`; the chain is then folded by the dialect's levels. So one
grammar serves every age of the language, and an old age is a row of data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

from wowbot.apl.dialect import DIALECTS, Dialect
from wowbot.apl.problem import ExpressionError, Remark
from wowbot.apl.syntax import (
    COMPARISONS,
    Binary,
    BinaryOp,
    Call,
    Choice,
    Function,
    Name,
    Node,
    Number,
    Prefix,
    PrefixOp,
)

GRAMMAR = r"""
?start: chain
chain: _operand (_operator _operand)*
_operand: number | name | prefixed | group | call
prefixed: (BANG | SIGN)+ (number | name | group | call)
number: NUMBER
name: NAME
group: "(" chain ")"
call: FUNCTION "(" chain ")"
_operator: OPERATOR | SIGN
BANG: "!" | "@"
SIGN: "-" | "+"
OPERATOR.1: /OPERATORS/
NUMBER: /[0-9]+(\.[0-9]*)?/
NAME: /[A-Za-z][A-Za-z0-9_.]*/
FUNCTION.2: /(floor|ceil)(?=BLANKS\()/i
BLANK: /[ \t]+/
"""
MAX_DEPTH = 60
"""Parentheses within parentheses; the deepest of the community's lists has 9."""
MAX_OPERATORS = 300
"""In one expression; the longest of the community's lists has 145, and a tree may be as deep as it has operators."""

_OPERATOR_RUN = re.compile(r"[-+*%/!@&|^=<>]")


class Parsed(NamedTuple):
    """An expression as read, with what is doubtful about it."""

    node: Node
    remarks: tuple[Remark, ...] = ()


class _Operand(NamedTuple):
    """A piece of a chain. `bare`: the operator it was made by, "" once it stands in parentheses."""

    node: Node
    offset: int
    bare: str = ""


def parse(text: str, dialect: Dialect = DIALECTS["modern"]) -> Parsed:
    """Read an expression.

    Raises:
        ExpressionError: with the offset of what is wrong and the mend.
    """
    return _parse(text, dialect.name)


@lru_cache(maxsize=16384)
def _parse(text: str, dialect_name: str) -> Parsed:
    _check_size(text)
    parser, builder = _parser(dialect_name)
    builder.remarks = []
    try:
        operand = cast(_Operand, parser.parse(text))
    except UnexpectedCharacters as error:
        raise _bad_character(text, error.pos_in_stream or 0, DIALECTS[dialect_name]) from None
    except UnexpectedToken as error:
        raise _bad_token(text, error.token) from None
    return Parsed(operand.node, tuple(builder.remarks))


@lru_cache(maxsize=4)
def _parser(dialect_name: str) -> tuple[Lark, _Builder]:
    dialect = DIALECTS[dialect_name]
    operators = sorted((op for op in dialect.levels if op not in "+-"), key=len, reverse=True)
    grammar = GRAMMAR.replace("OPERATORS", "|".join(re.escape(op).replace("/", r"\/") for op in operators))
    grammar = grammar.replace("BLANKS", "[ \\t]*" if dialect.spaces else "")
    grammar += "%ignore BLANK\n" if dialect.spaces else ""
    grammar = grammar if dialect.absolute else grammar.replace('"!" | "@"', '"!"')
    grammar = grammar if dialect.functions else grammar.replace("(floor|ceil)", "(?!)x")
    builder = _Builder(dialect)
    return Lark(grammar, parser="lalr", lexer="basic", transformer=builder, maybe_placeholders=False), builder


class _Builder(Transformer[Token, _Operand]):
    """Makes the tree while lark parses."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self.dialect = dialect
        self.remarks: list[Remark] = []

    def number(self, items: list[Token]) -> _Operand:
        return _Operand(Number(float(items[0])), items[0].start_pos or 0)

    def name(self, items: list[Token]) -> _Operand:
        return _Operand(Name(str(items[0])), items[0].start_pos or 0)

    def group(self, items: list[_Operand]) -> _Operand:
        return _Operand(items[0].node, items[0].offset)

    def call(self, items: list[Token | _Operand]) -> _Operand:
        head, inner = cast(Token, items[0]), cast(_Operand, items[1])
        return _Operand(Call(cast(Function, head.lower()), inner.node), head.start_pos or 0)

    def prefixed(self, items: list[Token | _Operand]) -> _Operand:
        signs, operand = cast("list[Token]", items[:-1]), cast(_Operand, items[-1])
        node, bare = operand.node, "("
        if signs[-1] == "-" and isinstance(node, Number) and operand.offset == _end(signs[-1]):
            node, bare = Number(-node.value), ""
            signs = signs[:-1]
        if len(signs) > 1:
            raise _stacked(signs)
        if signs:
            return _Operand(Prefix(cast(PrefixOp, str(signs[0])), node), signs[0].start_pos or 0, str(signs[0]))
        return _Operand(node, operand.offset - 1, bare)

    def chain(self, items: list[Token | _Operand]) -> _Operand:
        if len(items) == 1:
            return cast(_Operand, items[0])
        return _Fold(cast("list[_Operand]", items[::2]), cast("list[Token]", items[1::2]), self).run()


class _Fold:
    """Turns `a + b * c` into a tree by the dialect's levels (precedence climbing)."""

    def __init__(self, operands: list[_Operand], operators: list[Token], builder: _Builder) -> None:
        self.operands, self.operators = operands, operators
        self.levels = [builder.dialect.levels[op] for op in operators]
        self.builder, self.dialect, self.at = builder, builder.dialect, 0

    def run(self) -> _Operand:
        return self._climb(0)

    def _climb(self, level: int) -> _Operand:
        left = self.operands[self.at]
        while self.at < len(self.operators) and self.levels[self.at] >= level:
            index = self.at
            self.at += 1
            right = self._climb(self.levels[index] + (not self.dialect.right_associative))
            left = self._join(left, self.operators[index], right)
        return left

    def _join(self, left: _Operand, token: Token, right: _Operand) -> _Operand:
        op = self.dialect.spelling.get(token, cast(BinaryOp, str(token)))
        if op in COMPARISONS:
            self._doubt(left, token, right)
        if self.dialect.lua_logic and op in ("&", "|"):
            return _Operand(Choice("&" if op == "&" else "|", left.node, right.node), left.offset, op)
        return _Operand(Binary(op, left.node, right.node), left.offset, op)

    def _doubt(self, left: _Operand, token: Token, right: _Operand) -> None:
        if left.bare == "!":
            message = f"`!` binds tighter than `{token}`: this compares the negation, not the value"
            self._remark(left.offset, message, f"write !(a{token}b), or (!a){token}b if that is meant")
        if left.bare in COMPARISONS or right.bare in COMPARISONS:
            message = "comparisons in a row: the first gives 0 or 1, and the second compares that"
            self._remark(token.start_pos or 0, message, "write a<b&b<c, or put what is meant in parentheses")

    def _remark(self, offset: int, message: str, mend: str) -> None:
        self.builder.remarks.append(Remark(offset, message, mend))


def _end(token: Token) -> int:
    return (token.start_pos or 0) + len(token)


def _check_size(text: str) -> None:
    """Refuse what would need a deeper recursion than Python has."""
    operators = _OPERATOR_RUN.findall(text)
    if len(operators) > MAX_OPERATORS:
        message = f"{len(operators)} operators, more than {MAX_OPERATORS} in one expression"
        raise ExpressionError(0, message, "split it with variables")
    if text.count("(") <= MAX_DEPTH:
        return
    depth = 0
    for offset, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth > MAX_DEPTH:
            raise ExpressionError(offset, f"parentheses are nested more than {MAX_DEPTH} deep", "use a variable")


def _stacked(signs: list[Token]) -> ExpressionError:
    both = "".join(signs[-2:])
    return ExpressionError(
        signs[-2].start_pos or 0,
        f"two prefix operators in a row, `{both}`: SimulationCraft fails on this or binds one to the wrong operand",
        f"put the inner one in parentheses: {signs[-2]}({signs[-1]}x)",
    )


_CHARACTERS: dict[str, tuple[str, str]] = {
    " ": ("a blank inside an expression", "take it out; SimulationCraft would drop all that follows"),
    "\t": ("a tab inside an expression", "take it out; SimulationCraft would drop all that follows"),
    ".": ("a number cannot begin with a dot", "write 0 before the dot"),
    "~": ("`~` is read but not implemented by SimulationCraft", "use `!`"),
    "/": ("`/` parts entries in this dialect", "write % for division"),
    "%": ("`%` does not exist in this dialect", "write / for division"),
    '"': ("there are no strings in expressions", "take the quotes out"),
    "@": ("`@` does not exist in this dialect", "use dialect = 'modern'"),
}


def _bad_character(text: str, offset: int, dialect: Dialect) -> ExpressionError:
    char = text[offset]
    message, mend = _CHARACTERS.get(
        char, (f"{char!r} is not part of the language", "take it out; SimulationCraft would drop all that follows")
    )
    if char in dialect.levels:
        message, mend = f"`{char}` is not expected here", "an operand is missing before it"
    return ExpressionError(offset, message, mend)


_ENDINGS: dict[str, Callable[[str], tuple[str, str]]] = {
    "$END": lambda text: (
        ("the expression ends where an operand is expected", "complete it")
        if text.count("(") <= text.count(")")
        else ("a parenthesis is not closed", "add `)`")
    ),
    "RPAR": lambda _: ("`)` is not expected here", "take it out, or add the missing `(` or operand"),
    "LPAR": lambda _: (
        "`(` is not expected here",
        "an operator is missing before it (only floor and ceil take arguments)",
    ),
}


def _bad_token(text: str, token: Token) -> ExpressionError:
    offset = len(text) if token.type == "$END" else token.start_pos or 0
    if not text:
        return ExpressionError(0, "the expression is empty", "write a condition, or take the option out")
    if token.type in _ENDINGS:
        message, mend = _ENDINGS[token.type](text)
    elif token.type in ("NAME", "NUMBER", "FUNCTION", "BANG"):
        message, mend = f"`{token}` is not expected here", "an operator such as & is missing before it"
    else:
        message, mend = f"`{token}` is not expected here", "an operand is missing before it"
    return ExpressionError(offset, message, mend)
