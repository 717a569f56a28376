"""Signs of other players: a whisper in the chat window, a player's nameplate."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from wowbot.core.frame import Image
from wowbot.core.layout import Era
from wowbot.core.reading import Reading
from wowbot.perception.chat import ChatReader
from wowbot.perception.nameplates import REACTIONS, NameplatesReader
from wowbot.perception.reader import Context, Hints
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import BodyView, CameraView, ChatLine, UnitView, WorldView

RENDERER = HudRenderer("wotlk", (1280, 720))
ME = UnitView("a", "human", 80, 1.0, 1.0)


def picture(lines: tuple[ChatLine, ...] = (), bodies: tuple[BodyView, ...] = ()) -> Image:
    return RENDERER.draw(WorldView(0.0, ME, CameraView(0.0, 0.0, 0.0), chat=lines, bodies=bodies))


def read(reader: type, name: str, image: Image) -> dict[str, Reading]:
    out: dict[str, Reading] = {}
    made = reader(name, RENDERER.layout.regions[name], Context(RENDERER.layout))  # type: ignore[call-arg]
    made.read(image, out, Hints())
    return out


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        ((), 0.0),
        ((ChatLine("You receive loot: Linen Cloth."), ChatLine("hello all", "say")), 0.0),
        ((ChatLine("Somebody whispers: hi", "whisper"),), 1.0),
        ((ChatLine("[x] whispers: yo", "whisper"), *[ChatLine("more text follows")] * 3), 1.0),
    ],
    ids=["empty", "other lines", "a whisper", "a whisper above other lines"],
)
def test_a_whisper_is_seen_by_its_colour(lines: tuple[ChatLine, ...], seen: float) -> None:
    assert read(ChatReader, "chat", picture(lines))["chat.whisper"].value == seen


def test_only_blue_plates_are_players() -> None:
    wolf = BodyView(0.0, 0.55, 0.3, 0.12, 20.0, "Wolf", "wolf", 80, 100.0, reaction=2)
    hostile = picture(bodies=(wolf,))
    blue = hostile.copy()
    blue[195:240, 500:780] = hostile[195:240, 500:780, ::-1]  # red and blue change places on the plate
    found = [read(NameplatesReader, "nameplates", image) for image in (hostile, blue)]
    assert [(out["nameplate.count"].value, out["nameplate.players"].value) for out in found] == [(1.0, 0.0), (1.0, 1.0)]


@pytest.mark.parametrize("height", [0.2, 0.3, 0.35, 0.4, 0.5])
@pytest.mark.parametrize("health", [12.0, 70.0])
def test_plates_are_found_before_a_calm_sky_and_at_low_health(height: float, health: float) -> None:
    bodies = tuple(
        BodyView(x, 0.6, height, 0.12, 20.0, "Wolf", "wolf", 80, health, reaction=reaction)
        for x, reaction in ((-0.2, 2), (0.05, 4), (0.3, 5))
    )
    out = read(NameplatesReader, "nameplates", picture(bodies=bodies))
    assert [out[f"nameplate.{n}.reaction"].value for n in (1, 2, 3)] == [2.0, 4.0, 5.0]
    assert [out[f"nameplate.{n}.health.pct"].value for n in (1, 2, 3)] == pytest.approx([health] * 3, abs=2.0)


@pytest.mark.parametrize("era", ["vanilla", "wotlk", "classic_era", "retail"])
@pytest.mark.parametrize("health", [20.0, 55.0, 100.0])
def test_plates_of_every_era_are_found_at_any_health(era: Era, health: float) -> None:
    renderer = HudRenderer(era, (1920, 1080))
    bodies = tuple(
        BodyView(x, 0.6, 0.35, 0.12, 20.0, "Wolf", "wolf", 80, health, reaction=reaction)
        for x, reaction in ((-0.2, 2), (0.05, 4), (0.3, 5))
    )
    image = renderer.draw(WorldView(0.0, ME, CameraView(0.0, 0.0, 0.0), bodies=bodies))
    found = NameplatesReader("nameplates", renderer.layout.regions["nameplates"], Context(renderer.layout)).find(image)
    assert [REACTIONS[plate.hue] for plate in found] == [2.0, 4.0, 5.0]
    assert [plate.pct for plate in found] == pytest.approx([health] * 3, abs=2.0)


def bar(left: int, width: int, filled: int, rest: tuple[int, int, int]) -> Image:
    """A calm scene with one bordered bar of a plate's height: blue, then `rest`."""
    image = np.full((720, 1280, 3), (90, 80, 70), np.uint8)
    cv2.rectangle(image, (left - 2, 298), (left + width + 1, 298 + PLATE["bar_h"] + 3), (20, 20, 20), -1)
    image[300 : 300 + PLATE["bar_h"], left : left + width] = rest
    image[300 : 300 + PLATE["bar_h"], left : left + filled] = (200, 40, 10)
    return image


def written(image: Image) -> Image:
    """Letters over the empty part, as where a coloured sign begins a line of text."""
    for x in range(500 + PLATE["bar_w"] // 2 + 4, 500 + PLATE["bar_w"] - 2, 4):
        image[300 : 300 + PLATE["bar_h"], x : x + 2] = (90, 90, 90)
    return image


def lower(image: Image) -> Image:
    """The same bar, moved to the place of the player's own frame."""
    frame = RENDERER.layout.regions["player.frame"].rect
    moved = np.full_like(image, (90, 80, 70))
    part = image[290:330, 480:720]
    moved[frame.top + 10 : frame.top + 50, frame.left : frame.left + part.shape[1]] = part
    return moved


PLATE = RENDERER.layout.regions["nameplates"].options
DARK = (30, 30, 30)


@pytest.mark.parametrize(
    ("image", "count"),
    [
        (bar(500, PLATE["bar_w"], PLATE["bar_w"] // 2, DARK), 1.0),
        (bar(400, 4 * PLATE["bar_w"], PLATE["bar_w"] // 2, DARK), 0.0),
        (bar(500, PLATE["bar_w"], PLATE["bar_w"] // 2, (225, 235, 240)), 0.0),
        (bar(500, PLATE["bar_w"], PLATE["bar_w"] // 2, (150, 45, 30)), 0.0),
        (written(bar(500, PLATE["bar_w"], PLATE["bar_w"] // 2, DARK)), 0.0),
        (lower(bar(500, PLATE["bar_w"], PLATE["bar_w"] // 2, DARK)), 0.0),
    ],
    ids=[
        "a plate",
        "a longer bar",
        "its rest is brighter",
        "its rest has its colour",
        "its rest is a text",
        "the HUD's",
    ],
)
def test_a_plate_ends_with_its_border_and_its_empty_part_is_dark(image: Image, count: float) -> None:
    assert read(NameplatesReader, "nameplates", image)["nameplate.count"].value == count


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)], ids=str)
@pytest.mark.parametrize("era", ["vanilla", "wotlk", "classic_era", "retail"])
def test_only_a_box_with_its_header_has_the_keyboard(era: Era, size: tuple[int, int]) -> None:
    renderer = HudRenderer(era, size)
    world = WorldView(0.0, ME, CameraView(0.0, 0.0, 0.0), chat=(ChatLine("You receive loot: Linen Cloth."),))
    shut, opened = renderer.draw(world), renderer.draw(replace(world, chat_edit=""))
    box = renderer.layout.regions["chat.edit"].rect
    idle = shut.copy()
    inside = idle[box.top : box.bottom, box.left : box.right]
    inside[:] = inside // 2  # dimmed, as an idle box is
    told = []
    for image in (shut, idle, opened):
        out: dict[str, Reading] = {}
        ChatReader("chat.edit", renderer.layout.regions["chat.edit"], Context(renderer.layout)).read(
            np.asarray(image, np.uint8), out, Hints()
        )
        told.append(out["chat.open"].value)
    assert told == [0.0, 0.0, 1.0]
