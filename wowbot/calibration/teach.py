"""From a folder of labelled screenshots to the stock outlines: how `shapes.npz` is made, and made without a repository.

The folder holds index.jsonl (file, repo, era, ui, kind) and labels.jsonl (boxes, ui_scale), as `wowbot bench accuracy`
takes it. Scale and place of a whole classic window follow from its size, so those sightings pin the outlines; crops and
retail frames, whose labels are good to a few pixels, are aligned to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.gradient import Plane, grey
from wowbot.calibration.learn import Mask, Sample, learn
from wowbot.calibration.match import scan, score_at
from wowbot.calibration.shapes import Shape, Shapes
from wowbot.capture.images import load_image
from wowbot.core.errors import ConfigError

MIRROR = 463.0
"""Classic: player frame x -> target frame x."""
SHOWN = 0.3
"""Agreement with the main bar's buttons at which a button of another bar is taken for visible."""
Flags = NDArray[np.bool_]
Coordinates = NDArray[np.float64]


@dataclass(frozen=True)
class Screen:
    """One labelled screenshot: its index row and its label."""

    row: Mapping[str, Any]
    label: Mapping[str, Any]
    path: Path

    @property
    def whole(self) -> bool:
        """A whole client window without borders."""
        kind = str(self.row["kind"])
        return kind.startswith(("whole_window", "full")) and "border" not in kind

    def plane(self) -> Plane:
        """Its brightness."""
        return grey(load_image(self.path))


def read_screens(folder: Path) -> list[Screen]:
    """The index joined with its labels; a screen without a label has an empty one.

    Raises:
        ConfigError: no index there, or a broken line.
    """
    try:
        rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines() if line]
        text = (folder / "labels.jsonl").read_text(encoding="utf-8")
        labels = {label["file"]: label for label in map(json.loads, filter(None, text.splitlines()))}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder}: expected index.jsonl and labels.jsonl of labelled screens ({error})") from error
    return [Screen(row, labels.get(row["file"], {}), folder / row["file"]) for row in rows]


def teach(screens: Iterable[Screen], without: str = "") -> dict[str, Shape]:
    """Learn every stock outline the screens show.

    Args:
        without: a repository to leave out, for an honest measurement on it.
    """
    used = [s for s in screens if s.row["repo"] != without and s.label]
    shapes = _classic([s for s in used if _is_stock_classic(s)])
    return shapes | _retail([s for s in used if _is_stock_retail(s)])


def _is_stock_classic(screen: Screen) -> bool:
    era, ui = str(screen.row["era"]), str(screen.row["ui"])
    return "retail" not in era and ui.split(",")[0] == "default" and bool(screen.label.get("player_health"))


def _is_stock_retail(screen: Screen) -> bool:
    era, ui = str(screen.row["era"]), str(screen.row["ui"])
    plain = era.startswith("retail_1") and ui.startswith("default") and "tweaked" not in ui
    return plain and (screen.whole or screen.row["kind"] == "crop") and bool(screen.label.get("player_health"))


# -- classic ---------------------------------------------------------------------------------------------------------


def _classic(screens: Sequence[Screen]) -> dict[str, Shape]:
    if not screens:
        return {}
    players = [sample for screen in screens for sample in _classic_frames(screen)]
    pinned = [s for s in players if s.pinned]
    player = learn("classic.player", (14, 10, 198, 78), players, off_player, rounds=2)
    slot = learn("classic.slot", (-3, -3, 42, 42), [_main_row(s) for s in pinned], border(5, 31), rounds=0)
    discs = [replace(s, x=_width(s) - 87 * s.k, y=92 * s.k) for s in pinned]
    minimap = learn("classic.minimap", (-86, -86, 172, 172), discs, ring(64, 86), rounds=0)
    free = [button for s in pinned for button in _free_buttons(s, slot)]
    shapes = {s.name: s for s in (player, slot, minimap)}
    if free:
        shapes["classic.float"] = learn("classic.float", (-3, -3, 42, 42), free, border(4, 32), rounds=0)
    return shapes


def _classic_frames(screen: Screen) -> list[Sample]:
    """The player frame, and the target frame mirrored."""
    plane, source = screen.plane(), str(screen.row["repo"])
    box = screen.label["player_health"]["bbox"]
    k = float(screen.label.get("ui_scale") or box[2] / 119.0)
    if not screen.whole:
        return [Sample(source, plane, k, box[0] - 87 * k, box[1] - 47 * k)]
    k = _exact_scale(k, plane.shape[0])
    found = [Sample(source, plane, k, 0.0, 0.0, pinned=True)]
    target = screen.label.get("target") or {}
    if screen.label.get("target_frame_present") and (target.get("health") or {}).get("bbox"):
        found.append(Sample(source, plane, k, 0.0, 0.0, mirror_at=MIRROR))
    return found


def _exact_scale(k: float, height: int) -> float:
    """The UI scale is set in steps of 0.01, so a measured k within its error means the nearest step."""
    return round(k * 768.0 / height, 2) * height / 768.0


def _width(sample: Sample) -> int:
    return int(sample.plane.shape[1])


def _main_row(s: Sample) -> Sample:
    return replace(s, x=_width(s) / 2 - 504 * s.k, y=s.plane.shape[0] - 40 * s.k, repeats=12, pitch=42)


def _free_buttons(s: Sample, slot: Shape) -> list[Sample]:
    """Visible buttons of the two bars above the main one, which stand at one of three heights."""
    found = []
    for left in (-504.0, 6.0):
        best: list[tuple[float, Sample]] = []
        for lift in (0.0, -5.0, 9.0):
            y = s.plane.shape[0] - (93.0 + lift) * s.k
            row = [replace(s, x=_width(s) / 2 + (left + 42 * n) * s.k, y=y) for n in range(12)]
            scored = [(score_at(s.plane, slot, s.k, b.x, b.y), b) for b in row]
            best = max(best, scored, key=lambda row: sum(score for score, _ in row))
        found += [b for score, b in best if score >= SHOWN]
    return found


def off_player(x: Coordinates, y: Coordinates) -> Flags:
    """Where the player frame's art can be: not on fills, name, level, portrait."""
    bars = (x > 90) & (x < 204.5) & (((y > 48) & (y < 55)) | ((y > 59) & (y < 66)))
    name = (x > 92) & (x < 201) & (y > 29) & (y < 43)
    level = (x - 34) ** 2 + (y - 70) ** 2 < 13**2
    portrait = (x - 55) ** 2 + (y - 48) ** 2 < 27**2
    return ~(bars | name | level | portrait)


def border(inner: float, outer: float) -> Mask:
    """Outside a square: a button's border without its icon."""
    return lambda x, y: ~((x > inner) & (x < outer) & (y > inner) & (y < outer))


def ring(inner: float, outer: float) -> Mask:
    """Between two circles round the origin: the minimap's rim."""
    return lambda x, y: (np.hypot(x, y) > inner) & (np.hypot(x, y) < outer)


# -- retail ----------------------------------------------------------------------------------------------------------


def _retail(screens: Sequence[Screen]) -> dict[str, Shape]:
    if not screens:
        return {}
    frames = [_retail_frame(s) for s in sorted(screens, key=_label_error)]
    if not any(frame.pinned for frame in frames):
        frames[0] = replace(frames[0], pinned=True)
    shapes = [learn("retail.player", (14, 10, 204, 78), frames, _off_retail, rounds=3)]
    targets = [t for s in screens for t in _retail_target(s)]
    if targets:
        shapes.append(learn("retail.target", (14, 10, 204, 78), targets, _off_retail_target, rounds=3))
    rows = [row for s in screens for row in _retail_rows(s)]
    if rows:
        slot = learn("retail.slot", (-2, -2, 49, 49), rows, border(6, 39), rounds=3)
        shapes += [slot, *_retail_free(rows, slot)]
    discs = [replace(f, x=_width(f) - 118 * f.k, y=143 * f.k) for f in frames if f.pinned]
    if discs:
        shapes.append(_retail_disc(discs))
    return {shape.name: shape for shape in shapes}


def _retail_frame(screen: Screen) -> Sample:
    """The health bar is 124 units wide, 85 right of and 41 below the frame's corner.

    A labelled bar at the Edit Mode preset's place pins the frame exactly; any other is aligned.
    """
    plane, source = screen.plane(), str(screen.row["repo"])
    x, y, width, _ = screen.label["player_health"]["bbox"]
    known = _row_scale(screen)
    k = known or width / 124.0
    stock_x, stock_y = plane.shape[1] / 2 - 532 * k, plane.shape[0] - 350 * k
    left, top = x + width - 209 * k, y - 41 * k
    if known and screen.whole and max(abs(left - stock_x), abs(top - stock_y)) < 2.0 * k:
        return Sample(source, plane, k, stock_x, stock_y, pinned=True)
    return Sample(source, plane, k, left, top, scaled=bool(known))


def _retail_disc(discs: Sequence[Sample]) -> Shape:
    """The minimap's rim. Its place differs by some units between patches, so one repository shows it to the others."""
    name, box = "retail.minimap", (-112, -112, 224, 224)
    sources = [disc.source for disc in discs]
    most = max(sources, key=sources.count)
    first = learn(name, box, [disc for disc in discs if disc.source == most], ring(80, 112), rounds=0)
    first = centred(first, 10)
    found = []
    for disc in discs:
        reach = 130 * disc.k
        region = (disc.x - reach, disc.y - reach, disc.x + reach, disc.y + reach)
        best = scan(disc.plane, first, disc.k, region, peaks=1)
        found += [replace(disc, x=m.x, y=m.y, pinned=False, scaled=True) for m in best]
    return learn(name, box, found, ring(88, 108), rounds=2)


def centred(shape: Shape, reach: int) -> Shape:
    """A round shape with its origin moved, by `reach` units at most, to where its edges point to or away from."""
    ys, xs = np.nonzero(np.hypot(shape.kernel[0], shape.kernel[1]) > 0.5)
    edge = shape.kernel[:, ys, xs]

    def radial(at: tuple[int, int]) -> float:
        x, y = xs + shape.box[0] + 0.5 - at[0], ys + shape.box[1] + 0.5 - at[1]
        return float(np.abs((edge[0] * x + edge[1] * y) / np.hypot(x, y)).mean())

    steps = range(-reach, reach + 1)
    x, y = max(((x, y) for x in steps for y in steps), key=radial)
    return replace(shape, box=(shape.box[0] - x, shape.box[1] - y, *shape.box[2:]))


def _retail_target(screen: Screen) -> list[Sample]:
    """Its health bar is 126 units wide, 23 right of and 41 below the frame's corner."""
    target = screen.label.get("target") or {}
    box = (target.get("health") or {}).get("bbox")
    if not screen.label.get("target_frame_present") or not box:
        return []
    frame = _retail_frame(screen)
    if frame.pinned:
        return [replace(frame, x=_width(frame) / 2 + 300 * frame.k)]
    return [replace(frame, x=box[0] - 23 * frame.k, y=box[1] - 41 * frame.k)]


def _label_error(screen: Screen) -> float:
    """How far the labelled bar is from its true width, px; what tells no scale comes last."""
    k = _row_scale(screen)
    return abs(float(screen.label["player_health"]["bbox"][2]) - 124.0 * k) if k else 1e9


def _row_scale(screen: Screen) -> float:
    """k as labelled, or by the labelled button pitch, which is the longest base; 0 without either."""
    bars = screen.label.get("action_bars") or []
    return float(screen.label.get("ui_scale") or (round(float(bars[0]["pitch"]) / 47.0, 2) if bars else 0.0))


def _retail_rows(screen: Screen) -> list[Sample]:
    frame = _retail_frame(screen)
    bars = [b for b in screen.label.get("action_bars") or [] if b.get("count") == 12]
    if frame.pinned and bars:
        width, height = _width(frame), frame.plane.shape[0]
        return [replace(frame, x=width / 2 - 281 * frame.k, y=height - 90 * frame.k, repeats=12, pitch=47)]
    return [
        replace(frame, x=b["first_slot"][0] - 1.0, y=b["first_slot"][1] - 1.0, repeats=12, pitch=47, scaled=True)
        for b in bars
    ]


def _retail_free(rows: Sequence[Sample], slot: Shape) -> list[Shape]:
    """The border of the bars above the main one, where they are shown."""
    above = [replace(row, y=row.y - lift * row.k) for row in rows if row.pinned for lift in (50.0, 100.0)]
    row_shape = slot.tiled(12, 47, "row")
    shown = [row for row in above if score_at(row.plane, row_shape, row.k, row.x, row.y) >= SHOWN]
    return [learn("retail.float", (-2, -2, 49, 49), shown, border(6, 39), rounds=0)] if shown else []


def _off_retail(x: Coordinates, y: Coordinates) -> Flags:
    """Where the retail player frame's art can be."""
    bars = (x > 88) & (x < 206) & (((y > 43) & (y < 58)) | ((y > 63) & (y < 68)))
    name = (x > 84) & (y > 14) & (y < 38)
    below = (y > 78) & (x > 88)
    return ~(bars | name | below | (y < 14) | (np.hypot(x - 54, y - 49) < 27))


def _off_retail_target(x: Coordinates, y: Coordinates) -> Flags:
    """The same for the target frame, whose strip, level and classification change as well."""
    bars = (x > 26) & (x < 146) & (((y > 43) & (y < 58)) | ((y > 63) & (y < 68)))
    strip = (x < 150) & (y < 39)
    below = (y > 78) & (x < 145)
    return ~(bars | strip | below | (y < 14) | (np.hypot(x - 177, y - 48) < 27))


def with_training(shapes: Mapping[str, Shape], shipped: Shapes) -> dict[str, Shape]:
    """Newly learned stock outlines together with the shipped ones of the training ground."""
    return {**shapes, **{name: s for name, s in shipped.items() if name.startswith("training.")}}
