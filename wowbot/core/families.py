"""The rule language's own terms: families such as `cooldown.*.remains`, with how each value is known.

`state/` makes those that are seen, remembered or estimated; the profile's `[statics]` and spell facts make the static
ones; the unseen ones are SimulationCraft's names for what no pixel of the stock HUD shows, listed so that a list which
uses them can be told so beforehand. Names and meanings: https://github.com/simulationcraft/simc/wiki/ActionLists
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wowbot.core.term import INF, Known, Term


class _Group(NamedTuple):
    """Leaves of one prefix that are known in one way. A leaf is "name" or "name:unit", unit "f" = flag."""

    prefix: str
    known: Known
    leaves: str
    meaning: str


_GROUPS = (
    _Group("cooldown.*.", "seen", "remains:s up:f ready:f charges:count charges_fractional:count recharge_time:s "
           "full_recharge_time:s remains_expected:s remains_guess:s",
           "by the sweep or number on its slot, counted between sightings"),
    _Group("cooldown.*.", "static", "duration:s base_duration:s max_charges:count duration_expected:s duration_guess:s",
           "by the profile's spell facts, corrected by the sweep's speed"),
    _Group("buff.*.", "seen", "up:f down:f stack:count remains:s react:count elapsed:s at_max_stacks:f stack_pct:pct",
           "own aura, by its icon; its time by the printed number, the sweep, or counted"),
    _Group("buff.*.", "static", "duration:s max_stack:count", "own aura, by the profile"),
    _Group("buff.*.", "unseen", "value default_value tick_time:s tick_time_remains:s cooldown_remains:s "
           "internal_cooldown_remains:s last_trigger:s last_expire:s last_applied:s expiration_delay_remains:s "
           "react_pct:pct stack_value count:count pmultiplier", "inner workings of an aura"),
    _Group("debuff.*.", "seen", "up:f down:f stack:count remains:s react:count ticking:f refreshable:f elapsed:s "
           "at_max_stacks:f stack_pct:pct", "aura on the target, by its icon"),
    _Group("debuff.*.", "static", "duration:s max_stack:count", "aura on the target, by the profile"),
    _Group("debuff.*.", "unseen", "value last_trigger:s last_expire:s count:count pmultiplier", "inner workings"),
    _Group("dot.*.", "seen", "ticking:f up:f remains:s refreshable:f stack:count", "damage over time on the target"),
    _Group("dot.*.", "static", "duration:s max_stack:count", "by the profile"),
    _Group("dot.*.", "unseen", "ticks:count ticks_remain:count ticks_remain_fractional:count current_ticks:count "
           "tick_time_remains:s extended_time:s tick_dmg crit_dmg pmultiplier multiplier haste_pct crit_pct spell_power "
           "attack_power tick_time:s new_tick_time:s", "inner workings of a damage over time"),
    _Group("target.buff.*.", "seen", "up:f down:f stack:count remains:s", "the target's own buff, by its icon"),
    _Group("action.*.", "seen", "usable:f in_range:f ready:f enabled:f charges:count",
           "by its slot's tint, hotkey colour, sweep and count"),
    _Group("action.*.", "static", "cast_time:s execute_time:s gcd:s cost:count cooldown:s max_charges:count spend:count",
           "by the profile's spell facts"),
    _Group("action.*.", "remembered", "last_used:s casting:f", "by confirmed key presses and the cast bar"),
    _Group("action.*.", "unseen", "in_flight:f in_flight_remains:s in_flight_to_target:f travel_time:s damage hit_damage "
           "crit_damage tick_damage crit_pct_current:pct multiplier persistent_multiplier energize_amount healing casts "
           "tick_time:s new_tick_time:s duration:s channeling:f executing:f usable_in:s time_since:s max_rank:count "
           "execute_remains:s cast_remains:s channel_remains:s cost_affordable:f cooldown_react:f recharge_time:s "
           "charges_fractional:count full_recharge_time:s target_count:count", "known to a simulator"),
    _Group("prev_gcd.*.", "remembered", "*:f", "the Nth last spell on the global cooldown, 1 = the last"),
    _Group("prev.", "remembered", "*:f", "the last spell"),
    _Group("prev_off_gcd.", "remembered", "*:f", "used off the global cooldown since the last spell on it"),
    _Group("variable.", "remembered", "*", "the list's own variable"),
    _Group("gcd.", "seen", "remains:s", "global cooldown left, by the sweep that starts on many slots at once"),
    _Group("gcd.", "static", "max:s", "length of the global cooldown"),
    _Group("", "static", "gcd:s", "length of the global cooldown"),
    _Group("", "estimated", "time:s time_to_die:s fight_remains:s active_enemies:count spell_targets:count "
           "enemies:count", "since the combat icon; health left by its mean loss; hostile nameplates that are hurt"),
    _Group("spell_targets.", "estimated", "*:count", "as active_enemies"),
    _Group("active_enemies_within.", "estimated", "*:count", "as active_enemies: the screen shows no distances"),
    _Group("enemies.", "estimated", "visible:count", "hostile nameplates on screen"),
    _Group("target.", "estimated", "time_to_die:s time_to_pct_20:s time_to_pct_35:s distance:yd",
           "health by its mean loss over at most 15 s; distance between ranges by hotkey colours"),
    _Group("", "estimated", "range:yd", "distance to the target, as target.distance"),
    _Group("cast.", "seen", "remains:s", "own cast bar times the cast's length"),
    _Group("swing.", "unseen", "mh.remains:s oh.remains:s ranged.remains:s", "no swing timer on the stock HUD"),
    _Group("bags.", "unseen", "free:count full:f", "bags are closed in play"),
    _Group("bobber.", "seen", "exists:f x:px y:px splash:f", "fishing bobber, by the detector"),
    *(_Group(f"{name}.", "seen", "visible:f count:count x:px y:px dx dy size:pct id:count",
             f"{name}: how many the detector tracks; place, offset from the frame's centre and height of the nearest to it "
             "(dx, dy, size in pct of the frame's height)") for name in ("enemy", "corpse", "quest_mark", "resource_node")),
    _Group("players.", "seen", "count:count", "players the detector tracks, the own one too"),
    _Group("detector.", "seen", "age:s", "age of the frame the newest detections are from"),
    _Group("", "seen", "rune:count blood:count frost:count unholy:count death:count",
           "own runes ready; of each kind where the client draws kinds in colours of their own (3.3.5)"),
    _Group("rune.", "seen", "max:count deficit:count", "own runes"),
    _Group("rune.", "estimated", "time_to_*:s", "until so many runes are ready, counted from when each was spent"),
    _Group("rune.", "unseen", "regen net_regen pct:pct", "known to a simulator"),
    _Group("movement.", "unseen", "remains:s distance:yd speed", "how far one must still walk"),
    _Group("active_dot.", "unseen", "*:count", "targets that have it; the target frame shows one"),
    _Group("pet.*.", "unseen", "active:f remains:s", "which pet it is"),
    _Group("stat.", "unseen", "*", "character sheet"),
    _Group("", "unseen", "spell_haste attack_haste spell_crit attack_crit mastery_value spell_power attack_power "
           "latency:s desired_targets:count expected_combat_length:s position_front:f position_back:f "
           "time_to_bloodlust:s bloodlust:f boss:f aggro:f group:f raid:f solo:f group_members:count query_time:s",
           "known to a simulator or an addon"),
    _Group("raid_event.*.", "unseen", "in:s exists:f up:f remains:s count:count duration:s cooldown:s distance:yd "
           "distance_max:yd distance_min:yd to_pct:pct first:s", "the simulator's script"),
    _Group("target.", "unseen", "is_demon:f is_undead:f is_boss:f is_player:f time_to_pct_*:s unit", "creature type"),
)  # fmt: skip

_STATIC = (
    "talent.*", "talent.*.rank", "hero_tree.*", "glyph.*", "set_bonus.*", "equipped.*", "race.*", "spec.*", "role.*",
    "covenant.*", "soulbind.*", "conduit.*", "conduit.*.*", "runeforge.*", "runeforge.*.*", "azerite.*", "azerite.*.*",
    "artifact.*", "artifact.*.*", "essence.*.*", "spell.*.*", "main_hand.*", "off_hand.*", "settings.*",
    "toggle.*", "assigned_aura.*", "assigned_blessing.*", "assigned_shout.*", "fight_style.*", "dbc.*", "dbc.*.*",
    "trinket.*.has_cooldown", "trinket.*.has_use_buff", "trinket.*.has_use_damage", "trinket.*.has_buff.*",
    "trinket.*.has_stat.*", "trinket.*.has_use", "trinket.*.has_proc", "trinket.*.is.*", "trinket.*.is_equipped",
    "trinket.*.cooldown.duration", "trinket.*.proc.*.duration", "trinket.*.ilvl", "trinket.*.cast_time",
    "trinket.*.proc.*", "trinket.*.buff.*.duration", "trinket.*.proc.*.default_value", "trinket.*.has_stacking_stat.*",
    "equipped.*.*", "ptr", "bugs", "dps", "dpm", "debug", "item.*", "gear.*", "race", "spec", "potion.*",
)  # fmt: skip
"""Facts of the character and of settings: they stand in the profile's [statics]."""
_POWERS = ("mana", "rage", "energy", "focus", "runic_power")
_UNREAD_POWERS = (
    "soul_shard", "soul_shards", "holy_power", "chi", "maelstrom", "fury", "pain", "insanity", "essence",
    "astral_power", "arcane_charges", "shadow_orb", "burning_ember", "demonic_fury", "eclipse", "blood_runes",
    "frost_runes", "unholy_runes", "death_runes", "soul_fragments",
)  # fmt: skip
_POWER_LEAVES = (
    ("max", "count", "seen"), ("deficit", "count", "seen"), ("regen", "", "static"), ("time_to_max", "s", "estimated"),
    ("deficit.pct", "pct", "seen"), ("net_regen", "", "unseen"), ("time_to_*", "s", "unseen"),
    ("pct_nonproc", "pct", "unseen"), ("max_nonproc", "count", "unseen"), ("base_deficit", "count", "unseen"),
)  # fmt: skip


def _terms() -> Iterable[Term]:
    for group in _GROUPS:
        for leaf in group.leaves.split():
            name, _, unit = leaf.partition(":")
            flag = unit == "f"
            high = 1.0 if flag else 100.0 if unit == "pct" else INF
            low = 0.0 if unit else -INF
            kind, unit = ("flag", "") if flag else ("number", unit)
            yield Term(group.prefix + name, kind, unit, low, high, group.known, group.meaning)  # type: ignore[arg-type]
    for name in _STATIC:
        yield Term(name, "number", "", -INF, INF, "static", "a fact of the character: [statics] of the profile")
    for power in (*_POWERS, "combo_points", "health"):
        for leaf, unit, known in _POWER_LEAVES if power != "health" else _POWER_LEAVES[1:]:
            yield Term(f"{power}.{leaf}", "number", unit, 0, INF, known, f"own {power}: {leaf}")  # type: ignore[arg-type]
    for power in _UNREAD_POWERS:
        yield Term(power, "number", "count", 0, INF, "unseen", "shown by a class widget that no reader reads")
        yield Term(f"{power}.*", "number", "count", 0, INF, "unseen", "shown by a class widget that no reader reads")
    for kind in ("incoming_damage", "incoming_magic_damage", "incoming_physical_damage"):
        yield Term(f"{kind}_*", "number", "count", 0, INF, "unseen", "damage taken in the last time")


FAMILIES: list[Term] = list(_terms())
"""Every term of the language that is not itself a screen term."""
