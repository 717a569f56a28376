"""What a single action button shows besides its sweep: nothing at all, a tint, a border, a glow, a red key.

Everything here looks at one button by itself; what it looked like before is the reader's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.perception.channels import greatest, least, split
from wowbot.perception.glyphs import Glyph, Rule, cut
from wowbot.perception.patches import Floats, Mask, Order
from wowbot.perception.sweep import EYE

RING = 32
INNER_AT, OUTER_AT = 0.93, 1.12
"""Half-widths from the centre: on the button's border, and just outside it where a proc glows."""
RED_ICON, RED_TEXT = 0.2, 0.08
"""More red than so in the part where a key's text is, or in a whole icon, is the icon itself: text covers less."""
TEXT_RED = 150
"""How much redder than one and a half times any other colour red text is at least: (255, 26, 26) under gamma 1.4 is by
180, art seldom by 120."""
LETTER, SLIM = 6.0, 5.0
"""Units of a button of 36: what is red and slimmer, beside a grey letter that is higher, is a sliver of the icon."""
RIM_DARK, RIM_LEVEL, PALENESS = 0.76, 110, 0.05
"""Least share of a red letter's outline that is darker than so many grey levels (art's 0.57 to 0.85); its least channel is
so much of its red at least (a tenth, 0.05 under gamma 1.3): the red of art is often purer."""
HALF = 160.0
"""Most green and red of an icon that is short of power: half of 255, and what a gamma of 0.8 and a text's blur add."""
BLUE_RIM, RIM_AT = 1.25, 0.98
"""How many times its other channels a border's blue is under too little power (2 untouched), and where its outer rim is,
half-widths from the centre."""
COLOURED, SHINES, FEW = 25.0, 4.0, 6
"""Cells of an icon under a key: so far apart their channels are, so many spreads brighter than the rest, and so many."""


def ring_points() -> tuple[Floats, Floats]:
    """Points on the border and outside it, RING each, in half-widths from the centre."""
    t = np.arange(RING) / RING * 4
    side, along = t.astype(int), (t % 1) * 2 - 1
    one = np.ones_like(t)
    x = np.choose(side, [along, one, -along, -one])
    y = np.choose(side, [-one, along, one, -along])
    rings = (INNER_AT, OUTER_AT)
    return tuple(np.concatenate([v * r for r in rings]).astype(np.float32) for v in (x, y))  # type: ignore[return-value]


def is_empty(picture: Floats, key: Mask, walled: Mask) -> NDArray[np.bool_]:
    """Which of n buttons (n, 3, CELLS) hold no icon, whether a key is printed on them or not.

    An empty button shows plain dark art (the main bar) or the world through a thin pane: both lack the contrast that
    every icon has, in proportion to their light. Measured on 154 empty and 62 filled real buttons: contrast / light at
    most 0.34 see-through and 0.54 on dark art, at least 0.42 on icons; grey art no brighter than 60 and no more coloured
    than 6. Measured again without the cells under a key, on 842 and 1037: nine empty ones over blocks of a compressed
    picture or another thing are taken for icons, no icon for an empty one.

    Args:
        key: the cells (CELLS,) that a key's text can cover.
        walled: which of the n lie before art wherever the HUD is stock, and never show the world.
    """
    light = np.einsum("ncm,c->nm", picture, EYE)
    colours = picture.max(axis=1) - picture.min(axis=1)
    free = light[:, ~key]
    mean, spread = free.mean(axis=1), free.std(axis=1)
    colour = colours[:, ~key].mean(axis=1)
    top = np.partition(free, -20, axis=1)[:, -20]
    art = (colour < 9) & (top < 72) & (spread < 16) & (spread < 0.6 * mean + 2)
    pane = (spread < 27) & (spread < 0.36 * mean)
    # Text is grey: what is coloured and bright there is an icon's, and may be all that a sweep leaves of one.
    shines = (colours[:, key] > COLOURED) & (light[:, key] > (mean + SHINES * np.maximum(spread, 8.0))[:, None])
    return np.asarray((art | (pane & ~walled)) & (shines.sum(axis=1) < FEW))


def blue_border(ring: Image) -> bool:
    """Whether a button's border has the blue of one that is short of power, as clients before retail tint it.

    Args:
        ring: uint8 (RING, 3), points on the border's outer rim. Measured on 80 real buttons: 0.62 to 1 of the points of
            such ones are bluer than BLUE_RIM, at most 0.06 of others.
    """
    other = np.maximum(np.maximum(ring[:, 1], ring[:, 2]), 8).astype(np.float32)
    return float((ring[:, 0] > BLUE_RIM * other).mean()) > 0.4


def bordered(ring: Image) -> Mask:
    """Which of n buttons have a golden or yellow border.

    Args:
        ring: uint8 (n, RING, 3), the points on the border.
    """
    b, g, r = (np.ascontiguousarray(ring[..., c], np.float32) for c in range(3))
    gold = (b < 0.74 * np.minimum(g, r)) & (g > 0.6 * r) & (np.abs(r - g) < 0.42 * r) & (r > 18)
    return np.asarray(gold.sum(axis=1) > 0.6 * RING)


def borders(rings: Image) -> tuple[Mask, Mask]:
    """Which buttons have the yellow border of the current action, and which a golden proc glow.

    A glow lights the border too, but it reaches outside the button, and it is the redder gold.

    Args:
        rings: uint8 (n, 2 * RING, 3), see ring_points.
    """
    b, g, r = (rings[..., c].astype(np.float32) for c in range(3))
    gold = (b < 0.74 * np.minimum(g, r)) & (g > 0.6 * r) & (np.abs(r - g) < 0.42 * r)
    inner, outer = gold[:, :RING] & (r[:, :RING] > 18), gold[:, RING:] & (r[:, RING:] > 85)
    inside, outside = inner.mean(axis=1) > 0.6, outer.mean(axis=1) > 0.65
    yellow = g[:, :RING].sum(axis=1) > 0.9 * r[:, :RING].sum(axis=1)
    glow = inside & outside & ~yellow
    return np.asarray(inside & ~glow), np.asarray(glow)


class Tint(NamedTuple):
    """How an icon is tinted: usable, short of power, and how sure."""

    usable: bool
    no_power: bool
    confidence: float
    why: str = ""


PLAIN, UNUSABLE = Tint(True, False, 1.0), Tint(False, False, 0.95)
OPEN = Tint(
    False, False, 0.0, "dark all over: not usable, or a sweep that has just begun; no sweep was seen to tell by"
)
BLUE, LIT = 1.35, 0.7
"""How many times its other channels an icon's blue has from which it is short of power (2 without gamma), and the least
light of one that is not darkened."""
BENT = (0.78, 1.25)
"""Exponents by which gamma 1.28 to 0.8 bends a tint and a shade. With no gamma neither 0.4 nor 1.12's shade of 0.3 is left
open; at gamma 1.3 it would be."""


def tint_of(gain: Sequence[float], shade: float, usual: float) -> tuple[Tint, bool]:
    """Tell a uniform gain (3,) BGR against the bright look.

    Vertex colours of ActionButton.lua: not usable 0.4 in all channels, short of power 0.5, 0.5, 1. Gamma bends all of
    them: a factor f becomes f ** gamma, and so does the sweep's shade, which tells the gamma.

    Args:
        shade: what the dark side of a sweep keeps.
        usual: the same without any gamma.

    Returns:
        The tint, and whether the whole icon lies under a sweep that has only just begun.
    """
    b, g, r = (max(v, 1e-3) for v in gain)
    grey = _grey(b, g, r)
    if b > BLUE * max(g, r) and 0.3 < b < 1.8:
        return Tint(True, True, 1.0), False
    if grey > LIT:
        return PLAIN, False
    # The whole icon is dark: not usable (0.4), or a sweep at its very start (the shade). Halfway in log, a little up,
    # holds for gamma 0.8 to 1.3 once a sweep has told the shade; before, `untold` says where it cannot.
    if grey < 1.05 * (0.4 ** (log(shade) / log(usual)) * shade) ** 0.5:
        return PLAIN, True
    return UNUSABLE, False


def untold(gain: Sequence[float], usual: float) -> bool:
    """Whether a dark icon's gain may be both a bent tint and a bent shade, as long as no sweep has told the gamma."""
    return bool(0.4 ** BENT[1] < _grey(*(max(v, 1e-3) for v in gain)) < usual ** BENT[0])


def _grey(blue: float, green: float, red: float) -> float:
    """One gain for all channels."""
    mean: float = (blue * green * red) ** (1 / 3)
    return mean


def guess_tint(picture: Floats) -> Tint:
    """The tint of an icon (3, CELLS) that was never seen bright: by its lightest parts, which art seldom lacks."""
    b, g, r = (float(np.partition(channel, -12)[-12]) for channel in picture)
    top = max(b, g, r)
    if top < 108:
        return Tint(False, False, 0.55, "judged by its darkness alone: its bright look was never seen")
    if max(g, r) < 138 and b > 1.3 * max(g, r):
        share = float((picture[0] + 4 >= np.maximum(picture[1], picture[2])).mean())
        if share > 0.72:
            return Tint(True, True, 0.55, "judged by its colour alone: its untinted look was never seen")
    return Tint(True, False, 0.7, "its bright look was never seen")


def halved(picture: Floats) -> bool:
    """Whether an icon (3, CELLS) is nowhere greener or redder than half their light, with what a usual gamma adds."""
    return all(float(np.partition(channel, -12)[-12]) < HALF for channel in picture[1:])


def red_key(button: Image) -> bool | None:
    """Whether the key binding's text at the upper right of a button is red; None when no text is seen.

    The text ends 2 units from the right edge of a button of 36 and stands on 9 to 12 (ActionButtonTemplate). A dot
    stands for a button without a key. A sweep darkens it with the icon.
    """
    unit = button.shape[1] / 36.0
    crop, _ = key_crop(button)
    high = greatest(crop).ravel()
    top = max(1, len(high) // 50)
    peak = float(np.partition(high, -top)[-top])
    if peak < 200:
        crop = np.asarray(cv2.convertScaleAbs(crop, alpha=min(5.0, 200.0 / max(peak, 1.0))), np.uint8)
    blue, green, strong = split(crop)
    rule = key_rule(unit)
    other = np.asarray(cv2.max(blue, green), np.uint8)
    redness = np.asarray(cv2.subtract(cv2.subtract(strong, other), other >> 1), np.uint8)
    red: list[Glyph] = []
    if cv2.minMaxLoc(redness)[1] >= TEXT_RED:
        # On a red icon only what is well redder than it is text. Dots and dashes count as well.
        level = 0.8 if float((redness >= 40).mean()) > RED_ICON else rule.level
        shape = rule._replace(low=unit, bottom=None, outlined=0, wide=9.0, whole=True, level=level)
        found = cut(np.repeat(redness[..., None], 3, axis=2), shape)
        red = [glyph for glyph in found if glyph.top > 0 and _red_letter(crop, glyph, redness)]
    # What reaches the button's upper rim is its frame.
    written = [g for g in cut(np.where(_greyish(crop)[..., None], crop, np.uint8(0)), rule) if g.top > 0]
    if not red or not written:
        return bool(red) if red or written else None
    if sum(g.height for g in written) / len(written) > LETTER * unit and max(g.width for g in red) < SLIM * unit:
        return False  # a sliver of the icon beside a letter
    off_red, off_grey = (abs(line[-1].left + line[-1].width - (rule.right or 0.0)) for line in (red, written))
    return off_red < off_grey + unit and sum(g.height for g in red) > 0.7 * sum(g.height for g in written)


def _greyish(crop: Image) -> Mask:
    high, low = greatest(crop), least(crop)
    return np.asarray((high - low < 26) & (high < 215))


def _red_letter(crop: Image, glyph: Glyph, redness: NDArray[np.uint8]) -> bool:
    """Whether a red shape has a text's dark outline and red."""
    x, y, w, h = glyph.left, glyph.top, glyph.width, glyph.height
    area = (slice(max(0, y - 1), y + h + 1), slice(max(0, x - 1), x + w + 1))
    part, ink = crop[area], redness[area] > 60
    rim = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~ink
    if not rim.any() or float((part.max(axis=2)[rim] < RIM_LEVEL).mean()) < RIM_DARK:
        return False
    full = redness[area] > 0.8 * int(redness[area].max())
    return float(part.min(axis=2)[full].mean()) > PALENESS * float(part[..., 2][full].mean())


def text_cells(picture: Floats) -> Mask:
    """Cells (CELLS,) of one icon that may belong to printed text: white, grey or pure red, and bright.

    Text is not tinted with the icon, so it must not take part in telling a tint from a sweep.
    """
    low, high = picture.min(axis=0), picture.max(axis=0)
    grey = (high - low < 30) & (high > 80)
    red = (picture[2] > 2.2 * np.maximum(picture[0], picture[1])) & (picture[2] > 90)
    return np.asarray(grey if red.mean() > RED_TEXT else grey | red)


def key_rule(unit: float) -> Rule:
    """Where the key binding's text stands in the part of a button that `key_crop` cuts out.

    Its anchor is 2 units from a button of 36's corner; real texts end at 28 to 34 units, by the client's font and size.
    """
    return Rule(3.5 * unit, 12.5 * unit, right=23.0 * unit, bottom=10.0 * unit, slack=3.6 * unit, level=0.55)


def key_crop(button: Image) -> tuple[Image, int]:
    """The upper right of a button, where its key's text is, and how many columns are left of it."""
    unit = button.shape[1] / 36.0
    left = round(8 * unit)
    return button[: round(14 * unit), left:], left


def count_rule(button: Image) -> tuple[Rule, int, int]:
    """Where a count stands in the lower part of a button, and that part's top and left.

    Its anchor is 2 units from a button of 36's corner, 5 of 45 in retail; with its outline real ones end 3 to 8 from the
    right and 3 to 7 from the lower edge, in units of a button of 36.
    """
    high, wide = button.shape[:2]
    unit, top, left = wide / 36.0, round(0.5 * high), round(0.1 * wide)
    right, bottom = wide - 5.0 * unit - left, high - 4.0 * unit - top
    return Rule(6.2 * unit, 14.5 * unit, right=right, bottom=bottom, slack=3.6 * unit), top, left


def printed_cells(button: Image, order: Order) -> Mask:
    """Cells (CELLS,) that the key's text or the count covers, with the outline and blur round each of their glyphs.

    The cells between a text and its outline are neither bright nor the icon's, so `text_cells` alone misses them.
    """
    crop, left = key_crop(button)
    unit = button.shape[1] / 36.0
    rule = key_rule(unit)._replace(gap=1.4, uneven=0.5)
    lines = [(cut(np.where(_greyish(crop)[..., None], crop, np.uint8(0)), rule), left, 0)]
    rule, top, left = count_rule(button)
    lines.append((cut(button[top:, left:], rule), left, top))
    x, y = (order.x + 1) / 2 * button.shape[1], (order.y + 1) / 2 * button.shape[0]
    covered = np.zeros(len(x), np.bool_)
    for line, dx, dy in lines:
        if line:
            x0, x1 = min(g.left for g in line) + dx, max(g.left + g.width for g in line) + dx
            y0, y1 = min(g.top for g in line) + dy, max(g.top + g.height for g in line) + dy
            around = 2.2 * unit
            covered |= (x > x0 - around) & (x < x1 + around) & (y > y0 - around) & (y < y1 + around)
    return covered


def text_zones(order: Order) -> tuple[Mask, Mask, Mask]:
    """Cells under the key text, under the count and macro name, and in the middle (printed cooldown)."""
    return order.zone(0.28, 0.0, 1.0, 0.41), order.zone(0.0, 0.62, 1.0, 1.0), order.disc(0.45)
