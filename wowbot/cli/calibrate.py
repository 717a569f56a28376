"""Find the HUD on a game window or on screenshots of it, and write its layout.

examples:
  wowbot calibrate --window "World of Warcraft"
  wowbot calibrate --image shot1.png shot2.png --overlay judged.png
  wowbot calibrate --image shot.png --era wotlk --out configs/layouts/mine.toml --json
  wowbot calibrate --window "World of Warcraft" --learn-icons --profile mage      (all spells ready)
  wowbot calibrate --window "World of Warcraft" --learn-aura frost_armor          (while it is up)
  wowbot calibrate --window "World of Warcraft" --keys --profile mage             (compares the keys)
  wowbot calibrate --image custom.png --region player.health=110,59,151,12 --region player.power=110,73,151,12
  wowbot calibrate --window "World of Warcraft" --guide                           (custom HUD: draw the boxes)

Several pictures of one window, taken while the world moves, sharpen the fit. Without --out the layout goes to your own
folder, where `--layout NAME` finds it. Exit code 1: refused, with the measured cause.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wowbot.calibration import Calibration
    from wowbot.core.frame import Image
    from wowbot.core.layout import Layout, Rect
    from wowbot.core.reading import Reading

ERAS = ("auto", "vanilla", "tbc", "wotlk", "classic_era", "retail")


def configure(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--window", metavar="TITLE", help="exact title of the game's window, or its id")
    source.add_argument("--image", nargs="+", type=Path, metavar="PNG", help="screenshots of one window, of one size")
    parser.add_argument("--era", choices=ERAS, default="auto", help="the client's era (default: auto)")
    parser.add_argument("--frames", type=int, default=5, metavar="N", help="pictures taken of a window (default: 5)")
    parser.add_argument("--name", metavar="NAME", help="name of the layout (default: era and size)")
    parser.add_argument("--out", type=Path, metavar="FILE.toml", help="where to write it (default: your own folder)")
    parser.add_argument("--overlay", type=Path, metavar="PNG", help="write a picture with every region outlined")
    parser.add_argument("--dry-run", action="store_true", help="write no layout and keep no icon")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    custom = parser.add_argument_group("custom HUDs")
    custom.add_argument("--guide", action="store_true", help="draw the needed boxes with the mouse (needs a display)")
    custom.add_argument(
        "--region", action="append", default=[], metavar="NAME=X,Y,W,H",
        help="the box of one region, px; player.health makes a custom layout, others alone replace what was found",
    )  # fmt: skip
    learn = parser.add_argument_group("icons of your own client")
    learn.add_argument(
        "--learn-icons", action="store_true", help="keep the action buttons' icons, by the profile's slots"
    )
    learn.add_argument("--learn-aura", metavar="NAME", help="keep the icon of an aura that is up under this name")
    learn.add_argument(
        "--aura-at", default="", metavar="ROW.N", help="which aura --learn-aura means, e.g. player.1 or target.2"
    )
    learn.add_argument("--profile", metavar="NAME", help="profile whose slots --learn-icons and --keys mean")
    parser.add_argument(
        "--keys", action="store_true", help="read the key on each button, and with --profile say which differ"
    )


def main(args: argparse.Namespace) -> int:
    from wowbot.calibration.guide import parse_region
    from wowbot.core.errors import CaptureError

    boxes = dict(parse_region(text) for text in args.region)
    _check(args)
    try:
        images = _pictures(args)
    except CaptureError as error:
        if args.json:
            refused = {"cause": "unreadable", "evidence": str(error)}
            print(json.dumps({"layout": None, "refused": refused, "file": None}))
        raise
    if args.guide:
        from wowbot.cli.guide_window import ask_boxes, has_display

        if has_display() or "player.health" not in boxes:
            boxes |= ask_boxes(images[0], boxes)
    answer = _custom(images[0], boxes, args) if "player.health" in boxes else _stock(images, boxes, args)
    path = _write(answer, images[0], args)
    if args.json:
        print(json.dumps({**answer.as_json(), "file": str(path) if path else None}))
    else:
        _tell(answer, path)
    if answer.layout is None:
        return 1
    differ = _keys(images[0], answer.layout, args) if args.keys else 0
    return max(differ, _learn(images[0], answer.layout, args))


def _check(args: argparse.Namespace) -> None:
    """Raises: ConfigError: options that contradict each other or name what is not there, before anything is written."""
    from wowbot.cli.output import check_name, check_png, check_writable
    from wowbot.core.errors import ConfigError
    from wowbot.decision.profile import load_profile

    if args.learn_icons and not args.profile:
        raise ConfigError("--learn-icons needs --profile NAME: its slots say which spell each button is")
    if args.aura_at and not args.learn_aura:
        raise ConfigError("--aura-at says which aura --learn-aura NAME means, and that is not given")
    _aura_place(args.aura_at)
    if args.frames < 1:
        raise ConfigError(f"--frames: found {args.frames}, expected a whole number from 1 on")
    if args.profile:
        load_profile(args.profile)
    for name, option in ((args.name, "--name"), (args.learn_aura, "--learn-aura")):
        if name is not None:
            check_name(name, option)
    if args.overlay is not None:
        check_png(args.overlay, "--overlay")
    if args.out is not None and not args.dry_run:
        check_writable(args.out, "--out")


def _pictures(args: argparse.Namespace) -> list[Image]:
    if args.image:
        from wowbot.capture.images import load_screenshot
        from wowbot.core.errors import CaptureError

        images = [load_screenshot(path) for path in args.image]
        sizes = {(image.shape[1], image.shape[0]): path for image, path in zip(images, args.image, strict=True)}
        if len(sizes) > 1:
            listed = ", ".join(f"{path.name} {w}x{h}" for (w, h), path in sizes.items())
            raise CaptureError(f"--image: found {listed}; expected pictures of one window at one size")
        return images
    from wowbot.cli.window_pictures import take

    return take(args.window, args.frames)


def _stock(images: list[Image], boxes: dict[str, Rect], args: argparse.Namespace) -> Calibration:
    from wowbot.calibration import calibrate
    from wowbot.calibration.guide import replace_regions

    answer = calibrate(images, args.era, name=args.name or "calibrated")
    return replace_regions(answer, boxes) if boxes else answer


def _custom(image: Image, boxes: dict[str, Rect], args: argparse.Namespace) -> Calibration:
    from wowbot.calibration import Calibration, ElementResult
    from wowbot.calibration.guide import guided_layout

    layout = guided_layout(image, boxes, args.name or "custom")
    parts = tuple(
        ElementResult(name, "found" if name in boxes else "expected", 0.0, region.rect)
        for name, region in layout.regions.items()
    )
    return Calibration(layout, None, parts)


def _write(answer: Calibration, image: Image, args: argparse.Namespace) -> Path | None:
    """The overlay and the layout file; None when no layout is written."""
    if args.overlay is not None:
        from wowbot.calibration import overlay
        from wowbot.cli.output import write_png

        write_png(overlay(image, answer), args.overlay, "--overlay")
    layout = answer.layout
    if layout is None or args.dry_run:
        return None
    from wowbot.config import user_dir
    from wowbot.hud import save_layout

    width, height = layout.size_wh
    name = args.name or f"{layout.era}-{width}x{height}"
    path: Path = args.out or user_dir() / "layouts" / f"{name}.toml"
    save_layout(layout, path)
    return path


def _tell(answer: Calibration, path: Path | None) -> None:
    if answer.refused is not None:
        refused = answer.refused
        print(f"refused: {refused.cause}\n  found: {refused.evidence}\n  do:    {refused.advice}")
        return
    layout = answer.layout
    if layout is None:
        return
    stock = f"{layout.era}, {layout.ui_scale:.4f} px per UI unit, score {layout.score:.2f}"
    print(f"{'custom HUD, by the boxes given' if layout.era == 'other' else stock}\n")
    print(f"{'region':<24} {'status':<9} {'score':>5}  box")
    for element in answer.elements:
        box = "-" if element.rect is None else ",".join(map(str, element.rect))
        score = f"{element.score:.2f}" if element.score > 0 else "    -"
        print(f"{element.name:<24} {element.status:<9} {score:>5}  {box:<20}  {element.mend}".rstrip())
    counts = {status: sum(e.status == status for e in answer.elements) for status in ("found", "moved", "missing")}
    print("\n" + ", ".join(f"{count} {status}" for status, count in counts.items()) + "; expected = not shown now")
    print(f"written: {path}" if path else "nothing written (--dry-run)")


def _keys(image: Image, layout: Layout, args: argparse.Namespace) -> int:
    """The key on each button, what the profile presses there, and which could not be read; 1 when one differs."""
    from wowbot.decision.profile import load_profile
    from wowbot.perception.hotkeys import read_hotkeys

    spells = load_profile(args.profile).bindings.by_slot() if args.profile else {}
    out, differ = sys.stderr if args.json else sys.stdout, 0
    found = read_hotkeys(image, layout)
    for term, reading in found.items():
        slot = term.removeprefix("slot.").removesuffix(".hotkey")
        spell = spells.get(slot)
        if reading.value is None and spell is None:
            continue
        told = f"{slot:<16} {reading.value or '?':<12}"
        if spell is not None:
            wrong = reading.value is not None and reading.value != spell.key
            differ |= wrong
            told += f" {spell.name}: the profile presses {spell.key or 'no key'}{', ANOTHER KEY' if wrong else ''}"
        told += f"  ({reading.why})" if reading.why else ""
        print(told, file=out)
    print(unread_keys(found, spells), file=out)
    return int(differ)


def unread_keys(found: Mapping[str, Reading], spells: Collection[str]) -> str:
    """How many keys were read, and by name which buttons show one that was not, or show none."""
    from wowbot.perception.hotkeys import NOT_SEEN

    slots = {term.removeprefix("slot.").removesuffix(".hotkey"): reading for term, reading in found.items()}
    unread = [slot for slot, reading in slots.items() if reading.value is None and reading.why != NOT_SEEN]
    bare = [slot for slot, reading in slots.items() if reading.why == NOT_SEEN]
    lines = [f"keys: {len(slots) - len(unread) - len(bare)} of {len(slots)} buttons read"]
    if unread:
        lines.append(
            f"printed but not legible on {', '.join(unread)}: look at them, and set the profile's keys by hand"
        )
    if bare:
        wanted = [slot for slot in bare if slot in spells]
        lines.append(f"no key seen on {len(bare)}{': the profile uses ' + ', '.join(wanted) if wanted else ''}")
    return "\n".join(lines)


def _learn(image: Image, layout: Layout, args: argparse.Namespace) -> int:
    """Keep the asked icons; 1 when one could not be learned."""
    if not args.learn_icons and not args.learn_aura:
        return 0
    if args.dry_run:
        print("no icon kept (--dry-run)", file=sys.stderr)
        return 0
    from wowbot.config import user_dir
    from wowbot.decision.profile import load_profile
    from wowbot.perception.learn import learn_aura, learn_icons

    folder = user_dir() / "icons"
    learned = []
    if args.learn_icons:
        learned += learn_icons(image, layout, folder, load_profile(args.profile).bindings)
    if args.learn_aura:
        learned.append(learn_aura(image, layout, args.learn_aura, folder, *_aura_place(args.aura_at)))
    out = sys.stderr if args.json else sys.stdout
    for icon in learned:
        print(f"{icon.name}: {icon.path or 'not learned: ' + icon.why}", file=out)
    return 0 if all(icon.path for icon in learned) else 1


def _aura_place(text: str) -> tuple[str, int]:
    """`ROW.N` as --aura-at takes it; either part may be missing."""
    from wowbot.core.errors import ConfigError

    row, _, place = text.partition(".")
    if place and not (place.isdecimal() and int(place) > 0):
        raise ConfigError(f"--aura-at: found {text!r}, expected ROW.N with N from 1, e.g. player.1 or target.2")
    return row, int(place or 0)
