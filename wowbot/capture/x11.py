"""Windows of an X11 desktop, through the Xlib that pyautogui brings.

Source: Extended Window Manager Hints 1.5 (_NET_CLIENT_LIST, _NET_WM_NAME, _NET_WM_PID), ICCCM 4.1.3.1 (WM_STATE).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wowbot.capture.windows import Window, WindowState
from wowbot.core.layout import Rect
from wowbot.core.x11 import is_within, open_display

POINTER_ROOT = 1
VIEWABLE = 2
INPUT_ONLY = 2
TREE_DEPTH = 3
EDGE_PX = 4
"""A window manager's border may push a full-screen window this far off the screen: nothing of the HUD is lost."""


class X11Windows:
    """The window system "x11"."""

    name = "x11"

    def __init__(self) -> None:
        from Xlib import error

        self._display = open_display()
        self._root = self._display.screen().root
        self._errors: tuple[type[Exception], ...] = (error.XError, error.ConnectionClosedError)
        self._rects: dict[int, Rect] = {}
        self._frames: dict[int, int] = {}

    def windows(self) -> Sequence[Window]:
        """The window manager's list; without one, every titled window in the tree."""
        found: list[Window] = []
        for xwindow in self._clients():
            with contextlib.suppress(*self._errors):
                title = self._title(xwindow)
                if title and self._is_normal(xwindow):
                    found.append(self._describe(xwindow, title))
        return found

    def state(self, window: Window) -> WindowState:
        try:
            xwindow = self._display.create_resource_object("window", window.handle)
            shown = xwindow.get_attributes().map_state == VIEWABLE
            if not shown:
                return WindowState(self._rects.get(window.handle, window.rect), "minimised")
            rect = self._rects[window.handle] = self._rect(xwindow)
            status = "covered" if self._is_covered(xwindow, rect) else ""
            return WindowState(rect, status, self._has_focus(window.handle))
        except self._errors:
            return WindowState(self._rects.get(window.handle, window.rect), "gone")

    def close(self) -> None:
        with contextlib.suppress(*self._errors):
            self._display.close()

    def _clients(self) -> Iterator[Any]:
        listed = self._property(self._root, "_NET_CLIENT_LIST")
        if listed is not None:
            for handle in listed:
                yield self._display.create_resource_object("window", int(handle))
            return
        yield from self._tree(self._root, TREE_DEPTH)

    def _tree(self, parent: Any, depth: int) -> Iterator[Any]:
        with contextlib.suppress(*self._errors):
            for child in parent.query_tree().children:
                yield child
                if depth > 1:
                    yield from self._tree(child, depth - 1)

    def _property(self, xwindow: Any, name: str) -> Any:
        found = xwindow.get_full_property(self._display.intern_atom(name), 0)
        return None if found is None else found.value

    def _title(self, xwindow: Any) -> str:
        for name in ("_NET_WM_NAME", "WM_NAME"):
            value = self._property(xwindow, name)
            if value is not None and len(value):
                raw = value.encode("latin-1") if isinstance(value, str) else bytes(value)
                return raw.decode("utf-8", errors="replace")
        return ""

    def _is_normal(self, xwindow: Any) -> bool:
        attributes = xwindow.get_attributes()
        return bool(attributes.win_class != INPUT_ONLY and not attributes.override_redirect) and (
            attributes.map_state == VIEWABLE or self._property(xwindow, "WM_STATE") is not None
        )

    def _describe(self, xwindow: Any, title: str) -> Window:
        names = xwindow.get_wm_class()
        pids = self._property(xwindow, "_NET_WM_PID")
        pid = int(pids[0]) if pids is not None and len(pids) else 0
        return Window(int(xwindow.id), title, self._rect(xwindow), pid, names[1] if names else "", _executable(pid))

    def _rect(self, xwindow: Any) -> Rect:
        geometry = xwindow.get_geometry()
        place = self._root.translate_coords(xwindow, 0, 0)
        return Rect(place.x, place.y, geometry.width, geometry.height)

    def _has_focus(self, handle: int) -> bool:
        focus = self._display.get_input_focus().focus
        if isinstance(focus, int):
            if focus != POINTER_ROOT:
                return False
            focus = self._root.query_pointer().child
        return is_within(focus, handle) or (not isinstance(focus, int) and focus.id == self._frames.get(handle))

    def _is_covered(self, xwindow: Any, rect: Rect) -> bool:
        """Whether a window higher in the stack overlaps ours, or part of ours is off the screen."""
        screen = self._root.get_geometry()
        inner = Rect(rect.left + EDGE_PX, rect.top + EDGE_PX, rect.width - 2 * EDGE_PX, rect.height - 2 * EDGE_PX)
        if not inner.inside((screen.width, screen.height)):
            return True
        frame = self._top_level(xwindow)
        self._frames[int(xwindow.id)] = frame
        stack = self._root.query_tree().children
        ids = [int(w.id) for w in stack]
        above = stack[ids.index(frame) + 1 :] if frame in ids else []
        return any(self._overlaps(other, rect) for other in above)

    def _top_level(self, xwindow: Any) -> int:
        while True:
            tree = xwindow.query_tree()
            if isinstance(tree.parent, int) or tree.parent.id == self._root.id:
                return int(xwindow.id)
            xwindow = tree.parent

    def _overlaps(self, other: Any, rect: Rect) -> bool:
        try:
            attributes = other.get_attributes()
            if attributes.map_state != VIEWABLE or attributes.win_class == INPUT_ONLY:
                return False
            box = other.get_geometry()
        except self._errors:  # it vanished between two requests
            return False
        return Rect(box.x, box.y, box.width, box.height).overlaps(rect)


def _executable(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name if pid else ""
    except OSError:
        return ""
