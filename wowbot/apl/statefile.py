"""Running a list on a state written in JSON: names are exact, nothing is derived, an absent term is unknown."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wowbot.apl.dialect import DIALECTS, Dialect
from wowbot.apl.expression import parse
from wowbot.apl.lists import Apl, read_apl
from wowbot.apl.pick import Outcome
from wowbot.apl.problem import ExpressionError
from wowbot.apl.program import PRECOMBAT, Linker, Program
from wowbot.apl.scanner import Scanner
from wowbot.apl.traced import evaluate
from wowbot.core.errors import ProfileError, WowbotError


@dataclass(frozen=True, slots=True)
class StateFile:
    """`{"terms": {name: number}, "targets": [{name: number}, ...]}`.

    Args:
        terms: None or absent = unknown.
        targets: the enemies in order, the first one current; their terms win over the same names in `terms`.
    """

    terms: Mapping[str, float | None]
    targets: tuple[Mapping[str, float | None], ...] = ()


def read_state(data: Any, where: str = "state") -> StateFile:
    """Check and take a parsed state file.

    Raises:
        ProfileError: not of that shape.
    """
    if not isinstance(data, Mapping) or set(data) - {"terms", "targets"}:
        raise ProfileError(f'{where}: expected {{"terms": {{name: number}}, "targets": [...]}}, found {_short(data)}')
    targets = data.get("targets") or []
    if not isinstance(targets, Sequence) or isinstance(targets, str):
        raise ProfileError(f"{where}: targets: expected a list of objects, found {_short(targets)}")
    terms = numbers_of(data.get("terms") or {}, f"{where}: terms")
    return StateFile(terms, tuple(numbers_of(t, f"{where}: targets[{i}]") for i, t in enumerate(targets)))


def numbers_of(data: Any, where: str) -> dict[str, float | None]:
    """Check a `{name: number}` object; true and false are 1 and 0, null is unknown, "inf" "-inf" "nan" are read.

    Raises:
        ProfileError: something else.
    """
    if not isinstance(data, Mapping):
        raise ProfileError(f"{where}: expected an object of numbers, found {_short(data)}")
    return {str(name): _number(value, f"{where}: {name}") for name, value in data.items()}


def _number(value: Any, where: str) -> float | None:
    if value is None or isinstance(value, int | float):
        return value if value is None else float(value)
    if isinstance(value, str) and value in ("inf", "-inf", "nan"):
        return float(value)
    raise ProfileError(f"{where}: expected a number, found {_short(value)}")


def _short(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def load_json(text: str, where: str) -> Any:
    """Parse JSON.

    Raises:
        ProfileError: it is not JSON; names line and column.
    """
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ProfileError(f"{where}: is not JSON: {error}") from None


def json_number(value: float | None) -> float | str | None:
    """A double as strict JSON: "inf", "-inf" and "nan" as text."""
    if value is None or math.isfinite(value):
        return value
    return "nan" if value != value else "inf" if value > 0 else "-inf"


def evaluate_text(text: str, state: Mapping[str, float | None], dialect: Dialect) -> dict[str, Any]:
    """Evaluate one expression: {"value", "error"}; a null value without an error is unknown."""
    try:
        value = evaluate(parse(text, dialect).node, state.get)
    except ExpressionError as error:
        caret = f"{text}\n{' ' * error.offset}^"
        return {"value": None, "error": f"column {error.offset + 1}: {error.message}; {error.mend}\n{caret}"}
    return {"value": json_number(value), "error": None}


def run_on(apl: Apl, state: StateFile, *, trace: bool = False) -> Outcome:
    """One decision of a list on a state.

    Raises:
        ProfileError: the list has errors, misses an include, or describes several actors.
    """
    program: Program = Linker(apl.runnable()).link()
    values: dict[str, float | None] = {**dict.fromkeys(program.terms), **state.terms}
    scanner = Scanner(program)
    scanner.update_variables(PRECOMBAT, values)
    for name, value in state.terms.items():
        if name.startswith("variable.") and name[9:].lower() in program.variables:
            scanner.memory.variables[name[9:].lower()] = value
    waits = (values.get("gcd.remains") or 0.0) > 0
    return scanner.scan(values, state.targets, mode="gcd" if waits else "normal", trace=trace)


def answer(outcome: Outcome, *, trace: bool = False) -> dict[str, Any]:
    """An outcome as the command's JSON answer."""
    pick = outcome.pick
    entry = None if pick is None or pick.line is None else pick.line.entry
    result: dict[str, Any] = {
        "action": (pick.action or None) if pick is not None else None,
        "list": entry.list_name if entry else None,
        "line": entry.number if entry else None,
        "target": pick.target if pick is not None and entry else None,
        "wait_s": json_number(pick.wait_s) if pick is not None else None,
        "unknown": list(outcome.unknown),
    }
    if trace:
        result["trace"] = [{"rule": t.rule, "verdict": t.verdict, "why": t.why} for t in outcome.trace]
    return result


def answer_row(row: Any, where: str, dialect: Dialect, *, trace: bool = False) -> dict[str, Any]:
    """Answer one row of a batch, `{"apl": text, "state": {...}}`; what is wrong with it stands in "error"."""
    try:
        if not isinstance(row, Mapping) or not isinstance(row.get("apl"), str):
            raise ProfileError(f'{where}: expected {{"apl": text, "state": {{...}}}}, found {_short(row)}')
        own = DIALECTS.get(str(row.get("dialect")), dialect)
        state = read_state(row.get("state") or {}, f"{where}: state")
        return answer(run_on(read_apl(row["apl"], where, own), state, trace=trace), trace=trace)
    except WowbotError as error:
        nothing = dict.fromkeys(("action", "list", "line", "target", "wait_s"))
        return {**nothing, "unknown": [], "error": str(error)}


def read_lines(path: Path) -> list[str]:
    """The lines of a text file that are not empty.

    Raises:
        ProfileError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read ({error})") from None
    return [line for line in text.splitlines() if line.strip()]
