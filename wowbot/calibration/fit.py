"""Calibration: from a frame to a layout, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from wowbot.calibration.anchored import find_anchored
from wowbot.calibration.answer import Sight, answer
from wowbot.calibration.client import (
    AGREE_UNITS,
    SAME_SCALE,
    at_scale,
    best_scale,
    find_minimap,
    is_main,
    minimap_of_window,
    solve_classic,
    solve_retail,
)
from wowbot.calibration.era import centred_main_row, classic_era, classic_evidence, is_late, training_era
from wowbot.calibration.family import Family, families
from wowbot.calibration.find import View, find_at_scale, find_players
from wowbot.calibration.groups import STILL_UNITS, frame_origin
from wowbot.calibration.match import Match
from wowbot.calibration.report import Calibration, Refusal
from wowbot.calibration.rows import Row, find_bottom_row, find_rows
from wowbot.calibration.sanity import check_frames, diagnose, merge
from wowbot.calibration.shapes import Shapes, load_shapes
from wowbot.calibration.stretch import MOST, measured_stretch, restored, too_stretched, unstretched
from wowbot.calibration.structure import BANDS, bar_ends_below_strip, bar_fills_strip, rails
from wowbot.core.frame import Image
from wowbot.core.layout import ERAS, Era
from wowbot.hud.units import CLASSIC_ERAS

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
BESIDE = 1.035
"""A frame squeezed by 6 % is found at a scale 3 % off its scale across."""
SAME_BASE = 0.01
"""Player frame and main bar of one picture in true proportions give the same scale within this; squeezed ones do not."""
BARLESS = "barless"
"""1 in what was measured: stock unit frames without a stock button."""
CUT_SHARE = 0.011
"""How much of its height a window may lack at its lower edge: 8 units, a quarter of a button."""
LEAST_BAR_PX = 3.5
"""A health bar of fewer visible rows cannot be read."""


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
    view, kinds = View(merge(images)), families(shapes or load_shapes(), era)
    found = _fitted(view, kinds, era, name)
    if not found.measured.get(BARLESS):
        return found
    whole = _fitted(View(_lengthened(view.image)), kinds, era, name)
    return found if whole.layout is None else restored(whole, 1.0, view.size_wh)


def _lengthened(image: Image) -> Image:
    """The picture with its last row repeated: a window cut off through its buttons lacks their lower edge, by which a row
    is found."""
    rows = round(CUT_SHARE * image.shape[0])
    return np.asarray(cv2.copyMakeBorder(image, 0, rows, 0, 0, cv2.BORDER_REPLICATE), np.uint8)


def _fitted(view: View, kinds: Sequence[Family], era: str, name: str, brought: float = 1.0) -> Calibration:
    """The answer for one picture; `brought`: how much it has been brought nearer to its true proportions so far."""
    measured: dict[str, float] = {}
    sight = _look(view, kinds, measured)
    if sight is None:
        return Calibration(None, diagnose(view.image, measured, PLAYER_LEAST), measured=measured)
    stretch = _stretch_of(view, sight)
    if abs(brought * stretch - 1.0) > MOST:
        return Calibration(None, too_stretched(brought * stretch, measured), measured=measured)
    if stretch != 1.0:
        # Each time the frame agrees better by a fixed gain, so that this ends.
        proportioned = _fitted(View(unstretched(view.image, stretch)), kinds, era, name, brought * stretch)
        return restored(proportioned, stretch, view.size_wh)
    classic = sight.family.name == "classic"
    evidence = classic_evidence(view, sight.family, sight.client, sight.minimap) if classic else {}
    measured |= {f"era.{sign}": value for sign, value in evidence.items()}
    refusal = _unsupported(sight, measured) or (_late(sight, evidence, measured) if era == "auto" else None)
    if refusal is not None:
        return Calibration(None, refusal, measured=measured)
    found = answer(view, sight, _era_of(view, sight, era, evidence), measured, name)
    barless = _barless(sight, found) if era == "auto" else None
    return found if barless is None else Calibration(None, barless, measured={**measured, BARLESS: 1.0})


def _stretch_of(view: View, sight: Sight) -> float:
    """1.0 where player frame and main bar agree on the scale and on the client area; else as measured."""
    if not sight.family.cornered or sight.family.art != "stock":
        return 1.0
    row = sight.rows[0].match if sight.rows else None
    k = sight.player.k if row is None else row.k
    if row is not None and sight.sensed and is_main(row, sight.client) and abs(k / sight.player.k - 1) < SAME_BASE:
        return 1.0
    shape = sight.family.player if sight.sensed else sight.family.player.senseless()
    # Without a row the scale across is not known: a squeezed frame is found at one between its two scales.
    across = (k,) if row is not None else (k, k * BESIDE, k / BESIDE)
    return measured_stretch(view, shape, sight.player, across)


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
    return sight if alone or _witnessed(sight) or _is_squeezed(view, sight) else None


def _is_squeezed(view: View, sight: Sight) -> bool:
    """Whether the window's picture is squeezed, whose row and minimap cannot agree before it is brought into shape."""
    return 0.0 < abs(_stretch_of(view, sight) - 1.0) <= MOST


def _witnessed(sight: Sight) -> bool:
    """Whether something else of the HUD is there. Add-ons wear retail's art on classic clients, over rows that look a
    little like retail's (0.40): such a row must be a clear one."""
    faintest = FAINT_ROW if sight.family.key == "retail" else 0.0
    return sight.minimap is not None or any(row.match.score >= faintest for row in sight.rows)


def _sight(view: View, family: Family, player: Match) -> Sight:
    rows = tuple(find_rows(view, family, player.k))
    k = best_scale(view, family, player, rows[0] if rows else None)
    if not family.cornered:
        player = at_scale(view, family.player, player, k)
    minimap = find_minimap(view, family, k)
    if minimap is None and family.cornered:
        minimap = minimap_of_window(view, family, player, rows, k)
    client = (solve_classic if family.cornered else solve_retail)(view, player, rows, minimap, k)
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
    if not found.clear and bar_fills_strip(view.image, player):
        return False
    if sensed and not found.strip and found.others:
        return bar_ends_below_strip(view.image, player)
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


def _barless(sight: Sight, found: Calibration) -> Refusal | None:
    """Classic unit frames over no stock button at all: add-ons that bring their own bars leave the frames as they are.

    Retail's Edit Mode can hide every bar; a classic client cannot.
    """
    shown = found.layout is None or any(name.startswith("actionbar.") for name in found.layout.regions)
    if shown or sight.family.key != "classic":
        return None
    text = "stock unit frames, but not one stock action button: an add-on's bars or hidden ones; naming the client, "
    return Refusal("custom_hud", text + "as in --era classic_era, takes what is there without them", found.measured)


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
