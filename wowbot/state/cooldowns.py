"""Cooldown sweeps on action slots become `cooldown.X`, `gcd` and `action.X`.

A slot shows whichever ends later: the spell's own cooldown or the global one. A sweep that starts on several slots at once
is the global cooldown. For each running sweep two hypotheses are kept, its own cooldown and the global one, and the one
whose predicted fraction is nearer to what is seen wins; the spell whose key just went down starts as its own.
Once a start was seen the end is counted from it, which is finer than the sweep itself on long cooldowns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from wowbot.core.bindings import Bindings, Spell
from wowbot.core.reading import Value
from wowbot.core.state import Detail
from wowbot.state.inputs import NOT_PROVIDED, Inputs, Wanted

OFF_PCT = 0.6
"""A sweep of less is none: readers are exact to about half a percent."""
RESTART_PCT = 6.0
"""A sweep that grows by more has started anew."""
TOGETHER_S = 0.15
LATE_S, STILL_PCT = 0.3, 10.0
"""So long after a global cooldown's end a sweep of which so much remains is not its last."""
SWITCH_PCT = 3.0
FEW = 3
"""Starts are too few for the global cooldown when so many times as many slots show none."""
GCD_S = 1.5
COOLDOWN_LEAVES = (
    "remains", "up", "ready", "duration", "base_duration", "charges", "charges_fractional", "max_charges",
    "recharge_time", "full_recharge_time", "remains_expected", "duration_expected",
)  # fmt: skip
ACTION_LEAVES = (
    "usable", "in_range", "ready", "cast_time", "execute_time", "gcd", "cost", "cooldown", "charges", "max_charges",
    "enabled",
)  # fmt: skip


@dataclass(slots=True)
class Sweep:
    """One slot's running sweep. Times in s on the frame's clock; `end` None = the own cooldown is not running.

    `seen` is when it was last told, `before` the time before that: a start lies between the two.
    """

    duration: float
    own: bool = False
    start: float = 0.0
    end: float | None = None
    start_seen: bool = False
    pct: float = 0.0
    seen: float = -1.0
    before: float = -1.0
    why: str = ""


class Idle(NamedTuple):
    """What a resting spell wrote, and the readings it wrote it from."""

    seen: tuple[object, ...]
    values: dict[str, Value | None]
    details: dict[str, Detail]


class Cooldowns:
    """Own and global cooldowns of every bound spell."""

    def __init__(self, bindings: Bindings, wanted: Wanted) -> None:
        self._spells = tuple(bindings.spells.values())
        self._sweeps = {s.name: Sweep(s.cooldown_s) for s in self._spells}
        self._slot_terms = {
            s.name: tuple(
                f"slot.{s.slot}.{leaf}" for leaf in ("sweep_pct", "usable", "no_power", "in_range", "charges")
            )
            for s in self._spells
            if s.slot
        }
        self._leaves = {s.name: wanted.leaves(f"cooldown.{s.name}", COOLDOWN_LEAVES) for s in self._spells}
        self._action_leaves = {s.name: wanted.leaves(f"action.{s.name}", ACTION_LEAVES) for s in self._spells}
        self._gcd_start, self._gcd_length, self._gcd_end = -10.0, GCD_S, -10.0
        self._idle: dict[str, Idle] = {}
        self._has_gcd = any(s.gcd_s > 0 for s in self._spells)
        self._pressed: dict[str, float] = {}

    def update(self, inputs: Inputs) -> None:
        for key in inputs.keys:
            if key.down and key.ability:
                self._pressed[key.ability] = inputs.t
        starts = [s for s in self._spells if s.slot and self._look(s, inputs)]
        if starts:
            self._classify(starts, inputs)
        self._count_unseen(inputs)
        self._follow(inputs)
        for spell in self._spells:
            self._write(spell, inputs)
        left = max(0.0, self._gcd_end - inputs.t)
        inputs.put("gcd.remains", left)
        inputs.put("gcd.max", self._gcd_length)
        inputs.put("gcd", self._gcd_length)

    def _look(self, spell: Spell, inputs: Inputs) -> bool:
        """Take the slot's sweep; True when one has just started."""
        reading = inputs.readings.get(self._slot_terms[spell.name][0], NOT_PROVIDED)
        sweep = self._sweeps[spell.name]
        if not isinstance(reading.value, float | int):
            sweep.why = reading.why
            return False
        before, sweep.pct, sweep.why = sweep.pct, float(reading.value), ""
        watched = sweep.seen >= 0 and inputs.t - sweep.seen < 0.5
        sweep.before, sweep.seen = sweep.seen, inputs.t
        if sweep.pct <= OFF_PCT:
            sweep.end, sweep.own, sweep.start_seen = None, False, False
            return False
        if before <= OFF_PCT or sweep.pct > before + RESTART_PCT:
            sweep.start_seen = watched
            return True
        return False

    def _classify(self, starts: list[Spell], inputs: Inputs) -> None:
        t, running = inputs.t, self._gcd_end - inputs.t > 0.1
        pressed = [s for s in starts if t - self._pressed.get(s.name, -10.0) < 0.7]
        together = self._has_gcd and (len(starts) >= 2 or t - self._gcd_start < TOGETHER_S or running)
        if self._has_gcd and not running and self._is_global(starts, pressed, t):
            self._start_gcd([s for s in starts if s not in pressed] or starts, pressed, inputs)
        for spell in starts:
            sweep = self._sweeps[spell.name]
            has_own = spell.cooldown_s > 0.0
            still_own = sweep.end is not None and sweep.end > t
            sweep.own = has_own and not still_own and (not together or spell in pressed)
            if sweep.own or (has_own and not still_own and not together):
                self._start_own(sweep, inputs)
            elif not still_own:
                sweep.start = t

    def _is_global(self, starts: list[Spell], pressed: list[Spell], t: float) -> bool:
        """Whether these starts are the global cooldown's: it shows on every resting spell at once.

        Few starts among many slots that show none are misread, unless a key has just gone down (empty slots show none).
        """
        if len(starts) == 1 and starts[0].cooldown_s:
            return False
        others = 0
        for spell in self._spells:
            sweep = self._sweeps[spell.name]
            at_rest = sweep.seen == t and not (sweep.end is not None and sweep.end > t)
            others += bool(spell.slot) and spell.gcd_s > 0 and spell not in starts and at_rest
        return bool(pressed) or len(starts) * FEW > others

    def _start_gcd(self, shown: list[Spell], pressed: list[Spell], inputs: Inputs) -> None:
        named = [s.gcd_s for s in pressed if s.gcd_s > 0]
        self._gcd_length = named[0] if named else GCD_S
        pct = sorted(self._sweeps[s.name].pct for s in shown)[len(shown) // 2]
        begun = inputs.t - (1.0 - pct / 100.0) * self._gcd_length
        first = self._sweeps[shown[0].name]
        self._gcd_start = max(begun, first.before) if first.start_seen else begun
        self._gcd_end = self._gcd_start + self._gcd_length
        inputs.started.extend(s.name for s in pressed if s.gcd_s > 0)

    def _start_own(self, sweep: Sweep, inputs: Inputs) -> None:
        begun = inputs.t - (1.0 - sweep.pct / 100.0) * sweep.duration
        # One that has gone further than since it was told last was overlooked there.
        sweep.start_seen = sweep.start_seen and begun > sweep.before - 2 * OFF_PCT / 100.0 * sweep.duration
        sweep.start = min(inputs.t, max(begun, sweep.before)) if sweep.start_seen else begun
        sweep.end = sweep.start + sweep.duration

    def _count_unseen(self, inputs: Inputs) -> None:
        """A spell on no visible slot is counted from its key alone."""
        for spell in self._spells:
            if spell.slot or not spell.cooldown_s:
                continue
            sweep = self._sweeps[spell.name]
            if self._pressed.get(spell.name) == inputs.t and not (sweep.end is not None and sweep.end > inputs.t):
                sweep.start, sweep.end, sweep.seen = inputs.t, inputs.t + sweep.duration, inputs.t
                inputs.started.append(spell.name)

    def _follow(self, inputs: Inputs) -> None:
        """Check each running sweep against both hypotheses; learn durations that differ from the profile's."""
        t = inputs.t
        gcd_pct = 100.0 * max(0.0, self._gcd_end - t) / self._gcd_length
        for spell in self._spells:
            sweep = self._sweeps[spell.name]
            if not spell.slot or sweep.seen != t or sweep.pct <= OFF_PCT or spell.cooldown_s <= 0:
                continue
            own_end = sweep.end if sweep.end is not None else sweep.start + sweep.duration
            own_pct = 100.0 * max(0.0, own_end - t) / sweep.duration
            off_own, off_gcd = abs(sweep.pct - own_pct), abs(sweep.pct - gcd_pct)
            if sweep.own and off_gcd + SWITCH_PCT < off_own and sweep.start >= self._gcd_start - TOGETHER_S:
                sweep.own, sweep.end = False, None
            elif not sweep.own and (off_own + SWITCH_PCT < off_gcd or self._strange(sweep, t)):
                sweep.own = True
                self._adopt(sweep, inputs)
            elif sweep.own and off_own > SWITCH_PCT:
                self._relearn(sweep, inputs)

    def _strange(self, sweep: Sweep, t: float) -> bool:
        """Whether a sweep runs on after both cooldowns that it was taken for: the own one began later than was thought."""
        over = sweep.end is not None and sweep.end <= t and self._gcd_end + LATE_S <= t
        return over and sweep.pct > STILL_PCT

    def _adopt(self, sweep: Sweep, inputs: Inputs) -> None:
        if sweep.end is None or sweep.end <= inputs.t:
            sweep.start = inputs.t - (1.0 - sweep.pct / 100.0) * sweep.duration
            sweep.end = sweep.start + sweep.duration

    def _relearn(self, sweep: Sweep, inputs: Inputs) -> None:
        """The profile's length does not fit (talents, haste): take the one the sweep's speed shows."""
        elapsed, gone = inputs.t - sweep.start, 1.0 - sweep.pct / 100.0
        if sweep.start_seen and gone > 0.1 and elapsed > 0.5:
            sweep.duration = elapsed / gone
            sweep.end = sweep.start + sweep.duration
        else:
            sweep.end = inputs.t + sweep.pct / 100.0 * sweep.duration

    def _write(self, spell: Spell, inputs: Inputs) -> None:
        """All terms of one spell. Most spells rest most of the time: what they wrote last is written again then."""
        leaves, action_leaves = self._leaves[spell.name], self._action_leaves[spell.name]
        if not leaves and not action_leaves:
            return
        sweep, t = self._sweeps[spell.name], inputs.t
        resting = (sweep.end is None or sweep.end <= t) and (sweep.seen == t or not spell.slot)
        if not resting:
            self._write_afresh(spell, inputs)
            return
        get = inputs.readings.get
        seen = (sweep.duration, *map(get, self._slot_terms.get(spell.name, ())[1:]))
        idle = self._idle.get(spell.name)
        if idle is None or idle.seen != seen:
            self._write_afresh(spell, inputs)
            names = [f"cooldown.{spell.name}.{x}" for x in leaves] + [f"action.{spell.name}.{x}" for x in action_leaves]
            details = {name: inputs.details[name] for name in names if name in inputs.details}
            self._idle[spell.name] = Idle(seen, {name: inputs.values[name] for name in names}, details)
            return
        inputs.values.update(idle.values)
        if idle.details:
            inputs.details.update(idle.details)

    def _write_afresh(self, spell: Spell, inputs: Inputs) -> None:
        leaves, action_leaves = self._leaves[spell.name], self._action_leaves[spell.name]
        sweep, t = self._sweeps[spell.name], inputs.t
        remains: float | None = max(0.0, (sweep.end or t) - t)
        why, age = "", 0.0
        if spell.slot and sweep.seen != t:
            age = t - sweep.seen if sweep.seen >= 0 else 0.0
            why = sweep.why or "its slot was not seen"
            if sweep.seen < 0 or (age > 1.0 and not remains):
                remains = None
        terms = self._slot_terms.get(spell.name)
        charges = inputs.number(terms[4]) if terms and spell.charges > 1 else None
        if leaves:
            self._write_cooldown(spell, leaves, (remains, charges, why, age), inputs)
        if action_leaves:
            self._write_action(spell, action_leaves, remains, inputs)

    def _write_cooldown(
        self,
        spell: Spell,
        leaves: tuple[str, ...],
        found: tuple[float | None, float | None, str, float],
        inputs: Inputs,
    ) -> None:
        recharge, charges, why, age = found
        sweep = self._sweeps[spell.name]
        if spell.charges > 1:
            remains = None if charges is None or recharge is None else (0.0 if charges > 0 else recharge)
        else:
            remains = recharge
            charges = None if recharge is None else float(recharge <= 0.0)
        part = None if recharge is None or not sweep.duration else 1.0 - recharge / sweep.duration
        full = spell.charges
        for leaf in leaves:
            value: float | None
            if leaf in ("remains", "remains_expected"):
                value = remains
            elif leaf in ("up", "ready"):
                value = None if remains is None else float(remains <= 0.0)
            elif leaf in ("duration", "duration_expected"):
                value = sweep.duration
            elif leaf == "base_duration":
                value = spell.cooldown_s
            elif leaf == "charges":
                value = charges
            elif leaf == "max_charges":
                value = float(full)
            elif leaf == "recharge_time":
                value = recharge
            elif leaf == "charges_fractional":
                value = (
                    None
                    if charges is None
                    else min(float(full), charges + (part or 0.0) if charges < full else charges)
                )
            else:
                value = None if charges is None or recharge is None else _full_recharge(full, charges, recharge, sweep)
            inputs.put(f"cooldown.{spell.name}.{leaf}", value, why, 0.9 if why else 1.0, age)

    def _write_action(self, spell: Spell, leaves: tuple[str, ...], remains: float | None, inputs: Inputs) -> None:
        terms = self._slot_terms.get(spell.name)
        static = {
            "cast_time": spell.cast_s,
            "execute_time": max(spell.cast_s, spell.channel_s, spell.gcd_s),
            "gcd": spell.gcd_s,
            "cost": spell.cost,
            "cooldown": spell.cooldown_s,
            "max_charges": float(spell.charges),
            "enabled": 1.0,
        }
        for leaf in leaves:
            name = f"action.{spell.name}.{leaf}"
            if leaf in static:
                inputs.put(name, static[leaf])
            elif terms is None:
                inputs.put(name, None, f"{spell.name} is on no visible slot")
            elif leaf == "usable":
                self._put_usable(name, terms, inputs)
            elif leaf == "in_range":
                reading = inputs.readings.get(terms[3], NOT_PROVIDED)
                inputs.put(name, reading.value, reading.why, reading.confidence)
            elif leaf == "charges":
                inputs.put(name, inputs.number(terms[4]), "no count is shown")
            else:
                inputs.put(name, None if remains is None else float(remains <= 0.0), "its slot was not seen")

    def _put_usable(self, name: str, terms: tuple[str, ...], inputs: Inputs) -> None:
        usable, power = inputs.readings.get(terms[1], NOT_PROVIDED), inputs.readings.get(terms[2], NOT_PROVIDED)
        if usable.value == 0 or power.value == 1:
            inputs.put(name, 0.0)
        elif usable.value is None or power.value is None:
            inputs.put(name, None, usable.why or power.why)
        else:
            inputs.put(name, 1.0)

    def snapshot(self) -> dict[str, Any]:
        return {
            "sweeps": {name: asdict(sweep) for name, sweep in sorted(self._sweeps.items())},
            "pressed": dict(sorted(self._pressed.items())),
            "gcd": [self._gcd_start, self._gcd_length, self._gcd_end],
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        for name, sweep in data["sweeps"].items():
            if name in self._sweeps:
                self._sweeps[name] = Sweep(**sweep)
        self._pressed = dict(data["pressed"])
        self._gcd_start, self._gcd_length, self._gcd_end = data["gcd"]


def _full_recharge(full: int, charges: float, recharge: float, sweep: Sweep) -> float:
    missing = full - charges
    return 0.0 if missing <= 0 else recharge + (missing - 1) * sweep.duration
