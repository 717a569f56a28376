"""Labels by difference: frames of a place with objects in it, against frames of the same place without any.

The camera must stand still: a bobber that was cast and one that was not yet, creatures that a test server's map has and the
same map without them. What differs is an object; what differs and cannot be one for certain (two that overlap, what touches
the HUD or the player, what moves by itself like water and fire) is painted over with the empty place, so that nothing
unlabelled is left in a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from wowbot.core.detection import CLASSES
from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.detector.classes import Box
from wowbot.detector.dataset import read_picture
from wowbot.detector.generate import Background
from wowbot.perception.channels import greatest

OTHER_PLACE = 0.15
"""Share of the pixels that differ above which the two frames do not show the same place (weather, a cut scene)."""
MOVES_BY_ITSELF = 0.3
"""Share of an object's pixels that also differ between the empty frames."""
FILLED = 0.3
"""Least share of its box that an object fills: less is a spark, a shadow or a beam."""
LEAST_AREA = 1.5
"""Least area of an object, of the square of the shortest side it may have."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is looked for.

    Args:
        label: the class of the objects.
        sides: least and most width and height of one, px of the frame.
        ignore: what touches these is no label, but painted over: the HUD, the player.
        change: least difference of a pixel, grey levels of the channel that differs most.
    """

    label: str = "enemy"
    sides: tuple[int, int] = (14, 125)
    ignore: tuple[Rect, ...] = ()
    change: int = 20


class Place(NamedTuple):
    """Frames of one place: with objects, and without."""

    name: str
    frames: list[Path]
    empty: list[Path]


def places(folder: Path) -> list[Place]:
    """The places of a folder of `<place>_<n>.png` and, without objects, `<place>_ref_<n>.png`.

    Raises:
        DetectorError: none has a frame and at least two empty ones (one cannot tell what moves by itself).
    """
    named: dict[str, Place] = {}
    for path in sorted(folder.glob("*.png")):
        found = re.fullmatch(r"(?P<place>.+?)(?P<empty>_ref)?_\d+", path.stem)
        if found is not None:
            place = named.setdefault(found["place"], Place(found["place"], [], []))
            (place.empty if found["empty"] else place.frames).append(path)
    whole = [place for place in named.values() if place.frames and len(place.empty) >= 2]
    if not whole:
        raise DetectorError(
            f"{folder}: found {len(named)} places and none with both kinds of frames, expected `<place>_<n>.png` and at "
            "least two `<place>_ref_<n>.png` of the same place without objects"
        )
    return whole


def label_place(place: Place, what: Difference) -> Iterator[tuple[Path, Background]]:
    """The frames of a place with their labels; those that do not show the empty frames' place are left out.

    Raises:
        DetectorError: a picture that cannot be decoded, or sizes that differ.
    """
    empty = [read_picture(path) for path in place.empty]
    for path in place.frames:
        frame = read_picture(path)
        if any(e.shape != frame.shape for e in empty):
            raise DetectorError(
                f"{path}: is {frame.shape[1]}x{frame.shape[0]}, its empty frames are not. Record one size"
            )
        labelled = label_difference(frame, empty, what)
        if labelled is not None:
            yield path, labelled


def label_difference(frame: Image, empty: Sequence[Image], what: Difference) -> Background | None:
    """The frame with what is unclear painted over, and its objects; None where it is another place.

    Args:
        frame: BGR uint8. empty: at least two of the same size.
    """
    changed = np.asarray(np.min([_apart(frame, e) for e in empty], axis=0) > what.change, np.uint8)
    if float(changed.mean()) > OTHER_PLACE:
        return None
    restless = np.asarray(np.max([_apart(e, empty[0]) for e in empty[1:]], axis=0) > what.change, np.uint8)
    restless = np.asarray(cv2.dilate(restless, np.ones((9, 9), np.uint8)), np.uint8)
    speck = np.ones((2, 2), np.uint8)  # opened by hand: OpenCV's own shifts by a pixel where a kernel has no middle
    changed = np.asarray(cv2.dilate(cv2.erode(changed, speck, anchor=(0, 0)), speck, anchor=(1, 1)), np.uint8)
    changed = np.asarray(cv2.morphologyEx(changed, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.uint8)
    count, number, stats, _ = cv2.connectedComponentsWithStats(changed)
    boxes, unclear = [], np.zeros_like(changed)
    for n in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[n][:5])
        own = number[y : y + h, x : x + w] == n
        still = float(restless[y : y + h, x : x + w][own].mean()) < MOVES_BY_ITSELF
        if still and _is_object(Rect(x, y, w, h), area, what):
            boxes.append(Box(CLASSES.index(what.label), x, y, x + w, y + h))
        else:
            unclear[y : y + h, x : x + w] |= own.astype(np.uint8)
    return Background(_painted_over(frame, empty[0], unclear, boxes), tuple(boxes))


def _is_object(rect: Rect, area: int, what: Difference) -> bool:
    least, most = what.sides
    fits = least <= rect.width <= most and least <= rect.height <= most
    filled = area >= LEAST_AREA * least * least and area > FILLED * rect.width * rect.height
    return fits and filled and not any(_touch(rect, other) for other in what.ignore)


def _touch(one: Rect, other: Rect) -> bool:
    return Rect(one.left - 1, one.top - 1, one.width + 2, one.height + 2).overlaps(other)


def _painted_over(frame: Image, empty: Image, unclear: Image, boxes: Sequence[Box]) -> Image:
    over = np.asarray(cv2.dilate(unclear, np.ones((7, 7), np.uint8)), np.uint8)
    for box in boxes:
        over[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = 0
    return np.asarray(np.where(over[:, :, None] > 0, empty, frame), np.uint8)


def _apart(one: Image, other: Image) -> Image:
    return greatest(np.asarray(cv2.absdiff(one, other), np.uint8))
