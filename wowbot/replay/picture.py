"""The frame with what was read on it and what was decided: for `wowbot why`, snapshots and the watch window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import cv2
import numpy as np

from wowbot.core.action import Decision
from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Reading

KNOWN_BGR, UNSURE_BGR, UNKNOWN_BGR, PLAIN_BGR = (90, 220, 90), (60, 200, 250), (80, 80, 255), (200, 160, 90)
SURE = 0.9
"""Readings with less confidence are drawn as unsure."""
WIDE_SHARE = 0.5
"""A region larger than this share of the frame (the world view) gets no outline."""
_LINE_PX = 16


def annotate(
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
    canvas = image.copy()
    scale = max(0.35, min(0.6, image.shape[0] / 1600))
    for name, region in (layout.regions if layout is not None else {}).items():
        _region(canvas, name, region, readings, scale)
    for rect, seen in _plates(readings):
        cv2.rectangle(canvas, rect[:2], (rect.right, rect.bottom), _colour(seen), 1)
    if decision is not None:
        _caption(canvas, decision, scale)
    return canvas


def _region(canvas: Image, name: str, region: Region, readings: Mapping[str, Reading], scale: float) -> None:
    rect = region.rect
    if rect.width * rect.height > WIDE_SHARE * canvas.shape[0] * canvas.shape[1]:
        return
    seen = [(term, reading) for term, reading in readings.items() if belongs(term, name)]
    colour = _colour(*(reading for _, reading in seen)) if seen else PLAIN_BGR
    cv2.rectangle(canvas, (rect.left - 1, rect.top - 1), (rect.right, rect.bottom), colour, 1)
    if region.reader == "bar":
        told = next((r for t, r in seen if t.endswith(".pct")), None)
        if told is not None:
            _text(canvas, _value(told), (rect.right + 4, rect.bottom), scale, _colour(told))
    elif region.reader == "slots":
        _slots(canvas, name, region, readings, scale)


def _slots(canvas: Image, name: str, region: Region, readings: Mapping[str, Reading], scale: float) -> None:
    bar = name.removeprefix("actionbar.")
    for n, box in enumerate(region.options.get("boxes", ()), start=1):
        rect = Rect(*(int(v) for v in box))
        sweep = readings.get(f"slot.{bar}.{n}.sweep_pct")
        if sweep is not None and sweep.value != 0.0:
            _text(canvas, _value(sweep), (rect.left, rect.top - 3), scale, _colour(sweep))


def belongs(term: str, region: str) -> bool:
    """Whether a term is read in a region: "health.pct" in player.health, "target.health.pct" in target.health."""
    name = region.removeprefix("player.")
    return term == name or term.startswith(name + ".")


def _plates(readings: Mapping[str, Reading]) -> Iterable[tuple[Rect, Reading]]:
    n = 1
    while (left := readings.get(f"nameplate.{n}.x")) is not None:
        box = [readings.get(f"nameplate.{n}.{side}") for side in "xywh"]
        if all(r is not None and isinstance(r.value, float | int) for r in box):
            yield Rect(*(int(r.value) for r in box if r is not None and r.value is not None)), left
        n += 1


def _caption(canvas: Image, decision: Decision, scale: float) -> None:
    lines = [f"{decision.source} {decision.rule} {decision.ability}".strip(), decision.reason]
    if decision.unknown:
        lines.append("unknown: " + ", ".join(decision.unknown[:6]))
    lines = [line for line in lines if line]
    height = canvas.shape[0]
    for n, line in enumerate(lines):
        _text(canvas, line[:160], (10, height - 10 - _LINE_PX * (len(lines) - 1 - n)), scale, (255, 255, 255))


def _colour(*readings: Reading) -> tuple[int, int, int]:
    if any(r.value is None for r in readings):
        return UNKNOWN_BGR
    return KNOWN_BGR if all(r.confidence >= SURE for r in readings) else UNSURE_BGR


def _value(reading: Reading) -> str:
    value = reading.value
    if value is None:
        return "?"
    return f"{value:.0f}" if isinstance(value, float | int) else value


def _text(canvas: Image, text: str, at: tuple[int, int], scale: float, colour: tuple[int, int, int]) -> None:
    plain = text.encode("ascii", "replace").decode()
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(canvas, plain, at, font, scale, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(canvas, plain, at, font, scale, colour, 1, cv2.LINE_AA)


def as_png(image: Image) -> bytes:
    """PNG file bytes of a BGR image."""
    done, data = cv2.imencode(".png", np.ascontiguousarray(image))
    if not done:
        raise ValueError(f"no PNG can be made of an image of shape {image.shape}")
    return bytes(data)
