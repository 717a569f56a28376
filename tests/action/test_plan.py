"""When keys go down and up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.action.plan import KeyPlan, Op
from wowbot.core.action import Action

MS = 1_000_000


def text(ops: list[Op]) -> list[str]:
    return [
        f"{'+' if op.kind == 'down' else '-' if op.kind == 'up' else op.kind + ' '}{op.key or op.at or op.amount}"
        for op in ops
    ]


def test_a_tap_goes_down_at_once_and_up_after_its_time() -> None:
    plan = KeyPlan(tap_ms=40)
    assert text(plan.start(Action("key", "2"), 0)) == ["+2"]
    assert plan.due(39 * MS) == []
    assert text(plan.due(40 * MS)) == ["-2"]
    assert plan.next_due_ns is None


def test_a_chord_holds_its_modifiers_around_the_key() -> None:
    plan = KeyPlan()
    assert text(plan.start(Action("key", "ctrl-shift-2"), 0)) == ["+shift", "+ctrl", "+2"]
    assert text(plan.due(40 * MS)) == ["-2", "-ctrl", "-shift"]


def test_a_plain_key_right_after_a_chord_ends_its_modifier_first() -> None:
    plan = KeyPlan()
    plan.start(Action("key", "shift-2"), 0)
    assert text(plan.start(Action("key", "3"), 10 * MS)) == ["-shift", "+3"]


def test_a_chord_right_after_another_with_the_same_modifier_keeps_it_down() -> None:
    plan = KeyPlan(tap_ms=40)
    plan.start(Action("key", "shift-2"), 0)
    assert text(plan.start(Action("key", "shift-3"), 10 * MS)) == ["+3"]
    assert text(plan.due(40 * MS)) == ["-2"]
    assert sorted(text(plan.due(50 * MS))) == ["-3", "-shift"]


def test_a_tap_on_a_key_that_is_down_lifts_it_first() -> None:
    plan = KeyPlan()
    plan.start(Action("key", "2"), 0)
    assert text(plan.start(Action("key", "2"), 10 * MS)) == ["-2", "+2"]
    assert text(plan.due(49 * MS)) == []
    assert text(plan.due(50 * MS)) == ["-2"]


def test_a_hold_is_prolonged_without_a_new_press() -> None:
    plan = KeyPlan()
    assert text(plan.start(Action("key", "w", hold_ms=300), 0)) == ["+w"]
    assert plan.start(Action("key", "w", hold_ms=300), 200 * MS) == []
    assert text(plan.due(300 * MS)) == []
    assert text(plan.due(500 * MS)) == ["-w"]


def test_a_shorter_hold_never_cuts_a_longer_one() -> None:
    plan = KeyPlan()
    plan.start(Action("key", "w", hold_ms=500), 0)
    plan.start(Action("key", "w", hold_ms=100), 10 * MS)
    assert text(plan.due(499 * MS)) == []


def test_a_release_lifts_the_key_early() -> None:
    plan = KeyPlan()
    plan.start(Action("key", "shift-w", hold_ms=5000), 0)
    assert text(plan.start(Action("release", "shift-w"), 10 * MS)) == ["-w", "-shift"]
    assert plan.due(6000 * MS) == []


def test_releasing_everything_forgets_what_was_planned() -> None:
    plan = KeyPlan()
    plan.start(Action("key", "w", hold_ms=900), 0)
    plan.start(Action("key", "2"), 0)
    assert text(plan.release_all()) == ["-2", "-w"]
    assert plan.down == ()
    assert plan.due(10_000 * MS) == []


def test_a_click_moves_presses_and_lifts() -> None:
    plan = KeyPlan()
    assert text(plan.start(Action("click", "right", at=(5, 6)), 0)) == ["move (5, 6)", "+right"]
    assert text(plan.due(40 * MS)) == ["-right"]


def test_a_click_without_a_button_is_the_left_one() -> None:
    assert text(KeyPlan().start(Action("click", at=(5, 6)), 0))[-1] == "+left"


def test_a_drag_moves_in_steps_and_lifts_at_its_end() -> None:
    plan = KeyPlan()
    assert text(plan.start(Action("drag", at=(0, 0), to=(80, 40), hold_ms=200), 0)) == ["move (0, 0)", "+left"]
    steps = text(plan.due(199 * MS))
    assert steps[0] == "move (10, 5)"
    assert steps[-1] == "move (80, 40)"
    assert text(plan.due(200 * MS)) == ["-left"]


def test_a_wheel_key_scrolls_and_is_never_down() -> None:
    plan = KeyPlan()
    assert text(plan.start(Action("key", "shift-wheeldown"), 0)) == ["+shift", "scroll -1"]
    assert plan.down == ("shift",)


def test_scroll_and_move_happen_at_once() -> None:
    plan = KeyPlan()
    assert plan.start(Action("scroll", at=(1, 2), amount=3), 0) == [Op("scroll", at=(1, 2), amount=3)]
    assert plan.start(Action("move", at=(1, 2)), 0) == [Op("move", at=(1, 2))]


def test_what_was_refused_is_not_down() -> None:
    plan = KeyPlan()
    ops = plan.start(Action("key", "shift-2", hold_ms=500), 0)
    plan.refused(ops)
    assert plan.down == ()
    assert plan.due(1000 * MS) == []


ACTIONS = st.builds(
    Action,
    st.sampled_from(["key", "key", "key", "click", "release"]),
    st.sampled_from(["2", "3", "w", "f5"]),
    st.sampled_from([(), ("shift",), ("shift", "ctrl")]),
    at=st.none(),
    hold_ms=st.sampled_from([0, 0, 30, 300]),
)


@given(st.lists(st.tuples(ACTIONS, st.integers(0, 120)), max_size=25))
def test_every_down_has_its_up_and_nothing_goes_down_twice(steps: list[tuple[Action, int]]) -> None:
    plan, now, ops = KeyPlan(), 0, []
    for action, gap_ms in steps:
        now += gap_ms * MS
        ops += plan.due(now)
        if not (action.kind == "click" and action.key not in ("left",)):
            ops += plan.start(action, now)
    ops += plan.due(now + 10_000 * MS)
    down: set[str] = set()
    for op in ops:
        if op.kind == "down":
            assert op.key not in down
            down.add(op.key)
        elif op.kind == "up":
            assert op.key in down
            down.remove(op.key)
    assert down == set()
    assert plan.down == ()


@given(st.lists(st.tuples(ACTIONS, st.integers(0, 60)), max_size=25))
def test_a_key_never_goes_down_with_a_modifier_it_did_not_ask_for(steps: list[tuple[Action, int]]) -> None:
    plan, now = KeyPlan(), 0
    held: set[str] = set()
    for action, gap_ms in steps:
        now += gap_ms * MS
        for op in plan.due(now):
            held.discard(op.key)
        if action.kind != "key":
            continue
        for op in plan.start(action, now):
            if op.kind == "down":
                held.add(op.key)
            else:
                held.discard(op.key)
            if op.kind == "down" and op.key == action.key:
                assert held & {"shift", "ctrl", "alt"} == set(action.mods)


@pytest.mark.parametrize("kind", ["key", "release"])
def test_an_unknown_key_is_an_error(kind: str) -> None:
    from wowbot.core.errors import ActionError

    with pytest.raises(ActionError, match="not a key"):
        KeyPlan().start(Action(kind, "warp"), 0)  # type: ignore[arg-type]
