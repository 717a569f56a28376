"""Measuring the calibration on a folder of real screenshots, as they are and under what displays and codecs do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from wowbot.calibration.alter import PLAIN, Augmentation, turns
from wowbot.calibration.fit import calibrate
from wowbot.calibration.report import Calibration
from wowbot.calibration.shapes import Shapes, load_shapes
from wowbot.calibration.teach import Screen, read_screens, teach, with_training
from wowbot.capture.images import load_image
from wowbot.core.errors import CaptureError
from wowbot.core.frame import Image
from wowbot.core.layout import Era

ERA_OF: Mapping[str, tuple[Era, ...]] = {
    "vanilla_1.12": ("vanilla",),
    "vanilla_1.12.1": ("vanilla",),
    "vanilla_1.12_turtle": ("vanilla",),
    "vanilla_1.12_or_wotlk": ("vanilla", "wotlk"),
    "tbc_2.4.3": ("tbc",),
    "wotlk_3.3.5a": ("wotlk",),
    "wotlk_3.3.5a_deDE": ("wotlk",),
    "wotlk_3.3.5a_ascension": ("wotlk",),
    "classic_1.13": ("classic_era",),
    "classic_1.13-1.15": ("classic_era",),
    "classic_era_SoD": ("classic_era",),
    "wotlk_classic": ("classic_era", "wotlk"),
    "tbc/wotlk_classic": ("classic_era", "wotlk"),
    "wotlk_or_cata_classic_zhCN": ("classic_era", "wotlk"),
    "retail": ("retail",),
    "retail_10": ("retail",),
    "retail_10.x": ("retail",),
}
"""The index's era strings -> ours; retail_11 and later by their prefix, retail before 10 is supported by none."""
BAR_PX, BAR_SHARE, SLOT_PX = 2.0, 0.02, 3.0
"""A bar edge may be off by the larger of 2 px and 2 % of the bar's width, a button by 3 px."""


def eras_of(index_era: str) -> tuple[Era, ...]:
    """Our eras for an index string; empty = unsupported."""
    if index_era in ERA_OF:
        return ERA_OF[index_era]
    return ("retail",) if index_era.startswith(("retail_10", "retail_11", "retail_12")) else ()


def expectation(screen: Screen) -> str:
    """ "found", "unsupported_era" or "refused" for a whole window; "" for what is not judged."""
    kind, ui = str(screen.row["kind"]), str(screen.row["ui"])
    if not kind.startswith(("whole_window", "full")):
        return ""
    if not ui.startswith("default"):
        return "refused"
    return "found" if eras_of(str(screen.row["era"])) else "unsupported_era"


# -- measuring -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """One screen under one augmentation.

    Args:
        expected: see `expectation`.
        found: a layout was given.
        cause: why it was refused, "" when it was not.
        era: ours, "" when refused; era_right: it is one the index allows.
        bar_px, slot_px: worst edge and corner error against the labels; None without labels.
        bars_right, slots_right: within the bounds, None without labels.
    """

    file: str
    repo: str
    augmentation: str
    expected: str
    found: bool
    cause: str
    era: str = ""
    era_right: bool = False
    k: float = 0.0
    bar_px: float | None = None
    bars_right: bool | None = None
    slot_px: float | None = None
    slots_right: bool | None = None

    @property
    def right(self) -> bool:
        """Found where it should be, refused where it should be."""
        return self.found == (self.expected == "found")


def measure(screen: Screen, augmentation: Augmentation, image: Image, answer: Calibration) -> Outcome:
    """Compare an answer with the screen's labels, scaled by the augmentation."""
    file, repo = str(screen.row["file"]), str(screen.row["repo"]) if "repo" in screen.row else ""
    layout = answer.layout
    if layout is None:
        cause = answer.refused.cause if answer.refused else ""
        return Outcome(file, repo, augmentation.name, expectation(screen), False, cause)
    scale = image.shape[0] / float(screen.row["height"])
    errors = [
        (_edge_error([v * scale for v in want], list(region.rect)) if region else inf, want[2] * scale)
        for region, want in ((layout.regions.get(name), want) for name, want in _labelled_bars(screen.label))
        if want
    ]
    slots = _slot_error(screen.label, layout.regions.get("actionbar.main"), scale)
    return Outcome(
        file, repo, augmentation.name, expectation(screen), True, "", layout.era,
        layout.era in eras_of(str(screen.row["era"])), layout.ui_scale,
        max((e for e, _ in errors), default=None) if errors else None,
        all(e <= max(BAR_PX, BAR_SHARE * width) for e, width in errors) if errors else None,
        slots, None if slots is None else slots <= SLOT_PX,
    )  # fmt: skip


def _labelled_bars(label: Mapping[str, Any]) -> Iterator[tuple[str, list[float] | None]]:
    for unit, holder in (("player", label), ("target", label.get("target") or {})):
        for resource in ("health", "power"):
            entry = holder.get(f"{unit}_{resource}" if unit == "player" else resource) or {}
            if unit == "player" or label.get("target_frame_present"):
                yield f"{unit}.{resource}", entry.get("bbox")


def _edge_error(want: Sequence[float], got: Sequence[float]) -> float:
    """Largest distance of the four edges, px; got is rounded to whole pixels, which counts as half a pixel of grace."""
    edges_want = want[0], want[1], want[0] + want[2], want[1] + want[3]
    edges_got = got[0], got[1], got[0] + got[2], got[1] + got[3]
    return max(0.0, max(abs(a - b) for a, b in zip(edges_want, edges_got, strict=True)) - 0.5)


def _slot_error(label: Mapping[str, Any], region: Any, scale: float) -> float | None:
    """Largest distance of the first and the last button's corner, infinite without the bar; None without a label."""
    bars = [b for b in label.get("action_bars") or [] if b["name"] == "main" and b.get("count") == 12]
    if not bars:
        return None
    if region is None:
        return inf
    first, pitch = bars[0]["first_slot"], bars[0]["pitch"]
    boxes = region.options["boxes"]
    last = [first[0] + 11 * pitch, first[1]]
    pairs = [(first[:2], boxes[0]), (last, boxes[11])]
    return max(float(abs(w * scale - g)) for want, got in pairs for w, g in zip(want, got[:2], strict=True))


def evaluate(
    folder: Path,
    augmented: Sequence[Augmentation] = (PLAIN,),
    *,
    each: int = 0,
    leave_out: bool = False,
    only: Callable[[Screen], bool] = lambda _: True,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Outcome]:
    """Calibrate every judged screen under every augmentation.

    Args:
        folder: of labelled screens.
        each: besides the first augmentation, so many of the others a screen, in turn; 0 = all.
        leave_out: learn the outlines anew without the screen's own repository.
        only: which screens.
        progress: told each screen's name.
    """
    screens = read_screens(folder)
    outcomes: list[Outcome] = []
    for repo, group in _by_repository([s for s in screens if expectation(s) and only(s)]):
        shapes: Shapes = load_shapes()
        if leave_out and any(s.label for s in group):
            progress(f"learning without {repo}")
            shapes = with_training(teach(screens, repo), shapes)
        for screen in group:
            progress(str(screen.row["file"]))
            copies = (*augmented[:1], *turns(augmented[1:], screens.index(screen), each))
            outcomes += _run(screen, copies, shapes)
    return outcomes


def _run(screen: Screen, augmented: Sequence[Augmentation], shapes: Shapes) -> Iterator[Outcome]:
    try:
        image = load_image(screen.path)
    except CaptureError:
        for augmentation in augmented:
            repo = str(screen.row.get("repo", ""))
            yield Outcome(
                str(screen.row["file"]), repo, augmentation.name, expectation(screen), False, "unreadable file"
            )
        return
    for augmentation in augmented:
        changed = np.ascontiguousarray(augmentation.change(image))
        yield measure(screen, augmentation, changed, calibrate([changed], shapes=shapes))


def _by_repository(screens: Iterable[Screen]) -> Iterator[tuple[str, list[Screen]]]:
    groups: dict[str, list[Screen]] = {}
    for screen in screens:
        groups.setdefault(str(screen.row.get("repo") or screen.row["file"].split("__")[0]), []).append(screen)
    yield from groups.items()


def _off(px: float | None) -> str:
    return "missing" if px is None or px == inf else f"{px:.1f} px"


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Counts for the published table, and every miss by name."""
    stock = [o for o in outcomes if o.expected == "found"]
    other = [o for o in outcomes if o.expected != "found"]
    bars = [o for o in stock if o.bars_right is not None]
    slots = [o for o in stock if o.slots_right is not None]
    return {
        "stock": len(stock),
        "found": sum(o.found for o in stock),
        "era_right": sum(o.era_right for o in stock if o.found),
        "bars": len(bars),
        "bars_right": sum(bool(o.bars_right) for o in bars),
        "slots": len(slots),
        "slots_right": sum(bool(o.slots_right) for o in slots),
        "not_stock": len(other),
        "wrongly_accepted": sum(o.found for o in other),
        "misses": [f"{o.file} ({o.augmentation}): {o.cause or 'accepted'}" for o in outcomes if not o.right],
        "bar_misses": [f"{o.file} ({o.augmentation}): {_off(o.bar_px)}" for o in bars if not o.bars_right],
        "slot_misses": [f"{o.file} ({o.augmentation}): {_off(o.slot_px)}" for o in slots if not o.slots_right],
    }
