"""The one exception tree.

    WowbotError
      ConfigError        a TOML or settings file is wrong
      ProfileError       a profile or its action list is wrong
      LayoutError        no layout, or a layout that does not fit the frame
        LayoutMismatch   the frame has another size than the layout
      CaptureError       no window, no display, no frame
        AmbiguousWindow  more than one window answers to the title
      RecordingError     a recording cannot be read or written
      ActionError        keys or the mouse cannot be driven
      LLMError           the model back-end failed
      DetectorError      a detector model cannot be used
      SimError           the training ground was asked for something it has not got

A message says what was found, what was expected and what to do. In the loop badness is data, not an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class WowbotError(Exception):
    """Base of every error a user can cause or cure. The command line prints it and exits with 2."""


class ConfigError(WowbotError):
    """A settings file is wrong; the message names file and key."""


class ProfileError(ConfigError):
    """A profile or its action priority list is wrong."""


class LayoutError(WowbotError):
    """No usable layout."""


class LayoutMismatch(LayoutError):
    """The frame's size is not the size the layout was made for."""


class CaptureError(WowbotError):
    """The window, the display or the frame cannot be had."""


class AmbiguousWindow(CaptureError):
    """More than one window answers to the title: guessing would hand the keys to the wrong one."""


class RecordingError(WowbotError):
    """A recording cannot be read or written."""


class ActionError(WowbotError):
    """Keys or the mouse cannot be driven."""


class LLMError(WowbotError):
    """The model back-end failed."""


class DetectorError(WowbotError):
    """A detector model cannot be used."""


class SimError(WowbotError):
    """The training ground was asked for something it has not got."""


def nearest(name: str, known: Iterable[str], count: int = 3) -> str:
    """` Did you mean 'a' or 'b'?` for the names of `known` closest to `name`; empty when none is near."""
    close = get_close_matches(name, list(known), n=count, cutoff=0.5)
    return f" Did you mean {' or '.join(repr(c) for c in close)}?" if close else ""
