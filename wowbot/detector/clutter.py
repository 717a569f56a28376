"""What lies over the world and is none of it: the HUD's frames, bars, buttons and texts, and floating numbers.

Nothing here is labelled. It teaches that a health bar inside a unit frame, a cast bar or a row of a list is no nameplate,
and that an icon is no creature.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.detector.plates import FONTS, TONES, name
from wowbot.detector.scenery import noise

Rng = np.random.Generator
Colour = tuple[float, float, float]
TEXTS: tuple[Colour, ...] = (
    (255, 255, 255), (0, 210, 255), (60, 230, 60), (60, 60, 240), (240, 170, 60), (180, 180, 180),
)  # fmt: skip
SCHOOLS: tuple[Colour, ...] = ((230, 60, 20), (20, 220, 240), (40, 40, 220), (40, 160, 255), (220, 120, 60))
"""BGR of the second bar of a unit: mana, energy, rage, focus, runic power."""


def hud(rng: Rng, image: Image) -> None:
    """One to five pieces of HUD."""
    for _ in range(int(rng.integers(1, 6))):
        PIECES[int(rng.integers(len(PIECES)))](rng, image)


def floating_text(rng: Rng, image: Image) -> None:
    """Damage and healing numbers, messages, labels of loot."""
    size = image.shape[0]
    for _ in range(int(rng.integers(1, 7))):
        text = str(rng.integers(1, 9999)) if rng.random() < 0.6 else name(rng)
        at = (int(rng.uniform(0, 0.9) * size), int(rng.uniform(0.05, 0.95) * size))
        if rng.random() < 0.25:
            cv2.rectangle(image, (at[0] - 4, at[1] - 12), (at[0] + 8 * len(text), at[1] + 4), (0, 0, 0), -1)
        _write(rng, image, text, at, rng.uniform(0.4, 1.3))


def _write(rng: Rng, image: Image, text: str, at: tuple[int, int], scale: float, tone: Colour | None = None) -> None:
    font = int(rng.choice(FONTS))
    tone = TEXTS[int(rng.integers(len(TEXTS)))] if tone is None else tone
    if rng.random() < 0.8:
        cv2.putText(image, text, (at[0] + 1, at[1] + 1), font, scale, (0, 0, 0), 1, cv2.LINE_AA)
    cv2.putText(image, text, at, font, scale, tone, 1, cv2.LINE_AA)


def _tone(rng: Rng) -> Colour:
    tones = [tone for group in TONES.values() for tone in group]
    blue, green, red = tones[int(rng.integers(len(tones)))]
    return float(blue), float(green), float(red)


def _shade(rng: Rng, image: Image, box: tuple[int, int, int, int], alpha: float) -> None:
    """Darken a box (x, y, w, h), as panels do."""
    x, y, w, h = box
    part = image[max(0, y) : y + h, max(0, x) : x + w]
    part[:] = (part * (1 - alpha) + rng.uniform(0, 40) * alpha).astype(np.uint8)


def _bar(rng: Rng, image: Image, box: tuple[int, int, int, int], tone: Colour) -> None:
    x, y, w, h = box
    cv2.rectangle(image, (x, y), (x + w, y + h), tuple(float(v) for v in rng.uniform(0, 50, 3)), -1)
    fill = 1.0 if rng.random() < 0.5 else rng.uniform(0.05, 1.0)
    cv2.rectangle(image, (x, y), (x + round(w * fill), y + h), tone, -1)
    if h >= 6:
        cv2.line(image, (x, y + h // 3), (x + round(w * fill), y + h // 3), tuple(min(255, c * 1.3) for c in tone), 1)


def _icon(rng: Rng, image: Image, x: int, y: int, side: int) -> None:
    part = image[max(0, y) : max(0, y + side), max(0, x) : max(0, x + side)]
    if part.size == 0:
        return
    tone = rng.uniform(20, 255, 3) if rng.random() < 0.85 else np.full(3, 25.0)
    art = noise(rng, 16, 3)[:, :, None] * tone
    if rng.random() < 0.6:
        cv2.ellipse(art, (8, 8), (int(rng.integers(2, 7)), int(rng.integers(2, 7))), float(rng.uniform(0, 180)), 0, 360,
                    rng.uniform(0, 255, 3).tolist(), -1)  # fmt: skip
    part[:] = cv2.resize(art, (part.shape[1], part.shape[0])).clip(0, 255).astype(np.uint8)
    cv2.rectangle(image, (x, y), (x + side - 1, y + side - 1), (20, 20, 20), max(1, side // 20))
    if side >= 22 and rng.random() < 0.5:
        _write(
            rng, image, str(rng.choice(list("123456789QERFcs"))), (x + side // 2, y + side // 3), side / 90, TEXTS[0]
        )


def _unit_frame(rng: Rng, image: Image) -> None:
    """Portrait, name, health and power, or only the bars."""
    size = image.shape[0]
    w, h = int(rng.uniform(0.14, 0.42) * size), int(rng.uniform(0.012, 0.04) * size) + 4
    x, y = int(rng.uniform(0.02, 0.98) * (size - w)), int(rng.uniform(0.02, 0.9) * size)
    portrait = rng.random() < 0.6
    left = bool(rng.random() < 0.5)
    _shade(rng, image, (x - 4, y - h - 8, w + 8, 3 * h + 14), rng.uniform(0.3, 0.95))
    frame = rng.uniform(60, 170) if rng.random() < 0.6 else 10.0
    cv2.rectangle(image, (x - 4, y - h - 8), (x + w + 4, y + 2 * h + 6), (frame * 0.6, frame * 0.8, frame), 1)
    _bar(rng, image, (x, y, w, h), (20, 200, 20) if rng.random() < 0.5 else _tone(rng))
    if rng.random() < 0.85:
        _bar(rng, image, (x, y + h + 2, w, max(3, round(h * rng.uniform(0.5, 1)))), SCHOOLS[int(rng.integers(5))])
    _write(rng, image, name(rng), (x + w // 6, y - 4), max(0.3, h / 26), (0, 210, 255))
    if rng.random() < 0.6:
        most = int(rng.integers(100, 60000))
        _write(rng, image, f"{rng.integers(1, most)} / {most}", (x + w // 4, y + h - 1), max(0.25, h / 34), TEXTS[0])
    if portrait:
        r = round(h * rng.uniform(1.4, 2.2))
        cx = x - r if left else x + w + r
        cv2.circle(image, (cx, y + h // 2), r, rng.uniform(30, 200, 3).tolist(), -1)
        cv2.circle(image, (cx - r // 4, y + h // 2), r // 2, rng.uniform(30, 220, 3).tolist(), -1)
        cv2.circle(image, (cx, y + h // 2), r, (frame * 0.6, frame * 0.8, frame), max(2, r // 7), cv2.LINE_AA)


def _unit_list(rng: Rng, image: Image) -> None:
    """Party or raid frames, damage meters: many bars in a column or grid."""
    size = image.shape[0]
    w, h = int(rng.uniform(0.1, 0.3) * size), int(rng.uniform(0.018, 0.06) * size)
    columns, rows = (
        (int(rng.integers(2, 5)), int(rng.integers(2, 7))) if rng.random() < 0.5 else (1, int(rng.integers(3, 9)))
    )
    x, y = int(rng.uniform(-0.05, 0.8) * size), int(rng.uniform(0.0, 0.7) * size)
    gap = int(rng.integers(0, 4))
    for i in range(columns):
        for j in range(rows):
            at = (x + i * (w + gap), y + j * (h + gap))
            tone = _tone(rng) if rng.random() < 0.6 else tuple(float(v) for v in rng.uniform(40, 220, 3))
            _bar(rng, image, (*at, w, h), (tone[0], tone[1], tone[2]))
            _write(
                rng,
                image,
                name(rng)[: int(rng.integers(4, 9))],
                (at[0] + 3, at[1] + h - h // 4),
                max(0.28, h / 40),
                TEXTS[0],
            )


def _long_bar(rng: Rng, image: Image) -> None:
    """A cast bar or an experience bar."""
    size = image.shape[0]
    w, h = int(rng.uniform(0.25, 1.0) * size), int(rng.uniform(0.012, 0.035) * size)
    x, y = int(rng.uniform(-0.2, 0.8) * size), int(rng.uniform(0.5, 0.97) * size)
    tone: Colour = ((0, 179, 255), (0, 200, 255), (200, 40, 120), (40, 200, 40))[int(rng.integers(4))]
    cv2.rectangle(image, (x - 2, y - 2), (x + w + 2, y + h + 2), (15, 15, 15), 2)
    _bar(rng, image, (x, y, w, h), tone)
    _write(rng, image, name(rng), (x + w // 3, y + h - 2), max(0.3, h / 32), TEXTS[0])


def _buttons(rng: Rng, image: Image) -> None:
    """Action bars, bags and buffs: icons in rows or columns."""
    size = image.shape[0]
    side = int(rng.uniform(0.025, 0.075) * size)
    across = rng.random() < 0.7
    count, lines = int(rng.integers(4, 13)), int(rng.integers(1, 4))
    x, y = int(rng.uniform(-0.1, 0.8) * size), int(rng.choice([rng.uniform(0, 0.2), rng.uniform(0.7, 0.98)]) * size)
    for n in range(count):
        for m in range(lines):
            i, j = (n, m) if across else (m, n)
            _icon(rng, image, x + i * (side + 2), y + j * (side + 2), side)


def _lines(rng: Rng, image: Image) -> None:
    """Chat, quest tracker, tooltip: lines of text, with or without a panel."""
    size = image.shape[0]
    scale = rng.uniform(0.28, 0.55)
    step, rows, w = int(40 * scale), int(rng.integers(3, 11)), int(rng.uniform(0.2, 0.5) * size)
    x, y = int(rng.uniform(-0.02, 0.7) * size), int(rng.uniform(0.02, 0.75) * size)
    if rng.random() < 0.6:
        _shade(rng, image, (x - 5, y - step, w, (rows + 1) * step), rng.uniform(0.2, 0.95))
        if rng.random() < 0.4:
            cv2.rectangle(image, (x - 5, y - step), (x - 5 + w, y + rows * step), (150, 150, 150), 1)
    tone = TEXTS[int(rng.integers(len(TEXTS)))]
    for row in range(rows):
        text = " ".join(name(rng) for _ in range(int(rng.integers(1, 4))))[: max(4, int(w / (18 * scale)))]
        _write(rng, image, text, (x, y + row * step), scale, tone if rng.random() < 0.8 else None)


def _minimap(rng: Rng, image: Image) -> None:
    size = image.shape[0]
    r = int(rng.uniform(0.06, 0.14) * size)
    cx, cy = int(rng.uniform(0.1, 0.95) * size), int(rng.uniform(0.02, 0.9) * size)
    patch = (noise(rng, 2 * r, 4)[:, :, None] * rng.uniform(40, 200, 3)).astype(np.uint8)
    mask = np.zeros((2 * r, 2 * r), np.uint8)
    if rng.random() < 0.75:
        cv2.circle(mask, (r, r), r, 255, -1)
    else:
        mask[:] = 255
    y0, x0 = max(0, cy - r), max(0, cx - r)
    part = image[y0 : cy + r, x0 : cx + r]
    cut = slice(y0 - cy + r, y0 - cy + r + part.shape[0]), slice(x0 - cx + r, x0 - cx + r + part.shape[1])
    part[mask[cut] > 0] = patch[cut][mask[cut] > 0]
    for _ in range(int(rng.integers(1, 8))):
        at = (int(cx + rng.normal(0, r / 2)), int(cy + rng.normal(0, r / 2)))
        cv2.circle(image, at, int(rng.integers(2, 5)), _tone(rng), -1, cv2.LINE_AA)
    if rng.random() < 0.75:
        cv2.circle(image, (cx, cy), r, (60, 110, 140), max(2, r // 12), cv2.LINE_AA)


PIECES: tuple[Callable[[Rng, Image], None], ...] = (
    _unit_frame, _unit_frame, _unit_list, _long_bar, _buttons, _buttons, _lines, _lines, _minimap,
)  # fmt: skip
