"""From the world to a WorldView: frames, casts, auras, buttons, and where creatures stand on the screen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wowbot.sim.casting import progress_pct
from wowbot.sim.keymap import BARS
from wowbot.sim.slotstate import SlotBoard
from wowbot.sim.units import CastEnd, Creature, Player, Unit
from wowbot.sim.view import (
    AuraView,
    BlipView,
    BodyView,
    CameraView,
    CastState,
    CastView,
    FloatView,
    SlotView,
    UnitView,
    WorldView,
)

if TYPE_CHECKING:
    from wowbot.sim.world import World

CAMERA_BACK_YD, CAMERA_UP_YD = 11.0, 4.5
HORIZON = 0.36
FOCAL = 0.5 / math.tan(math.radians(25.0))
"""Screen heights per unit of slope: a vertical field of view of 50 degrees."""
PLATE_YD = 41.0
GATE_YD = 4.0
NEAR_YD = 2.0
FADE_S, FAILED_S = 0.35, 1.0
"""A finished bar fades; a failed one is held a second first (CastingBarFrame.lua)."""
FLOAT_S = 1.5
MINIMAP_YD = 130.0
START_HOUR = 10.0
DAY_S = 3600.0


class Camera:
    """Behind and above the player, looking where the player faces."""

    def __init__(self, x: float, y: float, facing: float) -> None:
        self.x, self.y, self.facing = x, y, facing
        self._cos, self._sin = math.cos(facing), math.sin(facing)

    def place(self, x: float, y: float) -> tuple[float, float] | None:
        """(screen heights right of the centre, depth in yards) of a place; None behind the camera."""
        dx, dy = x - self.x, y - self.y
        depth = dx * self._cos + dy * self._sin + CAMERA_BACK_YD
        if depth < NEAR_YD:
            return None
        right = dx * self._sin - dy * self._cos
        return FOCAL * right / depth, depth

    @staticmethod
    def height(depth: float, up_yd: float) -> float:
        """Screen heights below the top edge of something `up_yd` above the ground at that depth."""
        return HORIZON + FOCAL * (CAMERA_UP_YD - up_yd) / depth


def world_view(world: World, board: SlotBoard) -> WorldView:
    """Everything the HUD shows now."""
    player = world.player
    camera = Camera(player.x, player.y, player.facing)
    target = player.target
    attacked = target.target if isinstance(target, Creature) else None
    return WorldView(
        t_s=world.now,
        player=unit_view(world, player),
        camera=CameraView(player.x, player.y, player.facing),
        target=None if target is None else unit_view(world, target),
        targettarget=None if attacked is None else unit_view(world, attacked),
        slots=slot_views(world, board),
        bodies=bodies(world, camera),
        blips=blips(world),
        zone=world.zone,
        popup=world.popup,
        loot=world.loot,
        error_text=world.error if world.now - world.error_at < 6.0 else "",
        error_age_s=min(99.0, world.now - world.error_at),
        floats=floats(world, camera),
        chat=tuple(world.lines),
        chat_edit=world.chat_edit,
        ghost_world=player.ghost,
        combo_points=player.combo,
        xp_pct=None if player.level >= 80 else player.xp,
        time_of_day_h=(START_HOUR + 24.0 * world.now / DAY_S) % 24.0,
        moving=player.moving,
        combat_flash=abs(math.fmod(world.now, 1.0) - 0.5) * 2.0,
    )


def unit_view(world: World, unit: Unit) -> UnitView:
    """A unit frame."""
    harmful: tuple[list[AuraView], list[AuraView]] = ([], [])
    for live in unit.auras.values():
        facts = live.facts
        remains = 0.0 if math.isinf(live.ends) else max(0.0, live.ends - world.now)
        harmful[facts.harmful].append(
            AuraView(facts.token, live.stacks, remains, facts.duration_s, facts.harmful, facts.school, live.own)
        )
    is_player = isinstance(unit, Player)
    return UnitView(
        name=unit.name, kind=unit.kind, level=unit.level, health=unit.health, health_max=unit.health_max,
        power_type=unit.power_type, power=unit.power, power_max=unit.power_max,
        reaction=unit.facts.reaction if isinstance(unit, Creature) else 5,
        classification=unit.facts.classification if isinstance(unit, Creature) else "normal",
        dead=unit.dead, ghost=isinstance(unit, Player) and unit.ghost, in_combat=unit.in_combat,
        resting=isinstance(unit, Player) and unit.resting, is_player=is_player,
        skull=unit.level > world.player.level + 9, cast=cast_view(world, unit),
        buffs=tuple(harmful[0]), debuffs=tuple(harmful[1]),
    )  # fmt: skip


def cast_view(world: World, unit: Unit) -> CastView | None:
    """The cast bar: running, or the moment after its end."""
    cast = unit.cast
    if cast is not None:
        state: CastState = "channel" if cast.channel else "casting"
        left = max(0.0, cast.ends - world.now)
        pct = progress_pct(cast, world.now)
        return CastView(cast.token, cast.name, pct, state, cast.interruptible, left, cast.full)
    return None if unit.cast_end is None else _ended(world, unit.cast_end)


def _ended(world: World, end: CastEnd) -> CastView | None:
    age = world.now - end.at
    hold = 0.0 if end.state == "success" else FAILED_S
    if age >= hold + FADE_S or (end.cast.channel and end.state == "success"):
        return None
    alpha = 1.0 - max(0.0, age - hold) / FADE_S
    pct = 100.0
    state: CastState = "success"
    if end.state != "success":
        state = "failed" if end.state == "failed" else "interrupted"
    return CastView(end.cast.token, end.cast.name, pct, state, end.cast.interruptible, 0.0, end.cast.full, alpha)


def slot_views(world: World, board: SlotBoard) -> dict[str, tuple[SlotView, ...]]:
    """Every shown bar with all its buttons."""
    empty = SlotView("")
    rows = {bar: [empty] * BARS.get(bar, 12) for bar in world.bars}
    for slot in board.update():
        rows[slot.bar][slot.number - 1] = slot.view()
    return {bar: tuple(row) for bar, row in rows.items()}


def bodies(world: World, camera: Camera) -> tuple[BodyView, ...]:
    """Creatures before the camera, far to near."""
    found = []
    for unit in world.creatures:
        placed = camera.place(unit.x, unit.y)
        if placed is not None and world.sees(world.player, unit):
            found.append((placed[1], _body(world, unit, placed)))
    if world.door_closed:
        gate = camera.place(*world.door.at)
        if gate is not None:
            found.append((gate[1], _gate(gate)))
    found.sort(key=lambda item: -item[0])
    return tuple(body for _, body in found)


def _gate(placed: tuple[float, float]) -> BodyView:
    x, depth = placed
    feet, top = Camera.height(depth, 0.0), Camera.height(depth, GATE_YD)
    return BodyView(
        x=x, y=feet, plate_y=top, height=feet - top, distance_yd=depth - CAMERA_BACK_YD, name="Closed Gate", kind="gate",
        level=0, health_pct=100.0, reaction=5, plate=False,
    )  # fmt: skip


def _body(world: World, unit: Creature, placed: tuple[float, float]) -> BodyView:
    x, depth = placed
    tall = unit.facts.height_yd
    distance = unit.distance(world.player)
    feet = Camera.height(depth, 0.0)
    return BodyView(
        x=x, y=feet, plate_y=Camera.height(depth, tall + 0.7), height=feet - Camera.height(depth, tall),
        distance_yd=distance, name=unit.name, kind=unit.kind, level=unit.level,
        health_pct=100.0 * unit.health / unit.health_max, reaction=unit.facts.reaction,
        classification=unit.facts.classification, dead=unit.dead, lootable=unit.lootable,
        plate=not unit.dead and distance <= PLATE_YD, selected=unit is world.player.target,
        cast=cast_view(world, unit), facing_rad=unit.facing,
    )  # fmt: skip


def blips(world: World) -> tuple[BlipView, ...]:
    """The corpse on the minimap, north up."""
    player = world.player
    if player.corpse is None:
        return ()
    dx, dy = (player.corpse[0] - player.x) / MINIMAP_YD, (player.y - player.corpse[1]) / MINIMAP_YD
    far = math.hypot(dx, dy)
    scale = 1.0 if far <= 1.0 else 1.0 / far
    return (BlipView(dx * scale, dy * scale, "corpse"),)


def floats(world: World, camera: Camera) -> tuple[FloatView, ...]:
    """Combat text that still rises."""
    found = []
    for text in world.floats:
        age = world.now - text.at
        placed = camera.place(text.x, text.y)
        if age < FLOAT_S and placed is not None:
            y = Camera.height(placed[1], 2.2)
            found.append(FloatView(text.text, text.kind, placed[0], y, age))
    return tuple(found)
