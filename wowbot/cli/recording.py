"""Look at, check, mend, cut and export recordings. A file is never held in memory whole.

examples:
  wowbot recording info run.mcap
  wowbot recording verify run.mcap              compare every checksum; exit 1 when one is wrong
  wowbot recording recover run.mcap             after a crash: cut off the torn end, write the index
  wowbot recording cut run.mcap fight.mcap --from 10s --to 25s
  wowbot recording export run.mcap --mp4 run.mp4 --csv state.csv
  wowbot recording to-test run.mcap --at 3.2s --term target.health.pct=47 --name wrong-health
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wowbot.core.reading import Value
    from wowbot.recording.reader import Recording


def configure(parser: argparse.ArgumentParser) -> None:
    from wowbot.cli.recorded import seconds_from

    commands = parser.add_subparsers(dest="what", required=True, metavar="info|verify|recover|cut|export|to-test")
    for name, text in (
        ("info", "what is in it"),
        ("verify", "compare every checksum"),
        ("recover", "mend after a crash"),
    ):
        sub = commands.add_parser(name, help=text)
        sub.add_argument("recording", type=Path)
        if name != "recover":
            sub.add_argument("--json", action="store_true", help="print as JSON")
        else:
            sub.add_argument("--out", type=Path, metavar="FILE", help="mend a copy there (default: the file itself)")
    cut = commands.add_parser("cut", help="copy a stretch of time")
    cut.add_argument("recording", type=Path)
    cut.add_argument("out", type=Path)
    cut.add_argument("--from", dest="from_s", type=seconds_from, default=0.0, metavar="TIME", help="default: the start")
    cut.add_argument("--to", dest="to_s", type=seconds_from, default=1e9, metavar="TIME", help="default: the end")
    export = commands.add_parser("export", help="other formats")
    export.add_argument("recording", type=Path)
    export.add_argument("--png", type=Path, metavar="FOLDER", help="every kept frame as PNG")
    export.add_argument("--mp4", type=Path, metavar="FILE", help="a video (lossy)")
    export.add_argument("--csv", type=Path, metavar="FILE", help="the state as a table")
    export.add_argument("--rrd", type=Path, metavar="FILE", help="for the rerun viewer (needs the viewer extra)")
    to_test = commands.add_parser("to-test", help="make a failing case of a moment")
    to_test.add_argument("recording", type=Path)
    to_test.add_argument("--at", type=seconds_from, required=True, metavar="TIME")
    to_test.add_argument(
        "--term", action="append", required=True, metavar="TERM=VALUE", help="the truth; null = not seen"
    )
    to_test.add_argument("--name", help="of the new case (default: made of the recording and the time)")
    to_test.add_argument("--recordings", type=Path, metavar="FOLDER", help="where it goes (default: the shipped ones)")


def main(args: argparse.Namespace) -> int:
    from wowbot.cli.recorded import existing

    existing(args.recording)
    commands = {"info": info, "verify": check, "recover": mend, "cut": cut_out, "export": export, "to-test": to_test}
    return commands[args.what](args)


def info(args: argparse.Namespace) -> int:
    """What is in it, from the index alone."""
    from wowbot.recording.reader import Recording

    with Recording(args.recording) as recording:
        facts = facts_of(recording)
        if args.json:
            print(json.dumps(facts, ensure_ascii=False))
            return 0
        for name, value in facts.items():
            if value not in ("", None, [], {}):
                print(
                    f"{name:<10} {value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)}"
                )
        for marker in recording.markers:
            print(f"marker     {recording.t_s(marker.t_ns):8.2f} s  {marker.label}")
        if not recording.indexed:
            print("it has no index, as after a crash: `wowbot recording recover` writes it")
    return 0


def facts_of(recording: Recording) -> dict[str, Any]:
    """JSON-able facts."""
    head, index, ending = recording.header, recording.index, recording.ending
    return {
        "kind": head.kind,
        "source": head.source,
        "created": head.created,
        "seconds": round(recording.seconds, 3),
        "ticks": index.ticks,
        "frames": index.frames,
        "kept": head.frames,
        "bytes": recording.nbytes,
        "dropped": None if ending is None else ending.dropped_frames,
        "ended": "without an end: a crash or kill" if ending is None else ending.why or "as it should",
        "masked": list(head.masked),
        "profiles": sorted(recording.profiles),
        "layouts": {layout.id: list(layout.size_wh) for layout in recording.layouts.values()},
        "scenario": None if head.sim is None else f"{head.sim.scenario}, seed {head.sim.seed}",
        "versions": dict(head.versions),
        "platform": head.platform,
        "markers": len(recording.markers),
        "notes": len(recording.notes),
        "note": head.note,
    }


def check(args: argparse.Namespace) -> int:
    """Every checksum; exit 1 when one is wrong."""
    from wowbot.cli.recorded import progress
    from wowbot.recording.upkeep import verify

    with progress("verify", args.recording.stat().st_size) as told:
        found = verify(args.recording, lambda done, _total: told(done))
    if args.json:
        facts = {"sound": found.sound, "ticks": found.ticks, "frames": found.frames}
        print(json.dumps(facts | {"torn_bytes": found.torn_bytes, "damage": found.damage}))
        return 0 if found.sound else 1
    print(f"{found.ticks} ticks and {found.frames} frames are sound")
    for line in found.damage:
        print(f"damaged: {line}")
    if found.torn_bytes:
        print(f"torn: {found.torn_bytes} bytes behind the last whole record; `wowbot recording recover` cuts them off")
    return 0 if found.sound else 1


def mend(args: argparse.Namespace) -> int:
    """Cut off the torn end, write the index."""
    from wowbot.recording.upkeep import recover

    ending = recover(args.recording, args.out)
    print(f"{args.out or args.recording}: {ending.ticks} ticks and {ending.frames} frames, with an index")
    return 0


def cut_out(args: argparse.Namespace) -> int:
    """Copy a stretch of time."""
    from wowbot.cli.recorded import progress
    from wowbot.recording.upkeep import cut

    with progress("cut", 100) as told:
        first, last = cut(
            args.recording,
            args.out,
            args.from_s,
            args.to_s,
            lambda done, total: told(round(100 * done / max(1, total))),
        )
    print(f"{args.out}: {first:.2f} s to {last:.2f} s of {args.recording}")
    return 0


def export(args: argparse.Namespace) -> int:
    """Other formats."""
    from wowbot.cli.recorded import progress, ticks_of
    from wowbot.core.errors import ConfigError
    from wowbot.recording import export as to
    from wowbot.recording.reader import Recording

    if not (args.png or args.mp4 or args.csv or args.rrd):
        raise ConfigError("say what to export: --png FOLDER, --mp4 FILE, --csv FILE or --rrd FILE")
    with Recording(args.recording) as recording, progress("export", recording.index.ticks) as told:

        def ticks(*, pixels: bool = True) -> Any:
            for n, tick in enumerate(ticks_of(recording, pixels=pixels)):
                told(n)
                yield tick

        if args.png:
            print(f"{args.png}: {to.export_png(ticks(), args.png)} pictures")
        if args.mp4:
            print(f"{args.mp4}: {to.export_mp4(ticks(), args.mp4)} frames")
        if args.csv:
            print(f"{args.csv}: {to.export_csv(lambda: ticks(pixels=False), args.csv)} rows")
        if args.rrd:
            print(f"{args.rrd}: {to.export_rrd(ticks(), args.rrd)} ticks")
    return 0


def to_test(args: argparse.Namespace) -> int:
    """Cut the moment out, write the truth beside it: a case that fails until the reader is right."""
    import tempfile

    from wowbot.cli.recorded import is_rendered, ticks_of
    from wowbot.config import data_dir
    from wowbot.core.errors import ConfigError
    from wowbot.recording.reader import Recording
    from wowbot.recording.upkeep import cut, materialise
    from wowbot.replay.cases import write_case

    terms = dict(term_value(text) for text in args.term)
    folder = (args.recordings or data_dir("recordings")) / (args.name or f"{args.recording.stem}-{args.at:g}s")
    if folder.exists():
        raise ConfigError(f"{folder}: exists already; choose another --name")
    with Recording(args.recording) as recording, tempfile.TemporaryDirectory() as spare:
        tick = tick_at(recording, args.at)
        start = recording.start_at(t_s=args.at)
        since = 0.0 if start is None else recording.t_s(start.t_ns)
        source = recording.path
        if is_rendered(recording):
            source = Path(spare) / "frames.mcap"
            materialise(recording, ticks_of(recording), source)
        folder.mkdir(parents=True)
        cut(source, folder / "recording.mcap", since, args.at + 0.5)
    told = ", ".join(args.term)
    write_case(folder, tick, terms, f"At tick {tick} ({args.at:g} s of {args.recording.name}): {told}.")
    print(f"{folder}: tick {tick} must read {told}; run it: wowbot refs check {folder.name}")
    return 0


def tick_at(recording: Recording, at_s: float) -> int:
    """Index of the last tick with a frame at or before a time.

    Raises:
        RecordingError: there is none.
    """
    from wowbot.core.errors import RecordingError
    from wowbot.recording.ticks import DROPPED, NONE, SKIPPED

    found = -1
    for entry in recording.entries(pixels=False, start=recording.start_at(t_s=at_s)):
        if recording.t_s(entry.tick.frame.t_ns) > at_s + 1e-9:
            break
        if entry.pixels not in (NONE, SKIPPED, DROPPED):
            found = entry.tick.frame.index
    if found < 0:
        raise RecordingError(f"{recording.path}: keeps no frame at {at_s:g} s, so nothing can be read there")
    return found


def term_value(text: str) -> tuple[str, Value | None]:
    """ "target.health.pct=47" -> (term, 47.0).

    Raises:
        ConfigError: no such term, or no value.
    """
    from wowbot.core import terms
    from wowbot.core.errors import ConfigError, nearest

    name, equals, value = text.partition("=")
    known = terms.find(name)
    if not equals or not value:
        raise ConfigError(f"--term {text!r}: expected TERM=VALUE, e.g. target.health.pct=47")
    if known is None:
        every = [t.name for t in (*terms.TERMS, *terms.SCREEN_TERMS)]
        raise ConfigError(f"--term {text!r}: no such term.{nearest(name, every)}")
    if value == "null":
        return name, None
    try:
        return name, value if known.kind == "text" else float(value)
    except ValueError as error:
        raise ConfigError(f"--term {text!r}: {name} is a {known.kind}, expected a number") from error
