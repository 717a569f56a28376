"""What the scan remembers from one decision to the next; JSON-able, so that a cut recording starts right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Memory:
    """State between scans.

    Args:
        root: the list scanning begins with.
        variables: name in lower case -> value, None = unknown.
        used_s: rule -> when the line last fired, for line_cd.
        updated_s: rule -> when a variable with `delay=` was last updated.
        sequences: name -> index of the next step.
        strict: rule of the strict sequence under way and its next step; "" = none.
        in_fight: whether the last scan was in combat.
    """

    root: str
    variables: dict[str, float | None]
    used_s: dict[str, float] = field(default_factory=dict)
    updated_s: dict[str, float] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    strict: tuple[str, int] = ("", 0)
    in_fight: bool = False

    def snapshot(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "root": self.root,
            "variables": dict(self.variables),
            "used_s": dict(self.used_s),
            "updated_s": dict(self.updated_s),
            "sequences": dict(self.sequences),
            "strict": list(self.strict),
            "in_fight": self.in_fight,
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Take a snapshot back; variables the list no longer has are dropped."""
        self.root = str(snapshot["root"])
        self.variables |= {k: v for k, v in snapshot["variables"].items() if k in self.variables}
        self.used_s = dict(snapshot["used_s"])
        self.updated_s = dict(snapshot["updated_s"])
        self.sequences = dict(snapshot["sequences"])
        self.strict = (str(snapshot["strict"][0]), int(snapshot["strict"][1]))
        self.in_fight = bool(snapshot["in_fight"])
