"""Bodies, corpses, quest marks, sparkles and fishing bobbers, drawn from simple shaded parts."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.detector.classes import CLASSES, Box
from wowbot.detector.scenery import earthy, f32, i32, noise

Rng = np.random.Generator
Mask = NDArray[np.uint8]


def paint(rng: Rng, picture: Image, mask: Mask, at: tuple[int, int], tone: NDArray[np.float32]) -> Box | None:
    """Lay a shaded, textured shape on the picture; the box of what is visible, without a class (0)."""
    x, y = at
    h, w = mask.shape
    x0, y0, x1, y1 = max(0, x), max(0, y), min(picture.shape[1], x + w), min(picture.shape[0], y + h)
    if x1 - x0 < 3 or y1 - y0 < 3:
        return None
    cut = mask[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.float32)[:, :, None] / 255.0
    light = np.linspace(1.25, 0.65, h, dtype=np.float32)[:, None] * np.linspace(0.85, 1.1, w, dtype=np.float32)[None, :]
    texture = cv2.resize(noise(rng, 32, 4), (w, h)) * 0.7 + 0.65
    body = (tone[None, None, :] * (light * texture)[:, :, None])[y0 - y : y1 - y, x0 - x : x1 - x]
    part = picture[y0:y1, x0:x1]
    part[:] = np.clip(part * (1 - cut) + body * cut, 0, 255).astype(np.uint8)
    ys, xs = np.nonzero(cut[:, :, 0] > 0.4)
    if len(xs) < 12:
        return None
    return Box(0, x0 + int(xs.min()), y0 + int(ys.min()), x0 + int(xs.max()) + 1, y0 + int(ys.max()) + 1)


def humanoid(rng: Rng, h: int) -> Mask:
    """A standing figure `h` px high."""
    w = max(8, round(h * rng.uniform(0.4, 0.7)))
    mask = np.zeros((h, w), np.uint8)
    lean = rng.uniform(-0.06, 0.06) * w
    cx, head = w / 2, h * rng.uniform(0.06, 0.09)
    limb = max(1, round(w * rng.uniform(0.12, 0.2)))
    hip, neck = (round(cx), round(h * 0.55)), (round(cx + lean), round(h * 0.2))
    for side in (-1, 1):
        foot = (round(cx + side * w * rng.uniform(0.08, 0.3)), h - 2)
        hand = (round(cx + side * w * rng.uniform(0.2, 0.45)), round(h * rng.uniform(0.25, 0.6)))
        cv2.line(mask, hip, foot, 255, limb, cv2.LINE_AA)
        cv2.line(mask, (neck[0], neck[1] + limb), hand, 255, max(1, limb - 1), cv2.LINE_AA)
    cv2.ellipse(
        mask,
        (round(cx + lean / 2), round(h * 0.38)),
        (round(w * rng.uniform(0.17, 0.3)), round(h * 0.19)),
        0,
        0,
        360,
        255,
        -1,
        cv2.LINE_AA,
    )
    cv2.circle(mask, (neck[0], max(2, round(h * 0.1))), max(2, round(head)), 255, -1, cv2.LINE_AA)
    if rng.random() < 0.4:
        tip = (round(cx + rng.choice([-1, 1]) * w * 0.45), round(h * rng.uniform(0.0, 0.3)))
        cv2.line(mask, (round(cx), round(h * 0.5)), tip, 255, max(1, limb // 2), cv2.LINE_AA)
    return mask


def beast(rng: Rng, h: int) -> Mask:
    """A four-legged figure `h` px high."""
    w = max(10, round(h * rng.uniform(1.0, 1.8)))
    mask = np.zeros((h, w), np.uint8)
    leg = max(1, round(h * rng.uniform(0.07, 0.14)))
    back = rng.uniform(0.35, 0.5)
    cv2.ellipse(
        mask,
        (round(w * 0.48), round(h * back)),
        (round(w * 0.32), round(h * rng.uniform(0.17, 0.28))),
        0,
        0,
        360,
        255,
        -1,
        cv2.LINE_AA,
    )
    for place in (0.25, 0.35, 0.62, 0.72):
        cv2.line(
            mask,
            (round(w * place), round(h * back)),
            (round(w * (place + rng.uniform(-0.06, 0.06))), h - 2),
            255,
            leg,
            cv2.LINE_AA,
        )
    cv2.circle(
        mask,
        (round(w * 0.86), round(h * rng.uniform(0.15, 0.45))),
        max(2, round(h * rng.uniform(0.12, 0.2))),
        255,
        -1,
        cv2.LINE_AA,
    )
    cv2.line(
        mask,
        (round(w * 0.18), round(h * back)),
        (2, round(h * rng.uniform(0.1, 0.7))),
        255,
        max(1, leg - 1),
        cv2.LINE_AA,
    )
    return mask if rng.random() < 0.5 else np.ascontiguousarray(mask[:, ::-1])


def _glitter(rng: Rng, picture: Image, box: Box, count: int) -> None:
    for _ in range(count):
        x, y = int(rng.uniform(box.x0, box.x1)), int(rng.uniform(box.y0, box.y1))
        size = int(rng.integers(1, 5))
        tone = (float(rng.uniform(90, 200)), float(rng.uniform(200, 255)), 255.0)
        cv2.line(picture, (x - size, y), (x + size, y), tone, 1, cv2.LINE_AA)
        cv2.line(picture, (x, y - size), (x, y + size), tone, 1, cv2.LINE_AA)


def _labelled(box: Box | None, label: str) -> Box | None:
    return None if box is None else box._replace(label=CLASSES.index(label))


def enemy(rng: Rng, picture: Image, at: tuple[int, int], size: int) -> Box | None:
    """A living creature."""
    mask = humanoid(rng, size) if rng.random() < 0.5 else beast(rng, size)
    return _labelled(paint(rng, picture, mask, at, earthy(rng)), "enemy")


def player(rng: Rng, picture: Image, at: tuple[int, int], size: int) -> Box | None:
    """A player: bright armour in two tones and a weapon or cape."""
    mask = humanoid(rng, size)
    tone = f32(rng.permutation([rng.uniform(120, 240), rng.uniform(60, 160), rng.uniform(20, 110)]))
    box = paint(rng, picture, mask, at, tone)
    upper = np.zeros_like(mask)
    upper[: round(size * 0.52)] = mask[: round(size * 0.52)]
    paint(rng, picture, upper, at, tone[::-1] * 0.8 + 30)
    return _labelled(box, "player")


def corpse(rng: Rng, picture: Image, at: tuple[int, int], size: int) -> Box | None:
    """A body on its side, with the loot sparkle."""
    mask = np.ascontiguousarray(cv2.rotate(humanoid(rng, size), cv2.ROTATE_90_CLOCKWISE))
    height = max(4, round(mask.shape[0] * rng.uniform(0.5, 0.8)))
    flat = np.asarray(cv2.resize(mask, (mask.shape[1], height)), np.uint8)
    box = paint(rng, picture, flat, at, earthy(rng) * 0.8)
    if box is not None:
        _glitter(rng, picture, box, int(rng.integers(8, 22)))
    return _labelled(box, "corpse")


def resource_node(rng: Rng, picture: Image, at: tuple[int, int], size: int) -> Box | None:
    """An ore lump or a herb that sparkles."""
    mask = np.zeros((size, size), np.uint8)
    if rng.random() < 0.5:
        points = i32([[rng.integers(0, size), rng.integers(size // 4, size)] for _ in range(9)])
        cv2.fillPoly(mask, [cv2.convexHull(points)], 255, cv2.LINE_AA)
    else:
        for _ in range(int(rng.integers(5, 12))):
            tip = (int(rng.integers(0, size)), int(rng.integers(0, size // 2 + 1)))
            cv2.line(mask, (size // 2, size - 1), tip, 255, max(1, size // 12), cv2.LINE_AA)
            cv2.circle(mask, tip, max(1, size // 10), 255, -1, cv2.LINE_AA)
    box = paint(rng, picture, mask, at, rng.uniform(60, 220, 3).astype(np.float32))
    if box is not None:
        _glitter(rng, picture, box, int(rng.integers(5, 14)))
    return _labelled(box, "resource_node")


def quest_mark(rng: Rng, picture: Image, at: tuple[int, int], size: int) -> Box | None:
    """A golden, silver or blue ! or ?."""
    text = "!" if rng.random() < 0.5 else "?"
    scale, thick = size / 22.0, max(2, round(size / 7))
    (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, thick)
    mask = np.zeros((h + 2 * thick, w + 2 * thick), np.uint8)
    cv2.putText(mask, text, (thick, h + thick), cv2.FONT_HERSHEY_DUPLEX, scale, 255, thick, cv2.LINE_AA)
    rim = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    paint(rng, picture, rim, at, f32([20, 60, 90]))
    tone = ((30, 215, 255), (190, 190, 190), (240, 150, 60))[int(rng.choice(3, p=[0.75, 0.15, 0.1]))]
    box = paint(rng, picture, mask, at, f32(tone))
    return _labelled(box, "quest_mark")


def bobber(rng: Rng, picture: Image, at: tuple[int, int], size: int) -> Box | None:
    """A float with a red and a blue-white part, a feather, and ripples round it."""
    h = size
    mask = np.zeros((h, h), np.uint8)
    cv2.ellipse(
        mask,
        (h // 2, round(h * 0.65)),
        (max(2, h // 4), max(2, h // 3)),
        float(rng.uniform(-25, 25)),
        0,
        360,
        255,
        -1,
        cv2.LINE_AA,
    )
    cv2.line(mask, (h // 2, h // 2), (round(h * rng.uniform(0.2, 0.8)), 1), 255, max(1, h // 12), cv2.LINE_AA)
    cx, cy = at[0] + h // 2, at[1] + round(h * 0.9)
    for ring in range(1, int(rng.integers(2, 4))):
        cv2.ellipse(
            picture,
            (cx, cy),
            (round(h * 0.5 * ring), round(h * 0.16 * ring)),
            0,
            0,
            360,
            (200, 200, 180),
            1,
            cv2.LINE_AA,
        )
    box = paint(rng, picture, mask, at, f32([40, 40, rng.uniform(150, 230)]))
    low = mask.copy()
    low[: round(h * 0.62)] = 0
    paint(rng, picture, low, at, f32([rng.uniform(150, 230), 120, 70]))
    return _labelled(box, "bobber")


FIGURES: dict[str, Callable[[Rng, Image, tuple[int, int], int], Box | None]] = {
    "enemy": enemy,
    "player": player,
    "corpse": corpse,
    "resource_node": resource_node,
    "quest_mark": quest_mark,
    "bobber": bobber,
}
