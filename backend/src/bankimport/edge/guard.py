"""ASGI middleware around every request, sockets included: it limits sizes, checks hosts and adds headers."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bankimport.db.acting import for_nobody
from bankimport.edge.headers import headers_for
from bankimport.edge.hosts import is_ours
from bankimport.settings import get_settings, variable_of

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY_BYTES = 1024 * 1024
BODY_WITHIN_S = 30.0

UNGUARDED_HOSTS = frozenset({"/healthz", "/healthz/data", "/readyz", "/metrics"})
"""Paths that machines request under any host name; their answers contain nothing of a user's session."""


class _Refusal(Exception):
    """An answer that is sent in place of the application's."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Guard:
    """Wraps an application: limits what it receives, and adds headers to every answer."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":
            if not self._is_host_ours(scope):
                await send({"type": "websocket.close", "code": 1008, "reason": "unknown host"})
                return
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            with for_nobody():
                await self._serve(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(scope["path"], send)
        body = _Body(receive)
        try:
            self._check(scope)
            await self._app(scope, body.receive, answer.send_unless(body))
        except _Refusal as refusal:
            await answer.refuse(refusal)
        except Exception:
            if body.refusal is None or answer.has_begun:
                raise
        if body.refusal is not None and not answer.has_begun:
            await answer.refuse(body.refusal)

    def _check(self, scope: Scope) -> None:
        if not self._is_host_ours(scope):
            raise _Refusal(
                400,
                "unknown_host",
                f"this installation does not go by this name; set {variable_of('public_url')}, or add the name to "
                f"{variable_of('allowed_hosts')}",
            )
        length = _header(scope, b"content-length")
        if length is not None and length.isdigit() and int(length) > LARGEST_BODY_BYTES:
            raise _too_large()

    def _is_host_ours(self, scope: Scope) -> bool:
        return scope["path"] in UNGUARDED_HOSTS or is_ours(_header(scope, b"host"), get_settings())


class _Body:
    """The request's body, read in bounded size and time; `refusal` says which of them was passed."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0
        self._is_whole = False
        self._deadline: float | None = None
        self.refusal: _Refusal | None = None

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        if self._deadline is None:
            self._deadline = now + BODY_WITHIN_S
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self.refusal = _Refusal(408, "too_slow", f"the body did not come whole within {BODY_WITHIN_S:g} seconds")
        else:
            self._size += len(message.get("body", b""))
            self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
            if self._size <= LARGEST_BODY_BYTES:
                return message
            self.refusal = _too_large()
        self._is_whole = True
        return {"type": "http.disconnect"}


class _Answer:
    """A `send` that adds headers to each answer."""

    def __init__(self, path: str, send: Send) -> None:
        self._path, self._send = path, send
        self.has_begun = False

    def send_unless(self, body: _Body) -> Send:
        """The application's `send`, which sends nothing once the body was refused."""

        async def send(message: Message) -> None:
            if body.refusal is None or self.has_begun:
                await self._send_on(message)

        return send

    async def refuse(self, refusal: _Refusal) -> None:
        body = json.dumps({"code": refusal.code, "message": refusal.message}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await self._send_on({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self._send_on({"type": "http.response.body", "body": body})

    async def _send_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = list(message.get("headers", []))
            names = {bytes(name).lower() for name, _ in headers}
            for name, value in headers_for(self._path, get_settings()).items():
                if name.lower().encode() not in names:
                    headers.append((name.lower().encode(), value.encode()))
            message = {**message, "headers": headers}
        await self._send(message)


def _too_large() -> _Refusal:
    return _Refusal(413, "too_large", f"the body is larger than {LARGEST_BODY_BYTES // 1024} KiB; send less at once")


def _header(scope: Scope, name: bytes) -> str | None:
    values = [bytes(value) for key, value in scope["headers"] if bytes(key).lower() == name]
    return values[0].decode("latin-1") if len(values) == 1 else None
