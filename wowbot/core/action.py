"""What the agent wants done, and what really happened at the keyboard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

ActionKind = Literal["key", "click", "move", "drag", "scroll", "release"]


@dataclass(frozen=True, slots=True)
class Action:
    """One wish for the sink.

    Args:
        kind: "key" tap or hold of `key` with `mods`; "click" `key` = "left" | "right" | "middle" | "mouse4" ... at `at`;
            "move" the pointer to `at`; "drag" with the button from `at` to `to`; "scroll" by `amount` lines at `at`;
            "release" a held `key`.
        key: key name as in wowbot.action.keys ("2", "f5", "numpad3", "space").
        mods: any of "shift", "ctrl", "alt", in that order.
        at, to: window client pixels.
        hold_ms: 0 = tap.
        amount: scroll lines, up positive.
        ability: the spell or action name this serves.
    """

    kind: ActionKind
    key: str = ""
    mods: tuple[str, ...] = ()
    at: tuple[int, int] | None = None
    to: tuple[int, int] | None = None
    hold_ms: int = 0
    amount: int = 0
    ability: str = ""


class KeyEvent(NamedTuple):
    """A key or button that really went down or up. `t_ns` is on the agent's clock."""

    t_ns: int
    key: str
    down: bool
    ability: str = ""


Source = Literal["rule", "repeat", "llm", "remedy", "manual", "idle"]
LineVerdict = Literal["fired", "false", "unknown", "not_ready", "called", "skipped"]


class TraceLine(NamedTuple):
    """Why one line of the list did or did not fire.

    Args:
        rule: "<list>.<n>", n counting from 1.
        verdict: fired | false | unknown | not_ready | called | skipped.
        why: each decisive term with its value, e.g. "health.pct=81 < 40 is false".
    """

    rule: str
    verdict: LineVerdict
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one state, and why.

    Args:
        source: who decided.
        rule: "<list>.<n>" or the topic of a model's answer; "" when idle.
        reason: one line for people, e.g. "health.pct=31 < 40".
        actions: in order; empty = do nothing.
        trace: the lines looked at, first to last; empty where tracing is off.
        ability: the ability chosen, "" for none.
        target: index into GameState.targets.
        wait_s: the list asked to wait this long (pool_resource, wait); None otherwise.
        unknown: the terms whose being unknown kept a line from firing.
    """

    source: Source
    rule: str = ""
    reason: str = ""
    actions: tuple[Action, ...] = ()
    trace: tuple[TraceLine, ...] = ()
    ability: str = ""
    target: int = 0
    wait_s: float | None = None
    unknown: tuple[str, ...] = ()


IDLE = Decision("idle")


class Veto(NamedTuple):
    """Why the guard held an action back: a short cause for counting, a detail for people."""

    cause: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The guard's answer: what may go out, what was held back, and whether held keys must go up."""

    actions: tuple[Action, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    release: bool = False
    stop: str = field(default="")
    """Not empty: the run must end now, and why."""
