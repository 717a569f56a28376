"""Aura rows of the training ground: count, icons, stacks, borders and sweeps, and nothing where nothing is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from wowbot.core.errors import LayoutError
from wowbot.core.frame import Frame
from wowbot.core.layout import Era, Layout
from wowbot.core.reading import Reading
from wowbot.perception.icons import IconLibrary
from wowbot.perception.learn import learn_aura
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.icons import icon
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import AuraView, CameraView, UnitView, WorldView

ERAS = [era for era in get_args(Era) if era != "other"]
BUFFS = tuple(AuraView(f"buff_{n}", stacks=n, remains_s=900.0, duration_s=1800.0) for n in (1, 3, 1, 5))
DEBUFFS = tuple(
    AuraView(f"dot_{n}", remains_s=12.0, duration_s=12.0, harmful=True, school=school, own=n % 2 == 0)
    for n, school in enumerate(("magic", "curse", "poison", "none"))
)
LIBRARY = IconLibrary({aura.token: icon(aura.token, 64) for aura in (*BUFFS, *DEBUFFS)})


def view(t_s: float, buffs: tuple[AuraView, ...] = (), dots: tuple[AuraView, ...] = ()) -> WorldView:
    player = UnitView("Me", "mage", 80, 900, 1000, "mana", 500, 1000, buffs=buffs)
    target = UnitView("Wolf", "wolf", 80, 900, 1000, reaction=2, debuffs=dots)
    return WorldView(t_s, player, CameraView(t_s * 6, 3.0, 0.2 + 0.3 * t_s), target)


def only_auras(layout: Layout) -> Layout:
    return replace(layout, regions={n: r for n, r in layout.regions.items() if r.reader == "auras"})


class Rows:
    def __init__(self, era: Era = "wotlk", size: tuple[int, int] = (1920, 1080)) -> None:
        self.renderer = HudRenderer(era, size, seed=5)
        self.perception = HudPerception(only_auras(self.renderer.layout), icons=LIBRARY)

    def see(self, index: int, world: WorldView) -> dict[str, Reading]:
        frame = Frame(index, index * 50_000_000, self.renderer.draw(world), "test")
        return dict(self.perception.observe(frame, ()).readings)


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (2560, 1440)], ids=str)
def test_nothing_is_seen_where_no_aura_is_however_the_world_moves(era: Era, size: tuple[int, int]) -> None:
    rows = Rows(era, size)
    for index in range(12):
        seen = rows.see(index, view(index * 1.7))
        assert [seen[f"aura.{row}.count"].value for row in ("player", "player_debuff", "target")] == [0, 0, 0]


@pytest.mark.parametrize("era", ERAS)
def test_own_buffs_are_counted_and_named_with_their_stacks(era: Era) -> None:
    rows = Rows(era)
    for index in range(4):
        seen = rows.see(index, view(index * 2.0, BUFFS))
    assert seen["aura.player.count"].value == len(BUFFS)
    assert [seen[f"aura.player.{n}.icon"].value for n in range(1, 5)] == [aura.token for aura in BUFFS]
    assert [seen[f"aura.player.{n}.stacks"].value for n in range(1, 5)] == [1, 3, 1, 5]
    assert seen["aura.player.1.harmful"].value == 0


@pytest.mark.parametrize("era", ["wotlk", "classic_era", "retail"])
def test_target_debuffs_of_both_sizes_are_found_with_their_schools_and_sweeps(era: Era) -> None:
    rows = Rows(era)
    for index, share in enumerate((1.0, 0.8, 0.5, 0.3)):
        dots = tuple(replace(aura, remains_s=share * aura.duration_s) for aura in DEBUFFS)
        seen = rows.see(index, view(index * 0.5, dots=dots))
        assert seen["aura.target.count"].value == len(DEBUFFS)
        assert [seen[f"aura.target.{n}.icon"].value for n in range(1, 5)] == [aura.token for aura in DEBUFFS]
        assert [seen[f"aura.target.{n}.school"].value for n in range(1, 5)] == ["magic", "curse", "poison", "none"]
        if index:
            for n in range(1, 5):
                assert float(seen[f"aura.target.{n}.sweep_pct"].value or 0) == pytest.approx(100 * share, abs=3.0)


def test_icons_keep_their_names_when_one_before_them_ends() -> None:
    rows = Rows()
    rows.see(0, view(0.0, BUFFS))
    seen = rows.see(1, view(0.1, BUFFS[1:]))
    assert [seen[f"aura.player.{n}.icon"].value for n in range(1, 4)] == [aura.token for aura in BUFFS[1:]]
    assert "aura.player.4.icon" not in seen


def test_an_aura_is_learned_by_name_while_it_is_the_only_unknown_one(tmp_path: Path) -> None:
    renderer = HudRenderer("wotlk", (1920, 1080), seed=5)
    image = renderer.draw(view(0.0, BUFFS[:1]))
    learned = learn_aura(image, renderer.layout, "arcane_intellect", tmp_path)
    assert learned.path == tmp_path / "arcane_intellect.png"
    perception = HudPerception(only_auras(renderer.layout), icons=IconLibrary.from_folder(tmp_path))
    seen = perception.observe(Frame(0, 0, renderer.draw(view(3.0, BUFFS[:1])), "test"), ()).readings
    assert seen["aura.player.1.icon"].value == "arcane_intellect"


def test_learning_refuses_when_several_auras_could_be_meant(tmp_path: Path) -> None:
    renderer = HudRenderer("wotlk", (1920, 1080), seed=5)
    image = renderer.draw(view(0.0, BUFFS))
    with pytest.raises(LayoutError, match=r"4 auras could be 'x' .*player\.1"):
        learn_aura(image, renderer.layout, "x", tmp_path)
    assert learn_aura(image, renderer.layout, "x", tmp_path, "player", 2).path is not None
