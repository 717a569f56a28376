"""State, decision and guard: the part of an agent that is the same in every world."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wowbot.agent import Agent
from wowbot.build.model import connect_model, make_model
from wowbot.build.rig import Rig, RunOptions
from wowbot.core.clock import Clock
from wowbot.core.event import Mailbox, Runner
from wowbot.core.layout import Layout
from wowbot.core.protocols import ActionSink, FrameSource, Listener, Perception, Policy, Tracker
from wowbot.decision.profile import Profile
from wowbot.report import RunReport

if TYPE_CHECKING:
    from wowbot.decision.llm.policy import LlmPolicy
    from wowbot.decision.rules import RulesPolicy
    from wowbot.decision.stop import StopWatch
    from wowbot.decision.stuck import StuckWatch


@dataclass(frozen=True, slots=True)
class Parts:
    """What differs between the worlds."""

    source: FrameSource
    perception: Perception
    sink: ActionSink
    clock: Clock
    mailbox: Mailbox
    runner: Runner
    icons: Collection[str] | None = None
    """Names of the icons perception can tell; None = all."""
    lockstep: bool = False
    """A model is waited for and answers after a fixed game time: the training ground at full speed."""


def assemble(profile: Profile, options: RunOptions, parts: Parts, layout: Layout) -> Rig:
    """The part that is the same in every world: state, decision, guard, taps."""
    from wowbot.decision.guard import SafetyGuard

    tracing = options.trace or options.record is not None
    mind = make_mind(profile, layout, parts.icons, trace=tracing)
    guard = SafetyGuard(profile.facts.guard, profile.bindings.spells, mind.stop)
    report = RunReport(dry_run=options.dry_run)
    agent = Agent(
        parts.source, parts.perception, mind.tracker, mind.policies, guard, parts.sink, parts.clock, parts.mailbox,
        parts.runner, layout.id, profile.id, [report], mind.listeners,
    )  # fmt: skip
    rig = Rig(agent, profile, layout, "", "", report, guard, mind.rules)
    if mind.model is not None:
        connect_model(rig, mind.model, mind.stuck, parts.mailbox, lockstep=parts.lockstep)
    return rig


@dataclass(frozen=True, slots=True)
class Mind:
    """What turns readings into decisions, live and in a replay."""

    tracker: Tracker
    policies: list[Policy]
    rules: RulesPolicy
    stop: StopWatch
    stuck: StuckWatch
    model: LlmPolicy | None = None

    @property
    def listeners(self) -> tuple[Listener, ...]:
        return () if self.model is None else (self.model,)


def make_mind(profile: Profile, layout: Layout | None, icons: Collection[str] | None, *, trace: bool) -> Mind:
    """Tracker and policies. Args: icons: what perception can tell apart; None = everything."""
    from wowbot.decision.confirm import ConfirmPolicy
    from wowbot.decision.guard import TERMS
    from wowbot.decision.rules import RulesPolicy
    from wowbot.decision.stop import StopWatch
    from wowbot.decision.stuck import StuckWatch
    from wowbot.state.tracker import StateTracker

    rules = RulesPolicy(profile, trace=trace)
    if layout is not None:
        rules.set_layout(layout)
    spells = profile.bindings.spells
    stuck = StuckWatch(profile.facts.remedies, spells)
    confirm = ConfirmPolicy(rules, spells)
    stop = StopWatch(profile.facts.stop, stuck)
    wanted = rules.terms | confirm.terms | stuck.terms | stop.terms | TERMS
    model = make_model(profile, rules, confirm, stuck, layout)
    if model is not None:
        wanted |= model.terms
    return Mind(StateTracker(profile.bindings, wanted, icons), [stuck, model or confirm], rules, stop, stuck, model)


def null_sink(clock: Clock) -> ActionSink:
    """Presses nothing: dry runs."""
    from wowbot.action.sinks import SINKS

    sink: ActionSink = SINKS.load("null")(clock)
    return sink
