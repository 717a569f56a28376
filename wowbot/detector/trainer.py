"""Ultralytics' trainer, made fast on a few processor cores: its own way to feed pictures, and to share a batch out.

Measured (Zen 5): where the processor multiplies bfloat16, half precision takes 20 pictures a second of processor time to 33.
Beside fourteen busy processes a batch on two threads, which wait for each other at each layer, made 11 pictures a second
where one thread alone made 23: so each thread takes a part of the batch, and they wait once a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.detector.dataset import Example, examples, read_boxes

ZOOM, SHIFT, LIGHT = (0.85, 1.3), 0.12, (0.8, 1.2)
"""Random scale, most shift (share of the side) and brightness of a training picture."""
LEAST_KEPT, LEAST_SIDE = 0.5, 2.0
"""A box of which less is left in the picture, or that is smaller in px, is no label any more."""
EPOCH = 2000
"""Pictures of an epoch at most, drawn anew each time: the rate of learning and the evaluation follow epochs, and a large set
on a slow machine would have too few of them."""
LEAST_PART = 8
"""Pictures a thread takes at least: fewer are too few for batch normalisation."""
Rows = NDArray[np.float32]


class Pictures:
    """A split held in memory as it lies on disk, decoded and varied when asked for.

    Args:
        found: its pictures. side: of the network's input, px. seed: of the variation.
    """

    def __init__(self, found: Sequence[Example], side: int, seed: int) -> None:
        self.side = side
        self._rng = np.random.default_rng(seed)
        self._data = [np.frombuffer(e.image.read_bytes(), np.uint8) for e in found]
        self._rows = [_shares(e) for e in found]

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, index: int) -> tuple[Image, Rows]:
        """A varied picture (side, side, 3) BGR and its boxes: class, x0, y0, x1, y1 in px."""
        image = np.asarray(cv2.imdecode(self._data[index], cv2.IMREAD_COLOR), np.uint8)
        return vary(self._rng, image, self._rows[index], self.side)


def vary(rng: np.random.Generator, image: Image, shares: Rows, side: int) -> tuple[Image, Rows]:
    """A picture scaled, shifted, perhaps mirrored and lit otherwise. Args: shares: class and corners, 0..1."""
    height, width = image.shape[:2]
    zoom = rng.uniform(*ZOOM)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    sx, sy = mirror * zoom * side / width, zoom * side / height
    dx, dy = (side / 2 + rng.uniform(-SHIFT, SHIFT, 2) * side).tolist()
    dx, dy = dx - sx * width / 2, dy - sy * height / 2
    centres = np.asarray(
        [[sx, 0, dx + sx / 2 - 0.5], [0, sy, dy + sy / 2 - 0.5]], np.float32
    )  # OpenCV's pixels are points
    out = cv2.warpAffine(image, centres, (side, side), flags=cv2.INTER_LINEAR, borderValue=(114, 114, 114))
    out = cv2.convertScaleAbs(out, alpha=rng.uniform(*LIGHT))
    rows = shares * np.asarray([1, width, height, width, height], np.float32)
    x, y = rows[:, [1, 3]] * sx + dx, rows[:, [2, 4]] * sy + dy
    whole = np.stack([rows[:, 0], x.min(1), y.min(1), x.max(1), y.max(1)], 1)
    cut = whole.copy()
    cut[:, 1:] = cut[:, 1:].clip(0, side)
    size, left = whole[:, 3:] - whole[:, 1:3], cut[:, 3:] - cut[:, 1:3]
    keep = (left.prod(1) >= LEAST_KEPT * size.prod(1)) & (left.min(1) >= LEAST_SIDE)
    return np.asarray(out, np.uint8), cut[keep].astype(np.float32)


def collate(samples: Sequence[tuple[Image, Rows]]) -> dict[str, Any]:
    """A batch as Ultralytics' losses want it."""
    import torch

    images = np.stack([image[:, :, ::-1] for image, _ in samples])
    side = images.shape[1]
    rows = np.concatenate([r for _, r in samples])
    number = np.repeat(np.arange(len(samples)), [len(r) for _, r in samples])
    centres, sizes = (rows[:, 1:3] + rows[:, 3:]) / 2, rows[:, 3:] - rows[:, 1:3]
    return {
        "img": torch.from_numpy(images).permute(0, 3, 1, 2),
        "cls": torch.from_numpy(rows[:, :1].copy()),
        "bboxes": torch.from_numpy(np.concatenate([centres, sizes], 1) / side),
        "batch_idx": torch.from_numpy(number.astype(np.float32)),
    }


def part_of(batch: dict[str, Any], first: int, last: int) -> dict[str, Any]:
    """The pictures first..last (exclusive) of a batch."""
    mine = (batch["batch_idx"] >= first) & (batch["batch_idx"] < last)
    rows = {key: batch[key][mine] for key in ("cls", "bboxes")}
    return {**rows, "img": batch["img"][first:last], "batch_idx": batch["batch_idx"][mine] - first}


def make_trainer(threads: int, split: str = "train") -> Any:
    """The trainer's class. Args: threads: of a processor, 0 = PyTorch's choice; split: of the set."""
    import torch
    from ultralytics.models.yolo.detect import DetectionTrainer

    shared_out = _shared_out()

    class Trainer(DetectionTrainer):  # type: ignore[misc]
        def get_dataloader(self, dataset_path: str, batch_size: int = 16, rank: int = 0, mode: str = "train") -> Any:
            if mode != "train":
                return super().get_dataloader(dataset_path, batch_size, rank, mode)
            found = examples(Path(self.data["path"]), split)
            pictures: Any = Pictures(found, self.args.imgsz, self.args.seed)
            some = torch.utils.data.RandomSampler(pictures, num_samples=min(len(pictures), EPOCH))
            return torch.utils.data.DataLoader(
                pictures, batch_size, sampler=some, collate_fn=collate, drop_last=len(pictures) > batch_size
            )

        def get_model(self, *args: Any, **kwargs: Any) -> Any:
            return super().get_model(*args, **kwargs).to(memory_format=torch.channels_last)

        def preprocess_batch(self, batch: Any) -> Any:
            batch = super().preprocess_batch(batch)
            batch["img"] = batch["img"].contiguous(memory_format=torch.channels_last)
            return batch

        def _setup_train(self) -> None:
            super()._setup_train()
            if self.device.type == "cpu":
                self.model: Any = shared_out(self.model, threads or torch.get_num_threads(), self.batch_size)

    return Trainer


def _shared_out() -> Any:
    """The class of the wrapper that shares a batch out to threads."""
    import torch

    half_precision = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()

    class SharedOut(torch.nn.Module):  # type: ignore[misc]
        """Each thread runs its part forward and backward; gradients add up in the parameters, as PyTorch allows."""

        def __init__(self, module: Any, threads: int, batch: int) -> None:
            super().__init__()
            self.module = module  # the name under which Ultralytics looks for what is wrapped
            self._parts = max(1, min(threads, batch // LEAST_PART))
            torch.set_num_threads(max(1, threads // self._parts))
            self._pool = ThreadPoolExecutor(self._parts)
            if getattr(module, "criterion", None) is None:
                module.criterion = module.init_criterion()

        def forward(self, batch: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            edges = np.linspace(0, len(batch["img"]), self._parts + 1).astype(int).tolist()
            parts = [part_of(batch, a, b) for a, b in pairwise(edges) if b > a]
            done = list(self._pool.map(self._learn, parts))
            total = torch.stack([loss for loss, _ in done]).sum()
            items = {key: torch.stack([row[key] for _, row in done]).mean(0) for key in done[0][1]}
            return total.requires_grad_(), items  # its gradients are there already

        def _learn(self, part: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            with torch.autocast("cpu", torch.bfloat16, enabled=half_precision):
                found = self.module(part["img"])
            criterion = deepcopy(self.module.criterion)  # it keeps notes about the batch it is at
            loss, items = criterion(_full(found), part)
            loss.sum().backward()
            return loss.detach().sum(), {key: value.detach() for key, value in items.items()}

    return SharedOut


def _full(found: Any) -> Any:
    """Outputs in float32: half precision is too coarse for the place of a box."""
    if isinstance(found, dict):
        return {key: _full(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_full(value) for value in found]
    return found.float() if hasattr(found, "float") else found


def _shares(example: Example) -> Rows:
    boxes = read_boxes(example, (1, 1))
    return np.asarray([list(box) for box in boxes], np.float32).reshape(-1, 5)
