"""Slots and sweeps on labelled real screenshots and sequences; skipped where the folder is absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from wowbot.core.frame import Frame
from wowbot.core.layout import Layout, Rect, Region
from wowbot.perception.pipeline import HudPerception

pytestmark = pytest.mark.screens


def labels(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


def layout_of(size_wh: tuple[int, int], boxes: list[list[int]]) -> Layout:
    region = Region(Rect(0, 0, *size_wh), "slots", {"bar": "main", "boxes": boxes, "style": "classic"})
    return Layout("labels", "labels", "classic_era", size_wh, 1.0, {"actionbar.main": region})


def test_sweeps_of_labelled_sequences_are_within_eight_degrees(screens_dir: Path) -> None:
    from PIL import Image

    checked = 0
    for label in labels(screens_dir):
        icons = [name for name in label if name.startswith("icon") and isinstance(label[name], dict)]
        if label.get("kind") != "sequence" or not icons:
            continue
        boxes = [
            [c[0] - h, c[1] - h, 2 * h + 1, 2 * h + 1]
            for c, h in ((label[name]["centre"], label[name]["half"]) for name in icons)
        ]
        with Image.open(screens_dir / label["file"]) as film:
            frames = []
            for index in range(getattr(film, "n_frames", 1)):
                film.seek(index)
                frames.append(np.ascontiguousarray(np.asarray(film.convert("RGB"))[:, :, ::-1]))
            perception = HudPerception(layout_of(film.size, boxes))
        for index, image in enumerate(frames):
            seen = perception.observe(Frame(index, index * 80_000_000, image, "gif"), ()).readings
            for n, name in enumerate(icons, 1):
                truth = dict(label["frame_values"].get(f"{name}_elapsed_deg", [])).get(index)
                value = seen[f"slot.main.{n}.sweep_pct"].value
                if truth is not None:
                    assert isinstance(value, float), f"frame {index} {name}"
                    assert abs(360 - 3.6 * value - truth) <= 8, (
                        f"frame {index} {name}: {360 - 3.6 * value:.1f}, {truth}"
                    )
                    checked += 1
    assert checked > 0


def test_empty_slots_of_labelled_screens_are_told_from_filled_ones(screens_dir: Path) -> None:
    wrong, seen_slots = [], 0
    for label in labels(screens_dir):
        bars = [bar for bar in label.get("action_bars") or [] if bar["name"] == "main"]
        if not bars or not isinstance(label.get("slots_empty"), list):
            continue
        image = cv2.imread(str(screens_dir / label["file"]))
        x, y, w, h = bars[0]["first_slot"]
        boxes = [[round(x + bars[0]["pitch"] * n), round(y), round(w), round(h)] for n in range(bars[0]["count"])]
        perception = HudPerception(layout_of((image.shape[1], image.shape[0]), boxes))
        seen = perception.observe(Frame(0, 0, np.asarray(image, np.uint8), "screen"), ()).readings
        for n in range(1, len(boxes) + 1):
            seen_slots += 1
            if bool(seen[f"slot.main.{n}.empty"].value) != (n in label["slots_empty"]):
                wrong.append(f"{label['file']} slot {n}")
    assert seen_slots > 0
    assert not wrong
