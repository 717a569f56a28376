"""Mage, frost. Numbers: the 3.3.5 spell database by the ids given (highest ranks); damage with about 1500 spell power."""

from __future__ import annotations

from wowbot.sim.facts import AuraDef, ClassDef, SpellDef

AURAS: tuple[AuraDef, ...] = (
    AuraDef("arcane_intellect", "Arcane Intellect", 1800.0),
    AuraDef("frost_armor", "Frost Armor", 1800.0, exclusive="mage_armor"),
    AuraDef("ice_armor", "Ice Armor", 1800.0, exclusive="mage_armor"),
    AuraDef("mage_armor", "Mage Armor", 1800.0, regen_in_combat_pct=50.0, exclusive="mage_armor"),  # 43024
    AuraDef("molten_armor", "Molten Armor", 1800.0, crit_pct=5.0, exclusive="mage_armor"),  # 43046
    AuraDef("ice_barrier", "Ice Barrier", 60.0, absorb=4800.0),  # 43039: 3300 + .807 of spell power
    AuraDef("mana_shield", "Mana Shield", 60.0, absorb=1330.0),  # 43020
    AuraDef("icy_veins", "Icy Veins", 20.0, haste_pct=20.0),  # 12472
    AuraDef("fingers_of_frost", "Fingers of Frost", 15.0, max_stack=2, proc=True),  # 44544: two charges
    AuraDef("brain_freeze", "Fireball!", 15.0, proc=True),  # 57761
    AuraDef("ice_block", "Ice Block", 10.0, immune=True, stun=True),  # 45438
    AuraDef("hypothermia", "Hypothermia", 30.0, harmful=True),  # 41425
    AuraDef("chilled", "Frostbolt", 9.0, harmful=True, school="magic", slow_pct=40.0),
    AuraDef("frost_nova", "Frost Nova", 8.0, harmful=True, school="magic", root=True, breaks=True),
    AuraDef("frostbite", "Frostbite", 5.0, harmful=True, school="magic", root=True, breaks=True),  # 12494
    AuraDef("cone_of_cold", "Cone of Cold", 8.0, harmful=True, school="magic", slow_pct=50.0),
    AuraDef("deep_freeze", "Deep Freeze", 5.0, harmful=True, school="magic", stun=True),
    AuraDef("polymorph", "Polymorph", 50.0, harmful=True, school="magic", incapacitate=True, breaks=True),
    AuraDef("winters_chill", "Winter's Chill", 15.0, max_stack=5, harmful=True, school="magic"),  # 12579
    AuraDef("fireball_dot", "Fireball", 8.0, harmful=True, school="magic", tick_s=2.0, tick_damage=29.0),
)

SPELLS: tuple[SpellDef, ...] = (
    # 42842: 3 s cast, less .5 by Improved Frostbolt; 11 % of base mana; 30 yd, 36 with Arctic Reach; 804-866 + .857 SP.
    SpellDef("frostbolt", "Frostbolt", 42842, 4, cast_s=2.5, cost_pct=11.0, range_yd=36.0, damage=(2000.0, 2200.0),
             missile_yd_s=28.0, aura_target="chilled", school="frost", hooks=("frost_procs",)),
    # 42833: 3.5 s, 19 %, 888-1132 + 1.0 SP; instant and free under Brain Freeze.
    SpellDef("fireball", "Fireball", 42833, 1, cast_s=3.5, cost_pct=19.0, range_yd=35.0, damage=(2350.0, 2600.0),
             missile_yd_s=24.0, aura_target="fireball_dot", school="fire"),
    SpellDef("ice_lance", "Ice Lance", 42914, 66, cost_pct=6.0, range_yd=36.0, damage=(440.0, 500.0),
             missile_yd_s=38.0, school="frost", hooks=("ice_lance",)),
    SpellDef("fire_blast", "Fire Blast", 42873, 6, cost_pct=21.0, cooldown_s=8.0, range_yd=20.0,
             damage=(1570.0, 1740.0), school="fire"),
    SpellDef("deep_freeze", "Deep Freeze", 44572, 60, cost_pct=9.0, cooldown_s=30.0, range_yd=36.0,
             aura_target="deep_freeze", school="frost", needs=("frozen",), hooks=("deep_freeze",)),
    SpellDef("frost_nova", "Frost Nova", 42917, 10, target="none", cost_pct=7.0, cooldown_s=25.0, radius_yd=10.0,
             damage=(650.0, 700.0), aura_target="frost_nova", school="frost"),
    SpellDef("cone_of_cold", "Cone of Cold", 42931, 26, target="none", cost_pct=25.0, cooldown_s=10.0, radius_yd=10.0,
             damage=(1050.0, 1120.0), aura_target="cone_of_cold", school="frost", hooks=("cone",)),
    # 42940: 8 s channel, 74 %, a strike each second in 8 yd round a point; here round the target.
    SpellDef("blizzard", "Blizzard", 42940, 20, channel_s=8.0, ticks=8, cost_pct=74.0, range_yd=36.0, radius_yd=8.0,
             damage=(610.0, 640.0), aura_target="chilled", school="frost"),
    SpellDef("arcane_explosion", "Arcane Explosion", 42921, 14, target="none", cost_pct=22.0, radius_yd=10.0,
             damage=(860.0, 900.0), school="arcane"),
    SpellDef("counterspell", "Counterspell", 2139, 24, gcd_s=0.0, cost_pct=9.0, cooldown_s=24.0, range_yd=30.0,
             lock_s=8.0, school="arcane"),
    SpellDef("polymorph", "Polymorph", 12826, 8, cast_s=1.5, cost_pct=12.0, range_yd=30.0, aura_target="polymorph",
             school="arcane"),
    SpellDef("blink", "Blink", 1953, 20, target="self", cost_pct=21.0, cooldown_s=15.0, school="arcane",
             hooks=("blink",)),
    SpellDef("ice_barrier", "Ice Barrier", 43039, 40, target="self", cost_pct=21.0, cooldown_s=30.0,
             aura_self="ice_barrier", school="frost"),
    SpellDef("mana_shield", "Mana Shield", 43020, 20, target="self", cost_pct=7.0, aura_self="mana_shield",
             school="arcane"),
    SpellDef("ice_block", "Ice Block", 45438, 30, target="self", cooldown_s=300.0, aura_self="ice_block",
             school="frost", needs=("no_hypothermia",), hooks=("ice_block",)),
    SpellDef("icy_veins", "Icy Veins", 12472, 20, target="self", gcd_s=0.0, cost_pct=3.0, cooldown_s=180.0,
             aura_self="icy_veins", school="frost"),
    SpellDef("cold_snap", "Cold Snap", 11958, 30, target="self", gcd_s=0.0, cooldown_s=480.0, school="frost",
             hooks=("cold_snap",)),
    # 12051: 8 s channel, 15 % of all mana every 2 s, 4 min.
    SpellDef("evocation", "Evocation", 12051, 20, target="self", channel_s=8.0, ticks=4, cooldown_s=240.0,
             school="arcane", hooks=("evocation",)),
    SpellDef("mana_gem", "Mana Sapphire", 42987, 28, target="self", gcd_s=0.0, cooldown_s=120.0, gain=3415.0, item=3,
             school="item"),
    SpellDef("arcane_intellect", "Arcane Intellect", 42995, 1, target="self", cost_pct=31.0,
             aura_self="arcane_intellect", school="arcane"),
    SpellDef("frost_armor", "Frost Armor", 7301, 1, target="self", cost_pct=24.0, aura_self="frost_armor",
             school="frost"),
    SpellDef("ice_armor", "Ice Armor", 43008, 30, target="self", cost_pct=24.0, aura_self="ice_armor", school="frost"),
    SpellDef("mage_armor", "Mage Armor", 43024, 34, target="self", cost_pct=26.0, aura_self="mage_armor",
             school="arcane"),
    SpellDef("molten_armor", "Molten Armor", 43046, 62, target="self", cost_pct=28.0, aura_self="molten_armor",
             school="fire"),
    SpellDef("shoot", "Shoot", 5019, 1, cast_s=0.5, gcd_s=1.5, range_yd=30.0, damage=(560.0, 640.0),
             missile_yd_s=40.0, school="wand"),
)  # fmt: skip

MAGE = ClassDef(
    "mage", "mana", health=16500.0, power_max=15500.0, base_mana=3268.0, armor=0.86, weapon=(350.0, 450.0),
    swing_s=2.0, spirit_regen=55.0, crit_pct=25.0, spells=SPELLS, auras=AURAS,
)  # fmt: skip
