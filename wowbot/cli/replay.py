"""Run the stages again on a recording and tell what differs: perception on its frames, state on its readings, decisions
on its states. Worker and model answers come out of the recording; nothing is pressed and no network is used.

examples:
  wowbot replay run.mcap                              all stages against what was recorded
  wowbot replay run.mcap --stage decision --profile mage2   what would it have done
  wowbot replay recordings/mage --against refs --json
  wowbot replay run.mcap --chain                      hand each stage what the one before gives now

Exit code 1 when something differs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from wowbot.core.errors import ConfigError


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recording", type=Path, help=".mcap file, or a folder that holds recording.mcap")
    parser.add_argument(
        "--profile", metavar="NAME|PATH", help="another profile than the recorded one (stage: decision)"
    )
    parser.add_argument(
        "--stage", default="all", choices=("perception", "state", "decision", "all"), help="default: all"
    )
    parser.add_argument("--against", default="recorded", choices=("refs", "recorded"), help="default: recorded")
    parser.add_argument("--chain", action="store_true", help="feed each stage what the one before gives now")
    parser.add_argument("--long", type=Path, metavar="FILE", help="the long diff (default: beside it, .diff.jsonl)")
    parser.add_argument("--json", action="store_true", help="print the short diff as JSON")


def main(args: argparse.Namespace) -> int:
    from wowbot.cli.recorded import Job, examine, existing
    from wowbot.recording.reader import Recording
    from wowbot.replay.cases import Case, stage_names
    from wowbot.replay.run import AgainstRecorded, AgainstRefs
    from wowbot.replay.truth import load_truth

    existing(args.recording)
    chosen = stage_names(args.stage)
    if args.profile is not None and args.stage == "all":
        chosen = stage_names("decision")
    with Recording(args.recording) as recording, ExitStack() as stack:
        case = Case(recording.path.parent)
        if args.against == "refs" and not case.has_refs:
            raise ConfigError(
                f"{case.refs}: no references; make them by `wowbot refs update`, or use --against recorded"
            )
        long_path = args.long or recording.path.with_suffix(".diff.jsonl")
        long = stack.enter_context(LongDiff(long_path))
        baseline = AgainstRefs(case.refs) if args.against == "refs" else AgainstRecorded()
        started = time.perf_counter()
        truth = load_truth(case.truth) if case.recording.name == recording.path.name else {}
        outcome = examine(recording, Job(chosen, args.profile, args.chain), baseline, truth, long.write)
        took = time.perf_counter() - started
        seconds = recording.seconds
    if args.json:
        print(json.dumps(outcome.as_dict(), sort_keys=True, ensure_ascii=False))
    else:
        for diff in outcome.diffs.values():
            print("\n".join(diff.lines()))
        if outcome.score.checked:
            print(
                f"truth: {outcome.score.checked} values, {len(outcome.score.wrong)} wrong, {outcome.score.unknown} unread"
            )
        if not outcome.same:
            print(f"long diff: {long_path}")
    print(f"{outcome.ticks} ticks, {seconds:.1f} s replayed in {took:.1f} s", file=sys.stderr)
    return 0 if outcome.same and not outcome.score.wrong else 1


class LongDiff:
    """The long diff's file; made with its first line, and an old one removed, so that no difference leaves no file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: TextIO | None = None

    def __enter__(self) -> LongDiff:
        self._path.unlink(missing_ok=True)
        return self

    def write(self, line: str) -> None:
        """Append one line."""
        if self._stream is None:
            self._stream = self._path.open("w", encoding="utf-8")
        self._stream.write(line + "\n")

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()
