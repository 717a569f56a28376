"""Directions of brightness edges: what a HUD's art keeps under gamma, brightness, JPEG, tint and rescaling.

Every measure of this room compares directions, never colours: a frame's border is a known pattern of light and dark
lines, and a filter or a recolouring changes their strength but seldom their sense.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image

Plane = NDArray[np.float32]
Field = NDArray[np.float32]
"""Shape (2, h, w): the x and y part of the edge direction, length 0 (flat) to 1 (a strong edge)."""

SOFT_LEVELS = 1.5
"""Grey levels per pixel at which an edge counts half. JPEG and dithering noise in flat areas is about 1."""


def grey(image: Image) -> Plane:
    """Brightness, shape (h, w), 0..255."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2GRAY), np.float32)


def direction_field(plane: Plane) -> Field:
    """Edge directions of a brightness plane; length = strength / (strength + SOFT_LEVELS)."""
    gx = cv2.Sobel(plane, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
    gy = cv2.Sobel(plane, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
    strength = cv2.magnitude(gx, gy) + SOFT_LEVELS
    return np.stack([gx / strength, gy / strength])


def undirected(field: Field) -> Field:
    """Edges without their dark-to-light sense: every angle doubled, every length kept."""
    length = np.maximum(np.hypot(field[0], field[1]), 1e-6)
    return np.stack([(field[0] ** 2 - field[1] ** 2) / length, 2.0 * field[0] * field[1] / length])


def shrink(plane: Plane, factor: float) -> Plane:
    """Rescale by `factor` without aliasing."""
    if abs(factor - 1.0) < 1e-6:
        return plane
    size = max(1, round(plane.shape[1] * factor)), max(1, round(plane.shape[0] * factor))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, size, interpolation=method), np.float32)


def patch(plane: Plane, k: float, origin_xy: tuple[float, float], box: tuple[float, float, float, float]) -> Plane:
    """Cut the box (left, top, width, height in UI units, relative to `origin_xy` px) at one pixel per UI unit.

    Pixel (i, j) of the answer is centred on the unit (left + i + 0.5, top + j + 0.5); outside the frame the edge
    pixels are repeated, which has no direction and so speaks neither for nor against.
    """
    left, top, width, height = box
    x0, y0 = origin_xy[0] + left * k, origin_xy[1] + top * k
    margin = 3 * k + 2
    a, b = int(np.floor(y0 - margin)), int(np.ceil(y0 + height * k + margin))
    c, d = int(np.floor(x0 - margin)), int(np.ceil(x0 + width * k + margin))
    a2, b2 = max(0, a), min(plane.shape[0], b)
    c2, d2 = max(0, c), min(plane.shape[1], d)
    if b2 - a2 < 2 or d2 - c2 < 2:
        return np.zeros((round(height), round(width)), np.float32)
    cut = plane[a2:b2, c2:d2]
    if k > 1.0:
        cut = np.asarray(cv2.GaussianBlur(cut, (0, 0), 0.5 * float(np.sqrt(max(k * k - 1.0, 0.01)))), np.float32)
    shift = 0.5 * k - 0.5
    matrix = np.array([[k, 0.0, x0 - c2 + shift], [0.0, k, y0 - a2 + shift]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = round(width), round(height)
    return np.asarray(cv2.warpAffine(cut, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)
