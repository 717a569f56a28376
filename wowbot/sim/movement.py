"""How the character moves: held keys, the click-to-move walk, doors in the way, ghosts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wowbot.sim import auras, life, swing
from wowbot.sim.facts import BACK_YD_S, GHOST_YD_S, MELEE_YD, RUN_YD_S, TURN_RAD_S
from wowbot.sim.units import Creature, Unit

if TYPE_CHECKING:
    from wowbot.sim.world import World

MOVES = frozenset({"move_forward", "move_backward", "strafe_left", "strafe_right"})
TURNS = frozenset({"turn_left", "turn_right"})
LOOT_YD = 4.0


def step(world: World, dt: float) -> None:
    """Turn and walk for `dt` seconds."""
    player = world.player
    player.moving = False
    if (player.dead and not player.ghost) or player.controlled or world.blocked:
        player.path = None
        return
    held = player.held
    if held:
        _turn(world, dt)
        if held & MOVES:
            _walk(world, dt)
            return
    if player.path is not None:
        _follow_path(world, dt)


def _turn(world: World, dt: float) -> None:
    player = world.player
    way = ("turn_left" in player.held) - ("turn_right" in player.held)
    if way:
        player.path = None
        player.facing = math.remainder(player.facing + way * TURN_RAD_S * dt, math.tau)


def _walk(world: World, dt: float) -> None:
    player, held = world.player, world.player.held
    ahead = ("move_forward" in held) - ("move_backward" in held)
    if player.ghost and player.corpse is not None and ahead > 0 and not held & TURNS:
        # The training ground's one kindness: ghosts know the way, since no map is drawn to read it from.
        player.facing = math.atan2(player.corpse[1] - player.y, player.corpse[0] - player.x)
    aside = ("strafe_left" in held) - ("strafe_right" in held)
    player.path = None
    if (not ahead and not aside) or player.rooted:
        return
    speed = BACK_YD_S if ahead < 0 else (GHOST_YD_S if player.ghost else RUN_YD_S)
    angle = player.facing + math.atan2(aside, ahead)
    _go(world, angle, speed * player.speed_factor() * dt)


def _follow_path(world: World, dt: float) -> None:
    """Click-to-move: walk to the goal, then attack or loot it."""
    player, goal = world.player, world.player.path
    if goal is None:
        return
    distance = player.distance(goal)
    player.face(goal)
    reach = MELEE_YD - 1.5 if isinstance(goal, Creature) and not goal.dead else LOOT_YD
    if distance <= reach:
        _arrive(world, goal)
    elif not player.rooted:
        _go(world, player.facing, min(distance - reach + 0.01, RUN_YD_S * player.speed_factor() * dt))


def _arrive(world: World, goal: Unit) -> None:
    world.player.path = None
    if isinstance(goal, Creature):
        if not goal.dead:
            swing.start(world)
        elif goal.lootable:
            life.open_loot(world, goal)


def _go(world: World, angle: float, yards: float) -> None:
    player = world.player
    player.moving = True
    player.resting = False
    if player.cast is not None and not (player.cast.spell is not None and player.cast.spell.token == "bladestorm"):
        world.casting.stop(player, "failed")
    auras.stand_up(player)
    life.close_loot(world)
    world.displace(player, angle, yards)


def interact(world: World) -> None:
    """Interact With Target: attack it, loot it, or use what stands before the character."""
    player, target = world.player, world.player.target
    if player.dead and not player.ghost:
        return
    if isinstance(target, Creature):
        if target.dead and not target.lootable:
            world.say_error("You can't loot that")
            return
        if not player.controlled:
            player.face(target)
            player.path = target
            _follow_path(world, 0.0)
        return
    if not world.open_door():
        world.say_error("There is nothing to interact with")
