"""The client area inside the frame, and the exact scale: what the stock anchors are measured from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from wowbot.calibration.family import Family
from wowbot.calibration.find import View
from wowbot.calibration.match import Match, scan
from wowbot.calibration.rows import Row
from wowbot.calibration.shapes import Shape
from wowbot.hud import default_scale

MAIN_ROW_LEFT = 504.0
"""Classic: the first main button is this far left of the middle (MainMenuBar is 1024 wide, buttons begin 8 inside)."""
MAIN_ROW_TOP = 40.0
"""Classic: buttons are 36 high, 4 above the bottom."""
MINIMAP_RIGHT, MINIMAP_TOP = 87.0, 92.0
"""Classic: the disc's middle from the right and the top edge."""
SNAP = 0.004
"""A fitted scale this near the client's default is the default."""
RETAIL_DISC = (118.0, 143.0)
"""Retail: the same, measured 112 to 119 and 138 to 143 over several patches."""
RETAIL_PLAYER = (532.0, 350.0)
"""Retail: the player frame is this far left of the middle and its top this far above the bottom (PlayerFrame is 232 x 100,
its lower right corner at -300, 250)."""
RETAIL_ROW_LEFT, RETAIL_ROW_TOPS = 281.0, (80.0, 90.0)
"""Retail: the same of the main bar's first button; its height differs between patches of 10.x (measured)."""
SNAP_STEP = 0.0015
"""The same for the UI scale slider, which moves in steps of 0.01."""
AGREE_UNITS = 3.0
"""Two anchors agree when they differ by less than this."""
MINIMAP_LEAST = 0.35
DISC_SCALES = (0.985, 1.0, 1.015)
"""Retail's disc was drawn some percent smaller or larger in different patches (measured 0.999 to 1.017)."""
SAME_SCALE = 0.025
"""Two fits whose scales differ by less are of one scale, and the longer base knows it better."""
CROP_UNITS = 30.0
"""A picture cut by hand may lack so much of the client area at an edge: the HUD's own margins, and no more."""


TITLE_BAR_PX = 64.0
"""A window's title bar is no higher, at twice the usual size of letters."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where the game's client area lies on the frame, px, and its scale."""

    left: float
    top: float
    width: float
    height: float
    k: float

    @property
    def middle(self) -> float:
        """x of the centre line."""
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        """y of the lower edge."""
        return self.top + self.height

    @property
    def size_wh(self) -> tuple[int, int]:
        """Rounded size."""
        return round(self.width), round(self.height)


def whole(view: View, k: float) -> Client:
    """The client area that fills the frame."""
    return Client(0.0, 0.0, float(view.size_wh[0]), float(view.size_wh[1]), k)


def at_scale(view: View, shape: Shape, found: Match, k: float) -> Match:
    """The match fitted again at a better known scale, where that is nearly its own; else as it is."""
    if abs(k / found.k - 1) > SAME_SCALE:
        return found
    x = found.x + (found.k - k) * (shape.box[0] + shape.box[2] / 2)
    y = found.y + (found.k - k) * (shape.box[1] + shape.box[3] / 2)
    return view.refine(shape, Match(found.score, k, x, y), step_px=2.0, step_k=0.0)


def best_scale(view: View, family: Family, player: Match, main: Row | None) -> float:
    """k from the longest base: the button row where there is one, else the player frame; the default where it is near."""
    k = player.k if main is None or abs(main.match.k / player.k - 1) > SAME_SCALE else main.match.k
    return snapped(family, k, view.size_wh[1])


def snapped(family: Family, k: float, height: float) -> float:
    """The scale the client must have when `k` is as near as the fit can tell: its default, or a step of its slider."""
    default = default_scale(family.eras[-1], max(1, round(height)))
    if abs(k / default - 1) < SNAP:
        return default
    step = round(k * 768.0 / height, 2) * height / 768.0
    return step if abs(k / step - 1) < SNAP_STEP else k


def find_minimap(view: View, family: Family, k: float) -> Match | None:
    """The minimap's rim in the upper right part; None where none agrees."""
    if family.minimap is None:
        return None
    left, border = max(0, int(view.size_wh[0] - 330.0 * k)), round(CROP_UNITS * k)
    corner = view.plane[: int(330.0 * k), left:]
    # A cut picture may lack a strip beyond the rim, which the whole shape reaches over.
    wider = np.asarray(cv2.copyMakeBorder(corner, border, 0, 0, border, cv2.BORDER_REPLICATE), np.float32)
    scales = (1.0,) if family.cornered else DISC_SCALES
    found = [m for s in scales for m in scan(wider, family.minimap, k * s, peaks=1)]
    if not found:
        return None
    start = max(found, key=lambda m: m.score)
    start = replace(start, x=start.x + left, y=start.y - border)
    best = view.refine(family.minimap, start, step_px=2.0, step_k=0.004)
    return best if best.score >= MINIMAP_LEAST else None


def minimap_of_window(view: View, family: Family, player: Match, rows: Sequence[Row], k: float) -> Match | None:
    """The minimap where player frame and main bar say that the window's right edge is: a window on a wider desktop."""
    if family.minimap is None:
        return None
    for row in rows:
        right = 2.0 * (row.match.x + MAIN_ROW_LEFT * k) - player.x
        at = Match(0.0, k, right - MINIMAP_RIGHT * k, player.y + MINIMAP_TOP * k)
        found = view.refine(family.minimap, at, step_px=2.0, step_k=0.004)
        if found.score >= MINIMAP_LEAST:
            return found
    return None


def solve_classic(view: View, player: Match, rows: Sequence[Row], minimap: Match | None, k: float) -> Client:
    """The client area of a classic frame.

    The whole frame when player frame and main bar stand where a whole frame has them; else the rectangle that player
    frame, main bar and minimap agree on (a screenshot with a title bar or borders, or one cut too narrowly); else the
    whole frame, its parts having been moved.
    """
    frame = whole(view, k)
    cornered = max(abs(player.x), abs(player.y)) <= AGREE_UNITS * k
    if cornered and any(is_main(row.match, frame) for row in rows):
        return frame
    for row in rows:
        inset = _inset(player, row.match, minimap, k)
        if inset is not None and _plausible(inset, view.size_wh):
            return inset
    return frame


def solve_retail(view: View, player: Match, rows: Sequence[Row], minimap: Match | None, k: float) -> Client:
    """The client area of a retail frame: the whole frame, unless player frame and main bar stand to each other as in the
    stock HUD but elsewhere on the frame (a screenshot with the window's borders, or the desktop's task bar beside it).
    """
    frame, slack = whole(view, k), AGREE_UNITS * k
    middle, bottom = player.x + RETAIL_PLAYER[0] * k, player.y + RETAIL_PLAYER[1] * k
    if max(abs(middle - frame.middle), abs(bottom - frame.bottom)) <= slack:
        return frame
    left = max(0.0, 2 * middle - frame.width)
    top = 0.0 if minimap is None else max(0.0, minimap.y - RETAIL_DISC[1] * k)
    inset = Client(left, top, 2 * (middle - left), bottom - top, k)
    believed = top <= TITLE_BAR_PX and _plausible(inset, view.size_wh)
    return inset if believed and any(_is_retail_main(row.match, inset) for row in rows) else frame


def _is_retail_main(row: Match, client: Client) -> bool:
    """Whether a row stands where retail clients have their main bar."""
    dx = row.x + RETAIL_ROW_LEFT * client.k - client.middle
    dy = min(abs(client.bottom - row.y - top * client.k) for top in RETAIL_ROW_TOPS)
    return max(abs(dx), dy) <= AGREE_UNITS * client.k


def is_main(row: Match, client: Client) -> bool:
    """Whether a row stands where classic clients have their main bar."""
    dx = row.x - (client.middle - MAIN_ROW_LEFT * client.k)
    dy = row.y - (client.bottom - MAIN_ROW_TOP * client.k)
    return max(abs(dx), abs(dy)) <= AGREE_UNITS * client.k


def _inset(player: Match, row: Match, minimap: Match | None, k: float) -> Client | None:
    """The client area by three anchors; None when they contradict each other or the minimap is not seen."""
    if minimap is None:
        return None
    right, top = minimap.x + MINIMAP_RIGHT * k, minimap.y - MINIMAP_TOP * k
    middle, bottom = row.x + MAIN_ROW_LEFT * k, row.y + MAIN_ROW_TOP * k
    if abs(top - player.y) > AGREE_UNITS * k or abs(middle - (player.x + right) / 2) > AGREE_UNITS * k:
        return None
    return Client(player.x, player.y, right - player.x, bottom - player.y, k)


def _plausible(client: Client, size_wh: tuple[int, int]) -> bool:
    """Whether the client area lies on the frame, but for what a cut may have taken."""
    slack = CROP_UNITS * client.k
    return (
        client.left > -slack
        and client.top > -slack
        and client.left + client.width < size_wh[0] + slack
        and client.bottom < size_wh[1] + slack
    )
