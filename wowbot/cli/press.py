"""Press keys with the real sink into a window of our own: for `wowbot keys press-test` and `wowbot doctor`.

The window is a process of its own: the X11 gate locks the server while it presses, and a thread that waits for the server
with Python's lock in its hand would never let it finish.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from wowbot.action.keys import Chord, parse_chord
from wowbot.action.sink import PyautoguiSink
from wowbot.action.sinks import Target
from wowbot.core.action import Action
from wowbot.core.clock import MonotonicClock
from wowbot.core.errors import ActionError
from wowbot.core.event import Event

WAIT_S = 0.6
OPEN_S = 10.0
MOUSE = ("middle", "mouse4", "mouse5", "wheelup", "wheeldown")


@dataclass(frozen=True, slots=True)
class Heard:
    """One key: what was sent, what the window got, and after how long."""

    sent: str
    heard: str
    ok: bool
    ms: float


class KeyWindow:
    """The window process and what it tells."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        assert process.stdout is not None
        threading.Thread(target=self._listen, args=(process.stdout,), daemon=True).start()
        first = self.next(OPEN_S)
        if first is None or "handle" not in first:
            raise ActionError(f"no window can be opened: {(first or {}).get('error', 'it did not come to the front')}")
        self.target = Target(int(first["handle"]), process.pid)

    def next(self, timeout_s: float) -> dict[str, Any] | None:
        """What the window says next; None when it says nothing for so long."""
        try:
            return self._told.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def _listen(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self._told.put(json.loads(line))


@contextmanager
def key_window() -> Iterator[KeyWindow]:
    """Open the window; it is closed with the block.

    Raises:
        ActionError: it cannot be opened, or does not come to the front.
    """
    process = subprocess.Popen([sys.executable, "-m", "wowbot.cli.press_window"], stdout=subprocess.PIPE, text=True)
    try:
        yield KeyWindow(process)
    finally:
        process.kill()
        process.wait()


def press_all(keys: Sequence[str]) -> list[Heard]:
    """Open the window, press each key, close it again.

    Raises:
        ActionError: no window, or keys cannot be pressed.
    """
    refusals: list[Event] = []
    with key_window() as window:
        sink = PyautoguiSink(MonotonicClock(), window.target, report=refusals.append)
        sink.start()
        try:
            return [_one(window, sink, parse_chord(key), refusals) for key in keys]
        finally:
            sink.close()


def _one(window: KeyWindow, sink: PyautoguiSink, chord: Chord, refusals: list[Event]) -> Heard:
    """Press one chord and wait until it has come and gone."""
    refusals.clear()
    pressed = time.perf_counter()
    sink.send(Action("key", chord.key, chord.mods, at=(60, 60) if chord.key in MOUSE else None))
    got, ms, up = "", 0.0, chord.key.startswith("wheel")
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end and not refusals and not (got and up):
        told = window.next(0.005)
        if told is not None and not got:
            got, ms = str(told["heard"]), (time.perf_counter() - pressed) * 1e3
        up = up or any(not key.down and key.key == chord.key for key in sink.drain())
    if refusals:
        return Heard(
            chord.text, f"not pressed: {refusals[0].payload['cause']} {refusals[0].payload['detail']}", False, 0.0
        )
    if not got:
        return Heard(chord.text, f"nothing arrived within {WAIT_S:g} s", False, 0.0)
    ok = got == chord.text
    return Heard(chord.text, got if ok else f"{got} (expected {chord.text})", ok, ms)
