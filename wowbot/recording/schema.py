"""What stands at the head of a recording, and the names and numbers of its format.

A recording is an unchunked MCAP file (https://mcap.dev/spec). Every message body is
`version u8, coding u8, reserved u16, crc32 u32` (little-endian; the CRC is of what follows) and then the data:
JSON, plain or zstd-compressed, or for `frame` the coded pixels.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from wowbot.core.layout import Layout

SCHEMA = 1
"""Raise it when the meaning of a message changes, and add the step from the old one to recording/migrate.py."""
LIBRARY = "wowbot"

TOPICS = ("header", "config", "segment", "frame", "tick", "marker", "note", "end")
"""header: once, first. config: a profile or layout that comes into force. segment: a place where reading can start, with
the snapshots. frame, tick: as named. marker: set by a person. note: anything else (model turns). end: the closing count."""

Kind = Literal["live", "window", "sim", "images"]

_PACKAGES = ("wowbot", "numpy", "opencv-python", "onnxruntime", "rapidocr", "mss", "mcap", "zstandard")


@dataclass(frozen=True, slots=True)
class ProfileText:
    """A profile as it was in force: the texts of its TOML and its action list."""

    id: str
    name: str
    toml: str
    rules: str


@dataclass(frozen=True, slots=True)
class SimFacts:
    """All the simulator needs to show the same pixels again, given the recorded actions."""

    scenario: str
    seed: int
    size_wh: tuple[int, int]
    era: str
    hz: float
    ui_scale: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """Anything more its session takes."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a recording comes from.

    Args:
        kind: "live" the agent on a window, "window" a window without the agent, "sim" the training ground, "images".
        source: name of the window or source, for people.
        frames: which frames were chosen, see choice.py.
        masked: groups of regions blanked at the source.
        profile, layout: in force at the start; changes follow as config messages.
        sim: only for kind "sim".
        icons: (name, PNG as base64) of the learned icons, so that another machine can tell them apart too; None = the
            training ground's own.
        versions: of the packages that took part.
        platform: operating system and machine.
        created: UTC, ISO 8601; for people only.
        note: free text.
    """

    kind: Kind
    source: str = ""
    frames: str = "all"
    masked: tuple[str, ...] = ()
    profile: ProfileText | None = None
    layout: Layout | None = None
    sim: SimFacts | None = None
    icons: tuple[tuple[str, str], ...] | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    platform: str = ""
    created: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """The closing count, missing after a crash."""

    ticks: int
    frames: int
    dropped_frames: int
    dropped_ticks: int
    why: str = ""


def stamped(header: Header, created: str) -> Header:
    """The header with package versions, platform and the given time filled in."""
    versions = {name: found for name in _PACKAGES if (found := _version(name))}
    return replace(header, versions=versions, platform=f"{platform.system()} {platform.machine()}", created=created)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
