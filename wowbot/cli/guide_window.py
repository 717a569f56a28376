"""The `--guide` window: the picture, one box after the other drawn with the mouse."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING

from wowbot.core.errors import CaptureError
from wowbot.core.layout import Rect

if TYPE_CHECKING:
    from wowbot.core.frame import Image

TITLE = "wowbot: draw the box, then Enter; C skips"
MOST_WH = (1600, 900)
INSTEAD = (
    "Without one give the boxes by --region player.health=x,y,w,h --region target.health=x,y,w,h "
    "--region actionbar.main=x,y,w,h"
)


def has_display() -> bool:
    """Whether a window can be shown; the toolkit ends the whole process where it finds no display."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def ask_boxes(image: Image, given: Collection[str] = ()) -> dict[str, Rect]:
    """Let the user draw the boxes that a custom HUD needs.

    Args:
        image: the picture to draw on.
        given: regions whose boxes are known already and are not asked for.

    Returns:
        Region name -> box in px of `image`; skipped ones are left out.

    Raises:
        CaptureError: there is no display to show the picture on.
    """
    if not has_display():
        raise CaptureError(f"--guide needs a display to show the picture on, and DISPLAY is not set. {INSTEAD}")
    import cv2

    from wowbot.calibration.guide import ASKED

    factor = min(1.0, MOST_WH[0] / image.shape[1], MOST_WH[1] / image.shape[0])
    shown = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    boxes: dict[str, Rect] = {}
    try:
        for name in (name for name in ASKED if name not in given):
            picture = shown.copy()
            cv2.putText(picture, f"{name}: draw its box", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 255, 255), 2)
            left, top, width, height = cv2.selectROI(TITLE, picture, showCrosshair=False)
            if width > 1 and height > 1:
                boxes[name] = Rect(*(round(v / factor) for v in (left, top, width, height)))
        cv2.destroyAllWindows()
    except cv2.error as error:
        raise CaptureError(f"--guide needs a display to show the picture on ({error.err}). {INSTEAD}") from error
    return boxes
