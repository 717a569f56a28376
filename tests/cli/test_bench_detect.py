"""bench detect on toy models: speed in turns, accuracy on a set and on labelled screenshots of known content."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from wowbot.cli.main import main
from wowbot.detector import dataset
from wowbot.detector.classes import Box

TOY = Path(__file__).parent.parent / "perception" / "models" / "raw.onnx"


def told(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, dict[str, object]]:
    assert main(["bench", "detect", "--model", str(TOY), "--json", *args]) == 0
    result: dict[str, dict[str, object]] = json.loads(capsys.readouterr().out)
    return result


def squares(*places: tuple[int, int], colour: tuple[int, int, int] = (0, 0, 255)) -> np.ndarray:
    image = np.zeros((64, 64, 3), np.uint8)
    for x, y in places:
        image[y : y + 8, x : x + 8] = colour
    return image


def test_speed_is_measured_in_turns_and_says_why_there_is_no_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    row = told(capsys, "--only", "speed", "--runs", "3")["speed"][0]  # type: ignore[index]
    assert row["network"]["least_ms"] <= row["network"]["p50_ms"] <= row["network"]["p95_ms"]
    assert row["ratio_p50"] or "pip install" in row["why"]


def test_a_set_is_scored_with_the_hits_and_misses_it_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    enemies = squares((8, 8), (40, 40), colour=(0, 255, 0))
    dataset.write_example(tmp_path, "test", "a__0", enemies, [Box(3, 8, 8, 16, 16), Box(3, 24, 24, 32, 32)])
    row = told(capsys, "--only", "data", "--data", str(tmp_path), "--tile", "0", "--confidence", "0.5")["data"]
    assert row["classes"]["enemy"]["recall"] == 0.5  # type: ignore[index]
    assert row["classes"]["enemy"]["precision"] == 0.5  # type: ignore[index]


def test_screens_are_scored_beside_the_colour_rule_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("one.png", "none.png", "unknown.png", "torn.png")
    for name in names[:3]:
        cv2.imwrite(str(tmp_path / name), squares((16, 24)) if name == "one.png" else squares((40, 40)))
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    rows = [
        {"file": name, "repo": "r", "era": "wotlk_3.3.5", "ui": "default", "kind": "whole_window"} for name in names
    ]
    (tmp_path / "index.jsonl").write_text("\n".join(map(json.dumps, rows)))
    labels = [
        {"file": "one.png", "nameplates": [{"bbox": [16, 24, 8, 8]}], "nameplates_complete": True},
        {"file": "none.png", "nameplates": []},
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)))
    result = told(capsys, "--only", "screens", "--screens", str(tmp_path), "--tile", "0", "--confidence", "0.5")
    row, ours = result["screens"], result["screens"]["detector"]
    assert row["frames"] == 3
    assert len(row["unreadable"]) == 1  # type: ignore[arg-type]
    assert row["claims_by_class"] == {"nameplate_hostile": 3}
    assert (ours["hits"], ours["labelled"], ours["false_positives"]) == (1, 1, 1)  # type: ignore[index]
    assert ours["claims"] == 3  # type: ignore[index]
    assert (ours["recall"], ours["precision"]) == (1.0, 0.5)  # type: ignore[index]


@pytest.mark.parametrize("part", ["data", "screens"])
def test_a_part_without_its_folder_is_refused(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "detect", "--model", str(TOY), "--only", part]) == 2
    assert f"--{part} DIR" in capsys.readouterr().err


def test_the_table_for_people_has_a_line_a_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset.write_example(tmp_path, "test", "a__0", squares((8, 8)), [Box(0, 8, 8, 16, 16)])
    args = ["--only", "speed", "--only", "data", "--data", str(tmp_path), "--runs", "2", "--tile", "0"]
    assert main(["bench", "detect", "--model", str(TOY), *args]) == 0
    out = capsys.readouterr().out
    assert "picture_to_boxes" in out
    assert "nameplate_hostile" in out
