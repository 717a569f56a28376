"""Whether a line could be used at all, whatever its condition; and on which enemy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wowbot.apl.explain import blame
from wowbot.apl.listcode import Pass
from wowbot.apl.program import Line
from wowbot.apl.syntax import Node
from wowbot.core.action import TraceLine

if TYPE_CHECKING:
    from wowbot.apl.scanner import Scanner


class Readiness(ABC):
    """The values one scan sees, and what a line needs besides its condition.

    Args:
        values: term -> number, None for unknown.
        targets: each enemy's own terms, the current one first; they win over `values`.
        now_s: the frame's time.
    """

    __slots__ = (
        "V",
        "W",
        "base",
        "before",
        "consults",
        "ignore_power",
        "lines",
        "memory",
        "mode",
        "now_s",
        "scanner",
        "targets",
        "unknown",
        "why",
    )  # fmt: skip

    def __init__(
        self,
        scanner: Scanner,
        values: Mapping[str, Any],
        targets: Sequence[Mapping[str, Any]],
        now_s: float,
        mode: Pass,
    ) -> None:
        self.scanner, self.memory = scanner, scanner.memory
        self.base, self.targets, self.now_s, self.mode = values, targets, now_s, mode
        self.V: Mapping[str, Any] = {**values, **targets[0]} if targets else values
        self.W: dict[str, Any] = scanner.memory.variables
        self.unknown: list[str] = []
        self.consults: list[Line] = []
        self.lines: list[TraceLine] | None = None
        self.before: Line | None = None
        self.why = ""
        self.ignore_power = False

    @abstractmethod
    def would_fire(self, line: Line, values: Mapping[str, Any]) -> bool:
        """Whether a line, met now, would be chosen."""

    def waits(self, line: Line, values: Mapping[str, Any]) -> bool:
        """Whether something other than its condition keeps a line back; says what in `why`."""
        self.why = self._hindrance(line, values)
        return bool(self.why)

    def _hindrance(self, line: Line, values: Mapping[str, Any]) -> str:
        left = values[line.cooldown]
        if left is not None and left > 0:
            return f"{line.cooldown}={left:g}"
        if values[line.usable] == 0 and not self.ignore_power:
            return f"{line.usable}=0"
        if values[line.in_range] == 0:
            return f"{line.in_range}=0"
        options = line.entry.options
        if options:
            hindrance = self._optional(line, values)
            if hindrance:
                return hindrance
        return self.scanner.blocked(line, values) if self.scanner.blocked is not None else ""

    def _optional(self, line: Line, values: Mapping[str, Any]) -> str:
        options = line.entry.options
        if "line_cd" in options and self._too_soon(line.rule, line.entry.seconds("line_cd", 0.0), self.memory.used_s):
            return f"line_cd={options['line_cd']} has not passed"
        if "sync" in options and not self._synced(options["sync"]):
            return f"{options['sync']} is not ready"
        if "moving" in options:
            moving = values["moving"]
            if moving is None:
                self.unknown.append("moving")
                return "moving is unknown"
            if (moving != 0) != line.entry.flag("moving"):
                return f"moving={moving:g}"
        if line.entry.action == "cancel_buff" and values[f"buff.{options.get('name', '')}.up"] == 0:
            return f"buff.{options.get('name', '')}.up=0"
        return ""

    def _synced(self, action: str) -> bool:
        """Whether the action that `sync=` names could be used now, by its own line where it has one."""
        lines = [x for x in self.scanner.program.lines() if x.entry.action == action and x.kind != "never"]
        if lines:
            return "sync" in lines[0].entry.options or self.would_fire(lines[0], self.V)
        left = self.V[f"cooldown.{action}.remains"]
        return bool((left is None or not left > 0) and self.V[f"action.{action}.usable"] != 0)

    def _too_soon(self, rule: str, pause_s: float, since: Mapping[str, float]) -> bool:
        last = since.get(rule)
        return pause_s > 0 and last is not None and self.now_s - last < pause_s

    def value(self, node: Node, values: Mapping[str, Any]) -> Any:
        return self.scanner.compiled(node, condition=False)(values, self.W)

    def lookup(self, values: Mapping[str, Any]) -> Callable[[str], Any]:
        own, variables = self.W, self.scanner.program.variables

        def look(name: str) -> Any:
            variable = name[9:].lower() if name.startswith("variable.") else ""
            return own[variable] if variable in variables else values[name]

        return look

    def candidates(self, line: Line, doubted: list[str]) -> Iterator[int]:
        """Indices of the enemies to try, in order."""
        count = max(1, len(self.targets))
        fixed = line.entry.options.get("target", "")
        if fixed.isdigit():
            yield from [int(fixed) - 1] if 1 <= int(fixed) <= count else []
        elif "target_if" in line.exprs:
            best = self._best(line, count, doubted)
            yield from [] if best is None else [best]
        elif line.entry.flag("cycle_targets"):
            most = int(line.entry.seconds("max_cycle_targets", 0.0)) or count
            yield from range(min(count, most))
        else:
            yield 0

    def _best(self, line: Line, count: int, doubted: list[str]) -> int | None:
        """The target that target_if chooses; None when there is none."""
        mode, node = line.entry.target_mode, line.exprs["target_if"]
        if count == 1 and mode != "first":
            return 0
        best: tuple[int, float] | None = None
        for index in range(count):
            values = self.seen_by(index)
            value = self.value(node, values)
            if value is None:
                doubted += blame(node, self.lookup(values))
            elif mode == "first":
                if value > 0 or (count > 1 and value != 0):
                    doubted.clear()
                    return index
            elif best is None or (value < best[1] if mode == "min" else value > best[1]):
                best = (index, value)
        self.why = "target_if chooses none"
        if best is None:
            return None
        doubted.clear()
        return best[0]

    def seen_by(self, index: int) -> Mapping[str, Any]:
        """The values with one enemy's own terms on top."""
        return self.V if index == 0 else {**self.base, **self.targets[index]}
