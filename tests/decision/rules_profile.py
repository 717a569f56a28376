"""Profiles for tests: a TOML and a list in a folder, loaded the way the agent does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wowbot.core.state import GameState
from wowbot.decision.profile import Profile, load_profile
from wowbot.decision.rules import RulesPolicy

TOML = """
name = "test"
rules = "test.simc"
power = "mana"
{extra}
[bars.main]
1 = "1"
2 = "shift-f"
3 = "3"

[spells.bolt]
slot = "main.1"
cast_s = 2.5
range_yd = 30.0
[spells.blast]
slot = "main.2"
cost = 40.0
power = "rage"
[spells.kick]
key = "x"
gcd_s = 0.0
[spells.flay]
slot = "main.3"
channel_s = 3.0
[spells.walk]
key = "w"
gcd_s = 0.0
hold_ms = 900
[spells.strike]
key = "q"
queue = true
[spells.release]
click = "popup.button1"
[spells.target_nearest]
key = "tab"
gcd_s = 0.0
[spells.stop_casting]
key = "escape"
gcd_s = 0.0
[spells.orb]
key = "o"
[spells.mirror]
[auras.shell]
unit = "player"
[auras.sting]
unit = "target"
harmful = true
duration_s = 12.0
[statics]
"talent.storm" = 0
"""


def make_profile(folder: Path, rules: str, extra: str = "") -> Profile:
    """Write and load one."""
    (folder / "test.toml").write_text(TOML.replace("{extra}", extra))
    (folder / "test.simc").write_text(rules)
    return load_profile(str(folder / "test.toml"))


def policy(folder: Path, rules: str, extra: str = "", *, trace: bool = False) -> RulesPolicy:
    """A policy on such a profile."""
    return RulesPolicy(make_profile(folder, rules, extra), trace=trace)


def state(t_s: float = 0.0, terms: dict[str, Any] | None = None, *, targets: Any = ()) -> GameState:
    """A fight under way with a living enemy in front, and what else is given."""
    usual = {"in_combat": 1.0, "target.exists": 1.0, "target.dead": 0.0, "target.reaction": 2.0, "cast.active": 0.0}
    return GameState(0, int(t_s * 1e9), usual | (terms or {}), targets=targets)
