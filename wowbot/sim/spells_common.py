"""Items, stances of the client and what every class can do. Numbers: 3.3.5 spell and item database."""

from __future__ import annotations

from wowbot.sim.facts import AuraDef, SpellDef

COMMANDS: dict[str, str] = {
    "move_forward": "w",
    "move_backward": "s",
    "turn_left": "a",
    "turn_right": "d",
    "strafe_left": "q",
    "strafe_right": "e",
    "jump": "space",
    "target_nearest": "tab",
    "target_self": "f1",
    "interact": "f",
    "escape": "escape",
    "enter": "enter",
}
"""Commands of the client that are no spells, with the key each has before a profile says otherwise."""

AURAS: tuple[AuraDef, ...] = (
    AuraDef("food", "Food", 30.0, tick_s=2.0, tick_heal=1500.0, sitting=True),
    AuraDef("drink", "Drink", 30.0, tick_s=2.0, tick_power_pct=7.0, sitting=True),
    AuraDef("recently_bandaged", "Recently Bandaged", 60.0, harmful=True),
    AuraDef("resurrection_sickness", "Resurrection Sickness", 600.0, harmful=True, damage_pct=-75.0),
)

SPELLS: tuple[SpellDef, ...] = (
    SpellDef("attack", "Attack", 6603, gcd_s=0.0, range_yd=5.0, toggle=True, hooks=("start_attack",)),
    # Runic Healing / Mana Potion 33447, 33448: 2700-4500 health, 4200-4400 mana; one potion a fight, 60 s shared.
    SpellDef("healing_potion", "Runic Healing Potion", 43185, target="self", gcd_s=0.0, cooldown_s=60.0,
             heal=(2700.0, 4500.0), item=5, school="potion", shared="potion"),
    SpellDef("mana_potion", "Runic Mana Potion", 43186, target="self", gcd_s=0.0, cooldown_s=60.0, gain=4300.0,
             item=5, school="potion", shared="potion"),
    # Food and drink of level 80 restore about 22500 health and 19200 mana over 30 s (spells 45548, 43183).
    SpellDef("eat", "Eat", 45548, target="self", gcd_s=0.0, aura_self="food", item=60, school="food",
             needs=("out_of_combat", "still")),
    SpellDef("drink", "Drink", 43183, target="self", gcd_s=0.0, aura_self="drink", item=60, school="food",
             needs=("out_of_combat", "still")),
    # Heavy Frostweave Bandage 45544: 5800 health over 8 s, once a minute for each target.
    SpellDef("bandage", "Heavy Frostweave Bandage", 45544, target="self", channel_s=8.0, ticks=8, heal=(725.0, 725.0),
             item=20, school="bandage", aura_self="recently_bandaged", needs=("not_bandaged",)),
)  # fmt: skip
