"""Windows of a Mac desktop, through the Quartz that pyautogui brings there.

All lengths are points, which is what mss grabs and CGEvent clicks in; a Retina display changes nothing. Titles of other
programs' windows are given out only with the Screen Recording right. Source: Apple, CGWindow.h (Quartz Window Services).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wowbot.capture.windows import Window, WindowState
from wowbot.core.errors import CaptureError
from wowbot.core.layout import Rect

TITLE_BAR_PT = 28
"""Height of a standard title bar since macOS 11: Quartz tells outer bounds only. A window as large as a display has none."""


class MacWindows:
    """The window system "macos".

    Raises:
        CaptureError: the Screen Recording right is missing.
    """

    name = "macos"

    def __init__(self) -> None:
        import Quartz

        self._quartz: Any = Quartz
        if not Quartz.CGPreflightScreenCaptureAccess():
            raise CaptureError(
                "macOS does not let this program see the screen: allow it in System Settings > Privacy & Security > "
                "Screen Recording (for the terminal it runs in), then start it again"
            )

    def windows(self) -> Sequence[Window]:
        found = [self._describe(info) for info in self._list(self._quartz.kCGWindowListOptionAll) if _is_normal(info)]
        return [window for window in found if window.title]

    def state(self, window: Window) -> WindowState:
        everything = self._list(self._quartz.kCGWindowListOptionAll)
        mine = next((info for info in everything if _number(info) == window.handle), None)
        if mine is None:
            return WindowState(window.rect, "gone")
        rect = self._content(mine)
        shown = self._list(self._quartz.kCGWindowListOptionOnScreenOnly)
        order = [_number(info) for info in shown]
        if window.handle not in order:
            return WindowState(rect, "minimised")
        above = [info for info in shown[: order.index(window.handle)] if _is_normal(info)]
        covered = any(_bounds(info).overlaps(rect) for info in above)
        return WindowState(rect, "covered" if covered else "", not above)

    def close(self) -> None:
        """Nothing is held open."""

    def _list(self, option: int) -> list[Mapping[str, Any]]:
        """Windows front to back."""
        quartz = self._quartz
        wanted = option | quartz.kCGWindowListExcludeDesktopElements
        return list(quartz.CGWindowListCopyWindowInfo(wanted, quartz.kCGNullWindowID) or ())

    def _describe(self, info: Mapping[str, Any]) -> Window:
        title, owner = str(info.get("kCGWindowName") or ""), str(info.get("kCGWindowOwnerName") or "")
        return Window(_number(info), title, self._content(info), int(info.get("kCGWindowOwnerPID", 0)), "", owner)

    def _content(self, info: Mapping[str, Any]) -> Rect:
        box = _bounds(info)
        if (box.width, box.height) in self._display_sizes():
            return box
        return Rect(box.left, box.top + TITLE_BAR_PT, box.width, max(0, box.height - TITLE_BAR_PT))

    def _display_sizes(self) -> set[tuple[int, int]]:
        quartz = self._quartz
        _, displays, _ = quartz.CGGetActiveDisplayList(16, None, None)
        boxes = [quartz.CGDisplayBounds(display) for display in displays]
        return {(int(box.size.width), int(box.size.height)) for box in boxes}


def _number(info: Mapping[str, Any]) -> int:
    return int(info["kCGWindowNumber"])


def _is_normal(info: Mapping[str, Any]) -> bool:
    """Layer 0 holds the windows of programs; menus, dock and overlays lie in others."""
    return int(info.get("kCGWindowLayer", 0)) == 0


def _bounds(info: Mapping[str, Any]) -> Rect:
    box = info["kCGWindowBounds"]
    return Rect(int(box["X"]), int(box["Y"]), int(box["Width"]), int(box["Height"]))
