"""Runes: how many are ready and of which kind, where the own power is runic power, and nothing said elsewhere."""

from __future__ import annotations

from typing import get_args

import pytest

from wowbot.core.frame import Frame
from wowbot.core.layout import Era
from wowbot.core.reading import Reading
from wowbot.core.terms import find
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, RuneKind, RuneView, UnitView, WorldView

KNIGHT = UnitView("Tester", "knight", 80, 7500.0, 10000.0, "runic_power", 40.0, 100.0)
HAVING: tuple[Era, ...] = ("wotlk", "retail")
KINDS: tuple[RuneKind, ...] = ("blood", "blood", "frost", "frost", "unholy", "death")


def read(
    era: Era,
    runes: tuple[RuneView, ...],
    player: UnitView = KNIGHT,
    size: tuple[int, int] = (1920, 1080),
    gamma: float = 1.0,
) -> dict[str, Reading]:
    renderer = HudRenderer(era, size, gamma=gamma, seed=2)
    image = renderer.draw(WorldView(1.0, player, CameraView(3.0, 4.0, 0.5), runes=runes))
    seen = HudPerception(renderer.layout).observe(Frame(0, 0, image, "t"), ()).readings
    return {term: reading for term, reading in seen.items() if term.partition(".")[0] in ("rune", *get_args(RuneKind))}


@pytest.mark.parametrize("era", HAVING)
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.3])
@pytest.mark.parametrize("left", [(0, 0, 0, 0, 0, 0), (100, 85, 60, 30, 15, 0), (0, 50, 0, 100, 99, 0)], ids=str)
def test_each_rune_is_ready_or_recharging(
    era: Era, size: tuple[int, int], gamma: float, left: tuple[float, ...]
) -> None:
    runes = tuple(RuneView(kind, pct) for kind, pct in zip(KINDS, left, strict=True))
    out = read(era, runes, size=size, gamma=gamma)
    assert [out[f"rune.{n}.ready"].value for n in range(1, 7)] == [float(pct == 0) for pct in left]
    assert out["rune"].value == float(left.count(0))
    assert [term for term in out if find(term) is None] == []


def test_kinds_are_told_by_colour_where_the_client_colours_them() -> None:
    out = read("wotlk", tuple(RuneView(kind, 40.0 if n == 0 else 0.0) for n, kind in enumerate(KINDS)))
    assert [out[kind].value for kind in ("blood", "frost", "unholy", "death")] == [1.0, 2.0, 1.0, 1.0]
    assert "blood" not in read("retail", (RuneView(),) * 6)


@pytest.mark.parametrize("era", HAVING)
def test_another_class_has_no_runes_and_that_is_not_zero(era: Era) -> None:
    mage = UnitView("Tester", "mage", 80, 7500.0, 10000.0, "mana", 2500.0, 10000.0)
    out = read(era, (), player=mage)
    assert out["rune"].value is None
    assert "no death knight" in out["rune"].why


@pytest.mark.parametrize("era", HAVING)
def test_an_empty_power_bar_leaves_the_class_open(era: Era) -> None:
    out = read(
        era, (RuneView(),) * 6, player=UnitView("Tester", "knight", 80, 7500.0, 10000.0, "runic_power", 0.0, 100.0)
    )
    assert (out["rune"].value, out["rune.1.ready"].value) == (None, None)


@pytest.mark.parametrize("era", ["vanilla", "tbc", "classic_era"])
def test_a_client_without_death_knights_says_nothing_of_runes(era: Era) -> None:
    assert read(era, (RuneView(),) * 6) == {}
