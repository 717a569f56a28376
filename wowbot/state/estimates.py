"""What no bar shows: time in combat, time to die, enemy counts, distance, movement. Each states its method and confidence.

time            since the combat icon came on
time_to_die     the current target's health divided by its mean loss since it was first hurt (at most 15 s back)
active_enemies  hostile nameplates that are hurt or targeted; at least the living hostile target, once in combat
target.distance between the longest range that is out of reach and the shortest that is in reach, by hotkey colour
moving          movement keys that are down
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.core.bindings import Bindings
from wowbot.state.inputs import Inputs, Wanted

WINDOW_S = 15.0
MOVES = frozenset({"move_forward", "move_backward", "strafe_left", "strafe_right", "turn_left", "turn_right"})
DIE_TERMS = ("target.time_to_die", "time_to_die", "fight_remains", "target.time_to_pct_20", "target.time_to_pct_35")
COUNT_TERMS = ("active_enemies", "spell_targets", "enemies", "enemies.visible")


class Estimates:
    """See the module text."""

    def __init__(self, bindings: Bindings, wanted: Wanted) -> None:
        self._ranges = tuple(
            (s.range_yd, f"slot.{s.slot}.in_range") for s in bindings.spells.values() if s.slot and s.range_yd > 0
        )
        self._die = tuple(x for x in DIE_TERMS if x in wanted)
        self._counts = tuple(x for x in COUNT_TERMS if x in wanted)
        self._counts += tuple(
            sorted(x for x in wanted.terms if x.startswith(("spell_targets.", "active_enemies_within.")))
        )
        self._distance = "target.distance" in wanted
        self._combat_since: float | None = None
        self._health: list[tuple[float, float]] = []
        self._down: set[str] = set()
        own = {s.name for s in bindings.spells.values() if s.hold_ms and not s.slot and not s.click}
        self._moves = MOVES | own  # a profile may call a held movement key what it likes

    def update(self, inputs: Inputs) -> None:
        for key in inputs.keys:
            if key.ability in self._moves:
                (self._down.add if key.down else self._down.discard)(key.ability)
        inputs.put("moving", float(bool(self._down)))
        self._time(inputs)
        if self._die:
            self._time_to_die(inputs)
        if self._counts:
            self._count(inputs)
        if self._distance:
            self._reach(inputs)

    def _time(self, inputs: Inputs) -> None:
        combat = inputs.known("in_combat")
        if combat:
            self._combat_since = inputs.t if self._combat_since is None else self._combat_since
        elif combat == 0:
            self._combat_since = None
        value = 0.0 if self._combat_since is None else inputs.t - self._combat_since
        inputs.put("time", None if combat is None and self._combat_since is None else value, "combat was not seen")

    def _time_to_die(self, inputs: Inputs) -> None:
        pct = inputs.known("target.health.pct")
        if inputs.new_target or inputs.known("target.exists") == 0:
            self._health.clear()
        if pct is not None:
            if self._health and pct > self._health[-1][1] + 1.0:
                self._health.clear()  # healed: the old loss says nothing
            self._health.append((inputs.t, pct))
            while inputs.t - self._health[0][0] > WINDOW_S or (len(self._health) > 1 and self._health[1][1] >= 99.9):
                self._health.pop(0)
        rate = self._loss_rate()
        for term in self._die:
            floor = float(term.rsplit("_", 1)[1]) if "pct" in term else 0.0
            if pct is None or rate is None:
                inputs.put(term, None, "its health loss was not seen long enough")
            else:
                inputs.put(term, max(0.0, pct - floor) / rate, confidence=0.6)

    def _loss_rate(self) -> float | None:
        """Percent a second, or None with less than 1.5 s or 2 percent of loss."""
        if len(self._health) < 2:
            return None
        (t0, p0), (t1, p1) = self._health[0], self._health[-1]
        return (p0 - p1) / (t1 - t0) if t1 - t0 >= 1.5 and p0 - p1 >= 2.0 else None

    def _count(self, inputs: Inputs) -> None:
        plates = inputs.number("nameplate.count")
        bodies = inputs.number("enemies.visible")  # by the detector, where one runs
        alive = inputs.known("target.exists") == 1 and inputs.known("target.dead") != 1
        hostile = alive and (inputs.known("target.reaction") or 0.0) <= 4
        visible, hurt = 0, 0
        for i in range(1, int(plates or 0) + 1):
            reaction = inputs.number(f"nameplate.{i}.reaction")
            if reaction is not None and reaction <= 4:
                visible += 1
                health = inputs.number(f"nameplate.{i}.health.pct")
                hurt += health is not None and 0 < health < 99.0
        engaged = max(float(hurt), float(hostile))
        for term in self._counts:
            if plates is None and not hostile and (bodies is None or term != "enemies.visible"):
                inputs.put(term, None, "no nameplates are read and no target is seen")
            else:
                value = max(float(visible), float(hostile), bodies or 0.0) if term == "enemies.visible" else engaged
                inputs.put(term, value, confidence=0.6 if plates is not None else 0.3)

    def _reach(self, inputs: Inputs) -> None:
        inside = [r for r, term in self._ranges if inputs.number(term) == 1]
        outside = [r for r, term in self._ranges if inputs.number(term) == 0]
        if not inside and not outside:
            inputs.put("target.distance", None, "no slot shows whether the target is in range")
        elif inside:
            inputs.put(
                "target.distance",
                (min(inside) + max([r for r in outside if r < min(inside)], default=0.0)) / 2,
                confidence=0.5,
            )
        else:
            inputs.put("target.distance", max(outside) + 5.0, confidence=0.4)

    def snapshot(self) -> dict[str, Any]:
        return {"since": self._combat_since, "health": [list(h) for h in self._health], "down": sorted(self._down)}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._combat_since = data["since"]
        self._health = [(t, p) for t, p in data["health"]]
        self._down = set(data["down"])
