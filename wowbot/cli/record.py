"""Record a window without playing: frames, exact, on one clock, to look at or to replay with any profile later.

examples:
  wowbot record --window "World of Warcraft" --out fight.mcap
  wowbot record --window Flare --out flare.mcap --fps 30 --seconds 60 --frames changed
  wowbot record --window "World of Warcraft" --layout auto --mask chat --mask names --out shared.mcap

Ctrl-C ends it. With --mark-key a key sets markers.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wowbot.capture.live import LiveSource
    from wowbot.core.layout import Layout
    from wowbot.core.protocols import FrameSource
    from wowbot.recording.tap import RecordingTap


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--window", required=True, metavar="TITLE", help="exact title of the window, or its id")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.mcap")
    parser.add_argument("--fps", type=float, default=30.0, help="frames a second (default: 30)")
    parser.add_argument("--seconds", type=float, default=0.0, help="end after so long (default: Ctrl-C)")
    parser.add_argument("--frames", default="all", metavar="WHICH", help="all, changed, regions, 5fps (default: all)")
    parser.add_argument(
        "--layout", metavar="NAME|PATH", help="where the HUD is; needed for regions, changed and --mask"
    )
    parser.add_argument(
        "--mask", action="append", default=[], metavar="GROUP", help="black out: chat, names, or a region"
    )
    parser.add_argument("--mark-key", metavar="KEY", help="a key that sets a marker, e.g. f12")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def main(args: argparse.Namespace) -> int:
    from wowbot.capture.live import LiveSource
    from wowbot.capture.windows import find_window, window_system
    from wowbot.config import user_dir
    from wowbot.core.clock import MonotonicClock
    from wowbot.core.errors import ConfigError
    from wowbot.perception.icons import IconLibrary
    from wowbot.recording.choice import parse_choice
    from wowbot.recording.mask import MaskedSource, mask_rects
    from wowbot.recording.schema import Header
    from wowbot.recording.tap import RecordingTap, RecordOptions
    from wowbot.taping import icons_text

    if not 0.1 <= args.fps <= 240:
        raise ConfigError(f"--fps: found {args.fps:g}, expected 0.1 to 240")
    choice, layout = parse_choice(args.frames), layout_of(args)
    system = window_system()
    try:
        window = find_window(system, args.window)
    finally:
        system.close()
    live = LiveSource(window, MonotonicClock(), args.fps)
    source: FrameSource = MaskedSource(live, mask_rects(layout, args.mask)) if args.mask and layout else live
    icons = icons_text(IconLibrary.from_folder(user_dir() / "icons"))
    header = Header("window", window.title, masked=tuple(args.mask), layout=layout, icons=icons)
    source.open()
    try:
        tap = RecordingTap(args.out, header, RecordOptions(choice))
        note_slow(live)
        took = follow(source, tap, args)
    finally:
        source.close()
    stats = tap.stats
    if args.json:
        facts = {"ticks": stats.ticks, "frames": stats.frames, "dropped_frames": stats.dropped_frames}
        facts |= {"dropped_ticks": stats.dropped_ticks, "bytes": stats.nbytes}
        print(json.dumps(facts | {"seconds": round(took, 3), "stopped": stats.stopped}))
    else:
        print(f"{args.out}: {took:.1f} s, {stats}")
    return 2 if stats.stopped else 0


def layout_of(args: argparse.Namespace) -> Layout | None:
    """The named layout.

    Raises:
        ConfigError: one is needed and none was named.
    """
    from wowbot.config import find
    from wowbot.core.errors import ConfigError

    if args.layout is None:
        if args.mask or "regions" in args.frames:
            raise ConfigError("--mask and --frames regions need --layout NAME|PATH: make one by `wowbot calibrate`")
        return None
    from wowbot.hud import load_layout

    return load_layout(find("layouts", args.layout))


def note_slow(live: LiveSource) -> None:
    """Say when capture is on its slow path."""
    if live.slow:
        print(f"note: capture is slow: {live.slow}", file=sys.stderr)


def follow(source: FrameSource, tap: RecordingTap, args: argparse.Namespace) -> float:
    """Record until the time is over, Ctrl-C, or recording stops by itself; returns seconds."""
    from wowbot.action.hotkey import StopHotkey
    from wowbot.cli.signals import signals_ask
    from wowbot.core.tick import empty_tick

    hotkey = StopHotkey(args.mark_key, lambda _key: tap.mark(args.mark_key)) if args.mark_key else None
    started = time.monotonic()
    try:
        if hotkey is not None:
            hotkey.start()
        with signals_ask(lambda _why: print("", file=sys.stderr)) as asked:
            while not (asked.why or tap.stats.stopped or (args.seconds and time.monotonic() - started >= args.seconds)):
                frame = source.read()
                if frame is None:
                    break
                tap.on_tick(empty_tick(frame))
    except KeyboardInterrupt:
        print("", file=sys.stderr)
    finally:
        if hotkey is not None:
            hotkey.close()
        tap.close()
    return time.monotonic() - started
