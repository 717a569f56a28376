"""How far a coloured bar is filled, to a fraction of a pixel.

A stock bar is one pure colour times a vertical texture, the same in every column; white or black text may cover it, and
the empty part lets the dimmed scene through. So:

1. per pixel, how much of the bar's own hue stands out (differences of channels: blind to white, grey, black, added light);
2. each row by its own level, which takes the texture out and lets the rows above and below a text vouch for its columns;
3. the strong rows of each column together;
4. the one step from filled to empty that fits best, where columns under text say little against a fill;
5. the mix of the columns at that step.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.perception import channels
from wowbot.perception.channels import Parts

Profile = NDArray[np.float32]


class Fill(NamedTuple):
    """A measured fill.

    Args:
        edge: columns filled from the left, px, to a fraction.
        level: 0..255, how strongly the colour stands out where it is strongest.
        agreement: 0..1, share of the columns that agree with one step.
        slack: columns right of the edge that text hides: the fill may end anywhere in them.
        colour: mean BGR of the filled part, 0..255; zeros when empty.
        body: 0..255, mean strength of the hue over the filled part: the hue with most body is the fill's own.
    """

    edge: float
    level: float
    agreement: float
    slack: int
    colour: tuple[float, float, float]
    body: float = 0.0


EMPTY = (0.0, 0.0, 0.0)
MIN_LEVEL = {"classic": 100.0, "retail": 62.0}
"""Least difference of channels for a fill, by the style's empty part. Classic: scenery shows through at half brightness, so
at most 127 and hardly ever pure (a deep sky has 75); the fill's best row has .875 of a full channel, 176 at gamma 1.3 less
15 %, and about 100 where only a few columns are left after JPEG 60. Retail: the
empty part is nearly black; the palest stock fill (runic power) has 133, 93 at gamma 1.3 less 15 %."""
WEAK_ROW = 0.35
"""Rows with less than this share of the strongest row's level are border art or shadow."""
GRAY_FILL = (45.0, 150.0)
"""Brightest row of an offline unit's grey bar: (128, 128, 128) times .75 is 96."""
STRONG_ROW = 0.6
"""Rows from this share on are the bright half of the texture, where a sky behind the empty part stays below half. Their
mean counts: a glow may light some of them over the empty part, a pale text hide some over the filled one."""
WHITE = 60
"""Least channel of text over a bar: white text peaks above 200, small, blurred or pale text above 60. Fills reach
72 (retail energy) but like bright scenery have no dark outline in the column."""
UNDER_TEXT = 0.3
"""Share of the fill's level that vouches for a fill between glyphs."""
PLAIN = 0.1
"""Share of a bar's columns, empty and without text, that tells how much of the fill's hue the world shows through them."""
GLOW_FROM, GLOW_LEVEL = 0.93, 170.0
"""Share of the bar a fill must reach for what follows to be a shield's glow, and the glow's least blue and green."""
DOUBT = 0.04
"""Weight of a missing colour under text, beside 1 elsewhere."""

_B, _G, _R = range(3)
_APART: dict[str, tuple[tuple[int, int], tuple[int, int], float]] = {
    "green": ((_G, _B), (_G, _R), 2.5),
    "blue": ((_B, _R), (_B, _G), 2.5),
    "red": ((_R, _B), (_R, _G), 2.5),
    "yellow": ((_R, _B), (_G, _B), 1.0),
    "cyan": ((_G, _R), (_B, _R), 1.0),
    "purple": ((_B, _G), (_R, _G), 1.0),
}
"""hue family -> two differences of channels, and how many times the second counts; the lesser one is the signal. 2.5: lets
the retail health (140, 217, 31) and a red combat glow over the bar through, and still refuses gold text (255, 209, 0)."""
HUES = tuple(_APART)


def signal(parts: Parts, hue: str) -> Image:
    """How much of `hue` stands out at each pixel, uint8 (H, W). Args: parts: the picture's channels."""
    (more, less), (other_more, other_less), weight = _APART[hue]
    first, second = cv2.subtract(parts[more], parts[less]), cv2.subtract(parts[other_more], parts[other_less])
    return np.asarray(cv2.min(first, second if weight == 1.0 else cv2.convertScaleAbs(second, alpha=weight)), np.uint8)


def over(plane: Image, level: float) -> Image:
    """255 where a plane exceeds a level, else 0."""
    return np.asarray(cv2.threshold(plane, level, 255, cv2.THRESH_BINARY)[1], np.uint8)


def colourless(crop: Image, least: float) -> bool:
    """Whether no pixel's channels differ by `least`: then no hue can fill the bar, which spares looking for each."""
    return bool(cv2.minMaxLoc(cv2.subtract(channels.greatest(crop), channels.least(crop)))[1] < least)


def columns(plane: Image, doubt: NDArray[np.bool_]) -> tuple[Profile, float]:
    """Each column's fill, about 0..1, and the level of the strongest row.

    Args:
        plane: from `signal`, uint8 (H, W), W > 0.
        doubt: columns under text: there the two best rows speak, elsewhere the mean of the strong rows.
    """
    rows = plane.max(axis=1).astype(np.float32)
    level = float(rows.max())
    if level < 1.0:
        return np.zeros(plane.shape[1], np.float32), 0.0
    shares = plane * (1.0 / np.maximum(rows, 1.0))[:, None]
    strong = shares[rows >= STRONG_ROW * level]
    profile = cv2.reduce(strong, 0, cv2.REDUCE_AVG)[0]
    under = np.flatnonzero(doubt)
    if under.size:
        seen = shares[rows >= WEAK_ROW * level].take(under, axis=1)
        second = max(0, len(seen) - 2)
        profile[under] = np.partition(seen, second, axis=0)[second]
    return np.asarray(profile, np.float32), level


def text_columns(parts: Parts, reach: int) -> NDArray[np.bool_]:
    """Columns that white or pale text or its outline covers: their colour says nothing against a fill.

    Args:
        parts: the bar's channels.
        reach: how far an outline stands out from its glyph, px.
    """
    least = channels.least_of(parts)
    if cv2.minMaxLoc(least)[1] <= WHITE:
        return np.zeros(least.shape[1], np.bool_)
    bright = cv2.reduce(over(least, WHITE), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0]
    inner = least[bright < 0.85 * 255 * least.shape[1]]  # a row bright all along is a border
    if len(inner) == 0:
        return np.zeros(least.shape[1], np.bool_)
    peak, low = cv2.reduce(inner, 0, cv2.REDUCE_MAX), cv2.reduce(inner, 0, cv2.REDUCE_MIN)
    glyphs = ((peak > WHITE) & (low < 0.6 * peak)).astype(np.uint8)
    return np.asarray(cv2.dilate(glyphs, np.ones((1, 2 * reach + 1), np.uint8))[0] > 0, np.bool_)


class Step(NamedTuple):
    """A step from filled to empty: its place, the share of columns that agree, how many hidden columns follow it."""

    edge: float
    agreement: float
    slack: int


def step(profile: Profile, doubt: NDArray[np.bool_]) -> Step:
    """The best place for one step down.

    Args:
        profile: 0..1 per visible column.
        doubt: columns under text: what colour is left between glyphs speaks for a fill, its lack hardly against one.
    """
    # np.clip costs more than the rest of this function on so short a line
    votes = np.minimum(np.maximum(profile * 2.0 - 1.0, -1.0), 1.0)
    if doubt.any():
        empty = profile[~doubt & (votes < 0.0)]
        least = UNDER_TEXT + (float(empty.sum()) / len(empty) if len(empty) > PLAIN * len(profile) else 0.0)
        hidden = np.minimum(np.maximum((profile - least) / UNDER_TEXT, -DOUBT), 1.0)
        votes = np.where(doubt, hidden, votes)
    gain = votes.cumsum()
    best = int(gain.argmax())
    place = best + 1 if gain[best] > 0 else 0
    # Votes for a fill beyond the step, and votes against one before it, by what all of them add up to with and without sign.
    told = float(np.abs(votes).sum())
    against = (told + float(gain[-1])) / 2 - (float(gain[best]) if place else 0.0)
    beyond = doubt[place:]
    seen = int(beyond.argmin()) if len(beyond) else 0
    slack = seen if len(beyond) and not beyond[seen] else len(beyond)
    return Step(_refine(profile, place), round(1.0 - max(0.0, against) / max(1.0, told), 6), slack)


def _refine(profile: Profile, place: int) -> float:
    """Split the mixed column or two at the step between its two sides."""
    count = len(profile)
    if place in (0, count):
        return float(place)
    full = _middle(profile[max(0, place - 8) : max(1, place - 1)])
    beyond = profile[place + 1 : place + 9]
    none = _middle(beyond) if len(beyond) else 0.0  # nothing lies beyond the last column: it is the mixed one itself
    if full - none < 0.3:
        return float(place)
    low, high = max(0, place - 2), min(count, place + 2)
    parts = (profile[low:high] - none) / (full - none)
    return low + float(np.minimum(np.maximum(parts, 0.0), 1.0).sum())


def _middle(few: Profile) -> float:
    """The median of a handful of values, without numpy's overhead."""
    ordered = sorted(few.tolist())
    return float(ordered[len(ordered) // 2])


def measure(crop: Image, hue: str, least: float, reach: int = 2, covered: tuple[int, int] = (0, 0)) -> Fill:
    """Measure a bar of a known hue; see the module's text.

    Args:
        crop: BGR uint8, the bar's visible rows and columns.
        hue: one of HUES.
        least: level below which nothing is filled, see MIN_LEVEL.
        reach: outline of text that may stand over it, px.
        covered: columns at the left and right end that art may hide: there, too, a missing colour says little.
    """
    parts = channels.split(crop)
    return measured(crop, parts, signal(parts, hue), least, reach, covered)


def measured(
    crop: Image, parts: Parts, plane: Image, least: float, reach: int = 2, covered: tuple[int, int] = (0, 0)
) -> Fill:
    """The same, where the channels and the hue's `signal` are known."""
    doubt = text_columns(parts, reach)
    profile, level = columns(plane, doubt)
    if level < least:
        hidden = int(doubt.sum())
        return Fill(0.0, level, 1.0 - level / 255.0, hidden if hidden > 0.5 * len(profile) else 0, EMPTY)
    doubt[: covered[0]] = True
    right = len(profile) - covered[1]
    doubt[right:] = True
    found = step(profile, doubt)
    edge, slack = found.edge, found.slack
    if covered[1] and edge + slack >= right - 1.5:
        slack = max(0, right - math.ceil(edge))
        edge = edge if slack or _sharp(profile, edge) else float(len(profile))
    end = max(1, round(found.edge))
    filled = plane[:, :end]
    blue, green, red, _ = cv2.mean(crop[:, :end], over(filled, 0.6 * level))
    return Fill(edge, level, found.agreement, slack, (blue, green, red), cv2.mean(filled)[0])


def glows_at_end(crop: Image, edge: float) -> bool:
    """Whether all that lies between a nearly full fill and the bar's end is the white glow of a shield that is larger than
    the health it covers: the bar is full under it.

    Source: the clients' overAbsorbGlow, 4 to 5 units wide at the bar's end (three 10.x screenshots: 214 to 251 in blue and
    green). Text is no glow: its outline makes the mean of a column far darker.
    """
    width = crop.shape[1]
    if edge < GLOW_FROM * width:
        return False
    rest = crop[:, int(edge) + 2 : width - 1, :2]
    return rest.shape[1] >= 2 and float(rest.min(axis=2).mean(axis=0).min()) > GLOW_LEVEL


def _sharp(profile: Profile, edge: float) -> bool:
    """Whether the colour ends at once, as a fill does; under the rim of a portrait's ring it fades over some pixels."""
    last = round(edge)
    if last >= len(profile) - 1:
        return True
    return (
        float(profile[max(0, last - 4) : max(1, last - 1)].min()) > 0.85
        and float(profile[min(last + 1, len(profile) - 1)]) < 0.3
    )


def stranger(crop: Image) -> bool:
    """Whether a bar without any fill colour still shows a sharp step between two colours: a fill of a colour not known."""
    width = crop.shape[1]
    edge = max(2, width // 25)
    parts = crop.astype(np.float32)
    first = np.median(parts[:, edge : 2 * edge], axis=1, keepdims=True)
    last = np.median(parts[:, -2 * edge : -edge], axis=1, keepdims=True)
    apart = first - last
    size = (apart * apart).sum(2)
    if float(np.sqrt(size).mean()) < 60.0:
        return False
    share = ((parts - last) * apart).sum(2) / np.maximum(size, 1.0)
    profile = np.median(share, axis=0)
    return float(((profile > 0.25) & (profile < 0.75)).mean()) < 0.08


def offline(crop: Image) -> bool:
    """Whether a bar is filled with the grey of a unit that is not connected: no colour, but the status bar's texture.

    The texture's lower third is about half as bright as its upper part; an empty bar shows the scene, the same in each row.
    """
    height = crop.shape[0]
    if height < 5:
        return False
    colour = cv2.mean(crop)[:3]
    rows = cv2.reduce(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), 1, cv2.REDUCE_AVG)[:, 0].astype(np.float32)
    peak = float(rows[: height // 2 + 1].max())
    low = float(rows[-max(2, height // 3) :].mean())
    return max(colour) - min(colour) < 14 and GRAY_FILL[0] < peak < GRAY_FILL[1] and low < 0.72 * peak
