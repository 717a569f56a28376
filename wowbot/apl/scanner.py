"""A program and its memory: compiles what it needs when it is needed, and scans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wowbot.apl.codegen import Compiled, compile_expressions
from wowbot.apl.explain import Explainer, Judge, Judging
from wowbot.apl.listcode import ListFunction, Pass, compile_list
from wowbot.apl.memory import Memory
from wowbot.apl.pick import STOP, Outcome, Pick
from wowbot.apl.program import PRECOMBAT, Line, Program
from wowbot.apl.scan import Scan, line_key, sequence_name
from wowbot.apl.syntax import Node

Blocker = Callable[[Line, Mapping[str, Any]], str]
"""(line, values) -> why it cannot be used now beyond the four implicit terms, "" when it can."""


class Scanner:
    """Scans a program, again and again.

    Args:
        program: the linked lists.
        blocked: further conditions of live play; none for state files.
    """

    def __init__(self, program: Program, blocked: Blocker | None = None) -> None:
        self.program, self.blocked = program, blocked
        self.memory = Memory(program.root, dict(program.variables))
        self._lists: dict[tuple[str, Pass], ListFunction] = {}
        self._compiled: dict[tuple[int, bool], Compiled] = {}
        everything = [inner for outer in program.lines() for inner in (outer, *outer.steps)]
        conditions = {line_key(line): line.cond for line in everything if line.cond is not None}
        self._explainer = Explainer(conditions, program.variables)
        self._quick: dict[str, Judging] = {}
        self.lines = {line.rule: line for line in program.lines()}

    def compile(self) -> None:
        """Compile every list now rather than when it is first met."""
        for name in self.program.lists:
            self.function(name, "normal")

    def scan(
        self, values: Mapping[str, Any], targets: Sequence[Mapping[str, Any]] = (), now_s: float = 0.0, *,
        mode: Pass = "normal", trace: bool = False, root: str = "", before: Line | None = None,
    ) -> Outcome:  # fmt: skip
        """One decision.

        Args:
            values: term -> number, None for unknown; every one of `program.terms` must be a key.
            targets: see GameState.targets.
            mode: which lines are kept out.
            trace: whether to say why for every line looked at (slower).
            root: another list to begin with than the one in force.
            before: look only at lines above this one.
        """
        scan = Scan(self, values, targets, now_s, mode)
        scan.lines = [] if trace else None
        scan.before = before
        pick = scan.go(root) if root else scan.from_root()
        return Outcome(
            None if pick is STOP else pick, tuple(dict.fromkeys(scan.unknown)), tuple(scan.consults),
            tuple(scan.lines or ()),
        )  # fmt: skip

    def reason(self, pick: Pick, values: Mapping[str, Any], targets: Sequence[Mapping[str, Any]] = ()) -> str:
        """Why a pick was made, in one line: the terms that decided, with their values."""
        line = pick.line if pick.line is None or pick.step < 0 else pick.line.steps[pick.step]
        if line is None or line.cond is None:
            return "always"
        seen = {**values, **targets[pick.target]} if targets else values
        return self.judge(line).judge(seen, self.memory.variables)[1]

    def begin_fight(self, values: Mapping[str, Any]) -> None:
        """Variables go back to their defaults, then precombat's are worked out once."""
        self.memory.variables |= self.program.variables
        self.memory.strict = ("", 0)
        self.memory.sequences.clear()
        self.memory.root = self.program.root
        self.update_variables(PRECOMBAT, values)

    def update_variables(self, list_name: str, values: Mapping[str, Any]) -> None:
        """Run a list's variable lines and nothing else."""
        scan = Scan(self, values, (), 0.0, "normal")
        for line in self.program.lists.get(list_name, ()):
            if line.kind == "variable":
                scan.update(line, True)

    def fired(self, pick: Pick, now_s: float) -> None:
        """Told that a pick's key was really taken: starts line_cd and moves sequences on."""
        line = pick.line
        if line is None or pick.wait_s is not None or pick.stop:
            return
        self.memory.used_s[line.rule] = now_s
        if line.kind == "sequence":
            self.memory.sequences[sequence_name(line)] = pick.step + 1
        if line.kind == "strict":
            done = pick.step + 1 >= len(line.steps)
            self.memory.strict = ("", 0) if done else (line.rule, pick.step + 1)

    def function(self, name: str, mode: Pass) -> ListFunction:
        """The compiled form of a list."""
        found = self._lists.get((name, mode))
        if found is None:
            found = compile_list(self.program.lists.get(name, ()), mode, self.program.variables)
            self._lists[name, mode] = found
        return found

    def compiled(self, node: Node, *, condition: bool) -> Compiled:
        """The compiled form of one expression."""
        key = (
            id(node),
            condition,
        )  # the program keeps its nodes alive; hashing a tree would cost more than evaluating it
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = compile_expressions({"": (node, condition)}, self.program.variables)[""]
        return found

    def judge(self, line: Line) -> Judge:
        """The form of a line's condition that explains every outcome."""
        return self._explainer.judge(line_key(line))

    def quick(self, line: Line) -> Judging:
        """The form of a line's condition that explains why it is false."""
        found = self._quick.get(line.rule)
        if found is None:
            found = self._quick[line.rule] = self._explainer.quick(line_key(line))
        return found
