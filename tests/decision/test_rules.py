"""The policy: from a state to a key, in live play."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rules_profile import make_profile, policy, state

from wowbot.core.action import Action, Decision
from wowbot.core.errors import ProfileError
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.state import Detail, GameState
from wowbot.decision.rules import RulesPolicy


def chosen(rules: RulesPolicy, given: GameState) -> str:
    decision = rules.decide(given)
    return "" if decision is None else decision.ability


def play(rules: RulesPolicy, given: GameState) -> str:
    """Decide, and let the sink take what was decided."""
    decision = rules.decide(given)
    rules.settle(given, decision or Decision("idle"), decision.actions if decision else ())
    return decision.ability if decision else ""


def test_line_becomes_the_key_of_its_slot(tmp_path: Path) -> None:
    decision = policy(tmp_path, "actions=blast,if=health.pct<40").decide(state(terms={"health.pct": 31.0}))
    assert decision is not None
    assert decision.actions == (Action("key", "f", ("shift",), ability="blast"),)
    assert (decision.source, decision.rule, decision.reason) == ("rule", "default.1", "health.pct=31 < 40")


def test_hold_and_click_are_carried_over(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=release,if=popup.open/walk")
    region = Region(Rect(100, 200, 40, 20), "popup")
    rules.set_layout(Layout("x", "x", "wotlk", (800, 600), 1.0, {"popup.button1": region}))
    walk, click = rules.decide(state(terms={"popup.open": 0.0})), rules.decide(state(terms={"popup.open": 1.0}))
    assert walk is not None
    assert click is not None
    assert walk.actions == (Action("key", "w", hold_ms=900, ability="walk"),)
    assert click.actions == (Action("click", "left", at=(120, 210), ability="release"),)


def test_nothing_to_do_is_none_and_the_last_decision_keeps_the_trace(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=bolt,if=rage>5", trace=True)
    assert rules.decide(state(terms={"rage": 1.0})) is None
    assert rules.last is not None
    assert [(t.rule, t.why) for t in rules.last.trace] == [("default.1", "rage=1 > 5 is false")]


def test_unknown_term_is_named_with_its_cause(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=bolt,if=rage>5/kick", trace=True)
    given = GameState(0, 0, {**state().values, "rage": None}, {"rage": Detail(0.0, 0.0, "the bar is covered")})
    decision = rules.decide(given)
    assert decision is not None
    assert (decision.ability, decision.unknown) == ("kick", ("rage",))
    assert decision.trace[0].why == "rage=? > 5 is unknown (rage: the bar is covered)"


@pytest.mark.parametrize(
    ("line", "terms", "expected"),
    [
        ("bolt/kick", {"cooldown.bolt.remains": 2.0}, "kick"),
        ("bolt/kick", {"action.bolt.usable": 0.0}, "kick"),
        ("bolt/kick", {"action.bolt.in_range": 0.0}, "kick"),
        ("bolt/kick", {"gcd.remains": 0.9}, "kick"),
        ("bolt/blast", {"gcd.remains": 0.9}, ""),
        ("blast,use_off_gcd=1", {"gcd.remains": 0.9}, "blast"),
        ("bolt/strike", {"gcd.remains": 0.1}, "strike"),
        ("bolt/strike", {"gcd.remains": 0.3}, ""),
        ("bolt/kick", {"cast.active": 1.0, "cast.remains": 1.0}, ""),
        ("bolt/kick,use_while_casting=1", {"cast.active": 1.0, "cast.remains": 1.0}, "kick"),
        ("bolt/strike", {"cast.active": 1.0, "cast.remains": 0.1}, "strike"),
        ("bolt/kick", {"moving": 1.0}, "kick"),
        ("blast/kick", {"rage": 30.0}, "kick"),
        ("blast/kick", {"rage": 40.0}, "blast"),
        ("blast/kick", {"rage": None}, "blast"),
        ("bolt/kick", {"target.exists": 0.0}, "kick"),
        ("bolt/kick", {"target.dead": 1.0}, "kick"),
        ("bolt/kick", {"target.dead": 1.0, "target.reaction": 5.0}, "bolt"),
        ("bolt/kick", {"target.exists": None, "cooldown.bolt.remains": None}, "bolt"),
        ("mirror/flask/bolt", {}, "bolt"),
        ("use_item,name=orb", {}, "orb"),
        ("bolt,if=charges>=2/kick", {"cooldown.bolt.charges": 2.0}, "bolt"),
        ("bolt,if=up/kick,if=debuff.sting.up", {"debuff.sting.up": 1.0}, "kick"),
        ("kick,if=mana_pct<20", {"mana.pct": 10.0}, "kick"),
        ("kick,if=target.debuff.sting.remains<3", {"debuff.sting.remains": 2.0}, "kick"),
        ("kick,if=talent.storm.enabled|1", {"talent.storm": 0.0}, "kick"),
        ("kick,if=target.within10", {"target.distance": 8.0}, "kick"),
        ("kick,if=ttd>5", {"target.time_to_die": 8.0}, "kick"),
        ("kick,if=target.name=1/bolt", {"target.name": "Wolf"}, "bolt"),
    ],
)  # fmt: skip
def test_line_fires_only_when_the_game_would_take_it(
    tmp_path: Path, line: str, terms: dict[str, Any], expected: str
) -> None:
    assert chosen(policy(tmp_path, f"actions={line}"), state(terms=terms)) == expected


def test_actions_without_a_key_are_listed_once(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=flask/bolt/flask/mirror/snapshot_stats")
    assert rules.keyless == ("flask", "mirror", "snapshot_stats")


def test_terms_are_those_of_the_list_and_of_what_holds_it_back(tmp_path: Path) -> None:
    terms = policy(tmp_path, "actions=bolt,if=rage>5&buff.shell.down/variable,name=v,value=time").terms
    assert {"rage", "buff.shell.down", "time", "cooldown.bolt.remains", "action.bolt.usable", "gcd.remains",
            "cast.active", "in_combat"} <= terms  # fmt: skip
    assert not any(term.startswith("variable.") for term in terms)


def test_user_aliases_reach_spells_and_terms(tmp_path: Path) -> None:
    extra = '[aliases]\nice_bolt = "bolt"\n"settings.low" = "talent.storm"'
    rules = policy(tmp_path, "actions=ice_bolt,if=cooldown.ice_bolt.remains=0&!settings.low", extra)
    assert chosen(rules, state(terms={"cooldown.bolt.remains": 0.0, "talent.storm": 0.0})) == "bolt"


def test_another_enemy_is_first_brought_into_the_target(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=bolt,target_if=max:debuff.sting.remains")
    targets = ({"debuff.sting.remains": 1.0}, {"debuff.sting.remains": 4.0})
    decision = rules.decide(state(targets=targets))
    assert decision is not None
    assert (decision.ability, decision.target) == ("target_nearest", 1)


def test_wait_is_a_decision_without_a_key(tmp_path: Path) -> None:
    decision = policy(tmp_path, "actions=wait,sec=0.5/bolt").decide(state())
    assert decision is not None
    assert (decision.wait_s, decision.actions, decision.rule) == (0.5, (), "default.1")


def test_line_cd_counts_only_keys_that_went_out(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=kick,line_cd=3/bolt")
    assert [chosen(rules, state(t)) for t in (0.0, 0.1)] == ["kick", "kick"]
    assert [play(rules, state(t)) for t in (0.2, 1.0, 3.3)] == ["kick", "bolt", "kick"]


def test_consult_lines_are_shown_and_never_pressed(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=consult,topic=door,if=health.pct<50/bolt,if=rage/consult,topic=idle")
    assert chosen(rules, state(terms={"health.pct": 20.0, "rage": 0.0})) == ""
    assert [entry.options["topic"] for entry in rules.consults] == ["door", "idle"]
    assert chosen(rules, state(terms={"health.pct": 20.0, "rage": 1.0})) == "bolt"
    assert [entry.options["topic"] for entry in rules.consults] == ["door"]


def test_variables_begin_anew_with_a_fight(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions.precombat=variable,name=base,value=rage\nactions=variable,name=n,op=add,value=1/"
                             "bolt,if=variable.n>2&variable.base=7")  # fmt: skip
    fight, peace = {"rage": 7.0}, {"rage": 7.0, "in_combat": 0.0}
    assert [chosen(rules, state(terms=fight)) for _ in range(3)] == ["", "", "bolt"]
    assert chosen(rules, state(terms=peace)) == "bolt"
    assert chosen(rules, state(terms=fight)) == ""


def test_precombat_is_done_once_before_each_fight(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions.precombat=orb/strike,if=buff.shell.down\nactions=bolt")
    peace, fight = {"in_combat": 0.0, "buff.shell.down": 0.0}, {"in_combat": 1.0}
    assert [play(rules, state(t, peace)) for t in (0, 1)] == ["orb", "bolt"]
    assert [play(rules, state(2, fight)), play(rules, state(3, peace))] == ["bolt", "orb"]


@pytest.mark.parametrize(
    ("options", "terms", "expected"),
    [
        ("", {"rage": 99.0}, ""),
        (",interrupt_if=rage>50", {"rage": 99.0}, "kick"),
        (",interrupt_if=rage>50", {"rage": 9.0}, ""),
        (",interrupt_if=rage>50", {"rage": 99.0, "gcd.remains": 0.5}, ""),
        (",interrupt_if=rage>50,interrupt_immediate=1", {"rage": 99.0, "gcd.remains": 0.5}, "kick"),
        (",interrupt=1", {"rage": 9.0}, "kick"),
        (",cancel_if=rage>50", {"rage": 99.0}, "stop_casting"),
        (",chain=1", {"cast.remains": 0.4, "buff.shell.up": 0.0}, "flay"),
        (",chain=1", {"cast.remains": 2.0, "buff.shell.up": 0.0}, ""),
        (",chain=1", {"cast.remains": 0.4}, ""),
        (",early_chain_if=rage>50", {"rage": 99.0, "buff.shell.up": 0.0}, "flay"),
    ],
)
def test_channel_is_broken_only_as_its_line_says(
    tmp_path: Path, options: str, terms: dict[str, Any], expected: str
) -> None:
    rules = policy(tmp_path, f"actions=kick,if=buff.shell.up/flay{options}/bolt")
    assert play(rules, state(0.0, {"buff.shell.up": 0.0})) == "flay"
    running = {"cast.active": 1.0, "cast.channel": 1.0, "cast.remains": 2.0, "buff.shell.up": 1.0, "rage": 0.0}
    assert chosen(rules, state(0.5, running | terms)) == expected


def test_reload_takes_over_a_good_list_and_keeps_the_old_one_on_an_error(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=bolt")
    before = rules.profile_id
    assert rules.reload("actions=kick,if=1|focus>3") == ""
    assert (rules.profile_id != before, "focus" in rules.terms) == (True, True)
    assert chosen(rules, state()) == "kick"
    error = rules.reload("actions=bolt,if=!!x")
    assert "two prefix operators" in error
    assert ":1:17" in error
    assert chosen(rules, state()) == "kick"


def test_broken_list_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no list 'aoe'"):
        RulesPolicy(make_profile(tmp_path, "actions=call_action_list,name=aoe"))


def test_same_states_give_the_same_decisions_from_a_snapshot(tmp_path: Path) -> None:
    text = "actions=kick,line_cd=3/sequence,name=s:orb:strike/variable,name=n,op=add,value=1/bolt,if=variable.n>3/walk"
    rules = policy(tmp_path, text)
    for t in range(3):
        play(rules, state(float(t)))
    other = policy(tmp_path, text)
    other.restore(rules.snapshot())
    assert [play(other, state(float(t))) for t in range(3, 9)] == [play(rules, state(float(t))) for t in range(3, 9)]


def test_state_may_lose_and_regain_terms(tmp_path: Path) -> None:
    rules = policy(tmp_path, "actions=variable,name=n,op=add,value=1/bolt,if=rage>5/kick,if=variable.n=2")
    with_rage, without = state(terms={"rage": 9.0}), state()
    assert [chosen(rules, given) for given in (with_rage, without, with_rage)] == ["bolt", "kick", "bolt"]
