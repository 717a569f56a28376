"""Older recordings, brought to today's schema by pure steps, one version at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wowbot.core.errors import RecordingError
from wowbot.recording.schema import SCHEMA

Step = Callable[[str, dict[str, Any]], dict[str, Any]]
"""(topic, message in the old schema) -> message in the next one."""

STEPS: Mapping[int, Step] = {}
"""version -> the step from it to the next. Empty: there has been one schema so far."""


def migrated(version: int, topic: str, message: Any, steps: Mapping[int, Step] = STEPS, to: int = SCHEMA) -> Any:
    """The message in schema `to`.

    Raises:
        RecordingError: written by a newer wowbot, or by one too old to be known.
    """
    if version > to:
        raise RecordingError(
            f"the recording has schema {version}, this wowbot reads up to {to}: install a newer wowbot to read it"
        )
    for old in range(version, to):
        if old not in steps:
            raise RecordingError(f"the recording has schema {version}, which is not known; known are 1 to {to}")
        message = steps[old](topic, message)
    return message
