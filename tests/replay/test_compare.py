"""The short diff names each term once; the long one has every tick."""

from __future__ import annotations

import json

from wowbot.replay.compare import StageDiff


def test_the_short_diff_counts_ticks_and_shows_the_first() -> None:
    long: list[str] = []
    diff = StageDiff("perception")
    diff.take(3, 0.3, {"a": 1, "b": 2}, {"a": 1, "b": 5}, long.append)
    diff.take(4, 0.4, {"a": 1, "b": 2}, {"a": 1, "b": 9}, long.append)
    diff.take(5, 0.5, {"a": 1}, {"a": 1}, long.append)
    assert list(diff.lines()) == [
        "perception: 3 ticks compared, 2 differ",
        "  b: 2 ticks, first at 0.30 s (tick 3): 2 -> 5, at most 7 apart",
    ]
    assert [json.loads(line)["diff"] for line in long] == [{"b": [2, 5]}, {"b": [2, 9]}]


def test_a_term_that_came_or_went_is_shown_as_absent() -> None:
    diff = StageDiff("state")
    diff.take(0, 0.0, {"a": 1}, {"b": 1}, lambda _line: None)
    assert {name: (d.was, d.now) for name, d in diff.terms.items()} == {"a": (1, "(absent)"), "b": ("(absent)", 1)}


def test_decisions_are_grouped_by_which_rule_became_which() -> None:
    diff = StageDiff("decision")
    heal = {"rule": "default.1", "ability": "heal", "source": "rule", "target": 0}
    bolt = {"rule": "default.2", "ability": "bolt", "source": "rule", "target": 0}
    idle = {"rule": "", "ability": "", "source": "idle", "target": 0}
    for n in range(3):
        diff.take(n, n / 10, heal, bolt, lambda _line: None)
    diff.take(3, 0.3, idle, bolt, lambda _line: None)
    diff.take(4, 0.4, heal, heal | {"target": 1}, lambda _line: None)
    assert {name: d.ticks for name, d in diff.terms.items()} == {
        "default.1 heal -> default.2 bolt": 3,
        "idle -> default.2 bolt": 1,
        "default.1 heal: target": 1,
    }


def test_many_terms_are_cut_in_the_short_diff_only() -> None:
    diff = StageDiff("perception")
    diff.take(0, 0.0, {f"t{n:02d}": 0 for n in range(50)}, {f"t{n:02d}": 1 for n in range(50)}, lambda _line: None)
    assert len(list(diff.lines(limit=5))) == 7
    assert len(diff.as_dict()["terms"]) == 50
