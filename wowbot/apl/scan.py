"""Scanning: depth first, top to bottom, the first line that is ready and wanted wins.

Source: SimulationCraft's player.cpp (`select_action`) and action.cpp (`action_ready`, `select_target`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.apl.explain import blame
from wowbot.apl.listcode import HANDLERS, admits
from wowbot.apl.pick import AGAIN, STOP, Pick
from wowbot.apl.program import Line
from wowbot.apl.readiness import Readiness
from wowbot.apl.syntax import Node
from wowbot.apl.updates import updated
from wowbot.core.action import LineVerdict, TraceLine

POOL_WAIT_S = 0.251
SHORT_WAIT_S = 0.1
"""What `wait` waits when its time is not positive (player.cpp, `available`)."""
MAX_RESTARTS = 4


def line_key(line: Line) -> str:
    return f"{line.rule} {line.entry.text}"


def sequence_name(line: Line) -> str:
    return line.entry.options.get("name", line.rule)


class Scan(Readiness):
    """One scan under way. Its methods named in `listcode.HANDLERS` look closer at one kind of line each.

    Their second argument is the line's condition, True or None for unknown; a false one never gets here.
    """

    # -- going through lists

    def from_root(self) -> Pick | None:
        """Scan from the root list, a strict sequence under way first."""
        if self.memory.strict[0]:
            pick = self._committed()
            if pick is not None:
                return pick
        for _ in range(MAX_RESTARTS):
            pick = self.go(self.memory.root)
            if pick is not AGAIN:
                return pick
        return None

    def go(self, name: str) -> Pick | None:
        """Scan one list in the form in force: compiled, or line by line."""
        if self.lines is None and self.before is None:
            return self.scanner.function(name, self.mode)(self.V, self.W, self)
        for line in self.scanner.program.lists.get(name, ()):
            if line is self.before:
                return STOP
            pick = self._step(line)
            if pick is not None:
                return pick
        return None

    def _step(self, line: Line) -> Pick | None:
        if not admits(line, self.mode):
            self._note(line, "skipped" if line.kind == "never" else "not_ready", _KEPT_OUT.get(line.kind, self.mode))
            return None
        verdict: bool | None = True
        if line.cond is not None and line.kind not in ("targeted", "variable", "cycling"):
            judged = self.scanner.quick(line)(self.V, self.W)
            if isinstance(judged, str):
                self._note(line, "false", judged)
                return None
            verdict = judged
        self.why = ""
        at = len(self.lines or ())
        pick: Pick | None = getattr(self, HANDLERS[line.kind])(line, verdict)
        if self.lines is not None:
            self._note(line, *self._verdict(line, pick, verdict), at=at)
        return pick

    def _verdict(self, line: Line, pick: Pick | None, verdict: bool | None) -> tuple[LineVerdict, str]:
        if line.kind in ("variable", "cycling"):
            name = line.entry.options["name"].lower()
            return "skipped", f"variable.{name}={_text(self.W.get(name))}"
        shown = (
            "" if line.cond is None or line.kind == "targeted" else self.scanner.judge(line).judge(self.V, self.W)[1]
        )
        if line.kind in ("call", "run", "swap") and verdict:
            return "called", shown
        if pick is not None:
            return "fired", shown or self.why or "always"
        if verdict is None and not self.why:
            return "unknown", shown
        return ("unknown" if self.why.endswith("unknown") else "not_ready"), self.why or shown

    def _note(self, line: Line, verdict: LineVerdict, why: str, at: int | None = None) -> None:
        if self.lines is None:
            return
        self.lines.insert(len(self.lines) if at is None else at, TraceLine(line.rule, verdict, why))

    # -- the kinds of line

    def act(self, line: Line, c: bool | None) -> Pick | None:
        """A plain action."""
        if self.waits(line, self.V):
            return STOP if line.entry.flag("wait_on_ready") else None
        if c is None:
            return self._doubt(line.cond)
        return Pick(line)

    def act_on_target(self, line: Line, c: bool | None) -> Pick | None:
        """An action with target_if, cycle_targets or target=."""
        doubted: list[str] = []
        for index in self.candidates(line, doubted):
            values = self.seen_by(index)
            if self.waits(line, values):
                continue
            verdict = True if line.cond is None else self.scanner.compiled(line.cond, condition=True)(values, self.W)
            if verdict:
                return Pick(line, index)
            self.why = self._condition_text(line, values)
            if verdict is None and line.cond is not None:
                doubted += blame(line.cond, self.lookup(values))
        self.unknown += doubted
        return None

    def call(self, line: Line, c: bool | None) -> Pick | None:
        """call_action_list: whatever is ready there, else on with the next line."""
        return self._doubt(line.cond) if c is None else self.go(line.calls)

    def run(self, line: Line, c: bool | None) -> Pick | None:
        """run_action_list: this decision is taken there alone."""
        return self._doubt(line.cond) if c is None else self.go(line.calls) or STOP

    def swap(self, line: Line, c: bool | None) -> Pick | None:
        """swap_action_list: another root from now on."""
        if c is None:
            return self._doubt(line.cond)
        if self.memory.root == line.calls:
            return None
        self.memory.root = line.calls
        return AGAIN

    def consult(self, line: Line, c: bool | None) -> None:
        """consult: ask the model; never a key."""
        if c is None:
            self._doubt(line.cond)
        else:
            self.consults.append(line)

    def update(self, line: Line, c: bool | None, values: Mapping[str, Any] | None = None) -> None:
        """variable: carried out as it is met."""
        values = self.V if values is None else values
        if self._too_soon(line.rule, line.entry.seconds("delay", 0.0), self.memory.updated_s):
            return
        name, operation = line.entry.options["name"].lower(), line.entry.options.get("op", "set")
        guard = self.value(line.cond, values) if line.cond is not None else 1.0
        if guard == 0:
            return
        chosen = line.exprs.get("value")
        if operation == "setif":
            test = self.value(line.exprs["condition"], values)
            guard = None if test is None else guard
            chosen = line.exprs["value" if test else "value_else"]
        value = None if chosen is None else self.value(chosen, values)
        default = self.scanner.program.variables[name]
        if chosen is None and operation == "set":
            value = default
        self.W[name] = None if guard is None else updated(operation, self.W[name], value, default)
        if "delay" in line.entry.options:
            self.memory.updated_s[line.rule] = self.now_s

    def update_cycling(self, line: Line, c: bool | None) -> None:
        """cycling_variable: once for every target."""
        for index in range(max(1, len(self.targets))):
            self.update(line, c, self.seen_by(index))

    def pool(self, line: Line, c: bool | None) -> Pick | None:
        """pool_resource: idle so that power gathers; with for_next only when the next line lacks nothing but power."""
        if c is None:
            return self._doubt(line.cond)
        wait_s = line.entry.seconds("wait", POOL_WAIT_S)
        if not line.entry.flag("for_next"):
            return Pick(line, wait_s=wait_s)
        following = self._next(line)
        if following is None or self.would_fire(following, self.V):
            return None
        extra = self.value(line.exprs["extra_amount"], self.V) if "extra_amount" in line.exprs else 0.0
        if extra is None:
            return self._doubt(line.exprs["extra_amount"])
        self.ignore_power = True
        lacks_only_power = self.would_fire(following, self._richer(line, following, extra))
        self.ignore_power = False
        return Pick(line, wait_s=wait_s) if lacks_only_power else None

    def wait(self, line: Line, c: bool | None) -> Pick | None:
        """wait, wait_until_ready, wait_for_cooldown."""
        if c is None:
            return self._doubt(line.cond)
        if line.entry.action == "wait_for_cooldown":
            left = self.V[f"cooldown.{line.entry.options.get('name', '')}.remains"]
            return Pick(line, wait_s=left) if left is not None and left > 0 else None
        seconds = self.value(line.exprs["sec"], self.V) if "sec" in line.exprs else 1.0
        if seconds is None:
            return self._doubt(line.exprs["sec"])
        if line.entry.action == "wait_until_ready":
            lines = self.scanner.program.lists[line.entry.list_name]
            cooling = [left for x in lines if x.token and (left := self.V[x.cooldown]) is not None and left > 0]
            seconds = min([seconds, *cooling])
        return Pick(line, wait_s=seconds if seconds > 0 else SHORT_WAIT_S)

    def sequence(self, line: Line, c: bool | None) -> Pick | None:
        """sequence: the next of its steps that is ready; those passed over stay behind."""
        if c is None:
            return self._doubt(line.cond)
        for index in range(self.memory.sequences.get(sequence_name(line), 0), len(line.steps)):
            if self.would_fire(line.steps[index], self.V):
                return Pick(line, step=index)
        return None

    def strict_sequence(self, line: Line, c: bool | None) -> Pick | None:
        """strict_sequence: begins only when all steps are ready (any, with allow_skip); then nothing else is done."""
        if c is None:
            return self._doubt(line.cond)
        ready = [self.would_fire(step, self.V) for step in line.steps]
        begins = any(ready) if line.entry.flag("allow_skip") else all(ready)
        return Pick(line, step=ready.index(True)) if begins else None

    def restart_sequence(self, line: Line, c: bool | None) -> Pick | None:
        """restart_sequence: its named sequence begins anew."""
        name = line.entry.options.get("name", "")
        if c is None:
            return self._doubt(line.cond)
        if not self.memory.sequences.get(name):
            return None
        self.memory.sequences[name] = 0
        return AGAIN

    # -- helpers

    def _committed(self) -> Pick | None:
        rule, index = self.memory.strict
        line = self.scanner.lines.get(rule)
        for step in range(index, len(line.steps) if line else 0):
            assert line is not None
            if self.mode != "normal" and not admits(line.steps[step], self.mode):
                return STOP
            if self.would_fire(line.steps[step], self.V):
                return Pick(line, step=step)
            if not line.entry.flag("allow_skip"):
                break
        self.memory.strict = ("", 0)
        return None

    def would_fire(self, line: Line, values: Mapping[str, Any]) -> bool:
        """Whether a line, met now, would be chosen; leaves no trace of asking."""
        unknown, why, own = len(self.unknown), self.why, self.V
        self.V = values
        if line.kind == "targeted":
            fires = self.act_on_target(line, True) is not None
        elif line.kind == "action":
            holds = True if line.cond is None else self.scanner.compiled(line.cond, condition=True)(values, self.W)
            fires = bool(holds) and not self.waits(line, values)
        else:
            fires = False
        del self.unknown[unknown:]
        self.why, self.V = why, own
        return fires

    def _next(self, line: Line) -> Line | None:
        lines = self.scanner.program.lists[line.entry.list_name]
        return next((x for x in lines[line.entry.number :] if x.kind != "never"), None)

    def _richer(self, line: Line, following: Line, extra: float) -> Mapping[str, Any]:
        """The values as they would be with the next line's cost, and more, added to its power."""
        cost, power = self.V.get(f"action.{following.token}.cost"), line.entry.options.get("resource", "")
        powers = [power] if power else [p for p in _POWERS if self.V.get(p) is not None]
        if cost is None or len(powers) != 1 or self.V.get(powers[0]) is None:
            return self.V
        return {**self.V, powers[0]: self.V[powers[0]] + cost + extra}

    def _doubt(self, node: Node | None) -> Pick | None:
        """Remember which terms were unknown; the line does not fire."""
        if node is not None:
            self.unknown += blame(node, self.lookup(self.V))
        return None

    def _condition_text(self, line: Line, values: Mapping[str, Any]) -> str:
        if self.lines is None or line.cond is None:
            return ""
        return self.scanner.judge(line).judge(values, self.W)[1]


_POWERS = ("mana", "rage", "energy", "focus", "runic_power")
_KEPT_OUT = {"never": "nothing here can be pressed for it"}


def _text(value: Any) -> str:
    return "unknown" if value is None else f"{value:g}"
