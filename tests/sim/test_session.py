"""The session as a frame source, its sink, and the truth without pixels."""

from __future__ import annotations

import pytest
from fights import bindings, enemy

from wowbot.core.action import Action
from wowbot.core.errors import SimError
from wowbot.core.layout import Era
from wowbot.core.reading import Observation
from wowbot.core.terms import find
from wowbot.sim import auras, life
from wowbot.sim.session import SimSession
from wowbot.sim.truth import TruthPerception
from wowbot.sim.units import Cast


def session(scenario: str = "pack", seconds: float = 0.0, **options: object) -> SimSession:
    return SimSession(scenario, 1, bindings("mage"), pixels=False, seconds=seconds, **options)  # type: ignore[arg-type]


def value(observation: Observation, term: str) -> object:
    return observation.readings[term].value if term in observation.readings else None


def number(observation: Observation, term: str) -> float:
    found = value(observation, term)
    assert isinstance(found, float)
    return found


def observe(made: SimSession, truth: TruthPerception) -> Observation:
    frame = made.read()
    assert frame is not None
    return truth.observe(frame, ())


def test_frames_come_at_the_rate_and_end_with_the_seconds() -> None:
    made = session(seconds=2.0, hz=20.0)
    frames = []
    while (frame := made.read()) is not None:
        frames.append(frame)
    assert [f.index for f in frames] == list(range(41))
    assert frames[-1].t_ns - frames[0].t_ns == 2_000_000_000
    assert made.read() is None


@pytest.mark.parametrize("hz", [0.5, 5000.0])
def test_rate_out_of_range_is_refused(hz: float) -> None:
    with pytest.raises(SimError, match="frames a second"):
        session(hz=hz)


def test_tap_goes_down_now_and_up_30_ms_later_on_game_time() -> None:
    made = session(hz=20.0)
    made.read()
    assert made.sink.send(Action("key", "w", ability="go")) is not None
    made.read()
    down, up = made.sink.drain()
    assert (down.key, down.down, down.ability) == ("w", True, "go")
    assert (up.key, up.down, up.t_ns - down.t_ns) == ("w", False, 30_000_000)
    assert made.world.player.x == pytest.approx(0.03 * 7.0)


def test_hold_lasts_as_long_as_asked_whatever_the_rate() -> None:
    for hz in (10.0, 20.0, 60.0):
        made = session(hz=hz)
        made.read()
        made.sink.send(Action("key", "w", hold_ms=430))
        for _ in range(int(hz)):
            made.read()
        assert made.world.player.x == pytest.approx(0.43 * 7.0)


def test_modifiers_go_down_before_the_key_and_up_after_it() -> None:
    made = session()
    made.read()
    made.sink.send(Action("key", "f1", ("shift",)))
    made.read()
    assert [(e.key, e.down) for e in made.sink.drain()] == [
        ("shift", True), ("f1", True), ("f1", False), ("shift", False),
    ]  # fmt: skip


def test_release_all_lets_every_key_go() -> None:
    made = session()
    made.read()
    made.sink.send(Action("key", "w", hold_ms=5000))
    made.sink.release_all()
    events = made.sink.drain()
    assert [e.down for e in events] == [True, False]
    made.read()
    assert made.world.player.x == 0.0


@pytest.mark.parametrize("action", [Action("key", ""), Action("click", "left")])
def test_action_no_client_would_take_is_refused(action: Action) -> None:
    assert session().sink.send(action) is None


def test_click_on_the_popup_button_answers_it_and_on_a_slot_casts() -> None:
    made = session()
    made.read()
    made.world.damage.player(1e9, made.world.creatures[0], physical=False)
    made.sink.send(Action("click", "left", at=made.layout.regions["popup.button1"].rect.center))
    assert made.world.player.ghost
    other = session()
    enemy(other.world, (20.0, 0.0), "hulk")
    x, y, w, h = other.layout.regions["actionbar.main"].options["boxes"][0]
    other.sink.send(Action("click", "left", at=(x + w // 2, y + h // 2)))
    assert other.world.player.cast is not None
    other.sink.send(Action("click", "left", at=(640, 300)))


@pytest.mark.parametrize(("button", "shown"), [(1, False), (2, True)], ids=["enter", "leave"])
def test_dialog_is_clicked_where_its_buttons_are_drawn(button: int, shown: bool) -> None:
    made = session("dialog")
    truth = TruthPerception(made)
    seen = observe(made, truth)
    x, y = (number(seen, f"popup.button{button}.{axis}") for axis in "xy")
    made.sink.send(Action("click", "left", at=(int(x), int(y))))
    assert made.world.popup is None
    for _ in range(80):
        made.read()
    assert (made.world.popup is not None) is shown


def test_truth_says_whether_the_character_gets_on() -> None:
    made = session()
    truth = TruthPerception(made)
    assert value(observe(made, truth), "moved") == 0.0
    made.sink.send(Action("key", "w", hold_ms=100))
    assert value(observe(made, truth), "moved") == 1.0


def test_every_term_of_the_truth_is_a_known_screen_or_game_term() -> None:
    made = session()
    truth = TruthPerception(made)
    made.world.target_nearest()
    made.world.press("frostbolt")
    auras.apply(made.world, made.world.player, made.world.auras["hypothermia"])
    terms = observe(made, truth).readings
    strange = sorted(t for t in terms if find(t) is None)
    assert strange == []


def test_truth_follows_the_world() -> None:
    made = session()
    truth = TruthPerception(made)
    world = made.world
    first = observe(made, truth)
    assert value(first, "target.exists") == 0.0
    assert value(first, "health.pct") == 100.0
    world.target_nearest()
    world.press("frostbolt")
    second = observe(made, truth)
    assert value(second, "target.exists") == 1.0
    assert value(second, "target.name") == "Defias Raider"
    assert value(second, "target.health.pct") == 100.0
    assert value(second, "target.reaction") == 2.0
    assert value(second, "cast.active") == 1.0
    assert value(second, "cast.pct") == pytest.approx(2.0)
    assert value(second, "slot.main.1.icon") == "frostbolt"
    assert value(second, "slot.main.1.active") == 1.0
    assert value(second, "slot.main.1.sweep_pct") == pytest.approx(100.0 * 1.45 / 1.5)
    assert value(second, "nameplate.count") == 3.0
    for _ in range(40):
        observe(made, truth)
    third = observe(made, truth)
    assert value(third, "slot.main.1.sweep_pct") == 0.0
    world.casting.stop(world.player, "failed")
    last = observe(made, truth)
    assert value(last, "cast.active") == 0.0
    assert "cast.pct" not in last.readings
    assert value(second, "cast.active") == 1.0  # an observation handed out never changes


def test_truth_of_auras_keeps_to_their_rows_and_forgets_the_gone() -> None:
    made = session()
    truth = TruthPerception(made)
    world = made.world
    foe = world.creatures[0]
    world.select(foe)
    auras.apply(world, world.player, world.auras["fingers_of_frost"], stacks=2)
    auras.apply(world, world.player, world.auras["hypothermia"])
    auras.apply(world, foe, world.auras["frost_nova"])
    seen = observe(made, truth)
    assert (value(seen, "aura.player.count"), value(seen, "aura.player.1.icon")) == (1.0, "fingers_of_frost")
    assert value(seen, "aura.player.1.stacks") == 2.0
    assert value(seen, "aura.player_debuff.1.icon") == "hypothermia"
    assert value(seen, "aura.target.1.icon") == "frost_nova"
    assert value(seen, "aura.target.1.remains") == pytest.approx(8.0)
    auras.remove(world.player, "fingers_of_frost")
    world.select(None)
    gone = observe(made, truth)
    assert value(gone, "aura.player.count") == 0.0
    assert value(gone, "aura.target.count") == 0.0
    assert not [t for t in gone.readings if t.startswith(("aura.player.1", "aura.target.1", "target.h"))]


@pytest.mark.parametrize(
    ("distance", "in_range"), [(30.0, 1.0), (40.0, 0.0)], ids=["within 36 yd", "beyond"]
)  # fmt: skip
def test_truth_of_range_and_power(distance: float, in_range: float) -> None:
    made = session()
    truth = TruthPerception(made)
    made.world.creatures.clear()
    enemy(made.world, (distance, 0.0), "hulk")
    made.world.player.power = 100.0
    made.world.player.last_spent = 1e9
    seen = observe(made, truth)
    assert value(seen, "slot.main.1.in_range") == in_range
    assert value(seen, "slot.main.1.no_power") == 1.0
    made.world.player.power = made.world.player.power_max
    assert value(observe(made, truth), "slot.main.1.no_power") == 0.0


def test_truth_of_boxes_death_and_loot() -> None:
    made = session()
    truth = TruthPerception(made)
    world = made.world
    foe = world.creatures[0]
    world.damage.creature(foe, 1e9, "test")
    life.open_loot(world, foe)
    assert value(observe(made, truth), "loot.open") == 1.0
    world.key_down("enter")
    assert value(observe(made, truth), "chat.open") == 1.0
    world.damage.player(1e9, foe, physical=False)
    seen = observe(made, truth)
    assert (value(seen, "dead"), value(seen, "popup.open"), value(seen, "loot.open")) == (1.0, 1.0, 0.0)
    world.click_popup(1)
    seen = observe(made, truth)
    assert (value(seen, "dead"), value(seen, "ghost"), value(seen, "health.pct")) == (0.0, 1.0, 0.0)


def test_view_shows_what_the_truth_says() -> None:
    made = session()
    truth = TruthPerception(made)
    made.world.target_nearest()
    made.world.press("frostbolt")
    seen, view = observe(made, truth), made.truth()
    assert view.target is not None
    assert view.player.cast is not None
    assert view.player.cast.pct == value(seen, "cast.pct")
    assert view.target.name == value(seen, "target.name")
    shown = [b for b in view.bodies if b.plate]
    assert len(shown) == value(seen, "nameplate.count")
    assert view.slots["main"][0].cooldown_pct == value(seen, "slot.main.1.sweep_pct")
    assert len(view.slots["main"]) == 12


@pytest.mark.parametrize(
    ("era", "of_target", "of_another"),
    [
        ("wotlk", 1.0, 0.0),
        ("tbc", 1.0, 0.0),
        ("retail", 1.0, 1.0),
        ("vanilla", None, None),
        ("classic_era", None, None),
    ],
)
def test_truth_of_casts_under_nameplates_is_what_the_client_draws(
    era: Era, of_target: float | None, of_another: float | None
) -> None:
    made = session(era=era)
    truth = TruthPerception(made)
    made.world.creatures.clear()
    foes = [enemy(made.world, (20.0, 4.0 * n), "warlock") for n in range(2)]
    made.world.select(foes[0])
    for foe in foes:
        foe.cast = Cast("bolt", "Bolt", made.world.now - 1.0, made.world.now + 1.0, 2.0)
    seen = observe(made, truth)
    assert [value(seen, f"nameplate.{n}.cast.active") for n in (1, 2)] == [of_target, of_another]
    assert (value(seen, "nameplate.1.cast.pct") is None) == (of_target is None)
    for foe in foes:
        foe.cast = None
    assert [value(observe(made, truth), f"nameplate.1.cast.{leaf}") for leaf in ("pct", "channel")] == [None, None]
