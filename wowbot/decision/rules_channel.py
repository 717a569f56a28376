"""What may happen while a channel runs: `cancel_if`, `interrupt_if`, `chain` and `early_chain_if` of the line that began it.

Source: SimulationCraft's dot.cpp (channel interrupt). There they are tested at each tick of the spell; the screen does not
show the ticks, so here they are tested on every state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.apl.pick import Pick
from wowbot.apl.program import Line
from wowbot.apl.scanner import Scanner
from wowbot.core.protocols import Snapshot
from wowbot.decision.rules_keys import Keys

STARTS_WITHIN_S = 1.0
"""A channel whose bar has not shown by then did not begin."""
TICKS = 5
"""Ticks of a channel: the last one begins when a fifth is left (most WotLK channels have three to five)."""


class Channels:
    """Follows the channel under way and says what its line allows."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._rule, self._began_s, self._seen = "", 0.0, False

    def fired(self, pick: Pick, now_s: float) -> None:
        """A key went out: a spell with `channel_s` begins a channel, any other ends it."""
        line = pick.line
        spell = None if line is None else self._keys.spell(line)
        channels = line is not None and spell is not None and spell.channel_s > 0 and not pick.stop
        self._rule, self._began_s, self._seen = (line.rule if line and channels else ""), now_s, False

    def line(self, scanner: Scanner, values: Mapping[str, Any], now_s: float) -> Line | None:
        """The line whose channel is running now."""
        if not self._rule:
            return None
        if values["cast.active"] == 1:
            self._seen = True
            return scanner.lines.get(self._rule)
        if values["cast.active"] == 0 and (self._seen or now_s - self._began_s > STARTS_WITHIN_S):
            self._rule = ""
        return None

    def cancels(self, line: Line, scanner: Scanner, values: Mapping[str, Any]) -> bool:
        """`cancel_if` holds: stop at once."""
        return _holds(line, "cancel_if", scanner, values)

    def interrupts(self, line: Line, scanner: Scanner, values: Mapping[str, Any]) -> bool:
        """Whether something more urgent may break the channel now."""
        entry = line.entry
        free = not values["gcd.remains"] or entry.flag("interrupt_immediate")
        return free and (entry.flag("interrupt") or _holds(line, "interrupt_if", scanner, values))

    def chains(self, line: Line, scanner: Scanner, values: Mapping[str, Any]) -> bool:
        """Whether the same channel may be begun again now."""
        spell, left = self._keys.spell(line), values["cast.remains"]
        if spell is None or values["gcd.remains"]:
            return False
        last = line.entry.flag("chain") and left is not None and left <= spell.channel_s / TICKS
        return last or _holds(line, "early_chain_if", scanner, values)

    def snapshot(self) -> Snapshot:
        return {"rule": self._rule, "began_s": self._began_s, "seen": self._seen}

    def restore(self, snapshot: Snapshot) -> None:
        self._rule, self._began_s = str(snapshot["rule"]), float(snapshot["began_s"])
        self._seen = bool(snapshot["seen"])


def _holds(line: Line, option: str, scanner: Scanner, values: Mapping[str, Any]) -> bool:
    node = line.exprs.get(option)
    return node is not None and scanner.compiled(node, condition=True)(values, scanner.memory.variables) is True
