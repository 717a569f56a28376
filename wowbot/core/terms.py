"""The one list of game terms: name, type, unit, range, meaning, and how each is known.

Names are SimulationCraft's wherever it has one (see https://github.com/simulationcraft/simc/wiki/ActionLists). `*` stands
for one name part (a spell, an aura, a number). `TERMS` are what rules use; `SCREEN_TERMS` are what readers provide, which
state/ joins into TERMS through the profile's bindings. A screen term that already has a game name keeps it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from wowbot.core.families import FAMILIES
from wowbot.core.term import INF, Kind, Known, Term

POWERS = ("mana", "rage", "energy", "focus", "runic_power")
"""Main powers a unit frame can show, by colour."""
UNITS = ("", "target.", "targettarget.", "pet.", "focus_unit.", "party1.", "party2.", "party3.", "party4.")
"""Prefixes of unit terms; "" is the player. (`focus` alone is SimulationCraft's name of a power.)"""


def _unit_terms(prefix: str, who: str) -> list[Term]:
    seen: Known = "seen"
    rows = [
        Term(f"{prefix}health.pct", "number", "pct", 0, 100, seen, f"{who} health"),
        Term(f"{prefix}health", "number", "count", 0, INF, seen, f"{who} health in points, where a number is shown"),
        Term(f"{prefix}health.max", "number", "count", 0, INF, seen, f"{who} full health, where a number is shown"),
        Term(f"{prefix}power.type", "text", "", 0, 0, seen, f"{who} power: {', '.join(POWERS)}, by colour"),
        Term(f"{prefix}name", "text", "", 0, 0, seen, f"{who} name"),
        Term(f"{prefix}level", "number", "count", 1, 90, seen, f"{who} level"),
        Term(f"{prefix}dead", "flag", "", 0, 1, seen, f"{who} is dead"),
        Term(f"{prefix}cast.active", "flag", "", 0, 1, seen, f"{who} cast bar is shown and running"),
        Term(f"{prefix}cast.pct", "number", "pct", 0, 100, seen, f"{who} cast bar fill; a channel drains"),
        Term(f"{prefix}cast.channel", "flag", "", 0, 1, seen, f"{who} cast is a channel"),
        Term(f"{prefix}cast.interruptible", "flag", "", 0, 1, seen, f"{who} cast can be interrupted"),
        Term(f"{prefix}cast.name", "text", "", 0, 0, seen, f"{who} cast, by its text"),
    ]
    for power in POWERS:
        rows += [
            Term(f"{prefix}{power}.pct", "number", "pct", 0, 100, seen, f"{who} {power}"),
            Term(
                f"{prefix}{power}", "number", "count", 0, INF, seen, f"{who} {power} in points, where a number is shown"
            ),
        ]
    if prefix:
        rows += [
            Term(f"{prefix}exists", "flag", "", 0, 1, seen, f"{who} frame is shown"),
            Term(f"{prefix}reaction", "number", "", 1, 8, seen, f"{who} reaction: 2 hostile, 4 neutral, 5 friendly"),
            Term(
                f"{prefix}classification", "text", "", 0, 0, seen, f"{who}: normal, elite, rare, rareelite, worldboss"
            ),
            Term(f"{prefix}tapped", "flag", "", 0, 1, seen, f"{who} is tapped by others (grey)"),
        ]
    return rows


SCREEN_TERMS: list[Term] = [
    Term(
        "slot.*.*.sweep_pct", "number", "pct", 0, 100, "seen", "share of the cooldown sweep that remains; 0 = no sweep"
    ),
    Term("slot.*.*.count_s", "number", "s", 0, INF, "seen", "the cooldown number printed on the slot"),
    Term("slot.*.*.usable", "flag", "", 0, 1, "seen", "icon is not darkened as unusable"),
    Term("slot.*.*.no_power", "flag", "", 0, 1, "seen", "icon is tinted blue: not enough power"),
    Term("slot.*.*.in_range", "flag", "", 0, 1, "seen", "hotkey text is not red"),
    Term("slot.*.*.charges", "number", "count", 0, 999, "seen", "count printed on the slot"),
    Term("slot.*.*.empty", "flag", "", 0, 1, "seen", "nothing is on the slot"),
    Term("slot.*.*.glow", "flag", "", 0, 1, "seen", "proc glow round the slot"),
    Term("slot.*.*.active", "flag", "", 0, 1, "seen", "checked or flashing: current action, queued, auto-repeat"),
    Term("slot.*.*.icon", "text", "", 0, 0, "seen", "name of the learned icon that matches"),
    Term("slot.*.*.hotkey", "text", "", 0, 0, "seen", "key binding text"),
    Term(
        "aura.*.count",
        "number",
        "count",
        0,
        40,
        "seen",
        "icons in that aura row; unit is player, player_debuff, target",
    ),
    Term("aura.*.*.icon", "text", "", 0, 0, "seen", "name of the icon that matches, '' when none does"),
    Term("aura.*.*.stacks", "number", "count", 0, 255, "seen", "stack count printed; 1 when none is"),
    Term("aura.*.*.sweep_pct", "number", "pct", 0, 100, "seen", "share of the aura's time that remains, by its sweep"),
    Term("aura.*.*.remains", "number", "s", 0, INF, "seen", "remaining time printed under the icon"),
    Term("aura.*.*.harmful", "flag", "", 0, 1, "seen", "debuff border"),
    Term("aura.*.*.school", "text", "", 0, 0, "seen", "debuff type by border colour: magic curse disease poison none"),
    Term("nameplate.count", "number", "count", 0, 100, "seen", "nameplates on screen"),
    Term("nameplate.players", "number", "count", 0, 100, "seen", "those of friendly players, which are blue"),
    Term("nameplate.*.health.pct", "number", "pct", 0, 100, "seen", "its health"),
    Term("nameplate.*.reaction", "number", "", 1, 8, "seen", "its colour: 2 hostile, 4 neutral, 5 friendly"),
    Term("nameplate.*.x", "number", "px", 0, INF, "seen", "left edge of the bar"),
    Term("nameplate.*.y", "number", "px", 0, INF, "seen", "top edge of the bar"),
    Term("nameplate.*.w", "number", "px", 0, INF, "seen", "width of the bar"),
    Term("nameplate.*.h", "number", "px", 0, INF, "seen", "height of the bar"),
    Term("nameplate.*.name", "text", "", 0, 0, "seen", "name above it"),
    Term("nameplate.*.cast.active", "flag", "", 0, 1, "seen", "a cast bar runs under it, where the client shows one"),
    Term("nameplate.*.cast.pct", "number", "pct", 0, 100, "seen", "that bar's fill; a channel drains"),
    Term("nameplate.*.cast.channel", "flag", "", 0, 1, "seen", "that cast is a channel"),
    Term("nameplate.*.cast.interruptible", "flag", "", 0, 1, "seen", "that cast can be interrupted"),
    Term("rune.*.ready", "flag", "", 0, 1, "seen", "the rune in that place, from the left, is ready"),
    Term("zone", "text", "", 0, 0, "seen", "minimap zone text"),
    Term(
        "zone.x",
        "number",
        "pct",
        0,
        100,
        "seen",
        "own place on the zone's map, where an add-on prints it before the zone",
    ),
    Term("zone.y", "number", "pct", 0, 100, "seen", "the same, from the top"),
    Term("error.shown", "flag", "", 0, 1, "seen", "a red error line is shown"),
    Term(
        "popup.*.x", "number", "px", 0, INF, "seen", "centre of a dialog's button (button1, button2) where it is shown"
    ),
    Term("popup.*.y", "number", "px", 0, INF, "seen", "the same, from the top"),
    Term("error.text", "text", "", 0, 0, "seen", "newest red error line"),
    Term("layout.fits", "flag", "", 0, 1, "seen", "the layout still fits the frame"),
]

TERMS: list[Term] = [
    *[t for u, who in zip(UNITS, ("own", "target's", "target-of-target's", "pet's", "focus unit's", "party member 1's",
      "party member 2's", "party member 3's", "party member 4's"), strict=True) for t in _unit_terms(u, who)],
    Term("combo_points", "number", "count", 0, 5, "seen", "combo points on the target"),
    Term("in_combat", "flag", "", 0, 1, "seen", "combat icon on the own frame"),
    Term("resting", "flag", "", 0, 1, "seen", "rest icon on the own frame"),
    Term("ghost", "flag", "", 0, 1, "seen", "own spirit after release"),
    Term("chat.whisper", "flag", "", 0, 1, "seen", "a line in the colour of whispers is in the chat window"),
    Term("moved", "flag", "", 0, 1, "seen", "the minimap scrolls: the character gets on"),
    Term("blips.count", "number", "count", 0, 999, "seen", "dots of the layout's colour on the minimap"),
    Term("blips.dx", "number", "", -INF, INF, "seen", "the nearest dot's offset to the right, in the layout's scale"),
    Term("blips.dy", "number", "", -INF, INF, "seen", "the nearest dot's offset downward, in the layout's scale"),
    Term("blips.distance", "number", "", 0, INF, "seen", "the nearest dot's distance, in the layout's scale"),
    Term("loot.open", "flag", "", 0, 1, "seen", "loot window is open"),
    Term("popup.open", "flag", "", 0, 1, "seen", "a dialog box (release, resurrect, unknown) is open"),
    Term("chat.open", "flag", "", 0, 1, "seen", "the chat edit box has the keyboard"),
    Term("moving", "flag", "", 0, 1, "estimated", "own movement keys are down"),
    *FAMILIES,
]  # fmt: skip
"""Screen terms under their game name, and the language's own families (families.py: cooldown, buff, dot ...)."""


@lru_cache(maxsize=4096)
def find(name: str) -> Term | None:
    """The term or family that `name` belongs to; None when there is none."""
    for term in (*TERMS, *SCREEN_TERMS):
        if term.name == name or ("*" in term.name and _pattern(term.name).fullmatch(name)):
            return term
    return None


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(r"\*", "[^.]+"))


__all__ = ["INF", "POWERS", "SCREEN_TERMS", "TERMS", "UNITS", "Kind", "Known", "Term", "find"]
