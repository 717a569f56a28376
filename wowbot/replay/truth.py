"""What really was on the screen at some ticks of a recording, and how far the readings are from it.

`truth.jsonl`: one line per tick, {"i": frame index, "terms": {term: value}}; null = not to be seen, so a reader must not
claim a value. A reference says "unchanged", the truth says "right".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wowbot.core import terms
from wowbot.core.errors import RecordingError
from wowbot.core.reading import Observation, Value
from wowbot.core.state import GameState
from wowbot.replay.rows import Row

TOLERANCE: Mapping[str, float] = {"pct": 2.0, "s": 0.25, "yd": 1.0, "deg": 5.0, "px": 3.0, "count": 0.0, "": 0.0}
"""By unit: how far a number may be from the truth. Flags and texts must be equal."""

Find = Callable[[str], Value | None]
Truth = dict[int, dict[str, Value | None]]
"""frame index -> term -> value."""


def load_truth(path: Path) -> Truth:
    """Read a truth.jsonl; an absent file is no truth.

    Raises:
        RecordingError: a broken line.
    """
    if not path.is_file():
        return {}
    found: Truth = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            told = json.loads(line)
            found.setdefault(int(told["i"]), {}).update(told["terms"])
        except (ValueError, KeyError, TypeError) as error:
            raise RecordingError(
                f"{path}:{number}: expected {{'i': frame index, 'terms': {{...}}}}, {error}"
            ) from error
    return found


def truth_line(index: int, told: Mapping[str, Value | None]) -> str:
    """One line of truth.jsonl."""
    return json.dumps({"i": index, "terms": dict(told)}, sort_keys=True, ensure_ascii=False, allow_nan=False)


@dataclass(slots=True)
class TruthScore:
    """How readings compare with the truth.

    Args:
        checked: values compared.
        wrong: one line for each value that is not right: claimed but off, or claimed where nothing was.
        unknown: values that were there and not read.
    """

    checked: int = 0
    unknown: int = 0
    wrong: list[str] = field(default_factory=list)

    def take(self, index: int, told: Mapping[str, Value | None], find: Find) -> None:
        """Compare one tick.

        Args:
            find: term -> what was read, None = unknown.
        """
        for term, value in sorted(told.items()):
            found = find(term)
            self.checked += 1
            if found is None:
                self.unknown += value is not None
            elif value is None or not right(term, value, found):
                self.wrong.append(f"tick {index}: {term} is {value!r}, read as {found!r}")

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {"checked": self.checked, "wrong": len(self.wrong), "unknown": self.unknown}


def right(term: str, value: Value, found: Value) -> bool:
    """Whether a found value is right within the unit's tolerance."""
    if isinstance(value, str) or isinstance(found, str):
        return value == found
    known = terms.find(term)
    return abs(float(found) - float(value)) <= (TOLERANCE.get(known.unit, 0.0) if known else 0.0)


def seen_or_known(seen: Observation | None, state: GameState | None) -> Find:
    """Looks a term up among the readings first, then in the state."""

    def find(term: str) -> Value | None:
        if seen is not None and term in seen.readings:
            return seen.readings[term].value
        return state.values.get(term) if state is not None else None

    return find


def in_rows(seen: Row, state: Row) -> Find:
    """The same for the rows of references."""

    def find(term: str) -> Value | None:
        told = seen.get(term, state.get(term))
        value: Value | None = told[0] if isinstance(told, list) else told
        return value

    return find
