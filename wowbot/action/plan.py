"""When each key goes down and up: the arithmetic of taps, holds, chords, clicks and drags, without a thread or an OS."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from typing import Literal, NamedTuple

from wowbot.action.keys import MODIFIERS, WHEEL, Chord, parse_chord
from wowbot.core.action import Action

DRAG_STEPS = 8
DRAG_MS = 160
SCROLL_LINES = {"wheelup": 1, "wheeldown": -1}


class Op(NamedTuple):
    """One thing to do at the keyboard or mouse.

    Args:
        at: window client pixels, for move, scroll and the button of a click.
        amount: scroll lines, up positive.
    """

    kind: Literal["down", "up", "move", "scroll"]
    key: str = ""
    ability: str = ""
    at: tuple[int, int] | None = None
    amount: int = 0


class KeyPlan:
    """What is down, and what is due when.

    `start` gives what an action does at once, `due` what has come due since; the caller carries it out in that order. A
    key pressed with other modifiers than those that are down ends them first: `3` right after `shift-2` is not `shift-3`.

    Args:
        tap_ms: how long a tapped key stays down. A game that polls its keyboard once a frame at 30 fps misses less than 34.
    """

    def __init__(self, tap_ms: int = 40) -> None:
        self._tap_ns = tap_ms * 1_000_000
        self._heap: list[tuple[int, int, Op]] = []
        self._order = itertools.count()
        self._up_at: dict[str, int] = {}
        self._ability: dict[str, str] = {}

    @property
    def down(self) -> tuple[str, ...]:
        """Keys and buttons that are down, oldest first."""
        return tuple(self._up_at)

    @property
    def next_due_ns(self) -> int | None:
        """When `due` has something to give; None = never."""
        return self._heap[0][0] if self._heap else None

    def start(self, action: Action, now_ns: int) -> list[Op]:
        """The first steps of an action.

        Raises:
            ActionError: its key is none.
        """
        if action.kind == "move":
            return [Op("move", at=action.at)]
        if action.kind == "scroll":
            return [Op("scroll", ability=action.ability, at=action.at, amount=action.amount)]
        chord = chord_of(action)
        if action.kind == "release":
            return self._lift([chord.key, *chord.mods])
        if action.kind == "drag":
            return self._drag(action, chord, now_ns)
        hold_ns = action.hold_ms * 1_000_000
        if hold_ns and chord.key in self._up_at and action.kind == "key":
            self._keep_down([key for key in (chord.key, *chord.mods[::-1]) if key in self._up_at], now_ns + hold_ns)
            return []
        return self._press(chord, action, now_ns, hold_ns or self._tap_ns)

    def due(self, now_ns: int) -> list[Op]:
        """Steps whose time has come, in order."""
        ops: list[Op] = []
        while self._heap and self._heap[0][0] <= now_ns:
            due_ns, _, op = heapq.heappop(self._heap)
            if op.kind != "up":
                ops.append(op)
            elif self._up_at.get(op.key) == due_ns:  # else it was lifted already, or is held longer
                ops += self._lift([op.key])
        return ops

    def release_all(self) -> list[Op]:
        """Forget what is planned and lift everything, newest first."""
        self._heap.clear()
        return self._lift(list(reversed(self._up_at)))

    def refused(self, ops: Sequence[Op]) -> None:
        """The steps given out last were not carried out: their keys did not go down."""
        for op in ops:
            if op.kind == "down":
                self._up_at.pop(op.key, None)

    def _press(self, chord: Chord, action: Action, now_ns: int, hold_ns: int) -> list[Op]:
        others = [m for m in MODIFIERS if m in self._up_at and m not in chord.mods]
        ops = self._lift([chord.key, *others])
        if action.at is not None:
            ops.append(Op("move", at=action.at))
        ops += [Op("down", m) for m in chord.mods if m not in self._up_at]
        if chord.key in WHEEL:
            self._keep_down(chord.mods[::-1], now_ns + hold_ns)
            return [*ops, Op("scroll", ability=action.ability, amount=SCROLL_LINES[chord.key])]
        self._ability[chord.key] = action.ability
        self._keep_down((chord.key, *chord.mods[::-1]), now_ns + hold_ns)
        return [*ops, Op("down", chord.key, action.ability, action.at)]

    def _keep_down(self, keys: Sequence[str], until_ns: int) -> None:
        """Down at least until then; those that end together come up in this order."""
        for key in keys:
            if self._up_at.get(key, -1) < until_ns:
                self._lift_at(key, until_ns)

    def _lift_at(self, key: str, t_ns: int) -> None:
        self._up_at[key] = t_ns
        heapq.heappush(self._heap, (t_ns, next(self._order), Op("up", key)))

    def _lift(self, keys: Sequence[str]) -> list[Op]:
        found = [key for key in keys if key in self._up_at]
        for key in found:
            del self._up_at[key]
        return [Op("up", key, self._ability.pop(key, "")) for key in found]

    def _drag(self, action: Action, chord: Chord, now_ns: int) -> list[Op]:
        (x0, y0), (x1, y1) = action.at or (0, 0), action.to or (0, 0)
        total_ns = (action.hold_ms or DRAG_MS) * 1_000_000
        ops = self._press(chord, action, now_ns, total_ns)
        for step in range(1, DRAG_STEPS + 1):
            share = step / DRAG_STEPS
            at = (round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share))
            due_ns = now_ns + int(total_ns * 0.9 * share)
            heapq.heappush(self._heap, (due_ns, next(self._order), Op("move", at=at)))
        return ops


def chord_of(action: Action) -> Chord:
    """The chord of an action, whose key may itself be written as one; the button of a click defaults to the left.

    Raises:
        ActionError: not a key.
    """
    if action.kind in ("click", "drag") and action.key in ("", "left", "right"):
        return Chord(action.mods, action.key or "left")
    chord = parse_chord(action.key)
    return Chord(tuple(m for m in MODIFIERS if m in (*chord.mods, *action.mods)), chord.key)
