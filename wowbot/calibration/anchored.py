"""The player frame where button row and minimap say that it must be.

On a small, blurred or rescaled frame the thin lines of the unit frame fade before the button row and the minimap do.
Those two fix scale and client area without it; at a known place and scale chance agrees far less than anywhere at any.
"""

from __future__ import annotations

from wowbot.calibration.client import (
    MAIN_ROW_LEFT,
    MINIMAP_RIGHT,
    MINIMAP_TOP,
    find_minimap,
    is_main,
    solve_classic,
)
from wowbot.calibration.family import Family
from wowbot.calibration.find import View
from wowbot.calibration.match import Match
from wowbot.calibration.rows import Row

ANCHORED_LEAST = 0.48
"""Agreement at the known place, whatever the colours; stock frames keep 0.51 and more, other HUDs have at most 0.40."""


def find_anchored(view: View, family: Family, row: Row) -> Match | None:
    """Look for the classic player frame in the corner of the client area that row and minimap span.

    Args:
        row: the main bar's buttons.

    Returns:
        The fit at the row's scale, senses of the edges aside; None where the anchors are not there or it is not.
    """
    k = row.match.k
    minimap = find_minimap(view, family, k)
    if minimap is None:
        return None
    right = minimap.x + MINIMAP_RIGHT * k
    corner = Match(0.0, k, 2 * (row.match.x + MAIN_ROW_LEFT * k) - right, minimap.y - MINIMAP_TOP * k)
    client = solve_classic(view, corner, (row,), minimap, k)
    if not is_main(row.match, client):
        return None
    start = Match(0.0, k, client.left, client.top)
    player = view.refine(family.player.senseless(), start, step_px=1.0, step_k=0.0)
    return player if player.score >= ANCHORED_LEAST else None
