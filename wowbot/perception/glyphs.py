"""Small printed numbers read inside the tick: stack counts, charges, cooldown numbers, times under auras.

Glyphs are cut out by brightness and told apart by a tiny network (16 x 10 picture in, digits and unit letters out) that
costs some 20 microseconds. It was trained on free fonts only (see wowbot.perception.glyphs_train); text recognition proper
is far too slow for the tick. Icon art is no text: a glyph needs a dark outline all round and the right height.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.perception.channels import greatest, least, split
from wowbot.perception.patches import Floats

CLASSES = "0123456789smhd?"
"""What a glyph can be; "?" is anything else."""
HIGH, WIDE = 16, 10
WEIGHTS = Path(__file__).with_name("glyphs.npz")
OUTLINE = 0.62
"""A glyph's surroundings may be this bright, as a share of the glyph's brightness, at their median."""
SURE = 0.80
OTHER_LEVELS = (0.55, 0.9)
"""Levels at which thin or small strokes are still cut whole, and at which bright art beside bold ones is cut off."""

SOFT_REACH = 2
"""Within so many pixels the outline begins of a glyph that gamma or bright art has given a soft edge."""


class Rule(NamedTuple):
    """What text is expected in a crop, px.

    Args:
        low, high: height of a digit.
        gold: yellow text counts as well as white.
        right, bottom: where the last glyph ends and its foot stands, from the crop's left and top, and `slack` round it;
            None = anywhere.
        middle: where the line's middle stands, x and y from the crop's left and top, with the same `slack`.
        outlined: within so many pixels of every glyph a dark outline begins; 0 = none is drawn.
        gap, uneven: widest gap between two glyphs of a line, and how much their heights may differ, in heights.
        whole: wide glyphs are letters (an m), not digits that touch.
        wide: width of the widest, in heights.
        level: share of the text's own brightness that divides a glyph from what is round it.
    """

    low: float
    high: float
    gold: bool = False
    right: float | None = None
    bottom: float | None = None
    middle: tuple[float, float] | None = None
    slack: float = 2.5
    outlined: int = 1
    gap: float = 0.6
    uneven: float = 0.2
    whole: bool = False
    wide: float = 2.6
    level: float = 0.78


class Glyph(NamedTuple):
    """A cut-out glyph: its box in the crop and its picture, float (HIGH, WIDE) 0..1 with its aspect kept."""

    left: int
    top: int
    width: int
    height: int
    picture: Floats


class Number(NamedTuple):
    """A line of glyphs: text over CLASSES ("" = none there) and the least certain glyph's probability.

    `doubt` says why there is a text that cannot be told, else "".
    """

    text: str
    confidence: float
    doubt: str = ""


NOTHING = Number("", 1.0)


def brightness(crop: Image, gold: bool) -> NDArray[np.uint8]:
    """How much a pixel looks like text: its least channel; yellow's blue does not count."""
    if gold:
        _, green, red = split(crop)
        return np.asarray(cv2.min(green, red), np.uint8)
    return least(crop)


def cut(crop: Image, rule: Rule) -> list[Glyph]:
    """The glyphs of one line, left to right; empty when nothing looks like text."""
    if crop.size == 0:
        return []
    light = brightness(crop, rule.gold)
    peak = float(np.partition(light.ravel(), -4)[-4]) if light.size > 4 else 0.0
    if peak < 40:
        return []
    mask = (light > rule.level * peak).astype(np.uint8)
    count, found_labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels = np.asarray(found_labels, np.int32)
    shade = greatest(crop)
    if rule.outlined > 1:
        shade = np.asarray(cv2.erode(shade, np.ones((2 * rule.outlined - 1,) * 2, np.uint8)), np.uint8)
    found: list[Glyph] = []
    for label in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[label])
        if not rule.low <= h <= rule.high or w > rule.wide * h or area < h or w < 2:
            continue
        own = labels[y : y + h, x : x + w] == label
        # What the crop's upper edge cuts off has no outline there: it is art.
        if rule.outlined and (y == 0 or not _outlined(shade, labels, label, (x, y, w, h), peak)):
            continue
        found += _split(light[y : y + h, x : x + w] * own, (x, y), peak, rule.whole)
    return _line(sorted(found, key=lambda glyph: glyph.left), rule)


def classify(pictures: Floats) -> tuple[str, Floats]:
    """Name glyph pictures (n, HIGH, WIDE): the classes' letters and their probabilities."""
    first, first_bias, second, second_bias = _weights()
    hidden = np.maximum(pictures.reshape(len(pictures), -1) @ first + first_bias, 0.0)
    scores = hidden @ second + second_bias
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    best = scores.argmax(axis=1)
    return "".join(CLASSES[i] for i in best), scores[np.arange(len(best)), best].astype(np.float32)


def read_number(crop: Image, rule: Rule) -> Number:
    """A printed whole number, "" where none is.

    Thin strokes blur into their outline and bright art touches bold ones: other levels tell digits that one of these has
    taken from before those that were read, or all. Before a digit that was read another may end softly over bright art.
    """
    found = doubtful = _read_at(crop, rule)
    for level in OTHER_LEVELS:
        other = _read_at(crop, rule._replace(level=level))
        found = _longer(found, other)
        doubtful = doubtful if doubtful.doubt else other
        if level < rule.level:
            found = _fuller(found, other)
    if found.text and rule.outlined:
        for level in (rule.level, OTHER_LEVELS[-1]):
            found = _longer(found, _read_at(crop, rule._replace(level=level, outlined=SOFT_REACH)))
        found = _with_touched(crop, rule._replace(level=OTHER_LEVELS[-1]), found)
    return found if found.text or found.doubt else doubtful


def _with_touched(crop: Image, rule: Rule, found: Number) -> Number:
    """A number with the digit before it that art touches, if one stands on its foot: cut to its height, or in doubt."""
    glyphs = cut(crop, rule)
    if len(glyphs) != len(found.text) + 1:
        return found
    before, first = glyphs[:2]
    foot = before.top + before.height
    alike = abs(foot - first.top - first.height) <= 1 and before.height >= first.height
    if not alike or classify(np.stack([g.picture for g in glyphs]))[0] != f"?{found.text}":
        return found
    part = crop[first.top : foot + 1, before.left : before.left + before.width]
    digits = cut(part, rule._replace(right=None, bottom=None, middle=None, outlined=0))
    text, sure = classify(np.stack([g.picture for g in digits])) if digits else ("", np.zeros(1))
    if len(text) == 1 and text.isdigit() and float(sure[0]) >= SURE:
        return Number(text + found.text, min(found.confidence, float(sure[0])))
    return Number("", 0.0, f"a number is printed, perhaps one more digit and {found.text}, but not clearly")


def _longer(found: Number, other: Number) -> Number:
    """The other line if it is the same one with more digits before it."""
    return other if len(other.text) > len(found.text) and other.text.endswith(found.text) else found


def _fuller(found: Number, other: Number) -> Number:
    """The line at a lower level where it has other digits instead of 1: a stem is what is left of a 4's thin strokes."""
    same = len(found.text) == len(other.text) and all(
        a in ("1", b) for a, b in zip(found.text, other.text, strict=True)
    )
    return other if same and other.text != found.text else found


def _read_at(crop: Image, rule: Rule) -> Number:
    glyphs = cut(crop, rule)
    if not glyphs:
        return NOTHING
    text, sure = classify(np.stack([glyph.picture for glyph in glyphs]))
    if "?" in text:
        # Bright art beside a number: what is no digit ends the line on its left.
        keep = text.rindex("?") + 1
        if keep < len(glyphs) and glyphs[keep - 1].left + glyphs[keep - 1].width == glyphs[keep].left:
            return Number("", 0.0, f"a number is printed, perhaps {text[keep:]}, but it runs into the icon")
        text, sure = text[keep:], sure[keep:]
    if not text or not text.isdigit():
        return NOTHING
    if float(sure.min()) < SURE:
        return Number("", 0.0, f"a number is printed, perhaps {text}, but not clearly")
    return Number(text, float(sure.min()))


def _outlined(
    shade: NDArray[np.uint8], labels: NDArray[np.int32], label: int, box: tuple[int, int, int, int], peak: float
) -> bool:
    """Whether the pixels round a component are dark, as the font's outline makes them."""
    x, y, w, h = box
    left, top = max(0, x - 1), max(0, y - 1)
    part = labels[top : y + h + 1, left : x + w + 1]
    own = (part == label).astype(np.uint8)
    rim = cv2.dilate(own, np.ones((3, 3), np.uint8)).astype(bool) & (part == 0)
    values = np.sort(shade[top : y + h + 1, left : x + w + 1][rim])
    # np.median takes ten times as long on so few
    return (
        bool(values.size) and (int(values[(len(values) - 1) // 2]) + int(values[len(values) // 2])) / 2 < OUTLINE * peak
    )


def _split(light: NDArray[np.uint8], at: tuple[int, int], peak: float, whole: bool) -> list[Glyph]:
    """One component as one glyph, or as several that touch."""
    high, wide = light.shape
    parts = max(1, round(wide / (0.66 * high))) if wide > 0.95 * high and not whole else 1
    edges = [0]
    ink = light.sum(axis=0, dtype=np.float64)
    for part in range(1, parts):
        middle, reach = part * wide / parts, max(1, round(wide / parts * 0.25))
        low, top = max(edges[-1] + 1, int(middle) - reach), min(wide - 1, int(middle) + reach + 1)
        edges.append(low + int(np.argmin(ink[low:top])) if top > low else low)
    edges.append(wide)
    return [Glyph(at[0] + a, at[1], b - a, high, picture_of(light[:, a:b], peak)) for a, b in pairwise(edges) if b > a]


def picture_of(light: NDArray[np.uint8], peak: float) -> Floats:
    """Scale a glyph to HIGH rows with its aspect kept, centred; wider ones are squeezed."""
    high, wide = light.shape
    width = int(np.clip(round(wide * HIGH / high), 1, WIDE))
    scaled = cv2.resize(light, (width, HIGH), interpolation=cv2.INTER_AREA if high > HIGH else cv2.INTER_LINEAR)
    out = np.zeros((HIGH, WIDE), np.float32)
    left = (WIDE - width) // 2
    out[:, left : left + width] = np.clip(scaled / peak, 0.0, 1.0)
    return out


def _line(glyphs: list[Glyph], rule: Rule) -> list[Glyph]:
    """The run of glyphs that stands where the text must: equal feet, small gaps, ending at the rule's corner."""
    if rule.bottom is not None:
        glyphs = [g for g in glyphs if abs(g.top + g.height - rule.bottom) <= rule.slack]
    if rule.middle is not None:
        glyphs = [g for g in glyphs if abs(g.top + g.height / 2 - rule.middle[1]) <= rule.slack]
    run: list[Glyph] = []
    for glyph in reversed(glyphs):
        if not run:
            if rule.right is None or abs(glyph.left + glyph.width - rule.right) <= rule.slack + 0.15 * glyph.height:
                run.append(glyph)
            continue
        last = run[-1]
        gap = last.left - glyph.left - glyph.width
        if gap > rule.gap * last.height or abs(glyph.height - last.height) > rule.uneven * last.height + 1:
            break
        run.append(glyph)
    if (
        run
        and rule.middle is not None
        and abs((run[-1].left + run[0].left + run[0].width) / 2 - rule.middle[0]) > rule.slack
    ):
        return []
    return run[::-1]


@lru_cache(maxsize=1)
def _weights() -> tuple[Floats, Floats, Floats, Floats]:
    with np.load(WEIGHTS) as data:
        return data["first"], data["first_bias"], data["second"], data["second_bias"]
