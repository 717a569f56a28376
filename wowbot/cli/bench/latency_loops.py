"""The loops that `wowbot bench latency` compares: the beginner's, and the whole agent at a fixed rate and eager."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from wowbot.agent import Agent
from wowbot.cli.bench.flip_window import FILLER, KEY, MARK
from wowbot.core import memory
from wowbot.core.action import Action, Decision
from wowbot.core.clock import MonotonicClock
from wowbot.core.event import Mailbox, ThreadRunner
from wowbot.core.layout import Rect
from wowbot.core.protocols import Snapshot
from wowbot.core.state import GameState

LOW_PCT = 60.0
MAGENTA_HUE = ((145, 200, 200), (155, 255, 255))


class Loop(Protocol):
    """One way to play: runs on the calling thread until told to stop."""

    def run(self, stop: threading.Event) -> int:
        """Returns the number of ticks."""


class Beginner:
    """pyautogui.screenshot, HSV on the whole frame, pyautogui.press, all with their defaults.

    Args:
        place: the window on the screen.
        rotation: press a filler key on every tick without a trigger, as a rotation bot does.
    """

    def __init__(self, place: Rect, rotation: bool) -> None:
        self._place = place
        self._rotation = rotation

    def run(self, stop: threading.Event) -> int:
        auto = beginners_pyautogui()
        before, auto.PAUSE = auto.PAUSE, 0.1
        ticks, was = 0, False
        try:
            while not stop.is_set():
                ticks += 1
                lit = self._sees(np.asarray(auto.screenshot()))
                if lit and (self._rotation or not was):
                    auto.press(KEY)
                elif self._rotation:
                    auto.press(FILLER)
                was = lit
        finally:
            auto.PAUSE = before
        return ticks

    def _sees(self, screen: np.ndarray[Any, Any]) -> bool:
        mask = cv2.inRange(cv2.cvtColor(screen, cv2.COLOR_RGB2HSV), *map(np.array, MAGENTA_HUE))
        left, top = self._place.left + MARK.left, self._place.top + MARK.top
        return bool(np.count_nonzero(mask[top : top + MARK.height, left : left + MARK.width]) > 100)


def beginners_pyautogui() -> Any:
    """pyautogui whose screenshot() works on a bare X server.

    pyscreeze 1.0 refuses to take a screenshot on Linux unless a program called gnome-screenshot (or scrot in an X session)
    is there, and then takes Pillow's faster way without running it: an empty file of that name on PATH does.
    """
    from wowbot.action.pyautogui_backend import import_pyautogui

    with tempfile.TemporaryDirectory() as folder:
        shim = Path(folder) / "gnome-screenshot"
        shim.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
        shim.chmod(0o755)
        path = os.environ.get("PATH", "")
        os.environ["PATH"] = f"{folder}{os.pathsep}{path}"
        try:
            return import_pyautogui()
        finally:
            os.environ["PATH"] = path


class FlipPolicy:
    """Presses KEY once each time health is found low."""

    def __init__(self) -> None:
        self._pressed = False

    def decide(self, state: GameState) -> Decision | None:
        health = state.number("health.pct")
        if health is None:
            return None
        if health >= LOW_PCT:
            self._pressed = False
            return None
        return None if self._pressed else Decision("rule", "bench.1", f"health.pct={health:.0f}", (Action("key", KEY),))

    def settle(self, state: GameState, decision: Decision, accepted: Sequence[Action]) -> None:
        self._pressed = self._pressed or bool(accepted)

    def snapshot(self) -> Snapshot:
        return {"pressed": self._pressed}

    def restore(self, snapshot: Snapshot) -> None:
        self._pressed = snapshot["pressed"]


class WholeAgent:
    """The agent as `wowbot run` composes it: live source, every reader of the stock HUD, tracker, guard, scheduled sink.

    Args:
        handle: the window.
        hz: ticks a second, or the most of them.
        eager: watch the regions and tick when they change.
    """

    def __init__(self, handle: int, hz: float, eager: bool) -> None:
        memory.be_frugal()
        self._agent, self._sink = _compose(handle, hz, eager)
        self.stage_ms: list[dict[str, float]] = []

    def run(self, stop: threading.Event) -> int:
        self._sink.start()
        self._agent.source.open()
        memory.settle()
        ticks, threads = 0, cv2.getNumThreads()
        cv2.setNumThreads(1)  # as the rig does
        try:
            while not stop.is_set():
                tick = self._agent.tick()
                ticks += 1
                if tick is not None:
                    self.stage_ms.append(dict(tick.stage_ms))
        finally:
            self._agent.close()
            memory.unsettle()
            cv2.setNumThreads(threads)
        return ticks


def _compose(handle: int, hz: float, eager: bool) -> tuple[Agent, Any]:
    from wowbot.action.sink import PyautoguiSink
    from wowbot.action.sinks import Target
    from wowbot.capture.eager import watched_rects
    from wowbot.capture.live import LiveSource
    from wowbot.capture.windows import find_window, window_system
    from wowbot.core.bindings import Bindings
    from wowbot.decision.guard import TERMS, SafetyGuard
    from wowbot.decision.profile import GuardLimits
    from wowbot.hud import stock_layout
    from wowbot.perception.pipeline import HudPerception
    from wowbot.perception.texts import CORE_SHARE
    from wowbot.state.tracker import StateTracker

    system = window_system()
    window = find_window(system, hex(handle))
    system.close()
    clock, mailbox = MonotonicClock(), Mailbox()
    runner = ThreadRunner(mailbox, {"text": CORE_SHARE})
    layout = stock_layout("wotlk", (window.rect.width, window.rect.height))
    source = LiveSource(window, clock, hz, watched_rects(layout) if eager else ())
    sink = PyautoguiSink(clock, Target(window.handle, window.pid), report=mailbox.put)
    agent = Agent(
        source, HudPerception(layout, runner=runner), StateTracker(Bindings(), TERMS | {"health.pct"}), [FlipPolicy()],
        SafetyGuard(GuardLimits(actions_per_s=100.0, same_key_per_s=100.0)), sink, clock, mailbox, runner,
    )  # fmt: skip
    return agent, sink
