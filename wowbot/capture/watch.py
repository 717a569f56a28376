"""Keeps an eye on the game window from a thread of its own, so that the loop never asks the window system."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from wowbot.capture.windows import Window, WindowState, WindowSystem

log = logging.getLogger(__name__)


class WindowWatch:
    """Publishes the window's state; `state` is a plain read, up to one look old.

    Args:
        open_system: opens the window system; called in the watching thread, which owns the connection.
        hz: looks per second.
    """

    def __init__(self, window: Window, open_system: Callable[[], WindowSystem], hz: float = 10.0) -> None:
        self.state = WindowState(window.rect, "", False)
        self._window = window
        self._open_system = open_system
        self._period_s = 1.0 / hz
        self._looked = threading.Event()
        self._stop = threading.Event()
        self._failure: Exception | None = None
        self._asked: WindowSystem | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="wowbot-window")

    def start(self) -> None:
        """Returns after the first look.

        Raises:
            CaptureError: the window system cannot be opened.
        """
        self._thread.start()
        self._looked.wait()
        if self._failure is not None:
            raise self._failure

    def look(self) -> WindowState:
        """Look now, in the calling thread: where a picture leaves it in doubt whether `state` still holds.

        Costs several requests to the window system, 0.6 ms under X11. Always call it from one and the same thread.

        Raises:
            CaptureError: the window system cannot be opened.
        """
        if self._asked is None:
            self._asked = self._open_system()
        self.state = self._asked.state(self._window)
        return self.state

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        if self._asked is not None:
            self._asked.close()

    def _run(self) -> None:
        try:
            system = self._open_system()
        except Exception as failure:  # handed to the thread that called start
            self._failure = failure
            self._looked.set()
            return
        try:
            self._look(system)
        finally:
            system.close()

    def _look(self, system: WindowSystem) -> None:
        while not self._stop.is_set():
            state = system.state(self._window)
            if state.status != self.state.status:
                log.info("the game window is %s", state.status or "in view")
            self.state = state
            self._looked.set()
            self._stop.wait(self._period_s)
