"""What a stage gave on one tick, as plain text-like values in one canonical form: the unit of comparing and of references.

Numbers are rounded to fixed decimals, so that the last bit of a float on another machine is no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from wowbot.core.action import Action, Decision
from wowbot.core.reading import Observation, Reading
from wowbot.core.state import Detail, GameState

DECIMALS = 3
"""Of values and ages, in their own unit; confidences too."""

Row = dict[str, Any]
"""name -> canonical value."""


def canonical(value: Any) -> Any:
    """Fixed decimals; whole numbers and flags without a point; inf and nan as text; None stays."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not isfinite(value):
            return repr(value)
        rounded = round(value, DECIMALS)
        return int(rounded) if rounded == int(rounded) else rounded
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(k): canonical(v) for k, v in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    return canonical(value.item()) if hasattr(value, "item") else str(value)


def perception_row(seen: Observation) -> Row:
    """term -> value, or [value, confidence, why] where it is not simply certain."""
    return {term: _reading(reading) for term, reading in seen.readings.items()}


def _reading(reading: Reading) -> Any:
    value, confidence, why = reading
    if confidence == 1.0 and not why and value is not None:
        return canonical(value)
    return [canonical(value), canonical(confidence), why]


def state_row(state: GameState, *, ages: bool = True) -> Row:
    """term -> value, or [value, confidence, why(, age)]; `#n term` for the n-th enemy's own terms.

    Args:
        ages: whether ages stand in it; references leave them out, since they change on every tick.
    """
    details = state.details
    row = {term: _term(value, details.get(term), ages) for term, value in state.values.items()}
    for n, target in enumerate(state.targets):
        row |= {f"#{n} {term}": canonical(value) for term, value in target.items()}
    return row


def _term(value: Any, detail: Detail | None, ages: bool) -> Any:
    if detail is None:
        return canonical(value)
    told = [canonical(value), canonical(detail.confidence), detail.why]
    return [*told, canonical(detail.age_s)] if ages else told


def decision_row(decision: Decision) -> Row:
    """What was decided; not the trace, which tells the values themselves."""
    return {
        "source": decision.source,
        "rule": decision.rule,
        "ability": decision.ability,
        "target": decision.target,
        "actions": [action_text(action) for action in decision.actions],
        "wait_s": canonical(decision.wait_s),
        "unknown": sorted(decision.unknown),
    }


def action_text(action: Action) -> str:
    """E.g. "key shift-2", "click left at 640,360", "key w for 500 ms"."""
    text = f"{action.kind} {'-'.join((*action.mods, action.key))}"
    if action.at is not None:
        text += f" at {action.at[0]},{action.at[1]}"
    if action.to is not None:
        text += f" to {action.to[0]},{action.to[1]}"
    if action.amount:
        text += f" by {action.amount}"
    return text + (f" for {action.hold_ms} ms" if action.hold_ms else "")


def changes(old: Row, new: Row, same: Callable[[Any, Any], bool] = lambda a, b: bool(a == b)) -> list[str]:
    """Names whose value differs between two rows, sorted."""
    return sorted(k for k in old.keys() | new.keys() if k not in old or k not in new or not same(old[k], new[k]))
