"""Train a detector on a labelled set, export it, evaluate it and write its card.

Needs the train extra: pip install -c constraints-cpu.txt 'wowbot[train]' (leave the constraints file away for a GPU).
What comes out is NAME.onnx with its card in MODELS.toml, NAME.evaluation.json and NAME.confusion.png; NAME is then a model
for `wowbot detect` and `wowbot run --detector NAME`.

examples:
  wowbot train --data data/world
  wowbot train --data data/world --model yolo11n --epochs 200 --device 0
  wowbot train --data data/world --resume                          go on after a crash
  wowbot train --data data/world --export-only out/train/weights/best.pt --name mine
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wowbot.core.errors import DetectorError


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="a set made by `wowbot dataset build`")
    parser.add_argument(
        "--model", default="slim", metavar="MODEL",
        help="slim (default), yolo11n, yolo26n, yolov8n from scratch; a .yaml; or a .pt to go on from",
    )  # fmt: skip
    parser.add_argument("--epochs", type=int, default=100, help="at most, of at most 2000 pictures each (default: 100)")
    parser.add_argument("--hours", type=float, default=0.0, help="end after so long (default: no limit)")
    parser.add_argument("--patience", type=int, default=20, help="end after so many epochs without a better one")
    parser.add_argument("--imgsz", type=int, default=320, help="side of the input in training, px (default: 320)")
    parser.add_argument("--batch", type=int, default=16, help="pictures a step (default: 16)")
    parser.add_argument("--device", default="cpu", help="cpu, 0 (the first GPU), mps (default: cpu)")
    parser.add_argument("--threads", type=int, default=0, help="processor threads (default: PyTorch's choice)")
    parser.add_argument("--run", type=Path, default=Path("out/train"), metavar="DIR", help="weights and logs")
    parser.add_argument("--resume", action="store_true", help="go on with the interrupted training in --run")
    parser.add_argument("--export-only", type=Path, metavar="WEIGHTS", help="train nothing, publish these weights")
    parser.add_argument("--name", default="mine", help="name of the published model (default: mine)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where it is published (default: the user's models)")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[320], metavar="PX",
        help="inputs to export; the second and later are called NAME_PX (default: 320)",
    )  # fmt: skip
    parser.add_argument("--note", default="", help="on what it was trained, for the card")


def main(args: argparse.Namespace) -> int:
    from wowbot.detector.dataset import examples
    from wowbot.detector.train import Job, train

    check_sizes([*args.sizes, args.imgsz])
    for split in ("train", "val", "test"):
        examples(args.data, split)
    weights = args.export_only
    if weights is None:
        job = Job(args.data, args.model, args.run, args.epochs, args.hours, args.imgsz, args.batch, args.patience,
                  args.device, args.threads, resume=args.resume)  # fmt: skip
        weights = train(job)
    publish_sizes(weights, args)
    return 0


def publish_sizes(weights: Path, args: argparse.Namespace) -> None:
    """Export the weights at each size and publish them; the later sizes take over the first one's threshold."""
    from wowbot.config import user_dir
    from wowbot.detector.publish import UNJUDGED, Publication, publish
    from wowbot.detector.train import export

    out, confidence = args.out or user_dir() / "models", UNJUDGED
    for place, side in enumerate(args.sizes):
        name = args.name if place == 0 else f"{args.name}_{side}"
        onnx = export(weights, out / f"{name}.onnx", side)
        data = args.data if place == 0 else None  # the set's pictures are as large as the first size wants them
        what = Publication(
            name, out, data, args.note or f"on {args.data.name}", architecture(weights), confidence=confidence
        )
        card = publish(onnx, what, lambda text: print(text, file=sys.stderr, flush=True))
        confidence = card.confidence
        told = ", ".join(f"{key} {value:g}" for key, value in card.scores.items())
        print(f"{onnx}: {told}, confidence {card.confidence:g}", flush=True)


def check_sizes(sizes: list[int]) -> None:
    """Inputs must be multiples of the network's stride.

    Raises:
        DetectorError: one is not.
    """
    for side in sizes:
        if side % 32 or not 64 <= side <= 1920:
            raise DetectorError(f"an input of {side} px was asked for, expected a multiple of 32 from 64 to 1920")


def architecture(weights: Path) -> str:
    """What the weights are, as their trainer wrote it down; "" where it did not."""
    from wowbot.detector.train import library

    model = library().YOLO(str(weights)).model
    table = getattr(model, "yaml", None) or {}
    count = sum(p.numel() for p in model.parameters())
    return f"{Path(str(table.get('yaml_file', 'YOLO'))).stem}, {count / 1e6:.2f} million parameters"
