"""Noticing that nothing works any more, and the profile's remedies for it.

Three named events: "idle" (no action for `idle_s`), "repeat" (the same action `repeats` times without effect on anything
that the screen shows) and "still" (movement keys down for `still_s` while nothing on the screen moves). Each is answered by
the remedies of the profile one after the other; when all have failed, `gave_up` says so and the [stop] block ends the run.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from wowbot.action.keys import parse_chord
from wowbot.core.action import Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.errors import ProfileError, nearest
from wowbot.core.protocols import Snapshot
from wowbot.core.state import GameState
from wowbot.decision.profile import RemedyFacts

log = logging.getLogger(__name__)

SECOND_NS = 1_000_000_000
REMEDY_GAP_S = 2.0
"""How long a remedy has to show its effect before the next one is tried."""
REGENERATING_S = 3.0
"""Health or power that rose within this time: the character rests, and that is not idleness."""
EFFECTS = {
    "target.health.pct": 0.5, "target.exists": 0.5, "target.dead": 0.5, "cast.active": 0.5, "gcd.remains": 0.05,
    "loot.open": 0.5, "in_combat": 0.5, "combo_points": 0.5, "popup.open": 0.5, "dead": 0.5, "ghost": 0.5,
}  # fmt: skip
"""Term -> how much it must change to count as an effect of what was pressed."""
RISING = ("health.pct", "mana.pct", "energy.pct")
MOVED = "moved"
"""Flag: the world or the minimap has moved since the last frame."""


class StuckWatch:
    """Implements core Policy; stands before the policy that scans the rules.

    Wiring: `watch = StuckWatch(profile.facts.remedies, profile.bindings.spells)`, first in `policies`;
    `StopWatch(facts, watch)` ends the run when it gives up. Pass `terms` to the tracker with the rules' own.

    Raises:
        ProfileError: a remedy is no spell of the profile, or has no key.
    """

    terms = frozenset((*EFFECTS, *RISING, "moving", MOVED))

    def __init__(self, facts: RemedyFacts, spells: Mapping[str, Spell]) -> None:
        self._facts = facts
        self._spells = spells
        for name in (*facts.stuck, *facts.idle):
            if name not in spells or not spells[name].key:
                known = ", ".join(sorted(n for n, s in spells.items() if s.key))
                raise ProfileError(
                    f"[remedies]: {name!r} is no spell with a key; there are: {known}.{nearest(name, spells)}"
                )
        self.event = ""
        self.gave_up = ""
        self._acted_ns: int | None = None
        self._moved_ns: int | None = None
        self._streak: list[str] = []
        self._before: dict[str, float] = {}
        self._levels: dict[str, float] = {}
        self._next_remedy = 0
        self._remedy_ns = 0

    def decide(self, state: GameState) -> Decision | None:
        """A remedy when one is due, else None."""
        self._watch(state)
        if not self.event:
            self._notice(state)
        if not self.event or state.t_ns < self._remedy_ns:
            return None
        remedies = self._facts.idle if self.event == "idle" else self._facts.stuck
        if self._next_remedy < len(remedies):
            return self._remedy(remedies, state)
        if remedies or self.event != "idle":
            tried = f" after {', '.join(remedies)}" if remedies else ""
            self.gave_up = self.gave_up or f"stuck ({self.event}){tried}"
        return None

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Count what went out."""
        if decision.wait_s is not None:
            self._acted_ns = state.t_ns
        if not accepted or decision.source == "remedy":
            return
        self._acted_ns = state.t_ns
        if self.event == "idle":
            self._over("acting again")
        spell = self._spells.get(decision.ability)
        if spell is None or (spell.hold_ms and not spell.gcd_s):
            return
        if not self._streak:
            self._before = _known(state)
        self._streak = [*self._streak, decision.ability][-(self._facts.repeats * 5 // 4) :]

    def snapshot(self) -> Snapshot:
        return {
            "event": self.event, "gave_up": self.gave_up, "acted_ns": self._acted_ns, "moved_ns": self._moved_ns,
            "streak": list(self._streak), "before": dict(self._before), "levels": dict(self._levels),
            "next_remedy": self._next_remedy, "remedy_ns": self._remedy_ns,
        }  # fmt: skip

    def restore(self, snapshot: Snapshot) -> None:
        data: Mapping[str, Any] = snapshot
        self.event, self.gave_up = data["event"], data["gave_up"]
        self._acted_ns, self._moved_ns = data["acted_ns"], data["moved_ns"]
        self._streak, self._before = list(data["streak"]), dict(data["before"])
        self._levels, self._next_remedy = dict(data["levels"]), data["next_remedy"]
        self._remedy_ns = data["remedy_ns"]

    def _watch(self, state: GameState) -> None:
        """Keep the times of the last action, the last movement and the last effect."""
        now_ns = state.t_ns
        self._acted_ns = now_ns if self._acted_ns is None else self._acted_ns
        self._moved_ns = now_ns if self._moved_ns is None else self._moved_ns
        if state.number("cast.active") == 1 or self._regenerates(state):
            self._acted_ns = now_ns
        if state.number("moving") != 1 or state.number(MOVED) != 0:
            self._moved_ns = now_ns
            if self.event == "still":
                self._over("moving again")
        if self._streak and _differ(self._before, _known(state)):
            self._streak = []
            if self.event == "repeat":
                self._over("something happened")

    def _regenerates(self, state: GameState) -> bool:
        """Whether health or power rose within the last seconds."""
        since = self._levels.get("rose_s", -REGENERATING_S)
        for term in RISING:
            value = state.number(term)
            if value is not None and value > self._levels.get(term, value):
                since = state.t_ns / SECOND_NS
            if value is not None:
                self._levels[term] = value
        self._levels["rose_s"] = since
        return state.t_ns / SECOND_NS - since < REGENERATING_S and since > 0

    def _notice(self, state: GameState) -> None:
        assert self._acted_ns is not None
        assert self._moved_ns is not None
        idle_s, still_s = (state.t_ns - self._acted_ns) / SECOND_NS, (state.t_ns - self._moved_ns) / SECOND_NS
        again = max((self._streak.count(name) for name in set(self._streak)), default=0)
        if idle_s >= self._facts.idle_s > 0:
            self._begin("idle", f"no action for {idle_s:.0f} s", state)
        elif again >= self._facts.repeats > 0:
            self._begin("repeat", f"{self._streak[-1]} pressed {again} times without effect", state)
        elif still_s >= self._facts.still_s > 0:
            self._begin("still", f"movement keys are down for {still_s:.0f} s and nothing moves", state)

    def _begin(self, event: str, why: str, state: GameState) -> None:
        log.warning("%s: %s", event, why)
        self.event, self._next_remedy, self._remedy_ns = event, 0, state.t_ns

    def _over(self, why: str) -> None:
        log.info("%s is over: %s", self.event, why)
        self.event, self._next_remedy, self._streak = "", 0, []

    def _remedy(self, remedies: Sequence[str], state: GameState) -> Decision:
        spell = self._spells[remedies[self._next_remedy]]
        self._next_remedy += 1
        self._remedy_ns = state.t_ns + int(REMEDY_GAP_S * SECOND_NS) + spell.hold_ms * 1_000_000
        chord = parse_chord(spell.key)
        action = Action("key", chord.key, chord.mods, hold_ms=spell.hold_ms, ability=spell.name)
        reason = f"{self.event}: remedy {self._next_remedy} of {len(remedies)}"
        return Decision("remedy", self.event, reason, (action,), ability=spell.name)


def _known(state: GameState) -> dict[str, float]:
    return {term: value for term in EFFECTS if (value := state.number(term)) is not None}


def _differ(before: Mapping[str, float], now: Mapping[str, float]) -> bool:
    return any(abs(value - before.get(term, 0.0)) > EFFECTS[term] for term, value in now.items())
