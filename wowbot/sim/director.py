"""Runs a scenario in a world: brings creatures up, watches what happens, says when it is over and how."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wowbot.sim import life
from wowbot.sim.scenarios import CREATURES, ScenarioFacts, SpawnFacts
from wowbot.sim.units import Creature
from wowbot.sim.view import PopupView

if TYPE_CHECKING:
    from wowbot.sim.world import World

LOST_AFTER_S = 3.0
"""A lost scenario goes on so long, to show it."""


class Director:
    """The one part of a world that knows its scenario."""

    def __init__(self, world: World, facts: ScenarioFacts) -> None:
        self.world, self.facts = world, facts
        self._waiting = [i for i, spawn in enumerate(facts.spawns) if spawn.when != "start"]
        self._coming = 0
        self._done_at: float | None = None
        self._result = ""
        self._escaped = False
        self._revived = False
        self._check_at = 0.0

    def start(self) -> None:
        player = self.world.player
        player.health = round(player.health_max * self.facts.player_health_pct / 100.0)
        if player.power_type != "rage":
            player.power = player.power_max * self.facts.player_power_pct / 100.0
        for i, spawn in enumerate(self.facts.spawns):
            if spawn.when == "start":
                self._bring(i)
        if self.facts.dialog is not None:
            self._ask()
        if self.facts.doom_s:
            self.world.after(self.facts.doom_s, self._doom)

    def _doom(self) -> None:
        """Strike until it kills: shields and blocks only put it off."""
        player = self.world.player
        self.world.damage.player(1e9, player, physical=False)
        if not player.dead:
            self.world.after(0.5, self._doom)

    def _ask(self) -> None:
        dialog = self.facts.dialog
        if dialog is not None:
            self.world.popup = PopupView("unknown", dialog.text, dialog.buttons)

    def answered(self, button: int) -> None:
        """A button of the unknown dialog was clicked."""
        dialog, world = self.facts.dialog, self.world
        world.popup = None
        if dialog is None:
            return
        if button == dialog.right:
            self._trigger("answered")
        else:
            world.after(3.0, self._ask)

    def _trigger(self, when: str) -> None:
        for i in [i for i in self._waiting if self.facts.spawns[i].when == when]:
            self._waiting.remove(i)
            self._coming += 1
            self.world.after(self.facts.spawns[i].delay_s, lambda i=i: self._arrive(i))  # type: ignore[misc]

    def _arrive(self, index: int) -> None:
        self._coming -= 1
        self._bring(index)

    def _bring(self, index: int) -> None:
        for _ in range(self.facts.spawns[index].count):
            self._one(index)

    def _one(self, index: int) -> None:
        """One creature of a spawn, at its place with jitter."""
        world, spawn = self.world, self.facts.spawns[index]
        unit = Creature(CREATURES[spawn.kind], max(1, world.player.level + spawn.level), self._place(spawn))
        unit.facing = world.rng.uniform(-math.pi, math.pi)
        unit.group, unit.wander_yd, unit.respawn_s = spawn.group, spawn.wander, spawn.respawn_s
        unit.wander_at = world.now + world.rng.uniform(1.0, 8.0)
        unit.spawn_index = index
        world.creatures.append(unit)
        if spawn.charge:
            world.minds.provoke(unit)

    def _place(self, spawn: SpawnFacts) -> tuple[float, float]:
        rng, (x, y) = self.world.rng, spawn.at
        angle, far = rng.uniform(0, math.tau), spawn.spread * math.sqrt(rng.random())
        base = (0.0, 0.0)
        if spawn.when in ("resting", "answered", "cleared"):
            base = (self.world.player.x, self.world.player.y)  # they come to where the player is by then
        return base[0] + x + far * math.cos(angle), base[1] + y + far * math.sin(angle)

    def died(self, unit: Creature) -> None:
        if unit.respawn_s > 0:
            index = unit.spawn_index
            self.world.after(unit.respawn_s, lambda: self._one(index))
        self._escaped = True

    def evaded(self, unit: Creature) -> None:
        self._escaped = True

    def player_died(self) -> None:
        if self.facts.healer_offers_s:
            self.world.after(self.facts.healer_offers_s, lambda: life.offer_resurrection(self.world))
        if not self.facts.allow_death and self._done_at is None:
            self._finish("lost", LOST_AFTER_S)

    def player_revived(self) -> None:
        self._revived = True

    def _finish(self, result: str, settle_s: float) -> None:
        self._result, self._done_at = result, self.world.now + settle_s

    def step(self) -> None:
        """Four times a second: triggers and the end."""
        world = self.world
        if world.now < self._check_at:
            return
        self._check_at = world.now + 0.25
        if self._done_at is not None:
            if world.now >= self._done_at or self._settled():
                world.stats.result = self._result
            return
        if self._waiting:
            self._check_triggers()
        if self._reached():
            self._finish("won", self.facts.settle_s)
        elif world.now >= self.facts.limit_s:
            world.stats.result = "time"

    def _settled(self) -> bool:
        """Nothing is left to do: every corpse is looted."""
        world = self.world
        return self._result == "won" and self.facts.end == "all_dead" and not any(c.lootable for c in world.creatures)

    def _check_triggers(self) -> None:
        player = self.world.player
        if player.has("food") or player.has("drink"):
            self._trigger("resting")
        ahead = any(self.facts.spawns[i].when != "cleared" for i in self._waiting)
        if not ahead and not self._coming and self._all_dead():
            self._trigger("cleared")

    def _all_dead(self) -> bool:
        return all(c.dead for c in self.world.creatures)

    def _reached(self) -> bool:
        world, player = self.world, self.world.player
        alive = not player.dead and not player.ghost
        if self.facts.end == "all_dead":
            return alive and not self._waiting and not self._coming and self._all_dead()
        if self.facts.end == "escape":
            return alive and self._escaped and not player.in_combat
        return self.facts.end == "revived" and self._revived and alive and world.stats.deaths > 0
