"""Backgrounds nobody drew, and what light, weather and compression do to a picture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image

Rng = np.random.Generator
PALETTES = (
    ((52, 92, 60), (40, 70, 84)),  # grass and earth, BGR
    ((96, 150, 186), (70, 110, 150)),  # sand
    ((210, 205, 200), (160, 150, 140)),  # snow
    ((70, 66, 72), (40, 40, 46)),  # stone
    ((50, 60, 30), (90, 110, 50)),  # swamp
    ((60, 40, 80), (40, 30, 50)),  # corrupted land
    ((30, 50, 90), (20, 30, 60)),  # autumn
)


def f32(values: Any) -> NDArray[np.float32]:
    """An array of floats."""
    return np.asarray(values, np.float32)


def i32(points: Any) -> NDArray[np.int32]:
    """An array of points, as OpenCV's drawing functions want them."""
    return np.asarray(points, np.int32)


def noise(rng: Rng, size: int, octaves: int = 5) -> NDArray[np.float32]:
    """Fractal noise 0..1, float32 (size, size)."""
    total = np.zeros((size, size), np.float32)
    for octave in range(octaves):
        cells = 2 ** (octave + 2)
        grid = rng.random((cells, cells), dtype=np.float32)
        total += f32(cv2.resize(grid, (size, size), interpolation=cv2.INTER_LINEAR)) / 2.0**octave
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(1e-6, high - low)


def scenery(rng: Rng, size: int) -> Image:
    """A landscape: ground, maybe water and sky, hills, rocks, trunks, walls. BGR uint8 (size, size, 3)."""
    a, b = PALETTES[int(rng.integers(len(PALETTES)))]
    mix = noise(rng, size, int(rng.integers(3, 7)))[:, :, None]
    picture = mix * f32(a) + (1 - mix) * f32(b)
    picture *= 0.75 + 0.5 * noise(rng, size, 7)[:, :, None]
    if rng.random() < 0.5:
        _sky(rng, picture)
    if rng.random() < 0.25:
        _water(rng, picture)
    shade = (0.6 + 0.8 * noise(rng, size, 5))[:, :, None]
    for _ in range(int(rng.integers(0, 14))):
        _obstacle(rng, picture, shade)
    if rng.random() < 0.5:
        _grass(rng, picture)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _sky(rng: Rng, picture: NDArray[np.float32]) -> None:
    size = picture.shape[0]
    horizon = int(size * rng.uniform(0.1, 0.5))
    top, low = earthy(rng) + f32([40, 20, 0]), earthy(rng) + f32([50, 40, 30])
    ramp = np.linspace(0, 1, horizon, dtype=np.float32)[:, None, None]
    line = horizon + (noise(rng, size, 4)[0] - 0.5) * size * 0.15
    sky = np.zeros_like(picture)
    sky[:horizon] = (1 - ramp) * top + ramp * low
    mask = np.arange(size)[:, None] < np.minimum(line, horizon)[None, :]
    picture[mask] = sky[mask]


def _water(rng: Rng, picture: NDArray[np.float32]) -> None:
    size = picture.shape[0]
    level = int(size * rng.uniform(0.3, 0.9))
    tone = f32([rng.uniform(80, 170), rng.uniform(60, 140), rng.uniform(20, 80)])
    ripples = cv2.resize(rng.random((max(2, (size - level) // 3), 24), dtype=np.float32), (size, size - level))
    picture[level:] = tone * (0.7 + 0.6 * ripples[:, :, None])


def earthy(rng: Rng) -> NDArray[np.float32]:
    """A colour as the outdoors has them: seldom pure. BGR float32."""
    grey = rng.uniform(20, 190)
    return np.clip(grey + rng.normal(0, 22 if rng.random() < 0.85 else 70, 3), 5, 250).astype(np.float32)


def _obstacle(rng: Rng, picture: NDArray[np.float32], shade: NDArray[np.float32]) -> None:
    size = picture.shape[0]
    x, y = rng.integers(0, size, 2).tolist()
    w, h = int(rng.uniform(0.03, 0.3) * size), int(rng.uniform(0.05, 0.5) * size)
    tone = earthy(rng)
    kind = rng.random()
    layer = picture.copy()
    if kind < 0.4:
        points = i32(
            [[x + rng.integers(-w, w + 1), y + rng.integers(-h, h + 1)] for _ in range(int(rng.integers(3, 8)))]
        )
        cv2.fillPoly(layer, [cv2.convexHull(points)], tone.tolist())
    elif kind < 0.7:
        cv2.rectangle(layer, (x, y), (x + w, y + h), tone.tolist(), -1)
        if rng.random() < 0.5:
            cv2.rectangle(layer, (x, y), (x + w, y + h), (tone * 0.4).tolist(), int(rng.integers(1, 4)))
    else:
        cv2.ellipse(layer, (x, y), (w // 2 + 1, h // 3 + 1), float(rng.uniform(0, 180)), 0, 360, tone.tolist(), -1)
    changed = layer[:, :, 0] != picture[:, :, 0]
    picture[changed] = (layer * shade)[changed]


def _grass(rng: Rng, picture: NDArray[np.float32]) -> None:
    size = picture.shape[0]
    tone = earthy(rng)
    for _ in range(int(rng.integers(40, 200))):
        x, y = int(rng.integers(0, size)), int(rng.integers(size // 3, size))
        tip = (x + int(rng.integers(-6, 7)), y - int(rng.integers(4, 18)))
        cv2.line(picture, (x, y), tip, (tone * rng.uniform(0.6, 1.3)).tolist(), 1, cv2.LINE_AA)


def weather(rng: Rng, picture: Image) -> Image:
    """Fog, night, tint, gamma, rain, blur and JPEG, each by chance."""
    out = picture.astype(np.float32)
    if rng.random() < 0.3:
        out += (rng.uniform(100, 230, 3) - out) * np.float32(rng.uniform(0.05, 0.35))
    if rng.random() < 0.5:
        out *= rng.uniform(0.85, 1.15, 3).astype(np.float32) * np.float32(rng.uniform(0.6, 1.25))
    out = 255.0 * np.power(np.clip(out, 0, 255) / 255.0, np.float32(rng.uniform(0.8, 1.3)))
    if rng.random() < 0.1:
        for _ in range(150):
            x, y = rng.integers(0, picture.shape[1], 2).tolist()
            cv2.line(out, (x, y), (x - 2, y + 14), (200, 200, 200), 1, cv2.LINE_AA)
    result = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        result = cv2.GaussianBlur(result, (0, 0), float(rng.uniform(0.3, 1.1)))
    if rng.random() < 0.7:
        coded = cv2.imencode(".jpg", result, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 96))])[1]
        result = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return np.asarray(result, np.uint8)
