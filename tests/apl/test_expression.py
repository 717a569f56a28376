"""What expressions are worth, in every dialect, and how bad ones are refused."""

from __future__ import annotations

import math

import pytest
from apl_strategies import NAMES, NODES, STATES, same
from hypothesis import given, settings
from hypothesis import strategies as st

from wowbot.apl.codegen import compile_expressions
from wowbot.apl.dialect import DIALECTS
from wowbot.apl.expression import parse
from wowbot.apl.problem import ExpressionError
from wowbot.apl.syntax import Node, names, to_text
from wowbot.apl.traced import evaluate

STATE = {
    "buff.x.stack": 2.0, "buff.x.up": 1.0, "buff.y.up": 0.0, "buff.z.up": 1.0, "cooldown.a.remains": 3.0,
    "cooldown.b.remains": 8.0, "rage": 40.0, "gcd": 1.5, "time": 12.0, "active_enemies": 3.0, "talent.t": 1.0,
    "energy.deficit": -5.0, "charges_fractional": 1.75, "variable.v": 0.4, "dot.d.remains": 0.0,
    "buff.aura_without_timer.remains": -9.0e15,
}  # fmt: skip


def value(text: str, state: dict[str, float | None] | None = None, dialect: str = "modern") -> float | None:
    return evaluate(parse(text, DIALECTS[dialect]).node, (STATE if state is None else state).get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!buff.x.stack=3", 0),
        ("!(buff.x.stack=3)", 1),
        ("!dot.d.remains>0", 1),
        ("buff.x.up|buff.y.up&buff.y.up", 1),
        ("buff.x.up|buff.z.up^buff.z.up", 1),
        ("cooldown.a.remains<?cooldown.b.remains>5", 1),
        ("cooldown.a.remains>?cooldown.b.remains>5", 0),
        ("cooldown.a.remains+gcd*2<?cooldown.b.remains-1", 7),
        ("5<?3>?2", 2),
        ("3>?2<?5", 5),
        ("rage%3*2", 40 / 3 * 2),
        ("-2%%rage", -2),
        ("(0-rage)%%7", -5),
        ("rage%0>1000", 1),
        ("dot.d.remains%dot.d.remains", math.nan),
        ("!(0%0)", 0),
        ("0%0!=0%0", 1),
        ("0%0=0%0", 0),
        ("2<active_enemies<2", 1),
        ("@energy.deficit-10", -5),
        ("@(energy.deficit-10)", 15),
        ("variable.v&talent.t", 1),
        ("!variable.v", 0),
        ("2*talent.t+(active_enemies>2)", 3),
        ("ceil(0-charges_fractional)", -1),
        ("FLOOR(charges_fractional)", 1),
        ("floor(0-0.5)", -1),
        ("ceil(0-0.5)", -0.0),
        ("-0", -0.0),
        ("-(talent.t-1)", -0.0),
        ("1%-0", -math.inf),
        ("-(buff.y.up>1)", -0.0),
        ("10-3-2", 5),
        ("(10)-3", 7),
        ("rage-(-5)", 45),
        ("rage--5", 45),
        ("5.+1", 6),
        ("buff.aura_without_timer.remains<5", 1),
        ("buff.x.up&&buff.z.up||buff.y.up==1", 1),
        ("1^^1", 0),
        ("5%0%%3", math.nan),
        ("3%%(1%0)", 3),
        ("1%0-1%0", math.nan),
    ],
)
def test_expression_has_the_value_that_simulationcraft_gives(text: str, expected: float) -> None:
    assert same(value(text), float(expected))


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        ("modern", "1|0&0", 1),
        ("pre2015", "1|0&0", 0),
        ("pre2015", "1|1^1", 0),
        ("modern", "1|1^1", 1),
        ("wotlk", "10-3-2", 9),
        ("wotlk", "8/4/2", 4),
        ("wotlk", "0&0|1", 0),
        ("modern", "0&0|1", 1),
        ("hekili", "rage / 4 > 9", 1),
        ("hekili", "7 // 4", 3),
        ("hekili", "buff.x.up & 15 | 3", 15),
        ("hekili", "(buff.y.up&15|3)", 3),
        ("hekili", "!buff.y.up = 1", 1),
        ("hekili", "floor (2.5)", 2),
    ],
)
def test_each_dialect_reads_by_its_own_rules(dialect: str, text: str, expected: float) -> None:
    assert value(text, dialect=dialect) == expected


@pytest.mark.parametrize(
    ("text", "state", "expected"),
    [
        ("0&u", {}, 0.0),
        ("u&0", {}, 0.0),
        ("1&u", {}, None),
        ("1|u", {}, 1.0),
        ("u|1", {}, 1.0),
        ("0|u", {}, None),
        ("u^1", {}, None),
        ("!u", {}, None),
        ("u*0", {}, None),
        ("u<5", {}, None),
        ("u<?9", {}, None),
        ("floor(u)", {}, None),
        ("u=u", {}, None),
        ("(u|1)+1", {}, 2.0),
        ("(u&0)+u2", {"u2": 4.0}, 4.0),
    ],
)
def test_unknown_stays_unknown_unless_the_rest_decides(
    text: str, state: dict[str, float | None], expected: float | None
) -> None:
    assert value(text, state) == expected


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("!!buff.x.up", 0, "two prefix operators"),
        ("a&!-b", 2, "two prefix operators"),
        ("a&@!b", 2, "two prefix operators"),
        ("--a", 0, "two prefix operators"),
        ("rage>.5", 5, "begin with a dot"),
        ("rage>20&time 5", 12, "blank"),
        ("rage>20#x", 7, "not part of the language"),
        ("~a", 0, "not implemented"),
        ("a/b", 1, "parts entries"),
        ("(a", 2, "not closed"),
        ("a)", 1, "not expected"),
        ("a&", 2, "operand is expected"),
        ("&a", 0, "not expected"),
        ("a!b", 1, "not expected"),
        ("3a", 1, "not expected"),
        ("a(b)", 1, "not expected"),
        ("", 0, "empty"),
        ("1" + "+1" * 301, 0, "more than 300"),
        ("(" * 100 + "1" + ")" * 100, 60, "nested"),
    ],
    ids=lambda x: x[:16] if isinstance(x, str) else None,
)
def test_bad_expression_is_refused_at_its_place_with_a_mend(text: str, offset: int, words: str) -> None:
    with pytest.raises(ExpressionError, match=words) as caught:
        parse(text)
    assert caught.value.offset == offset
    assert caught.value.mend


@pytest.mark.parametrize(
    ("dialect", "text"), [("wotlk", "a%b"), ("wotlk", "@a"), ("wotlk", "floor(a)"), ("modern", "a//b")]
)
def test_operator_of_another_age_is_refused(dialect: str, text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text, DIALECTS[dialect])


@pytest.mark.parametrize(
    ("text", "words"),
    [("!x=3", "binds tighter"), ("a&!x>3", "binds tighter"), ("1<x<2", "in a row"), ("a<b=c", "in a row")],
)
def test_trap_is_warned_of(text: str, words: str) -> None:
    assert [words in remark.message for remark in parse(text).remarks] == [True]


@pytest.mark.parametrize("text", ["(!x)=3", "!(x=3)", "(1<x)&(x<2)", "(a<b)=c", "!x&y=3", "a<b&c<d"])
def test_what_is_meant_is_not_warned_of(text: str) -> None:
    assert parse(text).remarks == ()


@pytest.mark.parametrize(
    "text", ["1" + "+1" * 300, "(" * 60 + "1" + "+1)" * 60, "a" + "<(a" * 59 + ")" * 59, "1" + "|a" * 300]
)
def test_largest_allowed_expression_is_evaluated_and_compiled(text: str) -> None:
    node = parse(text).node
    compiled = compile_expressions({"": (node, False)}, ())[""]
    assert same(compiled({"a": 1.0}, {}), evaluate(node, {"a": 1.0}.get))


@given(NODES)
def test_printed_tree_reads_back_as_itself(node: Node) -> None:
    assert parse(to_text(node)).node == node


@given(NODES, STATES)
@settings(max_examples=300)
def test_compiled_form_agrees_with_the_tree(node: Node, state: dict[str, float | None]) -> None:
    own = {"v": state["variable.v"]}
    exact = evaluate(node, state.get)
    functions = compile_expressions({"value": (node, False), "condition": (node, True)}, own)
    assert same(functions["value"](state, own), exact)
    assert functions["condition"](state, own) is (None if exact is None else exact != 0)


@given(NODES, STATES, st.sampled_from(NAMES), st.floats(-10, 10))
def test_a_known_value_does_not_change_when_an_unknown_becomes_known(
    node: Node, state: dict[str, float | None], name: str, number: float
) -> None:
    before = evaluate(node, (state | {name: None}).get)
    after = evaluate(node, (state | {name: number}).get)
    assert before is None or same(before, after)


@given(st.text(alphabet="ab.19 ()!-+@*%&|^<>?=,/~_\"'#\t", max_size=40), st.sampled_from(sorted(DIALECTS)))
@settings(max_examples=400)
def test_random_text_is_read_or_refused_and_nothing_else(text: str, dialect: str) -> None:
    refused: ExpressionError | None = None
    try:
        node = parse(text, DIALECTS[dialect]).node
        evaluate(node, dict.fromkeys(names(node), 1.0).get)
    except ExpressionError as error:
        refused = error
    assert refused is None or 0 <= refused.offset <= len(text)
