"""The tracker: what it concludes from screen terms over time."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from wowbot.core.action import KeyEvent
from wowbot.core.bindings import Aura, Bindings, Spell
from wowbot.core.reading import Observation, Reading, Value
from wowbot.core.state import GameState
from wowbot.state.tracker import StateTracker

HZ = 20
BINDINGS = Bindings(
    spells={
        "frostbolt": Spell("frostbolt", key="1", slot="main.1", cast_s=2.5, range_yd=30),
        "fire_blast": Spell("fire_blast", key="2", slot="main.2", cooldown_s=8.0, range_yd=20),
        "frost_nova": Spell("frost_nova", key="3", slot="main.3", cooldown_s=25.0),
        "icy_veins": Spell("icy_veins", key="4", slot="main.4", cooldown_s=180.0, gcd_s=0.0),
        "evocation": Spell("evocation", key="5", slot="main.5", channel_s=8.0, cooldown_s=240.0),
        "target_nearest": Spell("target_nearest", key="tab", gcd_s=0.0),
    },
    auras={
        "icy_veins": Aura("icy_veins", "icy_veins", "player", False, 20.0, 1, ("icy_veins",)),
        "frost_nova": Aura("frost_nova", "frost_nova", "target", True, 8.0, 1, ("frost_nova",)),
        "arcane_intellect": Aura("arcane_intellect", "arcane_intellect", "player"),
    },
    power="mana",
)


class Screen:
    """Feeds a tracker at 20 Hz."""

    def __init__(self, bindings: Bindings = BINDINGS) -> None:
        self.tracker = StateTracker(bindings)
        self.index = 0
        self.now: dict[str, Reading] = {}
        for n in range(1, 6):
            self.show({f"slot.main.{n}.sweep_pct": 0.0, f"slot.main.{n}.usable": 1.0, f"slot.main.{n}.no_power": 0.0})
        self.show(
            {"cast.active": 0.0, "aura.player.count": 0.0, "aura.player_debuff.count": 0.0, "aura.target.count": 0.0}
        )
        self.show({"target.exists": 1.0, "target.health.pct": 100.0, "health.pct": 100.0, "in_combat": 0.0})

    @property
    def t(self) -> float:
        return self.index / HZ

    def show(self, values: Mapping[str, Value | None], why: str = "covered") -> None:
        self.now |= {k: Reading(v) if v is not None else Reading(None, 0.0, why) for k, v in values.items()}

    def tick(self, *pressed: str) -> GameState:
        t_ns = self.index * 1_000_000_000 // HZ
        keys = tuple(KeyEvent(t_ns, "x", True, name) for name in pressed)
        state = self.tracker.update(Observation(self.index, t_ns, dict(self.now)), keys, ())
        self.index += 1
        return state


def sweep(start: float, length: float, t: float) -> float:
    return max(0.0, 100.0 * (1.0 - (t - start) / length)) if t >= start else 0.0


def test_a_sweep_on_many_slots_is_the_global_cooldown_and_no_cooldown_of_a_spell() -> None:
    screen = Screen()
    screen.tick()
    start = screen.t - 0.02
    for _ in range(20):
        for n in (1, 2, 3, 5):
            screen.show({f"slot.main.{n}.sweep_pct": sweep(start, 1.5, screen.t)})
        t, state = screen.t, screen.tick()
        assert state.values["gcd.remains"] == pytest.approx(start + 1.5 - t, abs=0.06)
        assert state.values["cooldown.fire_blast.remains"] == 0.0
        assert state.values["cooldown.frost_nova.remains"] == 0.0


def test_one_slot_misread_while_the_others_rest_is_no_global_cooldown() -> None:
    screen = Screen()
    screen.tick()
    for _ in range(5):
        screen.show({"slot.main.1.sweep_pct": 96.6})
        assert screen.tick().values["gcd.remains"] == 0.0


def test_one_slot_that_starts_with_its_key_is_the_global_cooldown_though_the_others_rest() -> None:
    screen = Screen()
    screen.tick("frostbolt")
    screen.show({"slot.main.1.sweep_pct": 97.0})
    assert screen.tick().values["gcd.remains"] == pytest.approx(1.45, abs=0.05)


def test_a_sweep_that_began_while_its_slot_could_not_be_told_is_counted_from_where_it_stands() -> None:
    screen = Screen()
    screen.tick()
    start = screen.t
    for _ in range(4):
        screen.show({"slot.main.4.sweep_pct": None}, "dark all over")
        screen.tick()
    for _ in range(60):
        screen.show({"slot.main.4.sweep_pct": sweep(start, 180.0, screen.t)})
        t, state = screen.t, screen.tick()
        assert state.number("cooldown.icy_veins.remains") == pytest.approx(start + 180.0 - t, abs=0.05)


@pytest.mark.parametrize(("spell", "slot", "length"), [("fire_blast", 2, 8.0), ("frost_nova", 3, 25.0)])
def test_own_cooldown_is_told_from_the_global_one_within_150_ms(spell: str, slot: int, length: float) -> None:
    screen = Screen()
    screen.tick(spell)
    start = screen.t - 0.03
    for _ in range(int(length * HZ) + 5):
        for n in (1, 2, 3, 5):
            own = slot == n
            shown = max(sweep(start, length, screen.t), 0.0) if own else sweep(start, 1.5, screen.t)
            screen.show({f"slot.main.{n}.sweep_pct": shown})
        t, state = screen.t, screen.tick()
        remains = state.number(f"cooldown.{spell}.remains")
        assert remains == pytest.approx(max(0.0, start + length - t), abs=0.15)


def test_own_cooldown_is_found_without_having_seen_the_key() -> None:
    screen = Screen()
    screen.tick()
    start = screen.t - 0.03
    for _ in range(40):
        for n in (1, 2, 3, 5):
            screen.show({f"slot.main.{n}.sweep_pct": sweep(start, 25.0 if n == 3 else 1.5, screen.t)})
        t, state = screen.t, screen.tick()
    assert state.number("cooldown.frost_nova.remains") == pytest.approx(start + 25.0 - t, abs=0.3)
    assert state.number("cooldown.fire_blast.remains") == 0.0


def test_a_cooldown_whose_first_sweep_was_misread_as_nearly_over_is_not_told_as_ready() -> None:
    screen = Screen()
    screen.tick()
    start = screen.t
    for shown in (2.5, 2.5, 2.5, 2.5, 100.0):
        screen.show({"slot.main.3.sweep_pct": shown})
        screen.tick()
    for _ in range(8 * HZ):
        screen.show({"slot.main.3.sweep_pct": sweep(start, 25.0, screen.t)})
        t, state = screen.t, screen.tick()
    assert state.number("cooldown.frost_nova.remains") == pytest.approx(start + 25.0 - t, abs=0.3)


def test_the_last_of_a_global_cooldown_that_lasts_a_little_longer_is_no_cooldown_of_a_spell() -> None:
    screen = Screen()
    screen.tick()
    start = screen.t
    for _ in range(45):
        for n in (1, 2, 3, 5):
            screen.show({f"slot.main.{n}.sweep_pct": sweep(start, 1.6, screen.t)})
        assert screen.tick().values["cooldown.frost_nova.remains"] == 0.0


def test_a_cooldown_shorter_than_the_profile_says_is_learned_from_the_sweep() -> None:
    screen = Screen()
    screen.tick("frost_nova")
    start = screen.t
    for _ in range(8 * HZ):
        for n in (1, 2, 3, 5):
            screen.show({f"slot.main.{n}.sweep_pct": sweep(start, 20.0 if n == 3 else 1.5, screen.t)})
        t, state = screen.t, screen.tick()
    assert state.number("cooldown.frost_nova.remains") == pytest.approx(start + 20.0 - t, abs=0.4)


def test_a_slot_never_seen_gives_an_unknown_cooldown_with_its_cause() -> None:
    screen = Screen()
    screen.show({"slot.main.2.sweep_pct": None})
    state = screen.tick()
    assert state.values["cooldown.fire_blast.remains"] is None
    assert state.detail("cooldown.fire_blast.remains").why == "covered"


def test_a_bar_covered_for_a_moment_is_held_and_then_unknown() -> None:
    screen = Screen()
    screen.show({"health.pct": 80.0})
    screen.tick()
    screen.show({"health.pct": None})
    held = [screen.tick() for _ in range(20)]
    assert held[3].values["health.pct"] == 80.0
    assert 0 < held[3].detail("health.pct").confidence < 1
    assert held[-1].values["health.pct"] is None
    assert "covered" in held[-1].detail("health.pct").why


def test_a_value_that_is_hardly_more_than_a_guess_is_unknown_and_says_why() -> None:
    screen = Screen()
    screen.now["target.dead"] = Reading(1.0, 0.08, "text hides 46 pct of the bar beyond the fill seen")
    state = screen.tick()
    assert state.values["target.dead"] is None
    assert "too unsure (0.08): text hides 46 pct" in state.detail("target.dead").why


def test_aura_is_down_only_when_the_whole_row_was_told() -> None:
    screen = Screen()
    screen.tick()
    screen.show({"aura.player.count": 2.0, "aura.player.1.icon": "arcane_intellect", "aura.player.2.icon": None})
    state = screen.tick()
    assert state.values["buff.arcane_intellect.up"] == 1.0
    screen2 = Screen()
    screen2.show({"aura.player.count": 1.0, "aura.player.1.icon": None})
    assert screen2.tick().values["buff.icy_veins.up"] is None
    screen2.show({"aura.player.1.icon": ""})
    assert screen2.tick().values["buff.icy_veins.up"] == 0.0


def test_an_aura_whose_icon_was_never_learned_is_unknown_while_strange_icons_are_up() -> None:
    screen = Screen()
    screen.tracker = StateTracker(BINDINGS, None, known_icons={"icy_veins"})
    assert screen.tick().values["buff.arcane_intellect.up"] == 0.0
    screen.show({"aura.player.count": 1.0, "aura.player.1.icon": ""})
    state = screen.tick()
    assert state.values["buff.icy_veins.up"] == 0.0
    for _ in range(20):
        state = screen.tick()
    assert state.values["buff.arcane_intellect.up"] is None
    assert "learn-aura" in state.detail("buff.arcane_intellect.up").why


def test_aura_time_counts_from_its_rise_and_permanent_auras_are_hugely_negative() -> None:
    screen = Screen()
    screen.tick()
    screen.show({"aura.player.count": 2.0, "aura.player.1.icon": "icy_veins", "aura.player.2.icon": "arcane_intellect"})
    rise = screen.t
    for _ in range(40):
        t, state = screen.t, screen.tick()
    assert state.number("buff.icy_veins.remains") == pytest.approx(20.0 - (t - rise), abs=0.1)
    assert state.number("buff.arcane_intellect.remains") == -9.0e15


def test_debuff_time_is_unknown_on_a_target_that_already_had_it() -> None:
    screen = Screen()
    screen.show({"target.name": "Wolf"})
    screen.tick()
    screen.show({"target.name": "Bear", "aura.target.count": 1.0, "aura.target.1.icon": "frost_nova"})
    state = screen.tick("target_nearest")
    assert state.values["debuff.frost_nova.up"] == 1.0
    assert state.values["debuff.frost_nova.remains"] is None


def test_prev_gcd_names_the_confirmed_press_and_not_the_dropped_one() -> None:
    bindings = BINDINGS
    tracker = StateTracker(bindings, {"prev_gcd.1.fire_blast", "prev_gcd.1.frostbolt"})
    screen = Screen()
    screen.tracker = tracker
    screen.tick("frostbolt")
    for _ in range(20):
        state = screen.tick()
    assert state.values["prev_gcd.1.frostbolt"] == 0.0
    start = screen.t
    for pressed in ("fire_blast", "", ""):
        for n in (1, 2, 3, 5):
            screen.show({f"slot.main.{n}.sweep_pct": sweep(start, 8.0 if n == 2 else 1.5, screen.t)})
        state = screen.tick(*([pressed] if pressed else []))
    assert state.values["prev_gcd.1.fire_blast"] == 1.0


def test_time_to_die_is_the_mean_loss_and_unknown_before_it_was_seen() -> None:
    screen = Screen()
    assert screen.tick().values["target.time_to_die"] is None
    for i in range(60):
        screen.show({"target.health.pct": 100.0 - i * 0.5, "target.reaction": 2.0, "target.dead": 0.0})
        state = screen.tick()
    assert state.number("target.time_to_die") == pytest.approx(70.5 / 10.0, rel=0.1)


def test_rage_points_follow_the_bar_and_mana_points_stay_unknown() -> None:
    screen = Screen()
    screen.show({"rage.pct": 35.0, "mana.pct": 50.0})
    state = screen.tick()
    assert state.number("rage") == pytest.approx(35.0)
    assert state.values["mana"] is None
    assert state.number("mana.pct") == 50.0


def test_a_restored_tracker_goes_on_as_the_first_one_did() -> None:
    first = Screen()
    first.tick("fire_blast")
    start = first.t
    states = []
    copy: Screen | None = None
    for i in range(60):
        values = {f"slot.main.{n}.sweep_pct": sweep(start, 8.0 if n == 2 else 1.5, first.t) for n in (1, 2, 3, 5)}
        first.show(values)
        states.append(first.tick())
        if copy is not None:
            copy.show(values)
            assert copy.tick() == states[-1]
        if i == 20:
            copy = Screen()
            copy.index, copy.now = first.index, dict(first.now)
            copy.tracker.restore(json.loads(json.dumps(first.tracker.snapshot())))


def test_only_wanted_terms_and_those_the_guard_reads_are_made() -> None:
    screen = Screen()
    screen.tracker = StateTracker(BINDINGS, {"cooldown.fire_blast.remains"})
    state = screen.tick()
    assert "cooldown.fire_blast.remains" in state.values
    assert "cooldown.frost_nova.remains" not in state.values
    assert {"gcd.remains", "cast.remains", "health.pct"} <= set(state.values)
