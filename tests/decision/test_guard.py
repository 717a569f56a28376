"""The last gate: what it holds back, by cause."""

from __future__ import annotations

from typing import Any

import pytest

from wowbot.core.action import Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.frame import Frame
from wowbot.core.state import GameState
from wowbot.decision.guard import SafetyGuard
from wowbot.decision.profile import GuardLimits, StopFacts
from wowbot.decision.stop import StopWatch

MS = 1_000_000
SPELLS = {
    "fireball": Spell("fireball", "2", "main.2", cast_s=3.0),
    "counterspell": Spell("counterspell", "3", gcd_s=0.0),
    "heroic_strike": Spell("heroic_strike", "4", queue=True),
}
FIRE = Decision("rule", "main.1", "x", (Action("key", "2", ability="fireball"),), ability="fireball")


def guard(**limits: float) -> SafetyGuard:
    return SafetyGuard(GuardLimits(**limits), SPELLS)


def frame(t_ns: int = 0, **facts: Any) -> Frame:
    return Frame(0, t_ns, None, "test", **{"focused": True, **facts})


def state(**values: Any) -> GameState:
    return GameState(0, 0, {name.replace("__", "."): value for name, value in values.items()})


def key(ability: str, name: str = "9", **more: Any) -> Decision:
    return Decision("rule", "main.1", "x", (Action("key", name, ability=ability, **more),), ability=ability)


def causes(verdict: Any) -> list[str]:
    return [veto.cause for veto in verdict.vetoes]


def test_a_sound_tick_passes_the_action_unchanged() -> None:
    verdict = guard().check(frame(), state(), FIRE, 0)
    assert verdict.actions == FIRE.actions
    assert (verdict.vetoes, verdict.release, verdict.stop) == ((), False, "")


@pytest.mark.parametrize(
    ("facts", "values", "cause"),
    [
        pytest.param({"focused": False}, {}, "focus", id="window not in front"),
        pytest.param({"status": "covered"}, {}, "covered", id="covered"),
        pytest.param({"status": "black"}, {}, "black", id="black"),
        pytest.param({"status": "frozen"}, {}, "frozen", id="frozen"),
        pytest.param({"status": "minimised"}, {}, "minimised", id="minimised"),
        pytest.param({"status": "gone"}, {}, "gone", id="gone"),
        pytest.param({"t_ns": -300 * MS}, {}, "stale", id="old frame"),
        pytest.param({}, {"layout__fits": 0.0}, "layout", id="layout no longer fits"),
        pytest.param({}, {"chat__open": 1.0}, "chat", id="chat box open"),
    ],
)
def test_what_is_wrong_with_the_moment_holds_everything_back_and_lifts_held_keys(
    facts: dict[str, Any], values: dict[str, Any], cause: str
) -> None:
    verdict = guard().check(frame(**facts), state(**values), FIRE, 0)
    assert causes(verdict) == [cause]
    assert verdict.actions == ()
    assert verdict.release


@pytest.mark.parametrize(
    ("facts", "values"),
    [({"focused": None}, {}), ({}, {"layout__fits": None}), ({}, {"chat__open": None}), ({"t_ns": -250 * MS}, {})],
    ids=["focus not known", "layout not known", "chat not known", "just fresh enough"],
)
def test_what_is_not_known_holds_nothing_back(facts: dict[str, Any], values: dict[str, Any]) -> None:
    assert guard().check(frame(**facts), state(**values), FIRE, 0).actions == FIRE.actions


@pytest.mark.parametrize(
    ("decision", "values", "cause"),
    [
        pytest.param(FIRE, {"gcd__remains": 0.4}, "gcd", id="global cooldown"),
        pytest.param(FIRE, {"gcd__remains": 0.1}, "", id="global cooldown nearly over"),
        pytest.param(FIRE, {"gcd__remains": None}, "", id="global cooldown not known"),
        pytest.param(FIRE, {"cast__active": 1.0, "cast__remains": 1.2}, "cast", id="casting"),
        pytest.param(FIRE, {"cast__active": 1.0, "cast__remains": 0.1}, "", id="cast nearly over"),
        pytest.param(FIRE, {"cast__active": 1.0}, "cast", id="casting, length not known"),
        pytest.param(key("counterspell"), {"cast__active": 1.0, "gcd__remains": 1.0}, "", id="off the global cooldown"),
        pytest.param(key("heroic_strike"), {"cast__active": 1.0}, "", id="queued while casting"),
        pytest.param(key("heroic_strike"), {"gcd__remains": 1.0}, "gcd", id="queued on the global cooldown"),
        pytest.param(key("walk"), {"cast__active": 1.0, "gcd__remains": 1.0}, "", id="no spell of the profile"),
    ],
)
def test_global_cooldown_and_cast(decision: Decision, values: dict[str, Any], cause: str) -> None:
    verdict = guard().check(frame(), state(**values), decision, 0)
    assert causes(verdict) == ([cause] if cause else [])
    assert bool(verdict.actions) is not bool(cause)
    assert not verdict.release


def test_a_dialog_holds_keys_back_but_not_clicks_and_not_in_combat() -> None:
    click = Decision("rule", actions=(Action("click", at=(5, 5), ability="release"),))
    assert causes(guard().check(frame(), state(popup__open=1.0), FIRE, 0)) == ["dialog"]
    assert guard().check(frame(), state(popup__open=1.0), click, 0).actions == click.actions
    assert guard().check(frame(), state(popup__open=1.0, in_combat=1.0), FIRE, 0).actions == FIRE.actions


def test_the_same_key_goes_out_at_most_so_often() -> None:
    one = guard(same_key_per_s=5.0)
    passed = [bool(one.check(frame(t * MS), state(), FIRE, t * MS).actions) for t in range(0, 1000, 50)]
    assert passed == [t % 200 == 0 for t in range(0, 1000, 50)]


def test_the_same_key_with_other_modifiers_is_another_key() -> None:
    one = guard()
    assert one.check(frame(), state(), key("a", "2"), 0).actions
    assert one.check(frame(), state(), key("b", "2", mods=("shift",)), 0).actions


def test_the_budget_of_actions_counts_over_a_second() -> None:
    one = guard(actions_per_s=3.0)
    results = [one.check(frame(t * MS), state(), key("x", str(t // 100)), t * MS) for t in range(0, 900, 100)]
    assert [bool(r.actions) for r in results] == [True] * 3 + [False] * 6
    assert causes(results[3]) == ["budget"]
    assert one.check(frame(1000 * MS), state(), key("x", "9"), 1000 * MS).actions


def test_what_was_held_back_costs_no_budget() -> None:
    one = guard()
    for t in range(0, 190, 10):
        one.check(frame(t * MS, focused=False), state(), FIRE, t * MS)
    assert one.check(frame(190 * MS), state(), FIRE, 190 * MS).actions


def test_a_hold_is_prolonged_at_any_rate_since_it_is_no_new_press() -> None:
    one = guard(same_key_per_s=2.0, actions_per_s=1.0)
    walk = key("walk", "w", hold_ms=300)
    assert all(one.check(frame(t * MS), state(), walk, t * MS).actions for t in range(0, 1000, 16))


def test_after_a_release_a_hold_is_a_new_press() -> None:
    one = guard(same_key_per_s=2.0)
    walk = key("walk", "w", hold_ms=300)
    one.check(frame(), state(), walk, 0)
    one.check(frame(10 * MS, focused=False), state(), walk, 10 * MS)
    assert causes(one.check(frame(20 * MS), state(), walk, 20 * MS)) == ["same key"]


def test_a_release_always_passes() -> None:
    one = guard()
    let_go = Decision("rule", actions=(Action("release", "w"),))
    assert one.check(frame(), state(gcd__remains=1.0, popup__open=1.0), let_go, 0).actions == let_go.actions


def test_paused_holds_back_until_resumed() -> None:
    one = guard()
    one.pause(True)
    assert one.paused
    assert causes(one.check(frame(), state(), FIRE, 0)) == ["paused"]
    one.pause(False)
    assert one.check(frame(), state(), FIRE, 0).actions


def test_a_requested_stop_ends_the_run_with_its_first_reason() -> None:
    one = guard()
    one.request_stop("stop key pause")
    one.request_stop("SIGTERM")
    verdict = one.check(frame(), state(), FIRE, 0)
    assert (verdict.stop, verdict.release, verdict.actions) == ("stop key pause", True, ())


def test_a_stop_condition_ends_the_run() -> None:
    one = SafetyGuard(GuardLimits(), SPELLS, StopWatch(StopFacts(minutes=1.0)))
    assert one.check(frame(), state(), FIRE, 0).stop == ""
    assert one.check(frame(60_000 * MS), state(), FIRE, 60_000 * MS).stop == "1 minutes are over"


def test_a_window_that_stays_gone_ends_the_run() -> None:
    one = guard()
    assert one.check(frame(status="gone"), state(), FIRE, 0).stop == ""
    assert one.check(frame(status=""), state(), FIRE, 1000 * MS).stop == ""
    assert one.check(frame(2000 * MS, status="gone"), state(), FIRE, 2000 * MS).stop == ""
    assert "gone for 3 s" in one.check(frame(5000 * MS, status="gone"), state(), FIRE, 5000 * MS).stop
