"""A tap is seen to take, or repeated at a bounded rate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from wowbot.core.action import Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.state import GameState
from wowbot.decision.confirm import ConfirmPolicy

MS = 1_000_000
SPELLS = {
    "fireball": Spell("fireball", "2", cast_s=3.0, confirm="cast"),
    "nova": Spell("nova", "3", cooldown_s=25.0, confirm="cooldown"),
    "scorch": Spell("scorch", "4", confirm="gcd"),
    "jump": Spell("jump", "space"),
}


class Wants:
    """A policy that wants one ability."""

    def __init__(self, ability: str) -> None:
        self.ability = ability
        self.settled = 0

    def decide(self, state: GameState) -> Decision | None:
        if not self.ability:
            return None
        return Decision("rule", "main.1", "it is up", (Action("key", "2", ability=self.ability),), ability=self.ability)

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        self.settled += 1

    def snapshot(self) -> dict[str, Any]:
        return {"ability": self.ability}

    def restore(self, snapshot: Any) -> None:
        self.ability = snapshot["ability"]


def state(t_ms: int, **values: Any) -> GameState:
    return GameState(t_ms, t_ms * MS, {name.replace("__", "."): value for name, value in values.items()})


def step(policy: ConfirmPolicy, t_ms: int, accept: bool = True, **values: Any) -> Decision | None:
    now = state(t_ms, **values)
    decision = policy.decide(now)
    if decision is not None:
        policy.settle(now, decision, decision.actions if accept else ())
    return decision


def source(decision: Decision | None) -> str:
    return "none" if decision is None else decision.source


CAST = {"cast__active": 1.0, "cast__pct": 2.0, "cast__channel": 0.0}
NO_CAST = {"cast__active": 0.0, "cast__pct": 0.0, "cast__channel": 0.0}


def test_while_it_waits_for_its_proof_the_same_ability_is_idle_and_says_so() -> None:
    policy = ConfirmPolicy(Wants("fireball"), SPELLS)
    assert source(step(policy, 0, **NO_CAST)) == "rule"
    waiting = step(policy, 100, **NO_CAST)
    assert waiting is not None
    assert (waiting.source, waiting.actions) == ("idle", ())
    assert "waiting 0.10 s for fireball" in waiting.reason


def test_a_dropped_tap_is_repeated_as_a_decision_of_its_own() -> None:
    policy = ConfirmPolicy(Wants("fireball"), SPELLS, wait_s=0.4)
    step(policy, 0, **NO_CAST)
    again = step(policy, 400, **NO_CAST)
    assert again is not None
    assert again.source == "repeat"
    assert again.rule == "main.1"
    assert again.reason.startswith("fireball did not show within 0.40 s, try 2 of 3")
    assert policy.dropped == 1


@pytest.mark.parametrize(
    ("ability", "before", "after"),
    [
        pytest.param("fireball", NO_CAST, CAST, id="the cast bar starts"),
        pytest.param("fireball", {**CAST, "cast__pct": 96.0}, CAST, id="the next cast follows the last"),
        pytest.param(
            "nova", {"cooldown__nova__remains": 0.0}, {"cooldown__nova__remains": 24.9}, id="its cooldown starts"
        ),
        pytest.param("scorch", {"gcd__remains": 0.0}, {"gcd__remains": 1.4}, id="the global cooldown starts"),
    ],
)
def test_the_proof_frees_the_ability(ability: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    policy = ConfirmPolicy(Wants(ability), SPELLS)
    step(policy, 0, **before)
    assert source(step(policy, 100, **after)) == "rule"
    assert policy.dropped == 0


@pytest.mark.parametrize(
    "after",
    [
        pytest.param({**CAST, "cast__pct": 98.0}, id="the last cast still runs"),
        pytest.param({}, id="the cast bar cannot be read"),
        pytest.param(NO_CAST, id="nothing happens"),
    ],
)
def test_what_is_no_proof_keeps_it_waiting(after: dict[str, Any]) -> None:
    policy = ConfirmPolicy(Wants("fireball"), SPELLS)
    step(policy, 0, **{**CAST, "cast__pct": 96.0})
    assert source(step(policy, 100, **after)) == "idle"


def test_another_ability_passes_at_once() -> None:
    wants = Wants("fireball")
    policy = ConfirmPolicy(wants, SPELLS)
    step(policy, 0, **NO_CAST)
    wants.ability = "jump"
    assert source(step(policy, 50, **NO_CAST)) == "rule"


def test_nothing_is_repeated_that_the_rules_no_longer_want() -> None:
    wants = Wants("fireball")
    policy = ConfirmPolicy(wants, SPELLS)
    step(policy, 0, **NO_CAST)
    wants.ability = ""
    assert [source(step(policy, t, **NO_CAST)) for t in (400, 800, 1200)] == ["none"] * 3


def test_repeats_are_bounded() -> None:
    policy = ConfirmPolicy(Wants("fireball"), SPELLS, wait_s=0.4, tries=3, rest_s=1.0)
    sent = [(t, d.source) for t in range(0, 3000, 50) if (d := step(policy, t, **NO_CAST)) is not None and d.actions]
    assert sent == [(0, "rule"), (400, "repeat"), (800, "repeat"), (1800, "rule"), (2200, "repeat"), (2600, "repeat")]


def test_a_tap_that_the_sink_did_not_take_is_not_waited_for() -> None:
    policy = ConfirmPolicy(Wants("fireball"), SPELLS)
    step(policy, 0, accept=False, **NO_CAST)
    assert source(step(policy, 20, **NO_CAST)) == "rule"


def test_an_ability_without_a_proof_is_never_held() -> None:
    policy = ConfirmPolicy(Wants("jump"), SPELLS)
    assert [source(step(policy, t)) for t in (0, 20, 40)] == ["rule"] * 3


def test_the_inner_policy_is_settled_every_tick() -> None:
    wants = Wants("fireball")
    policy = ConfirmPolicy(wants, SPELLS)
    for t in (0, 20, 40):
        step(policy, t, **NO_CAST)
    assert wants.settled == 3


def test_the_terms_of_the_proofs_are_told() -> None:
    assert ConfirmPolicy(Wants(""), SPELLS).terms == {
        "cast.active", "cast.pct", "cast.channel", "cooldown.nova.remains", "gcd.remains",
    }  # fmt: skip


@pytest.mark.parametrize("cut_ms", [50, 390, 410, 850])
def test_a_snapshot_goes_on_exactly(cut_ms: int) -> None:
    def play(policy: ConfirmPolicy, start: int) -> list[tuple[int, str, str]]:
        return [
            (t, d.source, d.reason) for t in range(start, 2500, 10) if (d := step(policy, t, **NO_CAST)) is not None
        ]

    whole = ConfirmPolicy(Wants("fireball"), SPELLS)
    for t in range(0, cut_ms, 10):
        step(whole, t, **NO_CAST)
    other = ConfirmPolicy(Wants(""), SPELLS)
    other.restore(json.loads(json.dumps(whole.snapshot())))
    assert play(other, cut_ms) == play(whole, cut_ms)
