"""Parse, evaluate and run SimulationCraft action priority lists.

examples:
  wowbot apl parse mage.simc warrior.simc --dialect wotlk
  wowbot apl parse *.simc --perceivable            how much of them can be played from the screen
  wowbot apl eval 'buff.x.stack>=2&!cooldown.y.ready' --state '{"buff.x.stack": 3, "cooldown.y.ready": 0}'
  wowbot apl eval --batch rows.jsonl               rows of {"expr": ..., "state": {...}}, one answer a row
  wowbot apl run mage.simc --state state.json --trace
  wowbot apl run --batch rows.jsonl                rows of {"apl": TEXT, "state": {...}}, one answer a row

A state file is {"terms": {name: number}, "targets": [{name: number}, ...]}: names are exact, an absent term is unknown.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wowbot.apl.dialect import DIALECTS, NAMES, Dialect, dialect
from wowbot.apl.lists import Apl, read_apl_file
from wowbot.apl.perceivable import Share, share_of
from wowbot.apl.statefile import (
    answer,
    answer_row,
    evaluate_text,
    load_json,
    numbers_of,
    read_lines,
    read_state,
    run_on,
)
from wowbot.core.errors import ProfileError


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="parse|eval|run")
    parsing = commands.add_parser("parse", help="read files; exit 1 if any has errors", allow_abbrev=False)
    parsing.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a list, or a folder of .simc files")
    parsing.add_argument("--json", action="store_true", help="one JSON object a file")
    parsing.add_argument(
        "--perceivable", action="store_true", help="count the entries that can be played from the screen"
    )
    evaluating = commands.add_parser("eval", help="the value of an expression", allow_abbrev=False)
    evaluating.add_argument("expr", nargs="?", metavar="EXPR")
    evaluating.add_argument(
        "--state", default="{}", metavar="JSON", help='{"term": number}, or a file of it; absent terms are unknown'
    )
    evaluating.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="rows of {expr, state}")
    running = commands.add_parser("run", help="the action a list chooses, and why", allow_abbrev=False)
    running.add_argument("file", nargs="?", type=Path, metavar="FILE")
    running.add_argument("--state", metavar="FILE.json", help="a state file, or its JSON")
    running.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="rows of {apl, state}")
    running.add_argument("--trace", action="store_true", help="say why every line above did not fire")
    running.add_argument("--json", action="store_true")
    for command in (parsing, evaluating, running):
        command.add_argument("--dialect", default="modern", metavar="D", help=f"{', '.join(NAMES)} (default: modern)")


def main(args: argparse.Namespace) -> int:
    spoken = dialect(args.dialect)
    return {"parse": _parse, "eval": _eval, "run": _run}[args.what](args, spoken)


def _parse(args: argparse.Namespace, spoken: Dialect) -> int:
    broken, total = False, Share()
    for path in _files(args.files):
        apl = read_apl_file(path, spoken)
        broken |= bool(apl.errors)
        share = share_of(apl) if args.perceivable else None
        if share is not None:
            total.add(share)
        if args.json:
            print(json.dumps(_report(apl) | ({"perceivable": share.as_json()} if share else {})))
        else:
            _show_file(apl, share)
    if args.perceivable and not args.json:
        print(f"all files: {_share_text(total)}")
        hidden = ", ".join(f"{name} ({count})" for name, count in total.hidden.most_common(12))
        print(f"most often in the way: {hidden or 'nothing'}")
    return int(broken)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.simc")) if path.is_dir() else [path]


def _report(apl: Apl) -> dict[str, Any]:
    sizes = apl.list_sizes()
    return {
        "file": apl.file,
        "dialect": apl.dialect.name,
        "lists": sizes,
        "entries": sum(sizes.values()),
        "expressions": len(apl.expressions()),
        "errors": [{"file": p.file, **p.as_json()} for p in apl.errors],
        "warnings": [{"file": p.file, **p.as_json()} for p in apl.warnings],
    }


def _show_file(apl: Apl, share: Share | None) -> None:
    report = _report(apl)
    print(
        f"{apl.file}: {len(report['lists'])} lists, {report['entries']} entries, {report['expressions']} expressions, "
        f"{len(apl.errors)} errors, {len(apl.warnings)} warnings" + (f"; {_share_text(share)}" if share else "")
    )
    for problem in apl.problems:
        print(problem)


def _share_text(share: Share) -> str:
    if not share.entries:
        return "no entries"
    can, known = 100 * share.perceivable / share.entries, 100 * share.playable / share.entries
    return (
        f"{share.perceivable} of {share.entries} entries ({can:.1f} %) use only what is seen, remembered or estimated, "
        f"{share.playable} ({known:.1f} %) with the character's facts from a profile"
    )


def _eval(args: argparse.Namespace, spoken: Dialect) -> int:
    if args.batch is not None:
        for number, line in enumerate(read_lines(args.batch), 1):
            print(json.dumps(_eval_row(line, f"{args.batch}:{number}", spoken)))
        return 0
    if args.expr is None:
        raise ProfileError("nothing to evaluate: give EXPR or --batch FILE.jsonl")
    result = evaluate_text(args.expr, numbers_of(_given(args.state), "--state"), spoken)
    print(json.dumps(result))
    return 2 if result["error"] else 0


def _given(text: str) -> Any:
    """JSON given on the command line, or by the name of a file."""
    if text.lstrip().startswith("{"):
        return load_json(text, "--state")
    return load_json("\n".join(read_lines(Path(text))), text)


def _eval_row(line: str, where: str, spoken: Dialect) -> dict[str, Any]:
    try:
        row = load_json(line, where)
        if not isinstance(row, dict) or not isinstance(row.get("expr"), str):
            raise ProfileError(f'{where}: expected {{"expr": text, "state": {{...}}}}')
        own = DIALECTS.get(str(row.get("dialect")), spoken)
        return evaluate_text(row["expr"], numbers_of(row.get("state") or {}, f"{where}: state"), own)
    except ProfileError as error:
        return {"value": None, "error": str(error)}


def _run(args: argparse.Namespace, spoken: Dialect) -> int:
    if args.batch is not None:
        for number, line in enumerate(read_lines(args.batch), 1):
            where = f"{args.batch}:{number}"
            try:
                row = load_json(line, where)
            except ProfileError:
                row = None
            print(json.dumps(answer_row(row, where, spoken, trace=args.trace)))
        return 0
    if args.file is None or args.state is None:
        raise ProfileError("nothing to run: give FILE and --state FILE.json, or --batch FILE.jsonl")
    state = read_state(_given(args.state), "--state")
    outcome = run_on(read_apl_file(args.file, spoken), state, trace=args.trace or not args.json)
    result = answer(outcome, trace=args.trace)
    if args.json:
        print(json.dumps(result))
    else:
        _show_answer(result, outcome.trace if args.trace else ())
    return 0


def _show_answer(result: dict[str, Any], trace: tuple[Any, ...]) -> None:
    for line in trace:
        print(f"  {line.rule:<20} {line.verdict:<10} {line.why}")
    place = f"{result['list']}, line {result['line']}"
    if result["wait_s"] is not None:
        print(f"wait {result['wait_s']} s ({place})")
    elif result["action"] is None:
        print("nothing to do")
    else:
        print(f"{result['action']} on target {result['target']} ({place})")
    if result["unknown"]:
        print(f"unknown: {', '.join(result['unknown'])}")
