"""The bar reader: percent, power, witness, absence, other games."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wowbot.core.bindings import Bindings, Spell
from wowbot.core.errors import ConfigError
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.bars import BarReader, power_of
from wowbot.perception.reader import Context, Hints, Text

TEXTURE = np.array([0.40, 0.63, 0.75, 0.75, 0.67, 0.58, 0.49, 0.40, 0.40, 0.35], np.float32)
RECT = Rect(40, 20, 150, 10)


def reader(bindings: Bindings | None = None, **options: Any) -> BarReader:
    name = f"{options.get('unit', 'player')}.{options.get('resource', 'health')}"
    region = Region(RECT, "bar", options)
    layout = Layout("t", "t", "wotlk", (300, 60), 1.0, {name: region})
    return BarReader(name, region, Context(layout, bindings or Bindings()))


def frame(bgr: tuple[int, int, int], fraction: float) -> Any:
    image = np.full((60, 300, 3), 70, np.uint8)
    image[RECT.top : RECT.bottom, RECT.left : RECT.right] = 25
    filled = TEXTURE[:, None, None] * np.array(bgr, np.float32)
    image[RECT.top : RECT.bottom, RECT.left : RECT.left + round(150 * fraction)] = filled
    return image


def read(it: BarReader, image: Any, hints: Hints | None = None, **before: Reading) -> dict[str, Reading]:
    out = dict(before)
    it.read(image, out, hints or Hints())
    return out


@pytest.mark.parametrize("pct", [0, 4, 10, 31, 50, 80, 95, 100])
def test_health_is_read_by_its_fill(pct: int) -> None:
    value = read(reader(), frame((0, 255, 0), pct / 100))["health.pct"].value
    assert value == pytest.approx(pct, abs=0.7)


def test_an_empty_health_bar_means_dead_and_a_filled_one_alive() -> None:
    assert read(reader(), frame((0, 255, 0), 0.0))["dead"].value == 1.0
    assert read(reader(), frame((0, 255, 0), 0.3))["dead"].value == 0.0


@pytest.mark.parametrize(
    ("power", "bgr"),
    [
        ("mana", (255, 0, 0)),
        ("rage", (0, 0, 255)),
        ("energy", (0, 255, 255)),
        ("focus", (64, 128, 255)),
        ("runic_power", (255, 209, 0)),
    ],
)
@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.3])
def test_the_colour_tells_the_power(power: str, bgr: tuple[int, int, int], gamma: float) -> None:
    image = np.rint(255.0 * (frame(bgr, 0.6) / 255.0) ** gamma).astype(np.uint8)
    out = read(reader(resource="power"), image)
    assert out["power.type"].value == power
    assert out[f"{power}.pct"].value == pytest.approx(60.0, abs=0.7)


@pytest.mark.parametrize(
    ("bgr", "want"), [((239, 64, 201), "fury"), ((174, 139, 24), "runic_power"), ((40, 80, 159), "focus")]
)
def test_measured_retail_colours_are_named(bgr: tuple[float, float, float], want: str) -> None:
    assert power_of(bgr) == want


def test_a_bar_of_no_unit_is_unknown() -> None:
    out = read(reader(unit="target"), frame((0, 255, 0), 0.5), **{"target.exists": Reading(0.0)})
    assert out["target.health.pct"].value is None
    assert "no target" in out["target.health.pct"].why


def test_a_printed_number_that_agrees_raises_confidence_and_gives_points() -> None:
    out = read(reader(), frame((0, 255, 0), 0.5), Hints(texts={"health.text": Text("540 / 1080", 0.9, True)}))
    assert out["health"].value == 540
    assert out["health.max"].value == 1080
    assert out["health.pct"].confidence >= 0.98


def test_a_printed_number_that_disagrees_lowers_confidence_and_says_so() -> None:
    out = read(reader(), frame((0, 255, 0), 0.5), Hints(texts={"health.text": Text("900 / 1000", 0.9, True)}))
    assert out["health.pct"].confidence <= 0.5
    assert "90.0" in out["health.pct"].why


def test_a_text_that_hides_the_bar_is_read_beyond_its_ends_and_then_no_more() -> None:
    it, hints = reader(), Hints()
    covered = frame((0, 255, 0), 1.0)
    glyphs = np.indices((10, 150)).sum(axis=0) % 5 < 2
    covered[RECT.top : RECT.bottom, RECT.left : RECT.right][glyphs] = 255
    covered[RECT.top : RECT.bottom, RECT.left + 100 : RECT.right][~glyphs[:, 100:]] = 0
    read(it, covered, hints)
    place = hints.places["health.text"]
    assert place.left < RECT.left - 4
    assert place.right > RECT.right + 4
    read(it, frame((0, 255, 0), 1.0), hints)
    assert "health.text" not in hints.places


@pytest.mark.parametrize(("glow", "pct"), [((255, 250, 225), 100.0), ((60, 60, 60), 96.0)], ids=["glow", "empty"])
def test_a_shields_glow_at_the_end_of_a_full_bar_is_no_empty_part(glow: tuple[int, int, int], pct: float) -> None:
    image = frame((0, 255, 0), 0.96)
    image[RECT.top : RECT.bottom, RECT.left + 144 : RECT.right] = glow
    assert read(reader(style="retail"), image)["health.pct"].value == pytest.approx(pct, abs=0.8)


def test_a_stale_number_is_not_a_witness() -> None:
    out = read(reader(), frame((0, 255, 0), 0.5), Hints(texts={"health.text": Text("900 / 1000", 0.9, False)}))
    assert out["health.pct"].why == ""


def test_an_empty_power_bar_keeps_the_type_seen_before() -> None:
    hints = Hints(last={"power.type": Reading("rage")})
    out = read(reader(resource="power"), frame((0, 0, 255), 0.0), hints)
    assert out["rage.pct"].value == 0.0


def test_an_empty_power_bar_takes_the_type_of_the_profile() -> None:
    bindings = Bindings(spells={"a": Spell("a")}, power="rage")
    assert read(reader(bindings, resource="power"), frame((0, 0, 255), 0.0))["rage.pct"].value == 0.0


def test_an_empty_power_bar_without_any_hint_is_unknown() -> None:
    out = read(reader(resource="power"), frame((0, 0, 255), 0.0))
    assert out["power.type"].value is None


@pytest.mark.parametrize("pct", [0, 12, 50, 100])
def test_another_games_bar_is_read_by_its_own_rule(pct: int) -> None:
    image = np.full((60, 300, 3), 30, np.uint8)
    image[RECT.top + 2, RECT.left : RECT.left + round(1.5 * pct)] = (10, 20, 160)
    rule = reader(style="custom", row=2, channel="r", minimum=75, minus="g", difference=40)
    assert read(rule, image)["health.pct"].value == pytest.approx(pct, abs=0.1)


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(ConfigError, match="styl"):
        reader(styl="classic")


def test_the_retail_targets_ring_hides_the_last_two_percent() -> None:
    image = frame((0, 255, 0), 1.0)
    rim = [(0.8, 0), (0.6, 30), (0.4, 60), (0.2, 130)]
    for column, (share, ring) in zip(range(RECT.right - 4, RECT.right), rim, strict=True):
        image[RECT.top : RECT.bottom, column] = (
            TEXTURE[:, None] * share * np.array((0, 255, 0)) + ring * np.array((0.5, 0.8, 1.0))
        ).astype(np.uint8)
    assert read(reader(unit="target", style="retail"), image)["target.health.pct"].value == 100.0
    assert read(reader(unit="target", style="retail"), frame((0, 255, 0), 0.6))["target.health.pct"].value == (
        pytest.approx(60.0, abs=0.7)
    )


def test_a_custom_power_bar_tells_its_power_by_its_colour() -> None:
    rule = reader(resource="power", style="custom", row=4, channel="b", minimum=60, minus="r", difference=40)
    out = read(rule, frame((255, 0, 0), 0.4))
    assert out["power.type"].value == "mana"
    assert out["mana.pct"].value == pytest.approx(40.0, abs=0.7)
    assert read(rule, frame((255, 0, 0), 0.0))["power.type"].value is None
