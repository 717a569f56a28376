"""Terms the screen shows under their game name: passed on, and held for a moment when a frame does not show them.

A held value keeps its number, loses confidence and gains age; past the limit it is unknown. The limits are short because
a health bar that is covered for a second says nothing about the health behind it; text changes seldom and is held longer.
A value that is hardly more than a guess counts as not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.core.reading import Reading, unknown
from wowbot.core.state import Detail
from wowbot.core.terms import TERMS, find
from wowbot.state.inputs import NOT_PROVIDED, Inputs, Wanted

LEAST = 0.2
"""Confidence below which a value is no better than a guess: a bar of which text hides most has 0.1."""
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
        self._last: dict[str, Reading] = {}
        self._lost: dict[str, float] = {}
        """Term -> when it was last seen, for those that are not seen now."""
        self._t = 0.0

    def update(self, inputs: Inputs) -> None:
        get, values, last, lost = inputs.readings.get, inputs.values, self._last, self._lost
        for term in self._terms:
            reading = get(term)
            if reading is None:
                if term in self._optional:
                    continue  # another part may make it
                reading = NOT_PROVIDED
            value, confidence, why = reading
            if value is not None and confidence < LEAST:
                value, reading = None, unknown(f"too unsure ({confidence:.2f}): {why}")
            if value is None:
                if term in last:
                    lost.setdefault(term, self._t)
                self._hold(inputs, term, reading)
                continue
            values[term] = value
            last[term] = reading
            if lost:
                lost.pop(term, None)
            if why or confidence < 1.0:
                inputs.details[term] = Detail(confidence, 0.0, why)
        self._t = inputs.t

    def _hold(self, inputs: Inputs, term: str, reading: Reading) -> None:
        last = self._last.get(term)
        if last is None:
            inputs.put(term, None, reading.why)
            return
        value, confidence, _ = last
        age, limit = inputs.t - self._lost[term], self._limits[term]
        if age > limit:
            inputs.put(term, None, f"{reading.why}; last seen {age:.1f} s ago", age_s=age)
        else:
            inputs.put(term, value, f"held: {reading.why}", confidence * (1.0 - 0.5 * age / limit), age)

    def snapshot(self) -> dict[str, Any]:
        """Term -> value, confidence, when it was last seen (s)."""
        seen = {term: self._lost.get(term, self._t) for term in self._last}
        return {term: [r.value, r.confidence, seen[term]] for term, r in sorted(self._last.items())}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._last = {term: Reading(value, float(c)) for term, (value, c, _) in data.items()}
        self._t = max((float(t) for _, _, t in data.values()), default=0.0)
        self._lost = {term: float(t) for term, (_, _, t) in data.items() if t < self._t}


def _limit(term: str) -> float:
    known = find(term)
    return HOLD_TEXT_S if known is not None and known.kind == "text" else HOLD_S
