"""What is said about one game term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "flag", "text"]
Known = Literal["seen", "static", "remembered", "estimated", "unseen"]
INF = float("inf")


@dataclass(frozen=True, slots=True)
class Term:
    """One term or, with `*`, a family of terms.

    Args:
        name: pattern, e.g. "cooldown.*.remains".
        kind: number, flag (0 or 1) or text. Text cannot be used in `if=`.
        unit: "s", "pct", "yd", "count", "deg", "px" or "".
        low, high: range of values.
        known: seen now | static | remembered | estimated | unseen (never on screen).
        meaning: one line.
    """

    name: str
    kind: Kind
    unit: str
    low: float
    high: float
    known: Known
    meaning: str
