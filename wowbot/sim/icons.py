"""Icons of our own, made from a name: no game art. The same name gives the same picture everywhere.

Each is a lit motif over a mottled ground, both coloured by the name, so that icons differ as much as real ones do and are
textured like them.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image

Field = NDArray[np.float64]
SIDE = 64
"""Side of the master picture, px."""


@lru_cache(maxsize=2048)
def icon(name: str, px: int) -> Image:
    """The icon of a spell, item or aura.

    Args:
        name: token, e.g. "frostbolt".
        px: side, at least 1.

    Returns:
        BGR uint8 (px, px, 3), read-only.
    """
    image = np.asarray(cv2.resize(master(name), (px, px), interpolation=cv2.INTER_AREA), np.uint8)
    image.flags.writeable = False
    return image


@lru_cache(maxsize=512)
def master(name: str) -> Image:
    """The icon at SIDE x SIDE px."""
    digest = hashlib.sha256(name.encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    ys, xs = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1) * 2 - 1
    hue = digest[8] / 256
    ground = _hsv(hue, 0.55 + 0.4 * rng.random(), 1.0)
    accent = _hsv(hue + (0.18, 0.33, 0.5, 0.67, 0.82)[digest[9] % 5], 0.35 + 0.5 * rng.random(), 1.0)
    light = 0.16 + 0.4 * _clouds(rng, 5) + 0.2 * _clouds(rng, 12)
    light *= 1.25 - 0.55 * np.hypot(xs + 0.2, ys + 0.2)
    picture = light[..., None] * ground
    for part in range(2 + digest[10] % 2):
        motif = MOTIFS[(digest[11 + part]) % len(MOTIFS)]
        angle, size = rng.uniform(0, 2 * np.pi), rng.uniform(0.75, 1.05) * (1.0 if part == 0 else 0.6)
        shift = rng.uniform(-0.15, 0.15, 2) if part == 0 else rng.uniform(-0.45, 0.45, 2)
        u = ((xs - shift[0]) * np.cos(angle) + (ys - shift[1]) * np.sin(angle)) / size
        v = ((ys - shift[1]) * np.cos(angle) - (xs - shift[0]) * np.sin(angle)) / size
        picture = _lay(picture, motif(u, v), accent if part % 2 == 0 else 0.5 + 0.5 * ground[::-1], rng)
    picture *= (1 - 0.35 * np.clip(np.maximum(np.abs(xs), np.abs(ys)) - 0.8, 0, 1) * 5)[..., None]
    return np.clip(np.rint(picture * 255), 0, 255).astype(np.uint8)


def _lay(picture: Field, depth: Field, color: Field, rng: np.random.Generator) -> Field:
    """Lay a motif over the picture: `depth` is negative inside it."""
    cover = np.clip(0.5 - depth * SIDE / 4, 0, 1)
    body = np.clip(-depth * 3.2, 0, 1)
    gy, gx = np.gradient(body)
    lit = 0.5 + 0.5 * body + 5.0 * (-gx - gy) * -0.5 + 0.22 * (_clouds(rng, 14) - 0.5)
    glow = np.clip(0.45 - np.maximum(depth, 0) * 2.2, 0, 1) ** 2
    picture = picture + glow[..., None] * color * 0.5
    shine = np.clip(body - 0.7, 0, 1)[..., None] * 0.9
    made: Field = (
        picture * (1 - cover[..., None]) + (np.clip(lit, 0.05, 1.3)[..., None] * color + shine) * cover[..., None]
    )
    return made


def _clouds(rng: np.random.Generator, cells: int) -> Field:
    coarse = rng.random((cells, cells)).astype(np.float32)
    made: Field = np.asarray(cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float64).clip(0, 1)
    return made


def _hsv(hue: float, saturation: float, value: float) -> Field:
    """BGR 0..1."""
    sector = (hue % 1.0) * 6
    rgb = [value * (1 - saturation * np.clip(1 - abs((sector - c + 3) % 6 - 3) + 1, 0, 1)) for c in (3, 5, 1)]
    return np.array([rgb[2], rgb[1], rgb[0]])


def _orb(u: Field, v: Field) -> Field:
    return np.hypot(u, v) - 0.52


def _ring(u: Field, v: Field) -> Field:
    return np.abs(np.hypot(u, v) - 0.52) - 0.17


def _blade(u: Field, v: Field) -> Field:
    guard = np.maximum(np.abs(u + 0.42) - 0.07, np.abs(v) - 0.36)
    steel = np.maximum(np.abs(v) - 0.15 * np.clip(1.05 - np.maximum(u, 0), 0, 1), np.abs(u) - 0.92)
    return np.minimum(guard, steel)


def _bolt(u: Field, v: Field) -> Field:
    zigzag = 0.22 * np.sign(np.sin(u * 5.5)) * (1 - np.abs(((u * 5.5 / np.pi) % 1) * 2 - 1))
    made: Field = np.maximum(np.abs(v - zigzag) - 0.2 * np.clip(1 - np.abs(u), 0.2, 1), np.abs(u) - 0.9)
    return made


def _star(u: Field, v: Field) -> Field:
    angle = np.arctan2(v, u)
    made: Field = np.hypot(u, v) - (0.36 + 0.3 * np.cos(5 * angle))
    return made


def _flame(u: Field, v: Field) -> Field:
    wave = 0.14 * np.sin(7 * u)
    return np.hypot((v - wave) * 1.5, u * 0.8 + 0.12) - 0.52 * np.clip(0.95 - 0.5 * u, 0.25, 1.2)


def _crescent(u: Field, v: Field) -> Field:
    return np.maximum(np.hypot(u, v) - 0.72, 0.55 - np.hypot(u - 0.34, v))


def _cross(u: Field, v: Field) -> Field:
    return np.minimum(np.maximum(np.abs(u) - 0.18, np.abs(v) - 0.75), np.maximum(np.abs(v) - 0.18, np.abs(u) - 0.75))


def _shield(u: Field, v: Field) -> Field:
    return np.maximum(np.maximum(np.abs(u) - 0.58, -v - 0.6), np.hypot(u, v + 0.25) - 0.98)


def _claws(u: Field, v: Field) -> Field:
    bent = u + 0.35 * v * v
    marks = np.abs(((bent + 0.75) % 0.5) - 0.25) - 0.11
    return np.maximum(np.maximum(marks, np.abs(bent) - 0.72), np.abs(v) - 0.85)


def _spiral(u: Field, v: Field) -> Field:
    radius, angle = np.hypot(u, v), np.arctan2(v, u)
    arm = np.abs(((radius * 2.6 - angle / (2 * np.pi)) % 1) - 0.5) - 0.2
    return np.maximum(arm * 0.4, radius - 0.85)


def _drop(u: Field, v: Field) -> Field:
    return np.hypot(u * 1.2, np.maximum(v - 0.2, (v - 0.2) * 0.45)) - 0.45


def _gem(u: Field, v: Field) -> Field:
    return np.maximum(np.abs(u) * 0.95 + np.abs(v) * 0.65 - 0.6, np.abs(v) - 0.75)


def _leaves(u: Field, v: Field) -> Field:
    one = np.maximum(np.hypot(u, v - 0.45) - 0.75, np.hypot(u, v + 0.45) - 0.75)
    return np.where(np.abs(v) < 0.035, np.abs(one), one)


def _arrows(u: Field, v: Field) -> Field:
    bent = (u + np.abs(v) * 0.9 + 1.0) % 0.66
    return np.maximum(np.abs(bent - 0.33) - 0.15, np.maximum(np.abs(v) - 0.62, np.abs(u) - 0.85))


MOTIFS = (
    _orb, _ring, _blade, _bolt, _star, _flame, _crescent, _cross, _shield, _claws, _spiral, _drop, _gem, _leaves, _arrows,
)  # fmt: skip
