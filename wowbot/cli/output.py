"""What commands write to disk: checked before the work, written with a plain error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wowbot.core.errors import CaptureError, ConfigError

if TYPE_CHECKING:
    from wowbot.core.frame import Image


def check_png(path: Path, option: str) -> None:
    """Before the work; the picture's folder is made where there is none.

    Raises:
        ConfigError: the path does not end in .png, or cannot be written to.
    """
    if path.suffix.lower() != ".png":
        raise ConfigError(f"{option}: found {str(path)!r}, expected a file name that ends in .png")
    check_writable(path, option)


def write_png(picture: Image, path: Path, option: str) -> None:
    """Write a picture; its folder is made where there is none.

    Raises:
        CaptureError: the place cannot be written to.
    """
    from wowbot.perception.overlay import as_png

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_png(picture))
    except OSError as error:
        raise CaptureError(f"{option} {path}: cannot be written ({error.strerror}); choose another place") from error


def check_writable(path: Path, option: str) -> None:
    """Make a file's folder and try to write there, leaving no file behind: long work should not end in an error.

    Raises:
        ConfigError: the place cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        path.open("a").close()
        if new:
            path.unlink()
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be written ({error.strerror}); choose another place") from error


def check_name(name: str, option: str) -> None:
    """Raises: ConfigError: a name that becomes a file's would lead into another folder."""
    if not name.strip() or name.startswith(".") or any(sign in name for sign in "/\\:"):
        raise ConfigError(f"{option}: found {name!r}, expected a plain name without / \\ : and no dot at its start")
