"""The [stop] block."""

from __future__ import annotations

from typing import Any

import pytest

from wowbot.core.state import GameState
from wowbot.decision.profile import StopFacts
from wowbot.decision.stop import StopWatch


def run(facts: StopFacts, *states: dict[str, Any]) -> list[str]:
    watch = StopWatch(facts)
    return [
        watch.check(GameState(i, i, {n.replace("__", "."): v for n, v in values.items()}), i * 10**9)
        for i, values in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("facts", "values", "said"),
    [
        pytest.param(StopFacts(bags_full=True), {"error__text": "Inventory is full."}, "the bags are full", id="bags"),
        pytest.param(StopFacts(bags_full=True), {"error__text": "Out of range."}, "", id="another error"),
        pytest.param(StopFacts(bags_full=False), {"error__text": "Inventory is full."}, "", id="bags do not matter"),
        pytest.param(StopFacts(whisper=True), {"chat__whisper": 1.0}, "whispered", id="whisper"),
        pytest.param(StopFacts(whisper=True), {"chat__whisper": None}, "", id="whisper not known"),
        pytest.param(StopFacts(player_nearby=True), {"nameplate__players": 2.0}, "another player", id="player"),
        pytest.param(
            StopFacts(pet_health_below_pct=30), {"pet__health__pct": 25.0}, "the pet's health is 25 %", id="pet"
        ),
        pytest.param(StopFacts(pet_health_below_pct=30), {"pet__health__pct": None}, "", id="no pet"),
    ],
)
def test_what_is_seen_stops_the_run(facts: StopFacts, values: dict[str, Any], said: str) -> None:
    (found,) = run(facts, values)
    assert (said in found) if said else found == ""


def test_deaths_are_counted_once_each_even_through_the_ghost() -> None:
    lives = [
        {"dead": 0.0},
        {"dead": 1.0},
        {"dead": 1.0},
        {"dead": 0.0, "ghost": 1.0},
        {"dead": 0.0, "ghost": 0.0},
        {"dead": 1.0},
    ]
    assert run(StopFacts(deaths=2), *lives) == ["", "", "", "", "", "died 2 times"]


def test_a_moment_of_not_knowing_is_no_resurrection() -> None:
    assert run(StopFacts(deaths=2), {"dead": 1.0}, {"dead": None}, {"dead": 1.0}) == ["", "", ""]


def test_a_level_is_reached_only_when_it_was_not_there_at_the_start() -> None:
    assert run(StopFacts(level=20), {"level": 19.0}, {"level": None}, {"level": 20.0}) == [
        "",
        "",
        "level 20 is reached",
    ]
    assert run(StopFacts(level=20), {"level": 20.0}, {"level": 20.0}) == ["", ""]


@pytest.mark.parametrize(
    ("facts", "fits", "stops_at"),
    [
        pytest.param(StopFacts(), [0.0] * 125, 120, id="gone for two minutes"),
        pytest.param(StopFacts(), [1.0, *[0.0] * 125], 121, id="counted from when it went"),
        pytest.param(StopFacts(), [0.0] * 100 + [1.0] + [0.0] * 100, None, id="a loading screen between"),
        pytest.param(StopFacts(), [None] * 200, None, id="never known"),
        pytest.param(StopFacts(disconnect=False), [0.0] * 200, None, id="told not to"),
    ],
)
def test_a_hud_that_stays_away_is_a_lost_connection(
    facts: StopFacts, fits: list[float | None], stops_at: int | None
) -> None:
    found = run(facts, *[{"layout__fits": value} for value in fits])
    assert next((i for i, why in enumerate(found) if why), None) == stops_at


def test_minutes_count_from_the_first_tick() -> None:
    assert run(StopFacts(minutes=0.05), *[{}] * 5) == ["", "", "", "0.05 minutes are over", "0.05 minutes are over"]


def test_giving_up_stops_unless_told_not_to() -> None:
    class Stuck:
        gave_up = "stuck (still)"

    state = GameState(0, 0, {})
    assert StopWatch(StopFacts(), Stuck()).check(state, 0) == "stuck (still)"
    assert StopWatch(StopFacts(stuck=False), Stuck()).check(state, 0) == ""


def test_the_conditions_in_force_name_the_terms_they_need() -> None:
    watch = StopWatch(StopFacts(deaths=1, whisper=True, disconnect=False))
    assert watch.needs == {"deaths": ("dead", "ghost"), "whisper": ("chat.whisper",)}
    assert watch.terms == {"dead", "ghost", "chat.whisper"}
