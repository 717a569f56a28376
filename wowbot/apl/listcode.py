"""The compiled form of a list: one Python function that goes through its lines and asks for help only where one may fire."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal

from wowbot.apl.codegen import Generator, Values, compile_functions
from wowbot.apl.program import Line

if TYPE_CHECKING:
    from wowbot.apl.pick import Pick
    from wowbot.apl.scan import Scan

Pass = Literal["normal", "gcd", "cast", "cast_gcd"]
"""What keeps lines out: nothing, the running global cooldown, a running cast, or both."""
ListFunction = Callable[[Values, dict[str, Any], "Scan"], "Pick | None"]


def admits(line: Line, mode: Pass) -> bool:
    """Whether a pass looks at this line at all."""
    if line.kind == "never":
        return False
    if mode == "normal":
        return True
    if mode == "gcd":
        return line.off_gcd
    return line.while_casting and (mode == "cast" or line.off_gcd)


def compile_list(lines: Sequence[Line], mode: Pass, variables: Collection[str]) -> ListFunction:
    """Compile one list for one pass."""
    generator = Generator(variables)
    body: list[str] = []
    constants: dict[str, Line] = {}
    for line in lines:
        if admits(line, mode):
            constants[f"line{line.entry.number}"] = line
            body += _line_code(line, generator)
    source = "def run(V, W, X):\n" + "\n".join(f" {text}" for text in [*body, "return None"])
    function: ListFunction = compile_functions({"run": source}, generator, constants)["run"]
    return function


def _line_code(line: Line, generator: Generator) -> list[str]:
    if line.kind == "variable" and (simple := _assignment(line, generator)):
        return [simple]
    call = f"r = X.{HANDLERS[line.kind]}(line{line.entry.number}, c)"
    code = [f" {call}", " if r is not None: return r"]
    if line.kind in ("variable", "cycling"):
        return [call.replace(", c)", ", True)")]
    if line.cond is None or line.kind == "targeted":
        guard = f"if {_cool(line, generator)}:" if line.kind == "action" else "if True:"
        return ["c = True", guard, *code]
    ready = f" and {_cool(line, generator)}" if line.kind == "action" else ""
    return [f"c = {generator.condition(line.cond)}", f"if c is not False{ready}:", *code]


def _cool(line: Line, generator: Generator) -> str:
    temp = generator.temp()
    return f"(({temp}:=V[{line.cooldown!r}]) is None or {temp} <= 0)"


def _assignment(line: Line, generator: Generator) -> str:
    """`op=set` and `op=setif` without a guard, written out."""
    options, exprs = line.entry.options, line.exprs
    if line.cond is not None or "delay" in options or "value" not in exprs:
        return ""
    name = options["name"].lower()
    if options.get("op", "set") == "set":
        return f"W[{name!r}] = {generator.number(exprs['value'])}"
    if options["op"] == "setif" and "condition" in exprs:
        temp = generator.temp()
        test = generator.condition(exprs["condition"])
        values = generator.number(exprs["value"]), generator.number(exprs["value_else"])
        return f"W[{name!r}] = (None if ({temp}:={test}) is None else {values[0]} if {temp} else {values[1]})"
    return ""


HANDLERS = {
    "action": "act",
    "targeted": "act_on_target",
    "call": "call",
    "run": "run",
    "swap": "swap",
    "variable": "update",
    "cycling": "update_cycling",
    "pool": "pool",
    "wait": "wait",
    "sequence": "sequence",
    "strict": "strict_sequence",
    "restart": "restart_sequence",
    "consult": "consult",
}
"""Kind of line -> the method of Scan that looks closer."""
