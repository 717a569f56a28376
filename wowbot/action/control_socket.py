"""How `wowbot stop` in another terminal reaches a running agent: a socket on the loopback address, found through a file.

Each agent writes `running/<pid>.json` in the user's folder (readable by the user alone) with its port and a random token; a
request is one JSON line {"token", "command"}, the answer one JSON line.

Wiring: `ControlSocket(answer).start()`, where `answer("stop")` calls `sink.halt()`, then `guard.request_stop("wowbot stop")`
and returns what it did; it runs on the socket's own thread. `close()` at the end.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wowbot.config import user_dir

log = logging.getLogger(__name__)

Answer = Callable[[str], Mapping[str, Any]]
REQUEST_S = 1.0
MAX_LINE = 4096


def default_folder() -> Path:
    """Where running agents leave word of themselves."""
    return user_dir() / "running"


class ControlSocket:
    """Answers commands while the agent runs.

    Args:
        answer: called with the command ("stop", "status"); its mapping goes back as JSON.
        folder: where the word is left.
    """

    def __init__(self, answer: Answer, folder: Path | None = None) -> None:
        self._answer = answer
        self._folder = folder or default_folder()
        self._token = secrets.token_hex(16)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._thread = threading.Thread(target=self._serve, daemon=True, name="wowbot-control")
        self._path = self._folder / f"{os.getpid()}.json"

    def start(self) -> None:
        """Listen on a free port of 127.0.0.1 and leave word of it."""
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(4)
        self._folder.mkdir(parents=True, exist_ok=True)
        word = json.dumps({"pid": os.getpid(), "port": self._socket.getsockname()[1], "token": self._token})
        self._path.unlink(missing_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(word)
        self._thread.start()

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            log.debug("the control socket was not listening")
        self._socket.close()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            with connection:
                connection.settimeout(REQUEST_S)
                try:
                    self._one(connection)
                except (OSError, ValueError, KeyError, TypeError) as error:
                    log.warning("a malformed control request was dropped: %s", error)

    def _one(self, connection: socket.socket) -> None:
        request = json.loads(_read_line(connection))
        if not secrets.compare_digest(str(request["token"]), self._token):
            connection.sendall(b'{"error": "wrong token"}\n')
            return
        reply = dict(self._answer(str(request["command"])))
        connection.sendall(json.dumps(reply).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Running:
    """Word of one running agent."""

    pid: int
    port: int
    token: str
    path: Path

    def ask(self, command: str, timeout_s: float = REQUEST_S) -> dict[str, Any]:
        """Send a command and return the answer.

        Raises:
            ConnectionRefusedError: the agent is gone; its word is stale.
            OSError, ValueError: it does not answer, or not sensibly.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s) as connection:
            connection.sendall(json.dumps({"token": self.token, "command": command}).encode() + b"\n")
            answer: dict[str, Any] = json.loads(_read_line(connection))
            return answer


def running_agents(folder: Path | None = None) -> list[Running]:
    """Every agent that left word, dead ones among them; a file that cannot be read is passed over."""
    found = []
    for path in sorted((folder or default_folder()).glob("*.json")):
        try:
            word = json.loads(path.read_text(encoding="utf-8"))
            found.append(Running(int(word["pid"]), int(word["port"]), str(word["token"]), path))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read: %s", path, error)
    return found


def _read_line(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n") and len(data) < MAX_LINE:
        piece = connection.recv(MAX_LINE)
        if not piece:
            break
        data += piece
    return data
