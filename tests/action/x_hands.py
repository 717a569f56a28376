"""Real X windows that count the keys they get, and an agent's hands in a process of their own."""

from __future__ import annotations

import random
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from wowbot.core.x11 import open_display

PATIENCE_S = 5.0

HANDS = """
import random, sys, time
from wowbot.action.sink import PyautoguiSink
from wowbot.action.sinks import Target
from wowbot.action.watchdog import Watchdog
from wowbot.core.action import Action
from wowbot.core.clock import MonotonicClock

dog = Watchdog(0.5)
dog.start()
sink = PyautoguiSink(MonotonicClock(), Target(int(sys.argv[1])), watch=dog, on_stop=lambda why: None)
sink.start()
dog.wait_ready()
dice = random.Random(int(sys.argv[2]))
print("ready", flush=True)
for line in sys.stdin:
    if line == "hang\\n":
        dog.on_tick(None)
        sink.send(Action("key", "w", hold_ms=60000))
        time.sleep(60)
    while line == "play\\n":
        sink.send(Action("key", dice.choice(["w", "a", "shift-2", "space", "ctrl-e"]), hold_ms=dice.choice([0, 200, 5000])))
        sink.send(Action("click", dice.choice(["left", "right"]), at=(20, 20), hold_ms=300))
        time.sleep(dice.uniform(0.0, 0.03))
"""


class CountingWindows:
    """Two windows side by side; counts the KeyPress events of each on a thread of its own."""

    def __init__(self) -> None:
        from Xlib import X, Xutil

        self._x: Any = X
        self.display = open_display()
        self._screen = self.display.screen()
        self.windows = []
        for place in range(2):
            window = self._screen.root.create_window(
                20 + place * 320, 40, 300, 200, 0, self._screen.root_depth, X.InputOutput, X.CopyFromParent,
                event_mask=X.KeyPressMask | X.StructureNotifyMask, background_pixel=0x808080,
            )  # fmt: skip
            window.set_wm_name(f"counting {place}")
            window.set_wm_normal_hints(flags=Xutil.USPosition)
            window.map()
            self.windows.append(window)
        self.display.sync()
        self.presses = {window.id: 0 for window in self.windows}
        self._stop = threading.Event()
        self.focuser = open_display()
        self._settle()
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _settle(self) -> None:
        """Until both windows are shown and the first keeps the focus: a window manager focuses new ones late."""
        kept, end = 0, time.monotonic() + PATIENCE_S
        while kept < 10 and time.monotonic() < end:
            time.sleep(0.02)
            shown = all(window.get_attributes().map_state == self._x.IsViewable for window in self.windows)
            focus = self.focuser.get_input_focus().focus
            kept = kept + 1 if shown and not isinstance(focus, int) and focus.id == self.handle else 0
            if shown and not kept:
                self.focus(0)

    @property
    def handle(self) -> int:
        """The window that keys may reach."""
        return int(self.windows[0].id)

    @property
    def right(self) -> int:
        return self.presses[self.windows[0].id]

    @property
    def wrong(self) -> int:
        return self.presses[self.windows[1].id]

    def focus(self, place: int) -> None:
        window = self.focuser.create_resource_object("window", self.windows[place].id)
        window.set_input_focus(self._x.RevertToParent, self._x.CurrentTime)
        self.focuser.sync()

    def keys_down(self) -> list[int]:
        """Keycodes that the server holds down."""
        bits = self.focuser.query_keymap()
        return [8 * place + bit for place, byte in enumerate(bits) for bit in range(8) if byte >> bit & 1]

    def buttons_down(self) -> int:
        """Bit mask of mouse buttons that the server holds down."""
        return int(self.focuser.screen().root.query_pointer().mask) & 0x1F00

    def nothing_down(self) -> bool:
        return not self.keys_down() and not self.buttons_down()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        for window in self.windows:
            window.destroy()
        self.display.sync()
        self.display.close()
        self.focuser.close()

    def _count(self) -> None:
        while not self._stop.is_set():
            while self.display.pending_events():
                event = self.display.next_event()
                if event.type == self._x.KeyPress:
                    self.presses[event.window.id] += 1
            select.select([self.display.fileno()], [], [], 0.01)


def until(holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.001)
    return holds()


def start_hands(handle: int, seed: int = 1) -> subprocess.Popen[str]:
    """Hands that press into the window `handle` once told "play"; ready when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", HANDS, str(handle), str(seed)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def tell(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(word + "\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def switch_at_random(windows: CountingWindows, times: int, seed: int, stop: threading.Event) -> None:
    """Move the focus to and fro at random moments; sets `stop` at the end."""
    dice = random.Random(seed)
    for _ in range(times):
        windows.focus(dice.randrange(2))
        time.sleep(dice.uniform(0.0, 0.02))
    stop.set()
