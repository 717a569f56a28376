"""Reads one action bar: what is on each button, its cooldown sweep, tints, range, charges, glow.

The work is done for all bars of a layout at once, see buttons.
"""

from __future__ import annotations

from typing import ClassVar

from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect, Region
from wowbot.core.reading import Reading
from wowbot.perception.buttons import LEAVES, Desk
from wowbot.perception.patches import STYLES, SweepStyle
from wowbot.perception.reader import Context, Hints, TextSpot


class SlotsReader:
    """See the module. Options: `bar`, `boxes` [[x, y, w, h], ...] in frame pixels, `style` ("linear" and "reverse" name
    those sweeps; anything else is the clockwise one)."""

    period: ClassVar[int] = 1

    def __init__(self, name: str, region: Region, context: Context) -> None:
        boxes = region.options.get("boxes")
        if not boxes:
            raise LayoutError(f"{name}: a slots region needs `boxes` = [[x, y, w, h], ...]; calibrate the layout again")
        self.bar = str(region.options.get("bar") or name.partition(".")[2] or name)
        self.boxes = [Rect(*(round(float(v)) for v in box)) for box in boxes]
        self.provides = tuple(f"slot.{self.bar}.{n}.{leaf}" for n in range(1, len(self.boxes) + 1) for leaf in LEAVES)
        self.spots: tuple[TextSpot, ...] = ()
        era = context.layout.era
        style: SweepStyle = next((s for s in STYLES if s == region.options.get("style")), "radial")
        numbers = bool(region.options.get("numbers", era == "retail"))
        icons = context.icons if context.icons is not None and len(context.icons) else None
        key = f"buttons {style} {numbers}"
        self._desk: Desk = context.shared.setdefault(key, Desk(style, numbers, era, icons))
        self._place = self._desk.join(self.bar, self.boxes)
        self.watches: tuple[Rect, ...] = ()

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        """Write the readings of every button."""
        out.update(self._desk.read(self._place, image, hints.index))
        self.watches = self._desk.watches
