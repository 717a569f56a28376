"""Global cooldown, casts, channels, cooldowns, powers: the client's rules of 3.3.5."""

from __future__ import annotations

import pytest
from fights import bindings, dummy, empty_world, enemy, run, until

from wowbot.sim import auras
from wowbot.sim.facts import SpellDef, rage_conversion
from wowbot.sim.swing import avoided
from wowbot.sim.units import Cast
from wowbot.sim.world import World


def error_of(world: World) -> str:
    return world.error if world.error_at == world.now else ""


@pytest.mark.parametrize(
    ("wow_class", "spell", "seconds"),
    [("mage", "frostbolt", 2.5), ("mage", "fireball", 3.5), ("priest", "mind_blast", 1.5), ("priest", "smite", 2.0)],
)
def test_cast_takes_the_time_the_game_says(wow_class: str, spell: str, seconds: float) -> None:
    world = empty_world(wow_class)
    dummy(world)
    world.press(spell)
    assert until(world, "cast") == pytest.approx(seconds, abs=0.02)


@pytest.mark.parametrize(
    ("wow_class", "spell", "gcd"),
    [
        ("mage", "ice_lance", 1.5),
        ("warrior", "rend", 1.5),
        ("rogue", "sinister_strike", 1.0),
        ("mage", "icy_veins", 0.0),
    ],
)
def test_use_starts_the_global_cooldown_of_its_kind(wow_class: str, spell: str, gcd: float) -> None:
    world = empty_world(wow_class)
    world.player.power = world.player.power_max
    dummy(world, (3.0, 0.0))
    world.press(spell)
    assert max(0.0, world.player.gcd_end - world.now) == pytest.approx(gcd)


@pytest.mark.parametrize(("haste", "gcd", "cast"), [(0.0, 1.5, 2.5), (20.0, 1.25, 2.0833), (100.0, 1.0, 1.25)])
def test_haste_shortens_casts_and_the_global_cooldown_to_one_second(haste: float, gcd: float, cast: float) -> None:
    world = empty_world("mage")
    dummy(world)
    live = auras.apply(world, world.player, world.auras["icy_veins"])
    live.stacks = round(haste / 20.0)
    frostbolt = world.spells["frostbolt"]
    assert world.casting.gcd(frostbolt) == pytest.approx(gcd, abs=1e-3)
    assert world.casting.cast_time(frostbolt) == pytest.approx(cast, abs=1e-3)


def test_second_spell_within_the_global_cooldown_is_refused() -> None:
    world = empty_world("mage")
    dummy(world)
    world.press("ice_lance")
    run(world, 1.0)
    world.press("ice_lance")
    assert error_of(world) == "Spell is not ready yet"
    assert world.stats.casts == 1


def test_spell_during_a_cast_is_refused_and_one_during_a_channel_replaces_it() -> None:
    mage, priest = empty_world("mage"), empty_world("priest")
    dummy(mage)
    mage.press("frostbolt")
    run(mage, 1.6)
    mage.press("ice_lance")
    assert error_of(mage) == "Another action is in progress"
    dummy(priest)
    priest.press("mind_flay")
    run(priest, 1.6)
    priest.press("shadow_word_pain")
    assert priest.player.cast is None
    assert priest.player.target is not None
    assert priest.player.target.has("shadow_word_pain")


@pytest.mark.parametrize(("hits", "delay"), [(1, 0.5), (2, 1.0), (3, 1.0), (6, 1.0)])
def test_damage_delays_a_cast_by_half_a_second_at_most_twice(hits: int, delay: float) -> None:
    world = empty_world("mage")
    foe = dummy(world)
    world.press("frostbolt")
    run(world, 1.0)
    for _ in range(hits):
        world.damage.player(10.0, foe, physical=False)
    assert until(world, "cast") == pytest.approx(1.5 + delay, abs=0.02)


def test_damage_takes_a_quarter_off_a_channel() -> None:
    world = empty_world("priest")
    foe = dummy(world)
    world.press("mind_flay")
    run(world, 0.5)
    world.damage.player(10.0, foe, physical=False)
    assert until(world, "cast") == pytest.approx(3.0 - 0.75 - 0.5, abs=0.02)


def test_shield_that_takes_all_damage_prevents_the_delay() -> None:
    world = empty_world("mage")
    foe = dummy(world)
    auras.apply(world, world.player, world.auras["ice_barrier"])
    world.press("frostbolt")
    run(world, 1.0)
    world.damage.player(100.0, foe, physical=False)
    assert world.player.health == world.player.health_max
    assert until(world, "cast") == pytest.approx(1.5, abs=0.02)


def test_moving_breaks_a_cast_and_gives_the_global_cooldown_back() -> None:
    world = empty_world("mage")
    dummy(world)
    world.press("frostbolt")
    run(world, 0.5)
    world.key_down("w")
    run(world, 0.1)
    assert world.player.cast is None
    assert world.player.cast_end is not None
    assert world.player.cast_end.state == "failed"
    assert world.player.gcd_end < world.now
    world.press("frostbolt")
    assert error_of(world) == "Can't do that while moving"


def test_channel_strikes_as_often_as_the_spell_says() -> None:
    world = empty_world("priest")
    foe = dummy(world)
    health = foe.health
    world.press("mind_flay")
    strikes = 0
    for _ in range(400):
        world.step(0.01)
        strikes += foe.health < health
        health = foe.health
    assert strikes == 3


def test_evocation_gives_sixty_percent_of_mana() -> None:
    world = empty_world("mage")
    world.player.power = 0.0
    world.player.last_spent = 1e9  # no regeneration meanwhile
    world.press("evocation")
    run(world, 8.5)
    assert world.player.power == pytest.approx(0.6 * world.player.power_max, rel=0.01)


@pytest.mark.parametrize(
    ("wow_class", "spell", "cooldown"),
    [("mage", "frost_nova", 25.0), ("mage", "cone_of_cold", 10.0), ("mage", "counterspell", 24.0), ("mage", "blink", 15.0),
     ("priest", "psychic_scream", 27.0), ("warrior", "thunder_clap", 6.0), ("warrior", "mortal_strike", 6.0)],
)  # fmt: skip
def test_cooldown_runs_as_long_as_the_game_says(wow_class: str, spell: str, cooldown: float) -> None:
    world = empty_world(wow_class)
    world.player.power = world.player.power_max
    dummy(world, (4.0, 0.0))
    world.press(spell)
    facts = world.spells[spell]
    assert world.casting.cooldown_left(facts) == pytest.approx(cooldown)
    run(world, cooldown + 0.05)
    assert world.casting.cooldown_left(facts) == 0.0


def test_spell_with_charges_is_ready_until_they_are_spent_and_recharges_one_by_one() -> None:
    world = empty_world("mage")
    spell = SpellDef("two", "Two", target="self", gcd_s=0.0, cooldown_s=10.0, charges=2, school="arcane")
    world.spells["two"] = spell
    world.press("two")
    assert world.casting.cooldown_left(spell) == 0.0
    run(world, 4.0)
    world.press("two")
    assert world.casting.cooldown_left(spell) == pytest.approx(6.0)
    run(world, 6.1)
    assert world.player.charges["two"] == 1
    run(world, 10.0)
    assert world.player.charges["two"] == 2
    assert "two" not in world.player.cooldowns


def test_potions_share_one_cooldown_and_are_used_up() -> None:
    world = empty_world("mage")
    world.player.health = 1.0
    world.press("healing_potion")
    assert world.player.bags["healing_potion"] == 4
    assert world.player.health > 2000
    world.press("mana_potion")
    assert error_of(world) == "Spell is not ready yet"


@pytest.mark.parametrize(("distance", "error"), [(35.0, ""), (37.0, "Out of range")])
def test_frostbolt_reaches_36_yards(distance: float, error: str) -> None:
    world = empty_world("mage")
    dummy(world, (distance, 0.0))
    world.press("frostbolt")
    assert error_of(world) == error


@pytest.mark.parametrize(("distance", "error"), [(5.0, "You are too close!"), (15.0, ""), (26.0, "Out of range")])
def test_charge_needs_8_to_25_yards(distance: float, error: str) -> None:
    world = empty_world("warrior")
    foe = dummy(world, (distance, 0.0))
    world.press("charge")
    assert error_of(world) == error
    assert world.player.power == (0.0 if error else 15.0)
    assert world.player.distance(foe) == pytest.approx(distance if error else 3.0)


def test_enemy_behind_is_faced_with_click_to_move_and_refused_without() -> None:
    turning, keyboard = empty_world("mage"), empty_world("mage", click_to_move=False)
    for world in (turning, keyboard):
        dummy(world, (-15.0, 0.0))
        world.press("frostbolt")
    assert turning.player.cast is not None
    assert keyboard.player.cast is None
    assert error_of(keyboard) == "Target needs to be in front of you"


def test_mana_comes_back_only_five_seconds_after_it_was_spent() -> None:
    world = empty_world("mage")
    dummy(world)
    world.press("ice_lance")
    spent = world.player.power
    run(world, 4.9)
    assert world.player.power == spent
    run(world, 1.1)
    assert world.player.power == pytest.approx(spent + world.player.facts.spirit_regen * 1.0, rel=0.11)


def test_mage_armor_keeps_half_the_regeneration_inside_the_five_seconds() -> None:
    world = empty_world("mage")
    dummy(world)
    auras.apply(world, world.player, world.auras["mage_armor"])
    world.press("ice_lance")
    spent = world.player.power
    run(world, 4.0)
    assert world.player.power - spent == pytest.approx(4.0 * 0.5 * world.player.facts.spirit_regen, rel=0.02)


def test_energy_comes_at_ten_a_second_and_rage_fades_at_one() -> None:
    rogue, warrior = empty_world("rogue"), empty_world("warrior")
    rogue.player.power, warrior.player.power = 0.0, 50.0
    run(rogue, 3.0)
    run(warrior, 3.0)
    assert rogue.player.power == pytest.approx(30.0, abs=0.1)
    assert warrior.player.power == pytest.approx(47.0, abs=0.1)


def test_rage_of_damage_taken_follows_the_formula() -> None:
    world = empty_world("warrior")
    foe = dummy(world)
    world.damage.player(2000.0, foe, physical=False)
    assert world.player.power == pytest.approx(2.5 * 2000.0 / rage_conversion(80))
    assert rage_conversion(80) == pytest.approx(453.3, abs=0.1)


def test_white_swings_make_rage_and_come_at_the_weapon_speed() -> None:
    world = empty_world("warrior")
    foe = dummy(world, (3.0, 0.0))
    world.press("attack")
    swings, at = 0, world.player.swing_at
    for _ in range(1400):
        world.step(0.01)
        swings += world.player.swing_at != at
        at = world.player.swing_at
    assert swings == 4  # at 0, 3.5, 7, 10.5
    assert foe.health < foe.health_max
    assert world.player.power > 0


def test_heroic_strike_waits_for_the_next_swing() -> None:
    world = empty_world("warrior")
    dummy(world, (3.0, 0.0))
    world.press("attack")
    run(world, 0.5)
    world.player.power = 50.0
    world.press("heroic_strike")
    assert world.player.power == 50.0
    assert world.player.next_swing is world.spells["heroic_strike"]
    run(world, 3.2)
    assert world.player.next_swing is None
    assert world.player.power < 50.0


def test_execute_is_dark_above_20_percent_and_takes_more_rage_below() -> None:
    world = empty_world("warrior")
    foe = enemy(world, (3.0, 0.0), "hulk")
    world.player.power = 60.0
    execute = world.spells["execute"]
    assert not world.casting.usable(execute)
    foe.health = 0.19 * foe.health_max
    assert world.casting.usable(execute)
    while world.player.power == 60.0:  # a miss gives most of it back and is tried again
        world.press("execute")
        world.step(0.05)
    assert world.player.power < 60.0 - 15.0 + 1.0


def test_overpower_opens_after_a_dodge_for_five_seconds() -> None:
    world = empty_world("warrior")
    foe = dummy(world, (3.0, 0.0))
    overpower = world.spells["overpower"]
    assert not world.casting.usable(overpower)
    avoided(world, foe, "dodge")
    assert world.casting.usable(overpower)
    run(world, 5.1)
    assert not world.casting.usable(overpower)


def test_fingers_of_frost_comes_from_frostbolts_and_two_strikes_use_it() -> None:
    world = empty_world("mage", seed=3)
    dummy(world)
    for _ in range(60):
        world.player.power = world.player.power_max
        world.press("frostbolt")
        run(world, 2.6)
        if world.player.has("fingers_of_frost"):
            break
    run(world, 1.5)
    auras.apply(world, world.player, world.auras["fingers_of_frost"], stacks=2)
    assert world.casting.usable(world.spells["deep_freeze"])
    for _ in range(2):
        world.press("ice_lance")
        run(world, 1.6)
    assert not world.player.has("fingers_of_frost")


def test_brain_freeze_makes_one_fireball_instant_and_free() -> None:
    world = empty_world("mage")
    dummy(world)
    auras.apply(world, world.player, world.auras["brain_freeze"])
    before = world.player.power
    world.press("fireball")
    assert world.player.cast is None
    assert world.player.power == before
    assert not world.player.has("brain_freeze")


@pytest.mark.parametrize(("spell", "lock"), [("counterspell", 8.0)])
def test_interrupt_breaks_the_enemy_cast_and_locks_it_out(spell: str, lock: float) -> None:
    world = empty_world("mage", seed=5)
    foe = enemy(world, (20.0, 0.0), "warlock")
    world.minds.begin_cast(foe, foe.facts.casts[0])
    foe.target = world.player
    world.press(spell)
    assert foe.cast is None
    assert foe.cast_end is not None
    assert foe.cast_end.state == "interrupted"
    assert foe.lock_until == pytest.approx(world.now + lock)


def test_uninterruptible_cast_goes_on() -> None:
    world = empty_world("mage", seed=5)
    foe = enemy(world, (20.0, 0.0), "warlock")
    world.minds.begin_cast(foe, foe.facts.casts[0])
    assert isinstance(foe.cast, Cast)
    foe.cast.interruptible = False
    world.press("counterspell")
    assert foe.cast is not None


@pytest.mark.parametrize(("level", "known"), [(80, True), (20, False)])
def test_spells_above_the_level_leave_their_slot_empty(level: int, known: bool) -> None:
    world = World("grind", 1, bindings("mage", level))
    assert ("ice_barrier" in world.spells) is known
    row = [t for bar in world.bars.values() for t in bar]
    assert ("ice_barrier" in row) is known


@pytest.mark.parametrize(
    ("wow_class", "spell", "share"),
    [
        ("mage", "frostbolt", 0.11),
        ("mage", "frost_nova", 0.07),
        ("priest", "mind_flay", 0.09),
        ("priest", "smite", 0.09),
    ],
)
def test_mana_cost_is_a_share_of_base_mana(wow_class: str, spell: str, share: float) -> None:
    world = empty_world(wow_class)
    assert world.casting.cost(world.spells[spell]) == pytest.approx(share * world.player.facts.base_mana)
