"""The training ground as a real window: pixels out, real keys and clicks in, on the clock on the wall.

Another process plays it knowing only the screen. SDL draws in software; the picture is copied straight into its surface.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import cv2
import numpy as np

from wowbot.core.errors import SimError
from wowbot.core.frame import Image
from wowbot.sim.session import SimSession
from wowbot.sim.sink import click_at

WM_CLASS = "wowbot-sim"
MAX_STEP_S = 0.25
"""A window that stood still longer than this (dragged, stopped) does not make the world jump."""
BUTTONS = {2: "middle", 6: "mouse4", 7: "mouse5"}
"""SDL's numbers of the mouse buttons that are bound like keys."""

UNSEEN = ("dummy", "offscreen", "evdev", "kmsdrm")
"""SDL's video drivers that show nothing in a window; it takes one by itself where there is no display."""


@dataclass(slots=True)
class KeyLog:
    """A key or button as it arrived: seconds since the window opened."""

    t_s: float
    key: str
    down: bool


@dataclass(slots=True)
class WindowReport:
    """What happened while the window was open; a dict of it is the report file."""

    scenario: str
    seed: int
    size_wh: tuple[int, int]
    era: str
    seconds: float = 0.0
    result: str = ""
    kills: int = 0
    deaths: int = 0
    damage_done: float = 0.0
    damage_taken: float = 0.0
    frames: int = 0
    frame_ms_p50: float = 0.0
    cpu_share: float = 0.0
    ended_by: str = ""
    keys: list[KeyLog] = field(default_factory=list)


class SimWindow:
    """Shows a session and feeds it real input.

    Args:
        session: a session with pixels; its clock is set by this window.
        title: of the window.
        fps: frames a second at most.
        seconds: close after so long on the wall; 0 = when the scenario ends.
        stay: keep the window open after the scenario's end.
    """

    def __init__(
        self, session: SimSession, title: str, *, fps: float = 30.0, seconds: float = 0.0, stay: bool = False
    ) -> None:
        if not 1 <= fps <= 240:
            raise SimError(f"--fps must be 1 to 240, found {fps:g}")
        self.session, self.title, self.fps, self.seconds, self.stay = session, title, fps, seconds, stay
        s = session.screen
        self.report = WindowReport(session.scenario, session.seed, s.size_wh, s.era)
        self._down: dict[int, str] = {}
        self._stop = ""

    def run(self) -> WindowReport:
        """Open the window and play until it is closed, told to end, or over.

        Raises:
            SimError: no display.
        """
        session = self.session
        session.open()
        with _display(session.screen.size_wh, self.title) as (pygame, surface), _signals(self):
            began, cpu = time.monotonic(), time.process_time()
            last, costs = began, []
            while not self._stop:
                now = time.monotonic()
                self._input(pygame, now - began)
                self._advance(now - last)
                last = now
                _show(surface, session.draw())
                pygame.display.flip()
                costs.append(time.monotonic() - now)
                self._check_end(now - began)
                time.sleep(max(0.0, now + 1 / self.fps - time.monotonic()))
            self._finish(time.monotonic() - began, time.process_time() - cpu, costs)
        session.close()
        return self.report

    def stop(self, why: str) -> None:
        """End after this frame."""
        self._stop = self._stop or why

    def _advance(self, passed_s: float) -> None:
        if self.session.over:
            return
        step = min(MAX_STEP_S, passed_s)
        if step > 0:
            self.session.world.step(step)
            self.session.clock.t_ns += round(step * 1e9)

    def _check_end(self, t_s: float) -> None:
        if self.seconds and t_s >= self.seconds:
            self.stop("seconds")
        elif self.session.over and not self.stay:
            self.stop("scenario")

    def _finish(self, wall_s: float, cpu_s: float, costs: list[float]) -> None:
        stats, report = self.session.stats, self.report
        report.seconds, report.result, report.ended_by = stats.seconds, stats.result, self._stop
        report.kills, report.deaths = stats.kills, stats.deaths
        report.damage_done, report.damage_taken = stats.damage_done, stats.damage_taken
        report.frames = len(costs)
        report.frame_ms_p50 = float(np.median(costs)) * 1000 if costs else 0.0
        report.cpu_share = cpu_s / max(1e-9, wall_s)

    def _input(self, pygame: Any, t_s: float) -> None:
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                self.stop("closed")
            elif event.type == pygame.KEYDOWN:
                self._press(event.key, _chord(pygame, event.key, event.mod), t_s)
            elif event.type == pygame.KEYUP:
                self._release(event.key, t_s)
            elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
                self._mouse(event, event.type == pygame.MOUSEBUTTONDOWN, t_s)
            elif event.type == pygame.WINDOWFOCUSLOST:
                # The client lets every key go when it loses the keyboard; it will not see their release.
                for code in tuple(self._down):
                    self._release(code, t_s)

    def _press(self, code: int, chord: str, t_s: float) -> None:
        if chord and code not in self._down:
            self._down[code] = chord
            self.report.keys.append(KeyLog(round(t_s, 4), chord, True))
            self.session.world.key_down(chord)

    def _release(self, code: int, t_s: float) -> None:
        chord = self._down.pop(code, "")
        if chord:
            self.report.keys.append(KeyLog(round(t_s, 4), chord, False))
            self.session.world.key_up(chord)

    def _mouse(self, event: Any, down: bool, t_s: float) -> None:
        if event.button in BUTTONS:
            # Negative codes keep the buttons apart from SDL's key codes.
            if down:
                self._press(-event.button, BUTTONS[event.button], t_s)
            else:
                self._release(-event.button, t_s)
        elif event.button == 1:
            x, y = event.pos
            self.report.keys.append(KeyLog(round(t_s, 4), f"mouse_left {x},{y}", down))
            if down:
                click_at(self.session.world, self.session.layout, (int(x), int(y)))


def _show(surface: Any, image: Image) -> None:
    """Copy a BGR frame into a 32-bit surface."""
    height, width = image.shape[:2]
    raw = surface.get_buffer()
    pixels = np.frombuffer(raw, np.uint8).reshape(height, surface.get_pitch() // 4, 4)
    cv2.cvtColor(image, cv2.COLOR_BGR2BGRA, dst=pixels[:, :width])
    del pixels, raw


_NAMES = {
    "return": "enter",
    "page up": "pageup",
    "page down": "pagedown",
    "caps lock": "capslock",
    "numlock": "numlock",
    "scroll lock": "scrolllock",
    "print screen": "printscreen",
    "[+]": "numpadplus",
    "[-]": "numpadminus",
    "[*]": "numpadmultiply",
    "[/]": "numpaddivide",
    "[.]": "numpaddecimal",
    "enter": "enter",
    **{f"[{n}]": f"numpad{n}" for n in range(10)},
}
"""pygame's names that are not ours."""
_MODIFIER_KEYS = ("shift", "ctrl", "alt", "meta", "super", "gui", "altgr")


def _chord(pygame: Any, code: int, mod: int) -> str:
    """The chord of a key press, "" for a bare modifier."""
    name = pygame.key.name(code)
    if not name or any(name.endswith(m) for m in _MODIFIER_KEYS):
        return ""
    held = (("shift", pygame.KMOD_SHIFT), ("ctrl", pygame.KMOD_CTRL), ("alt", pygame.KMOD_ALT))
    return "-".join([*(word for word, bit in held if mod & bit), _NAMES.get(name, name)])


@contextmanager
def _display(size_wh: tuple[int, int], title: str) -> Iterator[tuple[Any, Any]]:
    """The open window: (pygame, its surface)."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    os.environ["SDL_VIDEO_X11_WMCLASS"] = WM_CLASS
    # Without a GPU SDL's "accelerated" path is slower than a plain copy into the X server's memory.
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    import pygame

    try:
        pygame.display.init()
        driver = pygame.display.get_driver()
        if driver in UNSEEN and "SDL_VIDEODRIVER" not in os.environ:
            raise pygame.error(f"SDL found no screen and fell back to its driver {driver!r}")
        pygame.display.set_caption(title)
        surface = pygame.display.set_mode(size_wh, 0, 32)
    except pygame.error as error:
        raise SimError(
            f"no window can be opened ({error}): start this on a desktop, or under `xvfb-run`, "
            "or use `wowbot run --world sim`, which needs no window"
        ) from error
    try:
        yield pygame, surface
    finally:
        pygame.display.quit()
        pygame.quit()


@contextmanager
def _signals(window: SimWindow) -> Iterator[None]:
    """SIGTERM and SIGINT end the window cleanly."""

    def told(number: int, _frame: FrameType | None) -> None:
        window.stop(signal.Signals(number).name.lower())

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
