"""Telling the classic clients apart: they share their art and differ in what stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wowbot.calibration.client import Client
from wowbot.calibration.family import Family
from wowbot.calibration.find import View
from wowbot.calibration.gradient import direction_field, patch
from wowbot.calibration.match import Match
from wowbot.calibration.rows import Row, slot_scores
from wowbot.core.layout import Era
from wowbot.hud import elements
from wowbot.hud.setup import HudSetup
from wowbot.hud.stock import is_wide
from wowbot.hud.units import CLASSIC_ERAS, grid_boxes, place

BAGS_WIDE = (445.5, 403.5, 361.5, 319.5)
"""Middles of the bag slots right of the centre line, 37 units wide, in every classic client but 3.3.5."""
BAGS_NARROW = (449.0, 415.0, 381.0, 347.0)
"""The same in 3.3.5, 30 units wide (MainMenuBarBagButtons.xml)."""
BAGS_LATE = (460.5, 428.5, 396.5, 364.5)
"""The same in clients from 4.0 to 7.3 and their Classic editions, 29 units wide: five slots 32 apart, as read off
screenshots of 5.5, 6.2 and 7.3 to a quarter unit."""
LATE_LEAST, LATE_LEAD = 0.32, 0.08
"""Agreement of the late bag slots, and its lead over the other clients', at which a client is a late one. Late ones have
0.34 to 0.58 there with a lead of 0.09 to 0.32; all others lead by 0.04 at most."""
CLOCK_BOX = (-40.0, 58.0, 80.0, 36.0)
"""Where the digital clock hangs under the minimap, units from the disc's middle: every client since 3.0 shows it."""
CLOCK_SIDES, CLOCK_ROWS = (17.0, 27.0), (11, 23)
"""Distance of its two upright sides from the middle line, and rows of the box they cross."""
CLOCK_DIGITS = (-19.0, 70.0, 38.0, 10.0)
NO_CLOCK = {"clock_sides": 0.0, "clock_digits": 0.0}
"""Where no stock minimap is seen: an add-on's may have an add-on's clock."""
SIDES_LEAST, DIGITS_LEAST = 0.62, 20.0
"""Agreement of the weaker side with an upright edge, and spread of the columns' greatest brightness (0-255), digits being
light between dark gaps. Classic clients have 0.65 to 0.87 and 22 to 80 however the picture is altered; 1.12's bare rim
has 0.14 to 0.59, once 0.68, and there 14 to 19."""
COLUMN_ERAS: tuple[Era, ...] = ("vanilla", "wotlk", "classic_era")
"""The right button column stands 7, 0 and 2 units from the edge, at two heights."""
COLUMN_LEAST = 0.45


def classic_evidence(view: View, family: Family, client: Client, minimap: Match | None) -> dict[str, float]:
    """Measured signs: agreement of bag slots and button columns, sides and digits of the clock under the minimap."""
    found = {
        "bags_wide": _bags(view, family, client, BAGS_WIDE, 37.0),
        "bags_narrow": _bags(view, family, client, BAGS_NARROW, 30.0),
        "bags_late": _bags(view, family, client, BAGS_LATE, 29.0),
    }
    # A window's border at the right looks like the side of a column of buttons.
    bordered = client.left + client.width < view.size_wh[0] - 1
    for era in COLUMN_ERAS:
        found[f"column_{era}"] = 0.0 if bordered else _column(view, family, client, era)
    return found | (_clock(view, minimap, client.k) if minimap is not None else NO_CLOCK)


def classic_era(evidence: Mapping[str, float]) -> Era:
    """The likeliest client. 1.12 and 2.4.3 cannot be told apart by what is always on screen: 1.12 stands for both."""
    columns: list[tuple[float, Era]] = sorted(((evidence[f"column_{era}"], era) for era in COLUMN_ERAS), reverse=True)
    if columns[0][0] >= COLUMN_LEAST and columns[0][0] > columns[1][0] + 0.1:
        return columns[0][1]
    if evidence["bags_narrow"] > evidence["bags_wide"] + 0.05:
        return "wotlk"
    clock = evidence["clock_sides"] >= SIDES_LEAST and evidence["clock_digits"] >= DIGITS_LEAST
    return "classic_era" if clock else "vanilla"


def is_late(evidence: Mapping[str, float]) -> bool:
    """Whether the main bar carries the bag slots of a client from 4.0 to 7.3, whose frames and main bar are still the
    classic ones."""
    late = evidence["bags_late"]
    return late >= LATE_LEAST and late >= max(evidence["bags_wide"], evidence["bags_narrow"]) + LATE_LEAD


def _clock(view: View, minimap: Match, k: float) -> dict[str, float]:
    """How much of a box with digits hangs under the minimap.

    The minimap's rim and its zoom button, which every client has, do not count: neither has upright edges there.
    """
    at = minimap.x, minimap.y
    across = np.abs(direction_field(patch(view.plane, k, at, CLOCK_BOX))[0])
    upright = across[CLOCK_ROWS[0] : CLOCK_ROWS[1]].mean(axis=0)
    x = np.arange(upright.size) + CLOCK_BOX[0] + 0.5
    near, far = CLOCK_SIDES
    sides = (upright[(-x > near) & (-x < far)].max(), upright[(x > near) & (x < far)].max())
    digits = patch(view.plane, k, at, CLOCK_DIGITS).max(axis=0).std()
    return {"clock_sides": float(min(sides)), "clock_digits": float(digits)}


def training_era(view: View, client: Client) -> Era:
    """The training ground's clients differ in the box of the zone's name alone."""
    return max(CLASSIC_ERAS, key=lambda era: _zone_box(view, client, era))


def _zone_box(view: View, client: Client, era: Era) -> float:
    """Agreement of the zone box's upright sides with edges, and of its level ones."""
    box = next(e for e in elements(era) if e.name == "minimap.zone")
    x, y, w, h = place(box, client.size_wh, client.k)
    k = client.k
    at = (client.left + x, client.top + y)
    field = np.abs(direction_field(patch(view.plane, k, at, (-6.0, -6.0, w / k + 12.0, h / k + 12.0))))
    upright, level = field[0][8:-8].mean(axis=0), field[1][:, 12:-12].mean(axis=1)
    return float(upright[4:7].max() + upright[-7:-4].max() + level[4:7].max() + level[-7:-4].max())


def _column(view: View, family: Family, client: Client, era: Era) -> float:
    """Agreement of the rightmost button column with the place this client gives it, mean of the best half."""
    setup = HudSetup(frozenset({"main", "right"}))
    bar = next(e for e in elements(era, setup, wide=is_wide(client.size_wh)) if e.name == "actionbar.right")
    corners = [(x + client.left, y + client.top) for x, y, _, _ in grid_boxes(bar, client.size_wh, client.k)]
    best = sorted(slot_scores(view, family.free_button, client.k, corners))[6:]
    return sum(best) / len(best)


def _bags(view: View, family: Family, client: Client, middles: Sequence[float], size: float) -> float:
    corners = [(client.middle + (m - size / 2) * client.k, client.bottom - (2.0 + size) * client.k) for m in middles]
    k = client.k * size / family.slot
    best = max(
        sum(slot_scores(view, family.button, k, [(x, y - lift * client.k) for x, y in corners])) / len(corners)
        for lift in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
    )
    return best


def centred_main_row(rows: Sequence[Row], client: Client) -> Row | None:
    """A classic button row at the bottom with its middle on the centre line: retail 7 to 9 had it so, no other client."""
    for row in rows:
        middle = row.match.x + 249.0 * row.match.k
        low = client.bottom - row.match.y < 90.0 * client.k
        if low and abs(middle - client.middle) < 75.0 * client.k:
            return row
    return None
