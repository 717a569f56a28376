"""The picture of what was read and decided: for `perceive --overlay`, `--snapshot`, `--watch`, `why` and MCP.

`marks` says what is to be drawn, `paint` draws it, at any scale: the watch window's process gets the marks and paints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from wowbot.core.action import Decision
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Region
from wowbot.core.reading import Reading

Bgr = tuple[int, int, int]
FONT = cv2.FONT_HERSHEY_SIMPLEX
TONES: Mapping[str, Bgr] = {
    "sure": (90, 230, 90), "unsure": (60, 200, 250), "unknown": (80, 80, 255), "absent": (150, 140, 120),
}  # fmt: skip
"""BGR: all values known, the least confidence at least SURE; known with less; unknown though shown; not on screen now."""
SURE = 0.7
WIDE_SHARE = 0.5
"""A region larger than this share of the frame (the world view) gets no outline."""
POWER_TERMS = ("mana.pct", "rage.pct", "energy.pct", "focus.pct", "runic_power.pct", "power.type")
OWN_TERMS = {
    "player.health": ("health.pct",),
    "player.power": POWER_TERMS,
    "player.cast": ("cast.pct", "cast.name"),
    "player.frame": ("in_combat", "resting"),
    "player.name": ("name",),
    "player.level": ("level",),
    "minimap.zone": ("zone",),
    "combo_points": ("combo_points",),
    "runes": ("rune",),
    "popup": ("popup.open",),
    "loot": ("loot.open",),
    "errors": ("error.text",),
    "chat": ("chat.whisper",),
    "chat.edit": ("chat.open",),
    "player.auras": ("aura.player.count",),
    "player.debuffs": ("aura.player_debuff.count",),
    "target.auras": ("aura.target.count",),
}
"""Region -> the player's own terms read there; other units' regions are named like their terms."""
UNIT_TERMS = {
    "health": ("health.pct",),
    "power": POWER_TERMS,
    "frame": ("exists", "reaction", "classification"),
    "cast": ("cast.pct", "cast.name"),
}
SHOWN_BY = {
    "player.cast": "cast.active", "popup": "popup.open", "loot": "loot.open", "errors": "error.shown",
    "chat.edit": "chat.open", "combo_points": "target.exists", "player.auras": "aura.player.count",
    "player.debuffs": "aura.player_debuff.count", "target.auras": "aura.target.count", "target.cast": "target.cast.active",
}  # fmt: skip
"""Region -> the term that is 0 while there is nothing to see in it; a unit's other regions have its `exists`."""
OF_ONE_CLASS = ("runes",)
"""Regions in which most characters have nothing: while their terms are unknown nothing is there."""
SILENT = (
    "exists", "type", "in_combat", "resting", "open", "reaction", "classification", "combo_points", "whisper",
)  # fmt: skip
"""Last parts of terms whose value is told by the outline or elsewhere, not in words beside it."""
LEGEND: Mapping[str, str] = {"sure": "sure", "unsure": "unsure", "unknown": "unknown", "absent": "not on screen"}
LEGEND_AT = 0.4
"""Where the legend begins at the upper edge, share of the width: no era's HUD has anything there."""
LINE_PX = 18


class Mark(NamedTuple):
    """One outline with words beside it.

    Args:
        box: left, top, width, height in px of the frame.
        tone: key of TONES.
        text: "" = no words.
        above: the words stand over the box instead of right of it.
    """

    box: tuple[int, int, int, int]
    tone: str
    text: str = ""
    above: bool = False


def overlay(
    image: Image, layout: Layout | None, readings: Mapping[str, Reading], decision: Decision | None = None
) -> Image:
    """A copy of the frame with regions, readings and the decision drawn on it.

    Args:
        image: BGR uint8 (H, W, 3), left as it is.
        layout: None = no regions.
        readings: by term.
        decision: stands at the bottom.

    Returns:
        BGR uint8 of the same size.
    """
    picture = np.array(image)
    if layout is not None:
        paint(picture, marks(layout, readings))
        legend(picture)
    if decision is not None:
        lines = told(decision)
        write(picture, lines, picture.shape[0] - 8 - LINE_PX * (len(lines) - 1))
    return picture


def marks(layout: Layout, readings: Mapping[str, Reading]) -> list[Mark]:
    """What is to be drawn of these readings, regions first, nameplates last."""
    width, height = layout.size_wh
    made: list[Mark] = []
    for name, region in layout.regions.items():
        if region.rect.width * region.rect.height <= WIDE_SHARE * width * height:
            made.append(_region(name, region, readings))
            if region.reader == "slots":
                made += _slots(name.removeprefix("actionbar."), region, readings)
    return [*made, *_plates(readings)]


def _region(name: str, region: Region, readings: Mapping[str, Reading]) -> Mark:
    box = (region.rect.left, region.rect.top, region.rect.width, region.rect.height)
    shown = readings.get(_shown_by(name))
    if shown is not None and shown.value == 0:
        return Mark(box, "absent")
    seen = {term: readings[term] for term in terms_of(name, readings)}
    if name in OF_ONE_CLASS and all(r.value is None for r in seen.values()):
        return Mark(box, "absent")
    if name.endswith(".power"):  # one power is known, the others are not this unit's
        seen = {term: r for term, r in seen.items() if r.value is not None} or dict(list(seen.items())[:1])
    words = [_value(r) for term, r in seen.items() if term.rpartition(".")[2] not in SILENT]
    return Mark(box, _tone(seen.values()), ", ".join(words))


def _shown_by(region: str) -> str:
    unit = region.partition(".")[0]
    return SHOWN_BY.get(region, "" if unit == "player" else f"{unit}.exists")


def terms_of(region: str, readings: Mapping[str, Reading]) -> list[str]:
    """The terms that are read in a region: health.pct in player.health, target.health.pct in target.health."""
    if region in OWN_TERMS:
        return [term for term in OWN_TERMS[region] if term in readings]
    unit, _, field = region.partition(".")
    return [term for leaf in UNIT_TERMS.get(field, (field,)) if (term := f"{unit}.{leaf}") in readings]


def _slots(bar: str, region: Region, readings: Mapping[str, Reading]) -> Iterator[Mark]:
    """A button is marked while it cools down, or where its sweep cannot be told."""
    for n, box in enumerate(region.options.get("boxes", ()), start=1):
        sweep = readings.get(f"slot.{bar}.{n}.sweep_pct")
        if sweep is not None and sweep.value != 0.0:
            left, top, width, height = (int(v) for v in box)
            yield Mark((left, top, width, height), _tone([sweep]), _value(sweep), above=True)


def _plates(readings: Mapping[str, Reading]) -> Iterator[Mark]:
    n = 1
    while (left := readings.get(f"nameplate.{n}.x")) is not None:
        sides = [r.value for side in "xywh" if (r := readings.get(f"nameplate.{n}.{side}")) is not None]
        if len(sides) == 4 and all(isinstance(v, float | int) for v in sides):
            x, y, w, h = (int(v) for v in sides if isinstance(v, float | int))
            health = readings.get(f"nameplate.{n}.health.pct")
            cast = readings.get(f"nameplate.{n}.cast.pct")
            words = [] if health is None else [_value(health)]
            words += [] if cast is None or cast.value is None else [f"casts {_value(cast)}"]
            yield Mark((x, y, w, h), _tone([left]), ", ".join(words))
        n += 1


def _tone(seen: Iterable[Reading]) -> str:
    known = list(seen)
    if not known:
        return "absent"
    if any(r.value is None for r in known):
        return "unknown"
    return "sure" if min(r.confidence for r in known) >= SURE else "unsure"


def _value(reading: Reading) -> str:
    value = reading.value
    if value is None:
        return "?"
    return f"{value:.0f}" if isinstance(value, float | int) else value


def told(decision: Decision) -> list[str]:
    """The decision in up to three lines: what, why, and which terms were unknown."""
    what = f"{decision.source} {decision.rule} {decision.ability}".strip()
    blind = "unknown: " + ", ".join(decision.unknown[:6]) if decision.unknown else ""
    return [line for line in (what, decision.reason, blind) if line]


def paint(picture: Image, drawn: Iterable[Mark], scale: float = 1.0) -> None:
    """Draw marks onto a writable BGR picture that is `scale` times the frame they are meant for."""
    size, thick = letter_size(picture), line_px(picture)
    for mark in drawn:
        left, top, width, height = (round(v * scale) for v in mark.box)
        tone = TONES[mark.tone]
        cv2.rectangle(picture, (left - 1, top - 1), (left + width, top + height), tone, thick)
        if mark.text:
            at = (left, top - 3) if mark.above else (left + width + 4, top + max(height, round(20 * size)) - 2)
            write_text(picture, mark.text, at, size, tone)


def legend(picture: Image) -> None:
    """What the colours of the outlines say, along the upper edge of a writable picture."""
    size = letter_size(picture)
    left = round(LEGEND_AT * picture.shape[1])
    for tone, said in LEGEND.items():
        write_text(picture, said, (left, round(26 * size)), size, TONES[tone])
        left += cv2.getTextSize(f"{said}   ", FONT, size, line_px(picture))[0][0]


def write(picture: Image, lines: Sequence[str], top: int) -> None:
    """Lines of white text, the first one's baseline at row `top`."""
    for n, line in enumerate(lines):
        write_text(picture, line[:160], (10, top + LINE_PX * n), min(0.6, letter_size(picture)), (255, 255, 255))


def letter_size(picture: Image) -> float:
    """Size of letters that are legible on a picture of this height: 1 = letters of 22 px."""
    return float(max(0.4, picture.shape[0] / 1700))


def line_px(picture: Image) -> int:
    """Thickness of lines that are seen on a picture of this height."""
    return max(1, round(float(picture.shape[0]) / 1080))


def write_text(picture: Image, text: str, at: tuple[int, int], size: float, colour: Bgr) -> None:
    """One line of text with a shadow under it. Args: at: of its left end's foot, px. size: 1 = letters of 22 px."""
    plain = text.encode("ascii", "replace").decode()
    under = (at[0] + 1, at[1] + 1)  # a shadow: thicker strokes would run wider than the text they outline
    thick = max(1, round(1.5 * size))
    cv2.putText(picture, plain, under, FONT, size, (0, 0, 0), thick, cv2.LINE_AA)
    cv2.putText(picture, plain, at, FONT, size, colour, thick, cv2.LINE_AA)


def as_png(image: Image) -> bytes:
    """PNG file bytes of a BGR image.

    Raises:
        ValueError: the shape is no picture's.
    """
    done, data = cv2.imencode(".png", np.ascontiguousarray(image), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise ValueError(f"no PNG can be made of an image of shape {image.shape}")
    return bytes(data)
