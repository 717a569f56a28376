"""What the parts of the tracker work on in one update."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from wowbot.core.action import KeyEvent
from wowbot.core.reading import Reading, Value, unknown
from wowbot.core.state import Detail

NOT_PROVIDED = unknown("no reader provides it")


@dataclass(slots=True)
class Inputs:
    """One update: the readings, the time in s, the keys that moved, and what earlier parts found out.

    Args:
        t: frame time, s (monotonic).
        dt: since the last update, s; 0 on the first.
        readings: screen term -> Reading.
        keys: real key events since the last update.
        values, details: the state being built; a part writes its own terms and may read those of parts before it.
        started: spells whose use was confirmed in this update, filled by the parts that can tell.
        finished: spells that took effect in this update (instant, or their cast ended full).
        new_target: the current target is not the one of the last update.
    """

    t: float
    dt: float
    readings: Mapping[str, Reading]
    keys: Sequence[KeyEvent]
    values: dict[str, Value | None]
    details: dict[str, Detail]
    started: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    new_target: bool = False

    def number(self, term: str) -> float | None:
        """A reading as a number; None when unknown or text."""
        value = self.readings.get(term, NOT_PROVIDED).value
        return value if isinstance(value, float | int) else None

    def known(self, term: str) -> float | None:
        """A term that an earlier part already wrote, as a number."""
        value = self.values.get(term)
        return value if isinstance(value, float | int) else None

    def put(self, term: str, value: Value | None, why: str = "", confidence: float = 1.0, age_s: float = 0.0) -> None:
        """Write one term; a fresh and certain one costs no Detail."""
        self.values[term] = value
        if value is None:
            self.details[term] = Detail(0.0, age_s, why)
        elif why or confidence < 1.0 or age_s > 0.0:
            self.details[term] = Detail(confidence, age_s, why)


class Part(Protocol):
    """One file of the tracker."""

    def update(self, inputs: Inputs) -> None: ...
    def snapshot(self) -> dict[str, Any]: ...
    def restore(self, data: Mapping[str, Any]) -> None: ...


class Wanted:
    """Which terms somebody reads; `None` = all that can be made."""

    def __init__(self, terms: Collection[str] | None) -> None:
        self._terms = None if terms is None else frozenset(terms)

    def __contains__(self, term: str) -> bool:
        return self._terms is None or term in self._terms

    def leaves(self, prefix: str, leaves: Collection[str]) -> tuple[str, ...]:
        """Those of `leaves` for which `prefix.leaf` is wanted."""
        return tuple(leaf for leaf in leaves if f"{prefix}.{leaf}" in self)

    @property
    def everything(self) -> bool:
        return self._terms is None

    @property
    def terms(self) -> frozenset[str]:
        return self._terms or frozenset()
