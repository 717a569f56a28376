"""Streamable HTTP on loopback, behind a token."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mcp.server import MCPServer

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
HOST = "127.0.0.1"


def guarded(app: App, token: str) -> App:
    """The app behind `Authorization: Bearer TOKEN`; anything else gets 401."""
    wanted = f"Bearer {token}".encode()

    async def inner(
        scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        given = dict(scope.get("headers") or []).get(b"authorization", b"")
        if scope["type"] != "http" or hmac.compare_digest(given, wanted):
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 401, "headers": [(b"www-authenticate", b"Bearer")]})
        await send({"type": "http.response.body", "body": b"a bearer token is needed; wowbot mcp printed it"})

    return inner


def serve(server: MCPServer, port: int, token: str) -> None:
    """Serve until interrupted, on this machine only."""
    import uvicorn

    app = guarded(server.streamable_http_app(host=HOST), token)
    uvicorn.run(app, host=HOST, port=port, log_level="warning")
