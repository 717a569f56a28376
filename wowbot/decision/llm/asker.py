"""How a question leaves the loop and its reply comes back as an event: in a child process, in lockstep, or not at all."""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from wowbot.core.event import Event, Mailbox
from wowbot.core.frame import Image
from wowbot.decision.llm.attend import attend, png_of
from wowbot.decision.llm.talk import Backend, BackendFacts, Question, Reply, failed

log = logging.getLogger(__name__)
KIND = "llm"
RESTARTS = 3


class Asker(Protocol):
    """Takes questions; each reply arrives in the mailbox as an "llm" event with phase "answer"."""

    def ask(self, question: Question, frame_index: int, t_ns: int, image: Image | None) -> None:
        """Never waits. `image`: the picture that goes with the question, BGR."""

    def advance(self, t_ns: int) -> None:
        """Frame time has come so far."""

    def tell(self, frame_index: int, payload: Mapping[str, Any]) -> None:
        """Put something else that happened (asked, verdict, effect) into the recording."""


class NullAsker:
    """Asks nobody: for replays, where the replies come out of the recording."""

    def ask(self, question: Question, frame_index: int, t_ns: int, image: Image | None) -> None:
        """Nothing."""

    def advance(self, t_ns: int) -> None:
        """Nothing."""

    def tell(self, frame_index: int, payload: Mapping[str, Any]) -> None:
        """Nothing."""


def answer_event(question: Question, frame_index: int, reply: Reply) -> Event:
    """A reply as the loop takes it."""
    payload = {"phase": "answer", "call": question.call, "topic": question.topic, **reply.cut().as_json()}
    payload["calls"] = [{"name": call["name"], "arguments": call["arguments"]} for call in payload["calls"]]
    return Event(KIND, frame_index, payload)


class LockstepAsker:
    """Asks at once, waits, and delivers a fixed game time later: deterministic, for the training ground at any speed.

    Args:
        delay_s: game seconds between question and reply.
        share_names: see attend.
    """

    def __init__(self, mailbox: Mailbox, backend: Backend, delay_s: float, share_names: bool = False) -> None:
        self._mailbox, self._backend, self._share = mailbox, backend, share_names
        self._delay_ns = int(delay_s * 1e9)
        self._due: list[tuple[int, Event]] = []

    def ask(self, question: Question, frame_index: int, t_ns: int, image: Image | None) -> None:
        png = "" if image is None or question.see == "none" else png_of(image)
        reply = attend(self._backend, question, png, self._share)
        self._due.append((t_ns + self._delay_ns, answer_event(question, frame_index, reply)))

    def advance(self, t_ns: int) -> None:
        for item in [item for item in self._due if item[0] <= t_ns]:
            self._due.remove(item)
            self._mailbox.put(item[1])

    def close(self) -> None:
        """Let the back-end go."""
        self._backend.close()

    def tell(self, frame_index: int, payload: Mapping[str, Any]) -> None:
        self._mailbox.put(Event(KIND, frame_index, payload))


class ChildAsker:
    """Asks through a child process. A service: `start` before the first tick, `close` after the last.

    Args:
        facts: which back-end.
        share_names: see attend.
    """

    def __init__(self, mailbox: Mailbox, facts: BackendFacts, share_names: bool = False) -> None:
        self._mailbox, self._facts, self._share = mailbox, facts, share_names
        self._out: queue.SimpleQueue[tuple[Question, Image | None] | None] = queue.SimpleQueue()
        self._open: dict[int, tuple[Question, int]] = {}
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._left = RESTARTS
        self._closed = False

    def start(self) -> None:
        """Start the process and the two threads that talk to it."""
        self._spawn()
        threading.Thread(target=self._write, daemon=True, name="wowbot-llm-out").start()

    def _spawn(self) -> None:
        facts = self._facts
        command = [sys.executable, "-m", "wowbot.decision.llm.child", facts.name, facts.base_url, facts.script]
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )  # fmt: skip
        threading.Thread(target=self._read, args=(self._child,), daemon=True, name="wowbot-llm-in").start()

    def ask(self, question: Question, frame_index: int, t_ns: int, image: Image | None) -> None:
        with self._lock:
            self._open[question.call] = (question, frame_index)
        self._out.put((question, image if question.see != "none" else None))

    def advance(self, t_ns: int) -> None:
        """Nothing: real time passes by itself."""

    def tell(self, frame_index: int, payload: Mapping[str, Any]) -> None:
        self._mailbox.put(Event(KIND, frame_index, payload))

    def close(self) -> None:
        """End the process; what is under way is dropped."""
        self._closed = True
        self._out.put(None)
        if self._child is not None:
            self._child.kill()
            _let_go(self._child)

    def _write(self) -> None:
        """Encode pictures and hand questions over: off the loop."""
        while (item := self._out.get()) is not None:
            question, image = item
            body = {"question": question.as_json(), "png": "" if image is None else png_of(image)}
            line = json.dumps(body | {"share_names": self._share})
            child = self._child
            try:
                assert child is not None and child.stdin is not None
                child.stdin.write(line + "\n")
                child.stdin.flush()
            except (OSError, ValueError):
                self._fail_open("the back-end's process has ended")

    def _read(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        with suppress(OSError, ValueError):
            for line in child.stdout:
                self._deliver(json.loads(line))
        if not self._closed:
            _let_go(child)
            self._fail_open("the back-end's process has ended")
            if self._left:
                self._left -= 1
                log.warning("the model back-end's process has ended and is started again")
                self._spawn()

    def _deliver(self, data: Mapping[str, Any]) -> None:
        with self._lock:
            found = self._open.pop(int(data["call"]), None)
        if found is not None:
            self._mailbox.put(Event(KIND, found[1], {"phase": "answer", **data}))

    def _fail_open(self, why: str) -> None:
        with self._lock:
            lost, self._open = list(self._open.values()), {}
        for question, frame_index in lost:
            self._mailbox.put(answer_event(question, frame_index, failed("network", why)))


def _let_go(child: subprocess.Popen[str]) -> None:
    """Wait for the end of a process that is ending, and close what led to it."""
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError, ValueError):
                pipe.close()
