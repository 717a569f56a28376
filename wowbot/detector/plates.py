"""Nameplates with every style, size, fill and colour that clients draw."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.detector.classes import CLASSES, Box
from wowbot.detector.scenery import f32

Rng = np.random.Generator
TONES = {
    "nameplate_hostile": ((20, 20, 230), (30, 10, 180), (26, 77, 204)),
    "nameplate_neutral": ((10, 230, 235), (0, 160, 170), (0, 179, 230)),
    "nameplate_friendly": ((20, 220, 20), (230, 60, 20), (200, 120, 40), (26, 153, 0)),
}
"""BGR of the fills: reaction colours of the clients, and the blue of friendly players."""
LEAST_FILL = 0.12
"""A plate that is emptier shows no colour that would tell whose it is."""
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX)
LETTERS = "abcdefghijklmnoprstuvwz"


def name(rng: Rng) -> str:
    """A made-up creature name."""
    words = [
        "".join(rng.choice(list(LETTERS), int(rng.integers(3, 9)))).title() for _ in range(int(rng.integers(1, 3)))
    ]
    return " ".join(words)


def draw_plate(rng: Rng, picture: Image, x: int, y: int, width: int) -> Box:
    """Draw one plate with its left top corner at x, y and `width` px wide; returns its box."""
    label = str(rng.choice(list(TONES)))
    tone = f32(TONES[label][int(rng.integers(len(TONES[label])))]) * rng.uniform(0.7, 1.1)
    height = max(round(picture.shape[0] / 110), round(width * rng.uniform(0.05, 0.16)))
    alpha = float(rng.choice([1.0, 1.0, 0.75, 0.5]))
    layer = picture.copy()
    border = int(rng.random() < 0.75) * max(1, round(height * rng.uniform(0.06, 0.22)))
    back = tuple(float(v) for v in rng.uniform(0, 60, 3))
    cv2.rectangle(layer, (x, y), (x + width - 1, y + height - 1), back, -1)
    fill = 1.0 if rng.random() < 0.45 else float(rng.uniform(LEAST_FILL, 1.0))
    _gradient_fill(
        rng, layer, (x + border, y + border), (round((width - 2 * border) * fill), height - 2 * border), tone
    )
    if border:
        edge = tuple(float(v) for v in (rng.uniform(0, 40, 3) if rng.random() < 0.7 else rng.uniform(120, 220, 3)))
        cv2.rectangle(layer, (x, y), (x + width - 1, y + height - 1), edge, border)
    _decorate(rng, layer, x, y, (width, height))
    cv2.addWeighted(layer, alpha, picture, 1 - alpha, 0, dst=picture)
    return Box(CLASSES.index(label), x, y, x + width, y + height)


def _gradient_fill(
    rng: Rng, layer: Image, at: tuple[int, int], size: tuple[int, int], tone: NDArray[np.float32]
) -> None:
    (x, y), (w, h) = at, size
    part = layer[max(0, y) : y + h, max(0, x) : x + w]
    if part.size == 0:
        return
    rows = np.linspace(0, 1, part.shape[0], dtype=np.float32)
    shape = rng.choice(["flat", "gloss", "dark"])
    curve = {
        "flat": np.ones_like(rows),
        "gloss": 0.55 + 0.45 * np.sin(np.pi * (rows + 0.15)),
        "dark": 1.0 - 0.45 * rows,
    }[str(shape)]
    part[:] = np.clip(tone[None, None, :] * curve[:, None, None], 0, 255).astype(np.uint8)


def _decorate(rng: Rng, layer: Image, x: int, y: int, size: tuple[int, int]) -> None:
    width, height = size
    font, scale = int(rng.choice(FONTS)), max(0.25, height / 28.0 * rng.uniform(0.8, 1.6))
    if rng.random() < 0.85:
        text, colour = name(rng), (255, 255, 255) if rng.random() < 0.5 else (60, 210, 255)
        (tw, _), _ = cv2.getTextSize(text, font, scale, 1)
        at = (x + (width - tw) // 2, y - max(2, height // 4))
        cv2.putText(layer, text, (at[0] + 1, at[1] + 1), font, scale, (0, 0, 0), 1, cv2.LINE_AA)
        cv2.putText(layer, text, at, font, scale, colour, 1, cv2.LINE_AA)
    if rng.random() < 0.3 and height >= 8:
        cv2.putText(
            layer,
            f"{rng.integers(1, 100)}%",
            (x + width // 2 - height, y + height - 2),
            font,
            height / 30.0,
            (255, 255, 255),
            1,
            cv2.LINE_AA,
        )
    if rng.random() < 0.5:
        cv2.putText(
            layer,
            str(rng.integers(1, 84)),
            (x + width + 2, y + height),
            font,
            max(0.3, height / 26.0),
            (40, 200, 255),
            1,
            cv2.LINE_AA,
        )
    if rng.random() < 0.2:
        cast = y + height + max(2, height // 3)
        cv2.rectangle(layer, (x, cast), (x + width - 1, cast + max(2, height - 2)), (20, 20, 20), -1)
        cv2.rectangle(
            layer, (x, cast), (x + round(width * rng.uniform(0.1, 1)), cast + max(2, height - 2)), (0, 179, 255), -1
        )
