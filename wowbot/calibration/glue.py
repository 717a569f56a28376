"""The screens before the world, told by the client's red buttons: login, character list, character creation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from wowbot.calibration.report import Cause
from wowbot.core.frame import Image

SURVEY_HEIGHT = 720
RED = (60, 190)
"""Red channel of a button's face. Fire and banners are lighter, health bars of custom HUDs mostly too."""
OVER_OTHERS, OVER_BY, OTHERS_MOST = 2.2, 10, 60
"""A button's red is so many times its green and its blue and this much more, and those are no higher than the last."""
SIZE_W, SIZE_H = (44, 260), (10, 47)
FLATNESS = (2.2, 10.0)
"""Width over height."""
FILL_LEAST = 0.62
"""Share of its box that is red; the golden text takes the rest."""
TEXT_GAP = (17, 5)
"""Closed over, so that the text does not cut the button in two."""
CENTRE_SLACK = 0.02


@dataclass(frozen=True, slots=True)
class RedButton:
    """Its middle as shares of the picture, its width in lines of a picture 720 high."""

    x: float
    y: float
    width: int

    @property
    def centred(self) -> bool:
        return abs(self.x - 0.5) < CENTRE_SLACK


def red_buttons(image: Image) -> list[RedButton]:
    """Dark red boxes of a button's size."""
    scale = SURVEY_HEIGHT / image.shape[0]
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    blue, green, red = (small[..., n].astype(np.float32) for n in range(3))
    others = np.maximum(blue, green)
    dark = (red > RED[0]) & (red < RED[1]) & (others < OTHERS_MOST)
    mask = (dark & (red > OVER_OTHERS * others + OVER_BY)).astype(np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(TEXT_GAP[::-1], np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    height, width = mask.shape
    return [
        RedButton((x + w / 2) / width, (y + h / 2) / height, int(w))
        for x, y, w, h, area in stats[1:]
        if SIZE_W[0] <= w <= SIZE_W[1]
        and SIZE_H[0] <= h <= SIZE_H[1]
        and FLATNESS[0] <= w / h <= FLATNESS[1]
        and area >= FILL_LEAST * w * h
    ]


def glue_screen(image: Image) -> tuple[Cause, str] | None:
    """The screen before the world that this is, as cause and evidence; None where the buttons are not so.

    Each needs two of its buttons at their places, which every client from 1.12 to 3.3.5 shares: one red box alone may be
    a custom HUD's bar.
    """
    buttons = red_buttons(image)
    for cause, text, test in SCREENS:
        if test(buttons):
            return cause, text
    return None


def _login(buttons: Sequence[RedButton]) -> bool:
    """Log in under the two boxes, and quit in the right corner."""
    log_in = [b for b in buttons if b.centred and 0.6 < b.y < 0.78]
    return len(log_in) == 1 and any(b.x > 0.85 and b.y > 0.9 for b in buttons)


def _choice(buttons: Sequence[RedButton]) -> bool:
    """Enter the world at the bottom, and add-ons, delete or back beside it, lower and narrower."""
    enter = [b for b in buttons if b.centred and 0.88 < b.y < 0.95]
    beside = [b for b in buttons if not 0.2 < b.x < 0.7 and b.y > 0.92]
    return len(enter) == 1 and any(0.0 < b.y - enter[0].y < 0.05 and b.width < enter[0].width for b in beside)


def _creation(buttons: Sequence[RedButton]) -> bool:
    """Accept and, narrower, back below it in the right corner."""
    corner = sorted((b for b in buttons if 0.84 < b.x < 0.96 and b.y > 0.87), key=lambda b: b.y)
    if len(corner) != 2:
        return False
    accept, back = corner
    return abs(back.x - accept.x) < 0.01 and 0.03 < back.y - accept.y < 0.07 and back.width < accept.width


SCREENS: tuple[tuple[Cause, str, Callable[[Sequence[RedButton]], bool]], ...] = (
    ("login_screen", "a red button lies centred under the middle and another in the lower right corner", _login),
    ("character_screen", "a red button lies centred at the bottom and narrower ones lower beside it", _choice),
    ("character_screen", "two red buttons lie one below the other in the lower right corner", _creation),
)
"""Cause, what was seen, and the test."""
