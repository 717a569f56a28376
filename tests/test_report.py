"""The run's report: what it counts and what it calls unknown."""

from __future__ import annotations

import json

import pytest

from wowbot.core.action import Action, Decision, KeyEvent, Verdict, Veto
from wowbot.core.frame import Frame
from wowbot.core.reading import Observation
from wowbot.core.state import GameState
from wowbot.core.tick import Tick
from wowbot.report import Histogram, RunReport


def tick(index: int, decision: Decision, values: dict[str, float] | None = None, **more: object) -> Tick:
    t_ns = 1_000_000_000 + index * 50_000_000
    fields: dict[str, object] = {
        "events": (), "verdict": Verdict(decision.actions), "accepted": decision.actions, "keys": (),
        "layout_id": "l", "profile_id": "p", "stage_ms": {"capture": 9.0, "perception": 1.0, "decision": 1.0},
    }  # fmt: skip
    state = GameState(index, t_ns, values or {})
    return Tick(
        Frame(index, t_ns, None, "t"),
        t_ns,
        Observation(index, t_ns, {}),
        state=state,
        decision=decision,
        **(fields | more),
    )  # type: ignore[arg-type]


FIRE = Decision("rule", "default.2", "x", (Action("key", "2", ability="fire_blast"),), ability="fire_blast")
IDLE = Decision("idle")


def test_percentiles_are_right_to_one_percent() -> None:
    times = Histogram()
    for value in range(1, 1001):
        times.add(value / 10)
    assert times.percentile(0.5) == pytest.approx(50, rel=0.02)
    assert times.percentile(0.99) == pytest.approx(99, rel=0.02)
    assert Histogram().percentile(0.5) is None


def test_decisions_keys_vetoes_and_reaction_are_counted() -> None:
    report = RunReport()
    report.on_tick(tick(0, FIRE))
    down = KeyEvent(1_030_000_000, "2", True, "fire_blast")
    report.on_tick(tick(1, IDLE, keys=(down,), verdict=Verdict((), (Veto("gcd"),))))
    found = report.as_dict()
    assert found["decisions"] == {"rule:default.2": 1, "idle": 1}
    assert found["keys"] == {"2": 1}
    assert found["vetoes"] == {"gcd": 1}
    assert found["reaction_ms"]["p50"] == pytest.approx(30, rel=0.02)
    assert found["tick_ms"]["p50"] == pytest.approx(2, rel=0.02)
    assert found["seconds"] == pytest.approx(0.05)


def test_a_live_kill_is_a_target_seen_alive_in_combat_and_then_dead() -> None:
    report = RunReport()
    alive = {"target.exists": 1.0, "target.dead": 0.0, "in_combat": 1.0}
    dead = alive | {"target.dead": 1.0}
    for i, values in enumerate([alive, dead, dead, {"target.exists": 0.0}, dead, alive, {"target.exists": 0.0}]):
        report.on_tick(tick(i, IDLE, values))
    assert report.as_dict()["kills"] == 1


def test_damage_is_unknown_where_the_world_keeps_no_account() -> None:
    report = RunReport()
    report.on_tick(tick(0, IDLE))
    report.on_tick(tick(20, IDLE))
    assert report.as_dict()["dps"] is None
    report.stats = lambda: {"kills": 3, "deaths": 1, "damage_done": 500.0}
    found = report.as_dict()
    assert (found["kills"], found["deaths"], found["dps"]) == (3, 1, 500.0)
    json.dumps(found, allow_nan=False)
