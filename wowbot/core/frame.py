"""One picture of the game window and when it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wowbot.core.layout import Rect

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """A captured picture.

    Args:
        index: counts from 0 in its source, without gaps.
        t_ns: monotonic nanoseconds at which the pixels were taken; the only time perception and state may use.
        image: BGR uint8, shape (H, W, 3), read-only; None only under truth perception (simulator without pixels).
        source: name of the source, e.g. "sim", "live", "replay".
        status: "" for a sound frame, else the measured trouble: "black", "frozen", "covered", "minimised",
            "moving", "gone".
        focused: whether the game window was in front; None where that is not known (image folder, replay of images).
        changed: the only places that differ from the frame before in its source; None = it may differ anywhere.

    Raises:
        ValueError: the image is not BGR uint8 (H, W, 3).
    """

    index: int
    t_ns: int
    image: Image | None
    source: str
    status: str = ""
    focused: bool | None = None
    changed: tuple[Rect, ...] | None = None

    def __post_init__(self) -> None:
        image = self.image
        if image is None:
            return
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ValueError(f"Frame.image must be uint8 of shape (H, W, 3), found {image.dtype} {image.shape}")
        if image.flags.writeable:
            image.flags.writeable = False

    @property
    def size_wh(self) -> tuple[int, int]:
        """(width, height) in pixels, (0, 0) without an image."""
        return (0, 0) if self.image is None else (int(self.image.shape[1]), int(self.image.shape[0]))
