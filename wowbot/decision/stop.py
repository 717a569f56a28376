"""The profile's [stop] block: when a run ends by itself."""

from __future__ import annotations

import re
from typing import Protocol

from wowbot.core.state import GameState
from wowbot.decision.profile import StopFacts

BAGS_FULL = re.compile(r"inventory is full|bags? (is|are) full|no room in", re.IGNORECASE)
"""Red error line of the client. Source: GlobalStrings ERR_INV_FULL "Inventory is full." """
HUD_GONE_S = 120.0
"""A client that lost its server shows the login screen: the HUD is gone. The longest loading screens are shorter."""

_TERMS = {
    "deaths": ("dead", "ghost"),
    "level": ("level",),
    "bags_full": ("error.text",),
    "whisper": ("chat.whisper",),
    "player_nearby": ("nameplate.players",),
    "pet_health_below_pct": ("pet.health.pct",),
    "disconnect": ("layout.fits",),
}


class Stuck(Protocol):
    """What StopWatch needs of StuckWatch."""

    @property
    def gave_up(self) -> str: ...


class StopWatch:
    """Watches for the conditions of [stop].

    Wiring: `StopWatch(profile.facts.stop, stuck_watch)`, handed to SafetyGuard. A condition whose term nothing on the screen
    provides never holds: `needs` names the terms, so that the composition root can say which conditions cannot be seen.

    Args:
        facts: the profile's [stop].
        stuck: says when every remedy has failed.
    """

    def __init__(self, facts: StopFacts, stuck: Stuck | None = None) -> None:
        self._facts = facts
        self._stuck = stuck
        self._start_ns: int | None = None
        self._deaths = 0
        self._was_dead = False
        self._first_level: float | None = None
        self._hud_gone_ns: int | None = None

    @property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """Condition in force -> the terms it looks at."""
        return {name: terms for name, terms in _TERMS.items() if getattr(self._facts, name)}

    @property
    def terms(self) -> frozenset[str]:
        """All terms of the conditions in force, for the tracker."""
        return frozenset(term for terms in self.needs.values() for term in terms)

    def check(self, state: GameState, now_ns: int) -> str:
        """Why the run must end now, or ""."""
        self._start_ns = now_ns if self._start_ns is None else self._start_ns
        return (
            self._time_up(now_ns)
            or self._died_often(state)
            or self._levelled(state)
            or self._disconnected(state, now_ns)
            or self._seen(state)
            or (self._stuck.gave_up if self._facts.stuck and self._stuck is not None else "")
        )

    def _time_up(self, now_ns: int) -> str:
        minutes = (now_ns - (self._start_ns or 0)) / 60e9
        return f"{self._facts.minutes:g} minutes are over" if 0 < self._facts.minutes <= minutes else ""

    def _died_often(self, state: GameState) -> str:
        dead, ghost = state.number("dead"), state.number("ghost")
        if dead == 1 or ghost == 1:
            self._deaths += not self._was_dead
            self._was_dead = True
        elif dead == 0 and ghost != 1:
            self._was_dead = False
        return f"died {self._deaths} times" if 0 < self._facts.deaths <= self._deaths else ""

    def _levelled(self, state: GameState) -> str:
        level = state.number("level")
        if level is not None and self._first_level is None:
            self._first_level = level
        reached = self._facts.level and level is not None and level >= self._facts.level > (self._first_level or 0)
        return f"level {self._facts.level} is reached" if reached else ""

    def _disconnected(self, state: GameState, now_ns: int) -> str:
        if not self._facts.disconnect or state.number("layout.fits") != 0:
            self._hud_gone_ns = None
            return ""
        self._hud_gone_ns = now_ns if self._hud_gone_ns is None else self._hud_gone_ns
        gone_s = (now_ns - self._hud_gone_ns) / 1e9
        return f"the HUD has been gone for {gone_s:.0f} s: disconnected or logged out" if gone_s >= HUD_GONE_S else ""

    def _seen(self, state: GameState) -> str:
        facts = self._facts
        if facts.bags_full and BAGS_FULL.search(_text(state, "error.text")):
            return "the bags are full"
        if facts.whisper and state.number("chat.whisper"):
            return "somebody whispered"
        if facts.player_nearby and state.number("nameplate.players"):
            return "another player is near"
        pet = state.number("pet.health.pct")
        if facts.pet_health_below_pct and pet is not None and pet < facts.pet_health_below_pct:
            return f"the pet's health is {pet:.0f} %"
        return ""


def _text(state: GameState, term: str) -> str:
    value = state.values.get(term)
    return value if isinstance(value, str) else ""
