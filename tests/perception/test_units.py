"""Unit frames of the training ground: focus, pet, party and target of target with their names; the ornaments of each era."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import cv2
import numpy as np
import pytest

from wowbot.core.frame import Frame
from wowbot.core.layout import Era, Layout
from wowbot.core.reading import Reading
from wowbot.perception.loot import LootReader
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.presence import FAINT, SHOWN, Presence
from wowbot.perception.reader import Context, Hints
from wowbot.perception.unitlook import classification
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, Classification, LootItemView, RuneView, UnitView, WorldView

ERAS = [era for era in get_args(Era) if era != "other"]
ME = UnitView("Me", "mage", 30, 900, 1000, "mana", 500, 1000)
WOLF = UnitView("Wolf", "wolf", 32, 500, 1000, "mana", 500, 1000, reaction=2)
LOOT = (LootItemView("fang", "Fang", 2),)
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


@pytest.mark.parametrize("left", [-60, 70], ids=["begins before it", "begins within it"])
@pytest.mark.parametrize("era", ERAS)
def test_a_box_of_other_ends_in_its_place_is_no_target(era: Era, left: int) -> None:
    renderer = HudRenderer(era, (1920, 1080), seed=4)
    health, power = (renderer.layout.regions[f"target.{bar}"].rect for bar in ("health", "power"))
    image = renderer.draw(world()).copy()
    for bar in (health, power):
        image[bar.top - 2 : bar.bottom + 2, health.left + left : health.right + left] = 130
        image[bar.top : bar.bottom, health.left + left + 2 : health.right + left - 2] = 25
    out = HudPerception(renderer.layout).observe_still(Frame(0, 0, image, "test"), text=False).readings
    assert out["target.exists"].value == 0.0
    assert out["target.health.pct"].value is None


@pytest.mark.parametrize("by", [-0.16, 0.1, 0.18], ids=["left", "right", "farther right"])
@pytest.mark.parametrize("era", ["vanilla", "wotlk"])
def test_a_target_a_little_beside_its_place_is_not_said_to_be_absent(era: Era, by: float) -> None:
    """An add-on moved it: nothing of it can be read there, and nothing is said."""
    renderer = HudRenderer(era, (1920, 1080), seed=4)
    frame, health = (renderer.layout.regions[f"target.{part}"].rect for part in ("frame", "health"))
    image = renderer.draw(world()).copy()
    shown, shift = renderer.draw(world(target=WOLF)), round(by * health.width)
    rows = slice(frame.top, frame.bottom)
    image[rows, frame.left + shift : frame.right + shift] = shown[rows, frame.left : frame.right]
    out = HudPerception(renderer.layout).observe_still(Frame(0, 0, image, "test"), text=False).readings
    assert out["target.exists"].value is None
    assert "moved" in out["target.exists"].why
    assert out["target.health.pct"].value is None


CROSSED = {"blades": (205, 208, 210), "golden letters": (20, 190, 230), "nothing": (12, 12, 12)}


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768)], ids=["1080", "768"])
@pytest.mark.parametrize("drawn", CROSSED)
def test_crossed_blades_without_their_red_ground_are_combat(drawn: str, size: tuple[int, int]) -> None:
    renderer = HudRenderer("wotlk", size, seed=4)
    layout, k = renderer.layout, renderer.layout.ui_scale
    x, y, w, h = layout.regions["player.frame"].options["level"]
    middle = (round(x + w / 2), round(y + h / 2))
    image = renderer.draw(world()).copy()
    cv2.circle(image, middle, round(9 * k), (12, 12, 12), -1)
    for side in (-1, 1):
        tip = (middle[0] + round(side * 5 * k), middle[1] - round(6.5 * k))
        cv2.line(
            image, tip, (middle[0] - round(side * 4 * k), middle[1] + round(2 * k)), CROSSED[drawn], round(1.5 * k)
        )
    out = HudPerception(layout).observe_still(Frame(0, 0, image, "test"), text=False).readings
    assert out["in_combat"].value == float(drawn == "blades")


@pytest.mark.parametrize(("end", "there"), [(0.8, 0.0), (1.0, 1.0)], ids=["no clear end", "clear ends"])
def test_faint_lines_at_the_bars_are_a_target_only_between_clear_ends(end: float, there: float) -> None:
    renderer = HudRenderer("vanilla", (1920, 1080), seed=4)
    health, power = (renderer.layout.regions[f"target.{bar}"].rect for bar in ("health", "power"))
    image = np.full((1080, 1920, 3), 60, np.uint8)
    dark = health.left + round(0.25 * health.width)
    for y in (health.top, health.bottom, power.top, power.bottom):
        image[y - 1 : y + 1, health.left : health.right] = 150
        image[y - 1 : y + 1, dark : dark + round(0.15 * health.width)] = 0
    image[health.top : health.bottom, health.left - 2 : health.left] = 160
    image[health.top : health.bottom, health.right : health.right + 2] = 0
    image[health.top : health.top + round(end * health.height), health.right : health.right + 2] = 160
    presence = Presence(health, power)
    score = presence.score(image)
    assert SHOWN <= score < FAINT
    assert presence.ends(image, 1.0)
    assert float(presence.ends(image, score)) == there


@pytest.mark.parametrize("era", ERAS)
def test_small_frames_are_named(era: Era) -> None:
    party = tuple(replace(WOLF, name=name) for name in ("Anduin", "Mirelle", "Thrall", "Vashti"))
    others = {"targettarget": replace(WOLF, name="Brann"), "pet": replace(WOLF, name="Humar")}
    out = seen(era, world(party=party, target=WOLF, **others), text=True)
    assert [out[f"party{n}.name"].value for n in range(1, 5)] == [unit.name for unit in party]
    assert out["targettarget.name"].value == "Brann"
    assert out["pet.name"].value == "Humar"


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


@pytest.mark.parametrize(
    ("world_bgr", "said"), [((55, 60, 75), "elite"), ((30, 20, 28), "elite"), ((66, 115, 150), None)]
)
def test_an_old_gold_dragon_before_a_world_much_like_it_is_never_called_normal(
    world_bgr: tuple[int, int, int], said: str | None
) -> None:
    image = np.full((200, 200, 3), world_bgr, np.uint8)
    places = np.arange(100)
    near, far = (places, np.full(100, 40)), (places, np.full(100, 120))
    # Scales and the dark between them.
    image[near] = np.where(places[:, None] % 9 < 5, (60, 105, 140), (30, 35, 45))
    reading = classification(image, (near, far), "retail")
    assert reading.value == said
    assert reading.why


@pytest.mark.parametrize("era", ERAS)
def test_a_larger_window_in_the_loot_windows_corner_is_not_taken_for_it(era: Era) -> None:
    renderer = HudRenderer(era, (1920, 1080), seed=4)
    place = renderer.layout.regions["loot"].rect
    shown = renderer.draw(world()).copy()
    shown[place.top : place.bottom + 200, place.left : place.right + 120] = (30, 28, 26)
    for right in (place.right, place.right + 120):
        shown[place.top : place.bottom + 200, right - 3 : right] = (120, 120, 125)
    shown[place.top : place.top + 3, place.left : place.right + 120] = (120, 120, 125)
    x, y, w, h = renderer.layout.regions["loot"].options["boxes"][0]
    shown[y : y + h, x : x + w] = (150, 90, 60)  # an item worn, where a loot window has its first
    looks = {"none": renderer.draw(world()), "larger": shown, "loot": renderer.draw(world(loot=LOOT))}
    told = {}
    for name, image in looks.items():
        out: dict[str, Reading] = {}
        reader = LootReader("loot", renderer.layout.regions["loot"], Context(renderer.layout))
        reader.read(np.asarray(image, np.uint8), out, Hints())
        told[name] = out["loot.open"].value
    assert told == {"none": 0.0, "larger": None, "loot": 1.0}


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("health", [8.0, 55.0, 100.0])
def test_a_pet_is_read_in_every_era(era: Era, health: float) -> None:
    pet = replace(WOLF, name="Bones", health=health, health_max=100.0, power_type="focus", power=63.0, power_max=100.0)
    out = seen(era, world(pet=pet), text=True)
    assert (out["pet.exists"].value, out["pet.name"].value) == (1.0, "Bones")
    assert out["pet.health.pct"].value == pytest.approx(health, abs=1.5)
    assert out["pet.focus.pct"].value == pytest.approx(63.0, abs=1.5)
    hunter = replace(ME, power_type="focus")
    assert seen(era, replace(world(), player=hunter))["pet.exists"].value == 0.0
    # Soul shards or charges of a class with mana may stand above it in retail.
    assert seen(era, replace(world(), player=replace(ME, power_type="mana")))["pet.exists"].value == (
        None if era == "retail" else 0.0
    )


def test_runes_in_the_pets_place_are_no_pet_and_leave_it_open() -> None:
    renderer = HudRenderer("retail", (2560, 1440), gamma=0.8, seed=7)
    knight = replace(ME, power_type="runic_power", power=40.0, power_max=100.0)
    for turn in range(12):
        runes = tuple(RuneView("frost", 50.0 if turn >> n & 1 else 0.0) for n in range(6))
        shown = replace(world(runes=runes), player=knight, camera=CameraView(17.0 * turn, -9.0 * turn, 0.5 * turn))
        frame = Frame(0, 0, renderer.draw(shown), "test")
        out = HudPerception(renderer.layout).observe_still(frame, text=False).readings
        assert out["pet.exists"].value is None
        assert "runes" in out["pet.exists"].why


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("tapped", [False, True])
def test_a_grey_strip_is_tapped_or_leaves_it_open_but_never_says_no(era: Era, tapped: bool) -> None:
    out = seen(era, world(target=replace(WOLF, tapped=tapped)))
    assert out["target.tapped"].value in ((float(tapped), None) if era == "retail" else (float(tapped),))
    assert tapped or out["target.tapped"].value == 0.0
