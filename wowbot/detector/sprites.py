"""Cut-out figures: PNGs with alpha in one folder per class, and a cutter for the sprite sheets of the game FLARE.

A folder of cut-outs looks like `enemy/wolf_01.png`, `corpse/wolf_01.png`, ... and is laid over the backgrounds beside the
drawn figures. FLARE's sheets are CC-BY-SA: cut-outs made from them are for training on this machine, not for passing on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.detector.classes import CLASSES, Box

Rng = np.random.Generator
SMALLEST_PX = 12


class Sprite(NamedTuple):
    """One cut-out: BGRA uint8 (H, W, 4) and the class it shows."""

    image: NDArray[np.uint8]
    label: str


def load_sprites(folder: Path) -> list[Sprite]:
    """All cut-outs under `folder`, one sub-folder a class.

    Raises:
        DetectorError: a sub-folder is no class, or a file is no PNG with alpha.
    """
    sprites = []
    for path in sorted(folder.glob("*/*.png")):
        if path.parent.name not in CLASSES:
            raise DetectorError(
                f"{path.parent}: found a folder for {path.parent.name!r}, expected one of {', '.join(CLASSES)}"
            )
        image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if image is None or image.ndim != 3 or image.shape[2] != 4:
            raise DetectorError(
                f"{path}: is no PNG with an alpha channel: save the cut-out with a transparent background"
            )
        sprites.append(Sprite(np.asarray(image, np.uint8), path.parent.name))
    return sprites


def lay(rng: Rng, picture: Image, sprite: Sprite, at: tuple[int, int], height: int) -> Box | None:
    """Lay a cut-out on the picture, `height` px high, by chance mirrored; the box of what is visible."""
    cut = sprite.image[:, ::-1] if rng.random() < 0.5 else sprite.image
    width = max(3, round(cut.shape[1] * height / cut.shape[0]))
    cut = np.asarray(cv2.resize(np.ascontiguousarray(cut), (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    x, y = at
    x0, y0, x1, y1 = max(0, x), max(0, y), min(picture.shape[1], x + width), min(picture.shape[0], y + height)
    if x1 - x0 < 3 or y1 - y0 < 3:
        return None
    part, top = picture[y0:y1, x0:x1], cut[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.float32)
    alpha = top[:, :, 3:] / 255.0
    light = np.float32(rng.uniform(0.75, 1.2))
    part[:] = np.clip(part * (1 - alpha) + top[:, :, :3] * light * alpha, 0, 255).astype(np.uint8)
    ys, xs = np.nonzero(alpha[:, :, 0] > 0.4)
    if len(xs) < 12:
        return None
    label = CLASSES.index(sprite.label)
    return Box(label, x0 + int(xs.min()), y0 + int(ys.min()), x0 + int(xs.max()) + 1, y0 + int(ys.max()) + 1)


def cut_flare(game: Path, out: Path) -> int:
    """Cut the enemies of an installed FLARE into `out`; returns how many cut-outs were written.

    Args:
        game: the folder that holds `mods/` (Debian: share/games/flare).

    Raises:
        DetectorError: no such game there.
    """
    mod = game / "mods" / "fantasycore"
    sheets = sorted((mod / "animations" / "enemies").glob("*.txt"))
    if not sheets:
        raise DetectorError(f"{game}: no FLARE animations found, expected mods/fantasycore/animations/enemies below it")
    count = 0
    for sheet in sheets:
        for label, name, cut in _frames(mod, sheet):
            folder = out / label
            folder.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / f"flare_{name}.png"), cut)
            count += 1
    return count


def _frames(mod: Path, sheet: Path) -> Iterator[tuple[str, str, NDArray[np.uint8]]]:
    """(class, name, BGRA) of each useful frame: all of standing, running and striking, the last ones of dying."""
    picture, section, seen = None, "", set()
    for line in sheet.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition("=")
        if line.startswith("["):
            section = line.strip("[] ")
        elif key == "image":
            picture = cv2.imread(str(mod / value), cv2.IMREAD_UNCHANGED)
        elif key == "frame" and picture is not None and picture.ndim == 3 and picture.shape[2] == 4:
            index, direction, x, y, w, h = (int(n) for n in value.split(",")[:6])
            dying = section in ("die", "critdie")
            if (dying and index < 4) or section in ("spawn", "hit") or (x, y) in seen or min(w, h) < SMALLEST_PX:
                continue
            seen.add((x, y))
            yield (
                "corpse" if dying else "enemy",
                f"{sheet.stem}_{section}_{index}_{direction}",
                np.asarray(picture[y : y + h, x : x + w], np.uint8),
            )
