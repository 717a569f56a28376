"""Teach the icon library from the user's own client: button icons while they are ready, an aura while it is up.

Pictures are cut from a screenshot of the user's own game and stay in the user's folder; none are shipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from wowbot.core.bindings import Bindings
from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect
from wowbot.core.reading import Reading
from wowbot.perception.auras import AurasReader
from wowbot.perception.icons import IconLibrary
from wowbot.perception.reader import Context, Hints
from wowbot.perception.registry import READERS

SEVERAL, SAME_PCT = 3, 6.0
"""So many sweeps that are equal to so many percent are the global cooldown's."""


class Learned(NamedTuple):
    """What became of one button or aura: `path` is None when it was not learned, and `why` says why."""

    name: str
    path: Path | None
    why: str = ""


def learn_icons(image: Image, layout: Layout, folder: Path, bindings: Bindings) -> list[Learned]:
    """Store the icon of every bound button that is seen ready.

    Args:
        image: BGR frame of the layout's size, taken while the spells are ready.
        layout: where the buttons are.
        folder: of the library, made when absent; a name already there is replaced.
        bindings: says which spell is on which slot ("main.2").

    Returns:
        One entry per bound slot, in the layout's order.

    Raises:
        LayoutError: the layout shows no action bar, or is not of this frame's size.
    """
    _check(image, layout)
    bars = {n: r for n, r in layout.regions.items() if r.reader == "slots"}
    if not bars:
        raise LayoutError("the layout has no action bar to learn from: calibrate with the bars shown")
    by_slot = bindings.by_slot()
    done: list[Learned] = []
    out: dict[str, Reading] = {}
    readers = [READERS.load("slots")(name, region, Context(layout, bindings)) for name, region in bars.items()]
    for reader in readers:
        reader.read(image, out, Hints())
    swept = _global_cooldown(out)
    for reader, region in zip(readers, bars.values(), strict=True):
        for n, box in enumerate(region.options["boxes"], 1):
            spell = by_slot.get(f"{reader.bar}.{n}")
            if spell is not None:
                why = _unfit(out, f"slot.{reader.bar}.{n}") or swept
                path = None if why else _store(Rect(*map(int, box)).crop(image), folder, spell.name)
                done.append(Learned(spell.name, path, why))
    return done


def learn_aura(image: Image, layout: Layout, name: str, folder: Path, row: str = "", index: int = 0) -> Learned:
    """Store the icon of one aura that is up now.

    Args:
        name: what to call it, the profile's aura icon.
        row: "player", "player_debuff" or "target"; "" = whichever row shows a single icon the library does not know.
        index: place in the row from 1; 0 = the single unknown one.

    Raises:
        LayoutError: no aura, or more than one, could be meant; the message lists what is seen.
    """
    _check(image, layout)
    found: list[tuple[str, int, Rect]] = []
    library = IconLibrary.from_folder(folder)
    rows: list[str] = []
    for region_name, region in layout.regions.items():
        if region.reader != "auras":
            continue
        reader = AurasReader(region_name, region, Context(layout, icons=library))
        if row and reader.row != row:
            continue
        rows.append(reader.row)
        for n, box, known in reader.places(image):
            if (index and n == index) or (not index and known in ("", name)):
                found.append((reader.row, n, box))
    if not rows:
        known_rows = [str(r.options.get("row", n)) for n, r in layout.regions.items() if r.reader == "auras"]
        raise LayoutError(f"the layout has no aura row {row!r}; found {', '.join(known_rows) or 'none'}")
    if not found:
        which = f"aura is seen in place {index} of" if index else "aura whose icon is strange is seen in"
        raise LayoutError(f"no {which} {', '.join(rows)}: learn {name!r} while it is up")
    if len(found) > 1:
        seen = ", ".join(f"{r}.{n}" for r, n, _ in found)
        raise LayoutError(
            f"{len(found)} auras could be {name!r}: {seen}; say which (--aura-at {found[0][0]}.{found[0][1]})"
        )
    return Learned(name, _store(found[0][2].crop(image), folder, name))


def _check(image: Image, layout: Layout) -> None:
    size = (image.shape[1], image.shape[0])
    if size != layout.size_wh:
        raise LayoutError(
            f"the picture is {size[0]}x{size[1]}, the layout was made for {layout.size_wh[0]}x{layout.size_wh[1]}"
        )


def _global_cooldown(readings: dict[str, Reading]) -> str:
    """Why no button can be learned while several show the same sweep: it lies over others too, whose art may hide it."""
    found = (r.value for term, r in readings.items() if term.endswith(".sweep_pct"))
    sweeps = sorted(value for value in found if isinstance(value, float) and value > 0.0)
    same = any(b - a <= SAME_PCT for a, b in zip(sweeps, sweeps[SEVERAL - 1 :], strict=False))
    return "a global cooldown sweeps over the buttons: wait until they are ready" if same else ""


def _unfit(readings: dict[str, Reading], slot: str) -> str:
    """Why a button cannot be learned now; "" when it can."""
    if readings[f"{slot}.empty"].value:
        return "the slot is empty"
    if readings[f"{slot}.sweep_pct"].value:
        return "a cooldown sweeps over it: wait until it is ready"
    if not readings[f"{slot}.usable"].value or readings[f"{slot}.no_power"].value:
        return "it looks darkened or short of power: learn it while it is usable"
    return ""


def _store(crop: Image, folder: Path, name: str) -> Path:
    if Path(name).name != name or not name.strip("."):
        raise LayoutError(f"an icon's name becomes its file's: found {name!r}, expected a name without / and \\")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    ok, data = cv2.imencode(".png", crop)
    if not ok:
        raise LayoutError(f"{path}: the icon could not be coded as PNG")
    path.write_bytes(np.asarray(data, np.uint8).tobytes())
    return path
