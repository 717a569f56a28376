"""What creatures do: wander, notice, call for help, chase, cast, flee, give up and go home."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wowbot.sim import auras
from wowbot.sim.facts import CreatureCast
from wowbot.sim.units import NEVER, Cast, Creature

if TYPE_CHECKING:
    from wowbot.sim.world import World

LEASH_YD = 45.0
"""A creature drawn so far from where it was pulled gives up (warcraft.wiki.gg/wiki/Leash)."""
REACH_YD = 3.5
ELBOW_YD, STEP_YD_S = 1.8, 3.0
"""Room each needs round the player, and how fast it makes some."""
WALK_YD_S = 2.5
FLEE_S = 4.0
AGGRO_MIN_YD, AGGRO_MAX_YD = 5.0, 45.0


class Minds:
    """All creatures of one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def aggro_yd(self, unit: Creature) -> float:
        """How near the player may come: a yard more for each level the creature is above."""
        if unit.facts.aggro_yd <= 0:
            return 0.0
        radius = unit.facts.aggro_yd + unit.level - self.world.player.level
        return max(AGGRO_MIN_YD, min(AGGRO_MAX_YD, radius))

    def provoke(self, unit: Creature) -> None:
        """It was attacked or saw the player: fight, and call the others."""
        if unit.dead or unit.evading or unit.target is not None:
            return
        self._engage(unit)
        for other in self.world.creatures:
            linked = bool(unit.group) and other.group == unit.group
            near = other.facts.reaction == 2 and other.distance(unit) <= unit.facts.help_yd
            if other is not unit and not other.dead and other.target is None and not other.evading and (linked or near):
                self._engage(other)

    def _engage(self, unit: Creature) -> None:
        world = self.world
        unit.target = world.player
        unit.in_combat = world.player.in_combat = True
        unit.wander_to = None
        unit.home = (unit.x, unit.y)
        unit.swing_at = max(world.now + 0.3, unit.swing_at if unit.swing_at != math.inf else 0.0)
        for i, cast in enumerate(unit.facts.casts):
            unit.next_cast[i] = world.now + world.rng.uniform(0.5, 2.0) + 0.2 * cast.every_s

    def step(self, unit: Creature, dt: float) -> None:
        """One creature, one step."""
        if unit.dead:
            return
        if unit.auras:
            auras.step(self.world, unit)
            if unit.dead:
                return
        if unit.target is not None:
            self._fight(unit, dt)
        elif unit.evading:
            self._go_home(unit, dt)
        else:
            self._idle(unit, dt)

    def _idle(self, unit: Creature, dt: float) -> None:
        world = self.world
        player = world.player
        radius = self.aggro_yd(unit)
        dx, dy = player.x - unit.x, player.y - unit.y
        if radius and dx * dx + dy * dy < radius * radius and not player.dead and not player.ghost:
            if world.sees(unit, player) and not unit.controlled:
                self.provoke(unit)
            return
        if unit.wander_yd <= 0 or unit.controlled:
            return
        if unit.wander_to is not None:
            if self._walk_to(unit, unit.wander_to, WALK_YD_S * dt):
                unit.wander_to = None
        elif world.now >= unit.wander_at:
            angle, far = world.rng.uniform(0, math.tau), world.rng.uniform(1.0, unit.wander_yd)
            unit.wander_to = (unit.home[0] + math.cos(angle) * far, unit.home[1] + math.sin(angle) * far)
            unit.wander_at = world.now + world.rng.uniform(4.0, 12.0)

    def _walk_to(self, unit: Creature, place: tuple[float, float], yards: float) -> bool:
        """True on arrival."""
        dx, dy = place[0] - unit.x, place[1] - unit.y
        far = math.hypot(dx, dy)
        if far <= yards or far < 0.05:
            unit.x, unit.y = place
            return True
        unit.facing = math.atan2(dy, dx)
        unit.x += dx / far * yards
        unit.y += dy / far * yards
        return False

    def _fight(self, unit: Creature, dt: float) -> None:
        world, player = self.world, self.world.player
        if player.dead or player.ghost or math.hypot(unit.x - unit.home[0], unit.y - unit.home[1]) > LEASH_YD:
            self.evade(unit)
            return
        speed = unit.facts.speed_yd_s * unit.speed_factor() * dt
        if unit.auras and unit.controlled:
            if not unit.rooted and any(a.facts.fear for a in unit.auras.values()):
                self._run_away(unit, speed)
            return
        if self._fleeing(unit, speed):
            return
        if unit.cast is not None:
            world.casting.step(unit)
            return
        distance = unit.distance(player)
        if unit.facts.casts and self._start_cast(unit, distance):
            return
        stand = 22.0 if unit.facts.casts and unit.facts.casts[0].damage[1] and self._can_cast(unit) else REACH_YD
        unit.face(player)
        if distance > stand and not unit.rooted:
            unit.move(unit.facing, min(distance - stand, speed))
        else:
            self._spread(unit, dt)
        if distance <= REACH_YD + 1.5 and world.now >= unit.swing_at:
            self._swing(unit)  # also on the run

    def _spread(self, unit: Creature, dt: float) -> None:
        """Those who stand on one another step round the player, the later one to the left."""
        world, player = self.world, self.world.player
        if len(world.creatures) < 2 or unit.rooted:
            return
        for other in world.creatures:
            if other is unit:
                return  # only those before it in the list push it
            if other.target is player and (other.x - unit.x) ** 2 + (other.y - unit.y) ** 2 < ELBOW_YD * ELBOW_YD:
                angle = math.atan2(unit.y - player.y, unit.x - player.x) + STEP_YD_S * dt / REACH_YD
                distance = unit.distance(player)
                unit.x = player.x + distance * math.cos(angle)
                unit.y = player.y + distance * math.sin(angle)
                return

    def _can_cast(self, unit: Creature) -> bool:
        return self.world.now >= unit.lock_until

    def _swing(self, unit: Creature) -> None:
        world, player = self.world, self.world.player
        unit.swing_at = world.now + unit.swing_s
        chance = world.rng.random()
        front = player.in_front(unit)
        if chance < 0.05:
            world.float_text("Miss", "miss", player)
        elif chance < 0.10 and front and not player.controlled:
            world.float_text("Dodge", "miss", player)
        else:
            world.damage.player(world.damage.creature_swing(unit), unit, physical=True)

    def _start_cast(self, unit: Creature, distance: float) -> bool:
        world = self.world
        if not self._can_cast(unit):
            return False
        for i, cast in enumerate(unit.facts.casts):
            if world.now < unit.next_cast[i] or distance > cast.range_yd:
                continue
            if cast.heal[1] and unit.health > 0.6 * unit.health_max:
                continue
            unit.next_cast[i] = world.now + cast.every_s * world.rng.uniform(0.8, 1.2)
            self.begin_cast(unit, cast)
            return True
        return False

    def begin_cast(self, unit: Creature, cast: CreatureCast) -> None:
        """Start an enemy's cast bar."""
        now = self.world.now
        unit.face(self.world.player)
        unit.cast = Cast(
            cast.token, cast.name, now, now + cast.cast_s, cast.cast_s, interruptible=cast.interruptible,
            target=self.world.player, creature=cast,
        )  # fmt: skip

    def _fleeing(self, unit: Creature, speed: float) -> bool:
        """Once, at low health, some run for help."""
        world = self.world
        if unit.facts.flees_at_pct and not unit.fled and unit.health < unit.health_max * unit.facts.flees_at_pct / 100:
            unit.fled = True
            unit.fleeing_until = world.now + FLEE_S
            world.casting.stop(unit, "interrupted")
        if world.now >= unit.fleeing_until:
            return False
        if not unit.rooted:
            self._run_away(unit, 0.6 * speed)
        return True

    def _run_away(self, unit: Creature, yards: float) -> None:
        player = self.world.player
        unit.facing = math.atan2(unit.y - player.y, unit.x - player.x)
        unit.move(unit.facing, yards)

    def evade(self, unit: Creature) -> None:
        """Give up: run home unhurt."""
        world = self.world
        unit.target, unit.cast, unit.in_combat, unit.evading = None, None, False, True
        unit.fleeing_until = NEVER
        unit.fled = False
        auras.clear(unit)
        world.director.evaded(unit)

    def _go_home(self, unit: Creature, dt: float) -> None:
        unit.health = min(unit.health_max, unit.health + unit.health_max * 0.5 * dt)
        if self._walk_to(unit, unit.home, unit.facts.speed_yd_s * 1.5 * dt):
            unit.evading = False
            unit.health, unit.power = unit.health_max, unit.power_max
