"""Look at everything a run needs and say what is wrong and how to mend it. Presses a key only into a window of its own.

examples:
  wowbot doctor
  wowbot doctor --profile mage            also its window, layout and keys
  wowbot doctor --window "World of Warcraft" --json

Exit code 1 when something fails.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from wowbot.cli.doctor_checks import all_checks
from wowbot.cli.doctor_display import Check

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="look at this profile's window, layout and keys, too")
    parser.add_argument("--window", metavar="TITLE", help="another title than the profile's")
    parser.add_argument("--no-press", action="store_true", help="leave out the key test, which opens a small window")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    checks: list[Check] = []
    for check in all_checks(args.profile, args.window, press=not args.no_press):
        checks.append(check)
        if not args.json:
            print(line(check), flush=True)
    if args.json:
        print(json.dumps({"ok": not failed(checks), "checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    return 1 if failed(checks) else 0


def line(check: Check) -> str:
    """One line for people."""
    mend = f"; {check.mend}" if check.mend else ""
    return f"{MARKS[check.status]}  {check.name:<10} {check.found}{mend}"


def failed(checks: list[Check]) -> bool:
    return any(check.status == "fail" for check in checks)
