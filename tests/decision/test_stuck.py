"""Noticing that nothing works, the remedies, and giving up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wowbot.core.action import IDLE, Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.errors import ProfileError
from wowbot.core.state import GameState
from wowbot.decision.profile import RemedyFacts
from wowbot.decision.stuck import StuckWatch

SPELLS = {
    "jump": Spell("jump", "space", gcd_s=0.0),
    "back": Spell("back", "shift-s", gcd_s=0.0, hold_ms=800),
    "fireball": Spell("fireball", "2"),
    "walk": Spell("walk", "w", gcd_s=0.0, hold_ms=300),
}
FACTS = RemedyFacts(idle_s=10.0, repeats=4, still_s=3.0, stuck=("jump", "back"), idle=("jump",))


def state(t_s: float, **values: Any) -> GameState:
    return GameState(int(t_s * 10), int(t_s * 1e9), {name.replace("__", "."): value for name, value in values.items()})


def act(watch: StuckWatch, now: GameState, ability: str) -> Decision | None:
    """One tick in which the rules fire `ability` ("" = nothing)."""
    found = watch.decide(now)
    spell = SPELLS.get(ability)
    rule = (
        IDLE
        if spell is None
        else Decision("rule", "m.1", "", (Action("key", spell.key, ability=ability),), ability=ability)
    )
    decision = rule if found is None else found
    watch.settle(now, decision, decision.actions)
    return found


def test_no_action_for_so_long_is_idle_and_its_remedy_is_pressed() -> None:
    watch = StuckWatch(FACTS, SPELLS)
    found = [act(watch, state(t), "") for t in range(12)]
    assert found[:10] == [None] * 10
    remedy = found[10]
    assert remedy is not None
    assert (remedy.source, remedy.rule, remedy.ability) == ("remedy", "idle", "jump")
    assert remedy.reason == "idle: remedy 1 of 1"


@pytest.mark.parametrize(
    "busy",
    [
        pytest.param(lambda t: {"cast__active": 1.0}, id="casting"),
        pytest.param(lambda t: {"health__pct": 10.0 + t}, id="eating"),
        pytest.param(lambda t: {"mana__pct": 10.0 + t}, id="drinking"),
    ],
)
def test_casting_and_regenerating_is_not_idle(busy: Any) -> None:
    watch = StuckWatch(FACTS, SPELLS)
    assert [act(watch, state(t, **busy(t)), "") for t in range(1, 40)] == [None] * 39


def test_waiting_that_the_list_asked_for_is_not_idle() -> None:
    watch = StuckWatch(FACTS, SPELLS)
    for t in range(30):
        assert watch.decide(state(t)) is None
        watch.settle(state(t), Decision("rule", wait_s=1.0), ())


def test_the_same_action_without_effect_is_told_and_the_remedies_come_in_order() -> None:
    watch = StuckWatch(FACTS, SPELLS)
    found = [act(watch, state(t / 2, target__health__pct=100.0), "fireball") for t in range(16)]
    pressed = [(i, d.ability) for i, d in enumerate(found) if d is not None]
    assert pressed == [(4, "jump"), (8, "back")]
    back = found[8]
    assert back is not None
    assert (back.actions[0].key, back.actions[0].mods, back.actions[0].hold_ms) == ("s", ("shift",), 800)
    assert watch.gave_up == "stuck (repeat) after jump, back"


def test_an_effect_ends_the_streak() -> None:
    watch = StuckWatch(FACTS, SPELLS)
    found = [act(watch, state(t / 2, target__health__pct=100.0 - t), "fireball") for t in range(40)]
    assert found == [None] * 40


def test_an_effect_after_a_remedy_ends_the_event() -> None:
    watch = StuckWatch(FACTS, SPELLS)
    for t in range(5):
        act(watch, state(t / 2, target__health__pct=100.0), "fireball")
    assert watch.event == "repeat"
    act(watch, state(3, target__health__pct=80.0), "fireball")
    assert watch.event == ""
    assert watch.gave_up == ""


def test_holding_a_movement_key_again_and_again_is_no_repeat() -> None:
    watch = StuckWatch(FACTS, SPELLS)
    assert [act(watch, state(t / 2), "walk") for t in range(30)] == [None] * 30


def test_moving_without_moving_is_still() -> None:
    watch = StuckWatch(FACTS, SPELLS)
    found = [act(watch, state(t / 2, moving=1.0, moved=0.0), "walk") for t in range(9)]
    first = next(d for d in found if d is not None)
    assert (first.rule, first.ability) == ("still", "jump")
    act(watch, state(6, moving=1.0, moved=1.0), "walk")
    assert watch.event == ""


@pytest.mark.parametrize(
    "values",
    [{"moving": 1.0, "moved": 1.0}, {"moving": 1.0}, {"moving": 0.0, "moved": 0.0}],
    ids=["moves", "unknown", "stands"],
)
def test_what_moves_or_cannot_be_seen_is_not_still(values: dict[str, float]) -> None:
    watch = StuckWatch(FACTS, SPELLS)
    assert [act(watch, state(t / 2, **values), "walk") for t in range(30)] == [None] * 30


def test_being_idle_without_a_remedy_is_told_and_never_given_up() -> None:
    watch = StuckWatch(RemedyFacts(idle_s=5.0), SPELLS)
    for t in range(60):
        act(watch, state(t), "")
    assert watch.event == "idle"
    assert watch.gave_up == ""


def test_nought_switches_an_event_off() -> None:
    watch = StuckWatch(RemedyFacts(idle_s=0.0, repeats=0, still_s=0.0), SPELLS)
    for t in range(100):
        act(watch, state(t, moving=1.0, moved=0.0, target__health__pct=5.0), "fireball")
    assert watch.event == ""


@pytest.mark.parametrize("name", ["jmp", "nokey"])
def test_a_remedy_must_be_a_spell_with_a_key(name: str) -> None:
    spells = {**SPELLS, "nokey": Spell("nokey")}
    with pytest.raises(ProfileError, match="no spell with a key"):
        StuckWatch(RemedyFacts(stuck=(name,)), spells)


@pytest.mark.parametrize("cut", [3, 5, 9])
def test_a_snapshot_goes_on_exactly(cut: int) -> None:
    def play(watch: StuckWatch, ticks: range) -> list[Decision | None]:
        return [act(watch, state(t / 2, target__health__pct=100.0, moving=0.0), "fireball") for t in ticks]

    whole = StuckWatch(FACTS, SPELLS)
    play(whole, range(cut))
    other = StuckWatch(FACTS, SPELLS)
    other.restore(json.loads(json.dumps(whole.snapshot())))
    assert play(other, range(cut, 20)) == play(whole, range(cut, 20))
    assert other.gave_up == whole.gave_up
