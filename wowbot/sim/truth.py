"""Readings without pixels: the same screen terms a perception would give, taken from the world.

For speed runs, oracles and learning; never for a claim about accuracy or about the closed loop. A term's reading is made
anew only when its value changed, so that a tick costs little more than copying one dict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from wowbot.core.event import Event
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout
from wowbot.core.reading import Observation, Reading, Value
from wowbot.sim.casting import progress_pct
from wowbot.sim.sink import button_boxes
from wowbot.sim.slotstate import SlotState
from wowbot.sim.units import Cast, Creature, LiveAura, Player, Unit
from wowbot.sim.view import PopupView
from wowbot.sim.viewing import PLATE_YD, Camera

if TYPE_CHECKING:
    from wowbot.sim.session import SimSession

SLOT_LEAVES = ("sweep_pct", "usable", "no_power", "in_range", "charges", "glow", "active")
FLAGS = (Reading(0.0), Reading(1.0))
ZERO_PCT = Reading(0.0)
MAX_PLATES = 12


class TruthPerception:
    """Implements core Perception for a SimSession."""

    def __init__(self, session: SimSession) -> None:
        self._session, self._world = session, session.world
        self._readings: dict[str, Reading] = {"layout.fits": FLAGS[1], "chat.open": FLAGS[0]}
        self._names: dict[SlotState, tuple[str, ...]] = {}
        self._flags_version = -1
        self._rows: dict[str, int] = {}
        self._plates = 0
        options = session.layout.regions["nameplates"].options
        self._plate_wh = float(options["bar_w"]), float(options["bar_h"])
        self._plate_casts = bool(options["casts"])
        self._all_cast = session.screen.era == "retail"
        self._plate_terms = [
            tuple(f"nameplate.{i}.{leaf}" for leaf in ("health.pct", "reaction", "name", "x", "y", "w", "h"))
            for i in range(MAX_PLATES + 1)
        ]
        self._target: Unit | None = None
        self._attacked = False
        self._popup: PopupView | None = None
        self._place = (session.world.player.x, session.world.player.y)
        self._last: dict[str, Value] = {}
        self._start()

    def _start(self) -> None:
        """Terms that never change."""
        world, put = self._world, self._readings
        for slot in self._session.board.update():
            prefix = f"slot.{slot.bar}.{slot.number}"
            empty = slot.spell is None
            put[f"{prefix}.empty"] = FLAGS[empty]
            put[f"{prefix}.icon"] = Reading("" if empty else slot.token)
            put[f"{prefix}.hotkey"] = Reading(slot.hotkey)
            names = tuple(f"{prefix}.{leaf}" for leaf in SLOT_LEAVES)
            put.update({names[0]: ZERO_PCT, names[1]: FLAGS[0], names[2]: FLAGS[0], names[3]: FLAGS[1]})
            if not empty:
                self._names[slot] = names
        put["name"], put["level"] = Reading(world.player.name), Reading(float(world.player.level))
        put["power.type"] = Reading(world.player.power_type)

    def set_layout(self, layout: Layout) -> None:
        """The truth needs no layout."""

    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation:
        """Everything that is on the screen now."""
        world = self._world
        self._player(world.player)
        self._targets()
        self._read_slots()
        self._auras("player", (a for a in world.player.auras.values() if not a.facts.harmful))
        self._auras("player_debuff", (a for a in world.player.auras.values() if a.facts.harmful))
        self._nameplates()
        self._boxes()
        return Observation(frame.index, frame.t_ns, self._readings.copy())

    def _put(self, term: str, value: Value) -> None:
        if self._last.get(term) != value:
            self._last[term] = value
            self._readings[term] = Reading(value)

    def _drop(self, prefix: str) -> None:
        """Forget all terms of a frame that is no longer shown."""
        for term in [t for t in self._readings if t.startswith(prefix)]:
            del self._readings[term]
            self._last.pop(term, None)

    def _player(self, player: Player) -> None:
        self._put("health.pct", 0.0 if player.ghost else 100.0 * player.health / player.health_max)
        self._put(f"{player.power_type}.pct", 100.0 * player.power / player.power_max)
        self._put("dead", float(player.dead))
        self._put("ghost", float(player.ghost))
        self._put("in_combat", float(player.in_combat))
        self._put("resting", float(player.resting))
        self._put("combo_points", float(player.combo))
        self._cast("", player.cast)

    def _cast(self, prefix: str, cast: Cast | None, *, named: bool = True) -> None:
        self._put(f"{prefix}cast.active", float(cast is not None))
        if cast is not None:
            self._put(f"{prefix}cast.pct", progress_pct(cast, self._world.now))
            self._put(f"{prefix}cast.channel", float(cast.channel))
            self._put(f"{prefix}cast.interruptible", float(cast.interruptible))
            if named:
                self._put(f"{prefix}cast.name", cast.name)
        elif f"{prefix}cast.pct" in self._readings:
            for leaf in ("pct", "channel", "interruptible", *(["name"] if named else [])):
                del self._readings[f"{prefix}cast.{leaf}"]
                del self._last[f"{prefix}cast.{leaf}"]

    def _targets(self) -> None:
        target = self._world.player.target
        if target is not self._target:
            self._drop("target.")
            self._drop("aura.target.")
            self._rows.pop("target", None)
            self._target = target
        self._put("target.exists", float(target is not None))
        if target is not None:
            self._unit("target.", target)
            self._cast("target.", target.cast)
            auras = target.auras.values()
            self._auras("target", sorted(auras, key=lambda a: not a.facts.harmful) if len(auras) > 1 else auras)
        elif "aura.target.count" not in self._readings:
            self._put("aura.target.count", 0.0)
        other = target.target if isinstance(target, Creature) else None
        if (other is not None) != self._attacked:
            self._attacked = other is not None
            self._drop("targettarget.")
        self._put("targettarget.exists", float(self._attacked))
        if other is not None:
            self._unit("targettarget.", other)

    def _unit(self, prefix: str, unit: Unit) -> None:
        self._put(f"{prefix}health.pct", 100.0 * unit.health / unit.health_max)
        self._put(f"{prefix}dead", float(unit.dead))
        if f"{prefix}name" not in self._readings:
            self._put(f"{prefix}name", unit.name)
            self._put(f"{prefix}level", float(unit.level))
            creature = isinstance(unit, Creature)
            self._put(f"{prefix}reaction", float(unit.facts.reaction) if isinstance(unit, Creature) else 5.0)
            self._put(f"{prefix}classification", unit.facts.classification if isinstance(unit, Creature) else "normal")
            self._put(f"{prefix}tapped", 0.0)
            self._put(f"{prefix}power.type", unit.power_type if creature or unit.power_type else "")
        if unit.power_type:
            self._put(f"{prefix}{unit.power_type}.pct", 100.0 * unit.power / unit.power_max)

    def _read_slots(self) -> None:
        board, readings = self._session.board, self._readings
        board.update()
        for slot in board.sweeping:
            readings[self._names[slot][0]] = Reading(slot.sweep_pct) if slot.sweep_pct else ZERO_PCT
        if board.flags_version == self._flags_version:
            return
        self._flags_version = board.flags_version
        for slot, names in self._names.items():
            readings[names[1]] = FLAGS[slot.usable]
            readings[names[2]] = FLAGS[slot.no_power]
            readings[names[3]] = FLAGS[slot.in_range is not False]
            readings[names[5]] = FLAGS[slot.glow]
            readings[names[6]] = FLAGS[slot.active]
            if slot.count is not None:
                self._put(names[4], float(slot.count))

    def _auras(self, row: str, auras: Iterable[LiveAura]) -> None:
        shown = 0
        for aura in auras:
            shown += 1
            self._aura(f"aura.{row}.{shown}", aura)
        for gone in range(shown + 1, self._rows.get(row, 0) + 1):
            self._drop(f"aura.{row}.{gone}.")
        self._rows[row] = shown
        self._put(f"aura.{row}.count", float(shown))

    def _aura(self, prefix: str, aura: LiveAura) -> None:
        facts = aura.facts
        if self._last.get(f"{prefix}.icon") != facts.token:
            self._drop(f"{prefix}.")
            self._put(f"{prefix}.icon", facts.token)
            self._put(f"{prefix}.harmful", float(facts.harmful))
            self._put(f"{prefix}.school", facts.school)
        self._put(f"{prefix}.stacks", float(aura.stacks))
        if not math.isinf(aura.ends):
            left = max(0.0, aura.ends - self._world.now)
            self._put(f"{prefix}.remains", left)
            self._put(f"{prefix}.sweep_pct", 100.0 * left / facts.duration_s)

    def _nameplates(self) -> None:
        world = self._world
        player, shown = world.player, 0
        width, height = self._session.screen.size_wh
        camera = Camera(player.x, player.y, player.facing)
        half = 0.5 * width / height
        for unit in world.creatures:
            if unit.dead or shown >= MAX_PLATES or unit.distance(player) > PLATE_YD or not world.sees(player, unit):
                continue
            placed = camera.place(unit.x, unit.y)
            if placed is None or abs(placed[0]) > half:
                continue
            shown += 1
            self._plate(self._plate_terms[shown], unit, placed, (width, height))
            if self._plate_casts:
                cast = unit.cast if self._all_cast or unit is player.target else None
                self._cast(f"nameplate.{shown}.", cast, named=False)
        for gone in range(shown + 1, self._plates + 1):
            self._drop(f"nameplate.{gone}.")
        self._plates = shown
        self._put("nameplate.count", float(shown))

    def _plate(
        self, terms: tuple[str, ...], unit: Creature, placed: tuple[float, float], size_wh: tuple[int, int]
    ) -> None:
        wide, high = self._plate_wh
        centre = Camera.height(placed[1], unit.facts.height_yd + 0.7) * size_wh[1]
        left = round(size_wh[0] / 2 + placed[0] * size_wh[1] - wide / 2)
        health = 100.0 * unit.health / unit.health_max
        top = round(centre - high / 2)
        place = (float(left), float(top), wide, high)
        values: tuple[Value, ...] = (health, float(unit.facts.reaction), unit.name, *place)
        for term, value in zip(terms, values, strict=True):
            self._put(term, value)

    def _boxes(self) -> None:
        world = self._world
        self._put("popup.open", float(world.popup is not None))
        if world.popup is not self._popup:
            self._popup = world.popup
            self._drop("popup.button")
            for number, (left, top, width, height) in enumerate(button_boxes(world, self._session.layout), 1):
                self._put(f"popup.button{number}.x", float(left + width // 2))
                self._put(f"popup.button{number}.y", float(top + height // 2))
        place = (world.player.x, world.player.y)
        self._put("moved", float(place != self._place))
        self._place = place
        self._put("loot.open", float(world.loot is not None))
        self._put("chat.open", float(world.chat_edit is not None))
        self._put("zone", world.zone)
        if world.now - world.error_at < 5.0:
            self._put("error.text", world.error)
        elif "error.text" in self._readings:
            self._drop("error.text")
