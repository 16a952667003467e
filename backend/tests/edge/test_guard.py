"""Bounds, hosts and headers of every request and answer; no process is started."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from bankimport.edge import guard
from bankimport.edge.guard import LARGEST_BODY_BYTES, Guard
from bankimport.edge.hosts import is_ours
from bankimport.settings import get_settings, load_settings

OURS = (b"host", b"127.0.0.1:8000")


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BANKIMPORT_PORT", "8000")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


async def _reads_all(_scope: Any, receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the reader left")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"SAMEORIGIN")]})
    await send({"type": "http.response.body", "body": b"read"})


async def _crashes(_scope: Any, _receive: Any, _send: Any) -> None:
    raise ZeroDivisionError


def ask(
    *bodies: bytes, path: str = "/api/x", headers: tuple[tuple[bytes, bytes], ...] = (OURS,), app: Any = _reads_all
) -> tuple[int, dict[str, str], bytes]:
    """The status, headers and body with which a request of these pieces is answered; silent after the last."""
    waiting = [{"type": "http.request", "body": body, "more_body": True} for body in bodies[:-1]]
    waiting += [{"type": "http.request", "body": body, "more_body": body == b"..."} for body in bodies[-1:]]
    sent: list[Any] = []

    async def receive() -> Any:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guard(app)({"type": "http", "path": path, "headers": list(headers)}, receive, send))
    start, body = sent
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]


def test_a_body_up_to_the_limit_is_read_and_one_byte_more_is_refused_before_it_is_parsed() -> None:
    half = b"x" * (LARGEST_BODY_BYTES // 2)

    assert ask(half, half)[0] == 200
    assert ask(half, half, b"x")[0] == 413
    answer = ask(b"", headers=(OURS, (b"content-length", str(LARGEST_BODY_BYTES + 1).encode())))
    assert answer[0] == 413
    assert b'"too_large"' in answer[2]
    assert answer[1]["connection"] == "close"


def test_a_body_that_does_not_come_whole_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_WITHIN_S", 0.05)

    assert ask(b"begins", b"...")[0] == 408


def test_an_error_of_the_application_stays_one() -> None:
    with pytest.raises(ZeroDivisionError):
        ask(b"", app=_crashes)


def test_every_answer_has_its_headers_refusals_too_and_what_a_route_says_stays() -> None:
    for status, headers, _ in (ask(b""), ask(b"", headers=((b"host", b"evil.example"),))):
        assert headers["x-content-type-options"] == "nosniff", status
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "strict-transport-security" not in headers
    assert ask(b"")[1]["x-frame-options"] == "SAMEORIGIN"


def test_the_page_runs_no_script_but_its_own() -> None:
    _, headers, _ = ask(b"", path="/imports/1")

    policy = dict(part.partition(" ")[::2] for part in headers["content-security-policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'none'", "'none'")
    assert "cache-control" not in headers


def test_a_public_address_by_https_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANKIMPORT_PUBLIC_URL", "https://money.example.org")
    get_settings.cache_clear()

    assert ask(b"")[1]["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("127.0.0.1:8000", True),
        ("192.168.1.7", True),
        ("[::1]:8000", True),
        ("localhost:8000", True),
        ("MONEY.example.org", True),
        ("money.example.org.:443", True),
        ("nas.local", True),
        ("evil.example", False),
        ("money.example.org.evil.example", False),
        ("me@money.example.org", False),
        ("money.example.org/x", False),
        ("[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_a_name_of_another_site_is_not_ours(host: str | None, is_known: bool) -> None:
    settings = load_settings(public_url="https://money.example.org", allowed_hosts="nas.local")

    assert is_ours(host, settings) is is_known


def test_a_name_that_is_not_ours_is_refused_but_for_what_machines_ask() -> None:
    rebound = ((b"host", b"evil.example"),)

    assert ask(b"", headers=rebound)[0] == 400
    assert ask(b"", headers=(OURS, OURS))[0] == 400
    assert ask(b"", headers=rebound, path="/readyz")[0] == 200


def test_a_socket_under_a_name_that_is_not_ours_is_closed() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/socket.io/", "headers": [(b"host", b"evil.example")]}
    asyncio.run(Guard(_crashes)(scope, _nothing, send))

    assert sent == [{"type": "websocket.close", "code": 1008, "reason": "unknown host"}]


async def _nothing() -> Any:
    return {"type": "websocket.connect"}
