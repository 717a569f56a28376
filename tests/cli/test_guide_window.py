"""The `--guide` window: what is drawn with the mouse comes back in the picture's own pixels."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from wowbot.cli import guide_window
from wowbot.core.layout import Rect

BOX = Rect(300, 150, 450, 36)


@pytest.mark.parametrize(("wide", "high"), [(800, 600), (1920, 1080), (3840, 2160)])
def test_boxes_are_told_in_pixels_of_the_picture_however_small_it_is_shown(
    wide: int, high: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = (1216.0, 612.0)
    picture = np.zeros((high, wide, 3), np.uint8)
    BOX.crop(picture)[:] = (0, 200, 0)
    shown: list[tuple[int, int]] = []

    def drag(title: str, image: np.ndarray, **told: Any) -> tuple[int, int, int, int]:
        shown.append((image.shape[1], image.shape[0]))
        return cv2.boundingRect((image[:, :, 1] > 100).astype(np.uint8) * (image[:, :, 2] < 50).astype(np.uint8))

    monkeypatch.setattr(guide_window, "has_display", lambda: True)
    monkeypatch.setattr(guide_window, "_most_wh", lambda: most)
    monkeypatch.setattr(cv2, "selectROI", drag)
    monkeypatch.setattr(cv2, "destroyAllWindows", lambda: None)
    boxes = guide_window.ask_boxes(picture, given=["player.power", "target.health", "actionbar.main"])
    assert list(boxes) == ["player.health"]
    assert all(abs(a - b) <= max(1.0, wide / 1000) for a, b in zip(boxes["player.health"], BOX, strict=True))
    assert shown[0][0] <= most[0]
    assert shown[0][1] <= most[1] + guide_window.HEAD
