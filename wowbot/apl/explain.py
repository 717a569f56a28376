"""Saying why: which terms, with which values, made a condition true, false or unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wowbot.apl.codegen import Compiled, Generator, Values, compile_expressions, compile_functions
from wowbot.apl.syntax import COMPARISONS, Binary, Choice, Name, Node, Number, names, number_text, to_text
from wowbot.apl.traced import Lookup, evaluate

Judged = tuple[bool | None, str]
Judging = Callable[[Values, Values], "str | bool | None"]
"""A condition's explaining form: True, None for unknown, or the text that says why it is false."""


@dataclass(slots=True)
class Atom:
    """A part of a condition without `&` and `|`: it is tested whole and shown with its terms' values."""

    test: Compiled
    template: str
    sources: tuple[tuple[bool, str], ...]

    def judge(self, values: Values, own: Values) -> Judged:
        """Test it, and say so."""
        verdict = self.test(values, own)
        shown = self.template % tuple([_shown(own[n] if mine else values[n]) for mine, n in self.sources])
        return verdict, shown if verdict else f"{shown} is {'unknown' if verdict is None else 'false'}"


@dataclass(slots=True)
class Logic:
    """`&` or `|` of several parts; the parts that decided are shown."""

    decides: bool
    parts: tuple[Atom | Logic, ...]

    def judge(self, values: Values, own: Values) -> Judged:
        """Test the parts until one decides."""
        shown: list[str] = []
        unknown: list[str] = []
        for part in self.parts:
            verdict, text = part.judge(values, own)
            if verdict is self.decides:
                return verdict, text
            (unknown if verdict is None else shown).append(text)
        if unknown:
            return None, "; ".join(unknown)
        return not self.decides, "; ".join(shown)


Judge = Atom | Logic


class Explainer:
    """The explaining forms of many conditions, compiled together when the first is asked for.

    Args:
        conditions: key -> condition.
        variables: the list's own variables, lower case.
    """

    def __init__(self, conditions: Mapping[str, Node], variables: Collection[str]) -> None:
        self._conditions, self._variables = conditions, variables
        self._judges: dict[str, Judge] | None = None
        self._quick: dict[str, Judging] | None = None

    def judge(self, key: str) -> Judge:
        """The form that can explain every outcome."""
        if self._judges is None:
            atoms = {to_text(node): node for condition in self._conditions.values() for node in _atoms(condition)}
            tests = compile_expressions({text: (node, True) for text, node in atoms.items()}, self._variables)
            generator = Generator(self._variables)
            self._judges = {key: _judge(node, tests, generator) for key, node in self._conditions.items()}
        return self._judges[key]

    def quick(self, key: str) -> Judging:
        """The form that explains falsehood alone, at little more cost than testing."""
        if self._quick is None:
            self._quick = self._compile_quick()
        return self._quick[key]

    def _compile_quick(self) -> dict[str, Judging]:
        generator = Generator(self._variables)
        sources, slow = {}, {}
        for index, (key, condition) in enumerate(self._conditions.items()):
            sources[f"q{index}"] = f"def q{index}(V, W):\n" + "\n".join(
                _quick_lines(condition, generator, f"slow{index}")
            )
            slow[f"slow{index}"] = self._falsehood(key)
        functions = compile_functions(sources, generator, slow)
        return dict(zip(self._conditions, functions.values(), strict=True))

    def _falsehood(self, key: str) -> Callable[[Values, Values], str]:
        return lambda values, own: self.judge(key).judge(values, own)[1]


def _quick_lines(condition: Node, generator: Generator, slow: str) -> Iterator[str]:
    """Statements that test the parts of a conjunction in turn; a part without `&` and `|` is shown from what was tested."""
    unknowns = []
    for part in _flat(condition, "&"):
        test, unknown = generator.guard(part)
        unknowns.append(unknown)
        template, terms = _template(part)
        values = ", ".join(map(generator.source_of, terms))
        plain = not (isinstance(part, Binary | Choice) and part.op == "|")
        text = f"{_brace(template)!r}.format({values})" if plain else f"{slow}(V, W)"
        yield f" if not ({test}): return {text}"
    tests = " or ".join(filter(None, unknowns))
    yield f" return None if {tests} else True" if tests else " return True"


def _brace(template: str) -> str:
    """A `%` template as one for str.format, saying that it is false."""
    return template.replace("%s", "{:g}").replace("%%", "%") + " is false"


def _atoms(node: Node) -> Iterator[Node]:
    if isinstance(node, Binary | Choice) and node.op in ("&", "|"):
        yield from _atoms(node.left)
        yield from _atoms(node.right)
    else:
        yield node


def _judge(node: Node, tests: Mapping[str, Compiled], generator: Generator) -> Judge:
    if isinstance(node, Binary | Choice) and node.op in ("&", "|"):
        return Logic(node.op == "|", tuple(_judge(part, tests, generator) for part in _flat(node, node.op)))
    template, terms = _template(node)
    sources = [(generator.source_of(n).startswith("W"), n) for n in terms]
    return Atom(tests[to_text(node)], template, tuple((m, n[9:].lower() if m else n) for m, n in sources))


def _flat(node: Node, op: str) -> Iterator[Node]:
    if isinstance(node, Binary | Choice) and node.op == op:
        yield from _flat(node.left, op)
        yield from _flat(node.right, op)
    else:
        yield node


def _template(node: Node) -> tuple[str, list[str]]:
    """A `%` template and the terms whose values it takes: `health.pct=%s < 40`."""
    if isinstance(node, Binary) and node.op in COMPARISONS:
        left, right = _side(node.left), _side(node.right)
        if left and right:
            return f"{left[0]} {node.op} {right[0]}", [*left[1], *right[1]]
    side = _side(node)
    if side:
        return side
    terms = list(dict.fromkeys(names(node)))
    listed = ", ".join(f"{name}=%s" for name in terms)
    return f"{to_text(node).replace('%', '%%')}" + (f" [{listed}]" if terms else ""), terms


def _side(node: Node) -> tuple[str, list[str]] | None:
    match node:
        case Name(name):
            return f"{name}=%s", [name]
        case Number(value):
            return number_text(value), []
        case _:
            return None


def _shown(value: Any) -> str:
    return "?" if value is None else f"{value:g}"


def blame(node: Node, look: Lookup) -> list[str]:
    """The terms whose being unknown makes an expression unknown, in the order they stand; empty when it is known."""
    if evaluate(node, look) is not None:
        return []
    match node:
        case Name(name):
            return [name]
        case Binary(_, left, right) | Choice(_, left, right):
            return [*blame(left, look), *blame(right, look)]
        case Number():
            return []
        case _:
            return blame(node.operand, look)
