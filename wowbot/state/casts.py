"""The own cast bar and confirmed presses: `cast.remains`, `prev_gcd.N.X`, `action.X.last_used`.

A press is confirmed when the global cooldown, its own cooldown or the cast bar starts within CONFIRM_S after the key went
down; a press that nothing confirms was dropped by the client and leaves no trace here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.core.bindings import Bindings
from wowbot.state.inputs import Inputs, Wanted

CONFIRM_S = 0.7
HISTORY = 5


class Casts:
    """What is being cast, what was cast before."""

    def __init__(self, bindings: Bindings, wanted: Wanted) -> None:
        self._spells = bindings.spells
        names = wanted.terms
        self._prev = tuple(sorted(n for n in names if n.startswith(("prev.", "prev_gcd.", "prev_off_gcd."))))
        self._used = tuple(
            sorted(n for n in names if n.startswith("action.") and n.endswith((".last_used", ".casting")))
        )
        self._gcd_history: list[str] = []
        self._off_history: list[str] = []
        self._last_used: dict[str, float] = {}
        self._pending: dict[str, float] = {}
        self._casting = ""
        self._active = False
        self._from: tuple[float, float] = (0.0, 0.0)
        self._pct = 0.0
        self._length = 0.0

    def update(self, inputs: Inputs) -> None:
        for key in inputs.keys:
            if key.down and key.ability in self._spells:
                self._pending[key.ability] = inputs.t
        self._pending = {name: t for name, t in self._pending.items() if inputs.t - t <= CONFIRM_S}
        self._bar(inputs)
        self._confirm(inputs)
        self._write(inputs)

    def _bar(self, inputs: Inputs) -> None:
        active, pct = inputs.number("cast.active"), inputs.number("cast.pct")
        if active is None:
            return
        rising, falling = bool(active) and not self._active, self._active and not active
        if rising:
            cast = [n for n in self._pending if self._spells[n].cast_s or self._spells[n].channel_s]
            self._casting = cast[-1] if cast else ""
            if self._casting and self._casting not in inputs.started:
                inputs.started.append(self._casting)
            self._length = _cast_length(self._spells, self._casting)
            self._from, self._pct = (inputs.t, pct or 0.0), pct or 0.0
        elif falling:
            ended = self._spells.get(self._casting)
            if ended is not None and (ended.channel_s or self._pct > 80.0):
                inputs.finished.append(self._casting)
            self._casting = ""
        if active and pct is not None:
            self._progress(pct, inputs.t)
        self._active = bool(active)

    def _progress(self, pct: float, t: float) -> None:
        moved = abs(pct - self._pct)
        if moved > 12.0 and t > self._from[0]:
            self._from = (t, pct)  # pushed back: measure the speed anew
        t0, p0 = self._from
        if t - t0 > 0.25 and abs(pct - p0) > 4.0:
            self._length = (t - t0) / (abs(pct - p0) / 100.0)
        self._pct = pct

    def _confirm(self, inputs: Inputs) -> None:
        for name in list(self._pending):
            spell = self._spells[name]
            if name not in inputs.started and spell.gcd_s == 0 and not spell.cooldown_s and not spell.cast_s:
                inputs.started.append(name)  # nothing on screen could confirm it
        for name in dict.fromkeys(inputs.started):
            self._pending.pop(name, None)
            spell = self._spells[name]
            history = self._gcd_history if spell.gcd_s > 0 else self._off_history
            if spell.gcd_s > 0:
                self._off_history.clear()
            if not (history and history[0] == name and inputs.t - self._last_used.get(name, -9.0) < 0.5):
                history.insert(0, name)
                del history[HISTORY:]
            self._last_used[name] = inputs.t
            if not spell.cast_s and not spell.channel_s:
                inputs.finished.append(name)

    def _write(self, inputs: Inputs) -> None:
        if not self._active:
            inputs.put("cast.remains", 0.0)
        elif self._length > 0:
            channel = inputs.number("cast.channel")
            left = self._pct if channel else 100.0 - self._pct
            inputs.put("cast.remains", left / 100.0 * self._length, confidence=0.9)
        else:
            inputs.put("cast.remains", None, "the cast's length is not known yet")
        for term in self._prev:
            inputs.put(term, self._previous(term))
        for term in self._used:
            name, leaf = term[len("action.") :].rsplit(".", 1)
            if leaf == "casting":
                inputs.put(term, float(self._active and self._casting == name))
            else:
                last = self._last_used.get(name)
                inputs.put(term, float("inf") if last is None else inputs.t - last)

    def _previous(self, term: str) -> float:
        kind, _, rest = term.partition(".")
        if kind == "prev_off_gcd":
            return float(rest.rpartition(".")[2] in self._off_history)
        number, _, name = rest.rpartition(".") if kind == "prev_gcd" else ("1", "", rest)
        index = int(number) - 1 if number.isdigit() else 0
        return float(index < len(self._gcd_history) and self._gcd_history[index] == name)

    def snapshot(self) -> dict[str, Any]:
        return {
            "gcd_history": list(self._gcd_history), "off_history": list(self._off_history),
            "last_used": dict(sorted(self._last_used.items())), "pending": dict(self._pending),
            "casting": self._casting, "active": self._active, "from": list(self._from),
            "pct": self._pct, "length": self._length,
        }  # fmt: skip

    def restore(self, data: Mapping[str, Any]) -> None:
        self._gcd_history, self._off_history = list(data["gcd_history"]), list(data["off_history"])
        self._last_used, self._pending = dict(data["last_used"]), dict(data["pending"])
        self._casting, self._active = data["casting"], data["active"]
        self._from = (data["from"][0], data["from"][1])
        self._pct, self._length = data["pct"], data["length"]


def _cast_length(spells: Mapping[str, Any], name: str) -> float:
    spell = spells.get(name)
    return 0.0 if spell is None else float(spell.channel_s or spell.cast_s)
