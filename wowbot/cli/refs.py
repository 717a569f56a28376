"""The references of the shipped recordings: what each stage gave when it was last accepted.

A reference says "unchanged", the truth beside it says "right". `update` replaces all or nothing, and refuses when readings
got worse against the truth.

examples:
  wowbot refs check
  wowbot refs check mage pack --json
  wowbot refs update --why "bars read the spark now"
  wowbot refs record pack --why "the renderer has changed"    play it again as it was
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wowbot.replay.cases import Case
    from wowbot.replay.run import Outcome


def configure(parser: argparse.ArgumentParser) -> None:
    from wowbot.cli import refs_record

    commands = parser.add_subparsers(dest="what", required=True, metavar="check|update|record")
    check = commands.add_parser("check", help="run every stage of every recording; exit 1 when something differs")
    update = commands.add_parser("update", help="accept what the stages give now")
    for sub in (check, update):
        sub.add_argument("names", nargs="*", metavar="NAME", help="recordings (default: all)")
        sub.add_argument("--recordings", type=Path, metavar="FOLDER", help="default: the shipped ones")
    refs_record.configure(commands.add_parser("record", help="play a scenario and keep it as a case"))
    check.add_argument("--json", action="store_true", help="print as JSON")
    update.add_argument("--why", required=True, metavar="TEXT", help="why they change; stands in CHANGES.md there")
    update.add_argument("--ci", action="store_true", help="say that this is an unattended run: it is refused")


def main(args: argparse.Namespace) -> int:
    from wowbot.config import data_dir
    from wowbot.core.errors import ConfigError
    from wowbot.replay.cases import find_cases

    if args.what == "record":
        from wowbot.cli import refs_record

        return refs_record.main(args)
    folder = args.recordings or data_dir("recordings")
    cases = find_cases(folder, args.names)
    if args.what == "check":
        return check(cases, as_json=args.json)
    if args.ci:
        raise ConfigError("references are not updated in CI: run `wowbot refs update --why TEXT` by hand")
    if not args.why.strip():
        raise ConfigError("--why is empty: say why the references change")
    return update(cases, folder, args.why.strip())


def check(cases: list[Case], *, as_json: bool) -> int:
    """Compare every case with its references and its truth."""
    found: dict[str, Any] = {}
    bad = 0
    for case in cases:
        outcome = run_case(case, make_refs=False)
        good = outcome.same and not outcome.score.wrong and case.has_refs
        bad += not good
        found[case.name] = outcome.as_dict() | {"refs": case.has_refs, "ok": good}
        if not as_json:
            print(f"{case.name}: {'ok' if good else 'DIFFERS'}" + ("" if case.has_refs else " (no references yet)"))
            for line in [] if good else [ln for diff in outcome.diffs.values() for ln in diff.lines(5)]:
                print(f"  {line}")
            for line in outcome.score.wrong[:5]:
                print(f"  truth: {line}")
    if as_json:
        print(json.dumps(found, sort_keys=True, ensure_ascii=False))
    elif bad:
        print(f"{bad} of {len(cases)} differ; if that is meant: wowbot refs update --why TEXT")
    return 1 if bad else 0


def update(cases: list[Case], folder: Path, why: str) -> int:
    """Replay every case and replace all references that changed."""
    from wowbot.replay.cases import Proposal, Update

    change = Update(why)
    for case in cases:
        now = run_case(case, make_refs=True)
        change.take(Proposal(case, now if case.has_refs else None, now))
        for line in [ln for diff in now.diffs.values() if diff.differing for ln in diff.lines(5)]:
            print(f"{case.name}: {line}")
    names = change.write(folder / "CHANGES.md")
    print(f"updated: {', '.join(names)}" if names else "nothing differs; nothing was written")
    return 0


def run_case(case: Case, *, make_refs: bool) -> Outcome:
    """Every stage of one case, against its references where it has some."""
    from wowbot.cli.recorded import Job, examine
    from wowbot.recording.reader import Recording
    from wowbot.replay.run import AgainstRefs
    from wowbot.replay.stages import STAGES
    from wowbot.replay.truth import load_truth

    with Recording(case.recording) as recording:
        baseline = AgainstRefs(case.refs) if case.has_refs else None
        job = Job(STAGES, make_refs=make_refs)
        return examine(recording, job, baseline, load_truth(case.truth), lambda _line: None)
