"""What a reader saw: a value, or an unknown with its cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

Value = float | str


class Reading(NamedTuple):
    """One value seen on screen.

    Args:
        value: number (flags are 0.0 and 1.0) or text; None = unknown. Unknown is not zero.
        confidence: 0..1.
        why: the cause of an unknown or of a low confidence, else "".
    """

    value: Value | None
    confidence: float = 1.0
    why: str = ""


def unknown(why: str) -> Reading:
    """An unknown value and its cause."""
    return Reading(None, 0.0, why)


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything seen on one frame, in screen terms (`health.pct`, `slot.main.3.sweep_pct`, `aura.target.1.icon`)."""

    index: int
    t_ns: int
    readings: Mapping[str, Reading]
