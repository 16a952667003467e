"""A webhook receiver on loopback, over real HTTP, that misbehaves as configured."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import WebhookVerificationError

from bankimport.clock import utc_now


def verified(secret: str, headers: dict[str, str], body: bytes, arrived: datetime | None = None) -> Any:
    """The message, if one of its signatures uses this secret and its time is within five minutes of its arrival: now,
    unless another time is given, on the tests' clock.

    The standard's own library does the same check with the machine's clock.

    Raises:
        WebhookVerificationError: the signature or the time is wrong.
    Source: Standard Webhooks, "Verifying signatures".
    """
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    if abs((arrived or utc_now()) - sent_at) > timedelta(minutes=5):
        raise WebhookVerificationError("its time is too far away")
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    digest = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")
    if f"v1,{base64.b64encode(digest).decode()}" not in headers["webhook-signature"].split():
        raise WebhookVerificationError("no signature is by this secret")
    return json.loads(body)


@dataclass
class Receiver:
    """The received messages, and the statuses to answer with: those in `answers` one after the other, then 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    """Set: answers are given. A receiver that is `silent` gives none before."""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: list[datetime] = field(default_factory=list)
    """When each of them arrived."""

    def events(self, secret: str) -> list[tuple[str, Any]]:
        """Message id and body of everything received, each verified."""
        return [
            (headers["webhook-id"], verified(secret, headers, body, at))
            for (headers, body), at in zip(self.got, self.arrived, strict=True)
        ]


@contextmanager
def receiving(*, silent: bool = False) -> Iterator[Receiver]:
    """A receiver that listens; one that is `silent` answers nobody until it is released."""
    receiver = Receiver()
    if not silent:
        receiver.released.set()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            arrived = utc_now()
            receiver.released.wait()
            with lock:
                receiver.arrived.append(arrived)
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = receiver.answers.pop(0) if receiver.answers else 204
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?key=hidden"
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
