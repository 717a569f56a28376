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

TITLE = "wowbot: draw the boxes"
HOW = "draw its box with the mouse, then press Enter; C skips it"
HEAD = 40
"""Height of the line above the picture that says what to draw, px: written over the picture it would hide a unit's frame."""
USUAL_WH = (1280.0, 720.0)
"""Room for the picture where the screen's size is not known, px."""
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
    # The toolkit of OpenCV's Linux wheels complains of fonts that it does not need.
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    import cv2

    from wowbot.calibration.guide import ASKED

    most = _most_wh()
    factor = min(1.0, most[0] / image.shape[1], most[1] / image.shape[0])
    shown = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    boxes: dict[str, Rect] = {}
    try:
        for name in (name for name in ASKED if name not in given):
            picture = cv2.copyMakeBorder(shown, HEAD, 0, 0, 0, cv2.BORDER_CONSTANT, value=(40, 40, 40))
            place = (12, HEAD - 13)
            cv2.putText(picture, f"{name}: {HOW}", place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 255, 255), 2, cv2.LINE_AA)
            left, top, width, height = cv2.selectROI(TITLE, picture, showCrosshair=False, printNotice=False)
            if width > 1 and height > 1:
                boxes[name] = Rect(*(round(v / factor) for v in (left, max(0, top - HEAD), width, height)))
        cv2.destroyAllWindows()
    except cv2.error as error:
        raise CaptureError(f"--guide needs a display to show the picture on ({error.err}). {INSTEAD}") from error
    return boxes


def _most_wh() -> tuple[float, float]:
    """The largest picture that the first screen has room for, beside the window's own borders and its bar of tools."""
    import mss
    from mss.exception import ScreenShotError

    try:
        with mss.MSS() as screens:
            first = screens.monitors[1]
    except (ScreenShotError, IndexError):
        return USUAL_WH
    return 0.95 * first["width"], 0.85 * first["height"] - HEAD
