"""Calibration: from a frame to a layout, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wowbot.calibration.anchored import find_anchored
from wowbot.calibration.client import (
    AGREE_UNITS,
    SAME_SCALE,
    Client,
    at_scale,
    best_scale,
    find_minimap,
    is_main,
    solve_classic,
    whole,
)
from wowbot.calibration.era import centred_main_row, classic_era, classic_evidence, is_late, training_era
from wowbot.calibration.family import CLASSIC_ERAS, Family, families
from wowbot.calibration.find import View, find_at_scale, find_players
from wowbot.calibration.groups import (
    STILL_UNITS,
    GroupFound,
    Groups,
    action_bars,
    frame_origin,
    minimap_group,
    unit_frames,
)
from wowbot.calibration.match import Match
from wowbot.calibration.place import Placed, pixel_box, regions_of
from wowbot.calibration.report import Calibration, ElementResult, Refusal
from wowbot.calibration.rows import Row, find_bottom_row, find_rows
from wowbot.calibration.sanity import check_frames, diagnose, merge
from wowbot.calibration.shapes import Shapes, load_shapes
from wowbot.calibration.structure import BANDS, rails
from wowbot.core.frame import Image
from wowbot.core.layout import ERAS, Era, Layout
from wowbot.hud import elements
from wowbot.hud.stock import is_wide, layout_id
from wowbot.hud.units import to_rect

PLAYER_LEAST = {"classic": 0.46, "retail": 0.48, "training.classic": 0.54, "training.retail": 0.54}
"""Agreement with the player frame's outline. Over restyled and foreign HUDs the best chance agreement was 0.38 / 0.44;
between the clients' art and the training ground's it is 0.48, and the training ground's own at 720 lines 0.59."""
ALONE = 0.55
"""A classic player frame that agrees this well needs no second witness. Retail's art is worn by add-ons on classic
clients, at scales of their own: there the action bar or the minimap must agree with it on one scale."""
FAINT_LEAST = 0.34
"""A blurred or rescaled player frame agrees this well still; then button row and minimap must both vouch for its scale.
Foreign HUDs reach it by chance and never have both."""
FAINT_ROW = 0.5
RECOLOURED_LEAST = 0.50
RECOLOURED_ROW = 0.42
RECOLOURED_RAIL = 0.48
"""A recoloured frame, whose edges keep their course but not their sense, needs the stock button row at the same scale."""
LEAST_BAR_PX = 3.5
"""A health bar of fewer visible rows cannot be read."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found of one family's HUD."""

    family: Family
    player: Match
    rows: tuple[Row, ...]
    client: Client
    minimap: Match | None
    sensed: bool = True


def calibrate(
    images: Sequence[Image], era: str = "auto", *, shapes: Shapes | None = None, name: str = "calibrated"
) -> Calibration:
    """Fit the stock HUD to one or more frames of one window.

    Args:
        images: BGR uint8 frames of one size; several, taken while the world moves, sharpen the fit.
        era: "auto" or the client's era, which narrows the search.
        shapes: other outlines than the shipped ones, for leave-one-out measurements.
        name: the layout's name.

    Returns:
        A layout with every part's fate, or a refusal with its measured cause.

    Raises:
        ValueError: no frame, frames of different sizes, or an era that has no stock HUD.
    """
    if era != "auto" and (era not in ERAS or era == "other"):
        raise ValueError(f"calibrate: era must be auto or one of {', '.join(ERAS[:-1])}, found {era!r}")
    refusal = check_frames(images)
    if refusal is not None:
        return Calibration(None, refusal)
    view = View(merge(images))
    measured: dict[str, float] = {}
    sight = _look(view, families(shapes or load_shapes(), era), measured)
    if sight is None:
        return Calibration(None, diagnose(view.image, measured, PLAYER_LEAST), measured=measured)
    evidence = classic_evidence(view, sight.family, sight.client) if sight.family.name == "classic" else {}
    measured |= {f"era.{sign}": value for sign, value in evidence.items()}
    refusal = _unsupported(sight, measured) or (_late(sight, evidence, measured) if era == "auto" else None)
    if refusal is not None:
        return Calibration(None, refusal, measured=measured)
    return _answer(view, sight, _era_of(view, sight, era, evidence), measured, name)


def _look(view: View, kinds: Sequence[Family], measured: dict[str, float]) -> Sight | None:
    for family in kinds:
        players = find_players(view, family)
        measured[f"{family.key}.player"] = players[0].score
        for player in players:
            sight = _around(view, family, player, measured)
            if sight is not None:
                return sight
    return _look_recoloured(view, kinds, measured)


def _around(view: View, family: Family, player: Match, measured: dict[str, float]) -> Sight | None:
    """The HUD round a player frame, when enough of it is there to believe in the frame."""
    faint = player.score < PLAYER_LEAST[family.key]
    if faint and (family.art != "stock" or player.score < FAINT_LEAST):
        return None
    sight = _sight(view, family, player)
    if faint and not _vouched_for(sight):
        return None
    if family.cornered and family.art == "stock" and not _unrestyled(view, family, player, measured):
        return None
    measured[f"{family.key}.row"] = max((row.match.score for row in sight.rows), default=0.0)
    measured[f"{family.key}.minimap"] = sight.minimap.score if sight.minimap else 0.0
    alone = family.cornered and player.score >= ALONE
    return sight if sight.rows or sight.minimap or alone else None


def _sight(view: View, family: Family, player: Match) -> Sight:
    rows = tuple(find_rows(view, family, player.k))
    k = best_scale(view, family, player, rows[0] if rows else None)
    if not family.cornered:
        player = at_scale(view, family.player, player, k)
    minimap = find_minimap(view, family, k)
    client = solve_classic(view, player, rows, minimap, k) if family.cornered else whole(view, k)
    return Sight(family, player, rows, client, minimap)


def _vouched_for(sight: Sight) -> bool:
    """Whether a clear button row gives the frame's scale, the minimap is there at it, and the frame at its stock place.

    Elsewhere something agrees as well by chance: a HUD with stock bars and minimap and foreign unit frames has that.
    """
    row = max(sight.rows, key=lambda row: row.match.score, default=None)
    if row is None or sight.minimap is None or row.match.score < FAINT_ROW:
        return False
    k = sight.client.k
    x, y = frame_origin(sight.family, sight.client, "player")
    still = max(abs(sight.player.x - x), abs(sight.player.y - y)) <= AGREE_UNITS * k
    return still and sight.player.score >= FAINT_LEAST and abs(row.match.k / k - 1) <= SAME_SCALE


def _unrestyled(view: View, family: Family, player: Match, measured: dict[str, float], *, sensed: bool = True) -> bool:
    """Whether the rails are there that add-ons with larger bars paint over."""
    found = rails(view, family.player, player)
    measured |= {f"{family.key}.rail.{name}": value for name, value in found.cells.items()}
    measured[f"{family.key}.rail.profile"] = found.profile
    return found.strip and (sensed or found.between)


def _look_recoloured(view: View, kinds: Sequence[Family], measured: dict[str, float]) -> Sight | None:
    """Classic art in other colours: the button row gives the scale, the frame's edges must run as in stock there."""
    for family in kinds:
        if not family.cornered or family.art != "stock":
            continue
        row = find_bottom_row(view, family, RECOLOURED_ROW)
        measured[f"{family.key}.bottom_row"] = row.match.score if row else 0.0
        if row is None:
            continue
        anchored = find_anchored(view, family, row)
        if anchored is not None and _unrestyled(view, family, anchored, measured, sensed=False):
            measured[f"{family.key}.anchored"] = anchored.score
            return _below(view, family, anchored, row)
        player = find_at_scale(view, family.player.senseless(), row.match.k)
        measured[f"{family.key}.recoloured"] = player.score
        slack = max(0.01, 1.5 / (family.player.box[2] * player.k))
        if player.score < RECOLOURED_LEAST or abs(player.k / row.match.k - 1) > slack:
            continue
        if not _unrestyled(view, family, player, measured) or not _whole_rails(measured, family):
            continue
        sight = _below(view, family, player, row)
        if is_main(row.match, sight.client) or _pre_dragonflight(sight):
            return sight
    return None


def _below(view: View, family: Family, player: Match, row: Row) -> Sight:
    """The HUD of a classic player frame whose sense cannot be told, over its main bar."""
    k = best_scale(view, family, player, row)
    minimap = find_minimap(view, family, k)
    rows = (row, *(r for r in find_rows(view, family, k) if abs(r.match.y - row.match.y) > 12 * k))
    return Sight(family, player, rows, solve_classic(view, player, rows, minimap, k), minimap, sensed=False)


def _whole_rails(measured: Mapping[str, float], family: Family) -> bool:
    """Without the sense of the edges to go by, every rail must be there."""
    return min(measured[f"{family.key}.rail.{name}"] for name in BANDS) >= RECOLOURED_RAIL


def _unsupported(sight: Sight, measured: Mapping[str, float]) -> Refusal | None:
    client = sight.client
    if 8.5 * client.k < LEAST_BAR_PX:
        text = f"one UI unit is {client.k:.2f} px, so a health bar has {8.5 * client.k:.1f} rows of pixels"
        return Refusal("unsupported_scale", text, {**measured, "ui_scale": client.k})
    if _pre_dragonflight(sight):
        text = "classic unit frames over a centred main action bar: a retail client of 7.x to 9.x"
        return Refusal("unsupported_era", text, measured)
    return None


def _late(sight: Sight, evidence: Mapping[str, float], measured: Mapping[str, float]) -> Refusal | None:
    """Clients from 4.0 to 7.3 share the classic frames and main bar; naming an era takes them as that one."""
    if sight.family.art != "stock" or not evidence or not is_late(evidence):
        return None
    text = "classic unit frames, with the bag slots of a client from 4.0 to 7.3; --era wotlk reads it as 3.3.5 all the same"
    return Refusal("unsupported_era", text, measured)


def _pre_dragonflight(sight: Sight) -> bool:
    """Classic unit frames in their corner over a centred button row: retail 7 to 9."""
    if not sight.family.cornered or centred_main_row(sight.rows, sight.client) is None:
        return False
    player, client = sight.player, sight.client
    return max(abs(player.x - client.left), abs(player.y - client.top)) <= STILL_UNITS * 2 * client.k


def _era_of(view: View, sight: Sight, era: str, evidence: Mapping[str, float]) -> Era:
    if sight.family.name == "retail":
        return "retail"
    if era != "auto":
        return next(e for e in CLASSIC_ERAS if e == era)
    return classic_era(evidence) if sight.family.art == "stock" else training_era(view, sight.client)


def _answer(view: View, sight: Sight, era: Era, measured: dict[str, float], name: str) -> Calibration:
    client, family = sight.client, sight.family
    bars = action_bars(view, family, client, era, sight.rows)
    found = {
        **unit_frames(view, family, client, sight.player, sight.sensed),
        **bars.found,
        "minimap": minimap_group(family, client, sight.minimap),
    }
    if "actionbar.main" not in found:
        found["actionbar.main"] = GroupFound("missing", 0.0, None, "show the main action bar at its stock place")
    groups = Groups(found, bars.setup)
    scores = [g.score for g in found.values() if g.score > 0]
    measured |= {"ui_scale": client.k, "client_left": client.left, "client_top": client.top}
    layout = _layout(view, client, groups, era, min(1.0, max(0.0, sum(scores) / len(scores))), name)
    return Calibration(layout, None, _results(layout, client, groups, era), measured)


def _placed(groups: Groups) -> dict[str, Placed]:
    return {n: g.placed for n, g in groups.found.items() if g.placed is not None}


def _layout(view: View, client: Client, groups: Groups, era: Era, score: float, name: str) -> Layout:
    missing = {n for n, g in groups.found.items() if g.status == "missing"}
    parts = elements(era, groups.setup, wide=is_wide(client.size_wh))
    kept = tuple(e for e in parts if e.group not in missing)
    regions = regions_of(kept, client, _placed(groups), era, view.size_wh)
    identity = layout_id(era, view.size_wh, client.k, regions)
    return Layout(identity, name, era, view.size_wh, client.k, regions, score)


def _results(layout: Layout, client: Client, groups: Groups, era: Era) -> tuple[ElementResult, ...]:
    parts = elements(era, groups.setup, wide=is_wide(client.size_wh))
    by_name = {e.name: e for e in parts}
    results = []
    for region, place in layout.regions.items():
        group = groups.found.get(by_name[region].group) if region in by_name else None
        if group is None or _comes_and_goes(region):
            results.append(ElementResult(region, "expected", 0.0, place.rect))
        else:
            results.append(ElementResult(region, group.status, group.score, place.rect, group.mend))
    for element in parts:
        group = groups.found.get(element.group)
        if element.reader and element.name not in layout.regions:
            box = to_rect(pixel_box(element, client, None))
            mend = group.mend if group and group.mend else f"it would lie at {list(box)}, outside the frame"
            results.append(ElementResult(element.name, "missing", 0.0, None, mend))
    return tuple(results)


def _comes_and_goes(region: str) -> bool:
    """Parts that share a group's place and are shown only at times, so that one frame proves nothing."""
    unit, _, part = region.partition(".")
    return unit in ("pet", "targettarget", "combo_points", "runes") or part in ("cast", "auras")
