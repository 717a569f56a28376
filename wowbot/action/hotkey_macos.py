"""Hearing a key on macOS through a listen-only event tap. Source: Apple, CGEvent.h (Quartz Event Services)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wowbot.action.keysyms import MAC_KEYS
from wowbot.core.errors import ActionError


class MacListener:
    """Listener "darwin"."""

    def __init__(self) -> None:
        import Quartz

        self._quartz: Any = Quartz
        self._pressed: Callable[[], None] | None = None
        self._keycode = 0
        self._loop: Any = None

    def open(self, key: str) -> None:
        quartz = self._quartz
        if key not in MAC_KEYS:
            raise ActionError(f"{key!r} cannot be the stop key; use one of {', '.join(MAC_KEYS)}")
        self._keycode = MAC_KEYS[key]
        tap = quartz.CGEventTapCreate(
            quartz.kCGSessionEventTap,
            quartz.kCGHeadInsertEventTap,
            quartz.kCGEventTapOptionListenOnly,
            quartz.CGEventMaskBit(quartz.kCGEventKeyDown),
            self._heard,
            None,
        )
        if tap is None:
            raise ActionError(
                "macOS does not let this program hear the stop key: allow it in System Settings > Privacy & Security > "
                "Input Monitoring (for the terminal it runs in), then start it again"
            )
        self._loop = quartz.CFRunLoopGetCurrent()
        source = quartz.CFMachPortCreateRunLoopSource(None, tap, 0)
        quartz.CFRunLoopAddSource(self._loop, source, quartz.kCFRunLoopCommonModes)
        quartz.CGEventTapEnable(tap, True)

    def listen(self, pressed: Callable[[], None]) -> None:
        self._pressed = pressed
        self._quartz.CFRunLoopRun()

    def stop(self) -> None:
        self._quartz.CFRunLoopStop(self._loop)

    def _heard(self, proxy: Any, kind: int, event: Any, refcon: Any) -> Any:
        quartz = self._quartz
        code = quartz.CGEventGetIntegerValueField(event, quartz.kCGKeyboardEventKeycode)
        if code == self._keycode and self._pressed is not None:
            self._pressed()
        return event
