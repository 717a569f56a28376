"""What a training picture goes through: it and its boxes move together; batches and their parts."""

from __future__ import annotations

import numpy as np
import pytest

from wowbot.detector.slim import slim_table
from wowbot.detector.trainer import LEAST_SIDE, collate, part_of, vary

SHARES = np.asarray([[4, 0.25, 0.5, 0.5, 0.75]], np.float32)


def picture() -> np.ndarray:
    """128x128, black, white where SHARES says."""
    image = np.zeros((128, 128, 3), np.uint8)
    image[64:96, 32:64] = 255
    return image


def test_boxes_follow_the_picture() -> None:
    for seed in range(30):
        image, rows = vary(np.random.default_rng(seed), picture(), SHARES, 96)
        image[abs(image.astype(int) - 114) < 25] = 0  # the margin
        ys, xs = np.nonzero(image[:, :, 0] >= 0.5 * image.max())
        assert image.shape == (96, 96, 3)
        assert rows[0, 1:] == pytest.approx((xs.min(), ys.min(), xs.max() + 1, ys.max() + 1), abs=1.0)


def test_a_picture_without_objects_stays_without() -> None:
    _, rows = vary(np.random.default_rng(1), picture(), np.zeros((0, 5), np.float32), 96)
    assert rows.shape == (0, 5)


def test_what_is_cut_off_or_tiny_is_no_label() -> None:
    shares = np.asarray([[1, 0.0, 0.0, 0.004, 0.004], [2, -0.4, 0.4, 0.02, 0.6]], np.float32)
    for seed in range(30):
        _, rows = vary(np.random.default_rng(seed), picture(), shares, 96)
        assert not len(rows) or (rows[:, 3:] - rows[:, 1:3]).min() >= LEAST_SIDE
        assert 1.0 not in rows[:, 0]


def test_a_batch_and_its_parts_keep_boxes_with_their_pictures() -> None:
    pytest.importorskip("torch")
    samples = [
        (np.full((32, 32, 3), n, np.uint8), np.asarray([[n, 0, 0, 8 * n, 16]] * n, np.float32)) for n in range(4)
    ]
    batch = collate(samples)
    assert batch["img"].shape == (4, 3, 32, 32)
    assert batch["batch_idx"].tolist() == [1, 2, 2, 3, 3, 3]
    second = part_of(batch, 2, 4)
    assert second["img"][0, 0, 0, 0] == 2
    assert second["batch_idx"].tolist() == [0, 0, 1, 1, 1]
    assert second["cls"].flatten().tolist() == [2, 2, 3, 3, 3]
    assert second["bboxes"][0].tolist() == pytest.approx([0.25, 0.25, 0.5, 0.5])


def test_slim_tells_of_objects_at_fine_strides() -> None:
    pytest.importorskip("ultralytics")
    from wowbot.detector.train import library

    library()
    from ultralytics.nn.tasks import DetectionModel

    model = DetectionModel(slim_table(), ch=3, verbose=False)
    assert model.stride.tolist() == [4, 8, 16]
    assert sum(p.numel() for p in model.parameters()) < 1e6
