"""Training data on disk, in the YOLO format: images/<split>/*.jpg, labels/<split>/*.txt, data.yaml.

A file is called `<source>__<number>`: the source is the recording or the generator's run it is from, and a split is by
source, so that no scene is on both sides.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from wowbot.core.detection import CLASSES
from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.detector.classes import Box
from wowbot.detector.generate import Background, compose
from wowbot.detector.sprites import Sprite

SPLITS = ("train", "val", "test")
JPEG = 92


class Example(NamedTuple):
    """One labelled picture on disk."""

    image: Path
    label: Path

    @property
    def source(self) -> str:
        return self.image.stem.rpartition("__")[0] or self.image.stem


@dataclass(frozen=True, slots=True)
class Plan:
    """What to generate.

    Args:
        counts: pictures for train, val and test.
        side: px at which pictures are composed. stored: px at which they are kept, as the network will see them.
        backgrounds: pictures to compose on by source; sources are dealt out so that none serves two splits.
        sprites: cut-out figures laid beside the drawn ones.
    """

    counts: tuple[int, int, int]
    side: int = 640
    stored: int = 320
    seed: int = 1
    backgrounds: dict[str, list[Background]] = field(default_factory=dict)
    sprites: Sequence[Sprite] = ()


def build(out: Path, plan: Plan, tell: Callable[[int, int], object] | None = None) -> int:
    """Generate a set; what is already there is kept, so that a broken run goes on. Returns how many were made.

    Args:
        tell: called with how many are done, and of how many, after each.

    Raises:
        DetectorError: the folder cannot be written.
    """
    total, done, made = sum(plan.counts), 0, 0
    held = any(plan.counts[1:])
    dealt = (
        deal(sorted(plan.backgrounds), plan.seed)
        if held
        else {"train": sorted(plan.backgrounds), "val": [], "test": []}
    )
    for place, (split, count) in enumerate(zip(SPLITS, plan.counts, strict=True)):
        backgrounds = [image for source in dealt[split] for image in plan.backgrounds[source]]
        for number in range(count):
            stem = f"generated_{split}_{plan.seed}__{number:06d}"
            if not (out / "labels" / split / f"{stem}.txt").is_file():
                rng = np.random.default_rng([plan.seed, place, number])
                sample = compose(rng, plan.side, backgrounds, plan.sprites)
                small = cv2.resize(sample.image, (plan.stored, plan.stored), interpolation=cv2.INTER_AREA)
                scale = plan.stored / sample.image.shape[0]
                write_example(out, split, stem, np.asarray(small, np.uint8), _scaled(sample.boxes, scale))
                made += 1
            done += 1
            if tell is not None:
                tell(done, total)
    write_yaml(out)
    return made


def write_example(out: Path, split: str, stem: str, image: Image, boxes: Sequence[Box]) -> None:
    """Write one picture of a set and its labels.

    Raises:
        DetectorError: the folder cannot be written.
    """
    example = Example(out / "images" / split / f"{stem}.jpg", out / "labels" / split / f"{stem}.txt")
    write_pair(example, image, boxes)


def write_pair(example: Example, image: Image, boxes: Sequence[Box]) -> None:
    """Write a picture, in the form that its name asks for, and its labels; these come last, so that they stand for both.

    Raises:
        DetectorError: the folder cannot be written.
    """
    height, width = image.shape[:2]
    try:
        for path in example:
            path.parent.mkdir(parents=True, exist_ok=True)
        data = cv2.imencode(example.image.suffix, image, [cv2.IMWRITE_JPEG_QUALITY, JPEG])[1]
        example.image.write_bytes(data.tobytes())
        text = "".join(box.yolo(width, height) + "\n" for box in boxes)
        example.label.write_text(text, encoding="utf-8")
    except OSError as error:
        folder = example.image.parent
        raise DetectorError(f"{folder}: cannot be written ({error.strerror}). Give another folder") from error


def write_yaml(out: Path) -> None:
    """The data.yaml that trainers read."""
    names = "".join(f"  {n}: {name}\n" for n, name in enumerate(CLASSES))
    splits = "".join(f"{split}: images/{split}\n" for split in SPLITS)
    out.mkdir(parents=True, exist_ok=True)
    (out / "data.yaml").write_text(f"path: {json.dumps(str(out.resolve()))}\n{splits}names:\n{names}", encoding="utf-8")


def examples(folder: Path, split: str) -> list[Example]:
    """The labelled pictures of a split, sorted.

    Raises:
        DetectorError: none there, or a picture without labels.
    """
    images = sorted(p for p in (folder / "images" / split).glob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not images:
        raise DetectorError(
            f"{folder}: found no pictures in images/{split}, expected a set made by `wowbot dataset build`"
        )
    found = [Example(p, folder / "labels" / split / f"{p.stem}.txt") for p in images]
    lacking = [e.image.name for e in found if not e.label.is_file()]
    if lacking:
        raise DetectorError(f"{folder}: {len(lacking)} pictures have no label file, e.g. {lacking[0]}. Build it again")
    return found


def read_boxes(example: Example, size_wh: tuple[int, int]) -> list[Box]:
    """The labels of one picture.

    Raises:
        DetectorError: a broken line; names file and line.
    """
    boxes = []
    for number, line in enumerate(example.label.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                boxes.append(Box.of_yolo(line, *size_wh))
            except ValueError as error:
                raise DetectorError(f"{example.label}:{number}: {error}") from error
    return boxes


def read_example(example: Example) -> tuple[Image, list[Box]]:
    """Picture and labels.

    Raises:
        DetectorError: the picture cannot be decoded, or a label is broken.
    """
    image = read_picture(example.image)
    return image, read_boxes(example, (image.shape[1], image.shape[0]))


def read_picture(path: Path) -> Image:
    """A picture, BGR uint8.

    Raises:
        DetectorError: it cannot be decoded.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise DetectorError(f"{path}: is no picture that can be decoded. Make it again, or take it out")
    return np.asarray(image, np.uint8)


def stats(folder: Path) -> dict[str, Any]:
    """Counts by split: pictures, sources, objects of each class, and the objects' median size in px of the picture."""
    told: dict[str, Any] = {}
    for split in SPLITS:
        if not (folder / "images" / split).is_dir():
            continue
        found = examples(folder, split)
        counts: Counter[str] = Counter()
        sides: list[float] = []
        for image_wh, example in _with_sizes(found):
            for box in read_boxes(example, image_wh):
                counts[CLASSES[box.label]] += 1
                sides.append(box.area**0.5)
        told[split] = {
            "pictures": len(found),
            "sources": len({e.source for e in found}),
            "objects": {name: counts[name] for name in CLASSES},
            "median_side_px": round(float(np.median(sides)), 1) if sides else None,
        }
    if not told:
        raise DetectorError(f"{folder}: holds no images/train, images/val or images/test")
    return told


def shared_sources(folder: Path) -> set[str]:
    """Sources that are on both sides of a split: there should be none."""
    seen: Counter[str] = Counter()
    for split in SPLITS:
        if (folder / "images" / split).is_dir():
            seen.update({e.source for e in examples(folder, split)})
    return {source for source, count in seen.items() if count > 1}


def split(folder: Path, shares: tuple[float, float], seed: int) -> dict[str, int]:
    """Deal all pictures anew to train, val and test, whole sources only; returns the pictures of each.

    Args:
        shares: of val and test, of the number of pictures; as near as whole sources allow.

    Raises:
        DetectorError: fewer than three sources, or a label is missing.
    """
    found = [e for part in SPLITS if (folder / "images" / part).is_dir() for e in examples(folder, part)]
    counts = Counter(e.source for e in found)
    if len(counts) < 3:
        raise DetectorError(
            f"{folder}: its pictures are from {len(counts)} sources, expected at least 3: a split is by source, so that "
            "no scene is on both sides. Harvest more recordings"
        )
    order = sorted(counts)
    random.Random(seed).shuffle(order)
    home: dict[str, str] = {}
    for part, share in (("val", shares[0]), ("test", shares[1])):
        wanted, got = share * len(found), 0
        while len(home) < len(order) - 1:
            left = [source for source in order if source not in home]
            fits = [source for source in left if counts[source] <= wanted - got]
            if wanted <= 0 or (got and not fits):
                break
            source = fits[0] if fits else min(left, key=counts.__getitem__)
            home[source] = part
            got += counts[source]
    for example in found:
        _move(folder, example, home.get(example.source, "train"))
    write_yaml(folder)
    return dict(Counter(home.get(e.source, "train") for e in found))


def deal(sources: Sequence[str], seed: int) -> dict[str, list[str]]:
    """Sources for the splits, about 7 : 1 : 1; with fewer than three all train, and the rest goes without."""
    order = list(sources)
    random.Random(seed).shuffle(order)
    if len(order) < 3:
        return {"train": order, "val": [], "test": []}
    part = max(1, len(order) // 9)
    return {"val": order[:part], "test": order[part : 2 * part], "train": order[2 * part :]}


def sheet(folder: Path, part: str, count: int, seed: int = 1) -> Image:
    """Some pictures of a split side by side, with their boxes."""
    found = examples(folder, part)
    chosen = random.Random(seed).sample(found, min(count, len(found)))
    cells = [np.asarray(cv2.resize(draw(*read_example(e)), (416, 416)), np.uint8) for e in chosen]
    wide = max(1, round(len(cells) ** 0.5))
    cells += [np.zeros((416, 416, 3), np.uint8)] * (-len(cells) % wide)
    rows = [np.hstack(cells[i : i + wide]) for i in range(0, len(cells), wide)]
    return np.asarray(np.vstack(rows), np.uint8)


def draw(image: Image, boxes: Sequence[Box]) -> Image:
    """A copy with boxes and class names."""
    picture = image.copy()
    for box in boxes:
        colour = colour_of(CLASSES[box.label])
        cv2.rectangle(picture, (round(box.x0), round(box.y0)), (round(box.x1) - 1, round(box.y1) - 1), colour, 1)
        at = (round(box.x0), max(9, round(box.y0) - 2))
        cv2.putText(picture, CLASSES[box.label], at, cv2.FONT_HERSHEY_SIMPLEX, 0.35, colour, 1, cv2.LINE_AA)
    return picture


def colour_of(label: str) -> tuple[int, int, int]:
    """A BGR colour of its own for each class."""
    n = CLASSES.index(label) if label in CLASSES else len(CLASSES)
    hue = np.full((1, 1, 3), (n * 180 // (len(CLASSES) + 1), 220, 255), np.uint8)
    blue, green, red = cv2.cvtColor(hue, cv2.COLOR_HSV2BGR)[0, 0]
    return int(blue), int(green), int(red)


def _with_sizes(found: Sequence[Example]) -> Iterator[tuple[tuple[int, int], Example]]:
    """Size of each picture; a set's pictures share few sizes, so that only one a source is decoded."""
    sizes: dict[str, tuple[int, int]] = {}
    for example in found:
        if example.source not in sizes:
            image, _ = read_example(example)
            sizes[example.source] = (image.shape[1], image.shape[0])
        yield sizes[example.source], example


def _move(folder: Path, example: Example, part: str) -> None:
    for kind, path in (("images", example.image), ("labels", example.label)):
        target = folder / kind / part / path.name
        if target != path:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _scaled(boxes: Sequence[Box], s: float) -> list[Box]:
    return [Box(b.label, b.x0 * s, b.y0 * s, b.x1 * s, b.y1 * s) for b in boxes]
