"""Scan a 60-line list with 285 terms: compiled, explained, and as Python's own eval of the same conditions.

Every line is false, so that all 60 are looked at: typically because of any one of its terms, at worst of its last.

examples:
  wowbot bench rules
  wowbot bench rules --list mage.simc --json       also: how long that list takes to load and compile
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wowbot.apl.dialect import NAMES, dialect
from wowbot.apl.lists import read_apl, read_apl_file
from wowbot.apl.program import Linker, Program
from wowbot.apl.scanner import Scanner

LINES, TERMS = 60, 285
_TERM = re.compile(r"[a-z][a-z0-9_.]*")
_LEAVES = ("buff.*.remains", "buff.*.stack", "cooldown.*.remains", "debuff.*.remains")
_SINGLE = ("health.pct", "target.health.pct", "mana.pct", "active_enemies", "time", "combo_points", "rage", "energy")
POOL = (*(leaf.replace("*", f"spell_{n}") for n in range(30) for leaf in _LEAVES), *_SINGLE)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scans", type=int, default=3000, help="scans per measurement (default: 3000)")
    parser.add_argument("--seed", type=int, default=1, help="of the generated list (default: 1)")
    parser.add_argument("--list", type=Path, metavar="FILE", help="also time loading and compiling this list")
    parser.add_argument("--dialect", default="modern", metavar="D", help=f"of --list: {', '.join(NAMES)}")
    parser.add_argument("--json", action="store_true")


def main(args: argparse.Namespace) -> int:
    result: dict[str, Any] = {"lines": LINES, "terms": TERMS}
    for label in ("typical", "worst"):
        conditions, state = make_conditions(random.Random(args.seed), worst=label == "worst")
        result[label] = measure(conditions, state, args.scans)
    if args.list is not None:
        result["load"] = time_loading(args.list, args.dialect)
    print(json.dumps(result) if args.json else describe(result))
    return 0


def make_conditions(rng: random.Random, *, worst: bool) -> tuple[list[str], dict[str, float]]:
    """60 conditions of 285 terms in all, every one false because of a single term: any of its terms, or its last.

    Returns:
        the conditions, and the state.
    """
    state = {name: rng.uniform(20.0, 80.0) for name in POOL}
    conditions = []
    for index in range(LINES):
        chosen = rng.sample(POOL, TERMS // LINES + (index < TERMS % LINES))
        parts = [_part(name, state[name], rng) for name in chosen]
        fails = len(parts) - 1 if worst else rng.randrange(len(parts))
        parts[fails] = f"{chosen[fails]}>{state[chosen[fails]] + 5:.2f}"
        conditions.append("&".join(parts))
    return conditions, state


def _part(name: str, value: float, rng: random.Random) -> str:
    forms = (
        f"{name}<{value + 10:.2f}",
        f"{name}>={value - 10:.2f}",
        f"({name}+{rng.randint(1, 9)})*2>{value:.2f}",
        name,
    )
    return rng.choice(forms)


def measure(conditions: list[str], state: Mapping[str, float], scans: int) -> dict[str, float]:
    """Microseconds a scan (median), each form on the same state."""
    program = _program(conditions)
    values: dict[str, float | None] = {**dict.fromkeys(program.terms), **state}
    compiled, traced = Scanner(program), Scanner(program)
    python = [_as_python(text) for text in conditions]
    codes = [compile(text, "<condition>", "eval") for text in python]

    def by_eval(sources: list[Any]) -> Callable[[], None]:
        def scan() -> None:
            for source in sources:
                if eval(source, {"__builtins__": {}}, {"s": values}):
                    return

        return scan

    return {
        "compiled_us": _median_us(lambda: compiled.scan(values), scans),
        "traced_us": _median_us(lambda: traced.scan(values, trace=True), max(50, scans // 10)),
        "eval_text_us": _median_us(by_eval(python), max(20, scans // 100)),
        "eval_code_us": _median_us(by_eval(codes), max(50, scans // 10)),
    }


def _program(conditions: list[str]) -> Program:
    text = "\n".join(f"actions+=/spell_{i},if={condition}" for i, condition in enumerate(conditions))
    return Linker(read_apl(f"{text}\nactions+=/last").runnable()).link()


def _as_python(condition: str) -> str:
    """The same text for Python's eval: terms looked up in a dict, `&` as `and`."""
    return _TERM.sub(lambda match: f"s[{match.group()!r}]", condition).replace("&", " and ")


def _median_us(action: Callable[[], object], count: int) -> float:
    action()
    spent = []
    for _ in range(count):
        start = time.perf_counter_ns()
        action()
        spent.append(time.perf_counter_ns() - start)
    return sorted(spent)[count // 2] / 1000.0


def time_loading(path: Path, spoken: str) -> dict[str, Any]:
    """Read, link and compile a file once, from nothing cached."""
    start = time.perf_counter()
    apl = read_apl_file(path, dialect(spoken))
    read = time.perf_counter()
    for actor in apl.actors:
        Scanner(Linker(actor).link()).compile()
    done = time.perf_counter()
    return {"file": str(path), "entries": sum(apl.list_sizes().values()), "read_ms": (read - start) * 1e3,
            "compile_ms": (done - read) * 1e3, "total_ms": (done - start) * 1e3}  # fmt: skip


def describe(result: Mapping[str, Any]) -> str:
    """For people: each figure as a ratio against eval of the same text."""
    lines = [f"a list of {result['lines']} lines with {result['terms']} terms, median microseconds a scan:"]
    for label in ("typical", "worst"):
        row = result[label]
        lines.append(f"  {label}:")
        for key, text in (
            ("compiled_us", "compiled"), ("traced_us", "explained"), ("eval_code_us", "eval of code objects"),
            ("eval_text_us", "eval of the text"),
        ):  # fmt: skip
            lines.append(
                f"    {text:<22}{row[key]:10.1f}  {row['eval_text_us'] / row[key]:8.1f} x as fast as eval of the text"
            )
    if "load" in result:
        load = result["load"]
        lines.append(f"{load['file']}: {load['entries']} entries read in {load['read_ms']:.0f} ms, "
                     f"compiled in {load['compile_ms']:.0f} ms")  # fmt: skip
    return "\n".join(lines)
