"""A death knight's runes over time: how many are missing, and when so many will be ready.

Nothing on the HUD prints a rune's time, so it is counted from the frame on which it was spent; a rune that was already
recharging when it was first seen has no known end. In 3.3.5 each rune recharges by itself; in retail three at a time, in the
order in which they were spent. `rune.recharge` among the profile's statics is the time of one, 10 s without haste.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.core.bindings import Bindings
from wowbot.state.inputs import Inputs, Wanted

COUNT = 6
RECHARGE_S = 10.0
TIMES = tuple(f"rune.time_to_{n}" for n in (*range(1, COUNT + 1), "max"))
UNREAD = "the runes were not read"


class Runes:
    """Writes `rune.max`, `rune.deficit` and `rune.time_to_N`."""

    def __init__(self, bindings: Bindings, wanted: Wanted) -> None:
        self._recharge = float(bindings.statics.get("rune.recharge", RECHARGE_S))
        self._at_once = int(bindings.statics.get("rune.at_once", COUNT))
        self._times = {term: _number(term) for term in TIMES if term in wanted}
        self._amounts = tuple(term for term in ("rune.max", "rune.deficit") if term in wanted)
        self._ready: list[bool | None] = [None] * COUNT
        self._spent: list[float | None] = [None] * COUNT
        """When each was spent, s; None while it is ready, or where that was not seen."""

    def update(self, inputs: Inputs) -> None:
        if "rune.1.ready" not in inputs.readings or not (self._times or self._amounts):
            return
        each = [inputs.number(f"rune.{n}.ready") for n in range(1, COUNT + 1)]
        ready = None if None in each else float(sum(bool(one) for one in each))
        for term in self._amounts:
            value = float(COUNT) if term == "rune.max" else None if ready is None else COUNT - ready
            inputs.put(term, value, UNREAD if value is None else "")
        self._follow(each, inputs.t)
        ends = None if ready is None or not self._times else self._ends(inputs.t)
        for term, number in self._times.items():
            self._put(inputs, term, number, ready, ends)

    def _follow(self, each: list[float | None], t: float) -> None:
        for n, value in enumerate(each):
            if value is None:
                continue
            if value:
                self._spent[n] = None
            elif self._ready[n]:
                self._spent[n] = t
            self._ready[n] = bool(value)

    def _ends(self, t: float) -> list[float] | None:
        """Seconds until each missing rune is ready, the soonest first; None where one was spent unseen."""
        missing = [n for n in range(COUNT) if not self._ready[n]]
        spent = [when for n in missing if (when := self._spent[n]) is not None]
        if len(spent) < len(missing):
            return None
        ends: list[float] = []
        for when in sorted(spent):
            begins = when if len(ends) < self._at_once else max(when, ends[-self._at_once])
            ends.append(begins + self._recharge)
        return [max(0.0, end - t) for end in ends]

    def _put(self, inputs: Inputs, term: str, number: int, ready: float | None, ends: list[float] | None) -> None:
        if ready is None:
            inputs.put(term, None, UNREAD)
        elif ready >= number:
            inputs.put(term, 0.0)
        elif ends is None:
            inputs.put(term, None, "a rune was spent before it was first seen")
        else:
            inputs.put(term, ends[number - int(ready) - 1], "counted from when it was spent", 0.8)

    def snapshot(self) -> dict[str, Any]:
        return {"ready": list(self._ready), "spent": list(self._spent)}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._ready, self._spent = list(data["ready"]), list(data["spent"])


def _number(term: str) -> int:
    leaf = term.removeprefix("rune.time_to_")
    return COUNT if leaf == "max" else int(leaf)
