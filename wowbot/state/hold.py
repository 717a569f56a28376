"""Terms the screen shows under their game name: passed on, and held for a moment when a frame does not show them.

A held value keeps its number, loses confidence and gains age; past the limit it is unknown. The limits are short because
a health bar that is covered for a second says nothing about the health behind it; text changes seldom and is held longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.core.reading import Reading, Value
from wowbot.core.terms import TERMS, find
from wowbot.state.inputs import NOT_PROVIDED, Inputs, Wanted

HOLD_S = 0.4
HOLD_TEXT_S = 5.0
ALWAYS = (
    "health.pct", "dead", "ghost", "in_combat", "resting", "level", "name", "chat.open", "popup.open", "loot.open",
    "layout.fits", "target.exists", "target.name", "target.level", "target.health.pct", "target.dead", "target.reaction",
    "target.cast.active", "target.cast.pct", "cast.active", "cast.pct", "cast.channel",
)  # fmt: skip
"""Read by the guard, the status line and the stop conditions, whatever the list wants."""


class Holder:
    """Passes seen terms through; see the module text."""

    def __init__(self, wanted: Wanted, power: str) -> None:
        always = (*ALWAYS, f"{power}.pct")
        chosen = {*always, *wanted.terms}
        if wanted.everything:
            chosen |= {term.name for term in TERMS if "*" not in term.name}
        self._terms = tuple(sorted(chosen))
        self._limits = {term: _limit(term) for term in self._terms}
        self._optional = frozenset(chosen) - frozenset(always)
        self._last: dict[str, tuple[Value, float, float]] = {}

    def update(self, inputs: Inputs) -> None:
        readings, t = inputs.readings, inputs.t
        for term in self._terms:
            reading = readings.get(term)
            if reading is None:
                if term in self._optional:
                    continue  # another part may make it
                reading = NOT_PROVIDED
            if reading.value is not None:
                self._last[term] = (reading.value, reading.confidence, t)
                inputs.put(term, reading.value, reading.why, reading.confidence)
            else:
                self._hold(inputs, term, reading)

    def _hold(self, inputs: Inputs, term: str, reading: Reading) -> None:
        last = self._last.get(term)
        if last is None:
            inputs.put(term, None, reading.why)
            return
        value, confidence, seen = last
        age, limit = inputs.t - seen, self._limits[term]
        if age > limit:
            inputs.put(term, None, f"{reading.why}; last seen {age:.1f} s ago", age_s=age)
        else:
            inputs.put(term, value, f"held: {reading.why}", confidence * (1.0 - 0.5 * age / limit), age)

    def snapshot(self) -> dict[str, Any]:
        return {term: list(last) for term, last in sorted(self._last.items())}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._last = {term: (v, float(c), float(t)) for term, (v, c, t) in data.items()}


def _limit(term: str) -> float:
    known = find(term)
    return HOLD_TEXT_S if known is not None and known.kind == "text" else HOLD_S
