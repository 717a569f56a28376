"""What `variable` lines do."""

from __future__ import annotations

from collections.abc import Callable

from wowbot.apl import numbers

Number = float | None

_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "add": lambda now, value: now + value,
    "sub": lambda now, value: now - value,
    "mul": lambda now, value: now * value,
    "div": lambda now, value: 0.0 if value == 0 else numbers.divide(now, value),
    "mod": lambda now, value: 0.0 if value == 0 else numbers.fmod(now, value),
    "pow": numbers.power,
    "min": lambda now, value: min(now, value),
    "max": lambda now, value: max(now, value),
}
"""Source: SimulationCraft's variable.cpp; division and modulus by zero give 0 there."""


def updated(operation: str, now: Number, value: Number, default: float) -> Number:
    """The variable's new value.

    Args:
        now: its value, None = unknown.
        value: what `value=` (or the chosen branch of setif) gave, None = unknown.
        default: its initial value.
    """
    if operation == "reset":
        return default
    if operation in ("set", "setif"):
        return value
    if operation == "print" or now is None:
        return now
    if operation == "floor":
        return numbers.floor(now)
    if operation == "ceil":
        return numbers.ceil(now)
    return None if value is None else _OPERATIONS[operation](now, value)
