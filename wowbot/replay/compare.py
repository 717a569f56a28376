"""The difference between two runs of a stage: short for people, long for a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from wowbot.replay.rows import Row, changes

ABSENT = "(absent)"
LongLine = Callable[[str], None]


@dataclass(slots=True)
class TermDiff:
    """One term that differs.

    Args:
        ticks: how many ticks it differs on.
        first_index, first_t_s: the first of them.
        was, now: its values there.
        most: largest difference of two numbers, None without numbers.
    """

    ticks: int
    first_index: int
    first_t_s: float
    was: Any
    now: Any
    most: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "ticks": self.ticks,
            "first_index": self.first_index,
            "first_t_s": round(self.first_t_s, 3),
            "was": self.was,
            "now": self.now,
            "most": self.most,
        }


@dataclass(slots=True)
class StageDiff:
    """All that differs in one stage.

    Args:
        stage: its name.
        ticks: compared ticks. skipped: ticks it could not be run on (their frame was not kept).
        terms: by name; for the decision stage "rule a -> b" instead.
        differing: ticks with any difference.
    """

    stage: str
    ticks: int = 0
    skipped: int = 0
    differing: int = 0
    terms: dict[str, TermDiff] = field(default_factory=dict)

    def take(self, index: int, t_s: float, was: Row, now: Row, long: LongLine) -> None:
        """Compare one tick's rows."""
        self.ticks += 1
        if was == now:
            return
        names = changes(was, now)
        self.differing += 1
        if self.stage == "decision":
            self._note(_decision_name(was, now, names), index, t_s, _short(was, names), _short(now, names))
        else:
            for name in names:
                self._note(name, index, t_s, was.get(name, ABSENT), now.get(name, ABSENT))
        pairs = {name: [was.get(name, ABSENT), now.get(name, ABSENT)] for name in names}
        long(_line({"stage": self.stage, "index": index, "t_s": round(t_s, 3), "diff": pairs}))

    def _note(self, name: str, index: int, t_s: float, was: Any, now: Any) -> None:
        gap = _gap(was, now)
        found = self.terms.get(name)
        if found is None:
            self.terms[name] = TermDiff(1, index, t_s, was, now, gap)
            return
        found.ticks += 1
        if gap is not None:
            found.most = gap if found.most is None else max(found.most, gap)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, in a fixed order."""
        return {
            "ticks": self.ticks,
            "skipped": self.skipped,
            "differing": self.differing,
            "terms": {name: diff.as_dict() for name, diff in sorted(self.terms.items())},
        }

    def lines(self, limit: int = 20) -> Iterator[str]:
        """The short diff, the most frequent first."""
        told = f"{self.stage}: {self.ticks} ticks compared"
        told += f", {self.skipped} without a frame" if self.skipped else ""
        if not self.terms:
            yield told + ", no difference"
            return
        yield f"{told}, {self.differing} differ"
        rows = sorted(self.terms.items(), key=lambda item: (-item[1].ticks, item[0]))
        for name, diff in rows[:limit]:
            most = f", at most {diff.most:g} apart" if diff.most is not None else ""
            yield (
                f"  {name}: {diff.ticks} ticks, first at {diff.first_t_s:.2f} s (tick {diff.first_index}): "
                f"{_text(diff.was)} -> {_text(diff.now)}{most}"
            )
        if len(rows) > limit:
            yield f"  ... and {len(rows) - limit} more; the long diff has them all"


def _decision_name(was: Row, now: Row, names: list[str]) -> str:
    """Which rule became which; the fields when the rule stayed."""
    old, new = _rule(was), _rule(now)
    return f"{old} -> {new}" if old != new else f"{old}: {', '.join(names)}"


def _rule(row: Row) -> str:
    rule = f"{row.get('rule', '')} {row.get('ability', '')}".strip()
    return rule or str(row.get("source", ABSENT))


def _short(row: Row, names: list[str]) -> Any:
    return {name: row.get(name, ABSENT) for name in names}


def _gap(was: Any, now: Any) -> float | None:
    a, b = (v[0] if isinstance(v, list) and v else v for v in (was, now))
    if isinstance(a, int | float) and isinstance(b, int | float):
        return round(abs(b - a), 3)
    return None


def _text(value: Any) -> str:
    text = _line(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(", ", ": "))
