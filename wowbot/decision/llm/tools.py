"""What a model may answer with: the profile's allowed abilities as function schemas, with their preconditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wowbot.core.bindings import Spell
from wowbot.core.errors import ProfileError, nearest
from wowbot.core.state import GameState

MAX_STEPS = 6
MAX_WAIT_S = 10.0
CAST_LEAD_S = 0.2


class Toolbox:
    """The allowed abilities.

    Args:
        spells: the profile's.
        allow: the profile's [llm].allow; empty = those of the list.
        of_list: abilities the action list uses.

    Raises:
        ProfileError: [llm].allow names what has no key.
    """

    def __init__(self, spells: Mapping[str, Spell], allow: Iterable[str], of_list: Iterable[str]) -> None:
        usable = {name: spell for name, spell in spells.items() if spell.key or spell.click}
        wanted = tuple(allow)
        for name in wanted:
            if name not in usable:
                raise ProfileError(
                    f"[llm]: allow: {name!r} is no spell with a key; there are: {', '.join(sorted(usable))}."
                    f"{nearest(name, usable)}"
                )
        self.spells = {name: usable[name] for name in sorted(wanted or set(of_list)) if name in usable}

    @property
    def terms(self) -> frozenset[str]:
        """What checking needs of the state."""
        slotted = [spell.name for spell in self.spells.values() if spell.slot]
        cooling = [spell.name for spell in self.spells.values() if spell.cooldown_s > 0]
        powers = {f"{spell.power}" for spell in self.spells.values() if spell.cost > 0}
        return frozenset(
            {
                *(f"cooldown.{name}.remains" for name in cooling), *(f"action.{name}.in_range" for name in slotted),
                *(f"action.{name}.usable" for name in slotted), *powers,
                "gcd.remains", "cast.active", "cast.remains", "moving", "target.exists", "target.dead", "popup.open",
            }
        )  # fmt: skip

    def schemas(self) -> tuple[dict[str, Any], ...]:
        """The functions: use one ability, a short plan, or wait."""
        ability = {"type": "string", "enum": list(self.spells), "description": "one of the allowed abilities"}
        until = {"type": "string", "description": "condition that shows success, e.g. popup.open=0 or target.exists"}
        step = _object({"ability": ability, "until": until}, ("ability",))
        steps = {"type": "array", "items": step, "minItems": 1, "maxItems": MAX_STEPS}
        seconds = {"type": "number", "minimum": 0.5, "maximum": MAX_WAIT_S}
        told = "\n".join(f"- {name}: {self.preconditions(spell)}" for name, spell in self.spells.items())
        return (
            _tool("use", f"Use one ability now. Allowed:\n{told}", step),
            _tool("plan", "Use several abilities one after the other; each is checked when its turn comes.",
                  _object({"steps": steps}, ("steps",))),
            _tool("wait", "Do nothing for a while, the rules go on.", _object({"seconds": seconds}, ("seconds",))),
        )  # fmt: skip

    def preconditions(self, spell: Spell) -> str:
        """What must hold for an ability, for the model."""
        parts = [f"clicks {spell.click}" if spell.click else f"key {spell.key}"]
        if spell.range_yd > 0:
            parts.append(f"needs a living enemy target within {spell.range_yd:g} yd")
        if spell.cast_s > 0 or spell.channel_s > 0:
            parts.append(f"{spell.cast_s or spell.channel_s:g} s cast, not while moving")
        if spell.cooldown_s > 0:
            parts.append(f"{spell.cooldown_s:g} s cooldown")
        if spell.hold_ms:
            parts.append(f"held {spell.hold_ms} ms")
        return ", ".join(parts)

    def hindrance(self, name: str, state: GameState) -> str:
        """Why an ability cannot be used in this state; "" when it can. What is unknown does not hinder."""
        spell, number = self.spells[name], state.number
        cooldown = number(f"cooldown.{name}.remains")
        if cooldown is not None and cooldown > CAST_LEAD_S and spell.cooldown_s > 0:
            return f"{name} is on cooldown for {cooldown:.1f} s more"
        if spell.range_yd > 0 and number("target.exists") == 0:
            return f"{name} needs a target and there is none"
        if spell.range_yd > 0 and number("target.dead") == 1:
            return f"{name} needs a living target and this one is dead"
        if spell.slot and spell.range_yd > 0 and number(f"action.{name}.in_range") == 0:
            return f"the target is out of range of {name}"
        if spell.slot and number(f"action.{name}.usable") == 0:
            return f"{name} is not usable now (its icon is dark)"
        power = number(spell.power) if spell.cost > 0 else None
        if power is not None and power < spell.cost:
            return f"{name} costs {spell.cost:g} {spell.power} and there are {power:.0f}"
        if (spell.cast_s > 0 or spell.channel_s > 0) and number("moving") == 1:
            return f"{name} cannot be cast while moving"
        if spell.click.startswith("popup.") and number("popup.open") == 0:
            return f"{name} clicks a dialog and none is open"
        if not spell.click and number("popup.open") == 1 and number("in_combat") != 1:
            return f"a dialog is open: no key goes out, {name} would be one"
        return ""

    def busy(self, name: str, state: GameState) -> bool:
        """Whether a cast or the global cooldown must end first: the step only waits."""
        spell = self.spells[name]
        if spell.gcd_s <= 0:
            return False
        gcd = state.number("gcd.remains")
        return (gcd is not None and gcd > 0.05) or state.number("cast.active") == 1


def _object(properties: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(required), "additionalProperties": False}


def _tool(name: str, description: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}
