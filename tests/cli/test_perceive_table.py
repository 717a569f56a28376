"""The table of `wowbot perceive` for people: a line a value, a button or an aura; what is not there in one line."""

from __future__ import annotations

from typing import Any

import pytest

from wowbot.cli.perceive_table import table

LAYOUT = {"era": "wotlk", "ui_scale": 1.2656, "score": 0.67}


def row(value: Any, confidence: float = 1.0, why: str = "") -> dict[str, Any]:
    return {"value": value, "confidence": confidence, "why": why}


def lines(readings: dict[str, Any], nameplates: tuple[Any, ...] = ()) -> list[str]:
    answer = {"file": "a.png", "layout": LAYOUT, "readings": readings, "nameplates": nameplates}
    return [" ".join(line.split()) for line in table(answer).splitlines()[2:-1]]


def button(n: int, **leaves: Any) -> dict[str, Any]:
    usual = {
        "empty": 0.0,
        "usable": 1.0,
        "no_power": 0.0,
        "in_range": 1.0,
        "glow": 0.0,
        "active": 0.0,
        "sweep_pct": 0.0,
    }
    return {f"slot.main.{n}.{leaf}": row(value) for leaf, value in ({**usual, "icon": ""} | leaves).items()}


@pytest.mark.parametrize(
    ("readings", "told"),
    [
        ({"health.pct": row(85.24, 0.98)}, ["health.pct 85.2 pct 0.98"]),
        ({"dead": row(0.0)}, ["dead no 1.00"]),
        ({"in_combat": row(1.0, 0.5, "half seen")}, ["in_combat yes 0.50 half seen"]),
        ({"name": row(None, 0.0, "not read yet")}, []),
        ({"target.exists": row(0.0, 0.8), "pet.exists": row(0.0)}, ["not on screen target, pet 0.80"]),
        (button(2, icon="fireball", hotkey="2"), ["slot.main.2 fireball, key 2 1.00"]),
        (button(3, icon="x", sweep_pct=42.14, usable=0.0), ["slot.main.3 x, cools down, 42.1 % left, not usable 1.00"]),
        (button(4, icon=None), ["slot.main.4 icon unknown 1.00"]),
        (
            button(1) | button(5, empty=1.0, usable=0.0) | button(6, empty=1.0) | button(9, empty=1.0),
            ["slot.main.1 an icon not learned 1.00", "slot.main empty: 5-6, 9 1.00"],
        ),
        (
            {"aura.player.1.icon": row("thorns"), "aura.player.1.stacks": row(3.0), "aura.player.1.remains": row(12.0, 0.9)},
            ["aura.player.1 thorns, x3, 12 s left 0.90"],
        ),
    ],
    ids=["pct", "no", "yes", "unknown", "gone", "key", "sweep", "icon", "empty", "aura"],
)  # fmt: skip
def test_what_is_read_has_a_line(readings: dict[str, Any], told: list[str]) -> None:
    assert lines(readings) == told


def test_a_nameplate_has_a_line_with_what_is_known_of_it() -> None:
    plate = {"bbox": [1, 2, 3, 4], "reaction": 2.0, "health_pct": 61.25, "name": None, "cast": None}
    assert lines({}, (plate,)) == ["nameplate [1, 2, 3, 4] reaction 2, health 61.2 pct"]


def test_the_last_line_counts_what_is_unknown() -> None:
    answer = {"file": "a.png", "layout": LAYOUT, "readings": {"dead": row(0.0), "name": row(None)}, "nameplates": ()}
    assert "1 values read, 1 unknown" in table(answer)


def test_a_refusal_says_cause_and_mend() -> None:
    refused = {"cause": "black", "evidence": "all is 0", "mend": "show the window"}
    told = table({"file": "a.png", "layout": None, "refused": refused})
    assert told.splitlines() == ["a.png", "  refused: black: all is 0", "  do: show the window"]
