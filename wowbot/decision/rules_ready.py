"""What keeps a line back in live play beyond its own terms: the global cooldown, a running cast, movement, cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.apl.entries import Entry
from wowbot.apl.listcode import Pass
from wowbot.apl.pick import Pick
from wowbot.apl.program import PRECOMBAT, Line
from wowbot.core.protocols import Snapshot
from wowbot.decision.profile import Profile
from wowbot.decision.rules_keys import Keys

TARGET = frozenset({"target.exists", "target.dead", "target.reaction"})


class Readiness:
    """The live conditions. An unknown one does not hold a line back: the game refuses what it will not do.

    The global cooldown and casts are kept to the end, or to `guard.cast_lead_ms` before it for spells with `queue`.
    """

    def __init__(self, profile: Profile, keys: Keys) -> None:
        self._keys, self._spells = keys, profile.bindings.spells
        self._lead_s = profile.facts.guard.cast_lead_ms / 1000.0
        self._gcd = self._cast = 0.0
        self._prepared: set[str] = set()

    @property
    def terms(self) -> frozenset[str]:
        """Powers in points that spells cost, and what says whether there is a living target."""
        return TARGET | {spell.power for spell in self._spells.values() if spell.cost > 0}

    def off_gcd(self, entry: Entry) -> bool:
        """Whether the profile says that an entry's spell does not start or need the global cooldown."""
        spell = self._spells.get(self._keys.token(entry))
        return spell is not None and spell.gcd_s <= 0

    def look(self, values: Mapping[str, Any], *, channelling: bool = False) -> Pass:
        """Which pass this state asks for. `channelling`: the running cast is a channel that may be broken."""
        self._gcd = values["gcd.remains"] or 0.0
        casts, left = values["cast.active"] == 1 and not channelling, values["cast.remains"]
        self._cast = (9.0 if left is None else left) if casts else 0.0
        if values["in_combat"] == 1:
            self._prepared.clear()
        waits, busy = self._gcd > self._lead_s, self._cast > self._lead_s
        return ("cast_gcd" if waits else "cast") if busy else ("gcd" if waits else "normal")

    def hindrance(self, line: Line, values: Mapping[str, Any]) -> str:
        """Why a line cannot be used now, "" when it can."""
        spell = self._spells[line.token]
        if self._gcd > 0 and not line.off_gcd and not spell.queue:
            return f"gcd.remains={self._gcd:.2f}"
        if self._cast > 0 and not line.while_casting and not spell.queue:
            return f"cast.remains={self._cast:.2f}"
        if values["moving"] == 1 and (spell.cast_s > 0 or spell.channel_s > 0):
            return "moving=1"
        if spell.range_yd > 0 and (why := _no_target(values)):
            return why
        if spell.cost > 0:
            power = values[spell.power]
            if power is not None and power < spell.cost:
                return f"{spell.power}={power:g} < {spell.cost:g}"
        if line.entry.list_name == PRECOMBAT and line.rule in self._prepared:
            return "done once before this fight"
        return ""

    def fired(self, pick: Pick) -> None:
        """Remember what the precombat list has done."""
        if pick.line is not None and pick.line.entry.list_name == PRECOMBAT:
            self._prepared.add(pick.line.rule)

    def snapshot(self) -> Snapshot:
        return {"prepared": sorted(self._prepared)}

    def restore(self, snapshot: Snapshot) -> None:
        self._prepared = set(snapshot["prepared"])


def _no_target(values: Mapping[str, Any]) -> str:
    """Why a spell with a range has nobody to be cast at: a simulator's lists take a living enemy for granted."""
    if values["target.exists"] == 0:
        return "target.exists=0"
    friend = (values["target.reaction"] or 0.0) > 4  # a dead friend can be raised
    return "target.dead=1" if values["target.dead"] == 1 and not friend else ""
