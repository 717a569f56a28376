"""A sink that presses nothing: for `--dry-run` and for pictures from a folder."""

from __future__ import annotations

from typing import Any

from wowbot.action.plan import KeyPlan, Op
from wowbot.core.action import Action, KeyEvent
from wowbot.core.clock import Clock
from wowbot.core.errors import ActionError


class NullSink:
    """ActionSink "null": reports the key downs and ups that a real sink would have made, at the same times.

    Args:
        clock: the agent's clock.
        unused: what the other sinks take (target, watchdog, report), so that all are made alike.
    """

    def __init__(self, clock: Clock, *unused: Any, **unused_by_name: Any) -> None:
        self._clock = clock
        self._plan = KeyPlan()
        self._keys: list[KeyEvent] = []

    def send(self, action: Action) -> Action | None:
        """Take the action; None when its key is none."""
        now_ns = self._clock.now_ns()
        self._carry_out(self._plan.due(now_ns), now_ns)
        try:
            self._carry_out(self._plan.start(action, now_ns), now_ns)
        except ActionError:
            return None
        return action

    def drain(self) -> tuple[KeyEvent, ...]:
        """Downs and ups since the last call."""
        now_ns = self._clock.now_ns()
        self._carry_out(self._plan.due(now_ns), now_ns)
        keys, self._keys = tuple(self._keys), []
        return keys

    def release_all(self) -> None:
        self._carry_out(self._plan.release_all(), self._clock.now_ns())

    def close(self) -> None:
        self.release_all()

    def _carry_out(self, ops: list[Op], now_ns: int) -> None:
        self._keys += [
            KeyEvent(now_ns, op.key, op.kind == "down", op.ability) for op in ops if op.kind in ("down", "up")
        ]
