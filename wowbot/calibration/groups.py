"""Which groups of the HUD are on the frame and where: unit frames, action bars, minimap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wowbot.calibration.client import MINIMAP_RIGHT, MINIMAP_TOP, Client
from wowbot.calibration.family import Family
from wowbot.calibration.find import View, find_at_scale
from wowbot.calibration.match import Match
from wowbot.calibration.place import Placed
from wowbot.calibration.report import Status
from wowbot.calibration.rows import Row, slot_scores
from wowbot.core.layout import Era
from wowbot.hud import Element, elements
from wowbot.hud.setup import BARS, HudSetup
from wowbot.hud.stock import is_wide
from wowbot.hud.units import grid_boxes, place

STILL_UNITS = 1.5
"""A group nearer to its stock place than this has not been moved; the fit itself is about 0.3 off."""
SAME_SIZE = 0.012
TARGET_LEAST = 0.45
SLOT_LEAST = 0.45
"""A button's border agreement at which it is shown. An empty, hidden slot has scenery there, about 0 +- 0.2."""
SHOWN_SLOTS = 2
"""A bar with fewer visible buttons than this has nothing to read."""
ROW_BARS = ("main", "bottom_left", "bottom_right")


@dataclass(frozen=True, slots=True)
class GroupFound:
    """One group's fate.

    Args:
        score: agreement of what was seen; 0 where nothing was.
        placed: where it is, when that differs from its stock place.
    """

    status: Status
    score: float
    placed: Placed | None = None
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups seen, and the bars that are switched on."""

    found: Mapping[str, GroupFound]
    setup: HudSetup = field(default_factory=HudSetup)


def unit_frames(view: View, family: Family, client: Client, player: Match, sensed: bool) -> dict[str, GroupFound]:
    """The player's and the target's frame."""
    stock_player = frame_origin(family, client, "player")
    groups = {"player": _group(player, stock_player, client)}
    shape = family.target if sensed else family.target.senseless()
    stock_target = frame_origin(family, client, "target")
    here = view.refine(shape, Match(0.0, client.k, *stock_target), step_px=1.0, step_k=0.0)
    if here.score >= TARGET_LEAST:
        return groups | {"target": _group(here, stock_target, client)}
    if groups["player"].status == "moved":
        there = find_at_scale(view, shape, player.k)
        apart = abs(there.x + shape.box[0] * there.k - player.x - family.player.box[0] * player.k)
        if there.score >= TARGET_LEAST + 0.05 and apart > 60 * client.k:
            return groups | {"target": _group(there, stock_target, client)}
    mend = "target something and calibrate again to confirm its place"
    return groups | {"target": GroupFound("expected", 0.0, None, mend)}


def frame_origin(family: Family, client: Client, unit: str) -> tuple[float, float]:
    """Stock place of a unit frame's shape origin, px on the frame."""
    if family.cornered:
        return client.left, client.top
    frame = next(e for e in elements("retail") if e.name == f"{unit}.frame")
    inside = (17.0, 14.0) if unit == "player" else (20.0, 16.0)
    x, y, _, _ = place(frame, client.size_wh, client.k)
    return client.left + x - inside[0] * client.k, client.top + y - inside[1] * client.k


def _group(match: Match, stock: tuple[float, float], client: Client) -> GroupFound:
    """Found at its stock place or moved; a shift or growth within the fit's own error counts as none."""
    shift = max(abs(match.x - stock[0]), abs(match.y - stock[1])) / client.k
    grow = match.k / client.k
    grow = 1.0 if abs(grow - 1.0) < SAME_SIZE else grow
    if shift <= STILL_UNITS and grow == 1.0:
        return GroupFound("found", match.score)
    return GroupFound("moved", match.score, Placed(match.x, match.y, stock[0], stock[1], grow))


def action_bars(view: View, family: Family, client: Client, era: Era, rows: Sequence[Row]) -> Groups:
    """Every stock bar that shows buttons, at its place or moved."""
    if family.name == "retail":
        return _retail_bars(view, family, client, rows)
    found: dict[str, GroupFound] = {}
    shown = _shown_bars(view, family, client, era, found)
    if "actionbar.main" not in found:
        moved = _moved_main(client, era, rows)
        if moved is not None:
            found["actionbar.main"] = moved
    setup = HudSetup(frozenset({"main", *shown}))
    return Groups(found, setup)


def _shown_bars(view: View, family: Family, client: Client, era: Era, found: dict[str, GroupFound]) -> set[str]:
    shown: set[str] = set()
    setup = HudSetup(frozenset({"main", "bottom_left", "bottom_right", "right", "left"}))
    for bar in ("main", "bottom_left", "bottom_right", "right", "left"):
        score = bar_score(view, family, client, bar_element(era, bar, setup, client))
        if score > 0:
            shown.add(bar)
            found[f"actionbar.{bar}"] = GroupFound("found", score)
    for bar in ("stance", "pet"):
        # Its height depends on the bar below it, so the others come first.
        setup = HudSetup(frozenset({"main", bar, *shown & {"bottom_left", "bottom_right"}}))
        score = bar_score(view, family, client, bar_element(era, bar, setup, client))
        if score > 0 and not {"stance", "pet"} & shown:
            shown.add(bar)
            found[f"actionbar.{bar}"] = GroupFound("found", score)
    return shown


def bar_element(era: Era, bar: str, setup: HudSetup, client: Client) -> Element:
    """The stock element of one bar."""
    parts = elements(era, setup, wide=is_wide(client.size_wh))
    return next(e for e in parts if e.name == f"actionbar.{bar}")


def bar_score(view: View, family: Family, client: Client, bar: Element) -> float:
    """Mean agreement of the bar's visible buttons; 0 when fewer than SHOWN_SLOTS are."""
    grid = bar.grid
    if grid is None:
        return 0.0
    k = client.k * grid.box_w / family.slot
    corners = [(x + client.left, y + client.top) for x, y, _, _ in grid_boxes(bar, client.size_wh, client.k)]
    seen = [s for s in slot_scores(view, family, k, corners) if s >= SLOT_LEAST]
    return sum(seen) / len(seen) if len(seen) >= SHOWN_SLOTS else 0.0


def _moved_main(client: Client, era: Era, rows: Sequence[Row]) -> GroupFound | None:
    if not rows:
        return None
    x, y, _, _ = place(bar_element(era, "main", HudSetup(), client), client.size_wh, client.k)
    lowest = max(rows, key=lambda row: row.match.y)
    return _group(lowest.match, (x + client.left, y + client.top), client)


def _retail_bars(view: View, family: Family, client: Client, rows: Sequence[Row]) -> Groups:
    """Retail bars stack upwards from the lowest row; Edit Mode may have moved the stack."""
    found: dict[str, GroupFound] = {}
    ordered = sorted(rows, key=lambda row: -row.match.y)[: len(ROW_BARS)]
    names = ROW_BARS[: len(ordered)]
    setup = HudSetup(frozenset(names) | {"main"})
    for name, row in zip(names, ordered, strict=True):
        x, y, _, _ = place(bar_element("retail", name, setup, client), client.size_wh, client.k)
        found[f"actionbar.{name}"] = _group(row.match, (x + client.left, y + client.top), client)
    shown = set(names)
    for name in ("right", "left"):
        both = HudSetup(frozenset({"main", "right", "left"}))
        score = bar_score(view, family, client, bar_element("retail", name, both, client))
        if score > 0:
            shown.add(name)
            found[f"actionbar.{name}"] = GroupFound("found", score)
    return Groups(found, HudSetup(frozenset(shown | {"main"})))


def minimap_group(family: Family, client: Client, minimap: Match | None) -> GroupFound:
    """The minimap at its place, moved, or not seen."""
    if minimap is None:
        mend = (
            "" if family.minimap is None else "show the minimap at its stock place, or mark it with --region minimap="
        )
        return GroupFound("expected" if family.minimap is None else "missing", 0.0, None, mend)
    stock = client.left + client.width - MINIMAP_RIGHT * client.k, client.top + MINIMAP_TOP * client.k
    return _group(minimap, stock, client)


ALL_BARS = tuple(f"actionbar.{bar}" for bar in BARS)
