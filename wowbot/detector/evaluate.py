"""How good a model is on a labelled set: average precision, precision and recall a class, the confusion of classes.

Average precision is COCO's: the mean, over 101 recalls, of the best precision at that recall or a higher one
(https://cocodataset.org/#detection-eval); mAP50 at an overlap (IoU) of 0.5, mAP50-95 the mean over 0.5, 0.55 ... 0.95.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.detection import CLASSES, Detection, iou
from wowbot.core.frame import Image
from wowbot.detector.classes import Box
from wowbot.detector.dataset import Example, read_example

IOUS = tuple(round(0.5 + 0.05 * n, 2) for n in range(10))
LEAST = 0.01
"""Everything above it counts for average precision."""
Finder = Callable[[Image, float], list[Detection]]
"""Picture and least confidence in, detections out."""


@dataclass(slots=True)
class Scored:
    """All detections of a set against all labels of a set.

    Args:
        truths: labelled objects a class. rows: a class's (confidence, hit at each of IOUS).
        confusion: (classes + 1, classes + 1): labelled class by found class, the last = nothing.
        seconds: spent in the model. pictures: how many.
    """

    truths: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CLASSES, 0))
    rows: dict[str, list[tuple[float, tuple[bool, ...]]]] = field(default_factory=lambda: {c: [] for c in CLASSES})
    found: list[tuple[list[Detection], list[Detection]]] = field(default_factory=list)
    seconds: float = 0.0
    pictures: int = 0


def score(examples: Iterable[Example], find: Finder, tell: Callable[[int], object] | None = None) -> Scored:
    """Run a finder over a set."""
    scored = Scored()
    for example in examples:
        image, boxes = read_example(example)
        start = time.perf_counter()
        detections = find(image, LEAST)
        scored.seconds += time.perf_counter() - start
        scored.pictures += 1
        add(scored, detections, [as_detection(box) for box in boxes])
        if tell is not None:
            tell(scored.pictures)
    return scored


def as_detection(box: Box) -> Detection:
    """A label as a certain detection."""
    return Detection(CLASSES[box.label], box.x0, box.y0, box.x1, box.y1, 1.0)


def add(scored: Scored, detections: Sequence[Detection], truths: Sequence[Detection]) -> None:
    """Take one picture's detections and labels."""
    scored.found.append((list(detections), list(truths)))
    for label in {d.label for d in (*detections, *truths)}:
        ours = sorted((d for d in detections if d.label == label), key=lambda d: -d.confidence)
        theirs = [t for t in truths if t.label == label]
        scored.truths[label] = scored.truths.get(label, 0) + len(theirs)
        overlaps = [[iou(d, t) for t in theirs] for d in ours]
        hits = [_hits(overlaps, least) for least in IOUS]
        rows = scored.rows.setdefault(label, [])
        rows += [(d.confidence, tuple(hit[n] for hit in hits)) for n, d in enumerate(ours)]


def summary(scored: Scored, confidence: float) -> dict[str, Any]:
    """The figures of a set. Args: confidence: threshold for precision, recall and the false positives."""
    classes = {
        label: {"objects": scored.truths[label], **_at(scored, [label], confidence), **_averages(scored, label)}
        for label in scored.truths
        if scored.truths[label] or scored.rows.get(label)
    }
    judged = [row for row in classes.values() if row["objects"]]
    return {
        "pictures": scored.pictures,
        "confidence": confidence,
        "map50": _mean([row["ap50"] for row in judged]),
        "map50_95": _mean([row["ap50_95"] for row in judged]),
        **_at(scored, list(scored.truths), confidence),
        "ms_per_picture": round(1000 * scored.seconds / max(1, scored.pictures), 2),
        "classes": classes,
    }


def best_confidence(scored: Scored) -> float:
    """The threshold with the best F1 over all classes together, of 0.05, 0.1 ... 0.9.

    Those with a precision of at least one half are preferred: a false enemy costs a walk into nowhere, a missed one only
    the next look.
    """
    rows = {c: _at(scored, list(scored.truths), c) for c in (round(0.05 * n, 2) for n in range(1, 19))}
    sound = [c for c, row in rows.items() if (row["precision"] or 0.0) >= 0.5]
    return max(sound or rows, key=lambda c: _f1(rows[c]))


def confusion(scored: Scored, confidence: float) -> NDArray[np.int64]:
    """(classes + 1, classes + 1) counts: row the labelled class, column the found one, last = nothing."""
    table = np.zeros((len(CLASSES) + 1, len(CLASSES) + 1), np.int64)
    nothing = len(CLASSES)
    for detections, truths in scored.found:
        free = list(truths)
        for d in sorted((d for d in detections if d.confidence >= confidence), key=lambda d: -d.confidence):
            best = max(free, key=lambda t: iou(d, t), default=None)
            if best is not None and iou(d, best) >= 0.5:
                free.remove(best)
                table[CLASSES.index(best.label), CLASSES.index(d.label)] += 1
            else:
                table[nothing, CLASSES.index(d.label)] += 1
        for truth in free:
            table[CLASSES.index(truth.label), nothing] += 1
    return table


def confusion_picture(table: NDArray[np.int64], path: Path) -> None:
    """Draw the confusion as a PNG: rows labelled, columns found, shade by share of the row."""
    cell, margin, n = 64, 190, len(table)
    picture = np.full((margin + n * cell, margin + n * cell, 3), 255, np.uint8)
    names = (*CLASSES, "nothing")
    for i in range(n):
        at = (6, margin + i * cell + 38)
        cv2.putText(picture, names[i], at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
        cv2.putText(picture, names[i][:10], (margin + i * cell + 2, margin - 8 - 16 * (i % 3)),
                    cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1, cv2.LINE_AA)  # fmt: skip
        for j in range(n):
            share = table[i, j] / max(1, table[i].sum())
            x, y = margin + j * cell, margin + i * cell
            shade = (255, round(255 - 150 * share), round(255 - 230 * share))
            cv2.rectangle(picture, (x, y), (x + cell - 2, y + cell - 2), shade, -1)
            cv2.putText(picture, str(table[i, j]), (x + 8, y + 38), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    cv2.imwrite(str(path), picture)


def _hits(overlaps: Sequence[Sequence[float]], least: float) -> list[bool]:
    """For detections in order of confidence: whether each is the first to meet a label."""
    taken: set[int] = set()
    hits = []
    for row in overlaps:
        best = max((n for n in range(len(row)) if n not in taken and row[n] >= least), key=lambda n: row[n], default=-1)
        hits.append(best >= 0)
        if best >= 0:
            taken.add(best)
    return hits


def _averages(scored: Scored, label: str) -> dict[str, float | None]:
    rows = sorted(scored.rows.get(label, []), key=lambda row: -row[0])
    total = scored.truths[label]
    if not total:
        return {"ap50": None, "ap50_95": None}
    each = [_average([row[1][n] for row in rows], total) for n in range(len(IOUS))]
    return {"ap50": round(each[0], 4), "ap50_95": round(float(np.mean(each)), 4)}


def _average(hits: Sequence[bool], total: int) -> float:
    if not hits:
        return 0.0
    right = np.cumsum(hits)
    recall, precision = right / total, right / np.arange(1, len(hits) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(recall, np.linspace(0, 1, 101), side="left")
    return float(np.mean([best[p] if p < len(best) else 0.0 for p in places]))


def _at(scored: Scored, labels: Sequence[str], confidence: float) -> dict[str, Any]:
    rows = [row for label in labels for row in scored.rows.get(label, []) if row[0] >= confidence]
    right = sum(row[1][0] for row in rows)
    total = sum(scored.truths.get(label, 0) for label in labels)
    return {
        "precision": round(right / len(rows), 4) if rows else None,
        "recall": round(right / total, 4) if total else None,
        "false_positives": len(rows) - right,
    }


def _f1(row: dict[str, Any]) -> float:
    precision, recall = row["precision"] or 0.0, row["recall"] or 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return round(float(np.mean(known)), 4) if known else None
