"""Training with Ultralytics (extra `train`): from scratch or from weights, resumed after a crash, stopped when it stalls.

Ultralytics is AGPL-3.0. It is a tool that is used here, not a part of the runtime, which needs only the exported ONNX.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wowbot.core.errors import DetectorError
from wowbot.detector.slim import slim_table
from wowbot.detector.trainer import make_trainer

INSTALL = "pip install -c constraints-cpu.txt 'wowbot[train]' (without the constraints file for a GPU)"
MODELS = ("slim", "yolo11n", "yolo26n", "yolov8n")


@dataclass(frozen=True, slots=True)
class Job:
    """One training.

    Args:
        data: a set made by `wowbot dataset build`.
        model: one of MODELS (from scratch), or a path: .yaml from scratch, .pt goes on from those weights.
        run: folder for weights and logs; weights/last.pt and weights/best.pt appear in it.
        hours: end after so long, whatever the epochs; 0 = no limit.
        patience: end after so many epochs without a better one; 0 = never.
        resume: go on with an interrupted training of this folder.
    """

    data: Path
    model: str = "slim"
    run: Path = Path("out/train")
    epochs: int = 100
    hours: float = 0.0
    imgsz: int = 320
    batch: int = 16
    patience: int = 20
    device: str = "cpu"
    threads: int = 0
    seed: int = 1
    resume: bool = False


def train(job: Job) -> Path:
    """Train; returns the best weights.

    Raises:
        DetectorError: the train extra is missing, there is no data, or nothing to resume.
    """
    data, last = job.data / "data.yaml", job.run / "weights" / "last.pt"
    if not data.is_file():
        raise DetectorError(f"{data}: not found. Make a set with `wowbot dataset build --out {job.data}`")
    if job.resume and not last.is_file():
        raise DetectorError(f"{last}: not found, there is nothing to resume. Train without --resume")
    ultralytics = library()
    trainer = make_trainer(job.threads)
    if job.resume:
        ultralytics.YOLO(str(last)).train(trainer=trainer, resume=True, device=job.device)
    else:
        model = ultralytics.YOLO(_model_file(job))
        model.train(trainer=trainer, **_settings(job, data))
    best = job.run / "weights" / "best.pt"
    if not best.is_file() and not last.is_file():
        raise DetectorError(f"{job.run}: the training wrote no weights: it ended before its first epoch was over")
    return best if best.is_file() else last


def library() -> Any:
    """Ultralytics, told to stay offline, with a torchvision that works.

    Raises:
        DetectorError: the train extra is missing.
    """
    os.environ.setdefault("YOLO_OFFLINE", "1")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    try:
        from wowbot.detector.torchvision_shim import ensure_torchvision

        ensure_torchvision()
        import ultralytics
    except ImportError as error:
        raise DetectorError(f"training needs PyTorch and Ultralytics ({error}): {INSTALL}") from error
    return ultralytics


def export(weights: Path, out: Path, imgsz: int) -> Path:
    """Write weights as ONNX with fixed sizes.

    Args:
        out: the .onnx file to write.
        imgsz: side of the square input, px.

    Raises:
        DetectorError: no such weights, or they cannot be exported.
    """
    if not weights.is_file():
        raise DetectorError(f"{weights}: no such weights. Give a .pt file, e.g. out/train/weights/best.pt")
    ultralytics = library()
    try:
        made = Path(
            ultralytics.YOLO(str(weights)).export(
                format="onnx", imgsz=imgsz, dynamic=False, simplify=True, device="cpu"
            )
        )
    except Exception as error:  # any layer below may refuse a damaged file, each in its own way
        raise DetectorError(f"{weights}: cannot be exported ({type(error).__name__}: {error})") from error
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, out)  # the weights may lie on another disk
    return out


def _settings(job: Job, data: Path) -> dict[str, Any]:
    """What Ultralytics is told.

    Its augmentation is not used (`trainer.Pictures` is). `nbs` is the batch: its default of 64 would gather four batches
    for each step of the optimizer, a quarter of the steps in a short training.
    """
    settings: dict[str, Any] = {
        "data": str(data), "epochs": job.epochs, "imgsz": job.imgsz, "batch": job.batch, "patience": job.patience,
        "device": job.device, "seed": job.seed, "project": str(job.run.resolve().parent), "name": job.run.name,
        "exist_ok": True, "workers": 0, "amp": job.device != "cpu", "plots": False, "nbs": job.batch, "close_mosaic": 0,
        "optimizer": "AdamW", "lrf": 0.01, "cos_lr": True, "warmup_epochs": 0.5, "warmup_bias_lr": 0.0,
        "weight_decay": 0.0005, "lr0": 0.001 if job.model.endswith(".pt") else 0.002,  # from weights it goes on gently
    }  # fmt: skip
    return settings | ({"time": job.hours} if job.hours > 0 else {})


def _model_file(job: Job) -> str:
    """What Ultralytics is given: one of its own files, a path, or the table of `slim`."""
    if job.model not in MODELS:
        if not Path(job.model).is_file():
            raise DetectorError(
                f"no model {job.model!r}; known: {', '.join(MODELS)}, or the path of a .yaml or .pt file"
            )
        return job.model
    if job.model != "slim":
        return f"{job.model}.yaml"
    from ultralytics.utils import YAML

    job.run.mkdir(parents=True, exist_ok=True)
    path = job.run / "slim.yaml"
    YAML.save(path, slim_table())
    return str(path)
