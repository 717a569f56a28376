"""Explain one decision of a recording: the rule, its terms with their values, and why each higher line did not fire; with
the frame and all that was read on it as a picture.

examples:
  wowbot why run.mcap --at 12.4s
  wowbot why recordings/mage --at 3s --png moment.png
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wowbot.core.layout import Layout
    from wowbot.core.tick import Tick


def configure(parser: argparse.ArgumentParser) -> None:
    from wowbot.cli.recorded import seconds_from

    parser.add_argument("recording", type=Path, help=".mcap file, or a folder that holds recording.mcap")
    parser.add_argument(
        "--at", type=seconds_from, required=True, metavar="TIME", help="seconds since its start, e.g. 12.4s"
    )
    parser.add_argument(
        "--png", type=Path, metavar="FILE", help="where the picture goes (default: why-<tick>.png here)"
    )
    parser.add_argument("--no-png", action="store_true", help="no picture")
    parser.add_argument("--json", action="store_true", help="print as JSON")


def main(args: argparse.Namespace) -> int:
    from wowbot.cli.recorded import existing, is_rendered, stages_of, ticks_of
    from wowbot.core.errors import RecordingError
    from wowbot.recording.reader import Recording
    from wowbot.replay.why import explain

    with Recording(existing(args.recording)) as recording:
        if args.at > recording.seconds + 1e-6:
            raise RecordingError(
                f"{args.recording}: lasts {recording.seconds:.1f} s, --at {args.at:g}s is behind its end"
            )
        start = recording.start_at(t_s=args.at)
        stages = None if recording.header.profile is None else stages_of(recording, start=start)
        t_ns = recording.index.first_t_ns + round(args.at * 1e9)
        rendered = is_rendered(recording)
        told = explain(recording.ticks(pixels=False, start=start), t_ns, recording.index.first_t_ns, stages)
        picture = None
        if not args.no_png:
            frames = ticks_of(recording, start=None if rendered else start)
            layout = recording.layouts.get(told.tick.layout_id, recording.header.layout)
            picture = draw(frames, told.tick.frame.index, layout, args.png)
    if args.json:
        print(json.dumps(told.as_dict() | {"picture": picture and str(picture)}, ensure_ascii=False))
        return 0
    print("\n".join(told.lines()))
    if not args.no_png:
        print(f"picture: {picture}" if picture else "no picture: the recording keeps no frame at or before that tick")
    return 0


def draw(ticks: Iterator[Tick], index: int, layout: Layout | None, out: Path | None) -> Path | None:
    """The frame of the tick, or the last one kept before it, with all that was read on it."""
    from wowbot.cli.output import write_png
    from wowbot.perception.overlay import overlay

    shown: Tick | None = None
    for tick in ticks:
        if tick.frame.index > index:
            break
        shown = tick if tick.frame.image is not None else shown
    if shown is None or shown.frame.image is None:
        return None
    path = out or Path(f"why-{shown.frame.index}.png")
    write_png(overlay(shown.frame.image, layout, shown.observation.readings, shown.decision), path, "--png")
    return path
