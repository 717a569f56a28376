"""A community list for 3.3.5, unchanged, plays in the training ground with only a TOML beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wowbot.build import RunOptions, build_rig
from wowbot.control import Control

LIST = "lists/wotlk/profiles/Mage_T10_18_00_53.simc"
"""Frost mage, spec 18/0/53, SimulationCraft of 2010."""

TOML = """
name = "community"
rules = "list.simc"
dialect = "wotlk"
era = "wotlk"
wow_class = "mage"
spec = "frost"

[aliases]
frost_bolt = "frostbolt"
frozen = "frost_nova"
frostfire_bolt = "fireball"

[bars.main]
1 = "1"
2 = "2"
3 = "3"
4 = "4"
[bars.bottom_left]
3 = "shift-3"

[spells.frostbolt]
slot = "main.1"
cast_s = 2.5
range_yd = 36.0
confirm = "cast"
[spells.fireball]
slot = "main.2"
cast_s = 3.5
range_yd = 35.0
confirm = "gcd"
[spells.ice_lance]
slot = "main.3"
range_yd = 36.0
[spells.fire_blast]
slot = "main.4"
cooldown_s = 8.0
range_yd = 20.0
[spells.mana_gem]
slot = "bottom_left.3"
cooldown_s = 120.0
gcd_s = 0.0
[spells.target_nearest]
key = "tab"
gcd_s = 0.0
[spells.interact]
key = "f"
gcd_s = 0.0

[auras.frost_nova]
unit = "target"
harmful = true
[auras.brain_freeze]
[auras.bloodlust]

# The list takes an enemy in reach for granted; these two bring one there when it has nothing to do.
[remedies]
idle_s = 1.5
idle = ["target_nearest", "interact", "target_nearest", "interact"]

[stop]
stuck = false
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_community_list_wins_a_fight(apl_dir: Path, tmp_path: Path, seed: int) -> None:
    shutil.copy(apl_dir / LIST, tmp_path / "list.simc")
    (tmp_path / "community.toml").write_text(TOML)
    rig = build_rig(RunOptions(profile=str(tmp_path / "community.toml"), world="sim", truth=True, seed=seed))
    Control(rig, seconds=90.0).run()
    report = rig.report.as_dict()
    assert (report["kills"] >= 1, report["deaths"]) == (True, 0)
    assert report["abilities"]["frostbolt"] >= 3
    assert {"flask", "food", "snapshot_stats", "water_elemental"} <= set(rig.rules.keyless)
