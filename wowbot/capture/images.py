"""One tolerant image-file loader: every format the command line takes, as BGR uint8, or one clear error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.errors import CaptureError
from wowbot.core.frame import Image

MAX_PIXELS = 40_000_000
"""Above an 8K frame (33 megapixels) no client window can be meant."""

MOST_CLEAR = 0.01
"""Share of a screenshot's pixels that may be transparent: a window's rounded corners are."""

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
)


def load_image(path: Path | str) -> Image:
    """Read a picture file: PNG, JPEG, GIF (first frame), WebP, BMP; 8 or 16 bit, grey, with or without alpha.

    Alpha is dropped, not blended: a screenshot's hidden pixels are still what the client drew.

    Args:
        path: the file.

    Returns:
        BGR uint8, shape (H, W, 3), read-only.

    Raises:
        CaptureError: missing, unreadable, truncated, not a picture, or larger than an 8K frame.
    """
    path = Path(path)
    return _converted(_raw(path), path)


def load_screenshot(path: Path | str) -> Image:
    """The same for what must be a game window as it was drawn, from whose colours values are read.

    Raises:
        CaptureError: also for 16 bits a channel (an HDR capture: bright colours are squeezed), and for a picture with
            transparent parts (cut out or drawn over by an editor).
    """
    path = Path(path)
    raw = _raw(path)
    if raw.dtype != np.uint8:
        raise CaptureError(
            f"{path}: has {8 * raw.dtype.itemsize} bits a channel, expected 8: an HDR capture or an edited picture, whose "
            "colours are not the client's. Switch HDR off and take it again, or save it with 8 bits"
        )
    clear = float((raw[..., 3] < 255).mean()) if raw.ndim == 3 and raw.shape[2] == 4 else 0.0
    if clear > MOST_CLEAR:
        raise CaptureError(
            f"{path}: {clear:.0%} of it is transparent, expected a game window as it was drawn. Crop it to the window, or "
            "save it without transparency"
        )
    return _converted(raw, path)


def to_bgr8(raw: NDArray[Any]) -> Image:
    """Any decoded picture as BGR uint8: 16 bit scaled down, float 0..1 scaled up, grey spread, alpha dropped.

    Raises:
        ValueError: not a picture's shape or type.
    """
    if raw.ndim == 2:
        raw = raw[:, :, None]
    if raw.ndim != 3 or raw.shape[2] not in (1, 2, 3, 4) or 0 in raw.shape:
        raise ValueError(f"found an array of shape {raw.shape}, expected (H, W), or (H, W, C) with 1 to 4 channels")
    if raw.dtype == np.uint16:
        raw = (raw >> 8).astype(np.uint8)
    elif raw.dtype.kind == "f":
        raw = (np.clip(np.nan_to_num(raw), 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    elif raw.dtype != np.uint8:
        raise ValueError(f"found {raw.dtype} pixels, expected uint8, uint16 or float")
    if raw.shape[2] <= 2:
        raw = np.repeat(raw[:, :, :1], 3, axis=2)
    image: Image = np.ascontiguousarray(raw[:, :, :3])
    image.flags.writeable = False
    return image


def _kind(data: bytes) -> str:
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    return "WebP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _truncation(data: bytes, kind: str) -> str:
    """What is missing at the end; "" where the file is whole. Decoders fill a missing part with grey silently."""
    if kind == "PNG" and b"IEND" not in data[-64:]:
        return "its IEND chunk is missing"
    if kind == "JPEG" and b"\xff\xd9" not in data[-4096:]:
        return "its end marker is missing"
    if kind == "GIF" and not data.rstrip(b"\0").endswith(b"\x3b"):
        return "its trailer is missing"
    if kind == "WebP" and len(data) < int.from_bytes(data[4:8], "little") + 8:
        return f"{int.from_bytes(data[4:8], 'little') + 8 - len(data)} bytes are missing"
    return ""


def _check_header_size(data: bytes, kind: str, path: Path) -> None:
    """Refuse a giant before it is decoded; only PNG and GIF state their size at a fixed place."""
    if kind == "PNG" and len(data) >= 24:
        width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    elif kind == "GIF" and len(data) >= 10:
        width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    else:
        return
    _check_size(width, height, path)


def _check_size(width: int, height: int, path: Path) -> None:
    if width * height > MAX_PIXELS:
        raise CaptureError(
            f"{path}: is {width}x{height}, {width * height / 1e6:.0f} megapixels; "
            f"expected one client window of at most {MAX_PIXELS / 1e6:.0f}. Crop it to the game window"
        )


def _raw(path: Path) -> NDArray[Any]:
    """The decoded file, of any depth and number of channels."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaptureError(f"{path}: cannot be read ({error.strerror}). Give the path of a screenshot") from error
    kind = _kind(data)
    if not kind:
        raise CaptureError(f"{path}: is not a PNG, JPEG, GIF, WebP or BMP picture ({len(data)} bytes). Save it as PNG")
    cut = _truncation(data, kind)
    if cut:
        raise CaptureError(f"{path}: the {kind} file is truncated ({cut}). Copy or take the screenshot again")
    _check_header_size(data, kind, path)
    try:
        raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise CaptureError(f"{path}: the {kind} file cannot be decoded ({error.err}). Save it again as PNG") from error
    if raw is None:
        raise CaptureError(f"{path}: the {kind} file cannot be decoded: it is damaged. Take the screenshot again")
    _check_size(raw.shape[1], raw.shape[0], path)
    return raw


def _converted(raw: NDArray[Any], path: Path) -> Image:
    try:
        return to_bgr8(raw)
    except ValueError as error:
        raise CaptureError(f"{path}: {error}") from error
