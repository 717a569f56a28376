"""How right a detector is on whole frames: a labelled set, and labelled screenshots of the real game."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wowbot.core.detection import Detection, iou
from wowbot.core.errors import CaptureError
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.perception.detector_model import DetectorModel

NEAR = 0.5
"""Least overlap (IoU) of a hit."""


def on_set(model: DetectorModel, folder: Path, split: str, confidence: float | None) -> dict[str, Any]:
    """Precision and recall of each class on a labelled set, in tiles as in play."""
    from wowbot.detector import evaluate
    from wowbot.detector.dataset import examples

    scored = evaluate.score(examples(folder, split), lambda image, least: model.detect(image, least=least))
    best = evaluate.best_confidence(scored)
    told = evaluate.summary(scored, model.card.confidence if confidence is None else confidence)
    curve = {f"{c:.2f}": evaluate.summary(scored, c)["classes"] for c in (0.05, 0.1, 0.2, 0.3, 0.5)}
    return told | {"best_confidence_here": best, "curve": curve}


def on_screens(model: DetectorModel, folder: Path, confidence: float | None, layout: str | None) -> dict[str, Any]:
    """Nameplates of labelled screenshots beside the colour-rule reader, and everything the model claims to see.

    Args:
        layout: "auto" leaves out what lies on the stock HUD where one is found, as the loop does; None = nothing.
    """
    from wowbot.calibration.teach import read_screens
    from wowbot.capture.images import load_image
    from wowbot.cli.detect import Shot, hud_finder
    from wowbot.perception.hudmask import in_world

    hud = hud_finder(layout)

    rows = {"detector": Counter[str](), "colour_rule": Counter[str]()}
    claims: Counter[str] = Counter()
    frames, unreadable = 0, list[str]()
    for screen in read_screens(folder):
        if screen.row["kind"] == "sequence" or screen.path.suffix.lower() == ".gif":
            continue
        try:
            image = load_image(screen.path)
        except CaptureError as error:
            unreadable.append(str(error))
            continue
        masks = hud(Shot(screen.path, 0, image, True))
        found = in_world(model.detect(image, least=confidence), masks)
        by_rule = in_world(colour_rule(image, str(screen.row["era"])), masks)
        frames += 1
        claims.update(d.label for d in found)
        ours = [plate_of(d) for d in found if d.label.startswith("nameplate")]
        rows["detector"]["claims"] += len(ours)
        rows["colour_rule"]["claims"] += len(by_rule)
        labelled = screen.label.get("nameplates")
        if labelled is None:
            continue
        truths = [plate(p["bbox"]) for p in labelled]
        complete = not labelled or bool(
            screen.label.get("nameplates_complete") or all(p.get("complete") for p in labelled)
        )
        _count(rows["detector"], ours, truths, complete)
        _count(rows["colour_rule"], by_rule, truths, complete)
    told = {name: dict(row) | _shares(row) for name, row in rows.items()}
    return {"frames": frames, "layout": layout, "unreadable": unreadable, "claims_by_class": dict(claims), **told}


def plate(bbox: Sequence[float]) -> Detection:
    """A labelled box as a detection."""
    x, y, w, h = bbox
    return Detection("nameplate", x, y, x + w, y + h, 1.0)


def plate_of(found: Detection) -> Detection:
    """Any kind of nameplate as one class: the labels' colours are those of addons too."""
    return found._replace(label="nameplate")


def colour_rule(image: Image, index_era: str) -> list[Detection]:
    """What the HUD's own nameplate reader finds with the sizes of that era."""
    from wowbot.cli.bench.cases import era_of
    from wowbot.hud.stock import nameplate_options
    from wowbot.perception.pipeline import HudPerception

    era, size = era_of(index_era), (image.shape[1], image.shape[0])
    region = Region(Rect(0, 0, *size), "nameplates", nameplate_options("wotlk" if era == "other" else era, size))
    perception = HudPerception(Layout("plates", "plates", era, size, 1.0, {"nameplates": region}))
    readings = perception.observe(Frame(0, 0, image, "screen"), ()).readings
    plates, n = [], 1
    while f"nameplate.{n}.x" in readings:
        values = [readings[f"nameplate.{n}.{axis}"].value for axis in "xywh"]
        plates.append(plate([float(v) for v in values if isinstance(v, float)]))
        n += 1
    return plates


def _count(row: Counter[str], found: list[Detection], truths: list[Detection], complete: bool) -> None:
    """Hits and misses; false positives only where every plate of the picture is labelled."""
    free, hits = list(truths), 0
    for d in sorted(found, key=lambda d: -d.confidence):
        best = max(free, key=lambda t: iou(d, t), default=None)
        if best is not None and iou(d, best) >= NEAR:
            free.remove(best)
            hits += 1
    row["frames"] += 1
    row["labelled"] += len(truths)
    row["hits"] += hits
    if complete:
        row["complete_frames"] += 1
        row["false_positives"] += len(found) - hits
        row["hits_on_complete_frames"] += hits


def _shares(row: Counter[str]) -> dict[str, float | None]:
    told = row["hits_on_complete_frames"] + row["false_positives"]
    return {
        "recall": round(row["hits"] / row["labelled"], 3) if row["labelled"] else None,
        "precision": round(row["hits_on_complete_frames"] / told, 3) if told else None,
    }


def set_text(told: dict[str, Any]) -> list[str]:
    """For people."""
    lines = [
        f"{told['pictures']} labelled frames at confidence {told['confidence']}, {told['ms_per_picture']} ms a frame"
    ]
    for label, row in told["classes"].items():
        if row["objects"]:
            lines.append(
                f"  {label:<20} {row['objects']:4} objects  precision {_pct(row['precision'])}  "
                f"recall {_pct(row['recall'])}  AP50 {_pct(row['ap50'])}"
            )
        else:
            lines.append(f"  {label:<20}    0 objects  {row['false_positives']} false positives")
    return lines


def screens_text(told: dict[str, Any]) -> list[str]:
    """For people."""
    claims = ", ".join(f"{k} {v}" for k, v in sorted(told["claims_by_class"].items())) or "nothing"
    lines = [f"{told['frames']} real screenshots; the detector claims: {claims}", "nameplates at 0.5 IoU:"]
    lines[0] += "; what lies on the stock HUD is left out" if told["layout"] else ""
    lines[0] += f"; {len(told['unreadable'])} files cannot be read" if told["unreadable"] else ""
    for name in ("detector", "colour_rule"):
        row = told[name]
        lines.append(
            f"  {name:<12} recall {_pct(row['recall'])} of {row['labelled']}, precision {_pct(row['precision'])}, "
            f"{row['false_positives']} false positives on {row['complete_frames']} completely labelled frames, "
            f"{row['claims']} claims on all {told['frames']}"
        )
    return lines


def _pct(share: float | None) -> str:
    return "   n/a" if share is None else f"{100 * share:5.1f}%"
