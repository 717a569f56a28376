"""The options of entries, as data. Source: SimulationCraft's action.cpp, variable.cpp, player.cpp and the class modules."""

from __future__ import annotations

from collections.abc import Mapping

EXPRESSIONS = frozenset({"if", "target_if", "interrupt_if", "early_chain_if", "cancel_if"})
"""Options that hold an expression on every action."""
META_EXPRESSIONS: Mapping[str, frozenset[str]] = {
    "variable": frozenset({"value", "value_else", "condition"}),
    "cycling_variable": frozenset({"value", "value_else", "condition"}),
    "pool_resource": frozenset({"extra_amount"}),
    "wait": frozenset({"sec"}),
    "wait_until_ready": frozenset({"sec"}),
}
"""Options that hold one on these actions only."""
REPEATED = frozenset({"if", "interrupt_if", "early_chain_if", "cancel_if", "target_if"})
"""Options for which SimulationCraft warns when they stand twice."""
TIMES = frozenset({"line_cd", "wait", "delay", "default", "max_cycle_targets"})
"""Numbers; Hekili's packs put names there too."""
FLAGS = frozenset(
    {"cycle_targets", "cycle_players", "moving", "wait_on_ready", "interrupt", "interrupt_global",
     "interrupt_immediate", "chain", "use_off_gcd", "use_while_casting", "for_next", "allow_skip", "strict"}
)  # fmt: skip
KNOWN = frozenset(
    {
        *FLAGS, *TIMES, "name", "target", "sync", "op", "value", "value_else", "condition", "sec", "extra_amount",
        "resource", "slot", "slots", "effect_name", "type", "action_skill", "can_have_one_button_penalty",
        "cooldown_allow_casting_success", "empower_to", "max_energy", "precombat_seconds", "precast_time",
        "precombat_time", "precombat", "toggle", "lethal", "nonlethal", "only_cwc", "use_auto", "check_existing",
        "strikes", "interval", "topic", "choose", "rank", "description", "weapon", "buff_refresh", "trigger",
        "casts", "cooldown", "duration", "travel_speed", "dot_duration", "base_tick_time", "hasted_ticks",
        "reason", "ally", "swap", "wait_for_rapid_fire", "extend_rip", "debuff_only", "main_hand", "off_hand",
        "glyph_skip", "mangle", "if", "sub_action", "index", "label", "enabled", "prio",
    }
)  # fmt: skip
"""Options that carry meaning for us, or that are known to be a simulator's alone."""
OPTION_FLAGS: Mapping[str, str] = {
    "bloodlust": "buff.bloodlust.up",
    "bloodsurge": "buff.bloodsurge.up",
    "molten_core": "buff.molten_core.up",
    "metamorphosis": "buff.metamorphosis.up",
    "decimation": "buff.decimation.up",
    "frozen": "debuff.frozen.up",
    "debuff": "debuff.improved_scorch.down",
}
"""Option flags of 2010, such as `slam,bloodsurge=1`, and the term each stands for."""
