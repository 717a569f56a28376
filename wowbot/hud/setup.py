"""What a player has switched on: it moves the frames that scripts place."""

from __future__ import annotations

from dataclasses import dataclass

from wowbot.core.errors import LayoutError

BARS = ("main", "bottom_left", "bottom_right", "right", "left", "stance", "pet")


@dataclass(frozen=True, slots=True)
class HudSetup:
    """The switches of the stock options that move something.

    Args:
        bars: shown action bars, names of BARS; "main" is always shown.
        reputation: the watched-faction bar above the experience bar.
        aura_durations: time under each own aura; None = the era's default.
        max_level: no experience bar; the bars above it then stand 5 units lower (3.3.5 screenshots show it).
        numbers: status text, health and power in figures on the bars of player and target.
    """

    bars: frozenset[str] = frozenset({"main", "bottom_left", "bottom_right"})
    reputation: bool = False
    aura_durations: bool | None = None
    max_level: bool = False
    numbers: bool = False

    def __post_init__(self) -> None:
        strange = sorted(self.bars - set(BARS))
        if strange:
            raise LayoutError(f"HudSetup.bars: found {', '.join(strange)}; known: {', '.join(BARS)}")

    @property
    def lift(self) -> int:
        """Units by which the reputation bar raises, or a missing experience bar lowers, what stands above."""
        return 9 if self.reputation else -5 if self.max_level else 0

    @property
    def bottom(self) -> bool:
        """Whether a bar stands above the main one."""
        return bool(self.bars & {"bottom_left", "bottom_right"})

    @property
    def small(self) -> bool:
        """Whether the stance or the pet bar is shown."""
        return bool(self.bars & {"stance", "pet"})


STOCK_SETUP = HudSetup()
