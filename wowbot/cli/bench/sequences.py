"""Labelled sequences, frame by frame: cast bars and resource bars whose fill was measured on each frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wowbot.cli.bench.cases import Case
from wowbot.cli.bench.score import Score, table
from wowbot.core.layout import Layout, Rect, Region

if TYPE_CHECKING:
    from wowbot.calibration.teach import Screen
    from wowbot.core.frame import Image
    from wowbot.core.reading import Reading

CAST_SLACK = 4.0
"""Error of a cast's fill that counts as right, pct."""


def sequences(screens: Iterable[Screen]) -> list[str]:
    """The table of all sequences that have labelled fills."""
    rows = []
    for screen in screens:
        for name, region, values in tracks(screen.label):
            score = Score()
            for number, image in frames(screen.path, set(values)):
                reading = read_region(image, region)
                score.add(
                    Case(name, "fill", 100.0 * values[number], CAST_SLACK), reading, f"{screen.path.name} {number}"
                )
            rows.append([screen.path.name, name, *score.cells()])
    head = ("file", "bar", "n", "right", "unknown", "mean error, pct", "95th percentile", "worst")
    return ["### Sequences, boxes given", table(head, rows)] if rows else []


def tracks(label: Mapping[str, Any]) -> Iterator[tuple[str, Region, dict[int, float]]]:
    """(name, region, fill by frame) of the bars a sequence's label follows."""
    values = label.get("frame_values")
    if label.get("cast_bar_bbox") and isinstance(values, list):
        yield "cast", Region(Rect(*label["cast_bar_bbox"]), "cast", {"style": "custom"}), _by_frame(values)
    if label.get("rows") and label.get("bar_x_range") and isinstance(values, dict):
        (left, right), rows = label["bar_x_range"], label["rows"]
        if "runic_power" in values and "runic_power" in rows:
            top, bottom = rows["runic_power"]
            rect = Rect(left, top + 2, right - left, bottom - top - 4)
            options = {"resource": "power", "style": "retail"}
            yield "runic power", Region(rect, "bar", options), _by_frame(values["runic_power"])


def _by_frame(values: list[list[float]]) -> dict[int, float]:
    return {int(number): float(fill) for number, fill in values}


def frames(path: Path, wanted: set[int]) -> Iterator[tuple[int, Image]]:
    """The wanted frames of an animated GIF, composited."""
    from PIL import Image as Pictures

    with Pictures.open(path) as moving:
        for number in sorted(wanted):
            moving.seek(number)
            yield number, np.ascontiguousarray(np.asarray(moving.convert("RGB"))[:, :, ::-1])


def read_region(image: Image, region: Region) -> Reading | None:
    """The fill of one bar or cast bar on one picture."""
    from wowbot.core.frame import Frame
    from wowbot.perception.pipeline import HudPerception

    name = "player.cast" if region.reader == "cast" else "player.power"
    layout = Layout("sequence", "sequence", "retail", (image.shape[1], image.shape[0]), 1.0, {name: region})
    readings = HudPerception(layout).observe_still(Frame(0, 0, image, "sequence"), text=False).readings
    return next((r for term, r in readings.items() if term.endswith(".pct")), None)
