"""The cast bar under a nameplate: in every client that has one, at any fill, and nowhere else."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from wowbot.core.frame import Image
from wowbot.core.layout import Era
from wowbot.core.reading import Reading
from wowbot.core.terms import find
from wowbot.perception.nameplates import NameplatesReader
from wowbot.perception.reader import Context, Hints
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import BodyView, CameraView, CastState, CastView, UnitView, WorldView

SIZE = (1600, 900)
ME, WOLF = UnitView("a", "human", 80, 1.0, 1.0), UnitView("Wolf", "wolf", 80, 50.0, 100.0, reaction=2)
RENDERERS: dict[Era, HudRenderer] = {era: HudRenderer(era, SIZE, seed=6) for era in get_args(Era) if era != "other"}
WITH_CASTS: tuple[Era, ...] = ("tbc", "wotlk", "retail")


def body(x: float, cast: CastView | None, *, target: bool = True, health: float = 70.0) -> BodyView:
    return BodyView(x, 0.6, 0.33, 0.12, 20.0, "Wolf", "wolf", 80, health, selected=target, cast=cast)


def picture(era: Era, *bodies: BodyView) -> Image:
    return RENDERERS[era].draw(WorldView(1.0, ME, CameraView(0.0, 0.0, 0.3), target=WOLF, bodies=bodies))


def read(era: Era, image: Image) -> dict[str, Reading]:
    layout, out = RENDERERS[era].layout, dict[str, Reading]()
    NameplatesReader("nameplates", layout.regions["nameplates"], Context(layout)).read(image, out, Hints())
    return out


@pytest.mark.parametrize("era", WITH_CASTS)
@pytest.mark.parametrize(
    ("state", "pct"), [("casting", 6.0), ("casting", 30.0), ("casting", 98.0), ("channel", 30.0), ("channel", 95.0)]
)
def test_a_cast_is_read_within_two_percent(era: Era, state: CastState, pct: float) -> None:
    out = read(era, picture(era, body(0.03, CastView("fireball", "Fire", pct, state))))
    assert out["nameplate.count"].value == 1.0
    assert out["nameplate.1.cast.active"].value == 1.0
    assert out["nameplate.1.cast.pct"].value == pytest.approx(pct, abs=2.0)
    assert out["nameplate.1.cast.channel"].value == float(state == "channel")
    assert out["nameplate.1.cast.interruptible"].value == 1.0


@pytest.mark.parametrize("era", WITH_CASTS)
def test_a_shield_or_a_grey_fill_says_that_it_cannot_be_interrupted(era: Era) -> None:
    out = read(era, picture(era, body(0.03, CastView("fireball", "Fire", 80.0, interruptible=False))))
    assert out["nameplate.1.cast.active"].value == 1.0
    assert out["nameplate.1.cast.interruptible"].value == 0.0
    pct = out["nameplate.1.cast.pct"]
    assert pct.value is None or pct.value == pytest.approx(80.0, abs=2.0)


@pytest.mark.parametrize("era", WITH_CASTS)
@pytest.mark.parametrize("state", ["success", "failed", "interrupted"])
def test_a_cast_that_has_ended_runs_no_more(era: Era, state: CastState) -> None:
    out = read(era, picture(era, body(0.03, CastView("fireball", "Fire", 100.0, state))))
    assert out["nameplate.count"].value == 1.0
    assert (out["nameplate.1.cast.active"].value, out["nameplate.1.cast.pct"].value) == (0.0, None)


@pytest.mark.parametrize("era", WITH_CASTS)
def test_without_a_cast_none_runs_and_its_fill_is_unknown(era: Era) -> None:
    out = read(era, picture(era, body(-0.3, None, target=False), body(0.1, None)))
    assert out["nameplate.count"].value == 2.0
    for n in (1, 2):
        assert (out[f"nameplate.{n}.cast.active"].value, out[f"nameplate.{n}.cast.pct"].value) == (0.0, None)


@pytest.mark.parametrize("era", ["vanilla", "classic_era"])
def test_a_client_without_plate_casts_says_nothing_of_them(era: Era) -> None:
    out = read(era, picture(era, body(0.03, CastView("fireball", "Fire", 50.0))))
    assert out["nameplate.count"].value == 1.0
    assert [term for term in out if ".cast." in term] == []


def test_retail_shows_casts_of_all_and_older_clients_of_the_target_only() -> None:
    bodies = (body(-0.3, CastView("fireball", "Fire", 40.0), target=False), body(0.1, CastView("bolt", "Bolt", 60.0)))
    for era, seen in (("wotlk", [0.0, 1.0]), ("retail", [1.0, 1.0])):
        out = read(era, picture(era, *bodies))  # type: ignore[arg-type]
        assert [out[f"nameplate.{n}.cast.active"].value for n in (1, 2)] == seen


def test_sand_under_a_plate_is_no_cast() -> None:
    image = picture("wotlk", body(0.03, None)).copy()
    rng = np.random.default_rng(3)
    image[310:360, 600:1100] = np.array((20, 130, 190)) + rng.integers(-12, 12, (50, 500, 3))
    out = read("wotlk", image)
    assert out["nameplate.1.cast.active"].value == 0.0


def test_every_term_of_a_plates_cast_is_in_the_list() -> None:
    out = read("retail", picture("retail", body(0.03, CastView("fireball", "Fire", 40.0))))
    assert [term for term in out if find(term) is None] == []
