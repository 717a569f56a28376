"""Open the training ground as a real window: another process, or you, can play it knowing only the screen.

examples:
  wowbot sim                                              a mage and a wolf in a window called "World of Warcraft"
  wowbot sim --scenario pack --seed 3 --size 1920x1080
  wowbot sim --era retail --gamma 0.9 --seconds 60 --report out.json
  wowbot run --profile mage --world live                  plays that window, from another terminal
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

from wowbot.core.errors import SimError
from wowbot.hud.units import STOCK_ERAS

if TYPE_CHECKING:
    from wowbot.sim.window import WindowReport


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", default="mage", metavar="NAME|PATH", help="whose character it is (default: mage)")
    parser.add_argument("--size", default="1280x720", metavar="WxH", help="client area (default: 1280x720)")
    parser.add_argument("--era", choices=STOCK_ERAS, help="whose HUD (default: the profile's)")
    parser.add_argument("--ui-scale", type=float, metavar="K", help="pixels per UI unit (default: the client's own)")
    parser.add_argument("--gamma", type=float, default=1.0, help="of the client's video options (default: 1)")
    parser.add_argument("--fps", type=float, default=30.0, help="frames a second at most (default: 30)")
    parser.add_argument("--scenario", metavar="NAME", help="what happens (default: the profile's)")
    parser.add_argument("--list", action="store_true", help="list the scenarios and end")
    parser.add_argument("--seed", type=int, default=1, help="of the world (default: 1)")
    parser.add_argument("--level", type=int, help="the character's level (default: the profile's)")
    parser.add_argument("--seconds", type=float, default=0.0, help="close after so long (default: when it is over)")
    parser.add_argument("--stay", action="store_true", help="keep the window open after the scenario's end")
    parser.add_argument("--title", default="World of Warcraft", help='default: "World of Warcraft"')
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write kills, deaths, damage, keys received")
    parser.add_argument("--json", action="store_true", help="print the report")


def main(args: argparse.Namespace) -> int:
    from wowbot.sim.scenarios import scenarios

    if args.list:
        for name, facts in scenarios().items():
            print(f"{name:<20} {facts.summary}")
        return 0
    size_wh = parse_size(args.size)
    from wowbot.decision.profile import load_profile
    from wowbot.sim.session import SimSession
    from wowbot.sim.window import SimWindow

    profile = load_profile(args.profile)
    session = SimSession(
        args.scenario or profile.facts.scenario, args.seed, profile.bindings,
        size_wh=size_wh, era=args.era or profile.facts.era, ui_scale=args.ui_scale, gamma=args.gamma, level=args.level,
    )  # fmt: skip
    window = SimWindow(session, args.title, fps=args.fps, seconds=args.seconds, stay=args.stay)
    report = window.run()
    text = json.dumps(dataclasses.asdict(report), indent=2)
    if args.report is not None:
        _write(args.report, text)
    if args.json:
        print(text)
    else:
        print(summary(report))
    return 0


def summary(report: WindowReport) -> str:
    """The report in one line for people."""
    pressed = sum(1 for key in report.keys if key.down)
    end = report.result or f"ended by {report.ended_by}"
    return (
        f"{report.scenario} seed {report.seed}: {end} after {report.seconds:.1f} s, {report.kills} kills, "
        f"{report.deaths} deaths, {pressed} key presses, {report.frames} frames of {report.frame_ms_p50:.1f} ms, "
        f"{100 * report.cpu_share:.0f} % of a core"
    )


def parse_size(text: str) -> tuple[int, int]:
    """ "1280x720" to (1280, 720).

    Raises:
        SimError: not two whole numbers of at least 640 x 480 and at most 7680 x 4320.
    """
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 640 <= int(width) <= 7680 and 480 <= int(height) <= 4320):
        raise SimError(f"--size: found {text!r}, expected WIDTHxHEIGHT from 640x480 to 7680x4320, e.g. 1280x720")
    return int(width), int(height)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SimError(f"--report {path}: cannot be written ({error.strerror}); choose another place") from error
