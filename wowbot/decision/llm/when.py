"""When a model is asked: a consult line of the list, or one of the profile's standard triggers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from wowbot.apl.entries import Entry
from wowbot.core.action import Action, Decision
from wowbot.core.state import GameState
from wowbot.decision.profile import ModelFacts

SECOND_NS = 1_000_000_000
DIALOG_S = 1.0
"""A dialog that the rules have left alone for so long is one they do not know."""
DEAD_S = 20.0
"""Dead, and the rules have pressed nothing for so long: they know no way back."""
FLAGS = ("dead", "ghost", "in_combat", "popup.open")
TERMS = frozenset((*FLAGS, "cast.active", "target.exists", "target.dead", "target.health.pct", "loot.open"))


class Stuck(Protocol):
    """What is needed of StuckWatch."""

    event: str


class Trigger(NamedTuple):
    """A reason to ask.

    Args:
        topic: "unknown_dialog", "stuck", "idle_in_combat", "dead" or a consult line's own.
        why: one line for people and for the model.
    """

    topic: str
    why: str


class When:
    """Watches for the triggers; told of every tick once, after the decision.

    Args:
        facts: the profile's [llm].
        stuck: says when the agent is stuck; None = never.
    """

    def __init__(self, facts: ModelFacts, stuck: Stuck | None) -> None:
        self._facts, self._stuck = facts, stuck
        self._acted_ns = -1
        self._dialog_ns: int | None = None

    def look(
        self, state: GameState, decision: Decision, accepted: tuple[Action, ...], consults: tuple[Entry, ...]
    ) -> list[Trigger]:
        """Every reason to ask now, the most pressing first."""
        if accepted or self._acted_ns < 0 or state.number("cast.active") == 1:
            self._acted_ns = state.t_ns
        found = [self._trigger(name, state) for name in self._facts.triggers]
        found += [] if decision.actions else [_consult(entry) for entry in consults]
        return [trigger for trigger in found if trigger is not None]

    def _trigger(self, name: str, state: GameState) -> Trigger | None:
        idle_s = (state.t_ns - self._acted_ns) / SECOND_NS
        number = state.number
        gone = number("dead") == 1 or number("ghost") == 1
        if name == "unknown_dialog":
            self._dialog_ns = (self._dialog_ns or state.t_ns) if number("popup.open") == 1 and not gone else None
            since = 0.0 if self._dialog_ns is None else (state.t_ns - self._dialog_ns) / SECOND_NS
            why = f"a dialog box that no rule answers has been open for {since:.0f} s"
            return Trigger(name, why) if since >= DIALOG_S and idle_s >= DIALOG_S else None
        if name == "stuck":
            event = "" if self._stuck is None else self._stuck.event
            return Trigger(name, f"nothing gets on: {event}") if event and not gone else None
        if name == "idle_in_combat":
            late = number("in_combat") == 1 and idle_s >= self._facts.idle_in_combat_s and not gone
            return Trigger(name, f"in combat, and no rule has fired for {idle_s:.0f} s") if late else None
        return Trigger(name, f"dead, and no rule has fired for {idle_s:.0f} s") if gone and idle_s >= DEAD_S else None

    def still(self, topic: str, asked: Mapping[str, float], state: GameState) -> str:
        """Why the situation a question was for is gone; "" while it lasts.

        Args:
            asked: what `situation` gave when it was asked.
        """
        changed = [f"{name} was {old:g}" for name, old in asked.items() if (state.number(name) or 0.0) != old]
        return f"the situation has changed: {', '.join(changed)}" if changed else ""

    def snapshot(self) -> dict[str, Any]:
        return {"acted_ns": self._acted_ns, "dialog_ns": self._dialog_ns}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._acted_ns, self._dialog_ns = data["acted_ns"], data["dialog_ns"]


def situation(topic: str, state: GameState) -> dict[str, float]:
    """The flags that make the situation of a question; an answer is void when one of them has changed."""
    names = ("dead", "ghost", "popup.open") if topic == "unknown_dialog" else FLAGS
    return {name: state.number(name) or 0.0 for name in names}


def _consult(entry: Entry) -> Trigger:
    topic = entry.options.get("topic", "what to do")
    return Trigger(topic, f"the list asks for advice: {topic}")
