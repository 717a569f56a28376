"""Which groups of the HUD are on the frame and where: unit frames, action bars, minimap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wowbot.calibration.client import MINIMAP_RIGHT, MINIMAP_TOP, RETAIL_DISC, Client
from wowbot.calibration.family import Family
from wowbot.calibration.find import View, find_at_scale
from wowbot.calibration.match import Match
from wowbot.calibration.place import Placed
from wowbot.calibration.report import Status
from wowbot.calibration.rows import Row, slot_scores
from wowbot.calibration.shapes import Shape
from wowbot.core.layout import Era
from wowbot.hud import Element, elements
from wowbot.hud.setup import HudSetup
from wowbot.hud.stock import is_wide
from wowbot.hud.units import grid_boxes, place

STILL_UNITS = 1.5
"""A group nearer to its stock place than this has not been moved; the fit itself is about 0.3 off."""
SAME_SIZE = 0.012
TARGET_LEAST = 0.45
SLOT_LEAST, SLOT_SURE = 0.45, 0.6
"""A button's border agreement at which it is shown; scenery in its place agrees by about 0 +- 0.2."""
SHOWN_SLOTS = 2
"""So many visible buttons, or one beyond doubt, make a bar that is switched on."""
STOCK_SLOT = {"classic": 36.0, "retail": 45.0}
MAX_LEVEL_LIFT, REPUTATION_LIFT = -5.0, 9.0
"""The two bars above the main one stand lower without an experience bar, higher with a reputation bar (UIParent.lua)."""
RETAIL_STACK = 50.0
ROW_SAME_SCALE = 0.006
"""A row's twelve buttons give its scale to 0.1 %; one whose scale differs more is scenery or another bar's border."""
MOVED_TARGET_LEAST = 0.55
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
        if there.score >= MOVED_TARGET_LEAST and apart > 60 * client.k:
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
    lift = _bottom_bars(view, family, client, era, rows, found)
    _side_bars(view, family, client, era, found)
    _small_bars(view, family, client, era, lift, found)
    shown = frozenset(name.removeprefix("actionbar.") for name in found)
    return Groups(found, HudSetup(shown | {"main"}, reputation=lift == REPUTATION_LIFT))


def _bottom_bars(
    view: View, family: Family, client: Client, era: Era, rows: Sequence[Row], found: dict[str, GroupFound]
) -> float:
    """The main bar and the two above it; returns how much higher than usual those two stand, units."""
    setup = HudSetup(frozenset({"main", "bottom_left", "bottom_right"}))
    main = bar_score(view, family.button, client, bar_element(era, "main", setup, client))
    moved = _moved_main(client, era, rows)
    if main > 0:
        found["actionbar.main"] = GroupFound("found", main)
    elif moved is not None:
        found["actionbar.main"] = moved
    best: tuple[float, float, dict[str, float]] = (0.0, 0.0, {})
    for lift in (0.0, MAX_LEVEL_LIFT, REPUTATION_LIFT):
        bars = {
            bar: bar_score(view, family.free_button, client, bar_element(era, bar, setup, client), -lift * client.k)
            for bar in ("bottom_left", "bottom_right")
        }
        best = max(best, (sum(bars.values()), lift, bars), key=lambda b: b[0])
    _, lift, bars = best
    for bar, score in bars.items():
        if score > 0:
            found[f"actionbar.{bar}"] = GroupFound("found", score, _lowered(lift, client))
    return lift


def _lowered(lift: float, client: Client) -> Placed | None:
    """Without an experience bar the bars above stand lower; the reputation bar's lift is part of the stock setup."""
    return Placed(0.0, -lift * client.k, 0.0, 0.0) if lift == MAX_LEVEL_LIFT else None


def _side_bars(view: View, family: Family, client: Client, era: Era, found: dict[str, GroupFound]) -> None:
    setup = HudSetup(frozenset({"main", "right", "left"}))
    for bar in ("right", "left"):
        score = bar_score(view, family.free_button, client, bar_element(era, bar, setup, client))
        if score > 0:
            found[f"actionbar.{bar}"] = GroupFound("found", score)


def _small_bars(
    view: View, family: Family, client: Client, era: Era, lift: float, found: dict[str, GroupFound]
) -> None:
    """Stance or pet bar: its height depends on the bars below it."""
    below = frozenset({"bottom_left", "bottom_right"} & {n.removeprefix("actionbar.") for n in found})
    scores = {}
    for bar in ("stance", "pet"):
        setup = HudSetup(below | {"main", bar}, reputation=lift == REPUTATION_LIFT)
        raised = -lift * client.k if lift == MAX_LEVEL_LIFT else 0.0
        scores[bar] = bar_score(view, family.free_button, client, bar_element(era, bar, setup, client), raised)
    bar = max(scores, key=lambda b: scores[b])
    if scores[bar] > 0:
        found[f"actionbar.{bar}"] = GroupFound("found", scores[bar], _lowered(lift, client))


def bar_element(era: Era, bar: str, setup: HudSetup, client: Client) -> Element:
    """The stock element of one bar."""
    parts = elements(era, setup, wide=is_wide(client.size_wh))
    return next(e for e in parts if e.name == f"actionbar.{bar}")


def bar_score(view: View, shape: Shape, client: Client, bar: Element, lower_px: float = 0.0) -> float:
    """Mean agreement of the bar's visible buttons; 0 when too few are visible to be sure that the bar is shown."""
    if bar.grid is None:
        return 0.0
    k = client.k * bar.grid.box_w / STOCK_SLOT[str(bar.options["style"])]
    boxes = grid_boxes(bar, client.size_wh, client.k)
    scores = slot_scores(view, shape, k, [(x + client.left, y + client.top + lower_px) for x, y, _, _ in boxes])
    seen = [s for s in scores if s >= SLOT_LEAST]
    shown = len(seen) >= SHOWN_SLOTS or max(scores) >= SLOT_SURE
    return sum(seen) / len(seen) if shown else 0.0


def _moved_main(client: Client, era: Era, rows: Sequence[Row]) -> GroupFound | None:
    if not rows:
        return None
    x, y, _, _ = place(bar_element(era, "main", HudSetup(), client), client.size_wh, client.k)
    lowest = max(rows, key=lambda row: row.match.y)
    return _group(lowest.match, (x + client.left, y + client.top), client)


def _retail_bars(view: View, family: Family, client: Client, rows: Sequence[Row]) -> Groups:
    """Retail bars stack upwards from the lowest row; Edit Mode may have moved the stack."""
    found: dict[str, GroupFound] = {}
    ordered = sorted(_stack(view, family, rows), key=lambda m: -m.y)[: len(ROW_BARS)]
    names = ROW_BARS[: len(ordered)]
    setup = HudSetup(frozenset(names) | {"main"})
    for name, row in zip(names, ordered, strict=True):
        x, y, _, _ = place(bar_element("retail", name, setup, client), client.size_wh, client.k)
        found[f"actionbar.{name}"] = _group(row, (x + client.left, y + client.top), client)
    _side_bars(view, family, client, "retail", found)
    return Groups(found, HudSetup(frozenset(n.removeprefix("actionbar.") for n in found) | {"main"}))


def _stack(view: View, family: Family, rows: Sequence[Row]) -> list[Match]:
    """The best row, and those above and below it at the stack's distance, which a cast bar or empty slots half hide."""
    if not rows:
        return []
    first = rows[0].match
    found = [first]
    for n in (-2, -1, 1, 2):
        start = Match(0.0, first.k, first.x, first.y + n * RETAIL_STACK * first.k)
        near = view.refine(family.row, start, step_px=1.0, step_k=0.0)
        corners = [(near.x + i * family.pitch * near.k, near.y) for i in range(12)]
        scores = [slot_scores(view, shape, near.k, corners) for shape in (family.button, family.free_button)]
        seen = [s for s in map(max, *scores) if s >= SLOT_LEAST]
        if len(seen) >= SHOWN_SLOTS:
            found.append(Match(sum(seen) / len(seen), near.k, near.x, near.y))
    apart = 0.6 * RETAIL_STACK * first.k
    others = [r.match for r in rows if abs(r.match.k / first.k - 1.0) < ROW_SAME_SCALE]
    return found + [m for m in others if all(abs(m.y - seen.y) > apart for seen in found)]


def minimap_group(family: Family, client: Client, minimap: Match | None) -> GroupFound:
    """The minimap at its place, moved, or not seen."""
    if minimap is None:
        mend = (
            "" if family.minimap is None else "show the minimap at its stock place, or mark it with --region minimap="
        )
        return GroupFound("expected" if family.minimap is None else "missing", 0.0, None, mend)
    right, top = (MINIMAP_RIGHT, MINIMAP_TOP) if family.cornered else RETAIL_DISC
    stock = client.left + client.width - right * client.k, client.top + top * client.k
    return _group(minimap, stock, client)
