"""A world behind the HUD: sky, hills that turn with the camera, ground that runs under it.

Drawn at a fraction of the frame's size and enlarged; the ground is looked up in a tile through integers only, so that
every machine draws the same.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.sim.draw_canvas import noise
from wowbot.sim.view import WorldView
from wowbot.sim.viewing import CAMERA_BACK_YD, CAMERA_UP_YD, FOCAL, HORIZON

TILE, TEXELS_PER_YD, LEVELS = 512, 12.0, 5
"""Side of the ground tile, its scale, and how often it is halved for the distance."""
HAZE = (196.0, 176.0, 150.0)


class Background:
    """The world without its creatures.

    Args:
        size_wh: frame size, px.
        seed: of the terrain.
    """

    def __init__(self, size_wh: tuple[int, int], seed: int) -> None:
        self.size_wh = size_wh
        step = max(2, round(size_wh[1] / 360))
        self._small_wh = (-(-size_wh[0] // step), -(-size_wh[1] // step))
        self._horizon = round(self._small_wh[1] * HORIZON)
        self._day_tile, self._bases = _mips(ground_tile(seed))
        self._day_panorama = _panorama(self._small_wh, self._horizon, seed)
        self._rows()
        self._low = np.zeros((self._small_wh[1], self._small_wh[0], 3), np.uint8)
        self._packed = np.zeros((self._small_wh[1] - self._horizon, self._small_wh[0]), np.uint32)
        self._frame: Image | None = None
        self._key: tuple[object, ...] = ()
        self._light_key: tuple[object, ...] = ()

    def draw(self, view: WorldView) -> Image:
        """The background as a fresh, writable frame."""
        camera = view.camera
        light = (round(view.time_of_day_h * 10), view.ghost_world)
        key = (camera.x, camera.y, camera.facing_rad, light)
        if key == self._key:
            if self._frame is None:
                self._frame = self._enlarge()
            return self._frame.copy()
        if light != self._light_key:
            self._light_key = light
            self._relight(light[0] / 10, view.ghost_world)
        self._key, self._frame = key, None
        self._sky(camera.facing_rad)
        self._ground(camera.x, camera.y, camera.facing_rad)
        return self._enlarge()

    def _enlarge(self) -> Image:
        return np.asarray(cv2.resize(self._low, self.size_wh, interpolation=cv2.INTER_LINEAR), np.uint8)

    def _relight(self, hour: float, ghost: bool) -> None:
        """Light the sources rather than every frame."""
        day = self._day_tile.view(np.uint8).reshape(1, -1, 4)
        lit = _light(np.ascontiguousarray(day[..., :3]), hour, ghost)
        self._tile = np.ascontiguousarray(np.dstack([lit, day[..., 3]])).view(np.uint32).ravel()
        self._panorama = _light(self._day_panorama, hour, ghost)
        haze = _light(np.full((1, 1, 3), HAZE, np.uint8), hour, ghost)[0, 0]
        self._fog = np.rint(self._fog_share * haze).astype(np.uint8)

    def _rows(self) -> None:
        """Everything about a ground row that does not depend on the camera."""
        width, height = self._small_wh
        below = np.arange(self._horizon, height) + 1.0 - HORIZON * height
        focal = FOCAL * height
        self._depth = CAMERA_UP_YD * focal / np.maximum(0.7, below)
        self._across = self._depth / focal
        texels = self._across * TEXELS_PER_YD
        level = np.clip(np.ceil(np.log2(np.maximum(texels, 1e-6))), 0, LEVELS - 1).astype(np.int32)
        self._shift = (level + 8)[:, None]
        self._mask = ((TILE >> level) - 1)[:, None].astype(np.int32)
        self._stride = (9 - level)[:, None].astype(np.int32)
        self._base = self._bases[level][:, None]
        self._columns = np.arange(width, dtype=np.int32)[None, :] - width // 2
        fog = np.clip((self._depth - 18) / 90, 0, 0.92)[:, None, None]
        shape = (len(below), width, 3)
        self._fog_keep = np.broadcast_to(np.rint(255 * (1 - fog)), shape).astype(np.uint8)
        self._fog_share = np.broadcast_to(fog, shape).astype(np.float32)

    def _sky(self, facing: float) -> None:
        width = self._small_wh[0]
        around = self._panorama.shape[1]
        start = int(-facing / (2 * np.pi) * around) % around
        first = min(width, around - start)
        top = self._low[: self._horizon]
        top[:, :first] = self._panorama[:, start : start + first]
        if first < width:
            top[:, first:] = self._panorama[:, : width - first]

    def _ground(self, x: float, y: float, facing: float) -> None:
        cos, sin = np.cos(facing), np.sin(facing)
        eye_x, eye_y = x - CAMERA_BACK_YD * cos, y - CAMERA_BACK_YD * sin
        unit = TEXELS_PER_YD * 256
        u = self._line((eye_x + self._depth * cos) * unit, self._across * sin * unit)
        v = self._line((eye_y + self._depth * sin) * unit, -self._across * cos * unit)
        v <<= self._stride
        v += u
        v += self._base
        packed, low = self._packed, self._low[self._horizon :]
        self._tile.take(v, out=packed, mode="clip")
        cv2.cvtColor(packed.view(np.uint8).reshape(*packed.shape, 4), cv2.COLOR_BGRA2BGR, dst=low)
        cv2.multiply(low, self._fog_keep, dst=low, scale=1 / 255)
        cv2.add(low, self._fog, dst=low)

    def _line(self, start: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.int32]:
        """Tile coordinate of every pixel of every row: start at the centre column plus so much a column."""
        first = (np.rint(start).astype(np.int64) % (TILE * 256)).astype(np.int32)[:, None]
        made = np.rint(step).astype(np.int32)[:, None] * self._columns
        made += first
        made >>= self._shift
        made &= self._mask
        return made


def ground_tile(seed: int) -> Image:
    """A seamless patch of meadow with paths and stones, BGR (TILE, TILE, 3)."""
    shape = (TILE, TILE)
    fine = _seamless(shape, seed, 2.2) - 0.5
    light = (
        0.5 + 0.5 * fine + 0.3 * (_seamless(shape, seed + 5, 7) - 0.5) + 0.4 * (_seamless(shape, seed + 1, 40) - 0.5)
    )
    soil = np.clip((_seamless(shape, seed + 2, 110) - 0.56) * 9, 0, 1)[..., None]
    dry = np.clip((_seamless(shape, seed + 3, 80) - 0.45) * 4, 0, 1)[..., None]
    grass = np.array([44, 96, 80]) * (1 - dry) + np.array([60, 112, 124]) * dry
    picture = (grass * (1 - soil) + np.array([72, 96, 118]) * soil) * (0.45 + light[..., None])
    stones = np.clip((_seamless(shape, seed + 4, 9) - 0.86) * 14, 0, 1)[..., None]
    picture = picture * (1 - stones) + np.array([124, 128, 130]) * (0.35 + light[..., None]) * stones
    made: Image = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return made


def _seamless(shape: tuple[int, int], seed: int, cell: float) -> NDArray[np.float32]:
    """Noise that repeats: laid over its own half-shifted self where it would not match."""
    h, w = shape
    field = noise(shape, seed, cell)
    other = np.roll(field, (h // 2, w // 2), (0, 1))
    edge_y = np.abs(np.linspace(-1, 1, h))[:, None]
    edge_x = np.abs(np.linspace(-1, 1, w))[None, :]
    share = np.clip((np.maximum(edge_x, edge_y) - 0.7) / 0.25, 0, 1)
    return np.asarray(field * (1 - share) + other * share, np.float32)


def _mips(tile: Image) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """The tile and its halvings, each pixel one 32-bit number, end to end, and where each begins."""
    parts, bases, at = [], [], 0
    for level in range(LEVELS):
        side = TILE >> level
        small = np.asarray(cv2.resize(tile, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
        four = np.dstack([small, np.full((side, side), 255, np.uint8)])
        parts.append(np.ascontiguousarray(four).view(np.uint32).ravel())
        bases.append(at)
        at += side * side
    return np.concatenate(parts), np.array(bases, np.int32)


def _panorama(small_wh: tuple[int, int], rows: int, seed: int) -> Image:
    """Sky and hills all round, BGR (rows, about 4 frame widths, 3)."""
    around = int(2 * np.pi * FOCAL * small_wh[1])
    up = np.linspace(1, 0, rows)[:, None, None]
    sky = np.array([226, 180, 120]) * up + np.array(HAZE) * (1 - up)
    clouds = np.clip((_wrapped((rows, around), seed + 9, rows / 2.2) - 0.5) * 3, 0, 1)[..., None] * np.clip(
        up * 1.5, 0, 1
    )
    picture = sky * (1 - 0.7 * clouds) + 235.0 * 0.7 * clouds
    for layer, (reach, color) in enumerate(((0.75, (150, 128, 108)), (0.45, (108, 108, 80)), (0.2, (52, 84, 58)))):
        crest = _wrapped((1, around), seed + 20 + layer, 90 / (layer + 1))[0] * reach * rows
        inside = np.clip(crest[None, :] - (rows - 1 - np.arange(rows))[:, None] + 0.5, 0, 1)[..., None]
        bark = 0.8 + 0.4 * _wrapped((rows, around), seed + 30 + layer, 4)[..., None]
        picture = picture * (1 - inside) + np.array(color) * bark * inside
    made: Image = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return made


def _wrapped(shape: tuple[int, int], seed: int, cell: float) -> NDArray[np.float32]:
    """Noise whose left and right edges meet."""
    h, w = shape
    field = noise((h, w + 200), seed, cell)
    share = np.linspace(0, 1, 200, dtype=np.float32)[None, :]
    field[:, :200] = field[:, :200] * share + field[:, w:] * (1 - share)
    return field[:, :w]


def _light(low: Image, hour: float, ghost: bool) -> Image:
    """The light of the hour; a ghost sees the world drained and bluish."""
    day = float(np.clip(1.15 * np.cos((hour - 13) / 24 * 2 * np.pi) + 0.62, 0.24, 1.0))
    warm = float(np.clip(1 - abs(day - 0.6) * 2.5, 0, 1)) * 0.18
    gains = (day * (1 - warm) + 0.12 * (1 - day), day, day * (1 + warm * 0.5))
    if ghost:
        grey = cv2.cvtColor(low, cv2.COLOR_BGR2GRAY)
        low = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)
        gains = (gains[0] * 0.95 + 0.08, gains[1] * 0.72, gains[2] * 0.6)
    steps = np.arange(256)[:, None] * np.array(gains)[None, :]
    table = np.clip(np.rint(steps), 0, 255).astype(np.uint8).reshape(1, 256, 3)
    return np.asarray(cv2.LUT(low, table), np.uint8)
