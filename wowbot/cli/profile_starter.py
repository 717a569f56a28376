"""The text of a new profile: TOML and list, with comments that say what to fill in."""

from __future__ import annotations

from collections.abc import Mapping

POWERS_BY_CLASS: Mapping[str, str] = {
    "warrior": "rage", "rogue": "energy", "death_knight": "runic_power", "mage": "mana", "priest": "mana",
    "warlock": "mana", "paladin": "mana", "hunter": "mana", "shaman": "mana", "druid": "mana",
}  # fmt: skip

_TOML = """\
#:schema ./profile.schema.json
# A profile: what your character has, and which keys reach it. The list beside it says what to do.
# Editors that know the line above complete and check this file.
name = "{name}"
description = "my {wow_class}"
rules = "{name}.simc"
era = "{era}"
wow_class = "{wow_class}"
power = "{power}"
level = 80
# spec = "frost"          # makes spec.frost 1
# dialect = "modern"      # modern | pre2015 | wotlk | hekili: the age of the list's language

# The key of every slot you use: bar, slot number = key as the game writes it ("2", "shift-f", "mouse4").
[bars.main]
1 = "1"
2 = "2"
3 = "3"

# One table a spell, named as SimulationCraft names it. The slot is where its cooldown, range and usability are seen.
[spells.main_attack]
slot = "main.1"
cast_s = 0.0              # seconds; 0 = instant
cooldown_s = 0.0
gcd_s = 1.5               # 0 = off the global cooldown
range_yd = 30.0           # 0 = melee or self
confirm = "gcd"           # what shows that it took: cast | cooldown | gcd

[spells.big_attack]
slot = "main.2"
cooldown_s = 8.0
confirm = "cooldown"

[spells.heal_potion]
slot = "main.3"
gcd_s = 0.0
cooldown_s = 60.0

# Keys that are on no bar.
[spells.target_nearest]
key = "tab"
gcd_s = 0.0
cooldown_s = 1.0

[spells.interact]
key = "f"
gcd_s = 0.0
cooldown_s = 1.5

# Buffs and debuffs the list asks for; the icon's name defaults to the aura's.
[auras.my_buff]
unit = "player"           # player | target
duration_s = 1800.0       # 0 = does not run out

# Facts that never change in a session; talents you have not taken are 0.
[statics]
"talent.example" = 0

# When to stop by itself; 0 = never.
[stop]
minutes = 0
deaths = 0
"""

_LIST = """\
# First line that is ready wins. `actions` is where every decision begins; other lists run when they are called.
actions=heal_potion,if=health.pct<40
actions+=/target_nearest,if=!target.exists|target.dead
actions+=/run_action_list,name=fight,if=in_combat|target.reaction<=4

actions.fight=big_attack,if=target.health.pct>20
actions.fight+=/main_attack
# Out of range: go there.
actions.fight+=/interact,if=!action.main_attack.in_range
"""


def starter(name: str, wow_class: str, era: str) -> dict[str, str]:
    """File suffix -> text."""
    return {
        ".toml": _TOML.format(name=name, wow_class=wow_class, era=era, power=POWERS_BY_CLASS[wow_class]),
        ".simc": _LIST,
    }
