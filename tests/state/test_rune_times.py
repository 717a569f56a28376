"""Runes over time: what is missing, and when so many will be ready."""

from __future__ import annotations

import json

import pytest

from wowbot.core.bindings import Bindings
from wowbot.core.reading import Observation, Reading, unknown
from wowbot.core.state import GameState
from wowbot.core.terms import find
from wowbot.state.runes import TIMES
from wowbot.state.tracker import StateTracker

WANTED = ("rune", "rune.max", "rune.deficit", *TIMES)


def tracker(**statics: float) -> StateTracker:
    return StateTracker(Bindings(statics={f"rune.{k}": v for k, v in statics.items()}), WANTED)


def seen(made: StateTracker, t_s: float, ready: str) -> GameState:
    """One observation; `ready` has a character for each rune: 1 ready, 0 recharging, ? unknown."""
    readings = {f"rune.{n}.ready": unknown("dark") if c == "?" else Reading(float(c)) for n, c in enumerate(ready, 1)}
    count = unknown("dark") if "?" in ready else Reading(float(ready.count("1")))
    return made.update(Observation(0, round(t_s * 1e9), {"rune": count, **readings}), (), ())


def test_the_time_until_so_many_are_ready_is_counted_from_when_each_was_spent() -> None:
    made = tracker()
    seen(made, 100.0, "111111")
    seen(made, 101.0, "011111")
    seen(made, 104.0, "001111")
    state = seen(made, 106.0, "001111")
    assert (state.number("rune"), state.number("rune.deficit"), state.number("rune.max")) == (4.0, 2.0, 6.0)
    assert [state.number(f"rune.time_to_{n}") for n in (4, 5, 6, "max")] == pytest.approx([0.0, 5.0, 8.0, 8.0])


def test_only_so_many_recharge_at_once_where_the_profile_says_so() -> None:
    made = tracker(at_once=3, recharge=9)
    seen(made, 10.0, "111111")
    state = seen(made, 11.0, "000011")
    assert [state.number(f"rune.time_to_{n}") for n in (3, 5, 6)] == pytest.approx([9.0, 9.0, 18.0])


def test_a_rune_spent_before_it_was_first_seen_has_no_known_end() -> None:
    made = tracker()
    state = seen(made, 10.0, "011111")
    assert state.number("rune.time_to_6") is None
    assert "before" in state.details["rune.time_to_6"].why
    assert state.number("rune.time_to_5") == 0.0
    assert seen(made, 12.0, "111111").number("rune.time_to_6") == 0.0


def test_unread_runes_are_not_none() -> None:
    state = seen(tracker(), 10.0, "11?111")
    assert (state.number("rune.deficit"), state.number("rune.time_to_1")) == (None, None)


def test_without_a_reader_of_runes_no_term_is_made_up() -> None:
    state = tracker().update(Observation(0, 10**9, {}), (), ())
    assert state.number("rune.max") is None


def test_a_snapshot_goes_on_as_before() -> None:
    made, other = tracker(), tracker()
    seen(made, 10.0, "111111")
    seen(made, 11.0, "011111")
    other.restore(json.loads(json.dumps(made.snapshot())))
    states = [seen(one, 13.0, "011111").number("rune.time_to_6") for one in (made, other)]
    assert states == [pytest.approx(8.0)] * 2


def test_a_snapshot_from_before_a_part_was_made_leaves_it_new() -> None:
    made, other = tracker(), tracker()
    old = dict(made.snapshot())
    old["parts"] = {name: part for name, part in old["parts"].items() if name != "runes"}
    old["t"], old["target"] = 1.0, []
    other.restore(old)
    assert seen(other, 13.0, "111111").number("rune.time_to_6") == 0.0


def test_every_rune_term_is_in_the_list() -> None:
    assert [term for term in WANTED if find(term) is None] == []
