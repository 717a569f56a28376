"""Which frames of a run are kept, and which of their pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import ConfigError
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect

Vector = NDArray[np.uint8]
"""The kept pixels of one frame, flat."""

REGION_MARGIN_PX = 8
"""Kept round every region: readers look a little beyond a bar's or slot's edge."""


@dataclass(frozen=True, slots=True)
class FrameChoice:
    """`all` every frame; `changed` those in which a region changed; `N fps`; `regions` every frame, regions only;
    `sim` none, the simulator renders them again; `none`."""

    mode: Literal["all", "changed", "fps", "regions", "sim", "none"] = "all"
    fps: float = 0.0
    regions: bool = False
    """With mode "fps": regions only."""

    def __str__(self) -> str:
        rate = f"{self.fps:g}fps" if self.mode == "fps" else self.mode
        return f"{rate}-regions" if self.mode == "fps" and self.regions else rate


ALL = FrameChoice()


def parse_choice(text: str) -> FrameChoice:
    """`all`, `changed`, `regions`, `sim`, `none`, `5fps` or `5fps-regions`.

    Raises:
        ConfigError: none of these.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*fps(-regions)?", text.strip())
    if found and float(found[1]) > 0:
        return FrameChoice("fps", float(found[1]), bool(found[2]))
    for mode in ("all", "changed", "regions", "sim", "none"):
        if text.strip() == mode:
            return FrameChoice(mode, regions=mode == "regions")
    raise ConfigError(f"frames {text!r}: expected all, changed, regions, none, or a rate such as 5fps or 5fps-regions")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which pixels of a frame are kept.

    Args:
        size_wh: px.
        rects: the kept parts, in order; None = the whole frame.
    """

    size_wh: tuple[int, int]
    rects: tuple[Rect, ...] | None = None

    @property
    def length(self) -> int:
        """Bytes of a vector."""
        width, height = self.size_wh
        area = width * height if self.rects is None else sum(r.width * r.height for r in self.rects)
        return area * 3

    def take(self, image: Image) -> Vector:
        """The kept pixels; for a whole frame a view of it."""
        if self.rects is None:
            return np.ascontiguousarray(image).reshape(-1)
        if not self.rects:
            return np.empty(0, np.uint8)
        return np.concatenate([r.crop(image).reshape(-1) for r in self.rects])

    def compose(self, vector: Vector) -> Image:
        """A frame with these pixels; black where none were kept."""
        width, height = self.size_wh
        if self.rects is None:
            return vector.reshape(height, width, 3)
        image = np.zeros((height, width, 3), np.uint8)
        at = 0
        for r in self.rects:
            size = r.width * r.height * 3
            r.crop(image)[:] = vector[at : at + size].reshape(r.height, r.width, 3)
            at += size
        return image


def region_plan(layout: Layout, size_wh: tuple[int, int]) -> Plan:
    """All that the readers of this layout look at, without rectangles that lie inside another."""
    rects = {rect for region in layout.regions.values() for rect in (region.rect, *_boxes(region.options))}
    clipped = [_grown(r, size_wh) for r in sorted(rects)]
    clipped = sorted({r for r in clipped if r.width > 0 and r.height > 0})
    kept = [r for r in clipped if not any(r != o and _inside(r, o) for o in clipped)]
    whole = Rect(0, 0, *size_wh)
    return Plan(size_wh, None if whole in kept else tuple(kept))


def regions_equal(layout: Layout | None, a: Image, b: Image) -> bool:
    """Whether two frames of one size show the same in every region; without a layout, everywhere."""
    if a.shape != b.shape:
        return False
    if layout is None:
        return bool(np.array_equal(a, b))
    return all(np.array_equal(r.rect.crop(a), r.rect.crop(b)) for r in layout.regions.values())


def _boxes(value: Any) -> Iterator[Rect]:
    """Rectangles [x, y, w, h] among a region's options, at any depth."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _boxes(item)
    elif isinstance(value, list | tuple):
        if len(value) == 4 and all(isinstance(v, int) and not isinstance(v, bool) for v in value):
            yield Rect(*value)
        else:
            for item in value:
                yield from _boxes(item)


def _grown(rect: Rect, size_wh: tuple[int, int]) -> Rect:
    left, top = max(0, rect.left - REGION_MARGIN_PX), max(0, rect.top - REGION_MARGIN_PX)
    right = min(size_wh[0], rect.right + REGION_MARGIN_PX)
    bottom = min(size_wh[1], rect.bottom + REGION_MARGIN_PX)
    return Rect(left, top, right - left, bottom - top)


def _inside(inner: Rect, outer: Rect) -> bool:
    return (
        inner.left >= outer.left
        and inner.top >= outer.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )
