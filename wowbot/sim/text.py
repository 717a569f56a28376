"""Text from glyph pictures in the package: the same pixels with every OpenCV."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
FOLDER = Path(__file__).parent / "fonts"
PAD = 4
"""Empty pixels of the atlas round a line, so that outlines are not cut."""


class Font(NamedTuple):
    """A glyph atlas.

    Args:
        em, ascent, height: of the atlas, px.
        sheet: coverage 0..255.
        glyphs: character -> (pen x, top y, advance, ink left of the pen, ink right of the pen).
    """

    em: int
    ascent: int
    height: int
    sheet: Mask
    glyphs: dict[str, tuple[int, int, float, int, int]]


class Line(NamedTuple):
    """A drawn line of text: coverage 0..255; `ink` is the text, `halo` the text grown by an outline."""

    ink: Mask
    halo: Mask
    advance: float
    """Width the pen moved, px; the pictures are wider by `pad` on each side."""
    pad: float
    ascent: float
    """Baseline below the picture's top, px."""


@lru_cache(maxsize=4)
def font(name: str) -> Font:
    """The atlas "serif" (names, dialogs) or "sans" (numbers, key bindings)."""
    facts = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    data = np.frombuffer((FOLDER / f"{name}.png").read_bytes(), np.uint8)
    sheet = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    if sheet is None:
        raise RuntimeError(f"{name}.png in the package's fonts is not a picture: reinstall wowbot")
    glyphs = {char: tuple(values) for char, values in facts["glyphs"].items()}
    return Font(facts["em"], facts["ascent"], facts["height"], np.asarray(sheet, np.uint8), glyphs)


@lru_cache(maxsize=4096)
def line(text: str, name: str, em_px: float) -> Line:
    """Draw one line.

    Args:
        text: characters without a glyph become "?".
        name: font name.
        em_px: font size in pixels.
    """
    face = font(name)
    scale = em_px / face.em
    wide, advance = _compose(text, face)
    size = (max(1, round(wide.shape[1] * scale)), max(1, round(wide.shape[0] * scale)))
    sized = cv2.resize(wide, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    # Small text loses contrast in the resize, which a client's rasteriser does not: lift it.
    ink: Mask = np.minimum(255, np.asarray(sized, np.uint16) * 5 // 4).astype(np.uint8)
    grow = max(1, round(em_px / 14))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * grow + 1, 2 * grow + 1))
    halo = np.asarray(cv2.dilate(ink, kernel), np.uint8)
    return Line(ink, halo, advance * scale, PAD * scale, (face.ascent + PAD) * scale)


def text_width(text: str, name: str, em_px: float) -> float:
    """Width of a line in pixels."""
    return line(text, name, em_px).advance


def wrap(text: str, name: str, em_px: float, width: float) -> list[str]:
    """Break a text into lines no wider than `width` pixels, at spaces."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, name, em_px) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _compose(text: str, face: Font) -> tuple[Mask, float]:
    glyphs = [face.glyphs.get(char, face.glyphs["?"]) for char in text]
    advance = sum(g[2] for g in glyphs)
    wide = np.zeros((face.height + 2 * PAD, int(advance) + 2 * PAD + face.em // 2), np.uint8)
    pen = float(PAD)
    for x, y, step, left, right in glyphs:
        ink = face.sheet[y : y + face.height, x + left : x + right]
        at = round(pen) + left
        part = wide[PAD : PAD + face.height, at : at + ink.shape[1]]
        np.maximum(part, ink[:, : part.shape[1]], out=part)
        pen += step
    return wide, advance
