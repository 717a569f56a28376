"""Being told that the screen has been drawn on, instead of asking for it hundreds of times a second.

The root window is watched and not the game's: what is grabbed is the screen, and under a compositor a window's drawing
reaches it later. Source: The DAMAGE Extension 1.1 (damageproto.txt): requests 0 to 3, DamageNotify, level NonEmpty.
"""

from __future__ import annotations

import contextlib
import select
from typing import Any, Protocol

from wowbot.capture.windows import default_system_name
from wowbot.core.errors import CaptureError
from wowbot.core.x11 import open_display

NON_EMPTY = 3
"""One event when something was drawn, and no more until it is answered."""


class ScreenAlarm(Protocol):
    """Tells when anything on the screen may have changed. Used from one thread."""

    def wait(self, timeout_s: float) -> bool:
        """Until something is drawn, or was since the last call, but no longer than this; whether it was."""

    def close(self) -> None: ...


def screen_alarm() -> ScreenAlarm | None:
    """The alarm of this machine, None where there is none."""
    if default_system_name() != "x11":
        return None
    try:
        return DamageAlarm()
    except CaptureError:
        return None


class DamageAlarm:
    """The alarm of an X server with the extension DAMAGE.

    Raises:
        CaptureError: no display, or a server without it.
    """

    def __init__(self) -> None:
        from Xlib import error

        self._errors: tuple[type[Exception], ...] = (error.XError, error.ConnectionClosedError, OSError)
        self._display = open_display()
        found = self._display.query_extension("DAMAGE")
        if found is None or not found.present:
            self.close()
            raise CaptureError("the X server does not tell when the screen is drawn on (no DAMAGE extension)")
        self._requests = _Requests(self._display, found)
        self._damage = self._requests.watch(self._display.screen().root)

    def wait(self, timeout_s: float) -> bool:
        """See ScreenAlarm.

        Raises:
            CaptureError: the X server is gone.
        """
        try:
            told = self._display.pending_events()
            if not told and select.select([self._display.fileno()], [], [], max(0.0, timeout_s))[0]:
                told = self._display.pending_events()
            if not told:
                return False
            for _ in range(told):
                self._display.next_event()
            self._requests.answer(self._damage)
        except self._errors as failure:
            raise CaptureError(f"the X server is gone: {failure}") from failure
        return True

    def close(self) -> None:
        with contextlib.suppress(*self._errors):
            self._display.close()


class _Requests:
    """The extension's requests over a connection: the module Xlib of pyautogui knows others, but not this one."""

    def __init__(self, display: Any, found: Any) -> None:
        from Xlib.protocol import rq

        head = (rq.Card8("opcode"), rq.Card8("minor"), rq.RequestLength())
        self._display, self._major = display, found.major_opcode
        self._ask = _request(rq.ReplyRequest, rq.Struct(*head, rq.Card32("major"), rq.Card32("minor_version")))
        self._ask._reply = rq.Struct(rq.Pad(2), rq.Card16("sequence_number"), rq.Pad(28))
        self._create = _request(
            rq.Request, rq.Struct(*head, rq.Card32("damage"), rq.Card32("drawable"), rq.Card8("level"), rq.Pad(3))
        )
        self._subtract = _request(
            rq.Request, rq.Struct(*head, rq.Card32("damage"), rq.Card32("repair"), rq.Card32("parts"))
        )
        display.extension_add_event(found.first_event, _notify(rq))

    def watch(self, drawable: Any) -> int:
        """Have everything told that is drawn there; the number of the watch."""
        connection = self._display.display
        self._ask(display=connection, opcode=self._major, minor=0, major=1, minor_version=1)
        damage = int(connection.allocate_resource_id())
        self._create(
            display=connection, opcode=self._major, minor=1, damage=damage, drawable=drawable.id, level=NON_EMPTY
        )
        self._display.flush()
        return damage

    def answer(self, damage: int) -> None:
        """What was drawn so far is known: tell what is drawn from now on."""
        self._subtract(display=self._display.display, opcode=self._major, minor=3, damage=damage, repair=0, parts=0)
        self._display.flush()


def _request(base: Any, fields: Any) -> Any:
    return type("DamageRequest", (base,), {"_request": fields})


def _notify(rq: Any) -> Any:
    fields = rq.Struct(
        rq.Card8("type"), rq.Card8("level"), rq.Card16("sequence_number"), rq.Card32("drawable"), rq.Card32("damage"),
        rq.Card32("time"), rq.Pad(16),
    )  # fmt: skip
    return type("DamageNotify", (rq.Event,), {"_code": None, "_fields": fields})
