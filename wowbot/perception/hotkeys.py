"""The key printed on each action button, spelled as profiles spell it.

For still pictures, not for the loop: keys do not change while one plays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Layout, Rect
from wowbot.core.reading import Reading, unknown
from wowbot.perception.channels import greatest, least, split

SURE = 0.45
"""Least probability of the weakest character."""
RIM = {"classic": 0.055, "retail": 0.075}
"""Share of a button's width that its frame covers."""
TALL = 0.4
"""Share of a button's height that its key text may take."""
PALE, PURE, RED, OUTLINE = 105, 45, 110, 75
"""A letter is at least so bright in every channel and its channels differ by less; or it has so much more red. Its outline
is darker than the last. Grey text is (153, 153, 153), out of range (255, 26, 26)."""
FRAME = 0.8
"""What is higher than this share of the strip and reaches its lower end is the button's frame."""
LINE, HIGHEST, DASH, BRIGHT = 0.18, 0.15, 0.08, 140
"""Shares of a button's height: letters are higher, and begin higher up; a dash is wider. Text is (153, 153, 153) at least;
what is duller, lower or smaller is the icon's. Measured on 333 real keys: 0.21 (= 0.16), 0.13, 148."""
BAR, LIT = 0.8, 0.55
"""Share of a row of "-" or "=" that is lit, and from which share of the brightest a pixel is."""
END, GAP = 0.2, 0.05
"""How far from the right rim a text may end, and how wide a gap within it may be, shares of the button's width."""
NARROW, WIDE = frozenset("0123456789fijlrtv"), 1.15
"""Keys whose letters are higher than wide, and from which width by height none of them is."""
NOT_SEEN = "no key text is seen"
MODS = {"s": "shift", "c": "ctrl", "a": "alt", "⇧": "shift", "^": "ctrl", "⌥": "alt"}
NAMES = {
    "spc": "space", "space": "space", "tab": "tab", "esc": "escape", "ent": "enter", "bs": "backspace", "del": "delete",
    "ins": "insert", "hm": "home", "end": "end", "pu": "pageup", "pgup": "pageup", "pd": "pagedown", "pgdn": "pagedown",
    "up": "up", "dn": "down", "lt": "left", "rt": "right", "cl": "capslock", "mwu": "wheelup", "wu": "wheelup",
    "mwd": "wheeldown", "wd": "wheeldown", "n+": "numpadplus", "n-": "numpadminus", "n*": "numpadmultiply",
    "n/": "numpaddivide", "n.": "numpaddecimal",
}  # fmt: skip
"""What clients print -> our key. Source: the abbreviations of the stock client and of its common add-ons."""
NUMBERED = re.compile(r"^(?:(f)(1[0-9]|2[0-4]|[1-9])|(?:np|num|n)([0-9])|(?:mouse|mb|m|b)([345]))$")
LIKE_DIGITS = {"l": "1", "i": "1", "|": "1", "o": "0"}
"""Letters that the recogniser takes digits for; only where a letter would be no key that a bar has by default."""


def read_hotkeys(image: Image, layout: Layout) -> dict[str, Reading]:
    """`slot.<bar>.<n>.hotkey` of every button of the layout: a chord such as "shift-2", or why none is known.

    Args:
        image: BGR uint8 frame of the layout's size. One button takes about 40 ms.
    """
    from wowbot.perception.ocr import recognise

    readings, retail = {}, layout.era == "retail"
    for name, region in layout.regions.items():
        if region.reader != "slots":
            continue
        bar = str(region.options.get("bar") or name.partition(".")[2] or name)
        for n, box in enumerate(region.options.get("boxes") or (), 1):
            strip = printed(image, Rect(*(round(float(v)) for v in box)), RIM["retail" if retail else "classic"])
            bars = "" if strip is None else bars_of(strip)
            looks = [] if strip is None else [recognise(look, "hotkey", "gray") for look in (strip, _wider(strip))]
            reading = hotkey_reading([(bars, 0.9)] if bars else looks)
            flat = strip is not None and reading.value in NARROW and _flat(strip)
            readings[f"slot.{bar}.{n}.hotkey"] = (
                unknown("what is printed is too wide for what it reads") if flat else reading
            )
    return readings


def printed(image: Image, box: Rect, rim_share: float) -> Image | None:
    """The text at a button's upper right, bright on black, without the icon behind it; None where nothing is printed.

    The letters are grey, white or red, have a dark outline, and end at the button's right.
    """
    rim = max(1, round(rim_share * box.width))
    strip = Rect(box.left + rim, box.top + rim, box.width - 2 * rim, round(TALL * box.height)).crop(image)
    if min(strip.shape[:2]) < 6:
        return None
    shown = _letters(np.ascontiguousarray(strip))
    left, top, right, bottom = _extent(shown > 0, box.width)
    if right - left < 2 or not _is_line(right - left, bottom - top, top + rim, box.height):
        return None
    if int(shown[top:bottom, left:right].max()) < BRIGHT:
        return None
    pad = max(2, (bottom - top) // 3)
    text = cv2.copyMakeBorder(shown[top:bottom, left:right], pad, pad, 2 * pad, 2 * pad, cv2.BORDER_CONSTANT)
    return np.asarray(cv2.cvtColor(text, cv2.COLOR_GRAY2BGR), np.uint8)


def _is_line(width: int, height: int, top: int, button: int) -> bool:
    """Whether a shape has the place and the height of a line of letters, or of a dash or two."""
    if height >= LINE * button:
        return top <= HIGHEST * button
    return width >= max(0.9 * height, DASH * button)


def _letters(strip: Image) -> Image:
    """How bright each pixel of an outlined grey, white or red letter is; 0 elsewhere."""
    blue, green, red = split(strip)
    low, high = least(strip), greatest(strip)
    crimson = np.asarray(cv2.subtract(red, cv2.max(blue, green)), np.uint8)
    pale = (low > PALE) & (np.asarray(cv2.subtract(high, low)) < PURE)
    size = 2 * max(1, strip.shape[0] // 12) + 1
    dark = np.asarray(cv2.erode(high, np.ones((size, size), np.uint8))) < OUTLINE
    core = ((pale | (crimson > RED)) & dark).astype(np.uint8)
    soft = np.asarray(cv2.dilate(core, np.ones((3, 3), np.uint8))) > 0
    return np.where(soft, np.maximum(low, crimson), 0).astype(np.uint8)


def _extent(mask: NDArray[np.bool_], width: int) -> tuple[int, int, int, int]:
    """left, top, right, bottom of the letters that end at the right; zeros where none does."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    high = mask.shape[0]
    rows = [[int(v) for v in s] for s in stats[1:count] if s[4] >= 3 and (s[3] < FRAME * high or s[1] + s[3] < high)]
    parts = sorted(rows, key=lambda s: -(s[0] + s[2]))
    if not parts or parts[0][0] + parts[0][2] < mask.shape[1] - END * width:
        return 0, 0, 0, 0
    left, top, right, bottom = mask.shape[1], mask.shape[0], parts[0][0] + parts[0][2], 0
    for x, y, w, h, _area in parts:
        if x + w < left - GAP * width and left < mask.shape[1]:
            break
        left, top, bottom = min(left, x), min(top, y), max(bottom, y + h)
    return left, top, right, bottom


def bars_of(strip: Image) -> str:
    """ "-" or "=" where a text is nothing but one or two level bars, which the text model takes for letters; else ""."""
    gray = strip[..., 0]
    lit = gray > LIT * max(1, int(gray.max()))
    columns = np.flatnonzero(lit.any(axis=0))
    if not len(columns):
        return ""
    lit = lit[:, columns[0] : columns[-1] + 1]
    share = lit.mean(axis=1)
    rows = share > 0
    begins = np.flatnonzero(rows & ~np.roll(rows, 1))
    if (share[rows] < BAR).any() or len(begins) > 2 or rows.sum() > lit.shape[1]:
        return ""
    return "-" if len(begins) == 1 else "="


def _flat(strip: Image) -> bool:
    """Whether a text is wider than it is high."""
    ys, xs = np.nonzero(strip[..., 0])
    return bool(len(xs)) and float(np.ptp(xs) + 1) > WIDE * float(np.ptp(ys) + 1)


def _wider(strip: Image) -> Image:
    """The same text with more room round it: what is misread there is misread otherwise."""
    pad = max(2, strip.shape[0] // 5)
    return np.asarray(cv2.copyMakeBorder(strip, pad // 2, pad // 2, 2 * pad, 2 * pad, cv2.BORDER_CONSTANT), np.uint8)


def hotkey_reading(looks: Sequence[tuple[str, float]]) -> Reading:
    """The chord that all looks at a text agree on.

    Args:
        looks: recognised text and the probability of its weakest character; empty or "" where nothing is printed.
    """
    if not any(text for text, _ in looks):
        return unknown(NOT_SEEN)
    chords = {chord_of(text) for text, _ in looks}
    sure = max(sure for _, sure in looks)
    chord = chords.pop() if len(chords) == 1 else None
    if chord is None or sure < SURE:
        return unknown(f"no key is legible there (found {' and '.join(sorted({repr(text) for text, _ in looks}))})")
    return Reading(chord, sure)


def chord_of(text: str) -> str | None:
    """ "S-2" or "⇧2" -> "shift-2", "F5" -> "f5", "N3" -> "numpad3"; None where it is no key."""
    if len(text) > 1:
        text = text.lstrip(".,'`")  # a speck of the icon
    if text[1:2] in ("-", ".") and text[:1] == "5" and len(text) > 2:
        text = "s-" + text[2:]  # what is before a dash is a modifier
    rest, mods = text.strip().lower().replace(" ", "").replace("—", "-").replace("–", "-"), list[str]()
    while len(rest) > 1 and _key(rest) is None and rest[0] in MODS and MODS[rest[0]] not in mods:
        mods.append(MODS[rest[0]])
        rest = (rest[2:] if rest[1] in "-=" and len(rest) > 2 else rest[1:]) or "-"
    key = _key(rest)
    if key is None:
        return None
    return "-".join([*sorted(mods, key=("shift", "ctrl", "alt").index), key])


def _key(text: str) -> str | None:
    if text in NAMES:
        return NAMES[text]
    if text[:1] in ("f", "e") and len(text) > 1:  # no other key begins so and has a second letter that may be a digit
        text = "f" + "".join(LIKE_DIGITS.get(c, c) for c in text[1:])
    found = NUMBERED.match(text)
    if found is not None:
        f, number, pad, button = found.groups()
        return f"f{number}" if f else f"numpad{pad}" if pad else f"mouse{button}"
    if len(text) == 1 and ((text.isalnum() and text < "ɐ") or text in "-=[]\\;',./`"):
        return LIKE_DIGITS.get(text, text)
    return None
