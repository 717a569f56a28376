"""Make wowbot/perception/glyphs.npz: `python -m wowbot.perception.glyphs_train FONT.ttf ... --out glyphs.npz`.

Every font is drawn with outlines over mottled grounds at many sizes, cut by the very code that the reader uses, and a
two-layer network is fitted to the cut glyphs. Shipped weights: DejaVu, Liberation and URW fonts (all free), seed 0.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.perception.glyphs import CLASSES, HIGH, WIDE, Rule, cut
from wowbot.perception.patches import Floats

OTHERS = "KMTEXAZRSWHFLx:%-+/kgnc"
"""Letters that must come out as "?"."""
HIDDEN = 56
log = logging.getLogger(__name__)


def ground(rng: np.random.Generator, high: int, wide: int) -> Image:
    """A mottled picture as an icon might be."""
    coarse = rng.integers(0, 256, (rng.integers(2, 6), rng.integers(2, 8), 3)).astype(np.uint8)
    picture = cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
    return np.asarray(picture * rng.uniform(0.1, 0.9), np.uint8)


def draw(font: Any, text: str, rng: np.random.Generator) -> Image:
    """White text with a dark outline over a ground, blurred a little."""
    from PIL import Image as Pictures
    from PIL import ImageDraw

    left, top, right, bottom = font.getbbox(text, stroke_width=2)
    size = (int(right - left) + 12, int(bottom - top) + 12)
    stroke = int(rng.integers(1, 3))
    ink, halo = Pictures.new("L", size), Pictures.new("L", size)
    at = (6 - left, 6 - top)
    ImageDraw.Draw(ink).text(at, text, 255, font=font)
    ImageDraw.Draw(halo).text(at, text, 255, font=font, stroke_width=stroke)
    cover, outline = (np.asarray(p, np.float32)[..., None] / 255 for p in (ink, halo))
    picture = ground(rng, size[1], size[0]) * (1 - outline * rng.uniform(0.8, 1.0))
    picture = picture * (1 - cover) + cover * rng.uniform(200, 255)
    shrink = rng.uniform(0.34, 0.75)
    wide, high = max(4, round(size[0] * shrink)), max(4, round(size[1] * shrink))
    small = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.2, 0.6))
    small = small * rng.uniform(0.35, 1.0) + rng.normal(0, rng.uniform(0, 4), small.shape)
    return np.asarray(np.clip(small, 0, 255), np.uint8)


def samples(fonts: list[Path], count: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.intp]]:
    """`count` cut glyphs and their classes."""
    from PIL import ImageFont

    pictures: list[Floats] = []
    classes: list[int] = []
    alphabet = CLASSES[:-1] * 4 + CLASSES[:10] * 6 + OTHERS * 2
    while len(classes) < count:
        font = ImageFont.truetype(str(fonts[rng.integers(len(fonts))]), int(rng.integers(14, 44)))
        text = "".join(alphabet[i] for i in rng.integers(0, len(alphabet), rng.integers(1, 4)))
        whole = not text.isdigit()
        glyphs = cut(draw(font, text, rng), Rule(5, 60, outlined=0, gap=2.0, uneven=0.8, whole=whole, level=0.55))
        if len(glyphs) != len(text):
            continue
        pictures += [g.picture for g in glyphs]
        classes += [CLASSES.find(char) if char in CLASSES else len(CLASSES) - 1 for char in text]
    blobs = _blobs(count // 12, rng)
    return np.stack(pictures + blobs), np.asarray(classes + [len(CLASSES) - 1] * len(blobs))


def _blobs(count: int, rng: np.random.Generator) -> list[Floats]:
    """Bright spots of art, as the reader would cut them."""
    found: list[Floats] = []
    while len(found) < count:
        art = ground(rng, 24, 30).astype(np.float32)
        art = np.clip(art * rng.uniform(1.0, 3.0), 0, 255).astype(np.uint8)
        found += [g.picture for g in cut(art, Rule(5, 20, outlined=0, level=0.55))[:2]]
    return found[:count]


def fit(x: Floats, y: NDArray[np.intp], rng: np.random.Generator, rounds: int) -> dict[str, Floats]:
    """Adam on cross entropy; returns the weights."""
    flat = x.reshape(len(x), -1).astype(np.float32)
    sizes = {
        "first": (HIGH * WIDE, HIDDEN),
        "first_bias": (HIDDEN,),
        "second": (HIDDEN, len(CLASSES)),
        "second_bias": (len(CLASSES),),
    }
    w = {name: rng.normal(0, np.sqrt(2 / size[0]), size).astype(np.float32) for name, size in sizes.items()}
    w["first_bias"][:], w["second_bias"][:] = 0, 0
    slow = {name: np.zeros_like(value) for name, value in w.items()}
    fast = {name: np.zeros_like(value) for name, value in w.items()}
    for turn in range(1, rounds + 1):
        rows = rng.integers(0, len(flat), 256)
        batch = flat[rows] * rng.uniform(0.8, 1.0, (256, 1)).astype(np.float32)
        hidden = np.maximum(batch @ w["first"] + w["first_bias"], 0)
        scores = hidden @ w["second"] + w["second_bias"]
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(256), y[rows]] -= 1
        p /= 256
        back = (p @ w["second"].T) * (hidden > 0)
        grads = {
            "first": batch.T @ back + 1e-4 * w["first"],
            "first_bias": back.sum(axis=0),
            "second": hidden.T @ p + 1e-4 * w["second"],
            "second_bias": p.sum(axis=0),
        }
        rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * turn / rounds))
        for name, grad in grads.items():
            slow[name] = 0.9 * slow[name] + 0.1 * grad
            fast[name] = 0.999 * fast[name] + 0.001 * grad * grad
            step = slow[name] / (1 - 0.9**turn) / (np.sqrt(fast[name] / (1 - 0.999**turn)) + 1e-8)
            w[name] = (w[name] - rate * step).astype(np.float32)
    return w


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fonts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=40000)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    rng = np.random.default_rng(0)
    x, y = samples(args.fonts, args.count, rng)
    hold = len(x) // 10
    mix = rng.permutation(len(x))
    x, y = x[mix], y[mix]
    w = fit(x[hold:], y[hold:], rng, 16000)
    hidden = np.maximum(x[:hold].reshape(hold, -1) @ w["first"] + w["first_bias"], 0)
    right = (hidden @ w["second"] + w["second_bias"]).argmax(axis=1) == y[:hold]
    log.info("%d glyphs, held-out accuracy %.4f", len(x), float(right.mean()))
    # Sixteen bits are enough and halve the file.
    short = {name: value.astype(np.float16).astype(np.float32) for name, value in w.items()}
    np.savez_compressed(args.out, allow_pickle=False, **short)


if __name__ == "__main__":
    main()
