"""What `wowbot perceive` prints for people: a line a value, a button or an aura, and in one line what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wowbot.core.terms import find

Readings = Mapping[str, Mapping[str, Any]]
"""By term: value, confidence and why, as the JSON answer has them."""
Things = Mapping[tuple[str, int], Readings]
"""By row and number of a button or an aura: its readings by the last part of their terms."""
BUTTON = re.compile(r"slot\.(\w+)\.(\d+)\.(\w+)$")
AURA = re.compile(r"aura\.(\w+)\.(\d+)\.(\w+)$")
USUAL: Mapping[str, Any] = {
    "usable": 1.0, "no_power": 0.0, "in_range": 1.0, "glow": 0.0, "active": 0.0, "empty": 0.0, "sweep_pct": 0.0,
    "stacks": 1.0, "harmful": 0.0, "school": "none",
}  # fmt: skip
"""Part of a button or aura -> the value that goes without saying."""
SAID: Mapping[str, str] = {
    "hotkey": "key {}", "sweep_pct": "cools down, {} % left", "count_s": "{} s", "charges": "count {}",
    "usable": "not usable", "no_power": "no power", "in_range": "out of range", "glow": "glows", "active": "active",
    "stacks": "x{}", "harmful": "harmful", "school": "{}", "remains": "{} s left",
}  # fmt: skip


def table(answer: Mapping[str, Any]) -> str:
    """The answer for one file in lines.

    Args:
        answer: file, layout or refused, readings and nameplates, as `wowbot perceive --json` prints them.
    """
    lines = [answer["file"]]
    layout = answer["layout"]
    if layout is None:
        refused = answer["refused"]
        lines.append(f"  refused: {refused['cause']}: {refused['evidence']}")
        return "\n".join([*lines, f"  do: {refused['mend']}"] if refused.get("mend") else lines)
    stock = f"{layout['era']}, {layout['ui_scale']} px per UI unit, score {layout['score']}"
    lines.append(f"  layout: {'custom, by the boxes given' if layout['era'] == 'other' else stock}")
    readings: Readings = answer["readings"]
    lines += [*_values(readings), *_parts(_things(readings, AURA), "aura"), *_buttons(_things(readings, BUTTON))]
    lines += [f"  nameplate {p['bbox']} {_plate(p)}" for p in answer["nameplates"]]
    known = sum(r["value"] is not None for r in readings.values())
    lines.append(f"  {known} values read, {len(readings) - known} unknown (--json has every one, and says why)")
    return "\n".join(lines)


def _values(readings: Readings) -> Iterable[str]:
    """A line a known value; units that are not there share one."""
    gone = [t.removesuffix(".exists") for t, r in readings.items() if t.endswith(".exists") and r["value"] == 0.0]
    for term, r in readings.items():
        plain = not (BUTTON.match(term) or AURA.match(term)) and term.removesuffix(".exists") not in gone
        if plain and r["value"] is not None:
            yield _line(term, _told(term, r["value"]), [r])
    if gone:
        yield _line("not on screen", ", ".join(gone), [readings[f"{unit}.exists"] for unit in gone])


def _buttons(things: Things) -> Iterable[str]:
    """A line a button that holds something; the empty ones of a bar share one."""
    empty: dict[str, dict[int, Mapping[str, Any]]] = {}
    for (bar, n), leaves in things.items():
        if "empty" in leaves and leaves["empty"]["value"]:
            empty.setdefault(bar, {})[n] = leaves["empty"]
    yield from _parts({(bar, n): leaves for (bar, n), leaves in things.items() if n not in empty.get(bar, ())}, "slot")
    for bar, rows in empty.items():
        yield _line(f"slot.{bar}", f"empty: {_ranges(sorted(rows))}", rows.values())


def _things(readings: Readings, pattern: re.Pattern[str]) -> Things:
    """The readings of each button, or of each aura."""
    things: dict[tuple[str, int], dict[str, Mapping[str, Any]]] = {}
    for term, r in readings.items():
        found = pattern.match(term)
        if found:
            things.setdefault((found[1], int(found[2])), {})[found[3]] = r
    return things


def _parts(things: Things, head: str) -> Iterable[str]:
    """A line a button or an aura, with what is not as usual."""
    for (row, n), leaves in sorted(things.items()):
        known = {leaf: r for leaf, r in leaves.items() if r["value"] is not None}
        if not known:
            continue
        icon = known.get("icon", {"value": None})["value"]
        words = ["icon unknown" if icon is None else icon or "an icon not learned"]
        words += [_word(leaf, known[leaf]["value"]) for leaf in SAID if leaf in known and _unusual(known, leaf)]
        yield _line(f"{head}.{row}.{n}", ", ".join(words), known.values())


def _unusual(known: Mapping[str, Mapping[str, Any]], leaf: str) -> bool:
    return bool(known[leaf]["value"] != USUAL.get(leaf))


def _word(leaf: str, value: Any) -> str:
    return SAID[leaf].format(_number(value))


def _line(term: str, value: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """The least sure of some readings gives confidence and cause."""
    least = min(rows, key=lambda r: float(r["confidence"]))
    return f"  {term:<24} {value:<44} {least['confidence']:.2f}  {least['why']}".rstrip()


def _told(term: str, value: Any) -> str:
    known = find(term)
    if known is not None and known.kind == "flag":
        return "yes" if value else "no"
    return f"{_number(value)} {known.unit}" if known is not None and known.unit in ("pct", "s") else _number(value)


def _number(value: Any) -> str:
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 -> "1-3, 7"."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _plate(plate: Mapping[str, Any]) -> str:
    fields = (("reaction", "reaction {}"), ("health_pct", "health {} pct"), ("name", "{}"))
    words = [said.format(_number(plate[key])) for key, said in fields if plate[key] is not None]
    cast = plate["cast"]
    return ", ".join([*words, "casts"] if cast else words)
