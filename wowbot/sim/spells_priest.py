"""Priest, shadow with a healer's first ranks. Numbers: the 3.3.5 spell database by the ids given."""

from __future__ import annotations

from wowbot.sim.facts import AuraDef, ClassDef, SpellDef

AURAS: tuple[AuraDef, ...] = (
    AuraDef("power_word_fortitude", "Power Word: Fortitude", 1800.0),
    AuraDef("inner_fire", "Inner Fire", 1800.0),
    AuraDef("vampiric_embrace", "Vampiric Embrace", 1800.0),  # 15286
    AuraDef("shadowform", "Shadowform", 0.0, damage_pct=15.0, taken_pct=-15.0),  # 15473
    AuraDef("power_word_shield", "Power Word: Shield", 30.0, absorb=3900.0),  # 48066: 2230 + .807 SP
    AuraDef("weakened_soul", "Weakened Soul", 15.0, harmful=True),  # 6788
    AuraDef("renew", "Renew", 15.0, tick_s=3.0, tick_heal=850.0),  # 48068
    AuraDef("dispersion", "Dispersion", 6.0, tick_s=1.0, tick_power_pct=6.0, taken_pct=-90.0),  # 47585
    AuraDef("shadow_weaving", "Shadow Weaving", 15.0, max_stack=5, damage_pct=2.0),
    AuraDef("shadowfiend", "Shadowfiend", 15.0, tick_s=1.5, tick_power_pct=5.0),  # 34433: 5 % of mana a strike
    AuraDef("shadow_word_pain", "Shadow Word: Pain", 18.0, harmful=True, school="magic", tick_s=3.0, tick_damage=640.0),
    AuraDef("vampiric_touch", "Vampiric Touch", 15.0, harmful=True, school="magic", tick_s=3.0, tick_damage=1050.0),
    AuraDef(
        "devouring_plague", "Devouring Plague", 24.0, harmful=True, school="disease", tick_s=3.0, tick_damage=620.0
    ),
    AuraDef("mind_flay", "Mind Flay", 3.0, harmful=True, school="magic", slow_pct=50.0),
    AuraDef("holy_fire", "Holy Fire", 7.0, harmful=True, school="magic", tick_s=1.0, tick_damage=85.0),
    AuraDef("psychic_scream", "Psychic Scream", 8.0, harmful=True, school="magic", fear=True, breaks=True),
)

SPELLS: tuple[SpellDef, ...] = (
    SpellDef("smite", "Smite", 48123, 1, cast_s=2.0, cost_pct=9.0, range_yd=30.0, damage=(1550.0, 1700.0),
             school="holy"),
    SpellDef("holy_fire", "Holy Fire", 48135, 20, cast_s=1.5, cost_pct=11.0, cooldown_s=10.0, range_yd=30.0,
             damage=(1750.0, 1950.0), aura_target="holy_fire", school="holy"),
    SpellDef("shadow_word_pain", "Shadow Word: Pain", 48125, 4, cost_pct=22.0, range_yd=36.0,
             aura_target="shadow_word_pain", school="shadow"),
    # 48127: 1.5 s, 8 s less 2.5 by Improved Mind Blast, 17 %.
    SpellDef("mind_blast", "Mind Blast", 48127, 10, cast_s=1.5, cost_pct=17.0, cooldown_s=5.5, range_yd=36.0,
             damage=(2150.0, 2300.0), school="shadow"),
    # 48156: 3 s channel, three strikes, 9 %, 50 % slow.
    SpellDef("mind_flay", "Mind Flay", 48156, 20, channel_s=3.0, ticks=3, cost_pct=9.0, range_yd=36.0,
             damage=(760.0, 760.0), aura_target="mind_flay", school="shadow"),
    SpellDef("vampiric_touch", "Vampiric Touch", 48160, 50, cast_s=1.5, cost_pct=16.0, range_yd=36.0,
             aura_target="vampiric_touch", school="shadow"),
    SpellDef("devouring_plague", "Devouring Plague", 48300, 20, cost_pct=25.0, range_yd=36.0,
             aura_target="devouring_plague", school="shadow"),
    SpellDef("shadow_word_death", "Shadow Word: Death", 48158, 62, cost_pct=12.0, cooldown_s=12.0, range_yd=36.0,
             damage=(1350.0, 1500.0), school="shadow", hooks=("backlash",)),
    SpellDef("silence", "Silence", 15487, 30, gcd_s=0.0, cost_pct=6.0, cooldown_s=45.0, range_yd=36.0, lock_s=5.0,
             school="shadow"),
    SpellDef("psychic_scream", "Psychic Scream", 10890, 14, target="none", cost_pct=15.0, cooldown_s=27.0,
             radius_yd=8.0, aura_target="psychic_scream", school="shadow", lock_s=0.1, max_targets=5),
    SpellDef("power_word_shield", "Power Word: Shield", 48066, 6, target="self", cost_pct=23.0, cooldown_s=4.0,
             aura_self="power_word_shield", school="discipline", needs=("no_weakened_soul",), hooks=("weaken_soul",)),
    SpellDef("renew", "Renew", 48068, 8, target="self", cost_pct=17.0, aura_self="renew", school="holy"),
    SpellDef("flash_heal", "Flash Heal", 48071, 20, target="self", cast_s=1.5, cost_pct=18.0, heal=(3100.0, 3500.0),
             school="holy"),
    SpellDef("lesser_heal", "Lesser Heal", 2053, 1, target="self", cast_s=2.0, cost_pct=16.0, heal=(2400.0, 2700.0),
             school="holy"),
    SpellDef("dispersion", "Dispersion", 47585, 60, target="self", cooldown_s=120.0, aura_self="dispersion",
             school="shadow"),
    SpellDef("shadowfiend", "Shadowfiend", 34433, 66, cooldown_s=300.0, range_yd=30.0, aura_self="shadowfiend",
             school="shadow"),
    SpellDef("shadowform", "Shadowform", 15473, 40, target="self", cost_pct=13.0, aura_self="shadowform",
             school="shadow"),
    SpellDef("vampiric_embrace", "Vampiric Embrace", 15286, 30, target="self", aura_self="vampiric_embrace",
             school="shadow"),
    SpellDef("inner_fire", "Inner Fire", 48168, 12, target="self", cost_pct=14.0, aura_self="inner_fire",
             school="discipline"),
    SpellDef("power_word_fortitude", "Power Word: Fortitude", 48161, 1, target="self", cost_pct=27.0,
             aura_self="power_word_fortitude", school="discipline"),
    SpellDef("shoot", "Shoot", 5019, 1, cast_s=0.5, gcd_s=1.5, range_yd=30.0, damage=(560.0, 640.0),
             missile_yd_s=40.0, school="wand"),
)  # fmt: skip

PRIEST = ClassDef(
    "priest", "mana", health=17500.0, power_max=17000.0, base_mana=3863.0, armor=0.84, weapon=(320.0, 420.0),
    swing_s=2.0, spirit_regen=75.0, crit_pct=22.0, spells=SPELLS, auras=AURAS,
    procs=("vampiric_embrace", "vampiric_touch"),
)  # fmt: skip
