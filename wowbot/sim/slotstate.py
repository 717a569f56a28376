"""What each action button shows now: worked out once a tick for the view and for the truth."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
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
    """All bound buttons of a world; `update` brings them up to date.

    Most instants change nothing on most buttons, so everything but the sweeps is worked out anew only when one of the
    few things it depends on has changed; `flags_version` counts those times.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        keys = {spell.slot: spell.key for spell in world.bindings.spells.values() if spell.slot}
        self.slots = [
            SlotState(bar, n, token, world.spells.get(token), hotkey_text(keys[f"{bar}.{n}"]))
            for bar, row in world.bars.items()
            for n, token in enumerate(row, 1)
            if f"{bar}.{n}" in keys
        ]
        self._filled = [slot for slot in self.slots if slot.spell is not None]
        for slot in self._filled:
            slot.cost = 0.0 if slot.spell is None else world.casting.cost(slot.spell)
        self._costs = sorted({slot.cost for slot in self._filled})
        self._ranges = sorted({r for s in self._filled if s.spell for r in (s.spell.range_yd, s.spell.min_range_yd)})
        self._by_cooldown: dict[str, list[SlotState]] = {}
        for slot in self._filled:
            if slot.spell is not None:
                self._by_cooldown.setdefault(slot.spell.shared or slot.spell.token, []).append(slot)
        self._key: tuple[object, ...] = ()
        self.flags_version = 0
        self.sweeping: list[SlotState] = []
        """Buttons whose sweep runs or has just ended."""

    def update(self) -> list[SlotState]:
        """Bring every button up to the world's time."""
        world = self._world
        player, target = world.player, world.player.target
        foe = target if isinstance(target, Creature) and not target.dead and target.hostile else None
        distance = player.distance(foe) if foe is not None else 0.0
        key = (
            player.dead or player.ghost, player.in_combat, foe, foe is not None and foe.health < 0.2 * foe.health_max,
            tuple(player.auras), tuple(foe.auras) if foe is not None else (), bisect_left(self._ranges, distance),
            bisect_right(self._costs, player.power), player.attacking, player.next_swing,
            player.cast and player.cast.spell, player.combo, world.used_items, player.moving,
        )  # fmt: skip
        if key != self._key:
            self._key = key
            self.flags_version += 1
            for slot in self._filled:
                self._flags(slot, foe, distance)
        if self.sweeping or player.cooldowns or player.gcd_end > world.now:
            self._sweeps()
        return self.slots

    def _flags(self, slot: SlotState, foe: Creature | None, distance: float) -> None:
        world, spell = self._world, slot.spell
        if spell is None:
            return
        player = world.player
        slot.usable = not (player.dead or player.ghost) if slot.simple else world.casting.usable(spell)
        free = slot.token == "fireball" and player.has("brain_freeze")
        slot.no_power = not free and slot.cost > player.power
        if spell.range_yd > 0 and spell.target == "enemy":
            slot.in_range = None if foe is None else spell.min_range_yd <= distance <= spell.range_yd
        if spell.item:
            slot.count = player.bags.get(spell.token, 0)
        elif spell.charges > 1:
            slot.count = player.charges.get(spell.token, spell.charges)
        slot.active = self._is_active(spell)
        slot.glow = bool(slot.glow_auras) and any(a in player.auras for a in slot.glow_auras)

    def _sweeps(self) -> None:
        """All buttons while the global cooldown runs, else those whose own runs and those that swept a moment ago."""
        player = self._world.player
        gcd_left = player.gcd_end - self._world.now
        if gcd_left > 0:
            looked: Iterable[SlotState] = self._filled
        else:
            own = {s: None for token in player.cooldowns for s in self._by_cooldown.get(token, ())}
            looked = own | dict.fromkeys(self.sweeping)
        self.sweeping = [slot for slot in looked if self._sweep(slot, gcd_left)]

    def _sweep(self, slot: SlotState, gcd_left: float) -> bool:
        """The sweep shows whichever of the own and the global cooldown ends later. True while it needs a look."""
        world, spell = self._world, slot.spell
        if spell is None:
            return False
        left = total = 0.0
        if spell.cooldown_s > 0 and world.player.cooldowns:
            running = world.player.cooldowns.get(spell.shared or spell.token)
            if running is not None and running[1] > world.now:
                left, total = running[1] - world.now, running[1] - running[0]
        if gcd_left > left and spell.gcd_s > 0:
            left, total = gcd_left, world.player.gcd_s
        before, slot.left_s, slot.total_s = slot.sweep_pct, left, total
        slot.sweep_pct = 100.0 * left / total if total else 0.0
        return slot.sweep_pct > 0 or before > 0

    def _is_active(self, spell: SpellDef) -> bool:
        player = self._world.player
        if spell.toggle:
            return player.attacking
        if spell.next_swing:
            return player.next_swing is spell
        return player.cast is not None and player.cast.spell is spell
