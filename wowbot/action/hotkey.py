"""The global stop key: one press, in whatever window, and the agent lets go.

Wiring: `StopHotkey("pause", on_press).start()`, where `on_press(why)` calls `sink.halt()` first and then
`guard.request_stop(why)`; it runs on the hotkey's own thread. `close()` at the end.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from wowbot.action.keysyms import KEYSYMS
from wowbot.core.errors import ActionError, WowbotError
from wowbot.core.registry import Registry

log = logging.getLogger(__name__)

LISTENERS = Registry(
    "hotkey listener",
    {
        "x11": "wowbot.action.hotkey_x11:X11Listener",
        "win32": "wowbot.action.hotkey_win32:Win32Listener",
        "darwin": "wowbot.action.hotkey_macos:MacListener",
    },
)
START_S = 5.0


class Listener(Protocol):
    """Hears one key wherever the focus is. `open` and `listen` run on one thread, `stop` comes from another."""

    def open(self, key: str) -> None:
        """Ask the OS for the key. Raises ActionError when it cannot be had."""

    def listen(self, pressed: Callable[[], None]) -> None:
        """Call `pressed` for each press until `stop`."""

    def stop(self) -> None: ...


class StopHotkey:
    """Listens on a thread of its own.

    Args:
        key: a key name without modifiers; with modifiers held it counts too, since a chord of the agent's may be down.
        on_press: told "stop key NAME".
        listener: another back-end, for tests.
        on_failure: told why the key cannot be had; without it `start` raises.
        on_loss: told that the key is no longer heard, and why: nobody can stop the agent by it from then on.

    Raises:
        ActionError: no such key.
    """

    def __init__(
        self,
        key: str,
        on_press: Callable[[str], None],
        listener: Listener | None = None,
        on_failure: Callable[[str], None] | None = None,
        on_loss: Callable[[str], None] | None = None,
    ) -> None:
        if key not in KEYSYMS:
            raise ActionError(f"{key!r} cannot be the stop key; use e.g. 'pause', 'f12' or 'scrolllock'")
        self._key = key
        self._on_press = on_press
        self._on_failure = on_failure
        self._on_loss = on_loss
        self._closing = False
        system = sys.platform if sys.platform in ("win32", "darwin") else "x11"
        self._listener: Listener = listener or LISTENERS.load(system)()
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="wowbot-hotkey")

    def start(self) -> None:
        """Listen from now on.

        Raises:
            ActionError, CaptureError: the key cannot be had, and why.
        """
        self._thread.start()
        if not self._ready.wait(START_S):
            raise ActionError("the stop key could not be asked for: the display does not answer")
        if self._failure is None:
            return
        if self._on_failure is None or not isinstance(self._failure, WowbotError):
            raise self._failure
        self._on_failure(str(self._failure))

    def close(self) -> None:
        self._closing = True
        if self._thread.is_alive():
            self._listener.stop()
            self._thread.join(timeout=2.0)

    def _run(self) -> None:
        try:
            self._listener.open(self._key)
        except Exception as failure:  # handed to the thread that called start
            self._failure = failure
            self._ready.set()
            return
        self._ready.set()
        try:
            self._listener.listen(self._pressed)
        except Exception as failure:  # the display is gone, most often
            self._lost(failure)

    def _lost(self, failure: Exception) -> None:
        if self._closing:
            return
        why = f"the key {self._key} is no longer heard: {failure}"
        log.warning("%s", why)
        if self._on_loss is not None:
            self._on_loss(why)

    def _pressed(self) -> None:
        log.warning("stop key %s", self._key)
        self._on_press(f"stop key {self._key}")
