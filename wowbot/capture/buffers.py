"""Frame-sized memory that is used again, so that a steady loop asks the system for none."""

from __future__ import annotations

import weakref

import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image

SPARE = 1
"""So many pictures' memory is kept although nobody looks at it, besides the one about to be written."""


class _Buffer:
    """Memory for one picture and whether anyone can still see it.

    It is lent as a plain array over a memoryview. Whatever is made of that array, a picture, a crop, a crop of a crop,
    keeps it alive (numpy shortens the chain of bases down to it and no further): once it has died, nobody looks.
    """

    def __init__(self, nbytes: int) -> None:
        self._memory = np.empty(nbytes, np.uint8)
        self._lent: weakref.ref[NDArray[np.uint8]] | None = None

    @property
    def nbytes(self) -> int:
        return self._memory.nbytes

    @property
    def free(self) -> bool:
        return self._lent is None or self._lent() is None

    def lend(self, shape: tuple[int, int, int]) -> Image:
        """The memory as a picture."""
        plain: NDArray[np.uint8] = np.frombuffer(self._memory.data, np.uint8)
        self._lent = weakref.ref(plain)
        return plain.reshape(shape)


class FrameBuffers:
    """Lends pictures whose memory comes back by itself when the last view of them is gone."""

    def __init__(self) -> None:
        self._buffers: list[_Buffer] = []

    def take(self, height: int, width: int) -> Image:
        """A writable BGR picture (height, width, 3) that nobody else sees; its pixels are left over from before."""
        nbytes = height * width * 3
        free = [buffer for buffer in self._buffers if buffer.free and buffer.nbytes == nbytes]
        chosen = free[0] if free else _Buffer(nbytes)
        lent = [buffer for buffer in self._buffers if not buffer.free]
        self._buffers = [chosen, *free[1 : 1 + SPARE], *lent]
        return chosen.lend((height, width, 3))

    def __len__(self) -> int:
        return len(self._buffers)
