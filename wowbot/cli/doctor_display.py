"""What a check of `wowbot doctor` is, and the check of the display."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from wowbot.core.errors import WowbotError

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding.

    Args:
        name: what was looked at.
        found: what was found, one line.
        mend: what to do; "" where there is nothing to.
    """

    name: str
    status: Status
    found: str
    mend: str = ""


def guarded(name: str, look: Callable[[], Check]) -> Check:
    """The check's finding, or its error as one."""
    try:
        return look()
    except WowbotError as error:
        return Check(name, "fail", str(error))
    except Exception as error:  # a doctor names what it stumbles over and looks on
        return Check(name, "fail", f"{type(error).__name__}: {error}", "please report this")


def find_display() -> Check:
    """Is there a screen, and of what kind?"""
    if sys.platform == "win32":
        return guarded("display", _windows_display)
    if sys.platform == "darwin":
        return guarded("display", _mac_display)
    session, wayland = os.environ.get("XDG_SESSION_TYPE", ""), os.environ.get("WAYLAND_DISPLAY", "")
    if (session == "wayland" or wayland) and not os.environ.get("DISPLAY"):
        return Check("display", "fail", "a Wayland session without X: no program may see other windows or press keys there",
                     "log in to an X11 session (\"... on Xorg\" at the login screen)")  # fmt: skip
    check = guarded("display", _x11_display)
    if check.status == "ok" and (session == "wayland" or wayland):
        return Check("display", "warn", f"{check.found}, on top of Wayland: only X programs can be seen and played",
                     "start the game under XWayland, or log in to an X11 session")  # fmt: skip
    return check


def _x11_display() -> Check:
    from wowbot.core.x11 import open_display

    display = open_display()
    try:
        screen = display.screen()
        absent = [name for name in ("XTEST", "RECORD") if not display.has_extension(name)]
        manager = screen.root.get_full_property(display.intern_atom("_NET_SUPPORTING_WM_CHECK"), 0)
        found = f"X11 {os.environ['DISPLAY']}, {screen.width_in_pixels}x{screen.height_in_pixels}"
    finally:
        display.close()
    if "XTEST" in absent:
        return Check("display", "fail", f"{found}, without the XTEST extension", "no key can be pressed on this server")
    if manager is None:
        return Check(
            "display", "warn", f"{found}, without a window manager", "windows may not get the focus: start e.g. openbox"
        )
    return Check("display", "ok", found + ("" if not absent else ", without RECORD: the stop key is grabbed instead"))


def _windows_display() -> Check:
    from wowbot.capture.grab import ScreenGrabber
    from wowbot.capture.windows import window_system

    window_system().close()  # declares the process aware of the DPI
    grabber = ScreenGrabber()
    box = grabber.bounds
    grabber.close()
    return Check("display", "ok", f"Windows desktop {box.width}x{box.height} in physical pixels, DPI aware")


def _mac_display() -> Check:
    from wowbot.action.gate_macos import MacGate
    from wowbot.action.sinks import Target
    from wowbot.capture.windows import window_system

    window_system().close()  # raises without the Screen Recording right
    MacGate(Target(0))  # raises without the Accessibility right
    return Check("display", "ok", "macOS desktop; Screen Recording and Accessibility are allowed")
