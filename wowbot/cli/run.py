"""Play: look at the window, decide by the profile's list, press keys.

With `--world auto` the game window is played where one is found, else the embedded training ground.

examples:
  wowbot run --profile mage                          the training ground, or the game if its window is open
  wowbot run --profile mage --world sim --seed 3 --scenario pack --report out.json
  wowbot run --profile mage --world live --dry-run   decide on the real window, press nothing
  wowbot run --profile flare_brute --world live --window Flare --hz eager
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wowbot.cli.output import check_png, write_png
from wowbot.config import log_file
from wowbot.core.errors import ConfigError

if TYPE_CHECKING:
    from wowbot.build import Rig, RunOptions
    from wowbot.control import Control

COUNTDOWN_S = 3
EAGER_HZ = 120.0


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile", default="mage", metavar="NAME|PATH", help="see `wowbot profile list` (default: mage)"
    )
    parser.add_argument("--world", choices=("auto", "sim", "live"), default="auto", help="default: auto")
    parser.add_argument("--window", metavar="TITLE", help="exact title of the game window (default: the profile's)")
    parser.add_argument(
        "--layout", default="auto", metavar="PATH|auto", help="where the HUD is (default: found by itself)"
    )
    parser.add_argument(
        "--hz", default=None, metavar="N|eager", help="ticks a second (default: 60 live, 20 in the sim)"
    )
    parser.add_argument(
        "--speed", default=None, metavar="1|N|max", help="sim: game seconds per second (1 with --watch, else max)"
    )
    parser.add_argument(
        "--seconds", type=float, default=0.0, help="end after so much game time (default: when it is over)"
    )
    parser.add_argument("--seed", type=int, default=1, help="sim: the world's seed (default: 1)")
    parser.add_argument(
        "--scenario", metavar="NAME", help="sim: what to play (default: the profile's; see `wowbot sim --help`)"
    )
    parser.add_argument("--size", default="1280x720", metavar="WxH", help="sim: frame size (default: 1280x720)")
    parser.add_argument(
        "--truth", action="store_true", help="sim: no pixels, perfect readings; for speed, proves nothing"
    )
    parser.add_argument(
        "--detector",
        default="auto",
        metavar="NAME|off|auto",
        help="find objects in the world (default: auto, where the profile's list reads its terms)",
    )
    parser.add_argument("--dry-run", action="store_true", help="decide, but press nothing")
    parser.add_argument("--record", type=Path, metavar="PATH", help="record everything into this .mcap")
    parser.add_argument(
        "--frames",
        default="auto",
        metavar="WHICH",
        help="frames to record: all, changed, regions, 5fps, 5fps-regions (default: changed; sim: rendered again)",
    )
    parser.add_argument(
        "--mask", action="append", default=[], metavar="REGION", help="black out in the recording: chat, names"
    )
    parser.add_argument(
        "--mark-key", default="", metavar="KEY", help="a key that sets a marker in the recording, e.g. f12"
    )
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the summary as JSON")
    parser.add_argument(
        "--snapshot", type=Path, metavar="FILE.png", help="write the last frame with what was read on it"
    )
    parser.add_argument(
        "--watch", action=argparse.BooleanOptionalAction, default=False, help="show it in a window of its own"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON and nothing else")
    parser.add_argument("--verbose", "-v", action="store_true", help=f"log more (log file: {log_file()})")


def main(args: argparse.Namespace) -> int:
    from wowbot.build import build_rig
    from wowbot.cli.status import start_log
    from wowbot.control import Control

    start_log(args.verbose)
    if args.snapshot is not None:
        check_png(args.snapshot, "--snapshot")
    options = options_from(args)

    def say(text: str) -> None:
        if not args.json:
            print(text, flush=True)

    def met(title: str, described: str) -> None:
        say(f"world: live, the window {described} was found")
        if not args.dry_run:
            countdown(title, say)

    rig = build_rig(options, met)
    if rig.world == "sim":
        say(f"world: sim, {rig.why}")
    for line in rig.notes:
        say(f"note: {line}")
    control = Control(rig, seconds=args.seconds, speed=speed_from(args))
    try:
        interrupted = play(control, args)
    finally:
        tell_tail(rig)
    report = rig.report.as_dict() | {"profile": rig.profile.facts.name, "world": rig.world, "reason": control.reason}
    if rig.cost is not None:
        report["model"] = rig.cost_line()
    finish(rig, control, report, args)
    return 130 if interrupted else 0


def options_from(args: argparse.Namespace) -> RunOptions:
    """The command line as RunOptions.

    Raises:
        ConfigError: a size, rate or speed that makes no sense.
    """
    from wowbot.build import RunOptions

    eager = args.hz == "eager"
    hz = EAGER_HZ if eager else (None if args.hz is None else positive(args.hz, "--hz", "a number or eager"))
    return RunOptions(
        profile=args.profile, world=args.world, window=args.window, layout=args.layout, hz=hz, eager=eager,
        seed=args.seed, scenario=args.scenario, size_wh=size_from(args.size), seconds=args.seconds, truth=args.truth,
        dry_run=args.dry_run, record=args.record, frames=args.frames, mask=tuple(args.mask),
        mark_key=args.mark_key, watch=args.watch,
        paced=speed_from(args) > 0, detector=args.detector,
    )  # fmt: skip


def size_from(text: str) -> tuple[int, int]:
    """ "1280x720" -> (1280, 720)."""
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()) or not (640 <= int(width) <= 7680 and 480 <= int(height) <= 4320):
        raise ConfigError(f"--size: found {text!r}, expected WIDTHxHEIGHT from 640x480 to 7680x4320, e.g. 1280x720")
    return int(width), int(height)


def positive(text: str, option: str, expected: str) -> float:
    """A number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value <= 1000.0:
        raise ConfigError(f"{option}: found {text!r}, expected {expected}")
    return value


def speed_from(args: argparse.Namespace) -> float:
    """Game seconds per real second; 0 = as fast as it goes."""
    if args.speed is None:
        return 1.0 if args.watch else 0.0
    return 0.0 if args.speed == "max" else positive(args.speed, "--speed", "a number above 0, or max")


def countdown(title: str, say: Callable[[str], None]) -> None:
    """Time to bring the game to the front before it is looked at and gets its first key."""
    say("bring it to the front now; Ctrl-C, the Pause key and `wowbot stop` end the run")
    for left in range(COUNTDOWN_S, 0, -1):
        say(f"first key in {left} s into {title!r} ...")
        time.sleep(1.0)


def play(control: Control, args: argparse.Namespace) -> bool:
    """Run to the end with a live status line where there is a terminal; True when Ctrl-C or a signal ended it."""
    from wowbot.cli.signals import interrupted, signals_ask
    from wowbot.cli.status import StatusLine

    shown = not args.json and sys.stdout.isatty()
    line: AbstractContextManager[Any] = StatusLine(control) if shown else nullcontext()
    try:
        with line as status, signals_ask(control.stop) as asked:
            control.run(None if status is None else status.on_tick)
    except KeyboardInterrupt as by:
        control.reason = control.reason or interrupted(*by.args)
        return True
    return bool(asked.why)


def tell_tail(rig: Rig) -> None:
    """Where the last seconds of a run are that ended as nobody asked, a crash included."""
    path = None if rig.tail is None else rig.tail.saved
    if path is not None:
        print(
            f"the last seconds were kept in {path}; `wowbot why {path} --at 5s` shows and explains them",
            file=sys.stderr,
        )


def finish(rig: Rig, control: Control, report: dict[str, Any], args: argparse.Namespace) -> None:
    """Files, then the summary."""
    from wowbot.cli.status import summary

    if args.snapshot is not None and control.latest is not None:
        from wowbot.build import picture

        write_png(picture(rig, control.latest), args.snapshot, "--snapshot")
    if args.report is not None:
        args.report.parent.mkdir(parents=True, exist_ok=True)
        args.report.write_text(json.dumps(report, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    if args.json:
        print(json.dumps(report, allow_nan=False))
    else:
        summary(report)
