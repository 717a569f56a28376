"""The window of `wowbot bench latency`: shows a HUD, empties its health bar at random moments, times the key that answers.

A process of its own, so that it measures both ends on one clock. On stdin a line "go N" asks for N flips; on stdout it
tells, one JSON object a line, its handle first and then each result. X11 only, drawn from pixmaps that lie in the server:
a flip is one copy and one round trip.
"""

from __future__ import annotations

import json
import random
import select
import sys
import time
from typing import Any

import numpy as np

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.core.x11 import open_display
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, UnitView, WorldView

TITLE = "wowbot latency bench"
KEY, FILLER = "2", "f"
MARK = Rect(4, 4, 160, 24)
"""Where the plain colour for the beginner's loop lights up, besides the health bar."""
MARK_BGR = (255, 0, 255)
GAP_S = (0.055, 0.110)
"""Pause before a flip; with the answer's time at most 18 flips a second."""
MISSED_S = 0.6
SCENES = 4
ROWS = 32


def pictures(size_wh: tuple[int, int]) -> list[tuple[Image, Image]]:
    """(full bar, empty bar) for a few moments of a walk."""
    renderer = HudRenderer("wotlk", size_wh)
    found = []
    for step in range(SCENES):
        full, low = (renderer.draw(_view(step, health)) for health in (1000.0, 200.0))
        marked = low.copy()
        MARK.crop(marked)[:] = MARK_BGR
        found.append((full, marked))
    return found


def _view(step: int, health: float) -> WorldView:
    me = UnitView("Tester", "human", 80, health, 1000.0, "mana", 800.0, 1000.0)
    foe = UnitView("Wolf", "wolf", 80, 700.0, 1000.0, reaction=2)
    return WorldView(float(step), me, CameraView(step * 0.7, step * 0.4, step * 0.02), target=foe)


class FlipWindow:
    """The window.

    Args:
        fps: how often the world behind the HUD moves; 0 = it stands still.
    """

    def __init__(self, size_wh: tuple[int, int], fps: float, seed: int) -> None:
        from Xlib import XK, X

        self._x: Any = X
        self._random = random.Random(seed)
        self._period_s = 1.0 / fps if fps else 0.0
        self._display = open_display()
        screen = self._display.screen()
        self._size = size_wh
        self.window = screen.root.create_window(
            0, 0, size_wh[0], size_wh[1], 0, screen.root_depth, X.InputOutput, X.CopyFromParent,
            event_mask=X.KeyPressMask | X.ExposureMask,
        )  # fmt: skip
        self.window.set_wm_name(TITLE)
        self.window.set_wm_class("wowbot-bench", "wowbot-bench")
        self._gc = self.window.create_gc()
        self._scenes = [tuple(self._upload(image) for image in pair) for pair in pictures(size_wh)]
        self._codes = {self._display.keysym_to_keycode(XK.string_to_keysym(key)): key for key in (KEY, FILLER)}
        self._scene, self._low = 0, False
        self._move_at = 0.0

    def show(self) -> None:
        """Map it and take the focus."""
        self.window.map()
        self._display.sync()
        time.sleep(0.5)
        self.window.set_input_focus(self._x.RevertToParent, self._x.CurrentTime)
        self._draw(Rect(0, 0, *self._size))
        self._display.sync()

    def run(self, flips: int) -> dict[str, Any]:
        """So many flips; latencies in ms, how many were not answered, keys that came at other times."""
        latencies, missed, fillers = [], 0, 0
        for _ in range(flips):
            fillers += self._wait_until(time.monotonic() + self._random.uniform(*GAP_S), until_key=False)[1]
            self._flip(True)
            start = time.monotonic()
            answered, others = self._wait_until(start + MISSED_S, until_key=True)
            fillers += others
            if answered:
                latencies.append((answered - start) * 1e3)
            else:
                missed += 1
            self._flip(False)
        return {"latencies_ms": latencies, "missed": missed, "other_keys": fillers}

    def _flip(self, low: bool) -> None:
        self._low = low
        self._draw(Rect(0, 0, self._size[0] // 3, self._size[1] // 6))
        self._display.sync()

    def _draw(self, rect: Rect) -> None:
        source = self._scenes[self._scene][self._low]
        self.window.copy_area(self._gc, source, rect.left, rect.top, rect.width, rect.height, rect.left, rect.top)

    def _wait_until(self, end: float, *, until_key: bool) -> tuple[float, int]:
        """Move the world and take keys until `end` or the key. Returns when the key came, 0 if not, and other keys."""
        others = 0
        while (now := time.monotonic()) < end:
            if self._period_s and now >= self._move_at:
                self._move_at = now + self._period_s
                self._scene = (self._scene + 1) % SCENES
                self._draw(Rect(0, 0, *self._size))
                self._display.flush()
            due = min(end, self._move_at) if self._period_s else end
            if not self._display.pending_events():
                select.select([self._display.fileno()], [], [], max(0.0, due - now))
            while self._display.pending_events():
                event = self._display.next_event()
                if event.type == self._x.Expose:
                    self._draw(Rect(0, 0, *self._size))
                if event.type != self._x.KeyPress:
                    continue
                if until_key and self._codes.get(event.detail) == KEY:
                    return time.monotonic(), others
                others += 1
        return 0.0, others

    def _upload(self, image: Image) -> Any:
        """The picture as a pixmap in the server, in strips that fit into a request."""
        height, width = image.shape[:2]
        pixmap = self.window.create_pixmap(width, height, self._display.screen().root_depth)
        bgrx = np.dstack([image, np.zeros((height, width), np.uint8)])
        for top in range(0, height, ROWS):
            strip = bgrx[top : top + ROWS]
            pixmap.put_image(
                self._gc,
                0,
                top,
                width,
                strip.shape[0],
                self._x.ZPixmap,
                self._display.screen().root_depth,
                0,
                strip.tobytes(),
            )
        return pixmap


def main(argv: list[str]) -> int:
    """WIDTH HEIGHT FPS SEED."""
    window = FlipWindow((int(argv[0]), int(argv[1])), float(argv[2]), int(argv[3]))
    window.show()
    _tell({"handle": int(window.window.id)})
    for line in sys.stdin:
        _tell(window.run(int(line.split()[1])))
    return 0


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
