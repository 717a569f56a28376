"""Action bars of the training ground, frame by frame: everything a button shows is read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest

from wowbot.core.bindings import Bindings, Spell
from wowbot.core.errors import LayoutError
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Era, Layout, Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.icons import IconLibrary
from wowbot.perception.learn import learn_icons
from wowbot.perception.patches import CELLS, Order
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.slotlook import is_empty, text_zones
from wowbot.sim.icons import icon
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, SlotView, UnitView, WorldView

ERAS = [era for era in get_args(Era) if era != "other"]
NAMES = [f"spell_{n}" for n in range(12)]
LIBRARY = IconLibrary({name: icon(name, 64) for name in NAMES})
READY = tuple(SlotView(name, hotkey=str(n % 10)) for n, name in enumerate(NAMES, 1))


def view(slots: tuple[SlotView, ...], t_s: float = 0.0) -> WorldView:
    player = UnitView("Me", "mage", 80, 900, 1000, "mana", 500, 1000)
    return WorldView(t_s, player, CameraView(t_s * 4, 3.0, 0.2), slots={"main": slots})


def only_main(layout: Layout) -> Layout:
    return replace(layout, regions={"actionbar.main": layout.regions["actionbar.main"]})


class Bar:
    """Draws and reads the main bar."""

    def __init__(self, era: Era = "wotlk", size: tuple[int, int] = (1280, 720), gamma: float = 1.0, *,
                 library: IconLibrary | None = LIBRARY) -> None:  # fmt: skip
        self.renderer = HudRenderer(era, size, gamma=gamma, seed=3)
        self.perception = HudPerception(only_main(self.renderer.layout), icons=library)
        self.index = 0

    def see(self, slots: tuple[SlotView, ...]) -> dict[str, Reading]:
        image = self.renderer.draw(view(slots, self.index / 20))
        found = self.perception.observe(Frame(self.index, self.index * 50_000_000, image, "test"), ())
        self.index += 1
        return dict(found.readings)

    def settle(self, slots: tuple[SlotView, ...], frames: int = 6) -> dict[str, Reading]:
        """Texts are read a few a frame."""
        return [self.see(slots) for _ in range(frames)][-1]


def changed(number: int, **facts: object) -> tuple[SlotView, ...]:
    return tuple(replace(slot, **facts) if n == number else slot for n, slot in enumerate(READY, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)], ids=str)
@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.25])
def test_sweeps_are_within_one_percent_once_the_button_was_seen_ready(
    era: Era, size: tuple[int, int], gamma: float
) -> None:
    bar = Bar(era, size, gamma)
    bar.settle(READY, 2)
    for pct in (99.0, 88.0, 70.5, 50.0, 33.0, 12.0, 2.0):
        seen = bar.see(tuple(replace(slot, cooldown_pct=pct) for slot in READY))
        errors = [abs(float(seen[f"slot.main.{n}.sweep_pct"].value or 0) - pct) for n in range(1, 13)]
        assert max(errors) <= 1.0
    ready = bar.see(READY)
    assert all(ready[f"slot.main.{n}.sweep_pct"].value == 0 for n in range(1, 13))


@pytest.mark.parametrize("library", [LIBRARY, None], ids=["learned", "nothing learned"])
def test_flags_follow_what_is_drawn(library: IconLibrary | None) -> None:
    bar = Bar(library=library)
    bar.settle(READY)
    for number, leaf, facts, value in [
        (2, "usable", {"usable": False}, 0.0),
        (3, "no_power", {"no_power": True}, 1.0),
        (4, "in_range", {"in_range": False}, 0.0),
        (5, "active", {"active": True}, 1.0),
        (6, "glow", {"glow": True}, 1.0),
    ]:
        seen = bar.settle(changed(number, **facts))
        for n in range(1, 13):
            plain = {"usable": 1.0, "in_range": 1.0}.get(leaf, 0.0)
            assert seen[f"slot.main.{n}.{leaf}"].value == (value if n == number else plain), f"slot {n} {leaf}"


def test_a_slow_sweep_is_looked_at_on_every_other_frame_and_none_of_it_is_lost() -> None:
    bar, term = Bar(), "slot.main.4.sweep_pct"
    bar.settle(READY, 4)
    drawn = [50.0 - 0.06 * n for n in range(10)]
    seen = [float(bar.see(changed(4, cooldown_pct=pct))[term].value or 0) for pct in drawn]
    assert max(abs(a - b) for a, b in zip(seen, drawn, strict=True)) < 0.5
    moved = [a != b for a, b in zip(seen[1:], seen[:-1], strict=True)]
    assert moved == [n % 2 == 0 for n in range(9)]  # frames 5, 7, 9 ... are looked at
    waits, (reader,) = bar.see(changed(4, cooldown_pct=49.3))[term], (s.reader for s in bar.perception._seats)
    assert waits.value == seen[-1]
    assert reader.watches == ()  # asked again, whether anything more has changed or not
    later = bar.see(changed(4, cooldown_pct=49.3))[term].value
    assert isinstance(later, float)
    assert 48.8 < later < seen[-1]
    assert reader.watches != ()


def test_icons_are_named_and_empty_slots_are_empty() -> None:
    bar = Bar()
    seen = bar.settle((*READY[:5], SlotView(""), *READY[6:]))
    assert [seen[f"slot.main.{n}.icon"].value for n in range(1, 13)] == [*NAMES[:5], "", *NAMES[6:]]
    assert [seen[f"slot.main.{n}.empty"].value for n in range(1, 13)] == [float(n == 6) for n in range(1, 13)]


def test_another_spell_put_on_a_slot_is_noticed() -> None:
    bar = Bar()
    bar.settle(READY)
    assert bar.settle(changed(3, token="spell_9"))["slot.main.3.icon"].value == "spell_9"


@pytest.mark.parametrize("count", [0, 1, 4, 7, 12, 20, 58])
def test_counts_are_read(count: int) -> None:
    seen = Bar(size=(1920, 1080)).settle(changed(8, count=count))
    assert seen["slot.main.8.charges"].value == count
    assert [n for n in range(1, 13) if f"slot.main.{n}.charges" in seen] == [8]


def test_uniform_darkness_of_a_sweep_just_begun_is_not_unusable() -> None:
    bar = Bar(era="classic_era")
    bar.settle(READY)
    seen = bar.see(changed(2, cooldown_pct=100.0))
    assert seen["slot.main.2.usable"].value == 1.0
    assert float(seen["slot.main.2.sweep_pct"].value or 0) > 99


def test_replaying_the_same_frames_gives_the_same_readings() -> None:
    frames = [tuple(replace(slot, cooldown_pct=pct) for slot in READY) for pct in (0, 90, 60, 30, 0)]
    first, second = Bar(), Bar()
    assert [first.see(slots) for slots in frames] == [second.see(slots) for slots in frames]


def test_a_layout_without_boxes_is_refused() -> None:
    layout = Layout("x", "x", "other", (100, 100), 1.0, {"bar": Region(Rect(0, 0, 50, 50), "slots")})
    perception = HudPerception(layout)
    assert perception.provides == ()
    from wowbot.perception.reader import Context
    from wowbot.perception.slots import SlotsReader

    with pytest.raises(LayoutError, match="boxes"):
        SlotsReader("bar", layout.regions["bar"], Context(layout))


def test_linear_shade_of_another_game_is_read_by_options_alone() -> None:
    art = np.asarray(icon("quake", 32), np.uint8)
    layout = Layout(
        "flare", "flare", "other", (100, 60), 1.0,
        {"bar": Region(Rect(10, 10, 32, 32), "slots", {"bar": "main", "style": "linear", "boxes": [[10, 10, 32, 32]]})},
    )  # fmt: skip
    perception = HudPerception(layout)

    def see(index: int, pct: float) -> float:
        image: Image = np.full((60, 100, 3), 40, np.uint8)
        tile = art.copy()
        tile[: round(32 * pct / 100)] = (tile[: round(32 * pct / 100)] * 0.4).astype(np.uint8)
        image[10:42, 10:42] = tile
        value = perception.observe(Frame(index, index, image, "test"), ()).readings["slot.main.1.sweep_pct"].value
        assert isinstance(value, float)
        return value

    assert see(0, 0) == 0
    assert see(1, 75) == pytest.approx(75, abs=2.5)
    assert see(2, 25) == pytest.approx(25, abs=2.5)
    assert see(3, 0) == 0


def test_ready_spells_are_learned_and_others_are_told_why(tmp_path: Path) -> None:
    renderer = HudRenderer("wotlk", (1920, 1080), seed=3)
    image = renderer.draw(view(changed(2, usable=False)))
    spells = {f"my_{n}": Spell(f"my_{n}", slot=f"main.{n}") for n in (1, 2, 3)}
    done = {entry.name: entry for entry in learn_icons(image, renderer.layout, tmp_path, Bindings(spells))}
    assert done["my_1"].path == tmp_path / "my_1.png"
    assert done["my_2"].path is None
    assert "usable" in done["my_2"].why
    perception = HudPerception(only_main(renderer.layout), icons=IconLibrary.from_folder(tmp_path))
    seen = perception.observe(Frame(0, 0, renderer.draw(view(READY, 5.0)), "test"), ()).readings
    assert [seen[f"slot.main.{n}.icon"].value for n in (1, 2, 3, 4)] == ["my_1", "", "my_3", ""]


def test_nothing_is_learned_under_a_global_cooldown_whatever_of_it_is_seen(tmp_path: Path) -> None:
    renderer = HudRenderer("wotlk", (1920, 1080), seed=3)
    image = renderer.draw(view(tuple(replace(slot, cooldown_pct=66.0) for slot in READY)))
    spells = {f"my_{n}": Spell(f"my_{n}", slot=f"main.{n}") for n in range(1, 13)}
    done = learn_icons(image, renderer.layout, tmp_path, Bindings(spells))
    assert len(done) == 12
    assert all(entry.path is None and "sweeps" in entry.why for entry in done)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("key", ["c-4", "s-3", "F5"])
@pytest.mark.parametrize("tint", [{"usable": False}, {"no_power": True}], ids=["not usable", "no power"])
def test_a_tint_under_a_long_key_text_is_no_sweep(era: Era, key: str, tint: dict[str, bool]) -> None:
    bar = Bar(era, (1280, 960))
    ready = tuple(replace(slot, hotkey=key, in_range=True) for slot in READY)
    bar.settle(ready)
    seen = bar.settle(tuple(replace(slot, **tint) for slot in ready), 2)  # type: ignore[arg-type]
    assert [seen[f"slot.main.{n}.sweep_pct"].value for n in range(1, 13)] == [0.0] * 12
    leaf, value = ("usable", 0.0) if "usable" in tint else ("no_power", 1.0)
    assert [seen[f"slot.main.{n}.{leaf}"].value for n in range(1, 13)] == [value] * 12


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)], ids=str)
@pytest.mark.parametrize("key", ["-", "=", "Q", "s-3", ""])
def test_every_key_that_turns_red_is_out_of_range_and_in_range_when_it_is_grey_again(
    era: Era, size: tuple[int, int], key: str
) -> None:
    bar = Bar(era, size)
    ready = tuple(replace(slot, hotkey=key, in_range=True) for slot in READY)
    for in_range in (True, False, True):
        seen = bar.settle(tuple(replace(slot, in_range=in_range) for slot in ready))
        found = [seen[f"slot.main.{n}.in_range"].value for n in range(1, 13)]
        assert found == [float(in_range)] * 12, in_range


def test_a_key_whose_colour_is_not_read_yet_is_unknown() -> None:
    bar = Bar()
    bar.settle(READY)
    seen = bar.see(tuple(replace(slot, in_range=False) for slot in READY))
    assert {seen[f"slot.main.{n}.in_range"].value for n in range(1, 13)} == {0.0, None}


def test_nothing_is_said_of_a_button_that_lies_half_outside_the_window() -> None:
    renderer = HudRenderer("vanilla", (1024, 768), 1.0543, seed=3)
    image = renderer.draw(view(READY))
    seen = HudPerception(only_main(renderer.layout), icons=LIBRARY).observe(Frame(0, 0, image, "test"), ()).readings
    first = {term: reading for term, reading in seen.items() if term.startswith("slot.main.1.")}
    assert {(r.value, r.why) for r in first.values()} == {(None, "the button lies partly outside the window")}
    assert [seen[f"slot.main.{n}.icon"].value for n in range(2, 13)] == NAMES[1:]


def test_sweeps_are_within_one_percent_wherever_their_edge_stands() -> None:
    bar = Bar("wotlk", (1920, 1080))
    bar.settle(READY)
    errors = []
    for pct in range(4, 98):
        seen = bar.see(tuple(replace(slot, cooldown_pct=float(pct)) for slot in READY))
        errors += [abs(float(seen[f"slot.main.{n}.sweep_pct"].value or 0) - pct) for n in range(1, 13)]
    assert max(errors) <= 1.0


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)], ids=str)
def test_the_first_look_at_a_known_icon_places_an_edge_that_stands_among_its_texts(
    era: Era, size: tuple[int, int]
) -> None:
    """Retail may print times in the middle: with the key's and the count's place, edges below saw no cell of the icon."""
    left = [15.0 + 5.0 * n for n in range(12)]
    slots = tuple(replace(slot, cooldown_pct=pct) for slot, pct in zip(READY, left, strict=True))
    out = Bar(era, size).see(slots)
    read = [out[f"slot.main.{n}.sweep_pct"].value for n in range(1, 13)]
    assert read == pytest.approx(left, abs=2.0)


def test_darkness_that_gamma_makes_a_tint_or_a_sweeps_start_is_left_open_until_a_sweep_tells() -> None:
    """In 1.12 a tint of 0.4 at gamma 0.9 is as dark as a sweep's shade of 0.3 at gamma 1.2."""
    bare = tuple(replace(slot, hotkey="") for slot in READY)

    def dimmed(slots: tuple[SlotView, ...]) -> tuple[SlotView, ...]:
        return tuple(replace(slot, usable=False) if n == 1 else slot for n, slot in enumerate(slots))

    bar = Bar("vanilla", gamma=0.9)
    bar.settle(bare)
    seen = bar.see(dimmed(bare))
    for leaf in ("usable", "sweep_pct"):
        assert seen[f"slot.main.2.{leaf}"].value is None
        assert "no sweep was seen" in seen[f"slot.main.2.{leaf}"].why
    for pct in (70.0, 65.0, 60.0, 55.0):
        swept = tuple(replace(slot, cooldown_pct=pct) if n > 6 else slot for n, slot in enumerate(bare))
        seen = bar.see(dimmed(swept))
    assert (seen["slot.main.2.usable"].value, seen["slot.main.2.sweep_pct"].value) == (0.0, 0.0)


@pytest.mark.parametrize("era", [era for era in ERAS if era != "retail"])
@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.25])
def test_too_little_power_is_told_at_first_sight_by_the_borders_blue(era: Era, gamma: float) -> None:
    short = (2, 5, 9)
    slots = tuple(replace(slot, no_power=n in short) for n, slot in enumerate(READY, 1))
    seen = Bar(era, (1280, 960), gamma, library=None).see(slots)
    assert [n for n in range(1, 13) if seen[f"slot.main.{n}.no_power"].value] == list(short)


def test_a_plain_dull_icon_on_the_main_bar_of_a_classic_client_is_no_empty_button() -> None:
    """An empty one shows the bar's art there, never the world."""
    cells = np.full((2, 3, CELLS), 90.0, np.float32) + np.random.default_rng(1).normal(0, 12, (2, 1, CELLS)).astype(
        np.float32
    )
    cells[:, 0] += 20.0
    walled = np.asarray([True, False])
    assert is_empty(cells, text_zones(Order("radial"))[0], walled).tolist() == [False, True]


@pytest.mark.parametrize("era", ["vanilla", "wotlk", "classic_era", "retail"])
def test_art_that_reaches_over_an_empty_slot_is_no_button(era: Era) -> None:
    """As the gryphon's head does at a bar's end: lit and textured, but without a button's edges."""
    bar = Bar(era, (1920, 1080), library=None)
    box = bar.renderer.layout.regions["actionbar.main"].options["boxes"][4]
    x, y, width, height = (round(float(v)) for v in box)
    slots = tuple(replace(slot, token="") if n == 5 else slot for n, slot in enumerate(READY, 1))
    image = bar.renderer.draw(view(slots)).copy()
    grain = np.random.default_rng(7).normal(size=(3 * height, 3 * width)).astype(np.float32)
    smooth = cv2.GaussianBlur(grain, (0, 0), width / 24)
    art = 90 + 60 * smooth / smooth.std()
    mask = cv2.circle(np.zeros(art.shape, np.uint8), (3 * width // 2, 3 * height // 2), width, 1, -1).astype(bool)
    around = image[y - height : y + 2 * height, x - width : x + 2 * width]
    shown = mask[: len(around)]
    around[shown] = np.clip(art, 20, 200)[: len(around)][shown][:, None]
    found = bar.perception.observe(Frame(0, 0, image, "test"), ()).readings
    assert found["slot.main.5.empty"].value is None
    assert "edges" in found["slot.main.5.empty"].why
    assert found["slot.main.4.empty"].value == 0.0
    assert found["slot.main.7.empty"].value == 0.0
