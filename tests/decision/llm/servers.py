"""Loopback servers that speak the wire formats of DashScope and of OpenAI, and misbehave on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from wowbot.cli.bench.llm import loopback

USAGE = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}


def call(name: str, arguments: Any) -> dict[str, Any]:
    """One function call; arguments that are no text are written as JSON."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": text}}


@dataclass
class Say:
    """What the server answers.

    Args:
        calls, text: of the message; raw: the whole body instead; status: HTTP.
        how: "" at once, "hang" never, "reset" closes at once, "drip" a byte now and then.
        wait_s: before the answer.
    """

    calls: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    raw: bytes | None = None
    status: int = 200
    how: str = ""
    wait_s: float = 0.0


def dashscope_body(say: Say) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": say.text}
    if say.calls:
        message["tool_calls"] = say.calls
    choice = {"index": 0, "finish_reason": "tool_calls" if say.calls else "stop", "message": message}
    return {"request_id": "r-1", "output": {"choices": [choice]}, "usage": USAGE}


def openai_body(say: Say) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": say.text or None}
    if say.calls:
        message["tool_calls"] = say.calls
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return {"id": "c-1", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}


@dataclass
class Server:
    """A running server: `say` may be set at any time; `seen` holds the bodies that came in."""

    base_url: str
    say: Say | Callable[[dict[str, Any]], Say]
    seen: list[dict[str, Any]]
    headers: list[dict[str, str]]
    over: threading.Event

    def answer(self, body: dict[str, Any]) -> Say:
        return self.say(body) if callable(self.say) else self.say


@contextmanager
def serving(kind: str) -> Iterator[Server]:
    """A server of "dashscope" or "openai" on a free port of this machine."""
    suffix, make = ("/api/v1", dashscope_body) if kind == "dashscope" else ("/v1", openai_body)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.seen.append(body)
            server.headers.append(dict(self.headers))
            say = server.answer(body)
            server.over.wait(say.wait_s)
            if say.how == "hang":
                server.over.wait(30.0)
            if say.how in ("hang", "reset"):
                self.close_connection = True
                self.connection.close()
                return
            data = json.dumps(make(say)).encode() if say.raw is None else say.raw
            self.send_response(say.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self._write(data, say.how == "drip")

        def _write(self, data: bytes, drip: bool) -> None:
            with suppress(OSError):
                if not drip:
                    self.wfile.write(data)
                    return
                for byte in data:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if server.over.wait(0.05):
                        return

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = Server("", Say(), [], [], threading.Event())
    with loopback(Handler, server.over) as port:
        server.base_url = f"http://127.0.0.1:{port}{suffix}"
        yield server
