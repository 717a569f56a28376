"""Labels of action buttons become cases, one a leaf."""

from __future__ import annotations

from typing import Any

import pytest

from wowbot.cli.bench.cases import Case
from wowbot.cli.bench.score import Score
from wowbot.cli.bench.slotcases import SWEEP_SLACK, slot_cases
from wowbot.core.reading import Reading, unknown
from wowbot.perception.hotkeys import NOT_SEEN

WHOLE = {
    "slots": {
        "main": {
            "empty": [3], "counts": {"2": 70}, "red": [4], "sweeps": {"5": 66.0, "6": None}, "keys": {"1": "q"},
            "skip": [12],
        }
    }
}  # fmt: skip


def of(slot: str, label: dict[str, Any]) -> dict[str, tuple[str, Any, float]]:
    return {
        c.term.removeprefix(f"{slot}."): (c.kind, c.truth, c.slack)
        for c in slot_cases(label)
        if c.term.startswith(f"{slot}.")
    }


def test_a_bar_that_is_labelled_whole_says_every_button() -> None:
    ordinary = {"empty": ("flag", 0.0, 0.0), "sweep_pct": ("fill", 0.0, 0.0), "in_range": ("flag", 1.0, 0.0),
                "charges": ("none", "", 0.0), "hotkey": ("none", "", 0.0)}  # fmt: skip
    assert of("slot.main.7", WHOLE) == ordinary
    assert of("slot.main.1", WHOLE) == ordinary | {"hotkey": ("text", "q", 0.0)}
    assert of("slot.main.2", WHOLE) == ordinary | {"charges": ("number", 70.0, 0.0)}
    assert of("slot.main.4", WHOLE) == ordinary | {"in_range": ("flag", 0.0, 0.0)}
    assert of("slot.main.3", WHOLE) == {k: ordinary[k] for k in ("sweep_pct", "hotkey")} | {"empty": ("flag", 1.0, 0.0)}
    assert of("slot.main.5", WHOLE)["sweep_pct"] == ("fill", 66.0, SWEEP_SLACK)
    assert "charges" not in of("slot.main.5", WHOLE)
    assert "sweep_pct" not in of("slot.main.6", WHOLE)
    assert of("slot.main.12", WHOLE) == {}


def test_older_labels_say_single_buttons_of_the_main_bar_or_of_a_named_one() -> None:
    label = {
        "slots_empty": [2],
        "slots_hotkey_red": {"bottom_left": [3]},
        "slots_count": {"right": {"1": 4}, "bar1": {"1": 9}},
    }
    assert list(slot_cases(label)) == [
        Case("slot.main.2.empty", "flag", 1.0),
        Case("slot.bottom_left.3.in_range", "flag", 0.0),
        Case("slot.right.1.charges", "number", 4.0),
    ]


@pytest.mark.parametrize(
    ("reading", "right", "unknown_"),
    [(None, 1, 0), (unknown(NOT_SEEN), 1, 0), (unknown("not clearly"), 0, 1), (Reading(3.0), 0, 0)],
    ids=["nothing", "nothing seen", "not told", "a false one"],
)
def test_nothing_printed_is_right_where_nothing_is_read(reading: Reading | None, right: int, unknown_: int) -> None:
    score = Score()
    score.add(Case("slot.main.1.charges", "none", ""), reading, "a.png")
    assert (score.total, score.right, score.unknown) == (1, right, unknown_)
