"""Layout files: TOML that a person can read and mend.

name = "my client"
era = "wotlk"
size_wh = [1920, 1080]
ui_scale = 1.2656

[regions."player.health"]
rect = [110, 59, 151, 11]
reader = "bar"
options = { unit = "player", resource = "health", style = "classic" }
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wowbot.config import bind, read_toml
from wowbot.core.errors import LayoutError
from wowbot.core.layout import Era, Layout, Rect, Region
from wowbot.hud.stock import layout_id


@dataclass(frozen=True, slots=True)
class RegionFile:
    """`[regions."NAME"]`: rect = [left, top, width, height] in px, the reader's name and its options."""

    rect: tuple[int, int, int, int]
    reader: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """The file, key by key; `id` is worked out from the content when it is absent."""

    name: str
    era: Era
    size_wh: tuple[int, int]
    regions: Mapping[str, RegionFile]
    ui_scale: float = 1.0
    score: float = 1.0
    id: str = ""


def load_layout(path: Path) -> Layout:
    """Read a layout file.

    Raises:
        ConfigError: unreadable, broken TOML, an unknown key or a wrong type, with file, line or key.
        LayoutError: a region that does not lie on the frame, or a value that makes no sense.
    """
    return make_layout(bind(LayoutFile, read_toml(path), str(path)), str(path))


def make_layout(file: LayoutFile, where: str) -> Layout:
    """Check a parsed file and turn it into a layout."""
    width, height = file.size_wh
    if width < 1 or height < 1:
        raise LayoutError(f"{where}: size_wh: found {width}x{height}, expected a positive width and height in pixels")
    if not file.ui_scale > 0:
        raise LayoutError(f"{where}: ui_scale: found {file.ui_scale}, expected pixels per UI unit, above 0")
    regions = {name: _region(name, r, file.size_wh, where) for name, r in file.regions.items()}
    if not regions:
        raise LayoutError(f'{where}: it has no regions; expected at least one [regions."NAME"] table')
    identity = file.id or layout_id(file.era, file.size_wh, file.ui_scale, regions)
    try:
        return Layout(identity, file.name, file.era, file.size_wh, file.ui_scale, regions, file.score)
    except ValueError as error:
        raise LayoutError(f"{where}: {error}") from error


def _region(name: str, region: RegionFile, size_wh: tuple[int, int], where: str) -> Region:
    rect = Rect(*region.rect)
    if rect.width < 1 or rect.height < 1:
        raise LayoutError(f"{where}: regions.{name}.rect: found {list(rect)}, expected a positive width and height")
    if rect.right <= 0 or rect.bottom <= 0 or rect.left >= size_wh[0] or rect.top >= size_wh[1]:
        raise LayoutError(
            f"{where}: regions.{name}.rect: {list(rect)} lies outside the {size_wh[0]}x{size_wh[1]} frame"
        )
    if not region.reader:
        raise LayoutError(f"{where}: regions.{name}.reader: found an empty name, expected a reader such as 'bar'")
    return Region(rect, region.reader, dict(region.options))


def save_layout(layout: Layout, path: Path) -> None:
    """Write a layout so that `load_layout` gives the same one back; makes the folder where it is missing.

    Raises:
        LayoutError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_layout(layout), encoding="utf-8")
    except OSError as error:
        raise LayoutError(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def dump_layout(layout: Layout) -> str:
    """The layout as TOML text, regions in their order."""
    head = {
        "id": layout.id,
        "name": layout.name,
        "era": layout.era,
        "size_wh": list(layout.size_wh),
        "ui_scale": float(layout.ui_scale),
        "score": float(layout.score),
    }
    lines = [f"{key} = {_toml(value)}" for key, value in head.items()]
    for name, region in layout.regions.items():
        lines += [
            "",
            f"[regions.{_toml(name)}]",
            f"rect = {_toml(list(region.rect))}",
            f"reader = {_toml(region.reader)}",
        ]
        if region.options:
            lines.append(f"options = {_toml(region.options)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_toml(str(key))} = {_toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    raise LayoutError(f"a layout option must be text, number, true/false, list or table; found {type(value).__name__}")
