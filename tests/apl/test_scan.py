"""Which line a scan chooses, on which enemy, and what it says about the others."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from apl_strategies import NAMES, VALUES
from hypothesis import given, settings
from hypothesis import strategies as st

from wowbot.apl.lists import read_apl
from wowbot.apl.pick import Outcome
from wowbot.apl.program import Linker
from wowbot.apl.scanner import Scanner
from wowbot.apl.statefile import StateFile, answer, read_state, run_on
from wowbot.core.errors import ProfileError


class Row(NamedTuple):
    """A list, a state, and what must come of it: action, target, wait_s, unknown, place."""

    apl: str
    terms: dict[str, float | None]
    action: str | None
    target: int | None = 0
    wait_s: float | None = None
    unknown: tuple[str, ...] = ()
    targets: tuple[dict[str, float | None], ...] = ()
    rule: str = ""


def nothing(apl: str, terms: dict[str, float | None], unknown: tuple[str, ...] = (), targets: Any = ()) -> Row:
    return Row(apl, terms, None, None, None, unknown, targets)


def wait(apl: str, terms: dict[str, float | None], seconds: float) -> Row:
    return Row(apl, terms, None, 0, seconds)


TWO = ({"target.health.pct": 80.0, "debuff.x.remains": 5.0}, {"target.health.pct": 20.0, "debuff.x.remains": 0.0})
THREE = ({"d": 3.0}, {"d": 9.0}, {"d": 1.0})
NEG_TWO = ({"d": -1.0}, {"d": 2.0})

PLAIN = {
    "first wanted line wins": Row("actions=a,if=x/b,if=y/c", {"x": 0, "y": 1}, "b", rule="default.2"),
    "nothing wanted": nothing("actions=a,if=x", {"x": 0}),
    "any number but 0 is true": Row("actions=a,if=x", {"x": -0.4}, "a"),
    "NaN passes": Row("actions=a,if=x%x/b", {"x": 0}, "a"),
    "cooldown keeps a line back": Row("actions=a/b", {"cooldown.a.remains": 0.1}, "b"),
    "cooldown of 0 does not": Row("actions=a/b", {"cooldown.a.remains": 0}, "a"),
    "usable=0 keeps it back": Row("actions=a/b", {"action.a.usable": 0}, "b"),
    "out of range keeps it back": Row("actions=a/b", {"action.a.in_range": 0}, "b"),
    "global cooldown keeps all back": nothing("actions=a/wait,sec=1", {"gcd.remains": 0.5}),
    "but not what is off it": Row("actions=a/b,use_off_gcd=1", {"gcd.remains": 0.5}, "b"),
    "off it in a called list": Row(
        "actions=a/call_action_list,name=x\nactions.x=b/c,use_off_gcd=1", {"gcd.remains": 0.5}, "c", rule="x.2"
    ),
    "variables are fresh for it": Row(
        "actions=variable,name=v,value=x+1/b,use_off_gcd=1,if=variable.v=2", {"gcd.remains": 0.5, "x": 1}, "b"
    ),
    "simulator's own actions never fire": Row("actions=snapshot_stats/flask,type=x/food/a", {}, "a", rule="default.4"),
    "use_item by its item's cooldown": Row("actions=use_item,name=orb/a", {"cooldown.orb.remains": 9}, "a"),
    "use_item": Row("actions=use_item,name=orb/a", {}, "use_item"),
    "cancel_buff needs the buff": Row("actions=cancel_buff,name=z/a", {"buff.z.up": 0}, "a"),
    "moving=1 needs movement": Row("actions=a,moving=1/b", {"moving": 0}, "b"),
    "moving=0 needs none": Row("actions=a,moving=0/b", {"moving": 0}, "a"),
    "moving unknown": Row("actions=a,moving=1/b", {}, "b", unknown=("moving",)),
    "sync waits for its partner": Row("actions=a,sync=c/b/c", {"cooldown.c.remains": 2}, "b"),
    "sync with a ready partner": Row("actions=a,sync=c/b/c", {}, "a"),
    "sync with no line of its own": Row("actions=a,sync=c/b", {"cooldown.c.remains": 2}, "b"),
    "wait_on_ready stops the scan": nothing("actions=a,wait_on_ready=1/b", {"cooldown.a.remains": 2}),
    "consult never presses": Row("actions=consult,topic=stuck,if=x/a", {"x": 1}, "a"),
}
CALLS = {
    "call falls through": Row("actions=call_action_list,name=x/b\nactions.x=a,if=q", {"q": 0}, "b"),
    "call finds": Row("actions=call_action_list,name=x/b\nactions.x=a,if=q", {"q": 1}, "a", rule="x.1"),
    "call is guarded": Row("actions=call_action_list,name=x,if=q/b\nactions.x=a", {"q": 0}, "b"),
    "run does not fall through": nothing("actions=run_action_list,name=x/b\nactions.x=a,if=q", {"q": 0}),
    "run finds": Row("actions=run_action_list,name=x/b\nactions.x=a", {}, "a"),
    "run within a call stops all": nothing(
        "actions=call_action_list,name=x/b\nactions.x=run_action_list,name=y\nactions.y=a,if=0", {}
    ),
    "swap begins anew there": Row("actions=swap_action_list,name=x/b\nactions.x=a", {}, "a", rule="x.1"),
    "names of lists in any case": Row("actions=call_action_list,name=AoE\nactions.aoe=a", {}, "a"),
    "precombat is not called": nothing("actions.precombat=a\nactions=b,if=0", {}),
}
VARIABLES = {
    "set": Row("actions=variable,name=v,value=x*2/a,if=variable.v=6", {"x": 3}, "a"),
    "names in any case": Row("actions=variable,name=V,value=3/a,if=variable.v=3&VARIABLE.v=3", {"VARIABLE.v": 3}, "a"),
    "starts at 0": Row("actions=a,if=variable.v=0/variable,name=v,value=1", {}, "a"),
    "starts at its default": Row("actions=a,if=variable.v=4/variable,name=v,default=4,value=1", {}, "a"),
    "starts at a default of any line": Row(
        "actions=a,if=variable.v=4/variable,name=v,value=1/variable,name=v,default=4,op=reset", {}, "a"
    ),
    "starts at the state's": Row("actions=a,if=variable.v=4/variable,name=v,value=1", {"variable.v": 4}, "a"),
    "of no line is the state's": Row("actions=a,if=variable.v=4", {"variable.v": 4}, "a"),
    "seen by later lines only": Row(
        "actions=a,if=variable.v/variable,name=v,value=1/b,if=variable.v", {}, "b", rule="default.3"
    ),
    "add": Row("actions=variable,name=v,value=2/variable,name=v,op=add,value=3/a,if=variable.v=5", {}, "a"),
    "sub": Row("actions=variable,name=v,value=2/variable,name=v,op=sub,value=3/a,if=variable.v=0-1", {}, "a"),
    "mul": Row("actions=variable,name=v,value=2/variable,name=v,op=mul,value=3/a,if=variable.v=6", {}, "a"),
    "div": Row("actions=variable,name=v,value=3/variable,name=v,op=div,value=2/a,if=variable.v=1.5", {}, "a"),
    "div by 0": Row("actions=variable,name=v,value=3/variable,name=v,op=div,value=0/a,if=variable.v=0", {}, "a"),
    "mod": Row("actions=variable,name=v,value=0-7/variable,name=v,op=mod,value=4/a,if=variable.v=-3", {}, "a"),
    "mod by 0": Row("actions=variable,name=v,value=7/variable,name=v,op=mod,value=0/a,if=variable.v=0", {}, "a"),
    "pow": Row("actions=variable,name=v,value=2/variable,name=v,op=pow,value=10/a,if=variable.v=1024", {}, "a"),
    "min": Row("actions=variable,name=v,value=2/variable,name=v,op=min,value=1/a,if=variable.v=1", {}, "a"),
    "max": Row("actions=variable,name=v,value=2/variable,name=v,op=max,value=1/a,if=variable.v=2", {}, "a"),
    "floor": Row("actions=variable,name=v,value=2.7/variable,name=v,op=floor/a,if=variable.v=2", {}, "a"),
    "ceil": Row("actions=variable,name=v,value=2.2/variable,name=v,op=ceil/a,if=variable.v=3", {}, "a"),
    "reset": Row("actions=variable,name=v,default=9,value=2/variable,name=v,op=reset/a,if=variable.v=9", {}, "a"),
    "print": Row("actions=variable,name=v,value=2/variable,name=v,op=print/a,if=variable.v=2", {}, "a"),
    "setif true": Row(
        "actions=variable,name=v,op=setif,condition=x,value=5,value_else=6/a,if=variable.v=5", {"x": 2}, "a"
    ),
    "setif false": Row(
        "actions=variable,name=v,op=setif,condition=x,value=5,value_else=6/a,if=variable.v=6", {"x": 0}, "a"
    ),
    "guard false": Row("actions=variable,name=v,value=2,if=x/a,if=variable.v=0", {"x": 0}, "a"),
    "guard unknown": nothing("actions=variable,name=v,value=2,if=x/a,if=variable.v=2", {}, ("variable.v",)),
    "value unknown": nothing("actions=variable,name=v,value=x/a,if=variable.v", {}, ("variable.v",)),
    "unknown is mended by set": Row("actions=variable,name=v,value=x/variable,name=v,value=1/a,if=variable.v", {}, "a"),
    "unknown stays through add": nothing(
        "actions=variable,name=v,value=x/variable,name=v,op=add,value=1/a,if=variable.v", {}, ("variable.v",)
    ),
    "setif of an unknown": nothing(
        "actions=variable,name=v,op=setif,condition=x,value=1,value_else=1/a,if=variable.v", {}, ("variable.v",)
    ),
    "cycling adds up over targets": Row(
        "actions=cycling_variable,name=v,op=add,value=d/a,if=variable.v=13", {}, "a", targets=THREE
    ),
    "precombat's are worked out before": Row(
        "actions.precombat=variable,name=v,value=x\nactions=a,if=variable.v=7", {"x": 7}, "a"
    ),
}
TARGETS = {
    "the current enemy's terms win": Row("actions=a,if=d=3", {"d": 1}, "a", targets=THREE),
    "min": Row("actions=a,target_if=min:d", {}, "a", 2, targets=THREE),
    "max": Row("actions=a,target_if=max:d", {}, "a", 1, targets=THREE),
    "first of no prefix": Row("actions=a,target_if=d<3", {}, "a", 2, targets=THREE),
    "first:": Row("actions=a,target_if=first:d>5", {}, "a", 1, targets=THREE),
    "none": nothing("actions=a,target_if=d>50", {}, targets=THREE),
    "ties keep the first": Row("actions=a,target_if=min:d>2", {}, "a", 2, targets=THREE),
    "if is tested on the chosen one alone": nothing("actions=a,target_if=min:d,if=d>5", {}, targets=THREE),
    "if on the chosen one": Row("actions=a,target_if=max:d,if=d>5", {}, "a", 1, targets=THREE),
    "single min is not evaluated": Row("actions=a,target_if=min:u", {}, "a"),
    "single first must be positive": nothing("actions=a,target_if=d", {}, targets=({"d": -1.0},)),
    "one of several may be negative": Row("actions=a,target_if=d", {}, "a", 0, targets=NEG_TWO),
    "unknown candidate is passed over": Row("actions=a,target_if=min:d", {}, "a", 1, targets=({"d": None}, {"d": 4.0})),
    "unknown single first": nothing("actions=a,target_if=u", {}, ("u",)),
    "all unknown": nothing("actions=a,target_if=max:u", {}, ("u",), THREE),
    "cycle finds the first that passes": Row(
        "actions=a,cycle_targets=1,if=debuff.x.remains=0", {}, "a", 1, targets=TWO
    ),
    "cycle of one": nothing("actions=a,cycle_targets=1,if=debuff.x.remains", {"debuff.x.remains": 0}),
    "cycle no further than asked": nothing("actions=a,cycle_targets=1,max_cycle_targets=2,if=d=1", {}, targets=THREE),
    "cycle over ranges": Row(
        "actions=a,cycle_targets=1", {}, "a", 1, targets=({"action.a.in_range": 0.0}, {"action.a.in_range": 1.0})
    ),
    "target= by number": Row("actions=a,target=2", {}, "a", 1, targets=TWO),
    "target= that is not there": nothing("actions=a,target=4", {}, targets=TWO),
    "terms fill in what an enemy lacks": Row("actions=a,cycle_targets=1,if=q&d=9", {"q": 1}, "a", 1, targets=THREE),
}
WAITS = {
    "pool": wait("actions=pool_resource/a", {}, 0.251),
    "pool for so long": wait("actions=pool_resource,wait=0.5,if=x/a", {"x": 1}, 0.5),
    "pool unless wanted": Row("actions=pool_resource,if=x/a", {"x": 0}, "a"),
    "pool for the next": wait("actions=pool_resource,for_next=1/a/b", {"action.a.usable": 0}, 0.251),
    "not when the next is ready": Row("actions=pool_resource,for_next=1/a/b", {}, "a"),
    "not when the next cools": Row(
        "actions=pool_resource,for_next=1/a/b", {"action.a.usable": 0, "cooldown.a.remains": 3}, "b"
    ),
    "not when the next is not wanted": Row(
        "actions=pool_resource,for_next=1/a,if=x/b", {"action.a.usable": 0, "x": 0}, "b"
    ),
    "until the next's own condition on power": wait(
        "actions=pool_resource,for_next=1,extra_amount=20/a,if=energy>=60/b", {"energy": 30, "action.a.cost": 20}, 0.251
    ),
    "not when even that is too little": Row(
        "actions=pool_resource,for_next=1,extra_amount=5/a,if=energy>=60/b", {"energy": 30, "action.a.cost": 20}, "b"
    ),
    "wait": wait("actions=wait,sec=x*2/a", {"x": 1.5}, 3.0),
    "wait one second": wait("actions=wait/a", {}, 1.0),
    "wait at least a little": wait("actions=wait,sec=x/a", {"x": 0}, 0.1),
    "wait for a cooldown": wait("actions=wait_for_cooldown,name=z/a", {"cooldown.z.remains": 2.5}, 2.5),
    "no wait for a ready one": Row("actions=wait_for_cooldown,name=z/a", {"cooldown.z.remains": 0}, "a"),
    "wait until one is ready": wait("actions=a/wait_until_ready,sec=5", {"cooldown.a.remains": 1.25}, 1.25),
    "unknown wait": Row("actions=wait,sec=u/a", {}, "a", unknown=("u",)),
}
SEQUENCES = {
    "first step": Row("actions=sequence,name=s:a:b/c", {}, "a"),
    "unready step is passed over": Row("actions=sequence,name=s:a:b/c", {"cooldown.a.remains": 3}, "b"),
    "guarded": Row("actions=sequence,name=s,if=x:a:b/c", {"x": 0}, "c"),
    "step's own condition": Row("actions=sequence,name=s:a,if=x:b/c", {"x": 0}, "b"),
    "strict begins when all are ready": Row("actions=strict_sequence,name=s:a:b/c", {}, "a"),
    "strict does not begin otherwise": Row("actions=strict_sequence,name=s:a:b/c", {"cooldown.b.remains": 1}, "c"),
    "unless it may skip": Row("actions=strict_sequence,name=s,allow_skip=1:a:b/c", {"cooldown.a.remains": 1}, "b"),
}
UNKNOWNS = {
    "never fires and is named": Row("actions=a,if=u/b", {}, "b", unknown=("u",)),
    "0&u is 0": Row("actions=a,if=x&u/b", {"x": 0}, "b"),
    "1|u is 1": Row("actions=a,if=u|x/b", {"x": 1}, "a"),
    "every part that decided": Row("actions=a,if=u&v>2&x/b", {"x": 1}, "b", unknown=("u", "v")),
    "a guard of a list": Row("actions=call_action_list,name=x,if=u/b\nactions.x=a", {}, "b", unknown=("u",)),
    "not when it could not fire anyway": Row("actions=a,if=u/b", {"cooldown.a.remains": 4}, "b"),
    "null is unknown": Row("actions=a,if=x/b", {"x": None}, "b", unknown=("x",)),
    "once each, in order": Row("actions=a,if=v/b,if=u+v/c", {}, "c", unknown=("v", "u")),
}
ROWS = {
    f"{kind}: {name}": row
    for kind, table in {
        "plain": PLAIN, "calls": CALLS, "variables": VARIABLES, "targets": TARGETS, "waits": WAITS,
        "sequences": SEQUENCES, "unknown": UNKNOWNS,
    }.items()
    for name, row in table.items()
}  # fmt: skip


@pytest.mark.parametrize("trace", [False, True], ids=["compiled", "traced"])
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_scan_chooses(row: Row, trace: bool) -> None:
    outcome = run_on(read_apl(row.apl), StateFile(row.terms, row.targets), trace=trace)
    found = answer(outcome)
    assert (found["action"], found["target"], found["wait_s"]) == (row.action, row.target, row.wait_s)
    assert tuple(found["unknown"]) == row.unknown
    if row.rule:
        assert f"{found['list']}.{found['line']}" == row.rule


class Play:
    """A list scanned again and again; what it chooses is taken as done."""

    def __init__(self, text: str) -> None:
        self.program = Linker(read_apl(text).runnable()).link()
        self.scanner = Scanner(self.program)
        self.now_s = 0.0

    def step(self, dt: float = 1.0, **terms: float | None) -> str | None:
        values = dict.fromkeys(self.program.terms) | {k.replace("__", "."): v for k, v in terms.items()}
        outcome: Outcome = self.scanner.scan(values, (), self.now_s)
        if outcome.pick is not None:
            self.scanner.fired(outcome.pick, self.now_s)
        self.now_s += dt
        return outcome.pick.action if outcome.pick is not None else None


def test_line_cd_counts_from_the_last_use_of_that_line() -> None:
    play = Play("actions=a,line_cd=2.5/b")
    assert [play.step() for _ in range(5)] == ["a", "b", "b", "a", "b"]


def test_sequence_goes_on_where_it_was_and_ends() -> None:
    play = Play("actions=sequence,name=s:a:b:c/z")
    assert [play.step() for _ in range(5)] == ["a", "b", "c", "z", "z"]


def test_restarted_sequence_begins_anew_in_the_same_decision() -> None:
    play = Play("actions=sequence,name=s:a:b/restart_sequence,name=s,if=again/z")
    assert [play.step(again=1.0) for _ in range(5)] == ["a", "b", "a", "b", "a"]


def test_strict_sequence_commits_until_it_is_through() -> None:
    play = Play("actions=x,if=q/strict_sequence,name=s:a:b:c/z")
    assert play.step(q=0.0) == "a"
    assert [play.step(q=1.0) for _ in range(3)] == ["b", "c", "x"]


def test_strict_sequence_that_cannot_go_on_is_given_up() -> None:
    play = Play("actions=strict_sequence,name=s,if=q:a:b/z")
    assert play.step(q=1.0) == "a"
    assert play.step(q=0.0, cooldown__b__remains=3.0) == "z"
    assert play.step(q=0.0) == "z"


def test_swapped_root_stays_until_the_next_fight() -> None:
    play = Play("actions=swap_action_list,name=x,if=q/b\nactions.x=a")
    assert [play.step(q=q) for q in (0.0, 1.0, 0.0)] == ["b", "a", "a"]
    play.scanner.begin_fight(dict.fromkeys(play.program.terms))
    assert play.step(q=0.0) == "b"


def test_variable_with_delay_is_updated_no_sooner() -> None:
    play = Play("actions=variable,name=v,op=add,value=1,delay=2/a,if=variable.v>=2/b")
    assert [play.step() for _ in range(4)] == ["b", "b", "a", "a"]


def test_memory_survives_a_snapshot() -> None:
    play = Play("actions=a,line_cd=5/sequence,name=s:b:c/variable,name=v,op=add,value=1/z")
    for _ in range(3):
        play.step()
    other = Play("actions=a,line_cd=5/sequence,name=s:b:c/variable,name=v,op=add,value=1/z")
    other.now_s = play.now_s
    other.scanner.memory.restore(play.scanner.memory.snapshot())
    assert [other.step() for _ in range(4)] == [play.step() for _ in range(4)]


@pytest.mark.parametrize(
    "text",
    [
        "actions=call_action_list,name=default",
        "actions=call_action_list,name=x\nactions.x=run_action_list,name=default",
    ],
)
def test_lists_that_call_each_other_in_a_circle_are_an_error(text: str) -> None:
    with pytest.raises(ProfileError, match="circle"):
        run_on(read_apl(text), StateFile({}))


def test_trace_says_why_each_line_did_not_fire() -> None:
    text = (
        "actions=a,if=health.pct<40/b,if=u>3/c/flask/run_action_list,name=x,if=q\n"
        "actions.x=variable,name=v,value=2/d,if=variable.v=2&q"
    )
    state = read_state({"terms": {"health.pct": 81, "cooldown.c.remains": 4.5, "q": 1}})
    lines = run_on(read_apl(text), state, trace=True).trace
    assert [(t.rule, t.verdict, t.why) for t in lines] == [
        ("default.1", "false", "health.pct=81 < 40 is false"),
        ("default.2", "unknown", "u=? > 3 is unknown"),
        ("default.3", "not_ready", "cooldown.c.remains=4.5"),
        ("default.4", "skipped", "nothing here can be pressed for it"),
        ("default.5", "called", "q=1"),
        ("x.1", "skipped", "variable.v=2"),
        ("x.2", "fired", "variable.v=2 = 2; q=1"),
    ]


CONDITIONS = st.sampled_from(
    [
        "",
        ",if=health.pct<1",
        ",if=buff.x.up&rage>1",
        ",if=!talent.t|rage",
        ",if=variable.v>1",
        ",if=variable.w^talent.t",
    ]
)
ENTRIES = st.builds(
    "{}{}".format,
    st.sampled_from(
        ["a", "b", "c,use_off_gcd=1", "d,line_cd=2", "e,moving=1", "f,target_if=min:rage", "g,cycle_targets=1",
         "wait,sec=rage",
         "pool_resource,for_next=1", "variable,name=v,op=add,value=rage", "variable,name=w,value=health.pct>2",
         "variable,name=v,op=setif,condition=talent.t,value=1,value_else=buff.x.up", "call_action_list,name=x",
         "run_action_list,name=x", "swap_action_list,name=x", "consult,topic=t", "cycling_variable,name=v,op=max,value=rage",
         "variable,name=w,op=reset", "variable,name=v,op=pow,value=rage", "a,sync=b", "h,wait_on_ready=1"]
    ),
    CONDITIONS,
)  # fmt: skip
LISTS = st.lists(ENTRIES, min_size=1, max_size=7).map("/".join)
INNER = st.lists(ENTRIES.filter(lambda e: "_action_list" not in e), min_size=1, max_size=4).map("/".join)
TERMS = st.fixed_dictionaries(
    dict.fromkeys(
        (*NAMES, "cooldown.a.remains", "action.b.usable", "action.b.cost", "gcd.remains", "moving", "energy"), VALUES
    )
)


@given(LISTS, INNER, TERMS, st.lists(st.fixed_dictionaries({"rage": VALUES, "health.pct": VALUES}), max_size=3))
@settings(max_examples=400, deadline=None)
def test_random_lists_scan_the_same_compiled_and_explained(
    root: str, inner: str, terms: dict[str, float | None], targets: list[dict[str, float | None]]
) -> None:
    program = Linker(read_apl(f"actions={root}\nactions.x={inner}").runnable()).link()
    values = dict.fromkeys(program.terms) | terms
    plain, traced = Scanner(program), Scanner(program)
    for now_s in (0.0, 1.0, 3.0):
        a = plain.scan(values, tuple(targets), now_s)
        b = traced.scan(values, tuple(targets), now_s, trace=True)
        assert repr((a.pick, a.unknown, a.consults)) == repr((b.pick, b.unknown, b.consults))
        for scanner, outcome in ((plain, a), (traced, b)):
            if outcome.pick is not None:
                scanner.fired(outcome.pick, now_s)
        assert repr(plain.memory.snapshot()) == repr(traced.memory.snapshot())
