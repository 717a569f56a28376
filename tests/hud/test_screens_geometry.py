"""The geometry against bars and slots that people measured on real screenshots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wowbot.core.layout import Era
from wowbot.hud import stock_layout

ERA_OF: dict[str, Era] = {"vanilla": "vanilla", "wotlk": "wotlk", "classic": "classic_era"}
BARS = {"player_health": "player.health", "player_power": "player.power"}

pytestmark = pytest.mark.screens


def stock_rows(folder: Path) -> list[dict[str, Any]]:
    """Whole windows with an untouched classic HUD and a known scale."""
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        r for r in rows if r.get("ui") == "default" and r.get("ui_scale") and r["height"] >= 1000 and r["width"] == 1920
    ]


def test_bars_are_within_2_px_or_2_pct_of_the_labels(screens_dir: Path) -> None:
    rows = stock_rows(screens_dir)
    assert len(rows) >= 10
    wrong = []
    for row in rows:
        layout = stock_layout(ERA_OF[row["era"].split("_")[0]], (row["width"], row["height"]), row["ui_scale"])
        labelled = {name: row[key]["bbox"] for key, name in BARS.items() if row.get(key)}
        target = (row.get("target") or {}).get("health")
        if target:
            labelled["target.health"] = target["bbox"]
        for name, (x, y, w, h) in labelled.items():
            rect = layout.regions[name].rect
            room = max(2.0, 0.02 * w)
            apart = [abs(rect.left - x), abs(rect.right - x - w), abs(rect.top - y), abs(rect.bottom - y - h)]
            if max(apart) > room:
                wrong.append((row["file"], name, tuple(rect), (x, y, w, h)))
    assert not wrong


def test_slot_grids_are_within_3_px_of_the_labels(screens_dir: Path) -> None:
    wrong = []
    for row in stock_rows(screens_dir):
        layout = stock_layout(ERA_OF[row["era"].split("_")[0]], (row["width"], row["height"]), row["ui_scale"])
        for bar in row.get("action_bars") or []:
            boxes = layout.regions[f"actionbar.{bar['name']}"].options["boxes"]
            x, y, w, _ = bar["first_slot"]
            # Labels read by eye off a ruled crop carry their own 3 px.
            room = 6 if "read" in bar["method"] else 3
            for n, box in enumerate(boxes[: bar.get("count", 12)]):
                expected = (x + n * bar["pitch"], y, w)
                if max(abs(a - b) for a, b in zip(box[:3], expected, strict=True)) > room:
                    wrong.append((row["file"], bar["name"], n, box, expected))
    assert not wrong
