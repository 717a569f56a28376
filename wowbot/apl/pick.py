"""What a scan ends with."""

from __future__ import annotations

from typing import NamedTuple

from wowbot.apl.program import Line
from wowbot.core.action import TraceLine


class Pick(NamedTuple):
    """What ended a scan.

    Args:
        line: the line; None = a run_action_list that had nothing ready.
        target: index of the enemy.
        wait_s: seconds to idle instead of acting.
        step: index within a sequence.
        stop: end the channel that this line began.
        again: the scan begins anew (a list was swapped, a sequence restarted).
    """

    line: Line | None
    target: int = 0
    wait_s: float | None = None
    step: int = -1
    again: bool = False
    stop: bool = False

    @property
    def action(self) -> str:
        """The chosen ability's head, "" for a wait."""
        if self.line is None or self.wait_s is not None:
            return ""
        return (self.line.steps[self.step] if self.step >= 0 else self.line).entry.action


STOP, AGAIN = Pick(None), Pick(None, again=True)
"""Nothing may be done; the scan begins anew."""


class Outcome(NamedTuple):
    """The answer of one scan."""

    pick: Pick | None
    unknown: tuple[str, ...]
    consults: tuple[Line, ...]
    trace: tuple[TraceLine, ...]
