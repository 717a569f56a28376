"""The macOS gate: asks for the frontmost window right before the press; the same small gap remains as on Windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from wowbot.action.sinks import Target
from wowbot.core.errors import ActionError

TITLE_BAR_PT = 28
"""See wowbot.capture.macos."""


class MacGate:
    """Gate over Quartz.

    Raises:
        ActionError: the Accessibility right is missing, without which events are dropped silently.
    """

    def __init__(self, target: Target) -> None:
        import Quartz

        self._quartz: Any = Quartz
        self._target = target
        if not Quartz.CGPreflightPostEventAccess():
            raise ActionError(
                "macOS drops the keys of this program: allow it in System Settings > Privacy & Security > Accessibility "
                "(for the terminal it runs in), then start it again"
            )

    @contextmanager
    def open(self, at: tuple[int, int] | None) -> Iterator[bool]:
        """See Gate."""
        front = next((info for info in self._on_screen() if int(info.get("kCGWindowLayer", 0)) == 0), None)
        mine = front is not None and int(front["kCGWindowNumber"]) == self._target.handle
        if mine and at is not None:
            x, y = self.to_screen(at)
            self._quartz.CGWarpMouseCursorPosition((x, y))
        yield mine

    def to_screen(self, at: tuple[int, int]) -> tuple[int, int]:
        for info in self._on_screen():
            if int(info["kCGWindowNumber"]) == self._target.handle:
                box = info["kCGWindowBounds"]
                bar = 0 if (int(box["Width"]), int(box["Height"])) in self._display_sizes() else TITLE_BAR_PT
                return int(box["X"]) + at[0], int(box["Y"]) + bar + at[1]
        raise ActionError(f"the game window 0x{self._target.handle:x} is not on the screen")

    def side_button(self, number: int, down: bool) -> None:
        quartz = self._quartz
        kind = quartz.kCGEventOtherMouseDown if down else quartz.kCGEventOtherMouseUp
        here = quartz.CGEventGetLocation(quartz.CGEventCreate(None))
        quartz.CGEventPost(quartz.kCGHIDEventTap, quartz.CGEventCreateMouseEvent(None, kind, here, number - 1))

    def _on_screen(self) -> list[Mapping[str, Any]]:
        quartz = self._quartz
        wanted = quartz.kCGWindowListOptionOnScreenOnly | quartz.kCGWindowListExcludeDesktopElements
        return list(quartz.CGWindowListCopyWindowInfo(wanted, quartz.kCGNullWindowID) or ())

    def _display_sizes(self) -> set[tuple[int, int]]:
        quartz = self._quartz
        _, displays, _ = quartz.CGGetActiveDisplayList(16, None, None)
        boxes = [quartz.CGDisplayBounds(display) for display in displays]
        return {(int(box.size.width), int(box.size.height)) for box in boxes}
