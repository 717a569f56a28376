"""Find the game's window by exact title, WM_CLASS or executable; one window system per OS behind one Protocol.

Wiring: `system = window_system(); window = find_window(system, title, wm_class, executable)`, then
`LiveSource(window, system, clock, ...)`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wowbot.core.errors import AmbiguousWindow, CaptureError, nearest
from wowbot.core.layout import Rect
from wowbot.core.registry import Registry

MAX_LISTED = 12

WINDOW_SYSTEMS = Registry(
    "window system",
    {
        "x11": "wowbot.capture.x11:X11Windows",
        "windows": "wowbot.capture.win32:Win32Windows",
        "macos": "wowbot.capture.macos:MacWindows",
    },
)


@dataclass(frozen=True, slots=True)
class Window:
    """One top-level window.

    Args:
        handle: X window id, HWND or CGWindowID.
        title: exact title.
        rect: client area in screen pixels (points on macOS), without frame and title bar.
        pid: owner process, 0 where unknown.
        wm_class: X11 class name, window class on Windows, "" on macOS.
        executable: file name of the owner's program, "" where unknown.
    """

    handle: int
    title: str
    rect: Rect
    pid: int = 0
    wm_class: str = ""
    executable: str = ""

    def describe(self) -> str:
        """One line for lists and errors."""
        extra = ", ".join(part for part in (self.wm_class, self.executable) if part)
        size = f"{self.rect.width}x{self.rect.height}"
        return f"{self.title!r} ({extra + ', ' if extra else ''}{size}, --window 0x{self.handle:x})"


@dataclass(frozen=True, slots=True)
class WindowState:
    """What is true of a window now.

    Args:
        rect: client area in screen pixels; the last known one while it is minimised or gone.
        status: "" | "minimised" | "covered" | "gone", as in Frame.status.
        focused: whether keys typed now would reach it.
    """

    rect: Rect
    status: str = ""
    focused: bool = False


class WindowSystem(Protocol):
    """Windows of one desktop. Used from one thread; open another for another thread."""

    name: str

    def windows(self) -> Sequence[Window]:
        """All titled top-level windows."""

    def state(self, window: Window) -> WindowState:
        """Where `window` is now and what is wrong with it; a vanished window is "gone", never an exception."""

    def close(self) -> None: ...


def default_system_name() -> str:
    """The window system of this machine."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "x11")


def window_system(name: str = "") -> WindowSystem:
    """Open a window system by name; "" = this machine's own.

    Raises:
        CaptureError: no display, or access to the windows is refused.
    """
    made: WindowSystem = WINDOW_SYSTEMS.load(name or default_system_name())()
    return made


def find_window(system: WindowSystem, title: str, wm_class: str = "", executable: str = "") -> Window:
    """The one window with exactly this title (or, for "0x1c00003", this handle).

    Args:
        wm_class, executable: further conditions, compared without regard to case; "" = any. A loose title alone would
            hand the keys to a browser tab that happens to be called like the game.

    Raises:
        CaptureError: none, or more than one; the message lists what there is.
    """
    windows = system.windows()
    if title.lower().startswith("0x"):
        return _by_handle(windows, title)
    titled = [w for w in windows if w.title == title]
    found = [w for w in titled if _same(wm_class, w.wm_class) and _same(executable, w.executable)]
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousWindow(
            f"{len(found)} windows are titled {title!r}:{_listing(found)}\nclose all but one, or name one by its handle"
        )
    if titled:
        wanted = " and ".join(f"{k} {v!r}" for k, v in (("class", wm_class), ("program", executable)) if v)
        raise CaptureError(
            f"a window is titled {title!r}, but not with {wanted} as the profile's [window] demands:{_listing(titled)}\n"
            "correct [window] in the profile, or name the window by its handle"
        )
    raise CaptureError(
        f"no window is titled {title!r} (the title must match exactly).{nearest(title, sorted({w.title for w in windows}))}"
        f" Windows there are:{_listing(windows)}"
    )


def _by_handle(windows: Sequence[Window], text: str) -> Window:
    try:
        handle = int(text, 16)
    except ValueError:
        handle = -1
    for window in windows:
        if window.handle == handle:
            return window
    raise CaptureError(f"no window has the handle {text}. Windows there are:{_listing(windows)}")


def _same(wanted: str, found: str) -> bool:
    return not wanted or wanted.casefold() == found.casefold()


def _listing(windows: Sequence[Window]) -> str:
    if not windows:
        return " none"
    lines = [f"\n  {window.describe()}" for window in windows[:MAX_LISTED]]
    more = len(windows) - MAX_LISTED
    return "".join(lines) + (f"\n  and {more} more" if more > 0 else "")
