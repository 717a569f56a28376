"""Measure one thing, as a ratio against a named baseline in the same run.

examples:
  wowbot bench rules
  wowbot bench latency --json
"""

from __future__ import annotations

import argparse
from importlib import import_module

BENCHES: dict[str, tuple[str, str]] = {
    "latency": ("wowbot.cli.bench.latency", "colour flip in a window to key received"),
    "rules": ("wowbot.cli.bench.rules", "scan of a 60-line list"),
    "perceive": ("wowbot.cli.bench.perceive", "reading the whole HUD"),
    "accuracy": ("wowbot.cli.bench.accuracy", "errors on labelled real screenshots"),
    "record": ("wowbot.cli.bench.record", "coding frames"),
    "detect": ("wowbot.cli.bench.detect", "detector inference"),
    "llm": ("wowbot.cli.bench.llm", "a fight with a slow model"),
    "sim": ("wowbot.cli.bench.sim", "game time against real time"),
}
"""name -> (module, one line). A bench module has `configure(parser)` and `main(args) -> int`."""


def configure(parser: argparse.ArgumentParser) -> None:
    known = "\n".join(f"  {name:<10} {text}" for name, (_, text) in BENCHES.items())
    parser.epilog = f"{known}\n\nwowbot bench WHAT --help shows its options"
    parser.add_argument("bench", metavar="WHAT", choices=list(BENCHES), help=f"one of: {', '.join(BENCHES)}")
    # A remainder after a positional takes options too; after a subparser it would not.
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def main(args: argparse.Namespace) -> int:
    module = import_module(BENCHES[args.bench][0])
    parser = argparse.ArgumentParser(
        prog=f"wowbot bench {args.bench}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(parser)
    return int(module.main(parser.parse_args(args.rest)))
