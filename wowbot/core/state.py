"""The game state the rules decide on: flat, in SimulationCraft's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from wowbot.core.reading import Value


class Detail(NamedTuple):
    """What is known about a value besides the value itself."""

    confidence: float = 1.0
    age_s: float = 0.0
    why: str = ""


FRESH = Detail()


@dataclass(frozen=True, slots=True)
class GameState:
    """Terms and their values at one frame.

    Args:
        index, t_ns: the frame's.
        values: term -> number, text, or None for unknown. An absent term is unknown as well.
        details: confidence, age in s and cause; only for terms that are not simply fresh and certain.
        targets: one mapping per enemy, the current target first; each holds that enemy's own `target.*`, `debuff.*`
            and `dot.*` terms, which win over the same names in `values`.
    """

    index: int
    t_ns: int
    values: Mapping[str, Value | None]
    details: Mapping[str, Detail] = field(default_factory=dict)
    targets: tuple[Mapping[str, Value | None], ...] = ()

    def number(self, term: str) -> float | None:
        """The term as a number; None when it is unknown, absent or text."""
        value = self.values.get(term)
        return value if isinstance(value, float | int) else None

    def detail(self, term: str) -> Detail:
        """Confidence, age and cause of a term; an absent term is unknown because nothing provides it."""
        if term not in self.values:
            return Detail(0.0, 0.0, "nothing provides it")
        return self.details.get(term, FRESH)
