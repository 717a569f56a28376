"""A folder of pictures as a source of frames: a user's screenshots through the same loop as the live window."""

from __future__ import annotations

from pathlib import Path

from wowbot.capture.images import load_image
from wowbot.core.errors import CaptureError
from wowbot.core.frame import Frame

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")


class FolderSource:
    """FrameSource "folder": every picture of a folder in the order of their names, then the end.

    Args:
        path: a folder, or one picture.
        hz: frames a second that the frame times pretend.
    """

    name = "folder"

    def __init__(self, path: Path | str, hz: float = 10.0) -> None:
        self._path = Path(path)
        self._period_ns = int(1e9 / hz)
        self._paths: list[Path] = []
        self._index = 0

    def open(self) -> None:
        """List the pictures.

        Raises:
            CaptureError: no such folder, or no picture in it.
        """
        if self._path.is_file():
            self._paths = [self._path]
        elif self._path.is_dir():
            self._paths = sorted(p for p in self._path.iterdir() if p.suffix.lower() in SUFFIXES)
        else:
            raise CaptureError(f"{self._path}: no such file or folder")
        if not self._paths:
            raise CaptureError(f"{self._path}: no picture in this folder (looked for {', '.join(SUFFIXES)})")
        self._index = 0

    def read(self) -> Frame | None:
        """The next picture; None after the last.

        Raises:
            CaptureError: it cannot be read as a picture.
        """
        if self._index >= len(self._paths):
            return None
        index = self._index
        self._index += 1
        return Frame(index, index * self._period_ns, load_image(self._paths[index]), self.name)

    def close(self) -> None:
        """Nothing is held open."""
