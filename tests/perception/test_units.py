"""Unit frames of the training ground: focus, pet, party and target of target with their names; the ornaments of each era."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from wowbot.core.frame import Frame
from wowbot.core.layout import Era, Layout
from wowbot.core.reading import Reading
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, Classification, UnitView, WorldView

ERAS = [era for era in get_args(Era) if era != "other"]
ME = UnitView("Me", "mage", 30, 900, 1000, "mana", 500, 1000)
WOLF = UnitView("Wolf", "wolf", 32, 500, 1000, "mana", 500, 1000, reaction=2)
PLACES = ("unitframe", "bar", "text")


def seen(era: Era, world: WorldView, *, text: bool = False, size: tuple[int, int] = (1920, 1080)) -> dict[str, Reading]:
    renderer = HudRenderer(era, size, seed=4)
    layout: Layout = renderer.layout
    layout = replace(layout, regions={n: r for n, r in layout.regions.items() if r.reader in PLACES})
    frame = Frame(0, 0, renderer.draw(world), "test")
    return dict(HudPerception(layout).observe_still(frame, text=text).readings)


def world(**units: object) -> WorldView:
    return WorldView(1.0, ME, CameraView(5.0, 3.0, 0.4), **units)  # type: ignore[arg-type]


@pytest.mark.parametrize("era", ["wotlk", "classic_era", "retail"])
def test_a_focus_is_read_like_a_target(era: Era) -> None:
    focus = replace(WOLF, name="Marrowgar", reaction=4, classification="elite")
    out = seen(era, world(focus_unit=focus), text=True)
    found = {
        leaf: out[f"focus_unit.{leaf}"].value for leaf in ("name", "level", "reaction", "classification", "tapped")
    }
    assert found == {"name": "Marrowgar", "level": 32.0, "reaction": 4.0, "classification": "elite", "tapped": 0.0}
    assert seen(era, world())["focus_unit.classification"].value is None


@pytest.mark.parametrize("era", ERAS)
def test_small_frames_are_named(era: Era) -> None:
    party = tuple(replace(WOLF, name=name) for name in ("Anduin", "Mirelle", "Thrall", "Vashti"))
    units = {"party": party, "target": WOLF, "targettarget": replace(WOLF, name="Brann")}
    if era != "retail":
        units["pet"] = replace(WOLF, name="Humar")
    out = seen(era, world(**units), text=True)
    assert [out[f"party{n}.name"].value for n in range(1, 5)] == [unit.name for unit in party]
    assert out["targettarget.name"].value == "Brann"
    assert era == "retail" or out["pet.name"].value == "Humar"


OLD = {"normal": "normal", "elite": "elite", "rare": "rare", "rareelite": "elite", "worldboss": "elite"}
LATER = {**OLD, "rareelite": "rare"}
RETAIL = {**OLD, "rare": "normal", "rareelite": "rareelite"}


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("kind", list(OLD))
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080), (2560, 1440)], ids=str)
def test_the_ornament_tells_what_its_era_lets_it_tell(era: Era, kind: Classification, size: tuple[int, int]) -> None:
    told = {"vanilla": OLD, "tbc": OLD, "retail": RETAIL}.get(era, LATER)
    reading = seen(era, world(target=replace(WOLF, classification=kind)), size=size)["target.classification"]
    assert reading.value == told[kind]
    assert reading.value == kind or reading.why
