"""An accepted answer on its way: one step after the other, each checked again, each with a sign on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from wowbot.apl.expression import parse
from wowbot.apl.traced import evaluate
from wowbot.core.state import GameState
from wowbot.decision.llm.answer import Step
from wowbot.decision.llm.tools import Toolbox

SECOND_NS = 1_000_000_000
STEP_NS = 4 * SECOND_NS
"""How long a step may wait to be possible, and then to show its effect."""
TRIES = 2
EFFECTS: Mapping[str, float] = {
    "target.health.pct": 0.5, "target.exists": 0.5, "target.dead": 0.5, "cast.active": 0.5, "gcd.remains": 0.05,
    "loot.open": 0.5, "in_combat": 0.5, "popup.open": 0.5, "dead": 0.5, "ghost": 0.5, "health.pct": 5.0,
}  # fmt: skip
"""Term -> how much it must change to count as an effect where a step names no condition."""
TERMS = frozenset(EFFECTS)


def holds(condition: str, state: GameState, own: Mapping[str, float] | None = None) -> bool | None:
    """Whether a condition holds in a state; None when that is unknown.

    Args:
        own: values of names besides the state's.
    """
    extra = own or {}

    def look(name: str) -> float | None:
        return extra[name] if name in extra else state.number(name)

    value = evaluate(parse(condition).node, look)
    return None if value is None else value != 0


@dataclass(slots=True)
class Plan:
    """Steps under way.

    Args:
        call: number of the call they came from; topic: what was asked.
        begun_ns: since when the present step is waiting or was sent.
        signature: of the situation it is for, "" where that has none; tool, arguments: the call, for the cache.
    """

    call: int
    topic: str
    steps: list[Step]
    begun_ns: int
    signature: str = ""
    tool: str = ""
    arguments: str = ""
    index: int = 0
    sent: bool = False
    tries: int = 0
    before: dict[str, float] = field(default_factory=dict)
    ended: str = ""
    """How it ended, for people and the model; "" while it runs."""

    def next(self, state: GameState, tools: Toolbox) -> Step | None:
        """The step to take now; None = wait, or it has ended."""
        if self.sent and not self._look(state):
            return None
        if self.ended:
            return None
        step = self.steps[self.index]
        if tools.busy(step.ability, state):
            return None
        hindrance = tools.hindrance(step.ability, state)
        if not hindrance:
            return step
        if state.t_ns - self.begun_ns > STEP_NS:
            self.ended = f"step {self.index + 1} ({step.ability}) became impossible: {hindrance}"
        return None

    def took(self, state: GameState) -> None:
        """The sink has taken the present step."""
        self.sent, self.tries, self.begun_ns = True, self.tries + 1, state.t_ns
        self.before = _known(state)

    def _look(self, state: GameState) -> bool:
        """Is the step seen by now? True: go on with the next, or with another try."""
        step = self.steps[self.index]
        if self._done(step, state):
            self.sent, self.tries, self.begun_ns = False, 0, state.t_ns
            self.index += 1
            if self.index == len(self.steps):
                self.ended = "done: its effect was seen"
            return True
        if state.t_ns - self.begun_ns <= STEP_NS:
            return False
        self.sent, self.begun_ns = False, state.t_ns
        if self.tries >= TRIES:
            self.ended = f"step {self.index + 1} ({step.ability}) had no visible effect in {self.tries} tries"
        return True

    def _done(self, step: Step, state: GameState) -> bool:
        shown = holds(step.until, state) if step.until else None
        if shown is not None:
            return shown
        now = _known(state)
        return any(abs(value - self.before.get(term, 0.0)) > EFFECTS[term] for term, value in now.items())

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"steps": [list(step) for step in self.steps]}


def plan_from(data: Mapping[str, Any]) -> Plan:
    """The inverse of `Plan.as_json`."""
    return Plan(**{**data, "steps": _steps(data["steps"])})


def _steps(rows: Sequence[Sequence[str]]) -> list[Step]:
    return [Step(*row) for row in rows]


def _known(state: GameState) -> dict[str, float]:
    return {term: value for term in EFFECTS if (value := state.number(term)) is not None}
