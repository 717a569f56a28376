"""References: what the stages gave last time, one JSON line per tick that brought a change, readable in a git diff.

The first line of a file tells every term; later lines what changed (`set`) and what is gone (`gone`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wowbot.core.errors import RecordingError
from wowbot.replay.rows import Row, changes


@dataclass(slots=True)
class RefWriter:
    """Rows to reference lines."""

    _row: Row = field(default_factory=dict)
    _started: bool = False

    def line(self, index: int, t_s: float, row: Row) -> str | None:
        """The line for this tick; None when nothing changed since the last."""
        names = changes(self._row, row)
        if self._started and not names:
            return None
        told: dict[str, Any] = {"i": index, "t": round(t_s, 3), "set": {n: row[n] for n in names if n in row}}
        gone = [n for n in names if n not in row]
        if gone:
            told["gone"] = gone
        self._row, self._started = row, True
        return json.dumps(told, sort_keys=True, ensure_ascii=False, allow_nan=False)


@dataclass(slots=True)
class RefReader:
    """Reference lines to rows, asked for in the order of ticks.

    Args:
        path: one stage's .jsonl.

    Raises:
        RecordingError: no such file, or a broken line.
    """

    path: Path
    _rows: Iterator[tuple[int, Row]] | None = None
    _row: Row = field(default_factory=dict)
    _next: tuple[int, Row] | None = None

    def row(self, index: int) -> Row:
        """The row in force at a tick; {} before the first line."""
        if self._rows is None:
            self._rows = read_rows(self.path)
            self._next = next(self._rows, None)
        while self._next is not None and self._next[0] <= index:
            self._row = self._next[1]
            self._next = next(self._rows, None)
        return self._row


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """(frame index, whole row) for each line.

    Raises:
        RecordingError: no such file, or a broken line.
    """
    row: Row = {}
    for number, line in enumerate(_lines(path), start=1):
        try:
            data = json.loads(line)
            row = {k: v for k, v in row.items() if k not in data.get("gone", ())} | data["set"]
            index = int(data["i"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordingError(
                f"{path}:{number}: is no reference line ({error}); write it anew by `refs update`"
            ) from error
        yield index, row


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as stream:
            yield from stream
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror}); make it by `wowbot refs update`") from error
