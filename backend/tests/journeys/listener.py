"""A program that follows imports and enrichments over Socket.IO."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import socketio
from socketio.exceptions import ConnectionError as Refused
from tests.support.suite.waiting import HANGS_AFTER_S


class Listener:
    """One socket, and everything it received."""

    def __init__(self, *, reconnects: bool = False) -> None:
        self.sio = socketio.AsyncClient(reconnection=reconnects, reconnection_delay=0.2, reconnection_delay_max=1)
        self.heard: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.sio.on("import_progress", self.heard.append)
        self.sio.on("enrichment_progress", self.heard.append)
        self.sio.on("user_changed", self.changes.append)

    async def connect(self, url: str, token: str | None = None, **options: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        await self.sio.connect(url, headers=headers | options.pop("headers", {}), wait_timeout=HANGS_AFTER_S, **options)

    async def is_refused(self, url: str, token: str | None = None, **options: Any) -> bool:
        try:
            await self.connect(url, token, transports=["websocket"], **options)
        except Refused:
            return True
        finally:
            with suppress(Exception):
                await self.sio.disconnect()
        return False

    async def subscribe(self, job_id: object, *, kind: str = "import_job", **more: object) -> dict[str, Any]:
        answer: dict[str, Any] = await self.sio.call(
            f"subscribe_{kind}", {"job_id": job_id, **more}, timeout=HANGS_AFTER_S
        )
        return answer

    async def until_finished(self) -> None:
        async with asyncio.timeout(HANGS_AFTER_S):
            while not self.is_finished:
                await asyncio.sleep(0.05)

    async def until_heard(self, count: int) -> None:
        async with asyncio.timeout(HANGS_AFTER_S):
            while len(self.heard) < count and not self.is_finished:
                await asyncio.sleep(0.05)

    @property
    def is_finished(self) -> bool:
        return any(row["type"] in ("job_finished", "job_completed") for row in self.heard)

    @property
    def covered(self) -> list[int]:
        return list(_numbers(self.heard))

    @property
    def newest(self) -> int:
        return self.heard[-1]["event_id"] if self.heard else 0


def _numbers(messages: list[dict[str, Any]]) -> Iterator[int]:
    for row in messages:
        yield from range(row["from_event_id"], row["event_id"] + 1)
