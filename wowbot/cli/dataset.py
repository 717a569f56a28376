"""Training data for detectors: generate it, harvest it from recordings, look at it, count it, split it.

The format is YOLO's: images/, labels/ and data.yaml, with the splits train, val and test by source, so that no scene is on
both sides. `build` may be broken off and called again: it goes on where it was.

examples:
  wowbot dataset build --out data/world --count 6000
  wowbot dataset build --out data/world --backgrounds shots/ --sprites cutouts/ --recording recordings/pull
  wowbot dataset cut-flare --out cutouts --game /usr/share/games/flare
  wowbot dataset difference shots/ --label bobber --ignore 0,0,240,70 --out labelled/
  wowbot dataset view data/world --split val --out sheet.png
  wowbot dataset stats data/world --json
  wowbot dataset split data/mine --val 0.1 --test 0.1
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from wowbot.core.errors import ConfigError, DetectorError, RecordingError

if TYPE_CHECKING:
    from wowbot.core.layout import Rect
    from wowbot.detector.generate import Background

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")


def configure(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True, metavar="build|cut-flare|difference|view|stats|split")
    build = parts.add_parser("build", help="generate labelled pictures, and harvest recordings that label themselves")
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    build.add_argument("--count", type=int, default=2000, help="generated training pictures (default: 2000)")
    build.add_argument(
        "--held", type=int, default=200, help="generated pictures for val and for test each (default: 200)"
    )
    build.add_argument("--seed", type=int, default=1)
    build.add_argument(
        "--backgrounds", type=Path, metavar="DIR",
        help="pictures to compose on, `<source>_<number>.png`; whole sources stay on one side. What is in them already is "
        "named by a YOLO label file beside the picture (.txt), else they must show no objects",
    )  # fmt: skip
    build.add_argument("--sprites", type=Path, metavar="DIR", help="cut-outs with alpha, one sub-folder a class")
    build.add_argument("--recording", type=Path, action="append", default=[], metavar="PATH", help="harvest this one")
    cut = parts.add_parser("cut-flare", help="cut figures out of an installed FLARE (CC-BY-SA: for your own training)")
    cut.add_argument("--out", type=Path, required=True, metavar="DIR")
    cut.add_argument("--game", type=Path, default=Path("/usr/share/games/flare"), metavar="DIR")
    _configure_difference(parts.add_parser(
        "difference", help="label frames by what empty frames of the same place do not show (the camera stands still)"
    ))  # fmt: skip
    view = parts.add_parser("view", help="draw some pictures with their labels on one sheet")
    view.add_argument("data", type=Path, metavar="DIR")
    view.add_argument("--split", choices=("train", "val", "test"), default="train")
    view.add_argument("--count", type=int, default=12)
    view.add_argument("--seed", type=int, default=1)
    view.add_argument("--out", type=Path, required=True, metavar="PNG")
    stats = parts.add_parser(
        "stats", help="pictures, sources and objects of each split; exit code 1 where a split leaks"
    )
    stats.add_argument("data", type=Path, metavar="DIR")
    stats.add_argument("--json", action="store_true")
    split = parts.add_parser("split", help="deal the pictures anew, whole sources only")
    split.add_argument("data", type=Path, metavar="DIR")
    split.add_argument("--val", type=float, default=0.1)
    split.add_argument("--test", type=float, default=0.1)
    split.add_argument("--seed", type=int, default=1)


def _configure_difference(parser: argparse.ArgumentParser) -> None:
    from wowbot.core.detection import CLASSES

    parser.add_argument(
        "frames",
        type=Path,
        metavar="DIR",
        help="<place>_<n>.png, and without objects <place>_ref_<n>.png, at least two",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="pictures with label files, as build --backgrounds takes them",
    )
    parser.add_argument("--label", choices=CLASSES, default="enemy", help="class of the objects (default: enemy)")
    parser.add_argument(
        "--sides", type=int, nargs=2, default=(14, 125), metavar=("LEAST", "MOST"),
        help="width and height that one object can have, px (default: 14 125)",
    )  # fmt: skip
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="X,Y,W,H",
        help="what touches this is not labelled, but painted over: the HUD, the player; may be given often",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    parts = {
        "build": _build,
        "cut-flare": _cut,
        "difference": _difference,
        "view": _view,
        "stats": _stats,
        "split": _split,
    }
    return parts[args.part](args)


def _build(args: argparse.Namespace) -> int:
    from wowbot.cli.recorded import progress
    from wowbot.detector.dataset import Plan, build
    from wowbot.detector.sprites import load_sprites

    if args.count < 0 or args.held < 0 or args.count + args.held == 0:
        raise ConfigError(f"--count {args.count} --held {args.held}: found no pictures to make, expected at least one")
    sprites = [] if args.sprites is None else load_sprites(_folder(args.sprites))
    backgrounds = {} if args.backgrounds is None else _backgrounds(_folder(args.backgrounds))
    plan = Plan((args.count, args.held, args.held), seed=args.seed, backgrounds=backgrounds, sprites=sprites)
    with progress("pictures", args.count + 2 * args.held) as told:
        made = build(args.out, plan, lambda done, _total: told(done))
    print(f"{args.out}: {made} pictures generated, {len(backgrounds)} background sources, {len(sprites)} cut-outs")
    for path in args.recording:
        _harvest(path, args.out)
    return 0


def _harvest(path: Path, out: Path) -> None:
    from wowbot.cli.recorded import existing, ticks_of
    from wowbot.detector.harvest import Harvest, harvest
    from wowbot.recording.reader import Recording

    with Recording(existing(path)) as recording:
        if recording.header.layout is None:
            raise RecordingError(f"{path}: was recorded without a layout, so nothing in it can label itself")
        what = Harvest(path.stem if path.suffix else path.name, out)
        got = harvest((tick.frame for tick in ticks_of(recording)), recording.header.layout, what)
    print(f"{path}: {got.kept} of {got.frames} frames kept, {got.plates} nameplates, {got.bodies} bodies (weak labels)")


def _cut(args: argparse.Namespace) -> int:
    from wowbot.detector.sprites import cut_flare

    print(f"{args.out}: {cut_flare(args.game, args.out)} cut-outs (CC-BY-SA 3.0, not for passing on with a model)")
    return 0


def _difference(args: argparse.Namespace) -> int:
    from wowbot.cli.recorded import progress
    from wowbot.detector.dataset import Example, write_pair
    from wowbot.detector.difference import Difference, label_place, places

    least, most = args.sides
    if not 2 <= least <= most:
        raise ConfigError(f"--sides {least} {most}: expected two lengths in px, the shorter first, from 2")
    what = Difference(args.label, (least, most), tuple(_rect(text) for text in args.ignore))
    found, kept, boxes = places(_folder(args.frames)), 0, 0
    with progress("places", len(found)) as told:
        for done, place in enumerate(found, 1):
            for path, (image, labels) in label_place(place, what):
                write_pair(Example(args.out / path.name, args.out / f"{path.stem}.txt"), image, labels)
                kept, boxes = kept + 1, boxes + len(labels)
            told(done)
    frames = sum(len(place.frames) for place in found)
    print(f"{args.out}: {kept} of {frames} frames of {len(found)} places kept, {boxes} times {args.label}")
    return 0


def _rect(text: str) -> Rect:
    from wowbot.core.layout import Rect

    try:
        return Rect.of_text(text)
    except ValueError:
        raise ConfigError(f"--ignore {text}: expected X,Y,W,H in px, such as 0,0,240,70") from None


def _view(args: argparse.Namespace) -> int:
    from wowbot.cli.output import check_png, write_png
    from wowbot.detector.dataset import sheet

    check_png(args.out, "--out")
    write_png(sheet(_folder(args.data), args.split, max(1, args.count), args.seed), args.out, "--out")
    print(args.out)
    return 0


def _stats(args: argparse.Namespace) -> int:
    from wowbot.detector.dataset import shared_sources, stats

    told, leaks = stats(_folder(args.data)), sorted(shared_sources(args.data))
    if args.json:
        print(json.dumps({"splits": told, "on_both_sides": leaks}))
        return 1 if leaks else 0
    for split, row in told.items():
        objects = ", ".join(f"{name} {count}" for name, count in row["objects"].items())
        print(
            f"{split}: {row['pictures']} pictures of {row['sources']} sources, median side {row['median_side_px']} px"
        )
        print(f"  {objects}")
    if leaks:
        print(f"on both sides of a split: {', '.join(leaks[:5])}: deal anew with `wowbot dataset split`")
    return 1 if leaks else 0


def _split(args: argparse.Namespace) -> int:
    from wowbot.detector.dataset import split

    if min(args.val, args.test) < 0 or args.val + args.test >= 1:
        raise ConfigError(f"--val {args.val} --test {args.test}: expected shares that leave something for training")
    counts = split(_folder(args.data), (args.val, args.test), args.seed)
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise DetectorError(f"{path}: no such folder")
    return path


def _backgrounds(folder: Path) -> dict[str, list[Background]]:
    """Pictures, with their labels, by source: the part of the file's name before its first number."""
    from wowbot.capture.images import load_image
    from wowbot.detector.dataset import Example, read_boxes
    from wowbot.detector.generate import Background

    found: dict[str, list[Background]] = {}
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES):
        source = re.split(r"[_-]+\d", path.stem, maxsplit=1)[0] or path.stem
        image, label = load_image(path), path.with_suffix(".txt")
        boxes = read_boxes(Example(path, label), (image.shape[1], image.shape[0])) if label.is_file() else []
        found.setdefault(source, []).append(Background(image, tuple(boxes)))
    if not found:
        raise DetectorError(f"{folder}: holds no pictures")
    return found
