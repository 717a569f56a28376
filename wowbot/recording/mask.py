"""Blank out what must not be shared, before anyone sees it: what was masked is in no frame, reading or decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from wowbot.core.errors import ConfigError, nearest
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout, Rect
from wowbot.core.protocols import FrameSource

GROUPS: Mapping[str, Callable[[str], bool]] = {
    "chat": lambda name: name == "chat" or name.startswith("chat."),
    "names": lambda name: name.endswith(".name") or name in ("minimap.zone", "zone"),
}
"""group -> whether a region belongs to it."""
_NAME_OPTIONS = ("name", "name_box", "names")


def mask_rects(layout: Layout, groups: Sequence[str]) -> tuple[Rect, ...]:
    """The rectangles of these groups (or single regions) in a layout.

    Raises:
        ConfigError: no such group or region.
    """
    rects: set[Rect] = set()
    for group in groups:
        if group not in GROUPS and group not in layout.regions:
            known = [*GROUPS, *sorted(layout.regions)]
            raise ConfigError(f"mask {group!r}: expected one of {', '.join(known)}.{nearest(group, known)}")
        for name, region in layout.regions.items():
            if name == group or (group in GROUPS and GROUPS[group](name)):
                rects.add(region.rect)
            if group == "names":
                boxes = (region.options.get(key) for key in _NAME_OPTIONS)
                rects.update(Rect(*box) for box in boxes if isinstance(box, list | tuple) and len(box) == 4)
    return tuple(sorted(rects))


class MaskedSource:
    """A source whose frames are black in some places.

    Args:
        source: the real one.
        rects: px; what lies outside a frame is ignored.
    """

    def __init__(self, source: FrameSource, rects: Sequence[Rect]) -> None:
        self._source = source
        self.name = source.name
        self.rects = tuple(rects)

    def set_layout(self, layout: Layout, groups: Sequence[str]) -> None:
        """Follow a new layout."""
        self.rects = mask_rects(layout, groups)

    def open(self) -> None:
        self._source.open()

    def close(self) -> None:
        self._source.close()

    def read(self) -> Frame | None:
        """The next frame, masked in a copy of its own."""
        frame = self._source.read()
        if frame is None or frame.image is None or not self.rects:
            return frame
        image = frame.image.copy()
        for rect in self.rects:
            rect.crop(image)[:] = 0
        return replace(frame, image=image)
