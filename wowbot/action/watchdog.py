"""The agent's side of the watchdog: a small process that lifts the keys when the agent is killed or its loop hangs."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO

from wowbot.core.errors import ActionError
from wowbot.core.tick import Tick

log = logging.getLogger(__name__)

READY_S = 10.0


class Watchdog:
    """Starts and feeds the watchdog process. Also a Tap: every tick is a sign of life.

    Wiring: `dog = Watchdog(hung_s=profile.facts.remedies.hung_s, on_hung=...)`, `dog.start()`, hand it to the sink as
    `watch`, put it into `agent.taps`; `on_hung` should be `sink.release_all`, so that the sink knows that its keys are
    up. Closing it (after the sink) ends the process.

    Args:
        hung_s: a loop silent for so long hangs; 0 = never.
        on_hung: called on a thread of the watchdog's once the keys have been lifted.
    """

    def __init__(self, hung_s: float = 2.0, on_hung: Callable[[], None] | None = None) -> None:
        self._hung_s = hung_s
        self._on_hung = on_hung
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()
        self._failure = ""
        self._lock = threading.Lock()
        self._down: dict[str, None] = {}
        self._closing = False
        self.hangs = 0
        """How often the loop was found hanging."""

    def start(self) -> None:
        """Start the process; `wait_ready` waits for it."""
        command = [sys.executable, "-m", "wowbot.action.watchdog_child", str(self._hung_s), str(os.getpid())]
        self._ready.clear()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if sys.platform != "win32":
            os.set_blocking(self._process.stdin.fileno(), False)  # the loop must not wait for a stopped watchdog
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True, name="wowbot-watchdog").start()

    def wait_ready(self) -> None:
        """Return once the process watches.

        Raises:
            ActionError: it did not start.
        """
        if not self._ready.wait(READY_S) or self._failure:
            raise ActionError(f"the watchdog process did not start ({self._failure or 'no answer'}): no key is pressed")

    def pressing(self, code: str) -> None:
        """Tell before the press."""
        if not self._ready.is_set():
            self.wait_ready()
        self._down[code] = None
        self._tell(f"d {code}")

    def released(self, code: str) -> None:
        self._down.pop(code, None)
        self._tell(f"u {code}")

    def on_tick(self, tick: Tick) -> None:
        self._tell("t")

    def rest(self) -> None:
        """The loop stands still on purpose from now until its next tick."""
        self._tell("p")

    def close(self) -> None:
        """End the process and wait for it."""
        self._closing = True
        if self._process is not None:
            self._end(self._process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _tell(self, line: str) -> None:
        with self._lock:
            if self._process is None or self._closing:
                return
            try:
                self._write(line)
            except OSError:  # dead, or stopped for so long that its pipe is full
                log.error("the watchdog process does not listen any more; a new one is started")
                self._process.kill()
                self._end(self._process)
                self.start()
                for code in tuple(self._down):
                    self._write(f"d {code}")

    def _write(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        if self._process.stdin.write(line.encode("ascii") + b"\n") is None:
            raise BlockingIOError("the pipe is full")

    def _listen(self, answers: IO[bytes]) -> None:
        with answers:
            for line in answers:
                word, _, detail = line.decode("utf-8", "replace").strip().partition(" ")
                if word == "hung":
                    self._hung()
                else:
                    self._failure = detail if word == "failed" else ""
                    self._ready.set()

    def _hung(self) -> None:
        self.hangs += 1
        log.error("the loop has not ticked for %.1f s: every key was lifted", self._hung_s)
        if self._on_hung is not None:
            self._on_hung()
