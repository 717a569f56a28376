"""The policy that scans the profile's list on every state and turns the chosen line into a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wowbot.apl.dialect import DIALECTS
from wowbot.apl.entries import Entry
from wowbot.apl.listcode import Pass
from wowbot.apl.lists import read_apl
from wowbot.apl.names import Names
from wowbot.apl.pick import Outcome, Pick
from wowbot.apl.program import PRECOMBAT, Line, Linker, Program
from wowbot.apl.scanner import Scanner
from wowbot.apl.source import folder_reader
from wowbot.core.action import Action, Decision, TraceLine
from wowbot.core.errors import ProfileError
from wowbot.core.layout import Layout
from wowbot.core.protocols import Snapshot
from wowbot.core.state import GameState
from wowbot.core.terms import find
from wowbot.decision.profile import Profile, make_profile
from wowbot.decision.rules_channel import Channels
from wowbot.decision.rules_keys import Keys
from wowbot.decision.rules_ready import Readiness

ALWAYS = frozenset({"gcd.remains", "cast.active", "cast.remains", "cast.channel", "in_combat", "moving"})
"""Terms read besides those of the list: they say which lines may be used at all."""


class RulesPolicy:
    """Implements core Policy on a profile's list.

    Args:
        profile: its list must be free of errors.
        trace: whether every decision says why each line did or did not fire (slower).

    Raises:
        ProfileError: the list has errors, or an include is missing; the message is one screen.
    """

    def __init__(self, profile: Profile, *, trace: bool = False) -> None:
        self.profile, self.trace = profile, trace
        self.keys = Keys(profile)
        self.ready = Readiness(profile, self.keys)
        self.channels = Channels(self.keys)
        self.last: Decision | None = None
        """The newest decision, also where it was to do nothing (`decide` says None then): holds the trace."""
        self.consults: tuple[Entry, ...] = ()
        """The consult lines whose conditions held in the newest scan and that nothing above kept it from reaching."""
        self._pick: Pick | None = None
        self._absent: list[str] = []
        self._take(self._link(profile.rules_text))

    @property
    def terms(self) -> frozenset[str]:
        """Every term that deciding may read."""
        return self._scanner.program.terms | ALWAYS | self.ready.terms

    @property
    def profile_id(self) -> str:
        """Content hash of the TOML and of the list in force."""
        return self.profile.id

    @property
    def keyless(self) -> tuple[str, ...]:
        """Actions of the list that the profile has no key for: they never fire."""
        return tuple(self.keys.keyless)

    @property
    def abilities(self) -> frozenset[str]:
        """The profile's spells with a key that the list in force may use."""
        lines = [line for each in self._scanner.program.lines() for line in (each, *each.steps)]
        return frozenset(line.token for line in lines if line.token in self.profile.bindings.spells)

    def set_layout(self, layout: Layout) -> None:
        """Where clicks go."""
        self.keys.set_layout(layout)

    def reload(self, text: str) -> str:
        """Take over another text of the list between two ticks; on an error keep the old one and return the error."""
        try:
            program = self._link(text)
        except ProfileError as error:
            return str(error)
        before = self._scanner.memory.snapshot()
        self.profile = make_profile(self.profile.path, self.profile.facts, self.profile.rules_path, text)
        self._take(program)
        self._scanner.memory.restore(before | {"strict": ["", 0], "sequences": {}})
        if self._scanner.memory.root not in program.lists:
            self._scanner.memory.root = program.root
        return ""

    def decide(self, state: GameState) -> Decision | None:
        """The first line that is ready and wanted; None when there is none (see `last`)."""
        values = state.values if not self._absent else self._completed(state.values)
        memory = self._scanner.memory
        variables, in_fight, root = memory.variables.copy(), memory.in_fight, memory.root
        try:
            return self._decide(values, state)
        except KeyError:  # the state has lost a term since the last tick: from now on it is filled in as unknown
            self._absent = [name for name in self._names if name not in state.values or name in self._texts]
            memory.variables.update(variables)
            memory.in_fight, memory.root = in_fight, root
            return self._decide(self._completed(state.values), state)

    def _decide(self, values: Mapping[str, Any], state: GameState) -> Decision | None:
        self._fights(values)
        outcome = self._channelling(values, state) or self._scan(values, state)
        self.consults = tuple([line.entry for line in outcome.consults])
        self._pick = outcome.pick
        if outcome.pick is None or outcome.pick.line is None:
            self.last = Decision("idle", trace=_with_causes(outcome, state), unknown=outcome.unknown)
            return None
        self.last = self._decision(outcome, outcome.pick, values, state)
        return self.last

    def _channelling(self, values: Mapping[str, Any], state: GameState) -> Outcome | None:
        """What the channel under way allows: an end to it, something more urgent, or the same again."""
        scanner, now_s = self._scanner, state.t_ns / 1e9
        line = self.channels.line(scanner, values, now_s)
        if line is None:
            return None
        if self.keys.can_stop and self.channels.cancels(line, scanner, values):
            return Outcome(Pick(line, stop=True), (), (), ())
        interrupts = self.channels.interrupts(line, scanner, values)
        chains = self.channels.chains(line, scanner, values)
        if not (interrupts or chains):
            return None
        self.ready.look(values, channelling=True)
        everywhere = line.entry.flag("interrupt_global")
        urgent = scanner.scan(values, state.targets, now_s, root=self._around(line, everywhere), before=line)
        if urgent.pick is not None:
            return urgent if interrupts and urgent.pick.wait_s is None else None
        return Outcome(Pick(line), (), (), ()) if chains else None

    def _around(self, line: Line, everywhere: bool) -> str:
        return self._scanner.memory.root if everywhere else line.entry.list_name

    def _completed(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values with the list's absent terms, and its text terms, as unknown."""
        values: dict[str, Any] = dict(given)
        for name in self._absent:
            if name in self._texts or name not in values:
                values[name] = None
        return values

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        """Start line_cd and move sequences on when the key of the last pick really went out."""
        pick = self._pick
        if pick is None or pick.line is None or decision.rule != pick.line.rule:
            return
        if any(action.ability == decision.ability for action in accepted):
            self._scanner.fired(pick, state.t_ns / 1e9)
            self.ready.fired(pick)
            self.channels.fired(pick, state.t_ns / 1e9)

    def snapshot(self) -> Snapshot:
        """JSON-able; `restore` gives the same decisions from here on."""
        return {
            "memory": self._scanner.memory.snapshot(),
            "ready": self.ready.snapshot(),
            "channels": self.channels.snapshot(),
        }

    def restore(self, snapshot: Snapshot) -> None:
        self._scanner.memory.restore(snapshot["memory"])
        self.ready.restore(snapshot["ready"])
        self.channels.restore(snapshot["channels"])

    def _link(self, text: str) -> Program:
        facts = self.profile.facts
        path = self.profile.rules_path
        apl = read_apl(text, str(path), DIALECTS[facts.dialect], folder_reader(path.parent))
        buffs = [
            name for name, aura in self.profile.bindings.auras.items() if aura.unit == "player" and not aura.harmful
        ]
        names = Names(self.keys.token, buffs, facts.aliases)
        actor = apl.runnable()
        self.keys.keyless.clear()
        return Linker(actor, names, self.keys.has, self.keys.token, self.ready.off_gcd).link()

    def _take(self, program: Program) -> None:
        self._scanner = Scanner(program, self.ready.hindrance)
        self._scanner.compile()
        self._names = sorted(program.terms | ALWAYS | self.ready.terms)
        self._texts = frozenset(name for name in self._names if (term := find(name)) and term.kind == "text")
        self._absent = list(self._texts)

    def _fights(self, values: Mapping[str, Any]) -> None:
        """At the start of a fight variables begin anew."""
        combat, memory = values["in_combat"], self._scanner.memory
        if combat is not None and bool(combat) != memory.in_fight:
            memory.in_fight = bool(combat)
            if memory.in_fight:
                self._scanner.begin_fight(values)

    def _scan(self, values: Mapping[str, Any], state: GameState) -> Outcome:
        mode = self.ready.look(values)
        now_s = state.t_ns / 1e9
        if PRECOMBAT in self._scanner.program.lists and values["in_combat"] == 0:
            first = self._scanner.scan(values, state.targets, now_s, mode=mode, trace=self.trace, root=PRECOMBAT)
            if first.pick is not None:
                return first
        return self._scanner.scan(values, state.targets, now_s, mode=mode, trace=self.trace)

    def _decision(self, outcome: Outcome, pick: Pick, values: Mapping[str, Any], state: GameState) -> Decision:
        assert pick.line is not None
        reason = self._scanner.reason(pick, values, state.targets)
        common: dict[str, Any] = {
            "rule": pick.line.rule, "reason": reason, "trace": _with_causes(outcome, state), "target": pick.target,
            "unknown": outcome.unknown,
        }  # fmt: skip
        if pick.wait_s is not None:
            return Decision("rule", wait_s=pick.wait_s, **common)
        ability, actions = self.keys.actions(pick)
        return Decision("rule", actions=actions, ability=ability, **common)


def _with_causes(outcome: Outcome, state: GameState) -> tuple[TraceLine, ...]:
    """The trace, with the cause of each unknown."""
    if not outcome.trace:
        return ()
    return tuple(_caused(line, outcome.unknown, state) if line.verdict == "unknown" else line for line in outcome.trace)


def _caused(line: TraceLine, unknown: Sequence[str], state: GameState) -> TraceLine:
    causes = [f"{term}: {state.detail(term).why or 'text or unknown'}" for term in unknown if f"{term}=" in line.why]
    return line._replace(why=f"{line.why} ({'; '.join(causes)})") if causes else line


__all__ = ["Line", "Pass", "RulesPolicy"]
