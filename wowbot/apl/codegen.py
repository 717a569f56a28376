"""Compiling expressions to Python: the hot path. Always agrees with `traced.evaluate`.

Code is made from the parsed tree alone, so nothing a list writes can reach the interpreter as code: names become string
constants. A value is a number, a condition is True, False or None for unknown.

`V` maps terms to values (None = unknown; every term the list uses is a key), `W` maps variables to values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from wowbot.apl import numbers
from wowbot.apl.syntax import COMPARISONS, Binary, Call, Choice, Name, Node, Number, Prefix, depth
from wowbot.apl.traced import evaluate

Values = Mapping[str, Any]
Compiled = Callable[[Values, Values], Any]

MAX_NESTING = 30
"""Deeper trees are evaluated by the tree: CPython's parser takes no more than 200 nested parentheses."""

_OPERATORS = {"=": "==", "*": "*", "+": "+", "-": "-", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_FUNCTIONS = {"%%": "fmod", "<?": "max", ">?": "min", "floor": "floor", "ceil": "ceil"}


def lua_and(a: float | None, b: float | None) -> float | None:
    """Lua's `a and b` on numbers: hands on `a` when it is 0, else `b`."""
    return a if a == 0 else b if a is not None or b is None or b == 0 else None


def lua_or(a: float | None, b: float | None) -> float | None:
    """Lua's `a or b` on numbers: hands on `a` unless it is 0, else `b`."""
    return b if a == 0 else a if a is not None else b if b is not None and b != 0 else None


NAMESPACE: Mapping[str, Any] = {
    "divide": numbers.divide,
    "fmod": numbers.fmod,
    "floor": numbers.floor,
    "ceil": numbers.ceil,
    "lua_and": lua_and,
    "lua_or": lua_or,
    "INF": numbers.INF,
}


class Generator:
    """Turns trees into Python expressions.

    Args:
        variables: names of the list's own variables, lower case, without `variable.`.
    """

    def __init__(self, variables: Collection[str] = ()) -> None:
        self.variables = variables
        self.constants: dict[str, Any] = {}
        self._temps = 0

    def condition(self, node: Node) -> str:
        """An expression giving True, False or None."""
        if depth(node) > MAX_NESTING:
            return f"{self._by_tree(node)}(V, W, True)"
        if isinstance(node, Binary | Choice) and node.op in ("&", "|"):
            return self._logic(node.op, node)
        return self._strict(node, boolean=True)

    def guard(self, node: Node) -> tuple[str, str]:
        """A condition in two halves, quicker than `condition` where it is mostly false.

        Returns:
            a test that holds unless the condition is known to be false; and one, valid only after the first held, that
            tells whether it is unknown ("" = it never is).
        """
        if isinstance(node, Binary | Choice) and node.op == "&":
            halves = [self.guard(part) for part in _flat("&", node)]
            return " and ".join(test for test, _ in halves), " or ".join(unknown for _, unknown in halves if unknown)
        if depth(node) > MAX_NESTING or (isinstance(node, Binary | Choice) and node.op == "|"):
            temp = self.temp()
            return f"({temp}:={self.condition(node)}) is not False", f"{temp} is None"
        region = _Region(self)
        body = region.truth(node)
        return f"({' or '.join([*region.checks, body])})", " or ".join(
            f"{temp} is None" for temp in region.seen.values()
        )

    def number(self, node: Node) -> str:
        """An expression giving a number or None."""
        if depth(node) > MAX_NESTING:
            return f"{self._by_tree(node)}(V, W, False)"
        if isinstance(node, Choice):
            return f"lua_{'and' if node.op == '&' else 'or'}({self.number(node.left)}, {self.number(node.right)})"
        return self._strict(node, boolean=False)

    def source_of(self, name: str) -> str:
        """Where a term's value is found."""
        variable = name[9:].lower() if name.startswith("variable.") else ""
        return f"W[{variable!r}]" if variable and variable in self.variables else f"V[{name!r}]"

    def temp(self) -> str:
        self._temps += 1
        return f"t{self._temps}"

    def _by_tree(self, node: Node) -> str:
        name = f"tree{len(self.constants)}"
        self.constants[name] = tree_function(node, self.variables)
        return name

    def _logic(self, op: str, node: Node) -> str:
        """Kleene's n-ary `&` or `|`: stops at the first part that decides."""
        decides = "False" if op == "&" else "True"
        parts = [(self.temp(), self.condition(part)) for part in _flat(op, node)]
        stops = " or ".join(f"({t}:={code}) is {decides}" for t, code in parts)
        unknown = " or ".join(f"{t} is None" for t, _ in parts)
        return f"({decides} if {stops} else None if {unknown} else {'True' if op == '&' else 'False'})"

    def _strict(self, node: Node, *, boolean: bool) -> str:
        """Operators that know nothing once any of their atoms is unknown: one test for all, then plain arithmetic."""
        region = _Region(self)
        body = region.truth(node) if boolean else region.value(node)
        return f"(None if {' or '.join(region.checks)} else {body})" if region.checks else body


class _Region:
    """A tree without `&` and `|`; those stand in it as atoms."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self.checks: list[str] = []
        self.seen: dict[str, str] = {}

    def truth(self, node: Node) -> str:
        """A Python bool."""
        match node:
            case Number(value):
                return str(value != 0)
            case Prefix("!", operand):
                return f"(not {self.truth(operand)})"
            case Binary(op, left, right) if op in COMPARISONS:
                return f"({self.value(left)} {_OPERATORS[op]} {self.value(right)})"
            case Binary("^", left, right):
                return f"({self.truth(left)} is not {self.truth(right)})"
            case Binary("&" | "|"):
                return self._atom(self.generator.condition(node))
            case _:
                return f"({self.value(node)} != 0)"

    def value(self, node: Node) -> str:
        """A Python number."""
        match node:
            case Number(value):
                return repr(value) if abs(value) != numbers.INF else ("INF" if value > 0 else "(-INF)")
            case Name(name):
                return self._atom(self.generator.source_of(name))
            case Choice():
                return self._atom(self.generator.number(node))
            case Binary(op, left, right) if op in ("*", "+", "-"):
                return f"({self.value(left)} {op} {self.value(right)})"
            case Binary("%", left, right):
                return self._division(left, right)
            case Binary(op, left, right) if op in _FUNCTIONS:
                return f"{_FUNCTIONS[op]}({self.value(left)}, {self.value(right)})"
            case Call(function, operand):
                return f"{_FUNCTIONS[function]}({self.value(operand)})"
            case Prefix("-", operand):
                return f"(-1.0 * {self.value(operand)})"
            case Prefix("@", operand):
                return f"abs({self.value(operand)})"
            case Prefix("+", operand):
                return self.value(operand)
            case _:
                return f"(1.0 if {self.truth(node)} else 0.0)"

    def _division(self, left: Node, right: Node) -> str:
        above, below = self.value(left), self.value(right)
        if isinstance(right, Number) and right.value:
            return f"({above} / {below})"
        return f"divide({above}, {below})"

    def _atom(self, code: str) -> str:
        if code not in self.seen:
            self.seen[code] = self.generator.temp()
            self.checks.append(f"({self.seen[code]}:={code}) is None")
        return self.seen[code]


def _flat(op: str, node: Node) -> list[Node]:
    if isinstance(node, Binary | Choice) and node.op == op:
        return [*_flat(op, node.left), *_flat(op, node.right)]
    return [node]


def tree_function(node: Node, variables: Collection[str]) -> Callable[[Values, Values, bool], Any]:
    """A function that evaluates by the tree, for trees too deep to compile."""

    def call(values: Values, own: Values, boolean: bool) -> Any:
        def look(name: str) -> Any:
            variable = name[9:].lower() if name.startswith("variable.") else ""
            return own[variable] if variable and variable in variables else values[name]

        value = evaluate(node, look)
        return value if value is None or not boolean else value != 0

    return call


def compile_functions(sources: Mapping[str, str], generator: Generator, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Compile named function sources together.

    Args:
        sources: name -> source of one `def`.
        extra: what they may name besides the operators.
    """
    scope: dict[str, Any] = {
        **NAMESPACE,
        **generator.constants,
        **extra,
        "__builtins__": {"max": max, "min": min, "abs": abs},
    }
    exec(compile("\n".join(sources.values()), "<action priority list>", "exec"), scope)
    return {name: scope[name] for name in sources}


def compile_expressions(nodes: Mapping[str, tuple[Node, bool]], variables: Collection[str]) -> dict[str, Compiled]:
    """Compile expressions to functions of (V, W).

    Args:
        nodes: key -> (expression, whether it is a condition).
    """
    generator = Generator(variables)
    sources = {}
    for index, (node, boolean) in enumerate(nodes.values()):
        code = generator.condition(node) if boolean else generator.number(node)
        sources[f"f{index}"] = f"def f{index}(V, W):\n return {code}"
    functions = compile_functions(sources, generator, {})
    return dict(zip(nodes, functions.values(), strict=True))
