"""Adding up errors and writing them as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from wowbot.cli.bench.cases import Case
from wowbot.core.reading import Reading
from wowbot.perception.hotkeys import NOT_SEEN


@dataclass
class Score:
    """What became of many cases of one kind.

    Args:
        errors: absolute errors of fills in pct, one for each value read.
        right, unknown, total: counts of cases.
        edits, letters: of texts: edit distance to the truth, letters of the truth.
        misses: "file: term: truth, found" for every case that was wrong.
    """

    errors: list[float] = field(default_factory=list)
    right: int = 0
    unknown: int = 0
    total: int = 0
    edits: int = 0
    letters: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, case: Case, reading: Reading | None, where: str) -> None:
        """Count one case."""
        self.total += 1
        value = reading.value if reading is not None else None
        if case.kind == "none" and (reading is None or (reading.value is None and reading.why == NOT_SEEN)):
            self.right += 1
            return
        if case.kind == "text" and not case.term.endswith("hotkey"):
            self.letters += len(str(case.truth))
            self.edits += edit_distance(str(value or ""), str(case.truth))
        if value is None:
            self.unknown += 1
            why = reading.why if reading is not None else "nothing provides it"
            self.misses.append(f"{where}: {case.term}: {case.truth}, unknown ({why})")
            return
        if self._right(case, value):
            self.right += 1
        else:
            found = f"{value:.1f}" if isinstance(value, float) else value
            self.misses.append(f"{where}: {case.term}: {case.truth}, found {found}")

    def _right(self, case: Case, value: float | str) -> bool:
        if case.kind == "text":
            return str(value).strip() == str(case.truth).strip()
        if not isinstance(value, float | int) or isinstance(case.truth, str):
            return False
        error = abs(float(value) - case.truth)
        if case.kind == "fill":
            self.errors.append(error)
            return error <= case.slack
        return error == 0.0

    def cells(self) -> list[str]:
        """n, right, unknown, mean, 95th percentile, worst."""
        shown = ["", "", ""]
        if self.errors:
            worst = (np.mean(self.errors), np.percentile(self.errors, 95), max(self.errors))
            shown = [f"{v:.2f}" for v in worst]
        return [str(self.total), f"{percent(self.right, self.total)}", f"{percent(self.unknown, self.total)}", *shown]


def percent(part: int, whole: int) -> str:
    return f"{100.0 * part / whole:.1f} %" if whole else "-"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def edit_distance(found: str, truth: str) -> int:
    """Least number of letters to insert, delete or replace."""
    row = list(range(len(truth) + 1))
    for i, a in enumerate(found, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(truth, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
