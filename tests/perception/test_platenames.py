"""Names of nameplates: read off the loop, kept while the plate lasts, wherever it moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wowbot.core.event import DelayedRunner, Mailbox
from wowbot.core.frame import Frame
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.platenames import SEATS, SPOTS, PlateNames
from wowbot.perception.reader import NOWHERE, Text
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import BodyView, CameraView, UnitView, WorldView

ME = UnitView("Me", "mage", 30, 900, 1000, "mana", 500, 1000)


def body(x: float, name: str, reaction: int = 2) -> BodyView:
    return BodyView(x, 0.6, 0.35, 0.15, 20.0, name, "wolf", 31, 70.0, reaction=reaction)


@pytest.mark.parametrize("era", ["vanilla", "wotlk", "classic_era", "retail"])
def test_each_plate_gets_its_own_name_in_the_loop_and_keeps_it_as_it_moves(era: str) -> None:
    renderer = HudRenderer(era, (1920, 1080), seed=4)  # type: ignore[arg-type]
    regions = {n: r if n == "nameplates" else replace(r, reader="place") for n, r in renderer.layout.regions.items()}
    mailbox = Mailbox()  # the rest of the HUD is there, and only masked
    runner = DelayedRunner(mailbox, 0.05)
    perception = HudPerception(replace(renderer.layout, regions=regions), runner=runner)
    seen: dict[str, Reading] = {}
    for index in range(36):
        shift = 0.001 * index
        bodies = body(-0.35 + shift, "Gnarlpaw"), body(0.3 - shift, "Vashtok", 4)
        image = renderer.draw(WorldView(1.0, ME, CameraView(0.2 * index, 3.0, 0.4), bodies=bodies))
        t_ns = index * 33_000_000
        runner.advance(t_ns)
        seen = dict(perception.observe(Frame(index, t_ns, image, "t"), mailbox.take(index)).readings)
        if index == 0:
            assert [seen[f"nameplate.{n}.name"].value for n in (1, 2)] == [None, None]
    assert [seen[f"nameplate.{n}.name"].value for n in (1, 2)] == ["Gnarlpaw", "Vashtok"]


def test_a_known_name_is_not_read_again_and_a_new_plate_does_not_inherit_it() -> None:
    places: dict[str, Rect] = {}
    names, here, there = PlateNames(), Rect(100, 100, 140, 12), Rect(900, 300, 140, 12)
    assert names.read([here], {}, places)[0].value is None
    assert places[SPOTS[0].key].width > here.width
    told = {SPOTS[0].key: Text("Wolf", 0.95, True)}
    assert names.read([here._replace(left=110)], told, places)[0].value == "Wolf"
    assert places[SPOTS[0].key] == NOWHERE
    places.clear()
    assert names.read([here._replace(left=120)], {}, places)[0].value == "Wolf"
    assert places == {}
    assert names.read([there], {}, places)[0].value is None


def test_an_unsure_name_is_read_a_few_times_and_its_best_answer_stays() -> None:
    places: dict[str, Rect] = {}
    names, plate = PlateNames(), Rect(100, 100, 140, 12)
    names.read([plate], {}, places)
    for answer in (Text("Wo1f", 0.4, True), Text("Wolf", 0.7, True), Text("Wclf", 0.3, False)):
        names.read([plate], {SPOTS[0].key: answer}, places)
        places.clear()
        last = names.read([plate], {}, places)[0]
    assert (last.value, last.confidence) == ("Wolf", 0.7)
    assert places == {}


def test_more_plates_than_seats_leave_some_unread() -> None:
    plates = [Rect(60 * n, 40 * n, 50, 8) for n in range(SEATS + 3)]
    assert len(PlateNames().read(plates, {}, {})) == SEATS + 3
