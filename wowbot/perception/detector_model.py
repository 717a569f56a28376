"""Detector models at work: loaded with their card, checked, run on one thread, without PyTorch."""

from __future__ import annotations

import ast
import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from wowbot.config import user_dir
from wowbot.core.detection import CLASSES, Detection
from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.core.registry import Registry
from wowbot.perception.detector_card import Card, check_sum, find_model
from wowbot.perception.detector_heads import Floats, decode, head_of, letterbox, suppress, tiles

BACKENDS = Registry(
    "detector back-end",
    {
        "onnxruntime": "wowbot.perception.detector_model:onnx_engine",
        "openvino": "wowbot.perception.detector_model:openvino_engine",
    },
)
"""Each takes a path and gives an Engine."""
TILE_PX = 640
"""Side of the square of a 1080-line frame that a model without a card is shown at once."""


class Engine(NamedTuple):
    """A network that is ready to run.

    Args:
        input_shape: (1, 3, H, W). output_shape: of its first output. meta: what the exporter wrote into the file.
    """

    run: Callable[[Floats], Floats]
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    meta: Mapping[str, str]


class DetectorModel:
    """A loaded model. Not for two threads at once.

    Args:
        engine: the network.
        card: its classes, tile and threshold.
        name: for messages.
    """

    def __init__(self, engine: Engine, card: Card, name: str) -> None:
        self.card, self.name = card, name
        self.engine = engine
        self.head = head_of(engine.output_shape, len(card.classes))

    @property
    def classes(self) -> tuple[str, ...]:
        return self.card.classes

    def detect(
        self, image: Image, region: tuple[int, int, int, int] | None = None, least: float | None = None
    ) -> list[Detection]:
        """Everything found in a frame, best first.

        Args:
            image: BGR uint8 (H, W, 3).
            region: left, top, right, bottom in px: only there; None = everywhere.
            least: least confidence; None = the card's.
        """
        least = self.card.confidence if least is None else least
        box = region or (0, 0, image.shape[1], image.shape[0])
        side = round(self.card.tile_px * max(0.5, image.shape[0] / 1080.0))
        found = [self._tile(image, tile, least) for tile in tiles(box, side)]
        corners, scores, labels = (np.concatenate(parts) for parts in zip(*found, strict=True))
        keep = suppress(corners, scores, labels) if len(found) > 1 or self.head == "raw" else np.argsort(-scores)
        told = []
        for i in keep:
            x0, y0, x1, y1 = (float(v) for v in corners[i])
            told.append(Detection(self.classes[int(labels[i])], x0, y0, x1, y1, float(scores[i])))
        return told

    def infer(self, blob: Floats) -> Floats:
        """The bare network, for measuring: (1, 3, H, W) in, its first output out."""
        return self.engine.run(blob)

    def _tile(
        self, image: Image, tile: tuple[int, int, int, int], least: float
    ) -> tuple[Floats, Floats, np.ndarray[Any, np.dtype[np.intp]]]:
        x0, y0, x1, y1 = tile
        blob, fit = letterbox(np.ascontiguousarray(image[y0:y1, x0:x1]), self.card.input_wh)
        corners, scores, labels = decode(self.engine.run(blob), self.head, least)
        sound = (labels >= 0) & (labels < len(self.classes))
        corners, scores, labels = corners[sound], scores[sound], labels[sound]
        corners = (corners - (fit.pad_x, fit.pad_y, fit.pad_x, fit.pad_y)) / fit.scale
        corners[:, 0::2] = corners[:, 0::2].clip(0, x1 - x0) + x0
        corners[:, 1::2] = corners[:, 1::2].clip(0, y1 - y0) + y0
        return corners.astype(np.float32), scores, labels


def load_detector(
    name: str, backend: str = "onnxruntime", classes: Sequence[str] | None = CLASSES, tile_px: int | None = None
) -> DetectorModel:
    """Load a model by name (MODELS.toml) or path (.onnx; .pt where the train extra is installed).

    Args:
        backend: a name in BACKENDS.
        classes: the names it may use; None = any.
        tile_px: another tile side than the card's; 0 = the whole frame at once.

    Raises:
        DetectorError: no such model, a wrong checksum, a damaged file, dynamic axes, another class list.
        ConfigError: no such back-end.
    """
    path, card = find_model(name)
    make = BACKENDS.load(backend)
    if card is not None:
        check_sum(path, card)
    if path.suffix.lower() == ".pt":
        path = _exported(path)
    engine: Engine = make(path)
    input_wh = _input_wh(engine.input_shape, path)
    named = _named(engine.meta)
    if card is None:
        if not named:
            raise DetectorError(f"{path}: carries no class names and has no card. Write one: see models/MODELS.toml")
        card = Card(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), named, input_wh, TILE_PX)
    if named and named != card.classes:
        raise DetectorError(f"{path}: its classes are {_short(named)}, its card says {_short(card.classes)}")
    if card.input_wh != input_wh:
        raise DetectorError(f"{path}: its input is {input_wh[0]}x{input_wh[1]}, its card says {card.input_wh}")
    strange = [] if classes is None else [label for label in card.classes if label not in classes]
    if strange:
        raise DetectorError(
            f"{path}: is made for another class list: {_short(card.classes)}; {strange[0]!r} is none of "
            f"{', '.join(classes or ())}. Train one with `wowbot train`, or try this with `wowbot detect --any-classes`"
        )
    return DetectorModel(engine, card if tile_px is None else replace(card, tile_px=tile_px), name)


def onnx_engine(path: Path) -> Engine:
    """onnxruntime: one thread and no spinning, which is fastest beside a loop on busy cores (measured)."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions share no base class
        raise DetectorError(
            f"{path}: is no sound ONNX model ({path.stat().st_size} bytes; {_first_line(error)}). Copy or export it again"
        ) from error
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(float)":
        raise DetectorError(f"{path}: takes {len(inputs)} inputs of {inputs[0].type}, expected one of tensor(float)")
    key, wanted = inputs[0].name, [outputs[0].name]

    def run(blob: Floats) -> Floats:
        return np.asarray(session.run(wanted, {key: blob})[0], np.float32)

    shapes = [_fixed(tuple(part.shape), path) for part in (inputs[0], outputs[0])]
    return Engine(run, shapes[0], shapes[1], dict(session.get_modelmeta().custom_metadata_map))


def openvino_engine(path: Path) -> Engine:
    """OpenVINO (extra `openvino`): float32, because its own choice of precision depends on the processor."""
    try:
        import openvino
    except ImportError as error:
        raise DetectorError("the back-end openvino is not installed: pip install 'wowbot[openvino]'") from error
    core = openvino.Core()
    try:
        model = core.read_model(str(path))
        settings = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        shapes = [_fixed(tuple(d.get_length() if d.is_static else None for d in part.partial_shape), path)
                  for part in (model.inputs[0], model.outputs[0])]  # fmt: skip
        compiled = core.compile_model(model, "CPU", settings)
    except RuntimeError as error:
        raise DetectorError(f"{path}: OpenVINO cannot load it ({_first_line(error)}). Export it again") from error

    def run(blob: Floats) -> Floats:
        return np.asarray(compiled(blob)[0], np.float32)

    return Engine(run, shapes[0], shapes[1], {})


def _fixed(shape: tuple[Any, ...], path: Path) -> tuple[int, ...]:
    if any(not isinstance(n, int) or n <= 0 for n in shape):
        told = "x".join(str(n) for n in shape)
        raise DetectorError(f"{path}: has dynamic axes ({told}), expected fixed sizes. Export it with dynamic=False")
    return shape


def _input_wh(shape: tuple[int, ...], path: Path) -> tuple[int, int]:
    if len(shape) != 4 or shape[:2] != (1, 3) or min(shape[2:]) < 32:
        raise DetectorError(f"{path}: takes {'x'.join(map(str, shape))}, expected 1x3xHxW: one BGR picture at a time")
    return shape[3], shape[2]


def _named(meta: Mapping[str, str]) -> tuple[str, ...]:
    """Class names as Ultralytics writes them: a printed dictionary."""
    try:
        names = ast.literal_eval(meta.get("names", ""))
        return tuple(str(names[i]) for i in range(len(names)))
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError):
        return ()


def _exported(path: Path) -> Path:
    """An ONNX copy of PyTorch weights, made once and kept in the user's folder."""
    kept = user_dir() / "models" / "exported" / f"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.onnx"
    if kept.is_file():
        return kept
    try:
        from ultralytics import YOLO
    except ImportError as error:
        raise DetectorError(
            f"{path}: PyTorch weights need the train extra: pip install 'wowbot[train]', or give an .onnx export"
        ) from error
    try:
        made = Path(YOLO(str(path)).export(format="onnx", dynamic=False, imgsz=320))
    except Exception as error:  # a damaged file fails in as many ways as there are layers below
        raise DetectorError(f"{path}: cannot be exported ({_first_line(error)})") from error
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, kept)  # the weights may lie on another disk
    return kept


def _short(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (f" ... ({len(names)})" if len(names) > 6 else "")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
