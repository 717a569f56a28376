"""Readings of drawn frames at 20 combinations of era, size, UI scale and gamma."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from tests.perception.drawn import COMBINATIONS, bar_width, fills, flags, view
from wowbot.core.frame import Frame
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.render import HudRenderer

OTHERS = ("slots", "auras", "nameplates")
VIEWS = 3


@pytest.mark.parametrize(
    ("era", "size", "scale", "gamma"), COMBINATIONS, ids=[f"{c[0]}-{c[1][0]}x{c[1][1]}-{c[3]}" for c in COMBINATIONS]
)
def test_bars_are_read_within_a_percent_or_a_pixel_and_flags_exactly(
    era: Any, size: Any, scale: Any, gamma: float
) -> None:
    renderer = HudRenderer(era, size, scale, gamma, seed=3)
    layout = renderer.layout
    layout = replace(layout, regions={n: r for n, r in layout.regions.items() if r.reader not in OTHERS})
    rng = random.Random(f"{era}{size}{gamma}")
    wrong = []
    for _ in range(VIEWS):
        shown = view(rng)
        perception = HudPerception(layout)
        image = renderer.draw(shown)
        for index in range(2):
            readings = perception.observe(Frame(index, index, image, "t"), ()).readings
        for term, truth in fills(shown).items():
            reading = readings.get(term)
            slack = max(1.0, 100.0 / bar_width(layout, term)) + 0.01
            if reading is None or not isinstance(reading.value, float) or abs(reading.value - truth) > slack:
                wrong.append((term, round(truth, 2), reading))
        wrong += [
            (t, v, readings.get(t)) for t, v in flags(shown).items() if t not in readings or readings[t].value != v
        ]
    assert wrong == []
