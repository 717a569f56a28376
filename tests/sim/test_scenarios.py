"""Scenarios as data: each loads, begins, and ends the way it says; the same seed is the same history."""

from __future__ import annotations

import pytest
from fights import bindings, run

from wowbot.config import bind
from wowbot.core.errors import ConfigError, SimError
from wowbot.sim.scenarios import CREATURES, ScenarioFacts, scenario, scenarios
from wowbot.sim.view import PopupView
from wowbot.sim.world import World

WANTED = {
    "single_target", "pack", "caster_interrupt", "long_mana_fight", "ambush_while_resting", "elite_flee", "death_run",
    "dialog", "door", "wolves", "grind",
}  # fmt: skip


def kill_all(world: World) -> None:
    for unit in world.creatures:
        world.damage.creature(unit, 1e12, "test")


def test_the_wanted_scenarios_are_there() -> None:
    assert set(scenarios()) >= WANTED


@pytest.mark.parametrize("name", sorted(scenarios()))
def test_scenario_names_known_creatures_and_begins(name: str) -> None:
    facts = scenario(name)
    assert all(spawn.kind in CREATURES for spawn in facts.spawns)
    world = World(name, 1, bindings("mage"))
    run(world, 1.0)
    assert world.stats.result == ""
    assert world.now == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["single_target", "pack", "caster_interrupt", "long_mana_fight"])
def test_scenario_is_won_when_all_are_dead(name: str) -> None:
    world = World(name, 1, bindings("mage"))
    while not world.stats.result and world.now < 60:
        kill_all(world)
        world.step(0.25)
    assert world.stats.result == "won"
    assert world.stats.deaths == 0


def test_scenario_is_lost_by_death_and_ends_by_itself() -> None:
    world = World("pack", 1, bindings("mage"))
    world.damage.player(1e9, world.creatures[0], physical=False)
    run(world, 5.0)
    assert world.stats.result == "lost"


def test_scenario_runs_out_of_time() -> None:
    world = World("single_target", 1, bindings("mage"))
    for unit in world.creatures:
        unit.home = (unit.x, unit.y)
    run(world, scenario("single_target").limit_s + 1.0, 0.25)
    assert world.stats.result == "time"


def test_death_run_kills_for_certain_and_is_won_after_coming_back() -> None:
    world = World("death_run", 1, bindings("mage"))
    run(world, 5.0)
    assert world.player.dead
    world.click_popup(1)
    world.key_down("w")
    while world.popup is None and world.now < 60:
        world.step(0.05)
    world.key_up("w")
    world.click_popup(1)
    run(world, 8.0)
    assert world.stats.result == "won"
    assert world.stats.deaths == 1


def test_ambush_comes_when_the_player_sits_down() -> None:
    world = World("ambush_while_resting", 1, bindings("mage"))
    run(world, 10.0)
    assert not world.creatures
    world.press("drink")
    run(world, 8.0)
    assert [c.kind for c in world.creatures] == ["raider"]
    assert world.player.in_combat


def test_elite_is_escaped_by_leaving_its_leash() -> None:
    world = World("elite_flee", 1, bindings("mage"))
    ogre = world.creatures[0]
    world.minds.provoke(ogre)
    world.player.x = -100.0
    run(world, 25.0)
    assert world.stats.result == "won"
    assert not ogre.dead


def test_dialog_stands_until_the_right_button() -> None:
    world = World("dialog", 1, bindings("mage"))
    assert isinstance(world.popup, PopupView)
    assert world.popup.kind == "unknown"
    run(world, 20.0)
    assert not world.creatures


@pytest.mark.parametrize("name", ["pack", "grind"])
def test_same_seed_is_the_same_history_and_another_is_not(name: str) -> None:
    def history(seed: int) -> list[float]:
        world = World(name, seed, bindings("mage"))
        found = []
        for i in range(1200):
            if i % 9 == 0:
                world.key_down("tab")
                world.press("frostbolt" if i % 2 else "ice_lance")
            world.step(0.05)
            found += [
                world.player.health,
                world.player.power,
                *(v for c in world.creatures for v in (c.health, c.x, c.y)),
            ]
        return found

    first, again, other = history(7), history(7), history(8)
    assert first == again
    assert first != other


def test_spawn_places_depend_on_the_seed() -> None:
    places = {(w.creatures[0].x, w.creatures[0].y) for w in (World("pack", s, bindings("mage")) for s in range(5))}
    assert len(places) == 5


def test_unknown_scenario_names_the_nearest() -> None:
    with pytest.raises(SimError, match="single_target"):
        World("single_targt", 1, bindings("mage"))


def test_unknown_key_in_a_scenario_is_an_error() -> None:
    with pytest.raises(ConfigError, match="limit_s"):
        bind(ScenarioFacts, {"summary": "x", "end": "none", "limits": 3}, "test")


def test_bindings_of_no_class_are_refused() -> None:
    from wowbot.core.bindings import Bindings, Spell

    with pytest.raises(SimError, match="--world live"):
        World("pack", 1, Bindings({"blood_strike": Spell("blood_strike", "1", "main.1")}))


def test_hours_of_play_do_not_grow() -> None:
    world = World("grind", 1, bindings("mage"))
    sizes = []
    for i in range(4):
        for _ in range(1200):
            world.step(0.25)
            for unit in world.creatures[:2]:
                if not unit.dead and world.rng.random() < 0.05:
                    world.damage.creature(unit, 1e9, "test")
        sizes.append(
            len(world.creatures) + len(world._pending) + len(world.floats) + len(world.lines) + len(world.player.auras)
        )
        assert world.stats.kills > 10 * (i + 1)
    assert max(sizes[1:]) <= sizes[0] + 10
