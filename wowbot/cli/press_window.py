"""The window of `wowbot keys press-test`: tells its handle, then each chord it hears, one JSON object a line."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

TITLE = "wowbot key test"
FOCUS_S = 5.0
OURS = {
    "return": "enter", "page up": "pageup", "page down": "pagedown", "caps lock": "capslock", "scroll lock": "scrolllock",
    "print screen": "printscreen", "break": "pause", "[+]": "numpadplus", "[-]": "numpadminus", "[*]": "numpadmultiply",
    "[/]": "numpaddivide", "[.]": "numpaddecimal", **{f"[{n}]": f"numpad{n}" for n in range(10)},
}  # fmt: skip
"""pygame's names -> ours, where they differ."""
BUTTONS = {"left": 1, "middle": 2, "right": 3, "wheelup": 4, "wheeldown": 5, "mouse4": 6, "mouse5": 7}


def main() -> int:
    """Open, wait for the focus, tell, until killed."""
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    import pygame

    try:
        pygame.display.init()
        if pygame.display.get_driver() in ("dummy", "offscreen"):
            raise pygame.error("no display")
        pygame.display.set_mode((360, 120))
    except pygame.error as error:
        _tell(error=str(error))
        return 2
    pygame.display.set_caption(TITLE)
    end = time.monotonic() + FOCUS_S
    while not pygame.key.get_focused() and time.monotonic() < end:
        pygame.event.pump()
        time.sleep(0.02)
    if not pygame.key.get_focused():
        _tell(error=f"{TITLE!r} did not come to the front within {FOCUS_S:.0f} s: click on it and try again")
        return 2
    time.sleep(0.1)
    pygame.event.clear()
    _tell(handle=int(pygame.display.get_wm_info().get("window", 0)))
    while True:
        name = _name(pygame, pygame.event.wait())
        if name:
            _tell(heard=name)


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _name(pygame: Any, event: Any) -> str:
    """The chord that an event of the window tells of, in our names; "" for other events."""
    if event.type == pygame.MOUSEBUTTONDOWN:
        names = {number: name for name, number in BUTTONS.items()}
        return _with_mods(pygame, pygame.key.get_mods(), names.get(event.button, f"button {event.button}"))
    if event.type != pygame.KEYDOWN or event.key in (
        pygame.K_LSHIFT, pygame.K_RSHIFT, pygame.K_LCTRL, pygame.K_RCTRL, pygame.K_LALT, pygame.K_RALT,
    ):  # fmt: skip
        return ""
    text = pygame.key.name(event.key)
    return _with_mods(pygame, event.mod, OURS.get(text, text))


def _with_mods(pygame: Any, mods: int, key: str) -> str:
    held = {"shift": pygame.KMOD_SHIFT, "ctrl": pygame.KMOD_CTRL, "alt": pygame.KMOD_ALT}
    return "-".join((*(name for name, mask in held.items() if mods & mask), key))


if __name__ == "__main__":
    sys.exit(main())
