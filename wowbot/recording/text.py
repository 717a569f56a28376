"""JSON for recordings: compact, exact for every float, strict JSON also for inf and nan.

Python's float text is the shortest that reads back to the same bits, so numbers survive unchanged. Infinity and NaN are
not JSON; they stand as {"$float": "inf"}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from wowbot.core.errors import RecordingError

_MARK = "$float"
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False)


def dumps(value: Any) -> bytes:
    """UTF-8 JSON of plain values; tuples become lists, numpy scalars plain numbers.

    Raises:
        RecordingError: a value that has no JSON form.
    """
    try:
        return _ENCODER.encode(value).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError):
        try:
            return _ENCODER.encode(_plain(value)).encode("utf-8", "surrogatepass")
        except (ValueError, TypeError, RecursionError) as error:
            raise RecordingError(f"cannot be recorded: {error}; only JSON-able values can") from error


def loads(data: bytes | memoryview) -> Any:
    """The value `dumps` was given.

    Raises:
        RecordingError: not JSON.
    """
    raw = bytes(data)
    try:
        value = json.loads(raw.decode("utf-8", "surrogatepass"))
        return _marked(value) if _MARK.encode() in raw else value
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"broken text in the recording: {error}") from error


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {_MARK: repr(float(value))}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get(_MARK), str):
            return float(value[_MARK])
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item) for item in value]
    return value
