"""Whether the character moves, by the minimap."""

from __future__ import annotations

import pytest

from wowbot.core.layout import Region
from wowbot.core.reading import Reading
from wowbot.perception.motion import MotionReader
from wowbot.perception.reader import Context, Hints
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import BlipView, CameraView, UnitView, WorldView

RENDERERS = {era: HudRenderer(era, size) for era, size in (("wotlk", (1280, 720)), ("retail", (1920, 1080)))}  # type: ignore[arg-type]


def watch(era: str, steps: list[CameraView], blips: tuple[BlipView, ...] = ()) -> list[float | str | None]:
    """`moved` at each step of 0.5 s."""
    renderer = RENDERERS[era]
    region: Region = renderer.layout.regions["minimap"]
    reader = MotionReader("minimap", region, Context(renderer.layout))  # type: ignore[call-arg]
    found = []
    for index, camera in enumerate(steps):
        me = UnitView("a", "human", 80, 1.0, 1.0)
        image = renderer.draw(WorldView(index * 0.5, me, camera, blips=blips if index % 2 else ()))
        out: dict[str, Reading] = {}
        reader.read(image, out, Hints(index=index, t_ns=index * 500_000_000))
        found.append(out["moved"].value)
    return found


@pytest.mark.parametrize("era", RENDERERS)
def test_a_walk_is_seen_within_a_second(era: str) -> None:
    steps = [CameraView(3.5 * n, 1.0 * n, 0.0) for n in range(6)]
    assert watch(era, steps)[2:] == [1.0] * 4


@pytest.mark.parametrize("era", RENDERERS)
def test_standing_and_turning_is_still_after_a_second_and_a_half(era: str) -> None:
    steps = [CameraView(5.0, 5.0, 0.4 * n) for n in range(6)]
    assert watch(era, steps) == [None, None, None, 0.0, 0.0, 0.0]


def test_creatures_that_come_and_go_on_the_map_are_no_movement() -> None:
    steps = [CameraView(5.0, 5.0, 0.0)] * 6
    assert watch("wotlk", steps, (BlipView(0.3, 0.2, "npc"), BlipView(-0.2, -0.3, "party")))[3:] == [0.0] * 3


def test_walking_against_a_wall_is_still_and_getting_free_is_moving_again() -> None:
    walk = [CameraView(4.0 * n, 0.0, 0.0) for n in range(4)]
    wall = [walk[-1]] * 5
    free = [CameraView(12.0 - 4.0 * n, 0.0, 0.0) for n in range(1, 4)]
    found = watch("wotlk", [*walk, *wall, *free])
    assert found[3] == 1.0
    assert found[8] == 0.0
    assert found[-1] == 1.0
