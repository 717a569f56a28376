"""The X11 gate: the focus check and the press are one step, because the server serves nobody else in between.

Source: X Protocol, GrabServer: "disables processing of requests and close-downs on all other connections"; so no window
manager and no program can move the focus between the question and the key. XTEST sends what follows to the focus window.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wowbot.action.sinks import Target
from wowbot.core.x11 import is_within

POINTER_ROOT = 1
SIDE_BUTTONS = {4: 8, 5: 9}
"""Mouse button -> X button; 4 to 7 are the wheel."""


class X11Gate:
    """Gate over the connection that presses the keys, which must be the same: a grab locks out all others.

    Args:
        display: pyautogui's own connection.
    """

    def __init__(self, target: Target, display: Any) -> None:
        from Xlib import X, error
        from Xlib.ext import xtest

        self._handle = target.handle
        self._display = display
        self._root = display.screen().root
        self._window = display.create_resource_object("window", target.handle)
        self._fake_input = xtest.fake_input
        self._events = (X.ButtonRelease, X.ButtonPress)
        self._motion = X.MotionNotify
        self._errors = error.XError

    @contextmanager
    def open(self, at: tuple[int, int] | None) -> Iterator[bool]:
        """See Gate. A window that is gone is simply not in front."""
        self._display.grab_server()
        try:
            yield self._is_front(at)
        finally:
            self._display.ungrab_server()
            self._display.flush()

    def to_screen(self, at: tuple[int, int]) -> tuple[int, int]:
        place = self._root.translate_coords(self._window, at[0], at[1])
        return int(place.x), int(place.y)

    def side_button(self, number: int, down: bool) -> None:
        self._fake_input(self._display, self._events[down], SIDE_BUTTONS[number])
        self._display.sync()

    def _is_front(self, at: tuple[int, int] | None) -> bool:
        try:
            focus = self._display.get_input_focus().focus
            if focus == POINTER_ROOT:
                return self._is_ours(self._root.query_pointer().child) and (at is None or self._is_under_pointer(at))
            return is_within(focus, self._handle) and (at is None or self._is_under_pointer(at))
        except self._errors:
            return False

    def _is_under_pointer(self, at: tuple[int, int]) -> bool:
        x, y = self.to_screen(at)
        self._fake_input(self._display, self._motion, x=x, y=y)
        return self._is_ours(self._root.query_pointer().child)

    def _is_ours(self, top_level: Any) -> bool:
        """Whether a top-level window is the target, or the frame that the window manager put round it."""
        inner: Any = self._window
        while not isinstance(inner, int) and inner.id != self._root.id:
            if not isinstance(top_level, int) and inner.id == top_level.id:
                return True
            inner = inner.query_tree().parent
        return False
