"""A policy round an inner policy that knows nothing, and a loop that drives it as the agent does."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wowbot.core.action import IDLE, Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.event import Event, Mailbox
from wowbot.core.frame import Frame
from wowbot.core.state import GameState
from wowbot.decision.llm.asker import Asker
from wowbot.decision.llm.policy import LlmPolicy
from wowbot.decision.llm.tools import Toolbox
from wowbot.decision.profile import ModelFacts

SPELLS = {
    spell.name: spell
    for spell in (
        Spell("frostbolt", key="1", slot="main.1", cast_s=2.5, range_yd=36.0),
        Spell("fire_blast", key="4", slot="main.4", cooldown_s=8.0, range_yd=20.0),
        Spell("shoot", key="=", slot="main.12", range_yd=30.0),
        Spell("ice_barrier", key="0", slot="main.10", cooldown_s=30.0),
        Spell("accept", click="popup.button1", gcd_s=0.0, cooldown_s=2.0),
        Spell("target_nearest", key="tab", gcd_s=0.0),
        Spell("logout", key="f12", gcd_s=0.0),
    )
}
ALLOWED = ("frostbolt", "fire_blast", "shoot", "ice_barrier", "accept", "target_nearest")
FIGHT: Mapping[str, Any] = {
    "in_combat": 1.0, "dead": 0.0, "ghost": 0.0, "popup.open": 0.0, "target.exists": 1.0, "target.dead": 0.0,
    "target.health.pct": 60.0, "health.pct": 80.0, "cast.active": 0.0, "gcd.remains": 0.0, "moving": 0.0,
    "cooldown.fire_blast.remains": 5.0, "action.shoot.in_range": 0.0, "action.frostbolt.in_range": 1.0,
}  # fmt: skip
"""fire_blast is on cooldown, shoot out of range, frostbolt ready."""
DIALOG: Mapping[str, Any] = {**FIGHT, "in_combat": 0.0, "target.exists": 0.0, "popup.open": 1.0}
FACTS = ModelFacts(
    backend="scripted", triggers=("unknown_dialog", "idle_in_combat"), timeout_s=0.5, idle_in_combat_s=0.1,
    requests_per_minute=60,
)  # fmt: skip


class Quiet:
    """An inner policy with nothing to say, and rules whose consult lines never hold."""

    consults = ()

    def decide(self, state: GameState) -> Decision | None:
        return None

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Nothing."""

    def snapshot(self) -> Mapping[str, Any]:
        return {}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Nothing."""


def press(name: str) -> Action:
    spell = SPELLS[name]
    return Action("click", "left", at=(5, 5), ability=name) if spell.click else Action("key", spell.key, ability=name)


@dataclass
class Loop:
    """Drives a policy; `values` may be changed between ticks."""

    asker: Asker
    mailbox: Mailbox
    facts: ModelFacts = FACTS
    values: dict[str, Any] = field(default_factory=lambda: dict(FIGHT))
    inner: Any = field(default_factory=Quiet)
    events: list[Event] = field(default_factory=list)
    sent: list[Action] = field(default_factory=list)
    ticks: int = 0
    t_ns: int = 1_000_000_000

    def __post_init__(self) -> None:
        self.policy = LlmPolicy(self.inner, self.inner, Toolbox(SPELLS, ALLOWED, ()), press, self.facts)
        self.policy.connect(self.asker, None)

    def tick(self, dt_s: float = 0.05) -> Decision:
        """One pass, `dt_s` of frame time after the last."""
        self.t_ns += int(dt_s * 1e9)
        state = GameState(self.ticks, self.t_ns, dict(self.values))
        events = self.mailbox.take(self.ticks)
        self.events += events
        self.policy.hear(Frame(self.ticks, self.t_ns, None, "test"), events)
        decision = self.policy.decide(state) or IDLE
        self.sent += decision.actions
        self.policy.settle(state, decision, decision.actions)
        self.ticks += 1
        return decision

    def phases(self, phase: str) -> list[Mapping[str, Any]]:
        """The payloads of one phase so far."""
        return [event.payload for event in self.events if event.payload.get("phase") == phase]

    def until_settled(self, patience_s: float = 20.0) -> Mapping[str, Any]:
        """Tick on the machine's clock until a question has its final verdict; returns that."""
        end, last = time.monotonic() + patience_s, time.monotonic()
        while time.monotonic() < end:
            now = time.monotonic()
            self.tick(now - last)
            last = now
            final = [v for v in self.phases("verdict") if v["verdict"] in ("accepted", "refused", "failed", "void")]
            if final:
                return final[0]
            time.sleep(0.005)
        raise AssertionError(f"no verdict within {patience_s:g} s; events: {[e.payload for e in self.events]}")
