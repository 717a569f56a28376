"""The sink for real windows: one thread does all pressing, so that the loop never waits for the OS."""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from wowbot.action.plan import KeyPlan, Op, chord_of
from wowbot.action.sinks import InputBackend, KeyWatch, Target
from wowbot.core.action import Action, KeyEvent
from wowbot.core.clock import Clock
from wowbot.core.errors import ActionError, WowbotError
from wowbot.core.event import Event

log = logging.getLogger(__name__)

Report = Callable[[Event], None]
OnStop = Callable[[str], None]
START_S = 10.0


class _Release(NamedTuple):
    """In the queue: lift everything."""


class NoWatch:
    """Nobody watches the keys: for tests, and where the user turned the watchdog off."""

    def pressing(self, code: str) -> None:
        """Nothing."""

    def released(self, code: str) -> None:
        """Nothing."""


class ScheduledSink:
    """ActionSink over an InputBackend.

    Args:
        open_backend: called on the sink's thread, which alone uses the back-end.
        watch: told before each press and after each release.
        report: takes an Event for each refusal (`Mailbox.put`): kind "sink", payload cause and detail. Causes: "focus" (the
            target was not in front at the moment of pressing), "no key", "corner", "lost".
        on_stop: told why the run must end (`guard.request_stop`): the pointer is in a corner of the screen, which is
            pyautogui's way to say stop, or the keyboard is lost.
    """

    def __init__(
        self,
        clock: Clock,
        open_backend: Callable[[], InputBackend],
        watch: KeyWatch | None = None,
        report: Report | None = None,
        on_stop: OnStop | None = None,
    ) -> None:
        self._clock = clock
        self._open_backend = open_backend
        self._watch: KeyWatch = watch or NoWatch()
        self._report = report
        self._on_stop = on_stop
        self._plan = KeyPlan()
        # An RLock inside: a signal handler may halt while this thread sends. Always notify_all: a notify that Ctrl-C
        # breaks into leaves a waiter behind, and the next one would wake that one only.
        self._wake = threading.Condition()
        self._queue: deque[Action | _Release] = deque()
        self._keys: deque[KeyEvent] = deque()
        self._pressed: dict[str, str] = {}
        self._busy = False
        self._halted = False
        self._closing = False
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="wowbot-keys")

    def start(self) -> None:
        """Open the keyboard. Called by itself on the first `send`, but early is better: errors show at once.

        Raises:
            ActionError, CaptureError: keys cannot be driven here, and why.
        """
        if not self._thread.is_alive() and not self._closing:
            atexit.register(
                self.close
            )  # whoever forgets to close: the thread dies with the interpreter, the keys stay down
            self._thread.start()
        if not self._ready.wait(START_S):
            raise ActionError(
                f"the keyboard did not open within {START_S:.0f} s: is another program holding the display?"
            )
        if self._failure is not None:
            raise self._failure

    def send(self, action: Action) -> Action | None:
        """Queue the action; None when it cannot be taken (no such key, stopped, keyboard lost)."""
        try:
            if action.kind not in ("move", "scroll"):
                chord_of(action)
        except ActionError as error:
            log.warning("%s", error)
            return None
        if not self._ready.is_set():
            self.start()
        with self._wake:
            if self._halted or self._closing or self._failure:
                return None
            self._queue.append(action)
            self._wake.notify_all()
        return action

    def drain(self) -> tuple[KeyEvent, ...]:
        """Key downs and ups that happened since the last call."""
        keys = []
        while self._keys:
            keys.append(self._keys.popleft())
        return tuple(keys)

    def release_all(self) -> None:
        """Drop what waits and lift every key; returns at once."""
        with self._wake:
            if not self._queue and not self._busy and not self._pressed:
                return
            self._queue.clear()
            self._queue.append(_Release())
            self._wake.notify_all()

    def halt(self) -> None:
        """Lift every key and take no more: for stop keys, from any thread or signal handler."""
        with self._wake:
            self._halted = True
            self.release_all()

    def close(self) -> None:
        """Lift every key and end the thread; returns when that is done."""
        atexit.unregister(self.close)
        with self._wake:
            self._closing = True
            self._queue.clear()
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=START_S)

    def _run(self) -> None:
        try:
            backend = self._open_backend()
        except WowbotError as failure:
            self._failure = failure
            self._ready.set()
            return
        self._ready.set()
        try:
            while self._step(backend):
                pass
            self._carry_out(backend, self._plan.release_all())
        except Exception as failure:  # the display went away under us: data for the loop, not a crash of this thread
            log.exception("the keyboard is lost")
            self._failure = failure
            self._tell("lost", str(failure))
            self._end_run(f"the keyboard is lost: {failure}")
        finally:
            backend.close()

    def _step(self, backend: InputBackend) -> bool:
        with self._wake:
            if not self._queue and not self._closing:
                self._wake.wait(self._seconds_to_next())
            if self._closing:
                return False
            work = tuple(self._queue)
            self._queue.clear()
            self._busy = True
        self._carry_out(backend, self._plan.due(self._clock.now_ns()))
        for item in work:
            if isinstance(item, _Release):
                self._carry_out(backend, self._plan.release_all())
            elif not self._halted:
                self._begin(backend, item)
        self._busy = False
        return True

    def _seconds_to_next(self) -> float | None:
        due_ns = self._plan.next_due_ns
        return None if due_ns is None else max(0.0, (due_ns - self._clock.now_ns()) / 1e9)

    def _begin(self, backend: InputBackend, action: Action) -> None:
        ops = self._plan.start(action, self._clock.now_ns())
        lifts = [op for op in ops if op.kind == "up"]
        rest = [op for op in ops if op.kind != "up"]
        self._carry_out(backend, lifts)
        try:
            codes = [backend.code(op.key) for op in rest if op.kind == "down"]
        except ActionError as error:
            self._plan.refused(rest)
            self._tell("no key", str(error))
            return
        for code in codes:
            self._watch.pressing(code)
        cause = self._through_gate(backend, rest)
        if cause:
            self._plan.refused(rest)
            for code in codes:
                self._watch.released(code)
            self._tell(cause, action.key)

    def _through_gate(self, backend: InputBackend, ops: list[Op]) -> str:
        """Carry out the steps if the target is in front. Returns why not, or ""."""
        if not ops:
            return ""
        try:
            with backend.gate(next((op.at for op in ops if op.at is not None), None)) as front:
                if not front or self._halted:
                    return "focus" if not front else "halted"
                self._carry_out(backend, ops)
        except CornerStop:
            self._carry_out(backend, [Op("up", op.key, op.ability) for op in reversed(ops) if op.key in self._pressed])
            self.halt()
            self._end_run("the pointer is in a corner of the screen")
            return "corner"
        return ""

    def _carry_out(self, backend: InputBackend, ops: list[Op]) -> None:
        for op in ops:
            if op.kind == "down":
                backend.down(op.key)
                self._pressed[op.key] = op.ability
                self._keys.append(KeyEvent(self._clock.now_ns(), op.key, True, op.ability))
            elif op.kind == "up" and op.key in self._pressed:
                backend.up(op.key)
                self._keys.append(KeyEvent(self._clock.now_ns(), op.key, False, self._pressed.pop(op.key)))
                self._watch.released(backend.code(op.key))
            elif op.kind == "move" and op.at is not None:
                backend.move(op.at)
            elif op.kind == "scroll":
                backend.scroll(op.amount)

    def _tell(self, cause: str, detail: str) -> None:
        if self._report is not None:
            self._report(Event("sink", -1, {"cause": cause, "detail": detail}))

    def _end_run(self, why: str) -> None:
        if self._on_stop is not None:
            self._on_stop(why)


class CornerStop(Exception):
    """The pointer is in a corner of the screen: the user wants everything to stop."""


class PyautoguiSink(ScheduledSink):
    """The sink "pyautogui": Windows, macOS and X11.

    Wiring: `PyautoguiSink(clock, Target(window.handle, window.pid), watch=watchdog, report=mailbox.put,
    on_stop=guard.request_stop)`, then `start()` while the other parts open.
    """

    def __init__(
        self,
        clock: Clock,
        target: Target,
        watch: KeyWatch | None = None,
        report: Report | None = None,
        on_stop: OnStop | None = None,
    ) -> None:
        def open_backend() -> InputBackend:
            from wowbot.action.pyautogui_backend import open_pyautogui

            return open_pyautogui(target)

        super().__init__(clock, open_backend, watch, report, on_stop)
