"""The compiled form of a list: one Python function that goes through its lines and asks for help only where one may fire."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from wowbot.apl.codegen import Generator, Values, compile_functions
from wowbot.apl.program import Line
from wowbot.apl.updates import updated

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


def compile_list(lines: Sequence[Line], mode: Pass, variables: Mapping[str, float]) -> ListFunction:
    """Compile one list for one pass; `variables` as in Program."""
    generator = Generator(variables)
    body: list[str] = []
    constants: dict[str, object] = {"updated": updated}
    for line in lines:
        if admits(line, mode):
            constants[f"line{line.entry.number}"] = line
            body += _line_code(line, generator, variables)
    source = "def run(V, W, X):\n" + "\n".join(f" {text}" for text in [*body, "return None"])
    function: ListFunction = compile_functions({"run": source}, generator, constants)["run"]
    return function


def _line_code(line: Line, generator: Generator, variables: Mapping[str, float]) -> list[str]:
    if line.kind == "variable" and "delay" not in line.entry.options:
        return _assignment(line, generator, variables[line.entry.options["name"].lower()])
    call = f"r = X.{HANDLERS[line.kind]}(line{line.entry.number}, c)"
    code = [f" {call}", " if r is not None: return r"]
    if line.kind in ("variable", "cycling"):
        return [call.replace(", c)", ", True)")]
    if line.cond is None or line.kind == "targeted":
        guard = f"if {_cool(line, generator)}:" if line.kind == "action" else "if True:"
        return ["c = True", guard, *code]
    test, unknown = generator.guard(line.cond)
    ready = f" and {_cool(line, generator)}" if line.kind == "action" else ""
    return [f"if {test}{ready}:", f" c = None if {unknown} else True" if unknown else " c = True", *code]


def _cool(line: Line, generator: Generator) -> str:
    """The commonest hindrance, tested before anything is called; a line that stops the scan must be looked at."""
    if line.entry.flag("wait_on_ready"):
        return "True"
    temp = generator.temp()
    return f"(({temp}:=V[{line.cooldown!r}]) is None or not {temp} > 0)"


def _assignment(line: Line, generator: Generator, default: float) -> list[str]:
    """A variable's update, written out."""
    name = line.entry.options["name"].lower()
    target, value = f"W[{name!r}]", _new_value(line, generator, name, default)
    if line.cond is None:
        return [f"{target} = {value}"]
    test, unknown = generator.guard(line.cond)
    return [f"if {test}: {target} = " + (f"None if {unknown} else {value}" if unknown else value)]


def _new_value(line: Line, generator: Generator, name: str, default: float) -> str:
    operation, exprs = line.entry.options.get("op", "set"), line.exprs
    value = generator.number(exprs["value"]) if "value" in exprs else "None"
    if operation == "set":
        return value if "value" in exprs else repr(default)
    if operation == "setif":
        temp, test = generator.temp(), generator.condition(exprs["condition"])
        return f"(None if ({temp}:={test}) is None else {value} if {temp} else {generator.number(exprs['value_else'])})"
    return f"updated({operation!r}, W[{name!r}], {value}, {default!r})"


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
