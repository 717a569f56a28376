"""What is wrong or doubtful with a profile, found before a key is pressed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from wowbot.action.keys import parse_chord
from wowbot.apl.dialect import DIALECTS
from wowbot.apl.lists import read_apl
from wowbot.apl.names import Names
from wowbot.apl.program import Line, Linker, Program
from wowbot.apl.reach import unreachable
from wowbot.apl.source import folder_reader
from wowbot.apl.syntax import names
from wowbot.core.bindings import Spell
from wowbot.core.errors import ActionError, nearest
from wowbot.core.terms import TERMS, find
from wowbot.decision.profile import Profile
from wowbot.decision.rules_keys import Keys
from wowbot.decision.rules_ready import Readiness

Severity = Literal["error", "warning", "note"]

_AURA_FAMILIES = ("buff", "debuff", "dot", "active_dot")
_SPELL_FAMILIES = ("cooldown", "action", "prev", "prev_gcd", "prev_off_gcd")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Args:
        kind: short name for counting, e.g. "key bound twice".
        where: rule, spell, aura or key.
        mend: what to do, "" when nothing need be done.
    """

    severity: Severity
    kind: str
    where: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f"\n    mend: {self.mend}" if self.mend else ""
        return f"{self.severity}: {self.kind}: {self.where}: {self.message}{mend}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class ProfileCheck:
    """Checks one profile.

    Args:
        icons: names in the icon library; None = not known here.
    """

    def __init__(self, profile: Profile, icons: Collection[str] | None = None) -> None:
        self.profile, self.icons = profile, icons
        self.keys = Keys(profile)
        path = profile.rules_path
        self.apl = read_apl(profile.rules_text, str(path), DIALECTS[profile.facts.dialect], folder_reader(path.parent))
        self.program: Program | None = None
        if self.apl.actors:
            buffs = [a.name for a in profile.bindings.auras.values() if a.unit == "player" and not a.harmful]
            resolve = Names(self.keys.token, buffs, profile.facts.aliases)
            ready = Readiness(profile, self.keys)
            self.program = Linker(self.apl.actors[0], resolve, self.keys.has, self.keys.token, ready.off_gcd).link()

    @property
    def terms(self) -> frozenset[str]:
        """The terms that the list's conditions use, its own variables left out."""
        return frozenset(name for line in self._lines() for name in _terms(line) if not name.startswith("variable."))

    def findings(self) -> list[Finding]:
        """Everything found, errors first."""
        found = [
            *self._problems(), *self._unreachable(), *self._names(), *self._keyless(), *self._spells(),
            *self._twice(), *self._auras(), *self._statics(),
        ]  # fmt: skip
        return sorted(found, key=lambda finding: ("error", "warning", "note").index(finding.severity))

    def unseen(self, causes: Mapping[str, str]) -> Iterator[Finding]:
        """Terms of the list that a layout does not give.

        Args:
            causes: term -> why it stays unknown there.
        """
        users: dict[str, list[str]] = defaultdict(list)
        for line in self._lines():
            for name in dict.fromkeys(_terms(line)):
                users[name].append(line.rule)
        for name in sorted(set(causes) & set(users)):
            rules = ", ".join(dict.fromkeys(users[name]))
            yield Finding(
                "warning", "not visible", name, f"this layout cannot see it ({causes[name]}); used by {rules}",
                "the lines that need it never fire: change them, or show that part of the HUD",
            )  # fmt: skip

    def _lines(self) -> Iterator[Line]:
        if self.program is not None:
            for line in self.program.lines():
                yield line
                yield from line.steps

    def _problems(self) -> Iterator[Finding]:
        for problem in self.apl.problems:
            place = f"{problem.file}:{problem.line}:{problem.column}"
            yield Finding(problem.severity, "list", place, problem.message, problem.mend)
        if len(self.apl.actors) != 1:
            count = len(self.apl.actors)
            yield Finding("error", "list", self.apl.file, f"expected the lists of one actor, found {count}", "keep one")

    def _unreachable(self) -> Iterator[Finding]:
        if self.program is None:
            return
        fixed = {name: x for name, x in self.profile.bindings.statics.items() if not _is_seen(name)}
        for line, name, why in unreachable(self.program, fixed):
            where = f"{line.rule} ({line.entry.action})" if line is not None else f"list {name}"
            yield Finding(
                "warning", "unreachable", where, why, "move it up, give the other a condition, or take it out"
            )

    def _names(self) -> Iterator[Finding]:
        told: set[str] = set()
        for line in self._lines():
            for name in _terms(line):
                finding = None if name in told else self._name(name, line)
                told.add(name)
                if finding is not None:
                    yield finding

    def _name(self, name: str, line: Line) -> Finding | None:
        variables = self.program.variables if self.program is not None else {}
        if name.startswith("variable."):
            own = name[9:].lower()
            mend = nearest(name, [f"variable.{v}" for v in variables], 1).strip()
            return None if own in variables else self._unknown(name, line, "no line sets it", mend)
        term = find(name)
        if term is None:
            return self._unknown(name, line, "no term is called so", _nearest_term(name))
        if term.kind == "text":
            return self._unknown(name, line, "it is text, and conditions compare numbers", "use a number or a flag")
        if term.known == "unseen":
            return self._unknown(name, line, f"it is not on the screen: {term.meaning}", "change the line")
        return self._bound(name, line)

    def _bound(self, name: str, line: Line) -> Finding | None:
        """A term of a spell or aura that the profile does not have."""
        family, _, rest = name.partition(".")
        subject = rest.rpartition(".")[0] if family not in ("prev", "prev_gcd", "prev_off_gcd") else rest.split(".")[-1]
        bindings = self.profile.bindings
        known: Collection[str]
        if family in _AURA_FAMILIES:
            known, what = bindings.auras, "aura"
        elif family in _SPELL_FAMILIES:
            known, what = bindings.spells, "spell"
        else:
            return None
        if subject in known:
            if what == "aura" and name.endswith(".remains") and bindings.auras[subject].duration_s <= 0:
                message = f"{name} is hugely negative while it is up, because duration_s is 0"
                return Finding(
                    "warning", "permanent aura", line.rule, message, f"use {family}.{subject}.up, or set duration_s"
                )
            return None
        mend = nearest(subject, known, 1).strip() or f"add [{what}s.{subject}] to the profile"
        return self._unknown(name, line, f"the profile has no {what} {subject!r}", mend)

    def _unknown(self, name: str, line: Line, why: str, mend: str) -> Finding:
        return Finding("warning", "unknown name", f"{line.rule} ({line.entry.action})", f"{name}: {why}", mend)

    def _keyless(self) -> Iterator[Finding]:
        for token in self.keys.keyless:
            mend = f"add [spells.{token}] with a key, or an alias.{nearest(token, self.profile.bindings.spells, 1)}"
            yield Finding(
                "note", "no key", token, "the list names it and the profile has no key for it: it never fires", mend
            )

    def _spells(self) -> Iterator[Finding]:
        for spell in self.profile.bindings.spells.values():
            if not spell.key and not spell.click:
                where = (
                    f"slot {spell.slot} has no key in [bars]" if spell.slot else "it has neither key nor slot nor click"
                )
                yield Finding("warning", "no key", f"spells.{spell.name}", where, "give it key = or slot =")
            elif not spell.slot and not spell.click and spell.cooldown_s and spell.gcd_s > 0:
                message = "it is on no slot: its cooldown is counted from its key, its range is not known"
                yield Finding("note", "no slot", f"spells.{spell.name}", message, "put it on a bar and say slot =")

    def _twice(self) -> Iterator[Finding]:
        by_chord: dict[str, list[Spell]] = defaultdict(list)
        by_slot: dict[str, list[Spell]] = defaultdict(list)
        for spell in self.profile.bindings.spells.values():
            if spell.slot:
                by_slot[spell.slot].append(spell)
            if not spell.key:
                continue
            try:
                by_chord[parse_chord(spell.key).text].append(spell)
            except ActionError as error:
                yield Finding("error", "bad key", f"spells.{spell.name}", str(error))
        for kind, table in (("key bound twice", by_chord), ("slot used twice", by_slot)):
            for name, spells in table.items():
                if len(spells) > 1:
                    yield _shared(kind, name, spells)

    def _auras(self) -> Iterator[Finding]:
        for aura in self.profile.bindings.auras.values():
            if self.icons is not None and aura.icon not in self.icons:
                message = f"no icon {aura.icon!r} has been learned: it can never be seen"
                mend = (
                    nearest(aura.icon, self.icons, 1).strip()
                    or "learn it with `wowbot calibrate --icons`, or set icon ="
                )
                yield Finding("warning", "no icon", f"auras.{aura.name}", message, mend)
            for spell in aura.spells:
                if spell not in self.profile.bindings.spells:
                    mend = nearest(spell, self.profile.bindings.spells, 1).strip()
                    yield Finding("warning", "unknown name", f"auras.{aura.name}", f"no spell {spell!r}", mend)

    def _statics(self) -> Iterator[Finding]:
        stated = self.profile.bindings.statics
        for name in sorted(self.terms - set(stated)):
            term = find(name)
            if term is not None and term.known == "static" and name.split(".")[0] not in (*_AURA_FAMILIES, *_MADE):
                yield Finding(
                    "warning", "not stated", name, "it is a fact of the character that the profile does not state",
                    f'add "{name}" = 0 or 1 to [statics]',
                )  # fmt: skip


_MADE = ("cooldown", "action", "gcd", "mana", "rage", "energy", "focus", "runic_power", "combo_points", "health")
"""Static terms that spell facts and class resources give."""


def _shared(kind: str, name: str, spells: Sequence[Spell]) -> Finding:
    """A key with several names is harmless unless an action bar decides what it does."""
    who = ", ".join(spell.name for spell in spells)
    if any(spell.slot for spell in spells):
        return Finding("warning", kind, name, f"it stands for {who}, and a slot does one thing", "give each its own")
    return Finding("note", kind, name, f"it stands for {who}")


def _is_seen(name: str) -> bool:
    term = find(name)
    return term is not None and term.known == "seen"


def _terms(line: Line) -> Iterator[str]:
    if line.cond is not None:
        yield from names(line.cond)
    for node in line.exprs.values():
        yield from names(node)


def _nearest_term(name: str) -> str:
    """The known name closest to this one, with its own spell or aura put in for the star."""
    parts = name.split(".")
    same = [t.name for t in TERMS if t.name.count(".") == len(parts) - 1 and t.kind != "text"]
    filled = [".".join(p if k == "*" else k for k, p in zip(t.split("."), parts, strict=True)) for t in same]
    return nearest(name, filled, 1).strip()
