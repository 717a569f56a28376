"""A model is published with a card that fits it, measured scores, and a threshold chosen on the validation split."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from wowbot.core.errors import DetectorError
from wowbot.detector import dataset
from wowbot.detector.classes import Box
from wowbot.detector.publish import UNJUDGED, Publication, publish
from wowbot.perception.detector_card import CARDS, read_cards
from wowbot.perception.detector_model import load_detector

TOY = Path(__file__).parent.parent / "perception" / "models" / "raw.onnx"


def labelled(folder: Path) -> Path:
    """Green squares labelled enemy, and a red one that nobody labelled."""
    image = np.zeros((64, 64, 3), np.uint8)
    image[8:16, 8:16] = (0, 255, 0)
    image[40:48, 40:48] = (0, 0, 160)
    for part in ("val", "test"):
        dataset.write_example(folder, part, "a__0", image, [Box(3, 8, 8, 16, 16)])
    return folder


def test_a_published_model_loads_by_its_card_and_tells_its_scores(tmp_path: Path) -> None:
    onnx = Path(shutil.copy(TOY, tmp_path / "mine.onnx"))
    card = publish(onnx, Publication("mine", tmp_path, labelled(tmp_path / "set"), "on two squares"), lambda text: None)
    assert load_detector(str(onnx)).card == card == read_cards(tmp_path / CARDS)["mine"]
    assert card.scores["map50"] == 1.0
    report = json.loads((tmp_path / "mine.evaluation.json").read_text())
    assert report["test"]["classes"]["enemy"]["recall"] == 1.0
    assert (tmp_path / "mine.confusion.png").is_file()


def test_publishing_again_replaces_the_card_of_the_old_file(tmp_path: Path) -> None:
    onnx = Path(shutil.copy(TOY, tmp_path / "mine.onnx"))
    publish(onnx, Publication("mine", tmp_path, trained="once"), lambda text: None)
    onnx.write_bytes(TOY.with_name("end2end.onnx").read_bytes())
    card = publish(onnx, Publication("mine", tmp_path, trained="twice"), lambda text: None)
    assert read_cards(tmp_path / CARDS) == {"mine": card}
    assert (card.trained, card.confidence) == ("twice", UNJUDGED)


def test_a_model_that_is_not_there_cannot_be_published(tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match="no such model"):
        publish(tmp_path / "none.onnx", Publication("none", tmp_path), lambda text: None)
