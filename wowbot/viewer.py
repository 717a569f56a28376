"""`--watch`: shows the frame, the regions, the readings and the rule in force, in a window of its own process.

The loop only hands over the newest tick, at most FPS times a second; shrinking and sending happen on a thread, drawing in
the other process. When that one is slow or gone, ticks are dropped and the agent goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress

import cv2
import numpy as np

from wowbot.core.action import Decision
from wowbot.core.errors import CaptureError
from wowbot.core.layout import Layout
from wowbot.core.tick import Tick
from wowbot.perception.overlay import marks, told

FPS = 15
MAX_WIDTH = 960
SHOWN = ("health.pct", "mana.pct", "rage.pct", "energy.pct", "target.health.pct", "cast.pct", "gcd.remains")


class WatchTap:
    """A Tap that feeds the viewer process.

    Args:
        layout: whose regions are drawn; `set_layout` when it changes.
        command: the viewer's command line, for tests.
    """

    def __init__(self, layout: Layout, command: tuple[str, ...] = (sys.executable, "-m", "wowbot.cli.viewer")) -> None:
        self._layout = layout
        self._latest: Tick | None = None
        self._ruled: tuple[Decision | None, int] = (None, 0)
        self._due_ns = 0
        self._wake = threading.Condition()
        self._closing = False
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._wait_until_open()
        self._thread = threading.Thread(target=self._run, daemon=True, name="wowbot-viewer")
        self._thread.start()

    def _wait_until_open(self) -> None:
        assert self._child.stdout is not None and self._child.stderr is not None
        if self._child.stdout.readline().strip() != b"open":
            self._child.wait()
            lines = self._child.stderr.read().decode(errors="replace").strip().splitlines() or ["it ended at once"]
            self._shut()
            raise CaptureError(f"--watch: no viewer window can be opened here ({lines[-1]}); run without --watch")

    def set_layout(self, layout: Layout) -> None:
        """Draw these regions from now on."""
        self._layout = layout

    def on_tick(self, tick: Tick) -> None:
        if tick.decision.ability:
            self._ruled = (tick.decision, tick.frame.t_ns)
        if tick.frame.image is None or tick.now_ns < self._due_ns:
            return
        self._due_ns = tick.now_ns + 1_000_000_000 // FPS
        with self._wake:
            self._latest = tick
            self._wake.notify_all()

    def close(self) -> None:
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join(timeout=2.0)
        self._shut()

    def _shut(self) -> None:
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            self._child.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closing or self._latest is not None)
                tick, self._latest = self._latest, None
            if self._closing or tick is None:
                return
            try:
                self._send(tick)
            except OSError:
                return  # the user closed the viewer; the agent goes on

    def _send(self, tick: Tick) -> None:
        image = tick.frame.image
        assert image is not None and self._child.stdin is not None
        scale = min(1.0, MAX_WIDTH / image.shape[1])
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        small = np.ascontiguousarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
        drawn = marks(self._layout, tick.observation.readings)
        head = {"size": size, "scale": scale, "marks": drawn, "lines": self._lines(tick)}
        self._child.stdin.write(json.dumps(head).encode() + b"\n" + small.tobytes())
        self._child.stdin.flush()

    def _lines(self, tick: Tick) -> list[str]:
        """Values, the rule in force (the last one that fired stands while nothing is to be done), what is held back."""
        state, (ruled, ruled_ns) = tick.state, self._ruled
        values = "  ".join(f"{term} {value:.0f}" for term in SHOWN if (value := state.number(term)) is not None)
        unknown = sum(1 for reading in tick.observation.readings.values() if reading.value is None)
        ago = (tick.frame.t_ns - ruled_ns) / 1e9
        rule = "no rule has fired yet" if ruled is None else f"{'; '.join(told(ruled)[:2])}  ({ago:.1f} s ago)"
        held = "; ".join(f"{veto.cause}: {veto.detail}" for veto in tick.verdict.vetoes)
        last = f"held back: {held}" if held else f"frame {tick.frame.index}, {unknown} unknown"
        return [values, rule, last]
