"""PP-OCR's line recogniser on onnxruntime directly: one crop in, one line of text out, one thread.

The model file and its alphabet come in rapidocr's wheel (Apache-2.0); nothing is downloaded. Loading takes about 0.25 s
and happens at the first crop. Input: 48 rows, three channels of -1..1; output: CTC scores a time step, blank first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import WowbotError
from wowbot.core.frame import Image
from wowbot.core.memory import give_back
from wowbot.perception.namelook import name_line
from wowbot.perception.texts import plane

ROWS = 48
LEVEL_SURE = 0.95
"""A level that is surer than this at the plain look needs no other: of 336 real ones, damaged copies among them, 1 was wrong
so, 5 when 0.6 was enough."""
DOUBT = 0.5
"""What is left of its confidence to a name that something covers at an end, where the rest reads as clearly as a whole one,
and to one that reads otherwise when it is enlarged otherwise: 21 of 39 wrong ones and 7 of 561 right ones did."""
MAX_COLUMNS = 1600
NUMBER_ALPHABET = "0123456789/%.,:-+KMBkmb() "
LEVEL_ALPHABET = "0123456789?+"
KEY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-=[]\\;',./`+*⇧"


def recognise(crop: Image, kind: str, mode: str) -> tuple[str, float]:
    """The line of text on a crop.

    Args:
        crop: BGR uint8, one line of text.
        kind: see TextKind; numbers, levels and counts are read with their alphabet only.
        mode: see TextMode.

    Returns:
        Text, stripped, and the probability of its weakest character; ("", 0.0) when nothing is there.
    """
    if crop.shape[0] < 4 or crop.shape[1] < 3:
        return "", 0.0
    if kind == "name":
        line = name_line(crop, mode)
        text, sure = read_twice(line.gray, lambda gray: _engine().read(gray, ""))
        return text, DOUBT * sure if line.covered else sure
    gray = plane(crop, mode)
    read = _engine().read(gray, _alphabet(kind))
    if kind != "level" or (read[1] >= LEVEL_SURE and not _is_ring(read[0])):
        return read
    return settled([read, *(_engine().read(look, _alphabet(kind)) for look in _other_looks(gray))])


def read_twice(gray: Image, read: Callable[[Image], tuple[str, float]]) -> tuple[str, float]:
    """A name, and how sure it is: small letters that are enlarged in two ways must come out the same.

    Args:
        gray: uint8 (H, W), one line of text.
        read: recognises one line: its text, and the probability of its weakest character.
    """
    text, sure = read(gray)
    if sure < DOUBT or gray.shape[0] >= ROWS:
        return text, sure
    again, _ = read(np.asarray(cv2.resize(gray, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC), np.uint8))
    return text, sure if again == text else DOUBT * sure


def _other_looks(gray: Image) -> list[Image]:
    """The same text with less and with more room round it: a level's ring, or too close a cut, is read as a digit."""
    height, width = gray.shape[:2]
    looks = [np.ascontiguousarray(gray[:, width // 6 : width - width // 6])]
    for room in (8, 4):
        y, x = height // room, width // (room // 2)
        looks.append(np.asarray(cv2.copyMakeBorder(gray, y, y, x, x, cv2.BORDER_REPLICATE), np.uint8))
    return looks


def settled(looks: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The text that most looks agree on, with the surest of their probabilities; halved where none agrees with another.

    Looks that see but the ring have no vote.

    Args:
        looks: text and the probability of its weakest character, the plain look first.
    """
    votes = Counter(text for text, _ in looks if text and not _is_ring(text))
    if not votes:
        return "", 0.0
    text, count = max(votes.items(), key=lambda v: (v[1], max(sure for t, sure in looks if t == v[0])))
    sure = max(sure for t, sure in looks if t == text)
    return text, sure if count > 1 else 0.5 * sure


def _is_ring(text: str) -> bool:
    """Whether a level's text is the ring round it: a narrow 1 in its middle is overlooked, and no level begins with 0."""
    return text.startswith("0")


def _alphabet(kind: str) -> str:
    if kind == "number":
        return NUMBER_ALPHABET
    if kind in ("level", "count"):
        return LEVEL_ALPHABET
    if kind == "hotkey":
        return KEY_ALPHABET
    return ""


def model_file() -> Path:
    """The recogniser inside rapidocr's wheel.

    Raises:
        WowbotError: rapidocr or its model is not installed.
    """
    spec = find_spec("rapidocr")
    found = sorted((Path(spec.origin).parent / "models").glob("*rec*.onnx")) if spec and spec.origin else []
    if not found:
        raise WowbotError(
            "the text model is missing: expected *rec*.onnx in the rapidocr package; pip install rapidocr"
        )
    return found[-1]


class Engine:
    """The loaded model.

    Args:
        path: ONNX file whose metadata `character` lists the alphabet, one character a line.
    """

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it doubles whenever a longer line than all before needs a little more
        self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        letters = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._letters = ["", *letters, " "]
        self._masks: dict[str, NDArray[np.intp]] = {}
        give_back()

    def read(self, gray: Image, alphabet: str) -> tuple[str, float]:
        """Recognise one line; `alphabet` "" allows every character of the model."""
        scores = self._session.run(None, {self._input: _tensor(gray)})[0][0]
        if not alphabet:
            return self._decode(scores.argmax(1), scores.max(1))
        allowed = self._allowed(alphabet)
        part = scores[:, allowed]
        return self._decode(allowed[part.argmax(1)], part.max(1))

    def _allowed(self, alphabet: str) -> NDArray[np.intp]:
        if alphabet not in self._masks:
            self._masks[alphabet] = np.array([0, *(i for i, c in enumerate(self._letters) if c and c in alphabet)])
        return self._masks[alphabet]

    def _decode(self, best: NDArray[np.intp], scores: NDArray[np.float32]) -> tuple[str, float]:
        keep = best != 0
        keep[1:] &= best[1:] != best[:-1]
        text = "".join(self._letters[i] if i < len(self._letters) else "" for i in best[keep])
        solid = keep & np.array([self._letters[i] != " " if i < len(self._letters) else False for i in best])
        return text.strip(), float(scores[solid].min()) if solid.any() else 0.0


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(model_file())


def _tensor(gray: Image) -> NDArray[np.float32]:
    columns = min(MAX_COLUMNS, max(ROWS // 2, math.ceil(gray.shape[1] * ROWS / gray.shape[0])))
    line = cv2.resize(gray, (columns, ROWS), interpolation=cv2.INTER_LINEAR)
    scaled = line.astype(np.float32) / np.float32(127.5) - np.float32(1)
    return np.repeat(scaled[None, None], 3, axis=1)
