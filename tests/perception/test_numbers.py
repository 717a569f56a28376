"""Grammar of printed numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.core.reading import Reading
from wowbot.perception.numbers import BarNumber, parse_bar_number, parse_level
from wowbot.perception.text import CUT_WHY, ILLEGIBLE, place_readings, zone_reading


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2039 / 2039", BarNumber(100.0, 2039, 2039)),
        ("540/2160", BarNumber(25.0, 540, 2160)),
        ("Mana 1110 / 1110", BarNumber(100.0, 1110, 1110)),
        ("Gesundheit 2949/2949", BarNumber(100.0, 2949, 2949)),
        ("100% 1146", BarNumber(100.0, 1146, None)),
        ("100%1146", BarNumber(100.0, 1146, None)),
        ("48% 68K", BarNumber(48.0, 68000, None)),
        ("95% 2.8M", BarNumber(95.0, 2_800_000, None)),
        ("100% 53,580", BarNumber(100.0, 53580, None)),
        ("100%53.580", BarNumber(100.0, 53580, None)),
        ("100%53:580", BarNumber(100.0, 53580, None)),
        ("1198 - 38%", BarNumber(38.0, 1198, None)),
        ("63%", BarNumber(63.0, None, None)),
        ("3367", BarNumber(None, 3367, None)),
        ("0 / 100", BarNumber(0.0, 0, 100)),
    ],
)
def test_what_clients_print_is_understood(text: str, want: BarNumber) -> None:
    assert parse_bar_number(text) == want


@pytest.mark.parametrize("text", ["", "Dead", "2160/540", "5/0", "140%", "12 / x", "12:30", "%", "20% abc"])
def test_what_breaks_the_grammar_is_no_number(text: str) -> None:
    assert parse_bar_number(text) is None


@given(st.integers(1, 99_999), st.integers(0, 99_999))
def test_current_and_full_come_back(full: int, current: int) -> None:
    number = parse_bar_number(f"{current} / {full}")
    if current > full:
        assert number is None
    else:
        assert number == BarNumber(100.0 * current / full, current, full)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = parse_bar_number(text)
    assert number is None or number.pct is None or 0 <= number.pct <= 100


@pytest.mark.parametrize(("text", "want"), [("1", 1), ("60", 60), ("90", 90), ("0", None), ("91", None), ("??", None)])
def test_a_level_is_1_to_90(text: str, want: int | None) -> None:
    assert parse_level(text) == want


@pytest.mark.parametrize(
    ("read", "want", "why"),
    [
        ("Arathi Highlands", "Arathi Highlands", ""),
        ("(43:32) Arathi Highlands", "Arathi Highlands", ""),
        ("(43:32) Arathi Highlan..)", "Arathi Highlan", CUT_WHY),
        ("(43:32) ..", None, ILLEGIBLE.why),
    ],
)
def test_a_zone_is_told_without_what_stands_round_it(read: str, want: str | None, why: str) -> None:
    told = zone_reading(Reading(read, 0.9))
    assert (told.value, told.why) == (want, why)


@pytest.mark.parametrize(
    ("shown", "zone", "place"),
    [
        ("(43:32) Arathi Highlands", "Arathi Highlands", (43.0, 32.0)),
        ("7, 61) Wald von Elwynn", "Wald von Elwynn", (7.0, 61.0)),
        ("Durotar", "Durotar", (None, None)),
    ],
)
def test_a_place_printed_before_the_zone_is_read(
    shown: str, zone: str, place: tuple[float | None, float | None]
) -> None:
    places = place_readings(Reading(shown, 0.9))
    assert (places["zone.x"].value, places["zone.y"].value) == place
    assert zone_reading(Reading(shown, 0.9)).value == zone
