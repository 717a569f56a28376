"""TOML to dataclasses: an unknown key is an error that names file, key and the nearest known name.

Also where things are looked up: a path, then the user's folder, then what the package carries.
"""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import platformdirs

from wowbot.core.errors import ConfigError, nearest

T = TypeVar("T")


def user_dir() -> Path:
    """The user's own folder for layouts, icons and profiles (platformdirs; WOWBOT_HOME is not read)."""
    return Path(platformdirs.user_data_dir("wowbot", appauthor=False))


def log_file() -> Path:
    """Where `wowbot run` writes its log."""
    return Path(platformdirs.user_log_dir("wowbot", appauthor=False)) / "wowbot.log"


def data_dir(kind: str) -> Path:
    """The folder `kind` ("configs", "models", "recordings") that the package or the source tree carries."""
    packaged = Path(__file__).parent / "_data" / kind
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / kind


def find(kind: Literal["profiles", "layouts"], name: str) -> Path:
    """A profile or layout file by path or by name.

    Raises:
        ConfigError: not found; the message lists what there is and the nearest names.
    """
    given = Path(name)
    if given.suffix == ".toml" or given.parent != Path():
        if given.is_file():
            return given
        if given.is_dir() and (given / "profile.toml").is_file():
            return given / "profile.toml"
        names = ", ".join(available(kind)) or "none"
        raise ConfigError(f"{given}: no such file; give the path of a .toml, or one of these {kind}: {names}")
    for folder in (user_dir() / kind, data_dir("configs") / kind):
        if (folder / f"{name}.toml").is_file():
            return folder / f"{name}.toml"
    known = available(kind)
    listing = ", ".join(known) or "none"
    raise ConfigError(f"no {kind[:-1]} {name!r}; there are: {listing}.{nearest(name, known)}")


def available(kind: Literal["profiles", "layouts"]) -> list[str]:
    """Names that `find` would take, sorted."""
    folders = (user_dir() / kind, data_dir("configs") / kind)
    return sorted({path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.toml")})


def read_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file.

    Raises:
        ConfigError: unreadable or broken; names file and line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text ({error.reason} at byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}. Mend that line and try again") from error


def bind(cls: type[T], table: Mapping[str, Any], where: str) -> T:
    """Make dataclass `cls` from a TOML table, nested dataclasses, tuples and mappings included.

    Args:
        where: "file" or "file:section", for messages.

    Raises:
        ConfigError: unknown key, wrong type, missing key.
    """
    hints = get_type_hints(cls)
    fields = {f.name: f for f in dataclasses.fields(cls) if f.init}  # type: ignore[arg-type]
    for key in table:
        if key not in fields:
            raise ConfigError(f"{where}: unknown key {key!r}; known: {', '.join(fields)}.{nearest(key, fields)}")
    values = {key: _convert(hints[key], value, f"{where}: {key}") for key, value in table.items()}
    missing = [
        name
        for name, f in fields.items()
        if name not in values and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ConfigError(f"{where}: missing {', '.join(missing)}")
    try:
        return cls(**values)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from error


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin in (Union, types.UnionType):
        inner = [a for a in args if a is not type(None)]
        return _convert(inner[0], value, where) if len(inner) == 1 else _scalar_of(inner, value, where)
    if origin is Literal:
        if value not in args:
            raise ConfigError(f"{where}: found {value!r}, expected one of {', '.join(map(repr, args))}")
        return value
    if dataclasses.is_dataclass(hint):
        _expect(isinstance(value, Mapping), "a table", value, where)
        return bind(typing.cast("type[Any]", hint), value, where)
    if origin is tuple:
        return _convert_tuple(args, value, where)
    if origin is not None and issubclass(origin, Mapping):
        _expect(isinstance(value, Mapping), "a table", value, where)
        return {key: _convert(args[1], item, f"{where}.{key}") for key, item in value.items()}
    return _scalar_of([hint], value, where)


def _convert_tuple(args: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _expect(isinstance(value, list), "a list", value, where)
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_convert(args[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    _expect(len(value) == len(args), f"{len(args)} items", value, where)
    return tuple(_convert(kind, item, f"{where}[{i}]") for i, (kind, item) in enumerate(zip(args, value, strict=True)))


def _scalar_of(kinds: list[Any], value: Any, where: str) -> Any:
    for kind in kinds:
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if kind is Path and isinstance(value, str):
            return Path(value)
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
    names = " or ".join(
        {"str": "text", "float": "a number", "int": "a whole number", "bool": "true or false"}.get(
            k.__name__, k.__name__
        )
        for k in kinds
    )
    raise ConfigError(f"{where}: found {value!r}, expected {names}")


def _expect(holds: bool, wanted: str, value: Any, where: str) -> None:
    if not holds:
        raise ConfigError(f"{where}: found {value!r}, expected {wanted}")
