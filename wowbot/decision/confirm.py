"""Seeing that a tap took, and repeating one that the game dropped.

A game drops keys: during a loading stutter, in the last moments of another cast, while the character turns. The screen
tells: a cast bar starts, a cooldown or the global cooldown starts. Until then, or until it is clear that nothing comes,
the same key is not pressed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from wowbot.core.action import Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.protocols import Policy, Snapshot
from wowbot.core.state import GameState

RISE_S = 0.1
"""A remaining time that grew by more than this has started anew."""
SECOND_NS = 1_000_000_000


@dataclass(slots=True)
class Pending:
    """A tap that waits to be seen.

    Args:
        ability: what was pressed.
        sent_ns: frame time of the last press.
        tries: presses so far.
        last: the confirming terms at the last frame; a rise above them is the proof.
    """

    ability: str
    sent_ns: int
    tries: int
    last: dict[str, float]


class ConfirmPolicy:
    """Implements core Policy around the policy that scans the rules.

    Wiring: `policies = [StuckWatch(...), ConfirmPolicy(RulesPolicy(...), profile.bindings.spells), ...]`. Pass `terms` to
    the tracker with the rules' own. While a tap waits for its proof, the inner policy goes on deciding: another ability
    passes, the same ability becomes idle ("waiting for ..."), and once `wait_s` has gone by without proof the inner
    decision goes out again with source "repeat". Nothing is repeated that the rules no longer want.

    Args:
        spells: those with `confirm` are watched.
        wait_s: how long the proof may take: latency to the server plus a frame or two.
        tries: presses in a row, the first included; after them the ability rests for `rest_s`.
    """

    def __init__(
        self, inner: Policy, spells: Mapping[str, Spell], wait_s: float = 0.4, tries: int = 3, rest_s: float = 1.0
    ) -> None:
        self._inner = inner
        self._spells = {name: spell for name, spell in spells.items() if spell.confirm}
        self._wait_ns = int(wait_s * SECOND_NS)
        self._rest_ns = int(rest_s * SECOND_NS)
        self._tries = tries
        self._pending: Pending | None = None
        self.dropped = 0
        """Taps that were pressed again."""

    @property
    def terms(self) -> frozenset[str]:
        """What the proofs need of the state."""
        return frozenset(term for spell in self._spells.values() for term in _proof_terms(spell))

    def decide(self, state: GameState) -> Decision | None:
        self._look(state)
        decision = self._inner.decide(state)
        pending = self._pending
        if decision is None or pending is None or not decision.actions or decision.ability != pending.ability:
            return decision
        waited_ns = state.t_ns - pending.sent_ns
        limit_ns = self._wait_ns if pending.tries < self._tries else self._rest_ns
        if waited_ns < limit_ns:
            reason = f"waiting {waited_ns / 1e9:.2f} s for {pending.ability} to show on the screen"
            return replace(decision, source="idle", actions=(), ability="", reason=reason)
        if pending.tries >= self._tries:
            self._pending = None
            return decision
        why = f"{pending.ability} did not show within {waited_ns / 1e9:.2f} s, try {pending.tries + 1} of {self._tries}"
        return replace(decision, source="repeat", reason=f"{why}; {decision.reason}")

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Note what went out."""
        self._inner.settle(state, decision, accepted)
        spell = self._spells.get(decision.ability)
        if spell is None or not any(action.ability == spell.name for action in accepted):
            return
        again = self._pending is not None and self._pending.ability == spell.name and decision.source == "repeat"
        tries = self._pending.tries + 1 if again and self._pending else 1
        self.dropped += again
        self._pending = Pending(spell.name, state.t_ns, tries, _proof(spell, state))

    def snapshot(self) -> Snapshot:
        pending = None if self._pending is None else asdict(self._pending)
        return {"inner": self._inner.snapshot(), "pending": pending, "dropped": self.dropped}

    def restore(self, snapshot: Snapshot) -> None:
        self._inner.restore(snapshot["inner"])
        pending: Mapping[str, Any] | None = snapshot["pending"]
        self._pending = None if pending is None else Pending(**pending)
        self.dropped = snapshot["dropped"]

    def _look(self, state: GameState) -> None:
        """Is the tap seen by now?"""
        pending = self._pending
        if pending is None:
            return
        now = _proof(self._spells[pending.ability], state)
        if any(value > pending.last.get(term, 0.0) + RISE_S for term, value in now.items()):
            self._pending = None
            return
        pending.last.update(now)


def _proof_terms(spell: Spell) -> tuple[str, ...]:
    if spell.confirm == "cast":
        return ("cast.active", "cast.pct", "cast.channel")
    if spell.confirm == "cooldown":
        return (f"cooldown.{spell.name}.remains",)
    return ("gcd.remains",)


def _proof(spell: Spell, state: GameState) -> dict[str, float]:
    """Known remaining times whose rise proves that the spell took; unknown ones prove nothing either way."""
    if spell.confirm != "cast":
        term = _proof_terms(spell)[0]
        value = state.number(term)
        return {} if value is None else {term: value}
    active, done, channel = state.number("cast.active"), state.number("cast.pct"), state.number("cast.channel")
    if active is None or (active and done is None):
        return {}
    left = 0.0 if not active or done is None else (done if channel else 100.0 - done) / 100.0
    return {"cast": left}
