"""What a list's names stand for in live play: the line's own spell, older and other spellings, synonyms.

Only spellings change here; a name that no table knows is left as it is. State files skip this: there names are exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from wowbot.apl.entries import Entry
from wowbot.apl.syntax import Binary, Name, Node, Number

ACTION_LEAVES = frozenset(
    {"cast_time", "execute_time", "cost", "cost_affordable", "usable", "usable_in", "in_range", "travel_time",
     "in_flight", "in_flight_remains", "casting", "executing", "channeling", "last_used", "enabled", "spend", "casts",
     "time_since", "crit_pct_current", "hit_damage", "crit_damage", "damage"}
)  # fmt: skip
"""Bare names that mean this line's spell, as `action.X.NAME`."""
COOLDOWN_LEAVES = frozenset(
    {"charges", "charges_fractional", "max_charges", "recharge_time", "full_recharge_time", "cooldown_react", "ready"}
)
"""... as `cooldown.X.NAME`."""
DOT_LEAVES = frozenset(
    {"ticking", "remains", "refreshable", "duration", "ticks", "ticks_remain", "ticks_remain_fractional", "tick_time",
     "tick_time_remains", "new_tick_time", "tick_damage", "current_ticks", "stack", "max_stacks", "persistent_multiplier",
     "multiplier", "pmultiplier", "up", "down", "react"}
)  # fmt: skip
"""... as `dot.X.NAME`, or `buff.X.NAME` where the profile says that X is a buff on the player."""

ALIASES: Mapping[str, str] = {
    "mana_pct": "mana.pct",
    "mana_percentage": "mana.pct",
    "mana_perc": "mana.pct",
    "health_pct": "health.pct",
    "health_percentage": "target.health.pct",
    "target.health_pct": "target.health.pct",
    "target.health_percentage": "target.health.pct",
    "time_to_die": "target.time_to_die",
    "ttd": "target.time_to_die",
    "fight_remains": "target.time_to_die",
    "combat": "in_combat",
    "buff.combo_points.stack": "combo_points",
    "buff.casting.up": "cast.active",
    "debuff.casting.up": "target.cast.active",
    "debuff.casting.react": "target.cast.active",
    "movement.moving": "moving",
    "buff.stealthed.up": "buff.stealth.up",
    "true_active_enemies": "active_enemies",
    "my_enemies": "active_enemies",
}
"""Whole names: what older SimulationCraft and Hekili's packs wrote -> ours."""
LEAF_ALIASES: Mapping[str, str] = {"percent": "pct", "stacks": "stack", "rem": "remains", "max_stacks": "max_stack"}
"""Last parts of a name."""

_PREFIXES = re.compile(r"^(self\.|target\.(?=(debuff|dot)\.))")
_STATIC = re.compile(r"^(talent|glyph|artifact|azerite|essence|covenant|soulbind|conduit)\.(\w+)\.(enabled|selected)$")
_WITHIN = re.compile(r"^target\.(within|outside)([0-9]+)$")
_POWERS = ("mana", "rage", "energy", "focus", "runic_power", "combo_points", "health")


class Names:
    """The live resolver: `Names(...)(name, entry)` gives the tree a name stands for.

    Args:
        token: the profile's spell that an entry stands for.
        buffs: auras on the player, by the profile.
        aliases: the user's own: whole names or name parts -> ours.
    """

    def __init__(
        self, token: Callable[[Entry], str], buffs: Collection[str] = (), aliases: Mapping[str, str] | None = None
    ) -> None:
        self.token, self.buffs, self.aliases = token, frozenset(buffs), aliases or {}

    def __call__(self, name: str, entry: Entry) -> Node:
        """The tree that `name` stands for in this entry."""
        if name.startswith("variable."):
            return Name(name)
        name = self.canonical(name, self.token(entry))
        if name == "target.adds":
            return Binary("-", Name("active_enemies"), Number(1.0))
        within = _WITHIN.match(name)
        if within:
            distance, yards = Name("target.distance"), Number(float(within.group(2)))
            return Binary("<=", distance, yards) if within.group(1) == "within" else Binary(">", distance, yards)
        return Name(name)

    def canonical(self, name: str, token: str) -> str:
        """Our spelling of a name."""
        name = _PREFIXES.sub("", self.aliases.get(name, name))
        name = ALIASES.get(name, name)
        if "." not in name:
            return self._bare(name, token)
        head, _, leaf = name.rpartition(".")
        if leaf == "current" and head in _POWERS:
            return head
        name = f"{head}.{LEAF_ALIASES.get(leaf, leaf)}"
        static = _STATIC.match(name)
        if static:
            return f"{static.group(1)}.{static.group(2)}"
        return ".".join(self.aliases.get(part, part) for part in name.split(".")) if self.aliases else name

    def _bare(self, name: str, token: str) -> str:
        if not token:
            return name
        if name in ACTION_LEAVES:
            return f"action.{token}.{name}"
        if name in COOLDOWN_LEAVES:
            return f"cooldown.{token}.{'ready' if name == 'cooldown_react' else name}"
        if name in DOT_LEAVES:
            leaf = LEAF_ALIASES.get(name, name)
            family = "buff" if token in self.buffs else "debuff" if name in ("up", "down", "react", "stack") else "dot"
            return f"{family}.{token}.{leaf}"
        return name
