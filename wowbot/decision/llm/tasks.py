"""A goal as tasks: each ends when the screen shows it, is played by the rules, and is bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from wowbot.apl.expression import parse
from wowbot.apl.syntax import names
from wowbot.core.action import Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.protocols import Policy, Snapshot
from wowbot.core.state import GameState
from wowbot.decision.llm.plan import holds

SECOND_NS = 1_000_000_000
AGAIN_S = 2.5
"""An ability of a resting task is not pressed again sooner: its aura needs a moment to show."""
OWN = frozenset({"task.kills", "task.deaths", "task.seconds"})
"""Counted since the task began: enemies seen dying, own deaths seen, seconds."""
TERMS = frozenset({
    "target.exists", "target.dead", "target.name", "target.reaction", "in_combat", "dead", "health.pct", "moving",
    "popup.open",
})  # fmt: skip
How = Literal["play", "rest"]


@dataclass(frozen=True, slots=True)
class Use:
    """An ability of a resting task and when it is pressed."""

    ability: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Args:
        name: for people.
        until: condition that ends it, in the rule language, over what the screen shows and task.kills, .deaths, .seconds.
        how: "play" = the list as it stands; "rest" = begin nothing: fight back, and press `use` out of combat.
        limit_s: after this it has failed.
        use: abilities of a resting task.
        of: only enemies whose name has this in it count as kills; "" = all.
    """

    name: str
    until: str
    how: How = "play"
    limit_s: float = 600.0
    use: tuple[Use, ...] = ()
    of: str = ""

    def terms(self) -> set[str]:
        """The game terms its conditions read."""
        texts = [self.until, *(use.when for use in self.use if use.when)]
        return {name for text in texts for name in names(parse(text).node)} - OWN


@dataclass(slots=True)
class Progress:
    """How a task stands."""

    began_ns: int = -1
    kills: int = 0
    deaths: int = 0
    seconds: float = 0.0

    def values(self) -> dict[str, float]:
        return {"task.kills": float(self.kills), "task.deaths": float(self.deaths), "task.seconds": self.seconds}

    def told(self) -> str:
        """One line for people."""
        return f"{self.kills} kills, {self.deaths} deaths in {self.seconds:.0f} s"


@dataclass(slots=True)
class Outcome:
    """A task that is over."""

    task: Task
    done: bool
    progress: Progress
    why: str


class TaskPolicy:
    """Implements core Policy round the others: the task at hand says what of their decisions may go out.

    Args:
        inner: the rules, and the model round them.
        spells, press: for the abilities of resting tasks.
        tasks: in order.
    """

    def __init__(
        self, inner: Policy, spells: Mapping[str, Spell], press: Callable[[str], Action | None], tasks: Sequence[Task]
    ) -> None:
        self._inner, self._spells, self._press = inner, spells, press
        self.tasks = list(tasks)
        self.progress = Progress()
        self.outcomes: list[Outcome] = []
        """Tasks that are over, oldest first."""
        self._alive: bool = False
        self._was_dead = False
        self._pressed: dict[str, int] = {}

    @property
    def terms(self) -> frozenset[str]:
        """What the tasks read of the state."""
        return TERMS.union(*(task.terms() for task in self.tasks))

    @property
    def task(self) -> Task | None:
        """The one at hand; None when there is none left."""
        return self.tasks[0] if self.tasks else None

    def decide(self, state: GameState) -> Decision | None:
        decision = self._inner.decide(state)
        task = self.task
        if task is not None and (task.how == "play" or state.number("in_combat") == 1):
            return decision
        if decision is not None and (not decision.actions or self._quiet(decision, state)):
            return decision
        used = None if task is None else self._use(task, state)
        if used is not None or decision is None:
            return used
        return Decision("idle", decision.rule, f"{decision.ability} is held back: {task.name if task else 'no task'}")

    def _quiet(self, decision: Decision, state: GameState) -> bool:
        """Whether a decision of the rules begins nothing: no attack, no walk, no new target."""
        spell = self._spells.get(decision.ability)
        if spell is None:
            return False
        if spell.name in ("loot", "interact"):
            return state.number("target.dead") == 1
        return not spell.range_yd and not spell.hold_ms and not spell.name.startswith("target_")

    def _use(self, task: Task, state: GameState) -> Decision | None:
        for number, use in enumerate(task.use, 1):
            since_ns = state.t_ns - self._pressed.get(use.ability, -SECOND_NS * 3600)
            if since_ns < AGAIN_S * SECOND_NS or (use.when and not holds(use.when, state, self.progress.values())):
                continue
            action = self._press(use.ability)
            if action is not None:
                return Decision("rule", f"task.{number}", f"{task.name}: {use.when}", (action,), ability=use.ability)
        return None

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Count, and see whether the task is over."""
        self._inner.settle(state, decision, accepted)
        for action in accepted:
            self._pressed[action.ability] = state.t_ns
        task, progress = self.task, self.progress
        if task is None:
            return
        progress.began_ns = state.t_ns if progress.began_ns < 0 else progress.began_ns
        progress.seconds = (state.t_ns - progress.began_ns) / SECOND_NS
        self._count(task, state)
        if holds(task.until, state, progress.values()):
            self._over(True, f"{task.until} holds")
        elif progress.seconds >= task.limit_s:
            self._over(False, f"not done within {task.limit_s:g} s")

    def _count(self, task: Task, state: GameState) -> None:
        number, name = state.number, state.values.get("target.name")
        if number("target.exists") == 0:
            self._alive = False
        elif number("target.dead") == 0 and number("in_combat") == 1 and (number("target.reaction") or 0.0) <= 4:
            self._alive = True
        elif number("target.dead") == 1 and self._alive:
            self._alive = False
            self.progress.kills += not isinstance(name, str) or task.of.lower() in name.lower()
        dead = number("dead") == 1
        self.progress.deaths += dead and not self._was_dead
        self._was_dead = dead

    def _over(self, done: bool, why: str) -> None:
        self.outcomes.append(Outcome(self.tasks.pop(0), done, self.progress, why))
        self.progress = Progress()

    def snapshot(self) -> Snapshot:
        rows = {"tasks": [asdict(task) for task in self.tasks], "progress": asdict(self.progress)}
        return {"inner": self._inner.snapshot(), "alive": self._alive, "dead": self._was_dead, **rows}

    def restore(self, snapshot: Snapshot) -> None:
        data: Mapping[str, Any] = snapshot
        self._inner.restore(data["inner"])
        self._alive, self._was_dead = data["alive"], data["dead"]
        self.progress = Progress(**data["progress"])
        self.tasks = [Task(**{**row, "use": tuple(Use(**use) for use in row["use"])}) for row in data["tasks"]]


@dataclass(slots=True)
class Ledger:
    """What was tried, so that nothing is tried twice without progress."""

    failed: list[Outcome] = field(default_factory=list)

    def refuse(self, tasks: Sequence[Task]) -> str:
        """Why a new plan is refused; "" when it is worth a try."""
        for outcome in self.failed:
            same = [task for task in tasks if (task.until, task.how) == (outcome.task.until, outcome.task.how)]
            if same and not outcome.progress.kills:
                return f"{outcome.task.name!r} was tried without progress ({outcome.progress.told()})"
        return ""
