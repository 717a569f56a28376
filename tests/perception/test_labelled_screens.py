"""Readings of labelled real screenshots; skipped where the folder is not there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from wowbot.calibration.evaluate import expectation
from wowbot.calibration.teach import Screen, read_screens
from wowbot.capture.images import load_image
from wowbot.cli.bench.cases import era_of, fill_cases, labelled_layout
from wowbot.cli.bench.sequences import frames, read_region, tracks
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout
from wowbot.core.reading import Reading
from wowbot.hud import stock_layout
from wowbot.perception.pipeline import HudPerception

pytestmark = pytest.mark.screens
CLEAR = 0.7
"""Confidence from which a reading must be right."""


@pytest.fixture(scope="module")
def screens(screens_dir: Path) -> list[Screen]:
    return [s for s in read_screens(screens_dir) if s.label]


def seen(image: Image, layout: Layout, *, text: bool) -> Mapping[str, Reading]:
    return HudPerception(layout).observe_still(Frame(0, 0, image, "screen"), text=text).readings


def test_stock_bars_are_read_within_the_labels_own_error_and_a_pixel(screens: list[Screen]) -> None:
    wrong, count = [], 0
    for screen in screens:
        cases = list(fill_cases(screen)) if str(screen.row["ui"]).startswith("default") else []
        if not cases or screen.row["kind"] == "sequence":
            continue
        image = load_image(screen.path)
        readings = seen(image, labelled_layout(screen, image), text=False)
        for case in cases:
            count += 1
            reading = readings.get(case.term)
            value = reading.value if reading is not None else None
            confident = reading is not None and reading.confidence >= CLEAR
            if confident and (not isinstance(value, float) or abs(value - float(case.truth)) > case.slack):
                wrong.append((screen.path.name, case.term, case.truth, reading))
    assert count > 50
    assert wrong == []


def test_targets_are_seen_where_they_are_and_only_there(screens: list[Screen]) -> None:
    wrong: list[Any] = []
    for screen in screens:
        label, era = screen.label, era_of(str(screen.row["era"]))
        if expectation(screen) != "found" or str(screen.row["ui"]) != "default" or era == "retail":
            continue
        if label.get("target_frame_present") is None or not label.get("ui_scale"):
            continue
        image = load_image(screen.path)
        layout = stock_layout(era, (image.shape[1], image.shape[0]), label["ui_scale"])
        reading = seen(image, layout, text=False)["target.exists"]
        if reading.value != float(label["target_frame_present"]):
            wrong.append((screen.path.name, reading))
    assert wrong == []


def test_casts_of_sequences_are_within_four_percent_on_every_frame(screens: list[Screen]) -> None:
    errors = []
    for screen in screens:
        for _, region, values in tracks(screen.label):
            for number, image in frames(screen.path, set(values)):
                reading = read_region(image, region)
                assert reading is not None
                assert isinstance(reading.value, float)
                errors.append(abs(reading.value - 100.0 * values[number]))
    assert len(errors) > 50
    assert max(errors) <= 4.0


def test_numbers_on_stock_bars_are_read_as_printed(screens: list[Screen]) -> None:
    right, total = 0, 0
    for screen in screens:
        label = screen.label
        if not str(screen.row["ui"]).startswith("default") or expectation(screen) != "found":
            continue
        image = load_image(screen.path)
        readings: Mapping[str, Reading] = {}
        for part, term in (("player_health", "health.pct"), ("player_power", "power.type")):
            text = str((label.get(part) or {}).get("text") or "")
            if "%" not in text or not (label.get(part) or {}).get("bbox"):
                continue
            readings = readings or seen(image, labelled_layout(screen, image), text=True)
            total += 1
            right += readings[term].confidence >= 0.95
    assert total > 10
    assert right / total >= 0.95
