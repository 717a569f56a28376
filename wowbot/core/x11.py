"""Connecting to an X server: shared by capture and action, which do not import each other.

The module `Xlib` is the one pyautogui brings on Linux; it is imported here only when a connection is asked for.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wowbot.core.errors import CaptureError

NO_DISPLAY = (
    "no display: DISPLAY is not set, so there is no screen to look at and no keyboard to press. "
    "Start the command from a desktop session, or under a virtual screen "
    "(`xvfb-run -s '-screen 0 1920x1080x24' wowbot ...`); `--world sim` needs no display"
)
RESET_S = 0.3
_lock = threading.Lock()


@contextlib.contextmanager
def without_authority_trouble() -> Iterator[None]:
    """Let Xlib connect where no ~/.Xauthority exists, and keep its warnings off stdout.

    python3-xlib 0.15 raises when the file is missing (`Xlib/xauth.py`), although a server without access control, Xvfb
    for one, wants no cookie; python-xlib prints a warning to stdout instead. Also needed around `import pyautogui`.
    """
    home = Path(os.environ.get("HOME", "/"))
    with _lock, contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # xauth.py does not close the file that it reads
        missing = "XAUTHORITY" not in os.environ and not (home / ".Xauthority").is_file()
        if missing:
            os.environ["XAUTHORITY"] = os.devnull
        try:
            yield
        finally:
            if missing:
                del os.environ["XAUTHORITY"]


def open_display() -> Any:
    """A new connection to the X server of this session (one for each thread: a connection is not shared).

    Raises:
        CaptureError: no DISPLAY, no server there, or access refused.
    """
    name = os.environ.get("DISPLAY", "")
    if not name:
        raise CaptureError(NO_DISPLAY)
    with without_authority_trouble():
        from Xlib import display, error

        try:
            try:
                return display.Display(name)
            except error.ConnectionClosedError:  # a server that just lost its last client starts anew
                time.sleep(RESET_S)
                return display.Display(name)
        except (error.DisplayError, error.XauthError, error.ConnectionClosedError, OSError) as failure:
            raise CaptureError(
                f"no display: DISPLAY is {name!r} but no X server can be reached there ({failure}). "
                "Check that the session runs and that this user may connect (xhost, XAUTHORITY)"
            ) from failure


def is_within(window: Any, handle: int) -> bool:
    """Whether `window` (an Xlib window, or the number 0 or 1) is the window `handle` or lies inside it."""
    while not isinstance(window, int):
        if window.id == handle:
            return True
        window = window.query_tree().parent
    return False
