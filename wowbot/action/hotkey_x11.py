"""Hearing a key on X11 through the RECORD extension; through XGrabKey on a server without it.

RECORD sees the key whatever has the keyboard, a game that grabs it included, and takes it from nobody. XGrabKey takes
the key away from all others, and hears nothing while another program has grabbed the keyboard.
"""

from __future__ import annotations

import contextlib
import select
import threading
from collections.abc import Callable
from typing import Any

from wowbot.action.keysyms import KEYSYMS
from wowbot.core.errors import ActionError
from wowbot.core.x11 import open_display

BEGIN_S = 2.0


class X11Listener:
    """Listener "x11"."""

    def __init__(self) -> None:
        self._display: Any = None
        self._control: Any = None
        self._context: Any = None
        self._keycode = 0
        self._stopping = False
        self._recording = threading.Event()

    def open(self, key: str) -> None:
        from Xlib import XK

        self._display, self._control = open_display(), open_display()
        self._keycode = self._control.keysym_to_keycode(XK.string_to_keysym(KEYSYMS[key]))
        if not self._keycode:
            raise ActionError(f"this keyboard has no key {key!r}: choose another stop key")
        if self._control.has_extension("RECORD"):
            self._record()
        else:
            self._grab(key)

    def listen(self, pressed: Callable[[], None]) -> None:
        try:
            if self._context is not None:
                self._display.record_enable_context(self._context, lambda reply: self._heard(reply, pressed))
                self._display.record_free_context(self._context)
            else:
                self._wait(pressed)
        finally:
            with contextlib.suppress(Exception):  # closing sends what is left: to nobody, when the server is gone
                self._display.close()

    def stop(self) -> None:
        self._stopping = True
        with contextlib.suppress(Exception):  # the display may be gone, and then there is nothing to close
            if self._context is not None:
                self._recording.wait(BEGIN_S)  # what has not begun yet cannot be ended, and would go on for ever
                self._control.record_disable_context(self._context)
            self._control.sync()
            self._control.close()

    def _record(self) -> None:
        from Xlib import X
        from Xlib.ext import record

        nothing = (0, 0)
        wanted = {
            "core_requests": nothing,
            "core_replies": nothing,
            "ext_requests": (0, 0, 0, 0),
            "ext_replies": (0, 0, 0, 0),
            "delivered_events": nothing,
            "device_events": (X.KeyPress, X.KeyPress),
            "errors": nothing,
            "client_started": False,
            "client_died": False,
        }
        self._context = self._display.record_create_context(0, [record.AllClients], [wanted])
        self._display.sync()

    def _heard(self, reply: Any, pressed: Callable[[], None]) -> None:
        """A device event is 32 bytes: type, then keycode (X Protocol, KeyPress)."""
        from Xlib import X
        from Xlib.ext import record

        if reply.category == record.StartOfData:
            self._recording.set()
        if reply.category != record.FromServer or reply.client_swapped:
            return
        data = reply.data
        for start in range(0, len(data) - 31, 32):
            if data[start] & 0x7F == X.KeyPress and data[start + 1] == self._keycode:
                pressed()

    def _grab(self, key: str) -> None:
        from Xlib import X, error

        failed = error.CatchError(error.BadAccess)
        root = self._display.screen().root
        root.grab_key(self._keycode, X.AnyModifier, False, X.GrabModeAsync, X.GrabModeAsync, onerror=failed)
        self._display.sync()
        if failed.get_error():
            raise ActionError(f"another program has taken the key {key!r} for itself: choose another stop key")

    def _wait(self, pressed: Callable[[], None]) -> None:
        from Xlib import X

        while not self._stopping:
            select.select([self._display.fileno()], [], [], 0.2)
            while self._display.pending_events():
                event = self._display.next_event()
                if event.type == X.KeyPress and event.detail == self._keycode:
                    pressed()
