"""What is known of one aura icon, and how pictures of icons are compared when no sweep can lie over them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.reading import Reading
from wowbot.perception.icons import Match
from wowbot.perception.patches import Floats

ALIKE = 0.72
"""Share of the variance a known look must explain to be the same icon still."""
NO, ONE = Reading(0.0), Reading(1.0)


@dataclass(slots=True)
class Seen:
    """An icon at one place of the row.

    Attributes:
        look: its bright look (3, CELLS); `fresh` when it is its own and not a template.
        timed: a sweep was seen on it.
        floor: likeness below which it is another icon; lower where even its first fit was poor (small, half dark).
        time: the last time read under it, and when; `maybe` the one read last, not yet believed.
        harmful, school: of its border.
    """

    match: Match
    look: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    fresh: bool = False
    stacks: Reading = ONE
    patch: Floats | None = field(default=None, repr=False)
    sweep: float = -1.0
    timed: bool = False
    floor: float = ALIKE
    time: float | None = None
    maybe: float = -10.0
    time_ns: int = 0
    harmful: Reading = NO
    school: Reading = field(default=Reading("none"))


def centred(pictures: Floats) -> Floats:
    """Pictures (n, 3, k) with each channel's mean removed."""
    return np.asarray(pictures - (pictures.sum(axis=2) / pictures.shape[2])[:, :, None], np.float32)


def likeness(pictures: Floats, looks: Floats) -> tuple[Floats, Floats]:
    """Correlation of pictures (n, 3, k) with centred looks of as many rows, and how much of their contrast they have.

    An own aura fades in and out before it ends: then it has less.
    """
    a = centred(pictures)
    if len(a) < len(looks):
        a = np.repeat(a, len(looks), axis=0)
    both, own, theirs = (np.einsum("nck,nck->n", *pair) for pair in ((a, looks), (a, a), (looks, looks)))
    return both / np.maximum(np.sqrt(own * theirs), 1e-3), both / np.maximum(theirs, 1e-3)


def lift(crop: Image, passed: float, shade: float, dark_first: bool = True) -> Image:
    """Undo a radial sweep, so that a text under it can be read: the dark side divided by its shade.

    Args:
        passed: share of the way that the edge has gone, 0 = no sweep.
    """
    if passed <= 0.01 or passed >= 0.995:
        return crop
    high, wide = crop.shape[:2]
    y, x = np.mgrid[0:high, 0:wide]
    way = (np.arctan2(x + 0.5 - wide / 2, -(y + 0.5 - high / 2)) / (2 * np.pi)) % 1.0
    dark: NDArray[np.bool_] = (way < passed) if dark_first else (way > passed)
    return np.where(dark[..., None], np.minimum(crop / shade, 255), crop).astype(np.uint8)
