"""Warrior, arms, and the few rogue strikes that show energy. Numbers: the 3.3.5 spell database by the ids given."""

from __future__ import annotations

from wowbot.sim.facts import AuraDef, ClassDef, SpellDef

AURAS: tuple[AuraDef, ...] = (
    AuraDef("battle_shout", "Battle Shout", 120.0, damage_pct=5.0, exclusive="shout"),  # 47436: 550 attack power, 2 min
    AuraDef("commanding_shout", "Commanding Shout", 120.0, exclusive="shout"),
    AuraDef("rend", "Rend", 15.0, harmful=True, tick_s=3.0, tick_damage=420.0),  # 47465
    AuraDef("hamstring", "Hamstring", 15.0, harmful=True, slow_pct=50.0),
    AuraDef("thunder_clap", "Thunder Clap", 30.0, harmful=True),
    AuraDef("demoralizing_shout", "Demoralizing Shout", 30.0, harmful=True, damage_pct=-12.0),
    AuraDef("mortal_strike", "Mortal Strike", 10.0, harmful=True),
    AuraDef("charge_stun", "Charge Stun", 1.5, harmful=True, stun=True),
    AuraDef("overpower_ready", "Overpower", 5.0),  # the window after a dodge; seen as a lit slot
    AuraDef("taste_for_blood", "Taste for Blood", 9.0, proc=True),  # 60503
    AuraDef("sudden_death", "Sudden Death", 10.0, proc=True),  # 52437
    AuraDef("victorious", "Victorious", 20.0, proc=True),  # 32216: after a kill that gives experience
    AuraDef("sweeping_strikes", "Sweeping Strikes", 30.0, max_stack=5),  # 12328
    AuraDef("bladestorm", "Bladestorm", 6.0),  # 46924
    AuraDef("bloodrage", "Bloodrage", 10.0, tick_s=1.0, tick_rage=1.0),  # 2687
    AuraDef("enraged_regeneration", "Enraged Regeneration", 10.0, tick_s=1.0, tick_heal=720.0),  # 55694
    AuraDef("recklessness", "Recklessness", 12.0, crit_pct=100.0, taken_pct=20.0),
    AuraDef("retaliation", "Retaliation", 12.0),
    AuraDef("intimidating_shout", "Intimidating Shout", 8.0, harmful=True, fear=True),
    AuraDef("war_stomp", "War Stomp", 2.0, harmful=True, stun=True),
    AuraDef("slice_and_dice", "Slice and Dice", 21.0, haste_pct=40.0),
)

SPELLS: tuple[SpellDef, ...] = (
    # 11578: 8-25 yd, 15 s, +15 rage, stuns 1.5 s, out of combat only.
    SpellDef("charge", "Charge", 11578, 4, gcd_s=0.0, cooldown_s=15.0, range_yd=25.0, min_range_yd=8.0, gain=15.0,
             aura_target="charge_stun", needs=("out_of_combat",), hooks=("charge",)),
    SpellDef("battle_shout", "Battle Shout", 47436, 1, target="self", cost=10.0, aura_self="battle_shout",
             school="shout"),
    SpellDef("heroic_strike", "Heroic Strike", 47450, 1, gcd_s=0.0, cost=15.0, range_yd=5.0, damage=(495.0, 495.0),
             weapon=1.0, next_swing=True),
    SpellDef("cleave", "Cleave", 47520, 20, gcd_s=0.0, cost=20.0, range_yd=5.0, damage=(222.0, 222.0), weapon=1.0,
             next_swing=True, hooks=("cleave",)),
    SpellDef("rend", "Rend", 47465, 4, cost=10.0, range_yd=5.0, aura_target="rend"),
    SpellDef("thunder_clap", "Thunder Clap", 47502, 6, target="none", cost=20.0, cooldown_s=6.0, radius_yd=8.0,
             damage=(700.0, 760.0), aura_target="thunder_clap", max_targets=4),
    SpellDef("hamstring", "Hamstring", 1715, 8, cost=10.0, range_yd=5.0, aura_target="hamstring"),
    # 7384: 5 rage, 5 s, cannot be dodged, only after a dodge or with Taste for Blood.
    SpellDef("overpower", "Overpower", 7384, 12, cost=5.0, cooldown_s=5.0, range_yd=5.0, weapon=1.0,
             needs=("overpower",), hooks=("overpower",)),
    SpellDef("mortal_strike", "Mortal Strike", 47486, 40, cost=30.0, cooldown_s=6.0, range_yd=5.0,
             damage=(380.0, 380.0), weapon=1.0, aura_target="mortal_strike"),
    # 47471: target below 20 %, 15 rage and up to 30 more turned into damage; also with Sudden Death.
    SpellDef("execute", "Execute", 47471, 24, cost=15.0, range_yd=5.0, damage=(1900.0, 1900.0), needs=("execute",),
             hooks=("execute",)),
    SpellDef("slam", "Slam", 47475, 30, cast_s=1.0, cost=15.0, range_yd=5.0, damage=(250.0, 250.0), weapon=1.0),
    SpellDef("victory_rush", "Victory Rush", 34428, 6, range_yd=5.0, damage=(900.0, 900.0), needs=("victorious",),
             hooks=("victory_rush",)),
    SpellDef("sweeping_strikes", "Sweeping Strikes", 12328, 30, target="self", gcd_s=0.0, cost=30.0, cooldown_s=30.0,
             aura_self="sweeping_strikes"),
    SpellDef("bladestorm", "Bladestorm", 46924, 60, target="none", cost=25.0, cooldown_s=90.0, channel_s=6.0, ticks=6,
             radius_yd=8.0, weapon=1.0, max_targets=4, aura_self="bladestorm"),
    SpellDef("heroic_throw", "Heroic Throw", 57755, 80, cooldown_s=60.0, range_yd=30.0, damage=(600.0, 600.0),
             missile_yd_s=40.0),
    SpellDef("shoot", "Throw", 2764, 1, cast_s=0.5, gcd_s=1.5, range_yd=30.0, min_range_yd=5.0,
             damage=(300.0, 340.0), missile_yd_s=40.0, needs=("still",)),
    SpellDef("demoralizing_shout", "Demoralizing Shout", 47437, 14, target="none", cost=10.0, radius_yd=10.0,
             aura_target="demoralizing_shout"),
    SpellDef("intimidating_shout", "Intimidating Shout", 5246, 22, target="none", cost=25.0, cooldown_s=120.0,
             radius_yd=8.0, aura_target="intimidating_shout", lock_s=0.1, max_targets=5),
    SpellDef("war_stomp", "War Stomp", 20549, 1, target="none", cast_s=0.5, gcd_s=0.0, cooldown_s=120.0, radius_yd=8.0,
             aura_target="war_stomp", lock_s=0.1, max_targets=5),
    # 2687: 20 rage over 10 s (10 at once) for 16 % of base health, off the global cooldown, 60 s.
    SpellDef("bloodrage", "Bloodrage", 2687, 10, target="self", gcd_s=0.0, cooldown_s=60.0, gain=10.0,
             aura_self="bloodrage", school="self", hooks=("bloodrage",)),
    SpellDef("enraged_regeneration", "Enraged Regeneration", 55694, 75, target="self", cost=15.0, cooldown_s=180.0,
             aura_self="enraged_regeneration", needs=("enraged",), school="self"),
    SpellDef("recklessness", "Recklessness", 1719, 50, target="self", gcd_s=0.0, cooldown_s=300.0,
             aura_self="recklessness"),
)  # fmt: skip

WARRIOR = ClassDef(
    "warrior", "rage", health=24500.0, power_max=100.0, armor=0.5, weapon=(1350.0, 1650.0), swing_s=3.5,
    crit_pct=28.0, spells=SPELLS, auras=AURAS, procs=("dodge_overpower", "sudden_death", "taste_for_blood"),
)  # fmt: skip

ROGUE_SPELLS: tuple[SpellDef, ...] = (
    SpellDef("sinister_strike", "Sinister Strike", 48638, 1, gcd_s=1.0, cost=40.0, range_yd=5.0,
             damage=(180.0, 180.0), weapon=1.0, hooks=("combo",)),
    SpellDef("eviscerate", "Eviscerate", 48668, 1, gcd_s=1.0, cost=35.0, range_yd=5.0, damage=(500.0, 700.0),
             needs=("combo",), hooks=("finish",)),
    SpellDef("slice_and_dice", "Slice and Dice", 6774, 10, gcd_s=1.0, cost=25.0, aura_self="slice_and_dice",
             range_yd=100.0, needs=("combo",), hooks=("finish",)),
)  # fmt: skip

ROGUE = ClassDef(
    "rogue", "energy", health=19000.0, power_max=100.0, armor=0.65, weapon=(700.0, 900.0), swing_s=1.8,
    crit_pct=30.0, spells=ROGUE_SPELLS, auras=AURAS,
)  # fmt: skip
