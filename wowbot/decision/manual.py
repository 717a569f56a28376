"""Abilities asked for from outside, one at a time, in front of all other policies; the guard sees them as any others."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wowbot.core.action import Action, Decision
from wowbot.core.bindings import Spell
from wowbot.core.protocols import Snapshot
from wowbot.core.state import GameState
from wowbot.core.tick import Tick
from wowbot.decision.llm.tools import Toolbox

SECOND_NS = 1_000_000_000
PATIENCE_NS = 3 * SECOND_NS
"""A wish waits so long for a cast, the global cooldown or the guard."""
MOST = 16
TRANSIENT = frozenset({"gcd", "cast", "same key", "budget"})
"""Vetoes that pass by themselves."""


@dataclass(slots=True)
class Wish:
    """One ability wanted.

    Args:
        ability: of the profile.
        accepted: the sink took it.
        told: what became of it; "" while it waits.
        done: set when it is over.
    """

    ability: str
    accepted: bool = False
    told: str = ""
    frame: int = -1
    since_ns: int = -1
    done: threading.Event = field(default_factory=threading.Event)

    def end(self, told: str, frame: int, accepted: bool = False) -> None:
        self.told, self.frame, self.accepted = told, frame, accepted
        self.done.set()


class ManualPolicy:
    """Implements core Policy; stands first. `ask` may be called from any thread.

    Args:
        spells: the profile's; press: an ability's name -> what is sent for it.
        playing: False keeps the policies behind this one from deciding anything.
    """

    def __init__(
        self, spells: Mapping[str, Spell], press: Callable[[str], Action | None], playing: bool = False
    ) -> None:
        self.tools = Toolbox(spells, (), spells)
        self.playing = playing
        self._press = press
        self._wishes: deque[Wish] = deque()
        self._now: Wish | None = None

    def ask(self, ability: str) -> Wish | None:
        """Queue an ability; None when too many wait already."""
        if len(self._wishes) >= MOST:
            return None
        wish = Wish(ability)
        self._wishes.append(wish)
        return wish

    def decide(self, state: GameState) -> Decision | None:
        self._now = None
        while self._wishes:
            wish = self._wishes[0]
            decision = self._try(wish, state)
            if not wish.done.is_set():
                self._now = wish if decision is not None else None
                if decision is not None:
                    return decision
                break
            self._wishes.popleft()
        return None if self.playing else Decision("idle", reason="no profile is being played")

    def _try(self, wish: Wish, state: GameState) -> Decision | None:
        """A decision for it, or None while it must wait; ends it when it cannot be."""
        wish.since_ns = state.t_ns if wish.since_ns < 0 else wish.since_ns
        late = state.t_ns - wish.since_ns > PATIENCE_NS
        if self.tools.busy(wish.ability, state) and not late:
            return None
        hindrance = self.tools.hindrance(wish.ability, state)
        action = None if hindrance or late else self._press(wish.ability)
        if action is None:
            why = hindrance or ("it waited too long" if late else "its place is not in the layout")
            wish.end(f"not sent: {why}", state.index)
            return None
        return Decision("manual", "act", "asked for from outside", (action,), ability=wish.ability)

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """The outcome is told by `on_tick`, which also knows the guard's veto."""

    def on_tick(self, tick: Tick) -> None:
        """Implements core Tap: tell the wish what became of it."""
        wish = self._now
        if wish is None or tick.decision.source != "manual":
            return
        if tick.accepted:
            wish.end("sent", tick.frame.index, accepted=True)
        else:
            vetoes = tick.verdict.vetoes
            if vetoes and vetoes[0].cause in TRANSIENT:
                return
            why = "; ".join(f"{v.cause}: {v.detail}" if v.detail else v.cause for v in vetoes)
            wish.end(f"held back by the guard: {why}" if why else "not taken by the sink", tick.frame.index)
        if self._wishes and self._wishes[0] is wish:
            self._wishes.popleft()

    def drop(self, why: str) -> None:
        """End everything that waits."""
        while self._wishes:
            self._wishes.popleft().end(why, -1)

    def close(self) -> None:
        """The run is over."""
        self.drop("not sent: the run has ended")

    def snapshot(self) -> Snapshot:
        return {"playing": self.playing}

    def restore(self, snapshot: Snapshot) -> None:
        self.playing = bool(snapshot["playing"])
