"""From what was seen of a HUD to its layout, with each region's fate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wowbot.calibration.aurarow import aura_group
from wowbot.calibration.client import Client
from wowbot.calibration.family import Family
from wowbot.calibration.find import View
from wowbot.calibration.groups import GroupFound, Groups, action_bars, minimap_group, unit_frames
from wowbot.calibration.match import Match
from wowbot.calibration.place import Placed, pixel_box, regions_of
from wowbot.calibration.report import Calibration, ElementResult
from wowbot.calibration.rows import Row
from wowbot.core.layout import Era, Layout, Region
from wowbot.hud import elements
from wowbot.hud.stock import is_wide, layout_id
from wowbot.hud.units import to_rect


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found of one family's HUD."""

    family: Family
    player: Match
    rows: tuple[Row, ...]
    client: Client
    minimap: Match | None
    sensed: bool = True


def answer(view: View, sight: Sight, era: Era, measured: dict[str, float], name: str) -> Calibration:
    """Every group of the HUD looked for round what was seen, as a layout.

    Args:
        measured: scores of the search so far, taken into the answer.
        name: the layout's.
    """
    client, family = sight.client, sight.family
    bars = action_bars(view, family, client, era, sight.rows)
    found = {
        **unit_frames(view, family, client, sight.player, sight.sensed),
        **bars.found,
        "minimap": minimap_group(family, client, sight.minimap),
    }
    if "actionbar.main" not in found:
        found["actionbar.main"] = GroupFound("missing", 0.0, None, "show the main action bar at its stock place")
    scores = [g.score for g in found.values() if g.score > 0]
    groups = Groups({**found, "player.auras": aura_group(view, family, client, era, sight.minimap)}, bars.setup)
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
    if groups.found["player.auras"].mend:
        regions = _guessed(regions)
    identity = layout_id(era, view.size_wh, client.k, regions)
    return Layout(identity, name, era, view.size_wh, client.k, regions, score)


def _guessed(regions: Mapping[str, Region]) -> dict[str, Region]:
    """The regions, own aura rows marked as standing where nothing has shown them to: an empty one is not believed."""
    own = {name: r for name, r in regions.items() if r.reader == "auras" and name.startswith("player.")}
    return {**regions, **{name: replace(r, options={**r.options, "guessed": True}) for name, r in own.items()}}


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
    return unit in ("pet", "targettarget", "combo_points", "runes") or part == "cast" or region == "target.auras"
