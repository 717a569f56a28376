"""Errors on labelled real screenshots: layouts found and refused, every reading, bars redrawn at known fills.

DIR holds index.jsonl (file, repo, era, ui, kind, width, height) and labels.jsonl. The pictures of --screens were looked
at while the project was made: their layouts are fitted leave-one-repository-out, the outlines learned anew without the
repository a picture is from; the readers have nothing fitted to a repository. Those of --held-out are of repositories
that nothing was learned from, fitted with the shipped outlines. Copies altered in gamma, brightness, JPEG quality, scale
and sharpness are fitted and read too: some in turn for every picture, or with --full all of them.

examples:
  wowbot bench accuracy --screens ../shared/data/screens
  wowbot bench accuracy --screens DIR --held-out DIR2 --out accuracy.md
  wowbot bench accuracy --screens DIR --full                                    (hours)
  wowbot bench accuracy --screens DIR --only redrawn
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wowbot.calibration.alter import ALTERATIONS, CAP, FRACTIONS, PLAIN, RING, Augmentation, redraw, turns
from wowbot.calibration.evaluate import Outcome, evaluate, expectation, summary
from wowbot.calibration.teach import read_screens
from wowbot.cli.bench.cases import Case, bars, era_of, fill_cases, hud_cases, labelled_layout
from wowbot.cli.bench.score import Score, percent, table
from wowbot.cli.bench.slotcases import slot_cases
from wowbot.cli.output import check_writable
from wowbot.core.errors import ConfigError, nearest
from wowbot.core.terms import POWERS
from wowbot.perception.hotkeys import read_hotkeys

if TYPE_CHECKING:
    from wowbot.calibration.teach import Screen
    from wowbot.core.frame import Image
    from wowbot.core.layout import Layout
    from wowbot.core.reading import Reading

PARTS = ("layouts", "readings", "altered", "redrawn", "sequences")
HEAD = ("n", "right", "unknown", "mean error, pct", "95th percentile", "worst")
EACH_LAYOUT, EACH_FILL = 1, 1
"""Altered copies of each picture whose layout is fitted, and of each bar that is read; --full takes all."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--screens", type=Path, required=True, metavar="DIR", help="folder of labelled screenshots")
    parser.add_argument("--held-out", type=Path, metavar="DIR", help="folder of screenshots nothing was learned from")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts alone (may be given again)")
    parser.add_argument("--full", action="store_true", help="every altered copy of every picture and bar")
    parser.add_argument("--repo", default="", help="screens of this repository alone")
    parser.add_argument("--seed", type=int, default=1, help="of the redrawn bars' backgrounds (default: 1)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the Markdown there")


def main(args: argparse.Namespace) -> int:
    if args.out is not None:
        check_writable(args.out, "--out")
    folders = [(args.screens, True)] + ([(args.held_out, False)] if args.held_out else [])
    if args.repo:
        known = {str(s.row["repo"]) for folder, _ in folders for s in read_screens(folder)}
        if not any(args.repo in repo for repo in known):
            raise ConfigError(f"--repo: no screen is of {args.repo!r}.{nearest(args.repo, known)}")
    parts = ["# Accuracy on real screenshots", f"Measured on {datetime.date.today().isoformat()}."]
    for folder, development in folders:
        parts += report(folder, development, args)
    text = "\n\n".join(parts) + "\n"
    print(text)
    if args.out is not None:
        args.out.write_text(text, encoding="utf-8")
    return 0


def report(folder: Path, development: bool, args: argparse.Namespace) -> list[str]:
    """All tables of one folder."""
    everything = [s for s in read_screens(folder) if args.repo in str(s.row["repo"])]
    screens = [s for s in everything if s.row["kind"] != "sequence"]
    wanted = args.only or list(PARTS)
    parts = [split(screens, development)]
    if "layouts" in wanted:
        parts += layouts(folder, screens, 0 if args.full else EACH_LAYOUT, leave_out=development)
    if "readings" in wanted:
        parts += [*found_readings(screens), *boxed(screens, (), 0, "Fills on the originals, boxes given")]
    if "altered" in wanted:
        each = 0 if args.full else EACH_FILL
        parts += boxed(screens, ALTERATIONS, each, "Fills on altered copies, boxes given")
    if "redrawn" in wanted:
        parts += redrawn(screens, args.seed, 0 if args.full else EACH_FILL)
    if "sequences" in wanted:
        from wowbot.cli.bench.sequences import sequences

        parts += sequences(everything)
    return parts


def split(screens: list[Screen], development: bool) -> str:
    """What the pictures are and what part they had in the making."""
    repos = Counter(str(s.row["repo"]) for s in screens)
    text = (
        f"{len(screens)} pictures of {len(repos)} repositories, {sum(bool(s.label) for s in screens)} of them labelled"
    )
    named = ", ".join(f"{repo} ({count})" for repo, count in sorted(repos.items()))
    if development:
        said = "They were looked at while this was made. Split: outlines leave-one-repository-out."
        return f"## Development: {text}\n\n{said}\n\nRepositories: {named}."
    return (
        f"## Held out: {text}\n\nSplit: nothing was learned from them; the shipped outlines.\n\nRepositories: {named}."
    )


def layouts(folder: Path, screens: list[Screen], each: int, *, leave_out: bool) -> list[str]:
    """Fit every whole window and altered copies of it."""
    rows, misses, notes = [], [], []
    outcomes: list[Outcome] = []
    for repo in sorted({str(s.row["repo"]) for s in screens if expectation(s)}):
        try:
            outcomes += _fit(folder, repo, each, leave_out=leave_out)
        except KeyError as missing:
            notes.append(f"{repo}: no other repository shows {missing}, so it was fitted with its own outlines.")
            outcomes += _fit(folder, repo, each, leave_out=False)
    eras = {str(s.row["file"]): _era(s) for s in screens}
    for kind, original in (("original", True), ("altered", False)):
        chosen = [o for o in outcomes if (o.augmentation == PLAIN.name) == original]
        for era in (*sorted(set(eras.values())), "all"):
            part = [o for o in chosen if era in ("all", eras[o.file])]
            counts = summary(part)
            if part:
                rows.append([era, kind, *_counts(counts)])
        misses += [*counts["misses"], *counts["bar_misses"], *counts["slot_misses"]]
    head = (
        "era",
        "copies",
        "stock HUDs",
        "found",
        "era right",
        "bars right",
        "slots right",
        "others",
        "wrongly accepted",
    )
    return ["### Layouts", *notes, table(head, rows), _listed(misses)]


def _fit(folder: Path, repo: str, each: int, *, leave_out: bool) -> list[Outcome]:
    def told(name: str) -> None:
        print(f"fitting {name}", file=sys.stderr)

    def ours(screen: Screen) -> bool:
        return bool(screen.row["repo"] == repo)

    return evaluate(folder, (PLAIN, *ALTERATIONS), each=each, leave_out=leave_out, only=ours, progress=told)


def _counts(counts: Mapping[str, Any]) -> list[str]:
    return [
        str(counts["stock"]),
        percent(counts["found"], counts["stock"]),
        percent(counts["era_right"], counts["found"]),
        f"{percent(counts['bars_right'], counts['bars'])} of {counts['bars']}",
        f"{percent(counts['slots_right'], counts['slots'])} of {counts['slots']}",
        str(counts["not_stock"]),
        str(counts["wrongly_accepted"]),
    ]


def found_readings(screens: Iterable[Screen]) -> list[str]:
    """Every labelled reading of the originals, with the layouts that `wowbot perceive` would find on them."""
    from wowbot.calibration import calibrate
    from wowbot.capture.images import load_image
    from wowbot.core.errors import CaptureError

    scores: dict[tuple[str, str], Score] = {}
    for screen in screens:
        if expectation(screen) != "found" or not screen.label:
            continue
        try:
            image = load_image(screen.path)
        except CaptureError:
            continue
        layout = calibrate([image]).layout
        if layout is not None:
            _read_found(screen, image, layout, scores)
    rows = [[era, term, *s.cells(), percent(s.edits, s.letters)] for (era, term), s in sorted(scores.items())]
    misses = [miss for s in scores.values() for miss in s.misses if not (".hotkey:" in miss and "unknown (" in miss)]
    return [
        "### Readings on fitted originals",
        table(("era", "reading", *HEAD, "letters wrong"), rows),
        "Keys that are not legible are counted, not listed. " + _listed(misses),
    ]


def _read_found(screen: Screen, image: Image, layout: Layout, scores: dict[tuple[str, str], Score]) -> None:
    readings = _read(image, layout, text=True)
    slots = list(slot_cases(screen.label))
    if any(case.term.endswith(".hotkey") for case in slots):
        readings = {**readings, **read_hotkeys(image, layout)}
    for case in (*fill_cases(screen), *hud_cases(screen), *slots):
        if case.term.endswith("cast.pct") and f"{case.term[:-4]}.active" not in readings:
            continue
        if case.term.startswith("slot.") and f"{case.term.rpartition('.')[0]}.empty" not in readings:
            continue
        key = _era(screen), _reading_of(case)
        scores.setdefault(key, Score()).add(case, readings.get(case.term), screen.path.name)


def _reading_of(case: Case) -> str:
    """Buttons are scored together, those that show a thing apart from those that do not: "slot.empty = 1"."""
    if not case.term.startswith("slot."):
        return case.term
    leaf = case.term.rpartition(".")[2]
    if case.kind in ("none", "text"):
        return f"slot.{leaf}, {'none' if case.kind == 'none' else 'printed'}"
    if leaf == "charges":
        return "slot.charges, printed"
    return f"slot.{leaf}{' > 0' if leaf == 'sweep_pct' and case.truth else f' = {float(case.truth):.0f}'}"


def boxed(screens: Iterable[Screen], copies: Sequence[Augmentation], each: int, title: str) -> list[str]:
    """Fills read with the labelled boxes given, so that only the readers are judged; no copies = the originals."""
    from wowbot.capture.images import load_image

    scores: dict[tuple[str, str], Score] = {}
    labelled = [(s, cases) for s in screens if s.label and (cases := list(fill_cases(s)))]
    for number, (screen, cases) in enumerate(labelled):
        image = load_image(screen.path)
        for change in turns(copies, number, each) or (PLAIN,):
            copy = change.change(image)
            readings = _read(copy, labelled_layout(screen, copy, change.scale), text=change is PLAIN)
            for case in cases:
                key = _era(screen) if change is PLAIN else change.name, _family(case.term)
                scores.setdefault(key, Score()).add(case, readings.get(case.term), f"{screen.path.name}, {change.name}")
    rows = [[*key, *score.cells()] for key, score in sorted(scores.items())]
    misses = [miss for score in scores.values() for miss in score.misses]
    return [f"### {title}", table(("group", "reading", *HEAD), rows), _listed(misses)]


def redrawn(screens: Iterable[Screen], seed: int, each: int) -> list[str]:
    """Bars that are full and free of text, cut to known fills over their real frames, plain and altered."""
    from wowbot.capture.images import load_image
    from wowbot.core.layout import Rect

    rng = np.random.default_rng(seed)
    scores: dict[str, Score] = {}
    number = 0
    for screen in screens:
        full = [b for b in bars(screen.label) if b[2].get("fraction") == 1.0 and not b[2].get("text")]
        if not full or not str(screen.row["ui"]).startswith("default") or expectation(screen) not in ("found", ""):
            continue
        image = load_image(screen.path)
        for unit, resource, bar in full:
            rect = Rect(*bar["bbox"])
            for fraction in FRACTIONS:
                cut = redraw(image, rect, fraction, hidden=_hidden(screen, unit), rng=rng)
                number += 1
                for change in (PLAIN, *turns(ALTERATIONS, number, each)):
                    copy = change.change(cut)
                    reading = _fill_of(
                        _read(copy, labelled_layout(screen, copy, change.scale), text=False), unit, resource
                    )
                    case = Case(f"{unit}.{resource}", "fill", 100.0 * fraction, 2.5)
                    where = f"{screen.path.name}, {change.name}"
                    scores.setdefault(change.name, Score()).add(case, reading, where)
    rows = [[name, *score.cells()] for name, score in scores.items()]
    every = [error for score in scores.values() for error in score.errors]
    if every:
        rows.append(["all", str(len(every)), "", "", f"{np.mean(every):.2f}", f"{np.percentile(every, 95):.2f}", ""])
    misses = scores[PLAIN.name].misses if scores else []
    title = f"### Bars redrawn at {len(FRACTIONS)} fills, 3 to 100 %"
    return [title, table(("copy", *HEAD), rows), "On unaltered copies. " + _listed(misses)]


def _hidden(screen: Screen, unit: str) -> tuple[float, float]:
    """Shares of a bar's width that art covers at its left and right end: a classic portrait's ring lies over its bars."""
    if str(screen.row["era"]).startswith("retail_1"):
        return (CAP, CAP)
    return (CAP, RING) if unit == "target" else (RING, CAP)


def _fill_of(readings: Mapping[str, Reading], unit: str, resource: str) -> Reading | None:
    """The one fill of a bar, whatever its power is taken for."""
    prefix = "" if unit == "player" else f"{unit}."
    kinds = ("health",) if resource == "health" else POWERS
    return next((readings[term] for kind in kinds if (term := f"{prefix}{kind}.pct") in readings), None)


def _read(image: Image, layout: Layout, *, text: bool) -> Mapping[str, Reading]:
    from wowbot.core.frame import Frame
    from wowbot.perception.pipeline import HudPerception

    perception = HudPerception(layout)
    return perception.observe_still(Frame(0, 0, np.ascontiguousarray(image), "screen"), text=text).readings


def _era(screen: Screen) -> str:
    return era_of(str(screen.row["era"]))


def _family(term: str) -> str:
    """ "target.mana.pct" -> "target power": powers are scored together."""
    unit, _, rest = term.rpartition(".")[0].rpartition(".")
    what = rest if rest in ("health", "cast") else "power"
    return f"{unit or 'player'} {what}"


def _listed(misses: list[str]) -> str:
    return "Misses: " + ("none." if not misses else "\n\n" + "\n".join(f"- {m}" for m in misses))
