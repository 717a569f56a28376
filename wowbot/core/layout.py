"""Where the parts of a HUD are on a frame of one size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from wowbot.core.errors import LayoutMismatch
from wowbot.core.frame import Frame, Image

Era = Literal["vanilla", "tbc", "wotlk", "classic_era", "retail", "other"]
ERAS: tuple[Era, ...] = get_args(Era)


class Rect(NamedTuple):
    """Integer pixels, origin top-left; the right and bottom edges are exclusive."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def of_text(cls, text: str) -> Rect:
        """From "x,y,w,h", as command lines give it.

        Raises:
            ValueError: not four whole numbers.
        """
        left, top, width, height = (int(v) for v in text.split(","))
        return cls(left, top, width, height)

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def center(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2

    def crop(self, image: Image) -> Image:
        """The view of `image` inside this rectangle, clipped to the image (maybe empty)."""
        return image[max(0, self.top) : max(0, self.bottom), max(0, self.left) : max(0, self.right)]

    def overlaps(self, other: Rect) -> bool:
        """Whether both have a pixel in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, size_wh: tuple[int, int]) -> bool:
        """Whether the rectangle lies wholly in a frame of this size."""
        return self.left >= 0 and self.top >= 0 and self.right <= size_wh[0] and self.bottom <= size_wh[1]


@dataclass(frozen=True, slots=True)
class Region:
    """One place that one reader reads.

    Args:
        rect: pixels. For a bar: x and width span the true 0..100 % range, y and height the visible rows.
        reader: a name in the reader registry, e.g. "bar", "slots", "cast", "auras".
        options: the reader's own settings as TOML values; the reader turns them into its typed options.
    """

    rect: Rect
    reader: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """All regions of one HUD at one frame size.

    Args:
        id: short content hash or name; stands in every Tick.
        name: for people.
        era: whose stock HUD it follows; "other" for another game.
        size_wh: the frame size it was made for, px.
        ui_scale: k, pixels per UI unit (1.2656 for 1080p classic); 1.0 for "other".
        regions: by name, e.g. "player.health", "actionbar.main".
        score: 0..1, how well it fitted the frame it was calibrated on; 1.0 for a hand-made one.
    """

    id: str
    name: str
    era: Era
    size_wh: tuple[int, int]
    ui_scale: float
    regions: Mapping[str, Region]
    score: float = 1.0

    def __post_init__(self) -> None:
        if self.era not in ERAS:
            raise ValueError(f"Layout.era must be one of {', '.join(ERAS)}, found {self.era!r}")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"Layout.score must be 0..1, found {self.score}")

    def check(self, frame: Frame) -> None:
        """Raise LayoutMismatch when the frame has another size."""
        if frame.image is not None and frame.size_wh != self.size_wh:
            found, want = frame.size_wh, self.size_wh
            raise LayoutMismatch(
                f"the frame is {found[0]}x{found[1]} but layout {self.name!r} was made for {want[0]}x{want[1]}: "
                "set the window to that size, or run `wowbot calibrate` for this one"
            )
