"""The training ground without pixels: a seeded, fixed-step world with WotLK rules.

The world knows keys, clicks and time, nothing of screens or agents. The same scenario, seed, bindings, step and input give
the same history to the last bit; randomness comes from one `random.Random(seed)`.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from wowbot.core.bindings import Bindings
from wowbot.core.errors import SimError
from wowbot.sim import auras, effects, keymap, life, movement, swing
from wowbot.sim.casting import Casting
from wowbot.sim.damage import Damage
from wowbot.sim.director import Director
from wowbot.sim.facts import AuraDef, ClassDef, SpellDef
from wowbot.sim.minds import Minds
from wowbot.sim.scenarios import scenario as find_scenario
from wowbot.sim.spells_common import AURAS as COMMON_AURAS
from wowbot.sim.spells_common import SPELLS as COMMON_SPELLS
from wowbot.sim.spells_mage import MAGE
from wowbot.sim.spells_priest import PRIEST
from wowbot.sim.spells_warrior import ROGUE, WARRIOR
from wowbot.sim.units import NEVER, Creature, Player, Unit
from wowbot.sim.view import ChatLine, FloatKind, LootItemView, PopupView

CLASSES: dict[str, ClassDef] = {c.token: c for c in (MAGE, WARRIOR, PRIEST, ROGUE)}
TARGET_YD = 41.0
"""How far the tab key looks."""
MAX_STEP_S = 0.05
DOOR_YD = 7.0


@dataclass(slots=True)
class Stats:
    """What a run report counts. `result`: "" while it goes on, then won | lost | time."""

    kills: int = 0
    deaths: int = 0
    damage_done: float = 0.0
    damage_taken: float = 0.0
    seconds: float = 0.0
    casts: int = 0
    result: str = ""


class FloatText(NamedTuple):
    """Combat text as it began: world place and time."""

    text: str
    kind: FloatKind
    x: float
    y: float
    own: bool
    at: float


class World:
    """One fight, or hours of them.

    Args:
        scenario: a name in scenarios.toml.
        seed: of everything random in it.
        bindings: the profile's spells by slot and key: the character's bars and key bindings.
        level: the character's; None takes `level` of the bindings' statics, else 80.
        click_to_move: the client's option: interacting walks and turns, casting turns to the target.

    Raises:
        SimError: unknown scenario, or bindings of no class the training ground knows.
    """

    def __init__(
        self, scenario: str, seed: int, bindings: Bindings, *, level: int | None = None, click_to_move: bool = True
    ) -> None:
        facts = find_scenario(scenario)
        self.scenario, self.seed, self.bindings = scenario, seed, bindings
        self.now = 0.0
        self.rng = random.Random(f"{scenario}:{seed}")
        self.click_to_move = click_to_move
        own = class_of(bindings)
        self.player = Player(own, int(level or bindings.statics.get("level", 80)))
        known = {s.token: s for s in (*COMMON_SPELLS, *own.spells)}
        self.spells: dict[str, SpellDef] = {t: s for t, s in known.items() if s.level <= self.player.level}
        self.auras: dict[str, AuraDef] = {a.token: a for a in (*COMMON_AURAS, *own.auras)}
        self.player.bags = {t: s.item for t, s in self.spells.items() if s.item}
        self.keys = keymap.Keymap(bindings, known)
        self.bars = {b: [t if t in self.spells else "" for t in row] for b, row in keymap.bars(bindings).items()}
        self.creatures: list[Creature] = []
        self.floats: deque[FloatText] = deque(maxlen=16)
        self.lines: deque[ChatLine] = deque(maxlen=8)
        self.chat_edit: str | None = None
        self.error, self.error_at = "", NEVER
        self.popup: PopupView | None = None
        self.loot: tuple[LootItemView, ...] | None = None
        self.looting: Creature | None = None
        self.loot_until = 0.0
        self.graveyard = facts.graveyard
        self.zone = facts.zone
        self.door = facts.door
        self.door_closed = facts.door.closed
        self.tasted_at = NEVER
        self.used_items = 0
        self.stats = Stats()
        self._pending: list[tuple[float, int, Callable[[], None]]] = []
        self._count = count()
        self.damage = Damage(self)
        self.casting = Casting(self)
        self.minds = Minds(self)
        self.director = Director(self, facts)
        self.director.start()

    # ------------------------------------------------------------------ time

    def step(self, dt: float) -> None:
        """Advance by `dt` seconds, in pieces of at most 50 ms."""
        pieces = max(1, math.ceil(dt / MAX_STEP_S - 1e-9))
        for _ in range(pieces):
            self._step(dt / pieces)
        self.stats.seconds = self.now

    def _step(self, dt: float) -> None:
        self.now += dt
        player = self.player
        while self._pending and self._pending[0][0] <= self.now:
            heapq.heappop(self._pending)[2]()
        movement.step(self, dt)
        if player.cast is not None:
            self.casting.step(player)
        if player.attacking:
            swing.step(self)
        if player.auras:
            auras.step(self, player)
        if player.cooldowns:
            self.casting.step_charges()
        life.regenerate(self, dt)
        self._step_creatures(dt)
        if player.ghost:
            life.step_ghost(self)
        if self.loot is not None and self.now >= self.loot_until:
            life.take_loot(self)
        self.director.step()

    def _step_creatures(self, dt: float) -> None:
        fighting, decayed = False, False
        for unit in self.creatures:
            if unit.dead:
                decayed = decayed or unit.corpse_until <= self.now
                continue
            self.minds.step(unit, dt)
            fighting = fighting or unit.target is not None
        if not fighting and self.player.in_combat:
            self.player.in_combat = False
        if decayed:
            self._decay()

    def _decay(self) -> None:
        gone = [c for c in self.creatures if c.dead and c.corpse_until <= self.now]
        self.creatures = [c for c in self.creatures if c not in gone]
        if self.player.target in gone:
            self.select(None)
        if self.player.path in gone:
            self.player.path = None

    def after(self, delay_s: float, act: Callable[[], None]) -> None:
        """Do something later, in order of time and then of asking."""
        heapq.heappush(self._pending, (self.now + delay_s, next(self._count), act))

    # ----------------------------------------------------------------- input

    def key_down(self, chord: str) -> None:
        """A key goes down; `chord` is like "2" or "shift-2"."""
        if self.chat_edit is not None:
            self._type(chord)
            return
        token = self.keys.token(chord)
        if not token:
            return
        if token in movement.MOVES or token in movement.TURNS:
            self.player.held.add(token)
        elif self.blocked:
            self.say_error("You can't do that right now")
        else:
            self.press(token)

    @property
    def blocked(self) -> bool:
        """A dialog that must be answered first is in front."""
        return self.popup is not None and self.popup.kind == "unknown"

    def key_up(self, chord: str) -> None:
        """A key goes up; modifiers may already be up."""
        token = self.keys.token(chord) or self.keys.token(keymap.base_key(chord))
        self.player.held.discard(token)

    def _type(self, chord: str) -> None:
        text = self.chat_edit or ""
        if chord in ("enter", "escape"):
            if chord == "enter" and text:
                self.chat(f"[{self.player.name}] says: {text}", "say")
            self.chat_edit = None
        elif len(chord) == 1 or chord == "space":
            self.chat_edit = (text + (" " if chord == "space" else chord))[:80]

    def press(self, token: str) -> None:
        """Do what a key or a clicked button stands for: a command or a spell."""
        if token == "target_nearest":
            self.target_nearest(cycle=True)
        elif token == "target_self":
            self.select(self.player)
        elif token == "interact":
            movement.interact(self)
        elif token == "escape":
            self._escape()
        elif token == "enter":
            self.chat_edit = ""
        elif token in self.spells and self.casting.use(self.spells[token]):
            self.stats.casts += 1

    def _escape(self) -> None:
        if self.loot is not None:
            life.close_loot(self)
        elif self.player.cast is not None:
            self.casting.stop(self.player, "failed")
        else:
            self.select(None)

    def click_popup(self, button: int) -> None:
        """Click button 1 or 2 of the dialog box in front."""
        life.press_popup(self, button)

    def click_slot(self, bar: str, number: int) -> None:
        """Click an action button, counting from 1."""
        row = self.bars.get(bar, ())
        if 1 <= number <= len(row) and row[number - 1] and not self.blocked:
            self.press(row[number - 1])

    def click_loot(self) -> None:
        """Click a line of the loot window; auto loot takes all."""
        life.take_loot(self)

    # --------------------------------------------------------------- targets

    def select(self, unit: Unit | None) -> None:
        """Make it the target, None for none."""
        player = self.player
        if unit is not player.target:
            player.attacking, player.next_swing, player.combo = False, None, 0
            player.target = unit

    def target_nearest(self, *, cycle: bool = False) -> None:
        """The nearest living enemy in view; again, the next one. With none in view, one that attacks the player."""
        player = self.player
        near = [c for c in self.creatures if not c.dead and c.hostile and self._reachable(c)]
        shown = [c for c in near if player.in_front(c)] or [c for c in near if c.target is player]
        if not shown:
            return
        shown.sort(key=player.distance)
        i = next((i for i, c in enumerate(shown) if c is player.target), -1)
        self.select(shown[(i + 1) % len(shown)] if cycle else shown[0])

    def _reachable(self, unit: Creature) -> bool:
        return self.player.distance(unit) <= TARGET_YD and self.sees(self.player, unit)

    def sees(self, a: Unit, b: Unit) -> bool:
        """Line of sight: only a closed gate breaks it."""
        return not self.door_closed or (a.x < self.door.at[0]) == (b.x < self.door.at[0])

    def open_door(self) -> bool:
        """Open the gate if one stands within reach."""
        player, at = self.player, self.door.at
        if not self.door_closed or math.hypot(player.x - at[0], player.y - at[1]) > DOOR_YD:
            return False
        self.door_closed = False
        self.chat("The gate swings open.")
        return True

    def displace(self, unit: Unit, angle: float, yards: float) -> None:
        """Move a unit; a closed gate's wall stops the player."""
        x = unit.x
        unit.move(angle, yards)
        wall = self.door.at[0]
        if self.door_closed and (x < wall) != (unit.x < wall):
            unit.x = wall - 0.5 if x < wall else wall + 0.5
            if unit is self.player:
                self.say_error("A closed gate bars the way")

    # ------------------------------------------------------------------ news

    def say_error(self, text: str) -> None:
        """Red line in the middle of the screen."""
        self.error, self.error_at = text, self.now

    def chat(self, text: str, kind: str = "system") -> None:
        self.lines.append(ChatLine(text, kind))

    def float_text(self, text: str, kind: FloatKind, unit: Unit) -> None:
        """Combat text over a unit."""
        self.floats.append(FloatText(text, kind, unit.x, unit.y, unit is self.player, self.now))

    def lost_control(self, unit: Unit) -> None:
        """Stunned, feared or asleep: a cast ends."""
        if unit is not self.player or not any(a.facts.immune for a in unit.auras.values()):
            self.casting.stop(unit, "interrupted")

    def run_hook(self, name: str, spell: SpellDef, target: Unit) -> None:
        """Run one of the named effects of an ability."""
        effects.HOOKS[name](self, spell, target)


def class_of(bindings: Bindings) -> ClassDef:
    """The class whose abilities the bindings name most.

    Raises:
        SimError: they name none.
    """

    def named(own: ClassDef) -> tuple[int, bool]:
        return sum(s.token in bindings.spells for s in own.spells), own.power == bindings.power

    best = max(CLASSES.values(), key=named)
    if not named(best)[0]:
        listing = ", ".join(sorted(bindings.spells)[:8]) or "none"
        raise SimError(
            f"the training ground plays {', '.join(CLASSES)}; the profile's spells ({listing}) belong to none of them. "
            "Use a profile such as mage, or --world live"
        )
    return best
