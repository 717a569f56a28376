"""Read screenshots of the game: where the HUD is, and every value on it with its confidence.

One JSON object per image with --json (one a line), else a table. A picture without a stock HUD is refused with the
measured cause; that is not an error, but the exit code is 1. A file that is no picture: exit code 2.

examples:
  wowbot perceive shot.png
  wowbot perceive --json shots/*.jpg > readings.jsonl
  wowbot perceive shot.png --layout my-layout.toml --overlay seen.png
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wowbot.cli.output import check_png, write_png
from wowbot.cli.perceive_table import table
from wowbot.core.errors import CaptureError, ConfigError, LayoutMismatch

if TYPE_CHECKING:
    from wowbot.core.frame import Image
    from wowbot.core.layout import Layout
    from wowbot.core.reading import Reading


def configure(parser: argparse.ArgumentParser) -> None:
    from wowbot.core.layout import ERAS

    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="PNG, JPEG, BMP, WebP or GIF")
    parser.add_argument(
        "--layout", default="auto", metavar="NAME|PATH|auto", help="auto (default): find the stock HUD on each image"
    )
    parser.add_argument("--era", default="auto", choices=["auto", *ERAS[:-1]], help="narrows the search of auto")
    parser.add_argument("--icons", type=Path, metavar="FOLDER", help="learned icons (default: the user's folder)")
    parser.add_argument(
        "--no-text", action="store_true", help="skip names, levels and numbers (no text model is loaded)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--overlay", type=Path, metavar="PNG", help="draw what was read; with several images their names are appended"
    )


def main(args: argparse.Namespace) -> int:
    if args.overlay is not None:
        check_png(args.overlay, "--overlay")
    if args.icons is not None and not args.icons.is_dir():
        raise ConfigError(f"--icons: found no folder {str(args.icons)!r}, expected one of learned icons (PNG)")
    if args.layout != "auto" and args.era != "auto":
        raise ConfigError(
            f"--era {args.era} narrows the search of --layout auto; the layout {args.layout!r} has its own"
        )
    given = None if args.layout == "auto" else _layout_file(args.layout)
    worst = 0
    for path in args.images:
        answer, code = _perceive(path, given, args)
        worst = max(worst, code)
        print(json.dumps(answer, ensure_ascii=False) if args.json else table(answer), flush=True)
    return worst


def _layout_file(name: str) -> Layout:
    from wowbot.config import find
    from wowbot.hud import load_layout

    return load_layout(find("layouts", name))


def _perceive(path: Path, given: Layout | None, args: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """The answer for one file, and its exit code."""
    from wowbot.capture.images import load_screenshot

    answer: dict[str, Any] = {"file": str(path), "layout": None, "readings": {}, "nameplates": []}
    try:
        image = load_screenshot(path)
    except CaptureError as error:
        answer["refused"] = {"cause": "unreadable", "evidence": str(error)}
        if args.json:
            print(f"wowbot perceive: {error}", file=sys.stderr)
        return answer, 2
    layout = _fit(image, given, args.era, answer)
    if layout is None:
        return answer, 1
    readings = read_still(image, layout, args.icons, text=not args.no_text)
    answer["layout"] = layout_json(layout)
    answer["readings"] = {
        term: reading_json(r) for term, r in sorted(readings.items()) if not term.startswith("nameplate.")
    }
    answer["nameplates"] = nameplates_json(readings)
    if args.overlay is not None:
        from wowbot.perception.overlay import overlay

        write_png(overlay(image, layout, readings), _overlay_path(args.overlay, path, args.images), "--overlay")
    return answer, 0


def _fit(image: Image, given: Layout | None, era: str, answer: dict[str, Any]) -> Layout | None:
    """The layout to read with; None with the refusal written into the answer."""
    from wowbot.core.frame import Frame

    if given is not None:
        try:
            given.check(Frame(0, 0, image, "image"))
        except LayoutMismatch as error:
            mend = "give a picture of the layout's size, or leave out --layout: the HUD is then looked for"
            answer["refused"] = {"cause": "size", "evidence": str(error), "mend": mend}
            return None
        return given
    from wowbot.calibration import calibrate

    found = calibrate([image], era)
    if found.refused is not None:
        refused = found.refused
        answer["refused"] = {"cause": refused.cause, "evidence": refused.evidence, "mend": refused.advice}
    return found.layout


def read_still(image: Image, layout: Layout, icons: Path | None, *, text: bool) -> Mapping[str, Reading]:
    """All readings of one picture; texts are read at once, in this thread.

    Args:
        icons: folder of learned icons; None = the user's own.
    """
    from wowbot.config import user_dir
    from wowbot.core.frame import Frame
    from wowbot.perception.hotkeys import read_hotkeys
    from wowbot.perception.icons import IconLibrary
    from wowbot.perception.pipeline import HudPerception

    library = IconLibrary.from_folder(icons if icons is not None else user_dir() / "icons")
    perception = HudPerception(layout, icons=library)
    seen = perception.observe_still(Frame(0, 0, image, "image"), text=text).readings
    return {**seen, **read_hotkeys(image, layout)} if text else seen


def layout_json(layout: Layout) -> dict[str, Any]:
    """era, ui_scale, score, and each region's box; action bars with the boxes of their slots."""
    return {
        "era": layout.era,
        "ui_scale": round(layout.ui_scale, 5),
        "score": round(layout.score, 3),
        "regions": {name: list(region.rect) for name, region in layout.regions.items()},
        "slots": {n: [list(b) for b in r.options["boxes"]] for n, r in layout.regions.items() if r.reader == "slots"},
    }


def reading_json(reading: Reading) -> dict[str, Any]:
    value = reading.value
    return {
        "value": round(value, 3) if isinstance(value, float) else value,
        "confidence": round(reading.confidence, 3),
        "why": reading.why,
    }


def nameplates_json(readings: Mapping[str, Reading]) -> list[dict[str, Any]]:
    """The nameplates seen: bbox of the bar, reaction, health, the name above it; the cast under it, null without one."""
    count = readings.get("nameplate.count")
    number = int(count.value) if count is not None and isinstance(count.value, float) else 0
    plates = []
    for n in range(1, number + 1):
        fields = ("x", "y", "w", "h", "reaction", "health.pct", "name")
        seen = {field: readings.get(f"nameplate.{n}.{field}") for field in fields}
        values = {field: r.value if r is not None else None for field, r in seen.items()}
        box = [round(v) for v in (values["x"], values["y"], values["w"], values["h"]) if isinstance(v, float)]
        plates.append(
            {
                "bbox": box,
                "reaction": values["reaction"],
                "health_pct": round(health, 3) if isinstance(health := values["health.pct"], float) else None,
                "name": values["name"],
                "cast": _cast_json(readings, f"nameplate.{n}.cast."),
            }
        )
    return plates


def _cast_json(readings: Mapping[str, Reading], prefix: str) -> dict[str, Any] | None:
    """pct, channel and interruptible of a cast that runs; None when none does."""
    active = readings.get(f"{prefix}active")
    if active is None or not active.value:
        return None
    return {leaf: readings[f"{prefix}{leaf}"].value for leaf in ("pct", "channel", "interruptible")}


def _overlay_path(wanted: Path, image: Path, images: Sequence[Path]) -> Path:
    """Of several images each has its own: by its name, and its number where another has the same name."""
    if len(images) == 1:
        return wanted
    same = sum(other.stem == image.stem for other in images) > 1
    number = f"-{images.index(image) + 1}" if same else ""
    return wanted.with_name(f"{wanted.stem}-{image.stem}{number}{wanted.suffix}")
