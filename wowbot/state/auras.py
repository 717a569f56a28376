"""Icons in aura rows become `buff.X`, `debuff.X` and `dot.X`.

An aura is up when its icon is in its unit's row; it is down only when the whole row was read and none of its icons is it.
Its remaining time is the printed time, else the sweep times the profile's duration, else counted from when it came up or
was put up again by one of its spells. Debuffs of a new target start unknown in time, not in presence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from wowbot.core.bindings import Aura, Bindings
from wowbot.state.inputs import NOT_PROVIDED, Inputs, Wanted

HOLD_S = 0.4
PERMANENT = -9.0e15
"""SimulationCraft's `remains` of a buff without expiry is timespan::min."""
MAX_ICONS = 40
LEAVES = (
    "up", "down", "stack", "react", "remains", "duration", "max_stack", "at_max_stacks", "stack_pct", "ticking",
    "refreshable", "value", "elapsed",
)  # fmt: skip


@dataclass(slots=True)
class Timer:
    """One aura now. `end` None = its end is not known; `seen` is when its row was last read."""

    up: bool = False
    stack: float = 0.0
    start: float = 0.0
    end: float | None = None
    seen: float = -1.0
    why: str = ""
    exact: bool = False


@dataclass(slots=True)
class _Icon:
    stacks: float | None
    remains: float | None
    sweep: float | None


class Row(NamedTuple):
    """One row of icons now.

    Args:
        icons: those that were told, by name.
        unsure: why the row does not rule an aura out; "" when it does.
        strange: it holds icons that are none of the known ones.
    """

    icons: Mapping[str, _Icon]
    unsure: str
    strange: bool


class Auras:
    """Presence, stacks and time of every bound aura."""

    def __init__(self, bindings: Bindings, wanted: Wanted, known_icons: Collection[str] | None = None) -> None:
        self._known = None if known_icons is None else frozenset(known_icons)
        self._auras = tuple(bindings.auras.values())
        self._timers = {a.name: Timer() for a in self._auras}
        self._rows = {a.name: _rows(a) for a in self._auras}
        self._all_rows = tuple(dict.fromkeys(row for rows in self._rows.values() for row in rows))
        self._row_terms = {row: _row_terms(row) for row in self._all_rows}
        self._terms = {a.name: _terms(a, wanted) for a in self._auras}

    def update(self, inputs: Inputs) -> None:
        if inputs.new_target:
            for aura in self._auras:
                if aura.unit == "target":
                    self._timers[aura.name] = Timer()
        rows = {row: self._read_row(row, inputs) for row in self._all_rows}
        for aura in self._auras:
            timer = self._timers[aura.name]
            timer = self._timers[aura.name] = self._see(aura, timer, rows, inputs)
            if self._terms[aura.name]:
                self._write(aura, timer, inputs)

    def _read_row(self, row: str, inputs: Inputs) -> Row:
        """The icons of one row."""
        count = inputs.readings.get(self._row_terms[row][0][0], NOT_PROVIDED)
        if not isinstance(count.value, float | int):
            return Row({}, count.why or "the row was not read", False)
        icons: dict[str, _Icon] = {}
        unsure, strange = "", False
        for term, stacks, remains, sweep in self._row_terms[row][1 : int(count.value) + 1]:
            icon = inputs.readings.get(term, NOT_PROVIDED)
            if icon.value is None:
                unsure = icon.why or "an icon could not be told"
            elif not icon.value:
                strange = True
            else:
                icons[str(icon.value)] = _Icon(inputs.number(stacks), inputs.number(remains), inputs.number(sweep))
        return Row(icons, unsure, strange)

    def _see(self, aura: Aura, timer: Timer, rows: Mapping[str, Row], inputs: Inputs) -> Timer:
        """The timer after this update: up, gone (a fresh one), or as it was with the cause of not knowing."""
        unsure = ""
        for row in self._rows[aura.name]:
            seen = rows[row]
            icon = seen.icons.get(aura.icon)
            if icon is not None:
                self._up(aura, timer, icon, inputs)
                return timer
            unsure = unsure or seen.unsure
            if seen.strange and self._known is not None and aura.icon not in self._known:
                unsure = f"its icon was never learned (`wowbot calibrate --learn-aura {aura.name}`)"
        timer.why = unsure
        return timer if unsure else Timer(seen=inputs.t)

    def _up(self, aura: Aura, timer: Timer, icon: _Icon, inputs: Inputs) -> None:
        t = inputs.t
        fresh = not timer.up
        watched = timer.seen >= 0 and t - timer.seen < HOLD_S
        renewed = any(name in inputs.finished for name in aura.spells)
        timer.up, timer.seen, timer.why = True, t, ""
        timer.stack = icon.stacks if icon.stacks is not None else max(1.0, timer.stack)
        if icon.remains is not None:
            self._by_text(aura, timer, icon.remains, t)
        elif icon.sweep is not None and icon.sweep > 0 and aura.duration_s > 0:
            self._by_sweep(aura, timer, icon.sweep, t)
        elif aura.duration_s > 0 and ((fresh and watched) or renewed):
            timer.start, timer.end, timer.exact = t, t + aura.duration_s, True

    def _by_text(self, aura: Aura, timer: Timer, shown: float, t: float) -> None:
        """The client rounds the printed time up to whole units: trust the count while it agrees."""
        unit = 60.0 if shown > 60.0 else 1.0
        if timer.end is None or not shown - unit - 0.3 <= timer.end - t <= shown + 0.3:
            timer.end = t + shown
            timer.start = timer.end - aura.duration_s

    def _by_sweep(self, aura: Aura, timer: Timer, sweep: float, t: float) -> None:
        end = t + sweep / 100.0 * aura.duration_s
        if timer.end is None or abs(end - timer.end) > 0.03 * aura.duration_s + 0.1:
            timer.end, timer.start = end, end - aura.duration_s

    def _write(self, aura: Aura, timer: Timer, inputs: Inputs) -> None:
        t = inputs.t
        age = 0.0 if timer.seen == t else (t - timer.seen if timer.seen >= 0 else 0.0)
        running = timer.end is not None and timer.end > t
        known = timer.seen >= 0 and (age <= HOLD_S or (timer.up and running))
        if not known:
            why = timer.why or "its row was not seen yet"
            for term, _ in self._terms[aura.name]:
                inputs.put(term, None, why, age_s=age)
            return
        confidence, why = (1.0, "") if age == 0.0 else (0.7, f"held: {timer.why}")
        for term, leaf in self._terms[aura.name]:
            value = _leaf(aura, timer, leaf, t)
            inputs.put(term, value, why if value is not None else "its start was not seen", confidence, age)

    def snapshot(self) -> dict[str, Any]:
        timers = {name: asdict(timer) for name, timer in sorted(self._timers.items())}
        return {"timers": timers, "known": None if self._known is None else sorted(self._known)}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._known = None if data["known"] is None else frozenset(data["known"])
        for name, timer in data["timers"].items():
            if name in self._timers:
                self._timers[name] = Timer(**timer)


def _leaf(aura: Aura, timer: Timer, leaf: str, t: float) -> float | None:
    if leaf in ("up", "ticking"):
        return float(timer.up)
    if leaf == "down":
        return float(not timer.up)
    if leaf in ("stack", "react", "value"):
        return timer.stack if timer.up else 0.0
    if leaf == "max_stack":
        return float(aura.max_stack)
    if leaf == "at_max_stacks":
        return float(timer.up and timer.stack >= aura.max_stack)
    if leaf == "stack_pct":
        return 100.0 * timer.stack / aura.max_stack if timer.up else 0.0
    if leaf == "duration":
        return aura.duration_s if timer.up else 0.0
    left = _remains(aura, timer, t)
    if leaf == "remains":
        return left
    if leaf == "elapsed":
        return None if left is None else (aura.duration_s - left if timer.up else 0.0)
    if not timer.up:
        return 1.0  # refreshable
    return None if left is None else float(0.0 <= left <= 0.3 * aura.duration_s)


def _remains(aura: Aura, timer: Timer, t: float) -> float | None:
    if not timer.up:
        return 0.0
    if aura.duration_s <= 0 and timer.end is None:
        return PERMANENT
    return None if timer.end is None else max(0.0, timer.end - t)


def _rows(aura: Aura) -> tuple[str, ...]:
    if aura.unit == "target":
        return ("target",)
    return ("player_debuff", "player") if aura.harmful else ("player",)


def _row_terms(row: str) -> tuple[Sequence[str], ...]:
    icons = [
        tuple(f"aura.{row}.{i}.{leaf}" for leaf in ("icon", "stacks", "remains", "sweep_pct"))
        for i in range(1, MAX_ICONS + 1)
    ]
    return ((f"aura.{row}.count",), *icons)


def _terms(aura: Aura, wanted: Wanted) -> tuple[tuple[str, str], ...]:
    families = ("buff",) if aura.unit == "player" and not aura.harmful else ("debuff", "dot")
    if aura.unit == "target" and not aura.harmful:
        families = ("target.buff",)
    prefixes = [f"{family}.{aura.name}" for family in families]
    if aura.unit == "target" and aura.harmful:
        prefixes += [f"target.debuff.{aura.name}", f"target.dot.{aura.name}"]
    return tuple((f"{prefix}.{leaf}", leaf) for prefix in prefixes for leaf in wanted.leaves(prefix, LEAVES))
