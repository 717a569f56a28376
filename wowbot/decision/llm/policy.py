"""The policy round the rules: they go on playing, and where they have nothing to do an accepted answer is carried out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from wowbot.apl.entries import Entry
from wowbot.core.action import Action, Decision
from wowbot.core.event import Event
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout
from wowbot.core.protocols import Policy, Snapshot
from wowbot.core.state import GameState
from wowbot.decision.llm import plan as plans
from wowbot.decision.llm import prompt, when
from wowbot.decision.llm.answer import Checked, Step, check
from wowbot.decision.llm.asker import KIND, Asker
from wowbot.decision.llm.bounds import Bounds
from wowbot.decision.llm.talk import Question, Reply, ToolCall, failed, reply_from
from wowbot.decision.llm.tools import Toolbox
from wowbot.decision.profile import ModelFacts

SECOND_NS = 1_000_000_000
CORRECTIONS = 2
GRACE_S = 1.0
"""A reply may take this much longer than the back-end's own deadline before the loop gives it up."""
AGAIN_S = 3.0
"""The same topic rests so long after an answer."""
CACHE_S = 120.0
RECENT = 8


class Rules(Protocol):
    """What is needed of RulesPolicy."""

    @property
    def consults(self) -> tuple[Entry, ...]: ...


@dataclass(slots=True)
class Open:
    """A question under way."""

    call: int
    topic: str
    why: str
    asked_ns: int
    situation: dict[str, float]
    messages: tuple[dict[str, str], ...]
    corrections: int = 0
    signature: str = ""


@dataclass(slots=True)
class Memory:
    """All that LlmPolicy keeps between ticks; JSON-able."""

    calls: int = 0
    rest_until: dict[str, int] = field(default_factory=dict)
    recent: list[tuple[int, str]] = field(default_factory=list)
    goal: str = ""
    cache: dict[str, tuple[int, str, str]] = field(default_factory=dict)


class LlmPolicy:
    """Implements core Policy round the policy that scans the rules.

    Wiring: `policies = [StuckWatch(...), LlmPolicy(ConfirmPolicy(RulesPolicy(...)), ...)]`, and as a listener of the agent,
    so that replies reach it by `hear`. Pass `terms` to the tracker with the rules' own.

    Args:
        inner: decides first; its actions always stand.
        rules: says which consult lines held.
        tools: the abilities a model may use.
        press: an ability's name -> what is sent for it, None where it cannot be (no such region).
        facts: the profile's [llm].
    """

    def __init__(
        self, inner: Policy, rules: Rules, tools: Toolbox, press: Callable[[str], Action | None], facts: ModelFacts,
    ) -> None:  # fmt: skip
        self._inner, self._rules, self._tools, self._press, self._facts = inner, rules, tools, press, facts
        self._asker: Asker | None = None
        self._when = when.When(facts, None)
        self.bounds = Bounds(facts)
        self.memory = Memory(goal=facts.goal)
        self._open: dict[str, Open] = {}
        self._plan: plans.Plan | None = None
        self._step: Step | None = None
        self._arrived: deque[Mapping[str, Any]] = deque()
        self._frame: Frame | None = None
        self._layout: Layout | None = None

    def connect(self, asker: Asker, stuck: when.Stuck | None) -> None:
        """Hand over who carries questions out, and who knows when the agent is stuck."""
        self._asker, self._when = asker, when.When(self._facts, stuck)

    @property
    def terms(self) -> frozenset[str]:
        """What deciding, checking and telling read of the state."""
        return self._tools.terms | when.TERMS | plans.TERMS | frozenset(prompt.ALWAYS) | {"zone", "error.text"}

    def set_layout(self, layout: Layout) -> None:
        """Where a dialog's picture is."""
        self._layout = layout

    def hear(self, frame: Frame, events: Sequence[Event]) -> None:
        """Replies among the events of this tick; the frame for a picture."""
        self._frame = frame
        for event in events:
            if event.kind == KIND and event.payload.get("phase") == "answer":
                self._arrived.append(event.payload)

    def decide(self, state: GameState) -> Decision | None:
        """The rules' decision where it acts, else the next step of an accepted answer."""
        decision = self._inner.decide(state)
        while self._arrived:
            self._answered(self._arrived.popleft(), state)
        self._step = None
        if self._plan is None or (decision is not None and decision.actions):
            return decision
        return self._next(self._plan, state) or decision

    def _next(self, plan: plans.Plan, state: GameState) -> Decision | None:
        step = plan.next(state, self._tools)
        if plan.ended:
            self._end(plan, state)
        if step is None:
            return None
        action = self._press(step.ability)
        if action is None:
            plan.ended = f"{step.ability} cannot be pressed: its place is not in the layout"
            self._end(plan, state)
            return None
        self._step = step
        number = f"step {plan.index + 1} of {len(plan.steps)}, try {plan.tries + 1}"
        reason = f"answer {plan.call} to {plan.topic!r}: {number}"
        return Decision("llm", plan.topic, reason, (action,), ability=step.ability)

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Note what went out, see whether a question is due, let time pass for those under way."""
        self._inner.settle(state, decision, accepted)
        if accepted:
            self._note(state, f"{decision.ability} ({decision.source} {decision.rule})")
        if decision.source == "llm" and accepted and self._plan is not None and self._step is not None:
            self._plan.took(state)
        consults = self._rules.consults if decision.source != "remedy" else ()
        for trigger in self._when.look(state, decision, tuple(accepted), consults):
            self._consider(trigger, state)
        for question in [q for q in self._open.values() if state.t_ns - q.asked_ns > self._patience_ns]:
            self._give_up(question, state)
        if self._asker is not None:
            self._asker.advance(state.t_ns)

    @property
    def _patience_ns(self) -> int:
        return int((self._facts.timeout_s + GRACE_S) * SECOND_NS)

    def _consider(self, trigger: when.Trigger, state: GameState) -> None:
        """Ask, unless that is under way, was just done, or may not be."""
        topic = trigger.topic
        busy = topic in self._open or (self._plan is not None and self._plan.topic == topic)
        if busy or state.t_ns < self.memory.rest_until.get(topic, 0):
            return
        refused = self.bounds.refuse(topic, state.t_ns)
        if refused:
            self._rest(topic, state)
            self._tell(state, {"phase": "held back", "call": 0, "topic": topic, "why": refused})
            return
        recent = [f"{(state.t_ns - t) / 1e9:.1f} s ago: {text}" for t, text in self.memory.recent]
        text = prompt.question_text(trigger.why, state, recent, self.memory.goal, self._facts.share_names)
        question = Open(0, topic, trigger.why, state.t_ns, when.situation(topic, state), prompt.first_messages(text))
        question.signature = self._signature(topic, state)
        kept = self.memory.cache.get(question.signature)
        if kept is not None and state.t_ns - kept[0] < CACHE_S * SECOND_NS:
            self._from_cache(question, kept, state)
        else:
            self._ask(question, state)

    def _ask(self, question: Open, state: GameState) -> None:
        facts = self._facts
        self.memory.calls += 1
        question.call, question.asked_ns = self.memory.calls, state.t_ns
        self._open[question.topic] = question
        self.bounds.asked(state.t_ns)
        shown = bool(facts.vision_model) and facts.share_names
        dialog = question.topic == "unknown_dialog"
        model = facts.vision_model if shown else facts.model
        see: Any = "vision" if shown else "text" if dialog else "none"
        sent = Question(
            question.call, question.topic, question.messages, self._tools.schemas(), model, facts.timeout_s, see
        )  # fmt: skip
        asked = {"phase": "asked", "call": question.call, "topic": question.topic, "why": question.why, "model": model}
        self._tell(state, asked | {"said": question.messages[-1]["content"], "see": see})
        if self._asker is not None:
            self._asker.ask(sent, state.index, state.t_ns, self._picture(dialog) if see != "none" else None)

    def _picture(self, dialog: bool) -> Image | None:
        """The dialog, or the whole frame."""
        image = None if self._frame is None else self._frame.image
        region = None if self._layout is None or not dialog else self._layout.regions.get("popup")
        return image if image is None or region is None else region.rect.crop(image)

    def _from_cache(self, question: Open, kept: tuple[int, str, str], state: GameState) -> None:
        """The same situation was answered lately, and that answer worked."""
        self.memory.calls += 1
        question.call = self.memory.calls
        self._open[question.topic] = question
        self._arrived.append({
            "phase": "answer", "call": question.call, "topic": question.topic, "model": "cache",
            "calls": [{"name": kept[1], "arguments": kept[2]}],
        })  # fmt: skip
        self._tell(state, {"phase": "cached", "call": question.call, "topic": question.topic, "why": question.why})

    def _answered(self, payload: Mapping[str, Any], state: GameState) -> None:
        """Check a reply against the question it is for and the present state."""
        question = self._open.get(str(payload.get("topic")))
        call = int(payload.get("call", 0))
        if question is None or question.call != call:
            self._verdict(call, str(payload.get("topic")), "void", "it came too late", state)
            return
        reply = reply_from(payload)
        del self._open[question.topic]
        self.bounds.answered(question.topic, reply, state.t_ns)
        gone = self._when.still(question.topic, question.situation, state)
        if reply.error_class:
            self._verdict(call, question.topic, "failed", f"{reply.error_class}: {reply.error}", state)
        elif gone:
            self._verdict(call, question.topic, "void", gone, state)
        else:
            self._judge(question, reply, check(reply, self._tools, state), state)

    def _judge(self, question: Open, reply: Reply, checked: Checked, state: GameState) -> None:
        if checked.refused:
            self._refused(question, reply, checked.refused, state)
            return
        if checked.steps and self._plan is None:
            call = reply.calls[0]
            self.memory.cache.pop(question.signature, None)
            self._plan = plans.Plan(
                question.call, question.topic, list(checked.steps), state.t_ns,
                question.signature, call.name, call.arguments,
            )  # fmt: skip
            told = ", ".join(step.ability for step in checked.steps)
        else:
            told = f"wait {checked.wait_s:g} s" if checked.wait_s else "another plan is under way"
            self._rest(question.topic, state, checked.wait_s)
        self._verdict(question.call, question.topic, "accepted", told, state)

    def _refused(self, question: Open, reply: Reply, why: str, state: GameState) -> None:
        """Send it back with the reason, at most twice."""
        more = question.corrections < CORRECTIONS and not self.bounds.refuse(question.topic, state.t_ns)
        self._verdict(question.call, question.topic, "sent back" if more else "refused", why, state)
        if more:
            said = _said(reply.calls) or reply.text
            question.messages = prompt.corrected(question.messages, said, why)
            question.corrections += 1
            self._ask(question, state)

    def _give_up(self, question: Open, state: GameState) -> None:
        del self._open[question.topic]
        self.bounds.answered(question.topic, failed("timeout", "no reply"), state.t_ns)
        waited_s = (state.t_ns - question.asked_ns) / 1e9
        self._verdict(question.call, question.topic, "failed", f"timeout: no reply within {waited_s:.1f} s", state)

    def _end(self, plan: plans.Plan, state: GameState) -> None:
        """A plan is over: remember how, for the recording and for the next question."""
        worked = plan.ended.startswith("done")
        if worked and plan.signature:
            self.memory.cache[plan.signature] = (state.t_ns, plan.tool, plan.arguments)
        self._tell(state, {
            "phase": "effect", "call": plan.call, "topic": plan.topic, "effect": plan.ended,
            "steps": [step.ability for step in plan.steps],
        })  # fmt: skip
        self._note(state, f"your answer {', '.join(s.ability for s in plan.steps)}: {plan.ended}")
        self._rest(plan.topic, state)
        self._plan = None

    def _signature(self, topic: str, state: GameState) -> str:
        """What makes two situations the same; a dialog's text is not in the state, so that topic has none."""
        if topic == "unknown_dialog":
            return ""
        target, health = state.number("target.exists"), state.number("health.pct")
        band = None if health is None else int(health // 20)
        return f"{topic} {sorted(when.situation(topic, state).items())} {target} {band} {self.memory.goal}"

    def _verdict(self, call: int, topic: str, verdict: str, why: str, state: GameState) -> None:
        if verdict not in ("accepted", "sent back"):
            self._rest(topic, state)
        self._tell(state, {"phase": "verdict", "call": call, "topic": topic, "verdict": verdict, "why": why})

    def _rest(self, topic: str, state: GameState, seconds: float = 0.0) -> None:
        self.memory.rest_until[topic] = state.t_ns + int(max(AGAIN_S, seconds) * SECOND_NS)

    def _note(self, state: GameState, text: str) -> None:
        self.memory.recent = [*self.memory.recent, (state.t_ns, text)][-RECENT:]

    def _tell(self, state: GameState, payload: Mapping[str, Any]) -> None:
        if self._asker is not None:
            self._asker.tell(state.index, payload)

    def snapshot(self) -> Snapshot:
        return {
            "inner": self._inner.snapshot(), "memory": asdict(self.memory), "bounds": self.bounds.snapshot(),
            "when": self._when.snapshot(), "open": [asdict(question) for question in self._open.values()],
            "plan": None if self._plan is None else self._plan.as_json(),
        }  # fmt: skip

    def restore(self, snapshot: Snapshot) -> None:
        data: Mapping[str, Any] = snapshot
        self._inner.restore(data["inner"])
        memory = data["memory"]
        self.memory = Memory(**{
            **memory, "recent": [(t, text) for t, text in memory["recent"]],
            "cache": {name: (t, tool, given) for name, (t, tool, given) in memory["cache"].items()},
        })  # fmt: skip
        self.bounds.restore(data["bounds"])
        self._when.restore(data["when"])
        self._open = {q["topic"]: Open(**{**q, "messages": tuple(q["messages"])}) for q in data["open"]}
        self._plan = None if data["plan"] is None else plans.plan_from(data["plan"])


def _said(calls: Sequence[ToolCall]) -> str:
    return "; ".join(f"{call.name}({call.arguments})" for call in calls)
