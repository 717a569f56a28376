"""A recording as a frame source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wowbot.core.frame import Frame
from wowbot.core.tick import Tick
from wowbot.recording.reader import Recording


class RecordingSource:
    """Gives the recorded frames in order; iterating it gives the whole ticks.

    Args:
        path: the .mcap file or its folder. Ticks whose frame was not kept are passed over by `read`.
    """

    def __init__(self, path: Path) -> None:
        self.name = "replay"
        self.path = path
        self._recording: Recording | None = None
        self._ticks: Iterator[Tick] = iter(())

    def open(self) -> None:
        """Open the file.

        Raises:
            RecordingError: not a readable recording.
        """
        self._recording = Recording(self.path)
        self._ticks = self._recording.ticks()

    def read(self) -> Frame | None:
        """The next kept frame; None at the end."""
        for tick in self._ticks:
            if tick.frame.image is not None:
                return tick.frame
        return None

    def __iter__(self) -> Iterator[Tick]:
        return self._ticks

    def close(self) -> None:
        """Close the file."""
        if self._recording is not None:
            self._recording.close()
