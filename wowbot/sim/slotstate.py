"""What each action button shows now: worked out once a tick for the view and for the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.sim.facts import SpellDef
from wowbot.sim.keymap import hotkey_text
from wowbot.sim.units import Creature
from wowbot.sim.view import SlotView

if TYPE_CHECKING:
    from wowbot.sim.world import World

GLOWS = {
    "fireball": ("brain_freeze",),
    "ice_lance": ("fingers_of_frost",),
    "deep_freeze": ("fingers_of_frost",),
    "overpower": ("overpower_ready", "taste_for_blood"),
    "execute": ("sudden_death",),
    "victory_rush": ("victorious",),
}
"""Spells whose button lights up while one of the auras is up."""


class SlotState:
    """One button. `in_range` None = no range to show or no target; `count` None = no number is printed."""

    __slots__ = (
        "active", "bar", "cost", "count", "glow", "glow_auras", "hotkey", "in_range", "left_s", "no_power", "number",
        "simple", "spell", "sweep_pct", "token", "total_s", "usable",
    )  # fmt: skip

    def __init__(self, bar: str, number: int, token: str, spell: SpellDef | None, hotkey: str) -> None:
        self.bar, self.number, self.token, self.spell, self.hotkey = bar, number, token, spell, hotkey
        self.sweep_pct = self.left_s = self.total_s = self.cost = 0.0
        self.usable, self.no_power, self.active, self.glow = True, False, False, False
        self.in_range: bool | None = None
        self.count: int | None = None
        self.glow_auras = GLOWS.get(token, ())
        self.simple = spell is not None and not spell.needs and not spell.item and spell.school != "holy"
        """Usable whenever its owner lives."""

    def view(self) -> SlotView:
        """Frozen copy for a WorldView."""
        return SlotView(
            self.token if self.spell is not None else "", self.sweep_pct, self.left_s, self.total_s, self.count,
            self.usable, self.no_power, self.in_range, self.active, self.active and self.token == "attack", self.glow,
            self.hotkey,
        )  # fmt: skip


class SlotBoard:
    """All bound buttons of a world; `update` brings them up to date."""

    def __init__(self, world: World) -> None:
        self._world = world
        keys = {spell.slot: spell.key for spell in world.bindings.spells.values() if spell.slot}
        self.slots = [
            SlotState(bar, n, token, world.spells.get(token), hotkey_text(keys[f"{bar}.{n}"]))
            for bar, row in world.bars.items()
            for n, token in enumerate(row, 1)
            if f"{bar}.{n}" in keys
        ]
        self._at = -1.0

    def update(self) -> list[SlotState]:
        """Bring every button up to the world's time; the second call of an instant costs nothing."""
        world = self._world
        player, target = world.player, world.player.target
        alive = not (player.dead or player.ghost)
        foe = target if isinstance(target, Creature) and not target.dead and target.hostile else None
        distance = player.distance(foe) if foe is not None else 0.0
        gcd_left = max(0.0, player.gcd_end - world.now)
        free_fireball = "brain_freeze" in player.auras
        for slot in self.slots:
            spell = slot.spell
            if spell is None:
                continue
            self._sweep(slot, spell, gcd_left)
            slot.usable = alive if slot.simple else world.casting.usable(spell)
            cost = 0.0 if free_fireball and slot.token == "fireball" else self._cost(slot, spell)
            slot.no_power = cost > player.power
            if spell.range_yd > 0 and spell.target == "enemy":
                slot.in_range = None if foe is None else spell.min_range_yd <= distance <= spell.range_yd
            if spell.item:
                slot.count = player.bags.get(spell.token, 0)
            elif spell.charges > 1:
                slot.count = player.charges.get(spell.token, spell.charges)
            slot.active = self._is_active(spell)
            if slot.glow_auras:
                slot.glow = any(a in player.auras for a in slot.glow_auras)
        return self.slots

    def _cost(self, slot: SlotState, spell: SpellDef) -> float:
        if not slot.cost and (spell.cost_pct or spell.cost):
            slot.cost = self._world.casting.cost(spell) or 0.0
        return slot.cost

    def _sweep(self, slot: SlotState, spell: SpellDef, gcd_left: float) -> None:
        """The sweep shows whichever of the own and the global cooldown ends later."""
        world = self._world
        left = total = 0.0
        if world.player.cooldowns:
            running = world.player.cooldowns.get(spell.shared or spell.token)
            if running is not None and running[1] > world.now:
                left, total = running[1] - world.now, running[1] - running[0]
        if gcd_left > left and spell.gcd_s > 0:
            left, total = gcd_left, world.player.gcd_s
        slot.left_s, slot.total_s = left, total
        slot.sweep_pct = 100.0 * left / total if total else 0.0

    def _is_active(self, spell: SpellDef) -> bool:
        player = self._world.player
        if spell.toggle:
            return player.attacking
        if spell.next_swing:
            return player.next_swing is spell
        return player.cast is not None and player.cast.spell is spell
