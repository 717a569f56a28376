"""Errors and warnings about a list: where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


class ExpressionError(Exception):
    """An expression that cannot be read.

    Args:
        offset: index of the offending character in the expression's text.
    """

    def __init__(self, offset: int, message: str, mend: str) -> None:
        super().__init__(message)
        self.offset, self.message, self.mend = offset, message, mend


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning about an expression, before it is known where that stands in a file."""

    offset: int
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning with its place.

    Args:
        line, column: from 1; 0 = the file as a whole.
        source: the source line, for the caret.
    """

    severity: Severity
    file: str
    line: int
    column: int
    message: str
    mend: str = ""
    source: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        mend = f"\n  mend: {self.mend}" if self.mend else ""
        return f"{place}: {self.severity}: {self.message}{self._picture()}{mend}"

    def _picture(self) -> str:
        if not self.source:
            return ""
        start = max(0, self.column - 60)
        shown = self.source[start : start + 100].replace("\t", " ")
        return f"\n  {shown}\n  {' ' * (self.column - 1 - start)}^"

    def as_json(self) -> dict[str, str | int]:
        """What `wowbot apl parse --json` shows."""
        return {"line": self.line, "column": self.column, "message": self.message, "mend": self.mend,
                "source": self.source}  # fmt: skip


class Place:
    """Text gathered from pieces of a file, which still knows where each character came from.

    `actions+=/a` appends raw text to what an earlier line began, so one entry may lie on several lines.
    """

    __slots__ = ("pieces", "text")

    def __init__(self) -> None:
        self.text = ""
        self.pieces: list[tuple[int, str, int, int, str]] = []

    def append(self, text: str, file: str, line: int, column: int, source: str) -> None:
        """Add `text`, whose first character stands at line:column (from 1) of `file`; `source` is the whole line."""
        self.pieces.append((len(self.text), file, line, column, source))
        self.text += text

    def problem(self, severity: Severity, offset: int, message: str, mend: str = "") -> Problem:
        """A problem at character `offset` of the text."""
        piece = next((p for p in reversed(self.pieces) if p[0] <= offset), (0, "", 0, 0, ""))
        start, file, line, column, source = piece
        return Problem(severity, file, line, column + offset - start, message, mend, source)

    def line(self, offset: int) -> int:
        """The file line of character `offset`."""
        return next((p[2] for p in reversed(self.pieces) if p[0] <= offset), 0)
