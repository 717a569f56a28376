"""Aura rows of the training ground: count, icons, stacks, borders and sweeps, and nothing where nothing is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
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
from wowbot.sim.view import AuraView, CameraView, CastView, School, UnitView, WorldView

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


def only(layout: Layout, *readers: str) -> Layout:
    return replace(layout, regions={n: r for n, r in layout.regions.items() if r.reader in readers})


class Rows:
    def __init__(
        self, era: Era = "wotlk", size: tuple[int, int] = (1920, 1080), scale: float | None = None,
        readers: tuple[str, ...] = ("auras",),
    ) -> None:  # fmt: skip
        self.renderer = HudRenderer(era, size, scale, seed=5)
        self.perception = HudPerception(only(self.renderer.layout, *readers), icons=LIBRARY)

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


@pytest.mark.parametrize(
    ("era", "size", "scale"),
    [
        ("vanilla", (1024, 768), None),
        ("tbc", (1366, 768), None),
        ("tbc", (1152, 864), 1.0125),
        ("wotlk", (1280, 720), 0.9),
        ("wotlk", (2560, 1080), None),
        ("classic_era", (3840, 1600), 1.61),
        ("retail", (1600, 900), None),
        ("retail", (1600, 900), 0.85),
    ],
    ids=str,
)
def test_target_rows_are_followed_to_their_end_and_debuffs_told_by_thin_borders(
    era: Era, size: tuple[int, int], scale: float | None
) -> None:
    rows = Rows(era, size, scale)
    dots = tuple(replace(aura, own=True) for aura in DEBUFFS)
    shown = view(0.5, dots=dots)
    assert shown.target is not None
    shown = replace(shown, target=replace(shown.target, buffs=BUFFS[:3]))
    seen = rows.see(0, shown)
    auras = (*dots, *BUFFS[:3])
    found = range(1, len(auras) + 1)
    assert seen["aura.target.count"].value == len(auras)
    assert [seen[f"aura.target.{n}.harmful"].value for n in found] == [float(a.harmful) for a in auras]
    assert [seen[f"aura.target.{n}.school"].value for n in found] == ["magic", "curse", "poison", "none", *["none"] * 3]
    assert [seen[f"aura.target.{n}.icon"].value for n in found] == [a.token for a in auras]


@pytest.mark.parametrize("era", ["tbc", "wotlk", "classic_era", "retail"])
def test_the_icon_beside_a_cast_bar_is_no_aura(era: Era) -> None:
    rows = Rows(era, (1366, 768), readers=("auras", "cast"))
    for pct in (20.0, 45.0):
        shown = view(0.5)
        assert shown.target is not None
        cast = CastView("frostbolt", "Frostbolt", pct, "casting")
        seen = rows.see(int(pct), replace(shown, target=replace(shown.target, buffs=BUFFS[:1], cast=cast)))
        assert seen["aura.target.count"].value == 1
        assert seen["target.cast.pct"].value == pytest.approx(pct, abs=1.0)


@pytest.mark.parametrize("remaining", [0.59, 0.63, 0.67, 0.71])
def test_a_count_that_the_sweep_divides_is_read_and_does_not_hide_the_edge(remaining: float) -> None:
    rows = Rows("wotlk", (1920, 1080))
    aura = replace(DEBUFFS[0], stacks=5, remains_s=remaining * 100.0, duration_s=100.0)
    seen = rows.see(0, view(0.5, dots=(aura,)))
    assert seen["aura.target.1.stacks"].value == 5
    assert float(seen["aura.target.1.sweep_pct"].value or 0) == pytest.approx(100 * remaining, abs=2.5)


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
    perception = HudPerception(only(renderer.layout, "auras"), icons=IconLibrary.from_folder(tmp_path))
    seen = perception.observe(Frame(0, 0, renderer.draw(view(3.0, BUFFS[:1])), "test"), ()).readings
    assert seen["aura.player.1.icon"].value == "arcane_intellect"


def test_learning_refuses_when_several_auras_could_be_meant(tmp_path: Path) -> None:
    renderer = HudRenderer("wotlk", (1920, 1080), seed=5)
    image = renderer.draw(view(0.0, BUFFS))
    with pytest.raises(LayoutError, match=r"4 auras could be 'x': .*player\.1"):
        learn_aura(image, renderer.layout, "x", tmp_path)
    assert learn_aura(image, renderer.layout, "x", tmp_path, "player", 2).path is not None


@pytest.mark.parametrize("era", ["tbc", "wotlk", "classic_era", "retail"])
def test_the_times_of_a_still_picture_are_read_at_once(era: Era) -> None:
    rows, times = Rows(era), (9.0, 24.0, 47.0, 540.0, 7200.0)
    buffs = tuple(replace(BUFFS[0], remains_s=left, duration_s=9000.0) for left in times)
    frame = Frame(0, 0, rows.renderer.draw(view(2.0, buffs)), "test")
    seen = rows.perception.observe_still(frame).readings
    read = [seen.get(f"aura.player.{n}.remains") for n in range(1, 6)]
    told = [(reading.value, left) for reading, left in zip(read, times, strict=True) if reading is not None]
    assert [pair for pair in told if pair[0] != pair[1]] == []
    assert len(told) >= 4


@pytest.mark.parametrize("school", ["none", "magic", "curse", "disease", "poison"])
def test_a_fading_debuffs_type_is_told_by_which_way_its_border_moves_the_world(school: School) -> None:
    """An own aura blinks for its last half minute; its border then takes on the colour of what is behind it."""
    rows, unknown = Rows(), 0
    for index in range(40):
        left = 34.0 - 0.25 * index
        debuff = replace(DEBUFFS[0], harmful=True, school=school, remains_s=left, duration_s=60.0)
        player = replace(view(0.0).player, debuffs=(debuff,))
        seen = rows.see(index, replace(view(0.25 * index), player=player))
        assert seen["aura.player_debuff.1.school"].value in (school, None)
        assert seen["aura.player_debuff.1.harmful"].value == 1.0
        fresh = Rows().see(0, replace(view(0.25 * index), player=player))
        assert fresh["aura.player_debuff.1.school"].value in (school, None)
        unknown += fresh["aura.player_debuff.1.school"].value is None
    assert unknown <= 4


@pytest.mark.parametrize(("target", "count"), [(True, 1.0), (False, 0.0)])
def test_nobody_has_no_auras_though_a_square_stands_where_the_first_would(target: bool, count: float) -> None:
    renderer = HudRenderer("wotlk", (1920, 1080), seed=5)
    world = view(1.0)
    image = renderer.draw(world if target else replace(world, target=None)).copy()
    x, y = (round(v) for v in renderer.layout.regions["target.auras"].options["first_px"])
    image[y : y + 27, x : x + 27] = 10
    image[y + 2 : y + 25, x + 2 : x + 25] = icon("a window", 23)
    seen = (
        HudPerception(only(renderer.layout, "unitframe", "bar", "auras"))
        .observe(Frame(0, 0, image, "test"), ())
        .readings
    )
    assert seen["aura.target.count"].value == count


@pytest.mark.parametrize(("alpha", "confidence"), [(0.0, 1.0), (0.5, 0.5)], ids=["nothing", "half an icon"])
def test_a_still_pictures_count_is_doubted_where_an_icon_may_follow(alpha: float, confidence: float) -> None:
    renderer = HudRenderer("wotlk", (1920, 1080), seed=5)
    image = renderer.draw(view(1.0, BUFFS[:1])).copy()
    x, y, w, h = renderer.layout.regions["player.auras"].options["boxes"][1]
    icon_there = np.full((h, w, 3), 10, np.uint8)
    icon_there[2:-2, 2:-2] = icon("fading", w - 4)
    box = image[y : y + h, x : x + w]
    seen_through = (1 - alpha) * box + alpha * icon_there
    seen_through[:, : 2 * w // 5] = box[:, : 2 * w // 5]
    box[:] = seen_through
    perception = HudPerception(only(renderer.layout, "auras"), icons=LIBRARY)
    count = perception.observe_still(Frame(0, 0, image, "test"), text=False).readings["aura.player.count"]
    assert (count.value, count.confidence) == (1.0, confidence)
