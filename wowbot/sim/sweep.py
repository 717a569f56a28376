"""The cooldown sweep: a dark wedge over an icon."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image


@lru_cache(maxsize=64)
def _angles(width: int, height: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each pixel: turns clockwise from 12 o'clock 0..1, and how many pixels one turn is at its radius."""
    xs = np.arange(width, dtype=np.float32)[None, :] + 0.5 - width / 2
    ys = np.arange(height, dtype=np.float32)[:, None] + 0.5 - height / 2
    turns = (np.arctan2(xs, -ys) / (2 * np.pi)) % 1.0
    around = 2 * np.pi * np.maximum(1.0, np.hypot(xs, ys))
    return turns.astype(np.float32), around.astype(np.float32)


@lru_cache(maxsize=128)
def sweep_factor(width: int, height: int, elapsed: float, darkness: float, reverse: bool = False) -> Image:
    """What an icon is multiplied by (and divided by 255) to show a cooldown.

    Args:
        width, height: of the icon, px.
        elapsed: 0..1 of the time that is over; that share is swept clockwise from 12 o'clock.
        darkness: how much the wedge darkens, 0..1 (0.8 in Classic Era and retail).
        reverse: the elapsed part is the dark one (auras); else the rest that remains is.

    Returns:
        uint8 (height, width, 3).
    """
    turns, around = _angles(width, height)
    over = np.clip((elapsed - turns) * around + 0.5, 0, 1) if elapsed > 0 else np.zeros_like(turns)
    dark = over if reverse else 1 - over
    factor = np.rint(255 * (1 - darkness * dark)).astype(np.uint8)
    made = np.repeat(factor[..., None], 3, axis=2)
    made.flags.writeable = False
    return made
