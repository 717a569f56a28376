"""From trained weights to a model that can be shipped: ONNX, card, evaluation, the picture of its confusions."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from wowbot.core.detection import Detection
from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.detector import evaluate
from wowbot.detector.dataset import Example, examples
from wowbot.perception.detector_card import Card, write_card
from wowbot.perception.detector_model import DetectorModel, load_detector

LICENCE = (
    "Trained with Ultralytics, whose licence is AGPL-3.0, on generated pictures; where cut-outs or frames of the game "
    "FLARE took part, those are CC-BY-SA 3.0."
)
UNJUDGED = 0.35
"""Threshold of a model that was never evaluated."""
SCALE = 2
"""Pictures are composed at 640 px and shown to the network at 320: a tile of the frame is twice the input's side."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What to write.

    Args:
        name: of the model; its files are <name>.onnx, <name>.evaluation.json, <name>.confusion.png.
        out: the folder with MODELS.toml.
        data: a labelled set, for the evaluation; None = none is made.
        trained: on what and how long, for the card.
        most: pictures of a split at most.
        confidence: the card's threshold where no evaluation chooses one.
    """

    name: str
    out: Path
    data: Path | None = None
    trained: str = ""
    architecture: str = ""
    most: int = 1000
    confidence: float = UNJUDGED


def publish(onnx: Path, what: Publication, tell: Callable[[str], object]) -> Card:
    """Write card and evaluation of an exported model that lies in `what.out`.

    Raises:
        DetectorError: the model or the set is not sound.
    """
    model = load_detector(str(_uncarded(onnx, what)))
    side = model.card.input_wh[0]
    card = replace(
        model.card, file=onnx.name, sha256=hashlib.sha256(onnx.read_bytes()).hexdigest(), tile_px=SCALE * side,
        architecture=what.architecture, licence=LICENCE, trained=what.trained, confidence=what.confidence,
    )  # fmt: skip
    scores: dict[str, float] = {"ms_per_inference": round(inference_ms(model), 2), "megabytes": size_mb(onnx)}
    if what.data is not None:
        report = evaluation(model, what, tell)
        card = replace(card, confidence=report["confidence"])
        test = report["test"]
        scores |= {k: test[k] for k in ("map50", "map50_95", "precision", "recall") if test[k] is not None}
        text = json.dumps(report, indent=1) + "\n"
        (what.out / f"{what.name}.evaluation.json").write_text(text, encoding="utf-8")
    card = replace(card, scores=scores)
    write_card(what.out, what.name, card)
    return card


def evaluation(model: DetectorModel, what: Publication, tell: Callable[[str], object]) -> dict[str, Any]:
    """The threshold is chosen on the validation split, the figures are the test split's."""
    assert what.data is not None
    whole = DetectorModel(model.engine, replace(model.card, tile_px=0), model.name)

    def find(image: Image, least: float) -> list[Detection]:
        return whole.detect(image, least=least)

    parts = {}
    for part in ("val", "test"):
        found: list[Example] = examples(what.data, part)[: what.most]
        tell(f"evaluating {what.name} on {len(found)} pictures of {part}")
        parts[part] = evaluate.score(found, find)
    confidence = evaluate.best_confidence(parts["val"])
    table = evaluate.confusion(parts["test"], confidence)
    evaluate.confusion_picture(table, what.out / f"{what.name}.confusion.png")
    return {
        "model": what.name,
        "confidence": confidence,
        "chosen_on": "val",
        "test": evaluate.summary(parts["test"], confidence),
        "confusion": table.tolist(),
    }


def inference_ms(model: DetectorModel, runs: int = 30) -> float:
    """Least time of the bare network on this processor, one thread, ms: what a busy machine adds is not the network's."""
    width, height = model.card.input_wh
    blob = np.full((1, 3, height, width), 0.5, np.float32)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        model.infer(blob)
        times.append(1000 * (time.perf_counter() - start))
    return float(np.min(times))


def size_mb(path: Path) -> float:
    """Size of a file in megabytes."""
    return round(path.stat().st_size / 1e6, 2)


def _uncarded(onnx: Path, what: Publication) -> Path:
    """The model file; an older card of that name speaks of an older file and is taken away first."""
    from wowbot.perception.detector_card import CARDS, read_cards

    cards = what.out / CARDS
    if not onnx.is_file():
        raise DetectorError(f"{onnx}: no such model")
    if cards.is_file() and any(card.file == onnx.name for card in read_cards(cards).values()):
        kept = {name: card for name, card in read_cards(cards).items() if card.file != onnx.name}
        cards.unlink()
        for name, card in kept.items():
            write_card(what.out, name, card)
    return onnx
