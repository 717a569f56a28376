"""Find enemies, corpses, nameplates, marks, nodes and bobbers in pictures, videos and recordings.

One JSON object a frame with --json, else a line each. No PyTorch is needed; a .pt file is taken where the train extra is
installed. Exit code 0 also where nothing is found; 2 for a model or a file that cannot be used.

examples:
  wowbot detect shot.png --overlay seen.png
  wowbot detect --json shots/*.jpg > found.jsonl
  wowbot detect fight.mp4 --every 10 --overlay seen/          one picture a frame looked at
  wowbot detect recordings/pull --model mine --confidence 0.5
  wowbot detect shot.png --layout auto                        leaves out what lies on the HUD
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from wowbot.core.errors import CaptureError, ConfigError

if TYPE_CHECKING:
    from wowbot.core.detection import Detection
    from wowbot.core.frame import Image
    from wowbot.core.layout import Rect

VIDEOS = (".mp4", ".mkv", ".avi", ".mov", ".webm")


class Shot(NamedTuple):
    """One frame to look at. Args: number: its place in the file, 0 for a picture; single: the file holds no other."""

    file: Path
    number: int
    image: Image
    single: bool


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", nargs="+", type=Path, metavar="FILE", help="picture, video or recording")
    parser.add_argument("--model", default="world", metavar="NAME|PATH", help="default: world, the shipped one")
    parser.add_argument("--backend", default="onnxruntime", help="onnxruntime (default) or openvino")
    parser.add_argument("--confidence", type=float, help="least confidence 0..1 (default: the model card's)")
    parser.add_argument(
        "--tile", type=int, metavar="PX",
        help="side of the squares a 1080-line frame is cut into; 0 = the whole frame at once (default: the card's)",
    )  # fmt: skip
    parser.add_argument("--region", type=int, nargs=4, metavar=("X", "Y", "W", "H"), help="look only there, px")
    parser.add_argument(
        "--layout", metavar="NAME|PATH|auto",
        help="leave out what lies on the HUD; auto: find the stock HUD on each picture (default: tell of everything)",
    )  # fmt: skip
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of a video or recording each Nth frame")
    parser.add_argument("--any-classes", action="store_true", help="take a model made for another class list")
    parser.add_argument("--overlay", type=Path, metavar="OUT", help="a .png for one picture, else a folder")
    parser.add_argument("--json", action="store_true", help="one JSON object a frame")


def main(args: argparse.Namespace) -> int:
    from wowbot.core.detection import CLASSES
    from wowbot.perception.detector_model import load_detector
    from wowbot.perception.hudmask import in_world

    check(args)
    model = load_detector(args.model, args.backend, None if args.any_classes else CLASSES, args.tile)
    region = None if args.region is None else corners(args.region)
    hud = hud_finder(args.layout)
    for path in args.inputs:
        for shot in shots(path, args.every):
            found = in_world(model.detect(shot.image, region, args.confidence), hud(shot))
            print(line(shot, found, as_json=args.json), flush=True)
            if args.overlay is not None:
                save(args.overlay, shot, found, alone=shot.single and len(args.inputs) == 1)
    return 0


def check(args: argparse.Namespace) -> None:
    """Refuse numbers that make no sense.

    Raises:
        ConfigError: names the option.
    """
    if args.confidence is not None and not 0.0 < args.confidence <= 1.0:
        raise ConfigError(f"--confidence: found {args.confidence}, expected a share above 0 and at most 1")
    if args.every < 1:
        raise ConfigError(f"--every: found {args.every}, expected 1 or more")
    if args.tile is not None and not (args.tile == 0 or 64 <= args.tile <= 4096):
        raise ConfigError(f"--tile: found {args.tile}, expected 0, or 64 to 4096 px")
    if args.region is not None and (min(args.region) < 0 or min(args.region[2:]) < 32):
        raise ConfigError(f"--region: found {args.region}, expected X Y W H in px, at least 32 wide and high")


def hud_finder(layout: str | None) -> Callable[[Shot], list[Rect]]:
    """What tells where the HUD is on a frame; the frames of one file share what was found on its first.

    Raises:
        WowbotError: no such layout, or one for another size.
    """
    if layout is None:
        return lambda _shot: []
    if layout != "auto":
        return _given_hud(layout)
    known: dict[Path, list[Rect]] = {}

    def found(shot: Shot) -> list[Rect]:
        if shot.file not in known:
            known[shot.file] = _found_hud(shot)
        return known[shot.file]

    return found


def _given_hud(name: str) -> Callable[[Shot], list[Rect]]:
    from wowbot.config import find
    from wowbot.core.frame import Frame
    from wowbot.hud import load_layout
    from wowbot.perception.hudmask import hud_rects

    layout = load_layout(find("layouts", name))

    def given(shot: Shot) -> list[Rect]:
        layout.check(Frame(shot.number, 0, shot.image, "image"))
        return hud_rects(layout)

    return given


def _found_hud(shot: Shot) -> list[Rect]:
    from wowbot.calibration import calibrate
    from wowbot.perception.hudmask import hud_rects

    layout = calibrate([shot.image], "auto").layout
    if layout is None:
        print(f"wowbot detect: {shot.file}: no stock HUD was found; all of it counts as world", file=sys.stderr)
        return []
    return hud_rects(layout)


def corners(region: Sequence[int]) -> tuple[int, int, int, int]:
    """X, Y, W, H as left, top, right, bottom."""
    x, y, w, h = region
    return x, y, x + w, y + h


def shots(path: Path, every: int) -> Iterator[Shot]:
    """The frames of a file.

    Raises:
        WowbotError: it cannot be read.
    """
    if path.suffix.lower() in VIDEOS:
        yield from _video(path, every)
    elif path.is_dir() or path.suffix.lower() == ".mcap":
        yield from _recording(path, every)
    else:
        from wowbot.capture.images import load_image

        yield Shot(path, 0, load_image(path), True)


def _video(path: Path, every: int) -> Iterator[Shot]:
    import cv2
    import numpy as np

    if not path.is_file():
        raise CaptureError(f"{path}: no such video")
    video, index = cv2.VideoCapture(str(path)), 0
    try:
        while True:
            good, image = video.read()
            if not good:
                break
            if index % every == 0:
                yield Shot(path, index, np.asarray(image, np.uint8), False)
            index += 1
    finally:
        video.release()
    if index == 0:
        raise CaptureError(f"{path}: OpenCV can read no frame of it: it is damaged, or its codec is not known here")


def _recording(path: Path, every: int) -> Iterator[Shot]:
    from wowbot.cli.recorded import existing, ticks_of
    from wowbot.recording.reader import Recording

    with Recording(existing(path)) as recording:
        for count, tick in enumerate(ticks_of(recording)):
            if count % every == 0 and tick.frame.image is not None:
                yield Shot(path, tick.frame.index, tick.frame.image, False)


def line(shot: Shot, found: Sequence[Detection], *, as_json: bool) -> str:
    """What is told of one frame."""
    if as_json:
        boxes = [
            {"class": d.label, "bbox": [round(v, 1) for v in d[1:5]], "confidence": round(d.confidence, 3)}
            for d in found
        ]
        return json.dumps({"file": str(shot.file), "frame": shot.number, "found": boxes}, ensure_ascii=False)
    name = str(shot.file) if shot.single else f"{shot.file} frame {shot.number}"
    told = ", ".join(f"{d.label} {d.confidence:.2f} at {round(d.x0)},{round(d.y0)}" for d in found)
    return f"{name}: {told or 'nothing'}"


def save(out: Path, shot: Shot, found: Sequence[Detection], *, alone: bool) -> None:
    """Draw the boxes on the frame and write it.

    Raises:
        ConfigError, CaptureError: it is no .png, or cannot be written.
    """
    from wowbot.cli.output import check_png, write_png

    if alone:
        check_png(out, "--overlay")
    else:
        out = out / (f"{shot.file.stem}.png" if shot.single else f"{shot.file.stem}-{shot.number:06d}.png")
    write_png(drawn(shot.image, found), out, "--overlay")


def drawn(image: Image, found: Sequence[Detection]) -> Image:
    """A copy with boxes, classes and confidences."""
    import cv2

    from wowbot.detector.dataset import colour_of

    picture, size = image.copy(), max(0.4, image.shape[0] / 2200)
    for d in found:
        colour = colour_of(d.label)
        cv2.rectangle(picture, (round(d.x0), round(d.y0)), (round(d.x1) - 1, round(d.y1) - 1), colour, 2)
        text, at = f"{d.label} {d.confidence:.2f}", (round(d.x0), max(10, round(d.y0) - 3))
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)
    return picture
