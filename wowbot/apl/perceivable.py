"""How much of a list can be played from the screen: each entry by the worst-known of its terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from wowbot.apl.lists import CALLS, VARIABLES, Apl
from wowbot.apl.names import Names
from wowbot.apl.program import Line, Linker, token_of
from wowbot.apl.syntax import names
from wowbot.core.term import Known
from wowbot.core.terms import find

ORDER: tuple[Known, ...] = ("seen", "remembered", "estimated", "static", "unseen")
"""From best to worst. Static facts stand in the profile; unseen ones are nowhere."""


@dataclass(slots=True)
class Share:
    """Counts over entries.

    Args:
        entries: all of them.
        worst: how the worst-known of an entry's terms is known -> entries; "unknown" = a name no list of terms has.
        hidden: terms that cannot be had -> entries they stand in.
    """

    entries: int = 0
    worst: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)

    @property
    def perceivable(self) -> int:
        """Entries whose terms are all seen, remembered or estimated."""
        return sum(self.worst[known] for known in ("seen", "remembered", "estimated"))

    @property
    def playable(self) -> int:
        """Those, and entries that also need facts which the profile states."""
        return self.perceivable + self.worst["static"]

    def add(self, other: Share) -> None:
        """Count another share in."""
        self.entries += other.entries
        self.worst.update(other.worst)
        self.hidden.update(other.hidden)

    def as_json(self) -> Mapping[str, object]:
        return {
            "entries": self.entries, "perceivable": self.perceivable, "with_profile_facts": self.playable,
            "worst": dict(self.worst), "hidden": dict(self.hidden.most_common(20)),
        }  # fmt: skip


def share_of(apl: Apl) -> Share:
    """Count a file's entries."""
    share = Share()
    for actor in apl.actors:
        variables = {e.options.get("name", "").lower() for e in actor.entries() if e.action in VARIABLES}
        program = Linker(actor, Names(token_of), token=token_of).link()
        for line in program.lines():
            share.entries += 1
            kinds = {name: _known(name, variables) for name in _names(line)}
            share.worst[max(kinds.values(), key=_rank, default="seen")] += 1
            share.hidden.update(name for name, known in kinds.items() if known in ("unseen", "unknown"))
    return share


def _names(line: Line) -> Iterable[str]:
    found = {name for node in line.exprs.values() for name in names(node)}
    found |= set(names(line.cond)) if line.cond is not None else set()
    if line.entry.action not in CALLS | VARIABLES:
        found.add("gcd.remains")
    return found


def _rank(known: str) -> int:
    return ORDER.index(known) if known in ORDER else len(ORDER)


def _known(name: str, variables: Iterable[str]) -> str:
    if name.startswith("variable.") and name[9:].lower() in variables:
        return "remembered"
    return _looked_up(name)


@lru_cache(maxsize=16384)
def _looked_up(name: str) -> str:
    term = find(name)
    return "unknown" if term is None or term.kind == "text" else term.known
