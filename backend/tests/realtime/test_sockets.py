"""Who may open a socket, how many, and when it is closed; no process is started."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from socketio.exceptions import ConnectionRefusedError

from bankimport.realtime import server
from bankimport.realtime.server import Credentials, LiveServer
from bankimport.settings import get_settings

signed_in: dict[str, int] = {}
ADA, BOB = {"HTTP_AUTHORIZATION": "Bearer ada"}, {"HTTP_AUTHORIZATION": "Bearer bob"}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("REDIS_URL", raising=False)
    get_settings.cache_clear()
    signed_in.update({"Bearer ada": 1, "Bearer bob": 2})
    yield
    get_settings.cache_clear()


def user_of(credentials: Credentials) -> int | None:
    return signed_in.get(credentials.authorization or "")


async def opened(live: LiveServer, eio_sid: str, environ: dict[str, str]) -> str:
    """A socket as the server knows it; returns its id."""
    sid: str = await live.sio.manager.connect(eio_sid, "/")
    await live._on_connect(sid, environ)
    return sid


def test_a_user_opens_only_so_many_sockets_and_others_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_SOCKETS_OF_A_USER", 2)

    async def play() -> None:
        live = LiveServer(user_of, {}, "session")
        first = await opened(live, "a", ADA)
        await opened(live, "b", ADA)
        with pytest.raises(ConnectionRefusedError) as refused:
            await opened(live, "c", ADA)
        assert "too_many" in str(refused.value.error_args)
        await opened(live, "d", BOB)
        await live._on_disconnect(first)
        await opened(live, "e", ADA)

    asyncio.run(play())


def test_what_has_ended_closes_its_sockets_at_once_and_no_others() -> None:
    async def play() -> list[str]:
        live = LiveServer(user_of, {}, "session")
        closed: list[str] = []

        async def disconnect(sid: str, *_: Any, **__: Any) -> None:
            closed.append(sid)

        live.sio.disconnect = disconnect
        of_ada = await opened(live, "a", ADA)
        await opened(live, "b", BOB)
        live._check_soon(1)
        await asyncio.gather(*live._checks)
        assert closed == []
        del signed_in["Bearer ada"]
        live._check_soon(2)
        await asyncio.gather(*live._checks)
        assert closed == [], "only whose credentials ended is looked at"
        live._check_soon(1)
        await asyncio.gather(*live._checks)
        assert closed == [of_ada]
        return closed

    asyncio.run(play())


@pytest.mark.parametrize("name", ["connect", "disconnect"])
def test_a_client_that_raises_a_reserved_event_is_disconnected_and_its_event_is_not_handled(name: str) -> None:
    async def play() -> None:
        live = LiveServer(user_of, {}, "session")
        closed: list[str] = []

        async def disconnect(sid: str, *_: Any, **__: Any) -> None:
            closed.append(sid)

        live.sio.disconnect = disconnect
        sid = await opened(live, "a", ADA)
        await live.sio._handle_event("a", "/", None, [name, {"HTTP_AUTHORIZATION": "Bearer bob"}])
        assert closed == [sid]
        assert live._users[sid][0] == 1

    asyncio.run(play())
