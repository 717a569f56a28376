"""Sets on disk: built, gone on with, counted, split by source; evaluation against hand-worked figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wowbot.core.detection import CLASSES, Detection
from wowbot.core.errors import DetectorError
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading
from wowbot.detector import dataset, evaluate
from wowbot.detector.classes import Box
from wowbot.detector.dataset import Plan, build, examples, read_example, shared_sources, sheet, split, stats
from wowbot.detector.harvest import body_under, label_frame, sure_plates

GREY = np.full((64, 64, 3), 90, np.uint8)


def write(folder: Path, part: str, source: str, count: int) -> None:
    for n in range(count):
        dataset.write_example(folder, part, f"{source}__{n:06d}", GREY, [Box(3, 10, 10, 30, 40)])


def test_a_built_set_has_its_splits_and_reads_back(tmp_path: Path) -> None:
    assert build(tmp_path, Plan((3, 2, 1), side=160, stored=96)) == 6
    assert [len(examples(tmp_path, part)) for part in dataset.SPLITS] == [3, 2, 1]
    image, boxes = read_example(examples(tmp_path, "train")[0])
    assert image.shape == (96, 96, 3)
    assert all(0 <= b.x0 < b.x1 <= 96.5 for b in boxes)
    text = (tmp_path / "data.yaml").read_text()
    assert "images/val" in text
    assert "8: player" in text


def test_building_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    build(tmp_path, Plan((2, 0, 0), side=128, stored=64))
    first = examples(tmp_path, "train")[0].image.read_bytes()
    told: list[int] = []
    assert build(tmp_path, Plan((4, 0, 0), side=128, stored=64), lambda done, total: told.append(done)) == 2
    assert told == [1, 2, 3, 4]
    assert examples(tmp_path, "train")[0].image.read_bytes() == first


def test_background_sources_never_serve_two_splits() -> None:
    dealt = dataset.deal([f"map{n}" for n in range(11)], seed=3)
    every = [source for part in dealt.values() for source in part]
    assert len(every) == len(set(every)) == 11
    assert all(dealt.values())


def test_a_split_keeps_each_source_on_one_side_and_comes_near_the_shares(tmp_path: Path) -> None:
    for n in range(10):
        write(tmp_path, "train", f"recording{n}", 4)
    counts = split(tmp_path, (0.2, 0.2), seed=1)
    assert counts == {"train": 24, "val": 8, "test": 8}
    assert shared_sources(tmp_path) == set()
    assert [len(examples(tmp_path, part)) for part in dataset.SPLITS] == [24, 8, 8]


def test_a_large_source_does_not_fill_a_small_share(tmp_path: Path) -> None:
    for source, count in {"long": 20, "a": 3, "b": 3, "c": 4}.items():
        write(tmp_path, "train", source, count)
    for seed in range(4):
        counts = split(tmp_path, (0.1, 0.1), seed)
        assert counts["train"] >= 20
        assert min(counts["val"], counts["test"]) >= 3


def test_a_source_on_two_sides_is_told(tmp_path: Path) -> None:
    write(tmp_path, "train", "pull", 2)
    write(tmp_path, "test", "pull", 0)
    dataset.write_example(tmp_path, "test", "pull__000009", GREY, [])
    assert shared_sources(tmp_path) == {"pull"}


def test_too_few_sources_cannot_be_split(tmp_path: Path) -> None:
    write(tmp_path, "train", "one", 5)
    with pytest.raises(DetectorError, match="from 1 sources"):
        split(tmp_path, (0.1, 0.1), seed=1)


def test_stats_count_objects_of_each_class(tmp_path: Path) -> None:
    write(tmp_path, "val", "pull", 3)
    told = stats(tmp_path)
    assert set(told) == {"val"}
    assert told["val"]["objects"]["enemy"] == 3
    assert told["val"]["median_side_px"] == pytest.approx((20 * 30) ** 0.5, abs=0.1)


def test_a_sheet_shows_pictures_with_boxes(tmp_path: Path) -> None:
    write(tmp_path, "train", "pull", 5)
    picture = sheet(tmp_path, "train", 4)
    assert picture.shape == (832, 832, 3)
    assert (picture.max(2).astype(int) - picture.min(2) > 60).any()


@pytest.mark.parametrize("broken", ["folder", "label", "line"])
def test_a_broken_set_is_refused_with_its_place(tmp_path: Path, broken: str) -> None:
    if broken != "folder":
        write(tmp_path, "train", "pull", 2)
        label = examples(tmp_path, "train")[0].label
        label.unlink() if broken == "label" else label.write_text("0 0.5 0.5 0.1 0.1\n3 nonsense\n")
    told = {"folder": "no pictures", "label": "no label file", "line": ":2:"}[broken]
    with pytest.raises(DetectorError, match=told):
        [read_example(e) for e in examples(tmp_path, "train")]


def box(x: float, label: str = "enemy", confidence: float = 1.0) -> Detection:
    return Detection(label, x, 0, x + 10, 10, confidence)


def judged(found: list[Detection], truths: list[Detection]) -> evaluate.Scored:
    scored = evaluate.Scored()
    evaluate.add(scored, found, truths)
    scored.pictures = 1
    return scored


@pytest.mark.parametrize(
    ("found", "ap50"),
    [
        ([box(0, confidence=0.9), box(100, confidence=0.8)], 1.0),
        ([], 0.0),
        ([box(0, confidence=0.9)], 51 / 101),
        ([box(50, confidence=0.9), box(0, confidence=0.8), box(100, confidence=0.7)], 2 / 3),
        ([box(0, confidence=0.9), box(0, confidence=0.8), box(100, confidence=0.7)], (51 + 50 * 2 / 3) / 101),
    ],
    ids=["all_right", "nothing", "half", "false_one_first", "one_told_twice"],
)
def test_average_precision_is_the_mean_of_the_best_precision_at_101_recalls(
    found: list[Detection], ap50: float
) -> None:
    told = evaluate.summary(judged(found, [box(0), box(100)]), 0.1)
    assert told["classes"]["enemy"]["ap50"] == pytest.approx(ap50, abs=1e-4)


def test_a_box_that_is_half_off_counts_at_50_and_not_at_95() -> None:
    told = evaluate.summary(judged([box(2)], [box(0)]), 0.1)["classes"]["enemy"]
    assert told["ap50"] == 1.0
    assert 0.0 < told["ap50_95"] < 0.6


def test_precision_recall_and_false_positives_count_at_the_threshold() -> None:
    told = evaluate.summary(judged([box(0, confidence=0.9), box(50, confidence=0.4)], [box(0), box(100)]), 0.5)
    assert (told["precision"], told["recall"], told["false_positives"]) == (1.0, 0.5, 0)
    told = evaluate.summary(judged([box(0, confidence=0.9), box(50, confidence=0.4)], [box(0), box(100)]), 0.3)
    assert (told["precision"], told["false_positives"]) == (0.5, 1)


def test_confusion_tells_what_was_taken_for_what(tmp_path: Path) -> None:
    table = evaluate.confusion(judged([box(0, "corpse"), box(50)], [box(0), box(100)]), 0.5)
    enemy, corpse, nothing = CLASSES.index("enemy"), CLASSES.index("corpse"), len(CLASSES)
    assert (table[enemy, corpse], table[nothing, enemy], table[enemy, nothing]) == (1, 1, 1)
    evaluate.confusion_picture(table, tmp_path / "c.png")
    assert (tmp_path / "c.png").stat().st_size > 1000


def plated(health: float, confidence: float = 0.9, **target: float) -> dict[str, Reading]:
    values = {"x": 200.0, "y": 100.0, "w": 120.0, "h": 12.0, "reaction": 2.0, "health.pct": health}
    readings = {f"nameplate.1.{leaf}": Reading(value, confidence) for leaf, value in values.items()}
    return readings | {f"target.{leaf.replace('_', '.')}": Reading(value) for leaf, value in target.items()}


def scene() -> np.ndarray:
    """A brown figure on grass, under a plate at (200, 100) that is 120 px wide."""
    rng = np.random.default_rng(4)
    image = np.clip(rng.normal((60, 130, 70), 6, (400, 520, 3)), 0, 255).astype(np.uint8)
    image[125:245, 235:285] = np.clip(rng.normal((40, 60, 170), 8, (120, 50, 3)), 0, 255).astype(np.uint8)
    return image


def test_a_sure_plate_labels_itself_and_an_unsure_one_does_not() -> None:
    assert [CLASSES[b.label] for b in label_frame(GREY, plated(60.0))] == ["nameplate_hostile"]
    assert label_frame(GREY, plated(60.0, confidence=0.5)) == []
    assert sure_plates(plated(60.0))[0][0] == Rect(200, 100, 120, 12)


def test_the_target_labels_the_body_under_its_plate() -> None:
    readings = plated(60.0, exists=1.0, reaction=2.0, health_pct=61.0, dead=0.0)
    boxes = label_frame(scene(), readings)
    assert [CLASSES[b.label] for b in boxes] == ["nameplate_hostile", "enemy"]
    assert boxes[1][1:] == pytest.approx((235, 125, 285, 245), abs=6)


@pytest.mark.parametrize(
    "target",
    [{"exists": 0.0}, {"dead": 1.0}, {"reaction": 5.0}, {"health_pct": 20.0}],
    ids=["none", "dead", "friendly", "another"],
)
def test_a_body_is_not_labelled_when_the_plate_is_not_surely_the_targets(target: dict[str, float]) -> None:
    facts = {"exists": 1.0, "reaction": 2.0, "health_pct": 60.0, "dead": 0.0} | target
    assert len(label_frame(scene(), plated(60.0, **facts))) == 1


def test_ground_of_one_colour_holds_no_body() -> None:
    assert body_under(np.full((400, 520, 3), 80, np.uint8), Rect(200, 100, 120, 12)) is None
