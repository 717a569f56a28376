"""Memory that a long run need not hold, and pauses it need not make."""

from __future__ import annotations

import ctypes
import gc
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Names of glibc's mallopt (malloc.h)."""
OWN_MAPPING, SPARE = 1 << 20, 4 << 20
"""From how many bytes on a block gets a mapping of its own, and how many freed ones may wait at a heap's end."""


def be_frugal() -> None:
    """From now on what is freed goes back to the system.

    glibc, once it has seen a block of 20 MB freed (a model's file), keeps up to 64 MB at the end of each heap and puts
    pictures between small things there, where they leave holes: a live run of five minutes held 80 MB so, and one in the
    training ground as much, in steps of a picture. A picture in a mapping of its own costs some 0.1 ms more, page by page:
    who takes one on every tick uses its memory again (see capture/buffers).
    """
    libc = _glibc()
    if libc is not None:
        libc.mallopt(MMAP_THRESHOLD, OWN_MAPPING)
        libc.mallopt(TRIM_THRESHOLD, SPARE)


def settle() -> None:
    """After building, before the first tick: what there is stays.

    The collector need not look at it again on every round, a pause of 10 ms and more.
    """
    gc.collect()
    gc.freeze()
    give_back()


def unsettle() -> None:
    """At the end of a run: what it built can be collected again."""
    gc.unfreeze()


def give_back() -> None:
    """Return freed memory to the system, after work that took much once, such as loading a model."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library where it is glibc; others give back by themselves."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
