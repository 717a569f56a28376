"""What differs between the ages of the language, as data.

Source: SimulationCraft's engine/sim/expressions.cpp at the dates below, and Hekili's Scripts.lua (`SimToLua`).
  until 2011-09-06 (`wotlk`)    right-associative, `&` and `|` on one level, `/` divides (until 2011-04-14)
  until 2015-02-06 (`pre2015`)  left-associative, `&` and `|` still on one level
  since            (`modern`)   `|` below `^` below `&`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from wowbot.apl.syntax import BinaryOp
from wowbot.core.errors import ConfigError, nearest

DialectName = Literal["modern", "pre2015", "wotlk", "hekili"]
NAMES: tuple[DialectName, ...] = get_args(DialectName)

_ARITHMETIC = {"*": 7, "%": 7, "%%": 7, "+": 6, "-": 6}
_COMPARING = dict.fromkeys(("=", "==", "!=", "<", "<=", ">", ">="), 4)
_MODERN = {**_ARITHMETIC, "<?": 5, ">?": 5, **_COMPARING, "&": 3, "&&": 3, "^": 2, "^^": 2, "|": 1, "||": 1}
_ONE_LOGIC_LEVEL = {op: 1 if op in ("&", "&&", "^", "^^", "|", "||") else level for op, level in _MODERN.items()}
_WOTLK = {op: level for op, level in _ONE_LOGIC_LEVEL.items() if op not in ("%", "%%", "^", "^^", "<?", ">?")}
_DOUBLED: Mapping[str, BinaryOp] = {"&&": "&", "||": "|", "^^": "^", "==": "="}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One age of the language.

    Args:
        name: how a profile asks for it.
        levels: binary operator as written -> precedence, higher binds tighter.
        spelling: operator as written -> the operator of the tree, where they differ.
        right_associative: whether `10-3-2` is `10-(3-2)`.
        spaces: whether blanks are allowed inside an expression.
        entry_per_line: one entry a line, so that `/` inside it divides; otherwise `/` parts entries.
        slash_divides: `/` is an operator of expressions.
        functions, absolute: whether `floor(`/`ceil(` and prefix `@` exist.
        option_conditions: whether `rage>=25` as an option is a condition.
        bare_options: whether an option may be a word alone (`summon_pet,imp`).
        lua_logic: whether `&` and `|` hand on a value instead of 0 and 1.
    """

    name: DialectName
    levels: Mapping[str, int]
    spelling: Mapping[str, BinaryOp] = field(default_factory=lambda: _DOUBLED)
    right_associative: bool = False
    spaces: bool = False
    entry_per_line: bool = False
    slash_divides: bool = False
    functions: bool = True
    absolute: bool = True
    option_conditions: bool = False
    bare_options: bool = False
    lua_logic: bool = False


DIALECTS: Mapping[str, Dialect] = {
    "modern": Dialect("modern", _MODERN),
    "pre2015": Dialect("pre2015", _ONE_LOGIC_LEVEL, option_conditions=True),
    "wotlk": Dialect(
        "wotlk",
        {**_WOTLK, "/": 7},
        {**_DOUBLED, "/": "%"},
        right_associative=True,
        slash_divides=True,
        functions=False,
        absolute=False,
        option_conditions=True,
        bare_options=True,
    ),
    # Lua: `or` < `and` < comparison < additive < multiplicative; `^` was rewritten to `~=`, so it compares.
    "hekili": Dialect(
        "hekili",
        {
            **_ARITHMETIC,
            "/": 7,
            "//": 7,
            "<?": 5,
            ">?": 5,
            **_COMPARING,
            "^": 4,
            "^^": 4,
            "&": 3,
            "&&": 3,
            "|": 1,
            "||": 1,
        },
        {**_DOUBLED, "/": "%", "//": "%%", "^": "!=", "^^": "!="},
        spaces=True,
        entry_per_line=True,
        slash_divides=True,
        lua_logic=True,
    ),
}


def dialect(name: str) -> Dialect:
    """The dialect called `name`.

    Raises:
        ConfigError: there is none; the message lists those there are.
    """
    if name not in DIALECTS:
        raise ConfigError(f"no dialect {name!r}; there are: {', '.join(DIALECTS)}.{nearest(name, DIALECTS)}")
    return DIALECTS[name]
