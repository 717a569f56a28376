"""Printed times in the words of several languages; what has no unit that can be told has no time."""

from __future__ import annotations

import numpy as np
import pytest

from wowbot.core.frame import Image
from wowbot.perception.auratimes import seconds_of, still_time

BLANK: Image = np.zeros((14, 44, 3), np.uint8)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4 m", 240.0), ("18s", 18.0), ("7 d", 604800.0), ("4 h", 14400.0), ("27 Min.", 1620.0), ("3 Tage", 259200.0),
        ("2 Std.", 7200.0), ("8 мин", 480.0), ("5 с", 5.0), ("3 分钟", 180.0), ("1o m", 600.0), ("41.m", 2460.0),
        ("2 j", 172800.0),
    ],
)  # fmt: skip
def test_the_unit_is_told_in_many_languages(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "m", "210", "22 Mint", "2F", "x4 m", "1234 m", "22 Min13 Min"])
def test_what_has_no_unit_that_can_be_told_has_no_time(text: str) -> None:
    assert seconds_of(text) is None


@pytest.mark.parametrize(
    ("looks", "seconds"),
    [
        ({"max": ("27 Min", 0.9), "gray": ("27 Min", 0.8), "min": ("7 Min", 0.95)}, 1620.0),
        ({"max": ("", 0.0), "gray": ("55", 0.75), "min": ("5 s", 0.8)}, 5.0),
        ({"max": ("", 0.0), "gray": ("", 0.0), "min": ("5 s", 0.6)}, None),
        ({"max": ("8 m", 0.9), "gray": ("3 m", 0.9), "min": ("", 0.0)}, None),
        ({"max": ("8 m", 0.1), "gray": ("8 m", 0.1), "min": ("8 m", 0.1)}, None),
    ],
    ids=["most looks", "one sure look", "one faint look", "contradiction", "all faint"],
)
def test_the_looks_vote_on_a_still_pictures_time(looks: dict[str, tuple[str, float]], seconds: float | None) -> None:
    assert still_time(BLANK, 1.0, lambda crop, kind, mode: looks[mode]) == seconds
