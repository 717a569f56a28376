"""Pictures into a network and its numbers back into boxes: letterbox, the heads of YOLO exports, suppression.

Two kinds of output are understood (Ultralytics' export, https://docs.ultralytics.com/modes/export/):
    raw         (1, 4 + classes, anchors): centre, size and one score a class; YOLOv8, YOLO11, YOLO26 with nms off
    end to end  (1, found, 6): corners, score, class; YOLO26 and every export with its suppression built in
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image

Head = Literal["raw", "end2end"]
Floats = NDArray[np.float32]
GREY = 114
"""Fill of the margins, as the models are trained with it."""


class Fit(NamedTuple):
    """How a picture lies in the network's input: input px = frame px * scale + pad."""

    scale: float
    pad_x: int
    pad_y: int


def letterbox(image: Image, input_wh: tuple[int, int]) -> tuple[Floats, Fit]:
    """A picture as the network wants it: scaled whole, grey margins, RGB 0..1, float32 (1, 3, H, W)."""
    width, height = input_wh
    scale = min(width / image.shape[1], height / image.shape[0])
    w, h = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    pad_x, pad_y = (width - w) // 2, (height - h) // 2
    if (w, h) != (image.shape[1], image.shape[0]):
        image = np.asarray(cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR))
    if (w, h) != (width, height):
        full = np.full((height, width, 3), GREY, np.uint8)
        full[pad_y : pad_y + h, pad_x : pad_x + w] = image
        image = full
    blob = cv2.dnn.blobFromImage(image, 1 / 255.0, swapRB=True)
    return np.asarray(blob, np.float32), Fit(scale, pad_x, pad_y)


def head_of(shape: tuple[int, ...], classes: int) -> Head:
    """Which kind of output this shape is.

    Raises:
        DetectorError: none that is understood for so many classes.
    """
    if len(shape) == 3 and shape[0] == 1:
        if shape[1] == 4 + classes and shape[2] > 6:
            return "raw"
        if shape[2] == 6:
            return "end2end"
    raise DetectorError(
        f"the model's output is {'x'.join(map(str, shape))}, expected 1x{4 + classes}xN (YOLOv8, 11, 26) or 1xNx6 (with "
        f"suppression built in) for {classes} classes: it was made for another class list, or is no YOLO detector"
    )


def decode(output: Floats, head: Head, least: float) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Corners (n, 4) in input px, scores (n,) and classes (n,) of everything with at least the score `least`."""
    rows = output[0]
    if head == "end2end":
        rows = rows[rows[:, 4] >= least]
        return rows[:, :4], rows[:, 4], rows[:, 5].astype(np.intp)
    best = rows[4:].max(0)
    keep = best >= least
    rows, scores = rows[:, keep], best[keep]
    half_w, half_h = rows[2] / 2, rows[3] / 2
    corners = np.stack([rows[0] - half_w, rows[1] - half_h, rows[0] + half_w, rows[1] + half_h], 1)
    return corners, scores, rows[4:].argmax(0) if rows.shape[1] else np.zeros(0, np.intp)


def suppress(corners: Floats, scores: Floats, labels: NDArray[np.intp], overlap: float = 0.5) -> NDArray[np.intp]:
    """Indices of what stays, best first: of two boxes of one class that overlap more than `overlap` (IoU) the better."""
    order = np.argsort(-scores, kind="stable")
    area = (corners[:, 2] - corners[:, 0]).clip(0) * (corners[:, 3] - corners[:, 1]).clip(0)
    keep = []
    while len(order):
        first, rest = order[0], order[1:]
        keep.append(first)
        low = np.maximum(corners[rest, :2], corners[first, :2])
        high = np.minimum(corners[rest, 2:], corners[first, 2:])
        shared = (high - low).clip(0).prod(1)
        union = area[rest] + area[first] - shared
        order = rest[(shared <= overlap * np.maximum(union, 1e-9)) | (labels[rest] != labels[first])]
    return np.asarray(keep, np.intp)


def tiles(box: tuple[int, int, int, int], side: int, overlap: float = 0.15) -> list[tuple[int, int, int, int]]:
    """Squares of `side` px that cover a region, neighbours overlapping by at least that share.

    Args:
        box: left, top, right, bottom of the region, px.
        side: 0 = the whole region at once.

    Returns:
        The same four numbers for each tile; a region smaller than a tile is one tile, cut to the region.
    """
    left, top, right, bottom = box
    if side <= 0:
        return [box]
    return [
        (x, y, min(right, x + side), min(bottom, y + side))
        for y in _starts(top, bottom, side, overlap)
        for x in _starts(left, right, side, overlap)
    ]


def _starts(low: int, high: int, side: int, overlap: float) -> list[int]:
    length = high - low
    if length <= side:
        return [low]
    count = 1 + -(-(length - side) // max(1, int(side * (1 - overlap))))
    return [low + round(i * (length - side) / (count - 1)) for i in range(count)]
