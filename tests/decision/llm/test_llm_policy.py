"""When a model is asked, what becomes of its answer, and what keeps it within bounds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.decision.llm.parts import DIALOG, FACTS, FIGHT, SPELLS, Loop, Quiet
from wowbot.core.action import Action, Decision
from wowbot.core.errors import ProfileError
from wowbot.core.event import Mailbox
from wowbot.core.state import GameState
from wowbot.decision.llm.asker import LockstepAsker, NullAsker
from wowbot.decision.llm.talk import Question, Reply, ToolCall, failed
from wowbot.decision.llm.tools import Toolbox
from wowbot.decision.profile import ModelFacts

ACCEPT = Reply(calls=(ToolCall("use", '{"ability": "accept", "until": "popup.open=0"}'),), tokens_in=100, tokens_out=10)
FROSTBOLT = Reply(calls=(ToolCall("use", '{"ability": "frostbolt"}'),), tokens_in=100, tokens_out=10)


class Canned:
    """A back-end that gives these replies in turn, the last for ever, and keeps the questions."""

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.questions = list(replies), list[Question]()

    def complete(self, question: Question, image: str = "") -> Reply:
        self.questions.append(question)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def close(self) -> None:
        """Nothing is open."""


def loop(*replies: Reply, delay_s: float = 0.2, facts: ModelFacts = FACTS, **more: Any) -> tuple[Loop, Canned]:
    mailbox, backend = Mailbox(), Canned(*replies)
    return Loop(LockstepAsker(mailbox, backend, delay_s), mailbox, facts, **more), backend


def run(driven: Loop, seconds: float, dt_s: float = 0.05) -> None:
    for _ in range(round(seconds / dt_s)):
        driven.tick(dt_s)


def verdicts(driven: Loop) -> list[str]:
    return [str(v["verdict"]) for v in driven.phases("verdict")]


def test_unknown_dialog_is_asked_about_and_the_answer_is_carried_out() -> None:
    driven, backend = loop(ACCEPT, values=dict(DIALOG))
    run(driven, 2.0)
    assert [action.ability for action in driven.sent] == ["accept"]
    driven.values["popup.open"] = 0.0
    run(driven, 1.0)
    assert driven.phases("effect")[0]["effect"] == "done: its effect was seen"
    assert len(backend.questions) == 1


def test_dialog_that_the_rules_answer_in_time_is_not_asked_about() -> None:
    driven, backend = loop(ACCEPT, values=dict(DIALOG))
    run(driven, 0.8)
    driven.values["popup.open"] = 0.0
    run(driven, 3.0)
    assert backend.questions == []


class Busy(Quiet):
    """Rules that always have something to do."""

    def decide(self, state: GameState) -> Decision | None:
        return Decision(
            "rule", "default.1", actions=(Action("key", "2", ability="ice_barrier"),), ability="ice_barrier"
        )


def test_rules_that_act_are_never_overruled() -> None:
    driven, backend = loop(FROSTBOLT, inner=Busy())
    run(driven, 5.0)
    assert backend.questions == []
    assert {action.ability for action in driven.sent} == {"ice_barrier"}


def test_accepted_step_waits_while_the_rules_act() -> None:
    driven, _ = loop(FROSTBOLT)
    run(driven, 0.15)
    driven.policy._inner = Busy()
    run(driven, 1.0)
    assert verdicts(driven) == ["accepted"]
    assert {action.ability for action in driven.sent} == {"ice_barrier"}


@pytest.mark.parametrize("gone", ["in_combat", "dead"])
def test_answer_is_void_when_its_situation_is_gone(gone: str) -> None:
    driven, _ = loop(FROSTBOLT)
    run(driven, 0.2)
    driven.values[gone] = 1.0 - driven.values[gone]
    run(driven, 0.5)
    assert verdicts(driven) == ["void"] and driven.sent == []


def test_answer_that_comes_after_its_time_is_void() -> None:
    driven, _ = loop(FROSTBOLT, delay_s=2.0)
    run(driven, 2.4)
    assert verdicts(driven) == ["failed", "void"] and driven.sent == []
    assert "timeout" in driven.phases("verdict")[0]["why"]


def test_one_call_a_topic_is_under_way() -> None:
    driven, backend = loop(FROSTBOLT, delay_s=1.2)
    run(driven, 1.0)
    assert len(backend.questions) == 1


def test_refused_answer_is_sent_back_twice_and_then_dropped() -> None:
    driven, backend = loop(Reply(text="hm"))
    run(driven, 1.5)
    assert verdicts(driven) == ["sent back", "sent back", "refused"]
    assert "no function was called" in backend.questions[1].messages[-1]["content"]


def test_plan_goes_on_step_by_step_when_each_shows_its_effect() -> None:
    steps = [{"ability": "frostbolt", "until": "target.health.pct<50"}, {"ability": "ice_barrier"}]
    driven, _ = loop(Reply(calls=(ToolCall("plan", json.dumps({"steps": steps})),)))
    run(driven, 1.0)
    assert [action.ability for action in driven.sent] == ["frostbolt"]
    driven.values["target.health.pct"] = 40.0
    run(driven, 0.2)
    assert [action.ability for action in driven.sent] == ["frostbolt", "ice_barrier"]


def test_step_without_effect_is_tried_twice_and_told_to_the_model_next_time() -> None:
    driven, backend = loop(FROSTBOLT)
    run(driven, 13.0)
    assert [action.ability for action in driven.sent][:2] == ["frostbolt", "frostbolt"]
    assert "no visible effect in 2 tries" in driven.phases("effect")[0]["effect"]
    assert "no visible effect" in backend.questions[-1].messages[-1]["content"]


def test_step_that_became_impossible_is_checked_again_and_not_sent() -> None:
    driven, _ = loop(FROSTBOLT)
    run(driven, 0.15)
    driven.values["gcd.remains"] = 1.0
    run(driven, 0.3)
    driven.values |= {"gcd.remains": 0.0, "target.dead": 1.0}
    run(driven, 5.0)
    assert driven.sent == []
    assert "became impossible" in driven.phases("effect")[0]["effect"]


def test_same_situation_is_answered_from_the_cache_when_the_answer_worked() -> None:
    driven, backend = loop(FROSTBOLT)
    run(driven, 0.5)
    driven.values["target.health.pct"] = 50.0
    run(driven, 5.0)
    assert len(backend.questions) == 1
    assert driven.phases("cached") and len(driven.sent) >= 2


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"requests_per_minute": 2}, "2 requests went out in the last minute"),
        ({"requests_per_session": 2}, "the session's 2 requests are used up"),
        ({"tokens_per_minute": 150}, "150 tokens were used in the last minute"),
        ({"tokens_per_session": 150}, "the session's 150 tokens are used up"),
        ({"price_in": 1000.0, "price_out": 1000.0, "max_cost": 0.15}, "0.15 USD are spent"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_bounds_hold_questions_back(facts: Mapping[str, Any], why: str) -> None:
    driven, backend = loop(
        replace(FROSTBOLT, calls=(ToolCall("wait", '{"seconds": 0.5}'),)), facts=replace(FACTS, **facts)
    )
    run(driven, 20.0)
    assert len(backend.questions) == 2
    assert any(why in event["why"] for event in driven.phases("held back"))


@pytest.mark.parametrize(
    ("error", "calls_in_a_minute"),
    [("key", 1), ("quota", 1), ("rate", 2), ("server", 5), ("network", 5), ("timeout", 5), ("format", 4)],
)
def test_breaker_rests_by_error_class(error: Any, calls_in_a_minute: int) -> None:
    driven, backend = loop(failed(error, "no"))
    run(driven, 60.0)
    assert len(backend.questions) == calls_in_a_minute


def test_content_filter_mutes_one_topic_alone() -> None:
    driven, backend = loop(failed("content", "no"), ACCEPT)
    run(driven, 1.0)
    driven.values = dict(DIALOG)
    run(driven, 3.0)
    assert [question.topic for question in backend.questions] == ["idle_in_combat", "unknown_dialog"]


def test_status_line_shows_the_running_cost() -> None:
    driven, _ = loop(ACCEPT, values=dict(DIALOG), facts=replace(FACTS, price_in=2.0, price_out=6.0))
    run(driven, 2.0)
    assert driven.policy.bounds.line() == "llm 1 calls 110 tokens 0.0003 USD"


def test_restored_policy_goes_on_as_if_nothing_had_happened() -> None:
    driven, _ = loop(FROSTBOLT)
    run(driven, 0.3)
    mailbox = Mailbox()
    other = Loop(NullAsker(), mailbox)
    other.policy.restore(json.loads(json.dumps(driven.policy.snapshot())))
    other.t_ns, other.ticks, other.asker = driven.t_ns, driven.ticks, NullAsker()
    before = len(driven.sent)
    for _ in range(40):
        driven.tick()
        for event in [e for e in driven.events if e.taken_at_tick == driven.ticks - 1]:
            mailbox.put(event)
        other.tick()
    assert [a.ability for a in other.sent] == [a.ability for a in driven.sent[before:]]
    assert other.policy.snapshot() == driven.policy.snapshot()


def test_recorded_answers_alone_give_the_same_decisions() -> None:
    """What a replay does: nobody is asked, and the events come as they were taken."""
    driven, _ = loop(FROSTBOLT)
    run(driven, 10.0)
    mailbox = Mailbox()
    again = Loop(NullAsker(), mailbox)
    for tick in range(driven.ticks):
        for event in [e for e in driven.events if e.taken_at_tick == tick]:
            mailbox.put(event)
        again.tick()
    assert again.sent == driven.sent and again.policy.snapshot() == driven.policy.snapshot()


def test_allow_list_with_an_ability_the_profile_has_not_is_refused() -> None:
    with pytest.raises(ProfileError, match=r"'frostbold'.*frostbolt"):
        Toolbox(SPELLS, ("frostbold",), ())


def test_schemas_name_only_allowed_abilities_with_their_preconditions() -> None:
    text = json.dumps(Toolbox(SPELLS, ("fire_blast",), ()).schemas())
    assert "needs a living enemy target within 20 yd" in text and "8 s cooldown" in text
    assert "frostbolt" not in text


def test_unknown_terms_hinder_nothing() -> None:
    tools = Toolbox(SPELLS, ("fire_blast",), ())
    assert tools.hindrance("fire_blast", GameState(0, 0, {})) == ""
    assert tools.hindrance("fire_blast", GameState(0, 0, dict(FIGHT))) == "fire_blast is on cooldown for 5.0 s more"
