"""Decode the next frames on another thread while the stages work on this one (zstd and numpy let go of the interpreter)."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
AHEAD = 6


class _End:
    """Stands behind the last item, with the error that ended it, if any."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Iterable[T], count: int = AHEAD) -> Iterator[T]:
    """The items in order, up to `count` of them made in advance; what making one raises is raised here.

    Args:
        items: made on one other thread, from first to last.
        count: bound of memory: so many wait at most.
    """
    ready: queue.Queue[T | _End] = queue.Queue(maxsize=count)
    gone = threading.Event()

    def put(item: T | _End) -> bool:
        while not gone.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                if not put(item):
                    return
        except BaseException as caught:  # handed to the thread that reads
            error = caught
        put(_End(error))

    thread = threading.Thread(target=work, daemon=True, name="wowbot-ahead")
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        gone.set()
        thread.join()
