"""The watchdog's own process: remembers the keys that are down and lifts them when the agent is dead or hangs.

Run as `python -m wowbot.action.watchdog_child HUNG_S PARENT_PID` in a session of its own, so that a kill of the agent's
whole process group does not reach it. Reads lines on stdin:

    d CODE   about to press      u CODE   is up again
    t        the loop ticked     p        the loop rests on purpose (paused, ended): silence is no hang

and ends with stdin. On end of file, or when the parent is gone although some other process still holds the pipe, every
key is lifted at once and again a moment later: a press may still have been in the dead agent's socket. Writes "ready",
"hung".
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import sys
import time

from wowbot.action.release import Releaser, open_releaser
from wowbot.core.errors import WowbotError

REALTIME = 10
"""Real-time priority, where the system allows it (root, or a limit set for the user): above whatever is not real-time."""
URGENT = -15
"""Niceness, where real-time priority is not allowed but this is (a limit set for the user)."""
AGAIN_S = (0.012, 0.02)
"""Pauses before the second and third lift; all are over 50 ms after a death."""


class KeyKeeper:
    """The list of keys that are down, and the clock of the loop.

    Args:
        hung_s: a loop that has ticked and then does not for so long hangs; 0 = never.
    """

    def __init__(self, releaser: Releaser, hung_s: float) -> None:
        self._releaser = releaser
        self._hung_s = hung_s
        self._down: dict[str, None] = {}
        self._ticked: float | None = None

    @property
    def down(self) -> tuple[str, ...]:
        return tuple(self._down)

    def obey(self, line: str, now: float) -> None:
        """Take one line of the protocol; `now` in s."""
        word, _, code = line.partition(" ")
        if word == "d":
            self._down[code] = None
        elif word == "u":
            self._down.pop(code, None)
        elif word == "t":
            self._ticked = now
        elif word == "p":
            self._ticked = None

    def hangs(self, now: float) -> bool:
        """Whether the loop has just been found hanging; says so once."""
        if self._ticked is None or not self._hung_s or now - self._ticked < self._hung_s:
            return False
        self._ticked = None
        return True

    def lift_all(self) -> None:
        """Lift what is on the list; it stays there until the agent says that it is up."""
        for code in self._down:
            self._releaser.lift(code)
        self._releaser.flush()


def main(argv: list[str]) -> int:
    """The process."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # it must outlive the agent by a moment
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        keeper = KeyKeeper(open_releaser(), float(argv[0]))
    except WowbotError as error:
        _say(f"failed {error}")
        return 2
    _hurry()
    _say("ready")
    _serve(keeper, int(argv[1]))
    for pause_s in (0.0, *AGAIN_S):
        time.sleep(pause_s)
        lift(keeper)
    return 0


def lift(keeper: KeyKeeper) -> bool:
    """Lift every key that is down, whatever becomes of it: the watchdog must not die of a failure, nor show its inside."""
    try:
        keeper.lift_all()
    except Exception as failure:  # Xlib raises even TypeError once its server is gone; the keys are gone with it
        _say(f"failed to lift the keys: {failure}")
        return False
    return True


def _hurry() -> None:
    """Ask to run before others on a busy machine; it sleeps all its life but for some milliseconds. Not always granted."""
    if sys.platform == "linux":
        if os.sched_getscheduler(0) != os.SCHED_OTHER:
            return  # started with a priority that somebody chose
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(REALTIME))
            return
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, URGENT)


def _serve(keeper: KeyKeeper, parent: int) -> None:
    """Until the pipe ends or the parent is gone. Windows has no select on pipes: a thread would wait there instead."""
    if sys.platform == "win32":
        _serve_blocking(keeper)
        return
    pipe = sys.stdin.fileno()
    rest = b""
    with selectors.DefaultSelector() as waiter:
        waiter.register(pipe, selectors.EVENT_READ)
        death = _watch_parent(waiter, parent)
        while True:
            ready = [key.fd for key, _ in waiter.select(timeout=0.05)]
            if pipe in ready:
                data = os.read(pipe, 65536)
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    keeper.obey(line.decode("ascii", "replace"), time.monotonic())
                if not data:
                    return
            elif death in ready or (death == -1 and os.getppid() != parent):
                return
            _check(keeper)


def _watch_parent(waiter: selectors.BaseSelector, parent: int) -> int:
    """A descriptor that wakes the waiter when the parent ends; -1 where the OS has none (then its pid is looked at)."""
    if sys.platform != "linux":
        return -1
    try:
        descriptor = os.pidfd_open(parent)
    except OSError:
        return -1
    waiter.register(descriptor, selectors.EVENT_READ)
    return descriptor


def _serve_blocking(keeper: KeyKeeper) -> None:
    import threading

    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            _check(keeper)

    threading.Thread(target=look, daemon=True).start()
    for line in sys.stdin:
        keeper.obey(line.rstrip("\n"), time.monotonic())
    ended.set()


def _check(keeper: KeyKeeper) -> None:
    if keeper.hangs(time.monotonic()) and lift(keeper):
        _say("hung")


def _say(word: str) -> None:
    with contextlib.suppress(OSError):
        os.write(1, f"{word}\n".encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
