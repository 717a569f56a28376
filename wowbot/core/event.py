"""The one door by which asynchronous results enter the loop."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Event:
    """What a worker finished.

    Args:
        kind: "text", "detections", "layout", "llm", "hotkey", "marker" ...
        made_from_frame: index of the frame it was worked out from; -1 when from none.
        taken_at_tick: frame index at whose tick the loop took it; -1 until then.
        payload: JSON-able values only, so that it can be recorded.
    """

    kind: str
    made_from_frame: int
    payload: Mapping[str, Any]
    taken_at_tick: int = -1


class Mailbox:
    """Thread-safe queue of events; `take` empties it once a tick."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: deque[Event] = deque()

    def put(self, event: Event) -> None:
        with self._lock:
            self._events.append(event)

    def take(self, tick: int) -> tuple[Event, ...]:
        """All events so far, stamped with the tick that takes them."""
        if not self._events:
            return ()
        with self._lock:
            events, self._events = self._events, deque()
        return tuple(replace(event, taken_at_tick=tick) for event in events)


Job = Callable[[], Mapping[str, Any]]


class Runner(Protocol):
    """Runs slow work off the loop; its result arrives in the mailbox as an Event of `kind`.

    `submit` returns False, and does nothing, while a job of that kind is still under way or its kind must rest.
    """

    def submit(self, kind: str, frame_index: int, t_ns: int, job: Job) -> bool: ...
    def advance(self, t_ns: int) -> None: ...
    def close(self) -> None: ...


LAST_JOB_S = 5.0
"""How long closing waits for a job under way: an interpreter that ends while native code still runs is aborted."""


class ThreadRunner:
    """One daemon thread a kind. A job that raises posts {"error": text}.

    Args:
        shares: of one core that jobs of a kind may take, 0..1: after a job its kind is taken again only when that share is
            kept. What is not named is not held back.
    """

    def __init__(self, mailbox: Mailbox, shares: Mapping[str, float] | None = None) -> None:
        self._mailbox = mailbox
        self._shares = dict(shares or {})
        self._rest_until_s: dict[str, float] = {}
        self._lock = threading.Lock()
        self._ready: dict[str, threading.Semaphore] = {}
        self._jobs: dict[str, tuple[int, Job] | None] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, kind: str, frame_index: int, t_ns: int, job: Job) -> bool:
        with self._lock:
            resting = time.monotonic() < self._rest_until_s.get(kind, 0.0)
            if self._closed or resting or self._jobs.get(kind) is not None:
                return False
            self._jobs[kind] = (frame_index, job)
            if kind not in self._ready:
                self._ready[kind] = threading.Semaphore(0)
                self._threads.append(
                    threading.Thread(target=self._work, args=(kind,), daemon=True, name=f"wowbot-{kind}")
                )
                self._threads[-1].start()
        self._ready[kind].release()
        return True

    def advance(self, t_ns: int) -> None:
        """Nothing: real time passes by itself."""

    def close(self) -> None:
        with self._lock:
            self._closed = True
        for ready in self._ready.values():
            ready.release()
        for thread in self._threads:
            thread.join(LAST_JOB_S)

    def _work(self, kind: str) -> None:
        while True:
            self._ready[kind].acquire()
            with self._lock:
                task = self._jobs.get(kind)
            if self._closed or task is None:
                return
            start_s, spent_s = time.monotonic(), time.thread_time()
            event = Event(kind, task[0], _outcome(task[1]))
            spent_s = time.thread_time() - spent_s
            with self._lock:
                self._jobs[kind] = None
                if kind in self._shares:
                    self._rest_until_s[kind] = start_s + spent_s / self._shares[kind]
            self._mailbox.put(event)


class DelayedRunner:
    """Runs a job when it is due, `delay_s` of game time after it was handed in: deterministic, for the simulator.

    What a worker would do beside the loop is thus done between two ticks, and is no part of a tick's time.
    """

    def __init__(self, mailbox: Mailbox, delay_s: float) -> None:
        self._mailbox = mailbox
        self._delay_ns = int(delay_s * 1e9)
        self._due: dict[str, tuple[int, int, Job]] = {}

    def submit(self, kind: str, frame_index: int, t_ns: int, job: Job) -> bool:
        if kind in self._due:
            return False
        self._due[kind] = (t_ns + self._delay_ns, frame_index, job)
        return True

    def advance(self, t_ns: int) -> None:
        """Deliver what has come due at frame time `t_ns`."""
        for kind in [k for k, (due, _, _) in self._due.items() if due <= t_ns]:
            _, frame_index, job = self._due.pop(kind)
            self._mailbox.put(Event(kind, frame_index, _outcome(job)))

    def close(self) -> None:
        self._due.clear()


class NullRunner:
    """Takes no work: for replays, where the events come out of the recording."""

    def submit(self, kind: str, frame_index: int, t_ns: int, job: Job) -> bool:
        return False

    def advance(self, t_ns: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def _outcome(job: Job) -> Mapping[str, Any]:
    try:
        return job()
    except Exception as error:  # a worker's failure is data for the loop
        return {"error": f"{type(error).__name__}: {error}"}
