"""Enemies: noticing, calling, chasing, leash, respawn; death, ghost, corpse run, loot, food, doors and dialogs."""

from __future__ import annotations

import math

import pytest
from fights import bindings, dummy, empty_world, enemy, run

from wowbot.sim import auras, life
from wowbot.sim.minds import LEASH_YD
from wowbot.sim.units import Creature
from wowbot.sim.world import World


@pytest.mark.parametrize(
    ("level", "distance", "notices"),
    [(80, 17.0, True), (80, 19.0, False), (84, 21.0, True), (84, 23.0, False), (60, 6.0, False), (60, 4.0, True)],
)
def test_enemy_notices_a_yard_farther_for_each_level_above(level: int, distance: float, notices: bool) -> None:
    world = empty_world("mage")
    foe = enemy(world, (distance, 0.0), level=level)
    world.step(0.05)
    assert (foe.target is world.player) is notices


def test_neutral_enemy_fights_only_when_attacked() -> None:
    world = empty_world("mage")
    boar = enemy(world, (6.0, 0.0), "boar")
    run(world, 2.0)
    assert boar.target is None
    world.press("ice_lance")
    run(world, 1.0)
    assert boar.target is world.player


def test_attacked_enemy_calls_its_group_and_those_near() -> None:
    world = empty_world("mage")
    first = enemy(world, (30.0, 0.0))
    near, far, linked = (enemy(world, at) for at in ((35.0, 0.0), (30.0, 30.0), (30.0, -35.0)))
    first.group = linked.group = "pack"
    world.minds.provoke(first)
    assert [unit.target is not None for unit in (near, far, linked)] == [True, False, True]


def test_enemy_chases_swings_and_gives_up_beyond_its_leash() -> None:
    world = empty_world("mage")
    foe = enemy(world, (20.0, 0.0))
    world.minds.provoke(foe)
    run(world, 5.0)
    assert world.player.distance(foe) <= 4.0
    assert world.stats.damage_taken > 0
    foe.health /= 2
    world.player.x = 20.0 + LEASH_YD + 40.0
    run(world, 12.0)
    assert foe.target is None
    assert not world.player.in_combat
    assert foe.health == foe.health_max
    assert math.hypot(foe.x - 20.0, foe.y) < 1.0


def test_enemy_hits_one_who_runs_from_it() -> None:
    world = empty_world("mage")
    foe = enemy(world, (4.0, 0.0))
    world.minds.provoke(foe)
    world.player.facing = math.pi
    world.key_down("w")
    run(world, 4.0)
    assert world.player.x < -25.0
    assert world.stats.damage_taken > 0


def test_rooted_enemy_stays_and_slowed_one_comes_later() -> None:
    rooted, slowed, free = (empty_world("mage") for _ in range(3))
    foes = [enemy(world, (17.0, 0.0)) for world in (rooted, slowed, free)]
    auras.apply(rooted, foes[0], rooted.auras["frost_nova"])
    auras.apply(slowed, foes[1], slowed.auras["chilled"])
    for world in (rooted, slowed, free):
        run(world, 1.0)
    assert foes[0].x == 17.0
    assert foes[2].x < foes[1].x < foes[0].x


def test_feared_enemy_runs_away_and_polymorph_ends_on_damage() -> None:
    world = empty_world("priest")
    foe = enemy(world, (6.0, 0.0))
    world.minds.provoke(foe)
    world.press("psychic_scream")
    run(world, 2.0)
    assert foe.x > 12.0 or not foe.has("psychic_scream")
    mage = empty_world("mage")
    sheep = enemy(mage, (15.0, 0.0))
    auras.apply(mage, sheep, mage.auras["polymorph"])
    run(mage, 1.0)
    assert sheep.target is None
    mage.damage.creature(sheep, 10.0, "test")
    assert not sheep.has("polymorph")


def test_wounded_raider_runs_once_for_help() -> None:
    world = empty_world("mage")
    foe = enemy(world, (3.0, 0.0), "raider")
    world.minds.provoke(foe)
    run(world, 0.5)
    foe.health = 0.1 * foe.health_max
    run(world, 2.0)
    assert world.player.distance(foe) > 6.0
    run(world, 6.0)
    assert world.player.distance(foe) < 5.0


def test_dead_enemy_comes_back_after_its_respawn_time() -> None:
    world = World("wolves", 1, bindings("mage"))
    wolf = world.creatures[0]
    count = len(world.creatures)
    world.damage.creature(wolf, 1e9, "test")
    run(world, wolf.respawn_s - 1.0)
    assert sum(not c.dead for c in world.creatures) == count - 1
    run(world, 2.0)
    assert sum(not c.dead for c in world.creatures) == count


def test_kill_is_counted_and_damage_is_at_most_the_health_there_was() -> None:
    world = empty_world("mage")
    foe = enemy(world)
    world.damage.creature(foe, 1e9, "test")
    assert world.stats.kills == 1
    assert world.stats.damage_done == foe.health_max
    assert foe.dead


def test_looting_walks_to_the_corpse_opens_the_window_and_fills_the_bags() -> None:
    world = empty_world("mage")
    foe = enemy(world, (15.0, 0.0))
    world.damage.creature(foe, 1e9, "test")
    world.key_down("f")
    world.key_up("f")
    run(world, 1.75)
    assert world.loot is not None
    run(world, 1.0)
    assert world.loot is None
    assert not foe.lootable
    assert world.player.bags["wolf_pelt"] == 1


def test_movement_key_ends_the_click_to_move_walk() -> None:
    world = empty_world("warrior")
    dummy(world, (30.0, 0.0))
    world.key_down("f")
    run(world, 1.0)
    assert world.player.x == pytest.approx(7.0, abs=0.5)
    world.key_down("s")
    world.step(0.05)
    world.key_up("s")
    x = world.player.x
    run(world, 1.0)
    assert world.player.x == x


@pytest.mark.parametrize(
    ("key", "x", "y", "facing"),
    [
        ("w", 7.0, 0.0, 0.0),
        ("s", -4.5, 0.0, 0.0),
        ("q", 0.0, 7.0, 0.0),
        ("e", 0.0, -7.0, 0.0),
        ("a", 0.0, 0.0, math.pi),
    ],
)
def test_movement_keys_move_at_the_speeds_of_the_game(key: str, x: float, y: float, facing: float) -> None:
    world = empty_world("mage")
    world.key_down(key)
    run(world, 1.0)
    assert (world.player.x, world.player.y) == (pytest.approx(x), pytest.approx(y))
    assert abs(world.player.facing) == pytest.approx(facing)


def test_drinking_fills_mana_and_ends_on_moving_or_a_blow() -> None:
    world = empty_world("mage")
    world.player.power = 0.0
    world.press("drink")
    run(world, 10.0)
    assert world.player.power > 0.3 * world.player.power_max
    world.key_down("w")
    run(world, 0.1)
    world.key_up("w")
    assert not world.player.has("drink")
    world.press("drink")
    world.damage.player(5.0, dummy(world), physical=False)
    assert not world.player.has("drink")


def test_eating_in_combat_is_refused() -> None:
    world = empty_world("mage")
    foe = enemy(world, (20.0, 0.0))
    world.minds.provoke(foe)
    world.press("eat")
    assert world.error == "You are in combat"
    assert not world.casting.usable(world.spells["eat"])


def test_death_release_corpse_run_and_return() -> None:
    world = empty_world("mage")
    player = world.player
    world.damage.player(1e9, dummy(world), physical=False)
    assert player.dead
    assert world.popup is not None
    assert world.popup.kind == "release"
    world.press("frostbolt")
    assert world.error == "You are dead"
    world.click_popup(1)
    assert player.ghost
    assert world.popup is None
    world.key_down("w")
    for _ in range(1200):
        world.step(0.05)
        if world.popup is not None:
            break
    world.key_up("w")
    assert player.corpse is not None
    assert math.hypot(player.x - player.corpse[0], player.y - player.corpse[1]) <= life.RECLAIM_YD
    world.click_popup(1)
    assert not player.ghost
    assert player.health == pytest.approx(0.5 * player.health_max, rel=0.01)
    assert world.stats.deaths == 1


def test_key_held_through_death_moves_the_ghost() -> None:
    world = empty_world("mage")
    world.key_down("w")
    world.damage.player(1e9, dummy(world), physical=False)
    run(world, 1.0)
    assert (world.player.x, world.player.y) == (0.0, 0.0)
    world.click_popup(1)
    x = world.player.x
    run(world, 1.0)
    assert world.player.x != x


def test_offered_resurrection_can_be_accepted_or_declined() -> None:
    for button, alive in ((1, True), (2, False)):
        world = empty_world("mage")
        world.damage.player(1e9, dummy(world), physical=False)
        life.offer_resurrection(world)
        world.click_popup(button)
        assert (not world.player.dead) is alive


def test_closed_gate_blocks_sight_and_way_until_the_interact_key() -> None:
    world = World("door", 1, bindings("mage"))
    world.key_down("tab")
    assert world.player.target is None
    world.key_down("w")
    run(world, 3.0)
    world.key_up("w")
    assert world.player.x < world.door.at[0]
    world.key_down("f")
    assert not world.door_closed
    world.key_down("tab")
    assert isinstance(world.player.target, Creature)


def test_unknown_dialog_swallows_keys_until_the_right_button() -> None:
    world = World("dialog", 1, bindings("mage"))
    world.key_down("w")
    world.key_down("tab")
    run(world, 1.0)
    assert (world.player.x, world.player.target) == (0.0, None)
    world.click_popup(2)
    run(world, 3.5)
    assert world.popup is not None
    world.click_popup(1)
    run(world, 3.0)
    assert len(world.creatures) == 1


def test_open_chat_box_takes_letters_instead_of_spells() -> None:
    world = empty_world("mage")
    for key in ("enter", "w", "o", "w"):
        world.key_down(key)
    run(world, 1.0)
    assert world.chat_edit == "wow"
    assert world.player.x == 0.0
    world.key_down("enter")
    assert world.chat_edit is None
    assert world.lines[-1].text.endswith("wow")


def test_tab_takes_the_nearest_in_front_then_the_next() -> None:
    world = empty_world("mage")
    far, near, behind = enemy(world, (38.0, 2.0)), enemy(world, (25.0, 0.0)), enemy(world, (-20.0, 0.0))
    world.select(None)
    chosen = []
    for _ in range(3):
        world.key_down("tab")
        chosen.append(world.player.target)
    assert chosen == [near, far, near]
    assert behind not in chosen


def test_attacker_is_selected_when_nothing_is() -> None:
    world = empty_world("mage")
    foe = enemy(world, (3.0, 0.0))
    world.select(None)
    run(world, 4.0)
    assert world.player.target is foe


def test_enemies_round_the_player_do_not_stand_on_one_another() -> None:
    world = empty_world("mage")
    foes = [enemy(world, (20.0, 0.0)) for _ in range(3)]
    world.player.health = world.player.health_max = 1e9
    world.minds.provoke(foes[0])
    run(world, 8.0)
    gaps = [a.distance(b) for i, a in enumerate(foes) for b in foes[:i]]
    assert min(gaps) > 1.0
