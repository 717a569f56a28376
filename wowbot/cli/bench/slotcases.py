"""Labels of action buttons as cases.

`slots` of a label says all of a bar's buttons: `{"main": {"empty": [6, 9], "counts": {"7": 70}, "red": [2],
"sweeps": {"5": 66.0, "6": null}, "keys": {"1": "q"}, "skip": [12]}}`; what is not listed is filled, in range, without a
sweep and without a count; a sweep of null runs, nobody measured how far. The older `slots_empty`, `slots_hotkey_red`,
`slots_count`, `slots_not_enough_power`, `slots_dim_or_unusable` and `slots_normal` say single buttons, a plain list those
of the main bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wowbot.cli.bench.cases import Case

BARS = ("main", "bottom_left", "bottom_right", "right", "left")
BUTTONS = range(1, 13)
SWEEP_SLACK = 100.0 * 8.0 / 360.0
"""Eight degrees of a sweep, in percent of it."""
SINGLE: Mapping[str, tuple[tuple[str, float], ...]] = {
    "slots_empty": (("empty", 1.0),),
    "slots_hotkey_red": (("in_range", 0.0),),
    "slots_not_enough_power": (("no_power", 1.0),),
    "slots_dim_or_unusable": (("usable", 0.0),),
    "slots_normal": (("no_power", 0.0), ("usable", 1.0)),
}


def slot_cases(label: Mapping[str, Any]) -> Iterator[Case]:
    """What a label says of the buttons of the stock bars."""
    whole = {bar: told for bar, told in (label.get("slots") or {}).items() if bar in BARS}
    for bar, told in whole.items():
        for n in BUTTONS:
            if n not in told.get("skip", ()):
                yield from _button(f"slot.{bar}.{n}", n, told)
    for name, leaves in SINGLE.items():
        for bar, places in _by_bar(label.get(name)):
            for n in places:
                yield from (
                    Case(f"slot.{bar}.{n}.{leaf}", "flag", value)
                    for leaf, value in leaves
                    if bar not in whole or leaf in ("no_power", "usable")
                )
    for bar, counts in _by_bar(label.get("slots_count")):
        if bar not in whole:
            yield from (Case(f"slot.{bar}.{n}.charges", "number", float(count)) for n, count in counts.items())


def _button(slot: str, n: int, told: Mapping[str, Any]) -> Iterator[Case]:
    """One button of a bar that is labelled whole."""
    empty, key = n in told.get("empty", ()), told.get("keys", {}).get(str(n))
    yield Case(f"{slot}.empty", "flag", float(empty))
    if "keys" in told:
        yield Case(f"{slot}.hotkey", "text", key) if key else Case(f"{slot}.hotkey", "none", "")
    sweep = told.get("sweeps", {}).get(str(n), 0.0)
    if sweep is not None:
        yield Case(f"{slot}.sweep_pct", "fill", float(sweep), SWEEP_SLACK if sweep else 0.0)
    if empty:
        return
    yield Case(f"{slot}.in_range", "flag", float(n not in told.get("red", ())))
    if sweep == 0.0:  # nobody labels what a shade hides
        count = told.get("counts", {}).get(str(n))
        yield Case(f"{slot}.charges", "none", "") if count is None else Case(f"{slot}.charges", "number", float(count))


def _by_bar(told: Any) -> Iterator[tuple[str, Any]]:
    """(bar, its entries) of a label that names bars, or lists buttons of the main one."""
    if isinstance(told, Mapping):
        yield from ((bar, entries) for bar, entries in told.items() if bar in BARS)
    elif told:
        yield "main", told
