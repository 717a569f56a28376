"""The detector: ms a picture on one thread, what it costs the loop, and how right it is.

speed    the bare network and the whole way from picture to boxes, beside Ultralytics' own predict on the same file in the
         same run, picture by picture in turn (needs the train extra; without it only ours is measured)
loop     p50 and p95 of reading the HUD at 30 Hz, detector off and on in turns of two seconds, in this process
--data   a labelled set: precision and recall of each class on whole frames, in tiles as in play
--screens  labelled screenshots: nameplates at 0.5 IoU, beside the colour-rule reader, and what else it claims to see

examples:
  wowbot bench detect
  wowbot bench detect --model world --model world_640 --json
  wowbot bench detect --only data --data data/flare
  wowbot bench detect --only screens --screens ../shared/data/screens
  wowbot bench detect --data data/flare --screens DIR --out docs/detector.md
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.perception.detector_card import find_model
from wowbot.perception.detector_model import DetectorModel, load_detector

PARTS = ("speed", "loop", "data", "screens")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", action="append", metavar="NAME|PATH", help="default: world and world_640")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts alone (may be given again)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="a labelled set, see `wowbot dataset`")
    parser.add_argument("--split", choices=("train", "val", "test"), default="test", help="of --data")
    parser.add_argument("--screens", type=Path, metavar="DIR", help="labelled screenshots")
    parser.add_argument(
        "--layout", choices=("auto",), help="of --screens: leave out what lies on the HUD that is found"
    )
    parser.add_argument("--confidence", type=float, help="least confidence (default: the card's)")
    parser.add_argument("--tile", type=int, metavar="PX", help="side of the squares a 1080-line frame is cut into")
    parser.add_argument("--runs", type=int, default=60, help="pictures a speed row (default 60)")
    parser.add_argument("--seconds", type=float, default=16.0, help="of the loop part (default 16)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the tables as Markdown there")


def main(args: argparse.Namespace) -> int:
    from wowbot.cli.bench.detect_accuracy import on_screens, on_set

    cv2.setNumThreads(1)
    names = args.model or ["world", "world_640"]
    wanted = args.only or [p for p in PARTS if p in ("speed", "loop") or getattr(args, p, None) is not None]
    result: dict[str, Any] = {}
    if "speed" in wanted:
        result["speed"] = [speed(name, args.runs) for name in names]
    main_model = load_detector(names[0], tile_px=args.tile)
    if "loop" in wanted:
        from wowbot.cli.bench.detect_loop import loop

        result["loop"] = loop(main_model, args.seconds)
    if "data" in wanted:
        result["data"] = on_set(main_model, needed(args.data, "--data"), args.split, args.confidence)
    if "screens" in wanted:
        result["screens"] = on_screens(main_model, needed(args.screens, "--screens"), args.confidence, args.layout)
    print(json.dumps(result) if args.json else text(result))
    if args.out is not None:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(markdown(names, result), encoding="utf-8")
    return 0


def markdown(names: list[str], result: dict[str, Any]) -> str:
    """The tables with what the cards say of the models."""
    lines = ["# The detector, measured", ""]
    for name in names:
        card = load_detector(name).card
        scores = ", ".join(f"{key} {value:g}" for key, value in card.scores.items())
        lines.append(f"- `{name}` ({card.architecture}): trained {card.trained}. Generator's test split: {scores}")
    return "\n".join([*lines, "", "```", text(result), "```", ""])


def needed(path: Path | None, option: str) -> Path:
    """A folder that must be named.

    Raises:
        ConfigError: it was not.
    """
    from wowbot.core.errors import ConfigError

    if path is None:
        raise ConfigError(f"that part needs {option} DIR")
    return path


def speed(name: str, runs: int) -> dict[str, Any]:
    """One model: the bare network, picture to boxes, and Ultralytics' predict in turn with it."""
    model = load_detector(name, tile_px=0)
    width, height = model.card.input_wh
    picture = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    blob = np.full((1, 3, height, width), 0.5, np.float32)
    rows: dict[str, Callable[[], object]] = {
        "network": lambda: model.infer(blob),
        "picture_to_boxes": lambda: model.detect(picture),
    }
    theirs, why = ultralytics_predict(name, model, picture)
    if theirs is not None:
        rows["ultralytics_predict"] = theirs
    times = in_turn(rows, runs)
    told = {key: stat(values) for key, values in times.items()}
    ratio = told["ultralytics_predict"]["p50_ms"] / told["picture_to_boxes"]["p50_ms"] if theirs is not None else None
    return {"model": name, "input_wh": [width, height], "threads": 1, **told, "ratio_p50": ratio, "why": why}


def ultralytics_predict(name: str, model: DetectorModel, picture: Image) -> tuple[Callable[[], object] | None, str]:
    """Ultralytics' own predict on the same file, on one thread; None and why where it is not installed."""
    try:
        import torch

        from wowbot.detector.train import library

        yolo = library().YOLO(str(find_model(name)[0]), task="detect")
    except Exception as error:
        return None, f"no Ultralytics here ({type(error).__name__}): pip install 'wowbot[train]'"
    torch.set_num_threads(1)
    side, least = model.card.input_wh[0], model.card.confidence

    def predict() -> object:
        return yolo.predict(picture, imgsz=side, conf=least, iou=0.5, device="cpu", verbose=False)

    predict()
    return predict, ""


def in_turn(rows: dict[str, Callable[[], object]], runs: int) -> dict[str, list[tuple[float, float]]]:
    """Times in ms, on the wall and of the processor; the rows take turns, so that what else runs hits all of them."""
    times: dict[str, list[tuple[float, float]]] = {key: [] for key in rows}
    for run in range(runs + 3):
        for key, call in rows.items():
            start, used = time.perf_counter(), time.process_time()
            call()
            if run >= 3:
                times[key].append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)))
    return times


def stat(values: list[tuple[float, float]]) -> dict[str, float]:
    """Least, p50 and p95 on the wall; p50 of the processor's time, which a busy machine swells less."""
    wall, cpu = zip(*values, strict=True)
    return {
        "least_ms": round(min(wall), 2),
        "p50_ms": round(float(np.percentile(wall, 50)), 2),
        "p95_ms": round(float(np.percentile(wall, 95)), 2),
        "cpu_p50_ms": round(float(np.percentile(cpu, 50)), 2),
    }


def text(result: dict[str, Any]) -> str:
    """For people."""
    lines = []
    for row in result.get("speed", ()):
        lines.append(f"{row['model']} at {row['input_wh'][0]}x{row['input_wh'][1]}, one thread")
        for key in ("network", "picture_to_boxes", "ultralytics_predict"):
            if key in row:
                told = row[key]
                lines.append(
                    f"  {key:<20} least {told['least_ms']:7.2f}  p50 {told['p50_ms']:7.2f}  p95 {told['p95_ms']:7.2f} ms, "
                    f"of the processor p50 {told['cpu_p50_ms']:7.2f} ms"
                )
        lines.append(f"  ratio {row['ratio_p50']:.2f}" if row["ratio_p50"] else f"  no ratio: {row['why']}")
    if "loop" in result:
        told = result["loop"]
        lines.append(f"reading the HUD at {told['hz']:g} Hz, {told['results']} detector results meanwhile")
        lines += [
            f"  detector {k:<4} p50 {told[k]['p50_ms']:6.2f}  p95 {told[k]['p95_ms']:6.2f} ms, of the loop's own thread "
            f"p50 {told[k]['cpu_p50_ms']:6.2f}  p95 {told[k]['cpu_p95_ms']:6.2f} ms"
            for k in ("off", "on")
        ]
        grown = f"{told['p95_growth_ms']:+.2f} ms, of the thread {told['cpu_p95_growth_ms']:+.2f} ms"
        lines.append(f"  p95 grows by {grown}")
    if "data" in result:
        from wowbot.cli.bench.detect_accuracy import set_text

        lines += set_text(result["data"])
    if "screens" in result:
        from wowbot.cli.bench.detect_accuracy import screens_text

        lines += screens_text(result["screens"])
    return "\n".join(lines)
