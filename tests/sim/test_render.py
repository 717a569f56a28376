"""What the renderer draws is what the view says, counted here without the readers' help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from render_views import MAGE, WOLF, busy_view, view, with_slot

from wowbot.core.errors import SimError
from wowbot.core.frame import Image
from wowbot.core.layout import Era, Rect
from wowbot.hud import HudSetup
from wowbot.hud.setup import BARS
from wowbot.hud.units import STOCK_ERAS
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import AuraView, CameraView, CastView, LootItemView, PopupView, SlotView, WorldView

HD = (1280, 720)


@pytest.fixture(scope="module")
def renderers() -> dict[Era, HudRenderer]:
    return {era: HudRenderer(era, HD) for era in STOCK_ERAS}


def crop(renderer: HudRenderer, image: Image, region: str) -> Image:
    return renderer.layout.regions[region].rect.crop(image).astype(np.int16)


def filled_columns(part: Image, channel: int) -> int:
    """Columns of a bar in whose middle rows this BGR channel stands out by 40."""
    middle = part[part.shape[0] // 3 : 2 * part.shape[0] // 3 + 1].mean(axis=0)
    others = np.delete(middle, channel, axis=1).max(axis=1)
    return int((middle[:, channel] - others > 40).sum())


@pytest.mark.parametrize("era", STOCK_ERAS)
@pytest.mark.parametrize("pct", [0.0, 4.0, 31.0, 50.0, 77.5, 100.0])
def test_target_health_fills_its_share_of_the_bar(era: Era, pct: float, renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers[era]
    image = renderer.draw(view(target=replace(WOLF, health=pct * 100)))
    part = crop(renderer, image, "target.health")
    if era == "retail":
        # Retail's green leans to yellow: the empty bar is grey, so any strong colour counts.
        middle = part[part.shape[0] // 2].astype(int)
        filled = int((middle.max(axis=1) - middle.min(axis=1) > 40).sum())
    else:
        filled = filled_columns(part, 1)
    assert filled == pytest.approx(pct / 100 * part.shape[1], abs=1.0)


@pytest.mark.parametrize("era", STOCK_ERAS)
@pytest.mark.parametrize(("power", "channel"), [("mana", 0), ("rage", 2)])
def test_power_has_the_colour_of_its_type(
    era: Era, power: str, channel: int, renderers: dict[Era, HudRenderer]
) -> None:
    renderer = renderers[era]
    image = renderer.draw(view(player=replace(MAGE, power_type=power, power=6000.0)))
    part = crop(renderer, image, "player.power")
    # A few units at the left lie under the portrait's ring.
    assert filled_columns(part, channel) == pytest.approx(0.6 * part.shape[1], abs=4 * renderer.kit.k + 1)


@pytest.mark.parametrize("era", STOCK_ERAS)
def test_a_cast_bar_ends_at_its_spark(era: Era, renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers[era]
    cast = CastView("frostbolt", "", 62.0)
    part = crop(renderer, renderer.draw(view(player=replace(MAGE, cast=cast))), "player.cast")
    brightest = int(part.sum(axis=2).mean(axis=0).argmax())
    assert brightest + 0.5 == pytest.approx(0.62 * part.shape[1], abs=1.5)


@pytest.mark.parametrize(
    ("state", "era", "channel"),
    [("channel", "wotlk", 1), ("failed", "wotlk", 2), ("interrupted", "retail", 2), ("success", "vanilla", 1)],
)
def test_cast_bars_show_their_state_by_colour(
    state: str, era: Era, channel: int, renderers: dict[Era, HudRenderer]
) -> None:
    renderer = renderers[era]
    cast = CastView("frostbolt", "", 100.0, state)  # type: ignore[arg-type]
    part = crop(renderer, renderer.draw(view(player=replace(MAGE, cast=cast))), "player.cast")
    assert int(part[part.shape[0] // 2, 10:30].mean(axis=0).argmax()) == channel


@pytest.mark.parametrize("era", ["wotlk", "retail"])
def test_status_text_is_printed_on_the_bars_when_it_is_switched_on(era: Era) -> None:
    shown = view(player=replace(MAGE, health=0.0))
    plain, printed = HudRenderer(era, HD).draw(shown), HudRenderer(era, HD, setup=HudSetup(numbers=True)).draw(shown)
    rect = HudRenderer(era, HD).layout.regions["player.health"].rect
    white = [int((rect.crop(image).min(axis=2) > 200).sum()) for image in (plain, printed)]
    assert white[0] == 0
    assert white[1] > 15


def test_every_bar_and_unit_of_the_setup_is_drawn() -> None:
    setup = HudSetup(bars=frozenset(BARS), reputation=True, aura_durations=False)
    slots = {bar: (SlotView("fireball"),) * 10 for bar in BARS}
    everyone = view(slots=slots, pet=WOLF, focus_unit=WOLF, party=(MAGE,) * 4, targettarget=MAGE)
    for era in STOCK_ERAS:
        renderer = HudRenderer(era, (1920, 1080), setup=setup)
        full, bare = renderer.draw(everyone), renderer.draw(view(slots={}))
        for name, region in renderer.layout.regions.items():
            if region.reader == "slots" or name in ("party4.health", "focus_unit.health", "pet.health"):
                change = np.abs(region.rect.crop(full).astype(int) - region.rect.crop(bare)).mean()
                assert change > 15, (era, name)


def test_no_target_frame_without_a_target(renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]
    with_target, without = renderer.draw(view()), renderer.draw(view(target=None))
    rect = Rect(*renderer.layout.regions["target.frame"].options["strip"])
    red = [float((c := rect.crop(i).astype(int))[..., 2].mean() - c[..., :2].mean()) for i in (with_target, without)]
    assert red[0] > 80
    assert red[1] < 20


@pytest.mark.parametrize(
    ("reaction", "expected"), [(2, [0, 0, 1]), (4, [0, 1, 1]), (5, [0, 1, 0])], ids=["hostile", "neutral", "friendly"]
)
def test_the_strip_shows_the_reaction(reaction: int, expected: list[int], renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]
    image = renderer.draw(view(target=replace(WOLF, reaction=reaction, name="")))
    strip = Rect(*renderer.layout.regions["target.frame"].options["strip"]).crop(image)
    assert (strip.mean(axis=(0, 1)) > 60).astype(int).tolist() == expected


def slot_crop(renderer: HudRenderer, shown: WorldView, number: int = 1) -> Image:
    box = renderer.layout.regions["actionbar.main"].options["boxes"][number - 1]
    return Rect(*box).crop(renderer.draw(shown)).astype(np.int16)


@pytest.mark.parametrize("remaining", [3.0, 25.0, 40.0, 50.0, 81.0, 97.0, 100.0])
@pytest.mark.parametrize("era", STOCK_ERAS)
def test_the_dark_wedge_is_the_remaining_share(era: Era, remaining: float, renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers[era]
    plain = slot_crop(renderer, with_slot(1, SlotView("fireball"))).sum(axis=2)
    swept = slot_crop(renderer, with_slot(1, SlotView("fireball", cooldown_pct=remaining))).sum(axis=2)
    h, w = plain.shape
    ys, xs = np.mgrid[0:h, 0:w]
    inside = (np.hypot(xs - (w - 1) / 2, ys - (h - 1) / 2) < min(w, h) / 2) & (plain > 60)
    angle = np.degrees(np.arctan2(xs - (w - 1) / 2, (h - 1) / 2 - ys)) % 360
    dark = swept < 0.62 * plain
    # Every pixel well inside the elapsed angle is bright, every one well inside the rest is dark.
    edge = 360 * (1 - remaining / 100)
    sure = inside & (np.abs(angle - edge) > 8) & (angle > 8) & (angle < 352)
    assert not dark[sure & (angle < edge)].any()
    assert dark[sure & (angle > edge)].all()


def test_an_out_of_range_key_is_red_and_the_icon_is_not(renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]
    near = slot_crop(renderer, with_slot(1, SlotView("fireball", in_range=True, hotkey="8")))
    far = slot_crop(renderer, with_slot(1, SlotView("fireball", in_range=False, hotkey="8")))
    changed = np.abs(near - far).max(axis=2) > 8
    ys, xs = np.nonzero(changed)
    h, w = changed.shape
    assert changed.sum() > 10
    assert ys.max() < h / 2
    assert xs.min() > w / 3
    redness = far[changed][:, 2] - far[changed][:, :2].max(axis=1)
    assert redness.max() > 150


@pytest.mark.parametrize(
    ("slot", "low", "high"),
    [(SlotView("fireball", no_power=True), (0.9, 0.4, 0.4), (1.05, 0.65, 0.65)),
     (SlotView("fireball", usable=False), (0.3, 0.3, 0.3), (0.5, 0.5, 0.5))],
    ids=["no power is blue", "unusable is dark"],
)  # fmt: skip
def test_tints_multiply_the_icon(
    slot: SlotView, low: tuple[float, ...], high: tuple[float, ...], renderers: dict[Era, HudRenderer]
) -> None:
    renderer = renderers["wotlk"]
    plain = slot_crop(renderer, with_slot(1, SlotView("fireball")))[8:-8, 8:-8].mean(axis=(0, 1))
    tinted = slot_crop(renderer, with_slot(1, slot))[8:-8, 8:-8].mean(axis=(0, 1))
    ratio = tinted / plain
    assert (ratio > low).all(), ratio
    assert (ratio < high).all(), ratio


@pytest.mark.parametrize("era", STOCK_ERAS)
def test_the_same_view_gives_the_same_bytes_whatever_came_before(era: Era) -> None:
    fresh, used = HudRenderer(era, (1024, 768), seed=3), HudRenderer(era, (1024, 768), seed=3)
    for t_s in (1.0, 2.5, 9.0):
        used.draw(busy_view(t_s))
    used.draw(view(target=None, ghost_world=True, time_of_day_h=2.0))
    assert np.array_equal(fresh.draw(busy_view()), used.draw(busy_view()))


def test_a_frame_once_given_out_is_never_touched_again() -> None:
    renderer = HudRenderer("wotlk", HD)
    first = renderer.draw(busy_view(1.0))
    kept = first.copy()
    for t_s in (1.0, 1.1, 1.2):
        renderer.draw(busy_view(t_s))
    assert np.array_equal(first, kept)


@pytest.mark.parametrize("era", STOCK_ERAS)
@pytest.mark.parametrize(
    ("size_wh", "k"), [((1024, 768), None), ((1280, 1024), 1.2), ((2560, 1440), None), ((800, 600), 0.6)], ids=str
)
def test_every_size_is_drawn(era: Era, size_wh: tuple[int, int], k: float | None) -> None:
    image = HudRenderer(era, size_wh, k).draw(busy_view())
    assert image.shape == (size_wh[1], size_wh[0], 3)
    assert image.dtype == np.uint8
    assert image.std() > 20


def test_the_camera_changes_the_world_and_not_the_frames(renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]
    one, two = renderer.draw(view()), renderer.draw(view(camera=CameraView(9.0, 3.0, 1.4)))
    assert np.mean(one[250:600] != two[250:600]) > 0.5
    bar = renderer.layout.regions["player.health"].rect
    filled = Rect(bar.left + 6, bar.top, bar.width // 2, bar.height)
    assert np.array_equal(filled.crop(one), filled.crop(two))


def test_a_ghost_sees_a_drained_world(renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]

    def hue_spread(shown: WorldView) -> float:
        part = renderer.draw(shown)[420:560, 100:500].astype(float)
        return float((part[..., 1] / (part[..., 0] + 1)).std())

    assert hue_spread(view(ghost_world=True)) < 0.2 * hue_spread(view())


def test_gamma_below_one_darkens() -> None:
    plain, dark = HudRenderer("wotlk", HD).draw(view()), HudRenderer("wotlk", HD, gamma=0.8).draw(view())
    expected = np.rint(255 * (plain / 255.0) ** (1 / 0.8))
    assert np.array_equal(dark, expected.astype(np.uint8))


@pytest.mark.parametrize("gamma", [0.0, 0.1, 9.0])
def test_an_absurd_gamma_is_refused(gamma: float) -> None:
    with pytest.raises(SimError, match="gamma"):
        HudRenderer("wotlk", HD, gamma=gamma)


@pytest.mark.parametrize("count", [1, 2])
def test_popup_buttons_are_where_the_layout_clicks(count: int, renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]
    popup = PopupView("unknown", "Do you want this?", ("Yes", "No")[:count])
    image = renderer.draw(view(popup=popup)).astype(int)
    for number in range(1, count + 1):
        x, y = renderer.layout.regions[f"popup.button{number}"].rect.center
        around = image[y - 6 : y + 7, x - 3 : x + 4]
        assert (around[..., 2] - around[..., 0]).mean() > 30


def test_loot_and_error_appear_and_go(renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]
    plain = renderer.draw(view())
    loot = renderer.draw(view(loot=(LootItemView("fang", "Fang", 2),)))
    rect = renderer.layout.regions["loot"].rect
    assert np.abs(rect.crop(loot).astype(int) - rect.crop(plain)).mean() > 40
    errors = renderer.layout.regions["errors"].rect

    def red_at(age: float) -> float:
        part = errors.crop(renderer.draw(view(error_text="Out of range.", error_age_s=age))).astype(int)
        return float(np.clip(part[..., 2] - part[..., :2].max(axis=2), 0, None).sum())

    red = [red_at(age) for age in (0.5, 5.5, 7.0)]
    assert red[0] > 5000
    assert red[0] > red[1] > red[2]


def test_debuff_borders_carry_the_school(renderers: dict[Era, HudRenderer]) -> None:
    renderer = renderers["wotlk"]
    rect = Rect(*renderer.layout.regions["player.debuffs"].options["boxes"][0])
    strip = Rect(rect.left - 1, rect.top + 6, 2, rect.height - 12)
    shades = {}
    for school in ("magic", "poison", "curse"):
        aura = AuraView("x", harmful=True, school=school)
        image = renderer.draw(view(player=replace(MAGE, debuffs=(aura,))))
        shades[school] = int(strip.crop(image).mean(axis=(0, 1)).argmax())
    assert shades["magic"] == 0
    assert shades["poison"] == 1


def test_no_two_moments_look_the_same_while_nothing_happens(renderers: dict[Era, HudRenderer]) -> None:
    still, later = view(), replace(view(), t_s=view().t_s + 0.7)
    assert (renderers["wotlk"].draw(still) != renderers["wotlk"].draw(later)).any()
