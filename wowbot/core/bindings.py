"""How the profile's spells and auras meet the screen: slots, icons, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spell:
    """Static facts of one ability, as the profile states them.

    Args:
        name: SimulationCraft's token, e.g. "frostbolt".
        key: chord such as "2" or "shift-f"; "" when no key is bound.
        slot: "<bar>.<n>" counting from 1, e.g. "main.2"; "" when it is on no visible slot.
        cast_s, cooldown_s, gcd_s, channel_s: seconds; gcd_s 0 = off the global cooldown.
        cost: amount of `power`; cost_pct: percent of base mana (WotLK style).
        range_yd: 0 = melee or self.
        charges: 1 for most.
        click: region name to click instead of pressing a key, e.g. "popup.button1"; "".
        hold_ms: how long the key is held; 0 = a tap.
        confirm: what shows that it took: "cast", "cooldown", "gcd" or "" (not confirmed, not repeated).
        queue: pressed while the global cooldown or a cast still has a moment to run (next-melee, spell queue).
    """

    name: str
    key: str = ""
    slot: str = ""
    cast_s: float = 0.0
    cooldown_s: float = 0.0
    gcd_s: float = 1.5
    channel_s: float = 0.0
    cost: float = 0.0
    cost_pct: float = 0.0
    power: str = "mana"
    range_yd: float = 0.0
    charges: int = 1
    click: str = ""
    hold_ms: int = 0
    confirm: str = ""
    queue: bool = False


@dataclass(frozen=True, slots=True)
class Aura:
    """Static facts of one buff or debuff.

    Args:
        name: token, e.g. "frost_nova".
        icon: name in the icon library; several auras may share one.
        unit: "player" or "target".
        harmful: debuff (True) or buff.
        duration_s: full length; 0 = does not run out.
        max_stack: at least 1.
        spells: abilities that put it up, for counting its time when no timer is shown.
    """

    name: str
    icon: str = ""
    unit: str = "player"
    harmful: bool = False
    duration_s: float = 0.0
    max_stack: int = 1
    spells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bindings:
    """All of a profile that perception and state need; injected, so that neither knows profiles."""

    spells: Mapping[str, Spell] = field(default_factory=dict)
    auras: Mapping[str, Aura] = field(default_factory=dict)
    statics: Mapping[str, float] = field(default_factory=dict)
    """Terms that never change in a session: `talent.x`, `level`, `spec.frost`, `race.troll` ..."""
    power: str = "mana"
    """The class's main power: mana, rage, energy, runic_power."""

    def by_slot(self) -> dict[str, Spell]:
        """slot name -> spell."""
        return {spell.slot: spell for spell in self.spells.values() if spell.slot}
