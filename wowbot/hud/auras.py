"""Where the icons of the target's aura rows stand: their sizes differ, so no fixed pitch describes them.

Source: TargetFrame.lua of each client. From 2.4.3 on the player's own auras are larger; hostile targets show debuffs
first, friendly ones buffs first; each group begins a new row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wowbot.core.layout import Era

ROW_WIDTH, ROW_WIDTH_BESIDE_TOT = 122.0, 101.0
LARGE, SMALL = 21.0, 17.0

ROW_SHIFTS: Mapping[Era, tuple[tuple[float, float], ...]] = {
    "classic_era": ((0.0, 0.0), (2.0, 0.0)),
    "retail": ((0.0, 0.0), (-16.0, -3.0)),
}
"""Where patches of an era have the row of own auras, units to the right and down from its place in the elements. Measured:
1.13 with and without a weapon's enchantment and 1.15; 11.1 and 10.x."""
RETAIL_DISCS = ((112.0, 142.0), (120.5, 139.5))
"""The minimap's middle, units from the right and the top edge, in the patches of retail's ROW_SHIFTS. Measured."""


class AuraBox(NamedTuple):
    """One icon: left, top and size in UI units from the first icon's top-left corner."""

    x: float
    y: float
    size: float


def target_aura_boxes(
    era: Era, debuffs_own: Sequence[bool], buffs_own: Sequence[bool], *, hostile: bool = True, tot: bool = False
) -> tuple[list[AuraBox], list[AuraBox]]:
    """Boxes of the target's debuffs and buffs.

    Args:
        debuffs_own, buffs_own: for each icon in order whether the player put it up.
        hostile: debuffs first.
        tot: target-of-target is shown, which leaves less width.

    Returns:
        (debuffs, buffs).
    """
    groups = [("debuffs", list(debuffs_own)), ("buffs", list(buffs_own))]
    top = 0.0
    placed: dict[str, list[AuraBox]] = {}
    for name, own in groups if hostile else reversed(groups):
        boxes = _vanilla(name, len(own), top, tot) if era == "vanilla" else _modern(name, own, top, tot)
        placed[name] = boxes
        if boxes:
            top = max(box.y + box.size for box in boxes) + (2.0 if era == "vanilla" else 3.0)
    return placed["debuffs"], placed["buffs"]


def _vanilla(name: str, count: int, top: float, tot: bool) -> list[AuraBox]:
    per_row = 5 if tot else 6
    size = SMALL if name == "debuffs" and count >= per_row else LARGE
    # Icons of a row stand 3 apart, rows 2: `SetPoint("TOPLEFT", "TargetFrameDebuff1", "BOTTOMLEFT", 0, -2)`.
    return [AuraBox((size + 3.0) * (i % per_row), top + (size + 2.0) * (i // per_row), size) for i in range(count)]


def _modern(name: str, own: Sequence[bool], top: float, tot: bool) -> list[AuraBox]:
    gap = 4.0 if name == "debuffs" else 3.0
    boxes: list[AuraBox] = []
    x, y, row_height, row = 0.0, top, 0.0, 1
    for mine in own:
        size = LARGE if mine else SMALL
        limit = ROW_WIDTH_BESIDE_TOT if tot and row <= 2 else ROW_WIDTH
        if x and x + size > limit:
            x, y, row_height, row = 0.0, y + row_height + 3.0, 0.0, row + 1
        boxes.append(AuraBox(x, y, size))
        x += size + gap
        row_height = max(row_height, size)
    return boxes


def cast_tops(era: Era) -> tuple[float, ...]:
    """Tops the target's cast bar can have, units below the place it has without auras: it moves under the aura rows.

    Source: TargetFrame.lua `Target_Spellbar_AdjustPosition`: 97 from the screen's top without auras, else 15 below the
    last aura row; rows begin at 72 and are 21 or 17 high, 3 apart. Target-of-target moves it to 125 while there is at
    most one row, an elite to 109. Retail has the same rule with other numbers.
    """
    if era in ("vanilla", "tbc"):
        return (0.0,)
    home, first, below, tot, elite = _cast_rule(era)
    tops = {0.0, elite, tot}
    heights = {0.0}
    for _ in range(4):
        heights = {h + size + (3.0 if h else 0.0) for h in heights for size in (SMALL, LARGE)}
        tops |= {first + h + below - home for h in heights}
    return tuple(sorted(tops))


def cast_top(era: Era, auras_bottom: float | None, *, tot: bool = False, elite: bool = False, rows: int = 0) -> float:
    """Where the target's cast bar is now, in the units of `cast_tops`.

    Args:
        auras_bottom: bottom of the last aura row, units below the first row's top; None without auras.
        rows: aura rows shown.
    """
    if era in ("vanilla", "tbc"):
        return 0.0
    home, first, below, tot_shift, elite_shift = _cast_rule(era)
    if (tot or elite) and rows <= 1:
        return tot_shift if tot else elite_shift
    return 0.0 if auras_bottom is None else first + auras_bottom + below - home


def _cast_rule(era: Era) -> tuple[float, float, float, float, float]:
    """Home of the bar, top of the aura rows, gap below them, shift beside target-of-target, shift under an elite.

    The first two are units from the same line: the screen's top in the classic clients, the frame's top in retail.
    """
    if era == "retail":
        return 95.0, 74.5, 10.0, 51.0, 10.5
    return 97.0, 72.0, 15.0, 28.0, 12.0
