"""`wowbot COMMAND ...`: finds the command's module, imports it alone, turns errors into one screen and exit code 2."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from wowbot import __version__
from wowbot.cli.signals import signals_as_interrupt

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("wowbot.cli.run", "play: perceive, decide, act"),
    "profile": ("wowbot.cli.profile", "list, check, explain or start a profile"),
    "sim": ("wowbot.cli.sim", "open the training ground as a window"),
    "calibrate": ("wowbot.cli.calibrate", "find the HUD on a window or screenshot and write its layout"),
    "perceive": ("wowbot.cli.perceive", "read screenshots: one JSON object each"),
    "apl": ("wowbot.cli.apl", "parse, evaluate and run action priority lists"),
    "record": ("wowbot.cli.record", "record a window without playing"),
    "recording": ("wowbot.cli.recording", "info, verify, recover, cut, export a recording"),
    "replay": ("wowbot.cli.replay", "run the stages again on a recording and diff"),
    "why": ("wowbot.cli.why", "explain one decision of a recording"),
    "refs": ("wowbot.cli.refs", "check or update the references of the shipped recordings"),
    "keys": ("wowbot.cli.keys", "import, check and try key bindings"),
    "stop": ("wowbot.cli.stop", "stop the agent that runs in another terminal"),
    "doctor": ("wowbot.cli.doctor", "check this machine: display, capture, keys, models"),
    "llm": ("wowbot.cli.llm", "try the model back-end"),
    "do": ("wowbot.cli.do", "reach a goal given in words"),
    "mcp": ("wowbot.cli.mcp", "serve the agent as MCP tools"),
    "dataset": ("wowbot.cli.dataset", "build, view, split detector training data"),
    "train": ("wowbot.cli.train", "train a detector (needs the train extra)"),
    "detect": ("wowbot.cli.detect", "run a detector on images, videos, recordings"),
    "bench": ("wowbot.cli.bench.main", "measure, as ratios against a named baseline"),
}
"""name -> (module, one line). A command module has `configure(parser)` and `main(args) -> int`."""


def usage() -> str:
    """The top-level help, made without importing any command."""
    lines = [
        f"wowbot {__version__}: a game agent that plays by looking at the window",
        "",
        "usage: wowbot COMMAND [...]",
        "",
    ]
    lines += [f"  {name:<10} {text}" for name, (_, text) in COMMANDS.items()]
    lines += [
        "",
        "wowbot COMMAND --help shows its options and examples.",
        "",
        "  wowbot run --profile mage        watch it fight, no game needed",
    ]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point. Exit codes: 0 done, 1 a check found something, 2 wrong input or environment, 130 interrupted."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    if args[0] in ("--version", "-V"):
        print(f"wowbot {__version__}")
        return 0
    if args[0] not in COMMANDS:
        from wowbot.core.errors import nearest

        print(f"wowbot: no command {args[0]!r}.{nearest(args[0], COMMANDS)}\n\n{usage()}", file=sys.stderr)
        return 2
    return run_command(args[0], args[1:])


def run_command(name: str, args: Sequence[str]) -> int:
    """Import the command's module, parse, run; every WowbotError becomes its message and exit code 2."""
    from wowbot.core.errors import WowbotError

    module_name, summary = COMMANDS[name]
    try:
        module = import_module(module_name)
        parser = argparse.ArgumentParser(
            prog=f"wowbot {name}",
            description=module.__doc__ or summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.configure(parser)
        with signals_as_interrupt():
            return int(module.main(parser.parse_args(args)))
    except WowbotError as error:
        print(f"wowbot {name}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
