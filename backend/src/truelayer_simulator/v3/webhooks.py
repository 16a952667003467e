"""Signed notices by POST to one address, and everything that may go wrong with them.

Source: TrueLayer/truelayer-signing, scheme v2 (`Tl-Signature`: ES512 over path, timestamp and body).
"""

import asyncio
import base64
import json
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from truelayer_simulator.state import Simulator

TIMESTAMP = "X-Tl-Webhook-Timestamp"
_SIZE = 66


def moment(when: datetime) -> str:
    """An instant as v3 writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def announce(request: Request, simulator: Simulator, kind: str, fields: dict[str, Any]) -> None:
    """Send a notice, with the fault that is set; nothing is sent where no address on this machine is set."""
    settings = simulator.v3.settings
    uri = settings.webhook_uri or ""
    if urlsplit(uri).hostname not in ("127.0.0.1", "localhost") or settings.webhook_fault == "never":
        return
    notice = {"type": kind, "event_version": 1, "event_id": str(uuid.uuid4()), **fields}
    body = json.dumps(notice).encode()
    headers = {"Content-Type": "application/json", TIMESTAMP: moment(simulator.now())}
    headers["Tl-Signature"] = _signature(request, simulator, urlsplit(uri).path or "/", headers[TIMESTAMP], body)
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
        for _ in range(2 if settings.webhook_fault == "twice" else 1):
            with suppress(httpx2.HTTPError):
                await client.post(uri, content=body, headers=headers)


def later(simulator: Simulator, seconds: float | None, what: Callable[[], Awaitable[None]]) -> None:
    """Do something after so many seconds; never where they are None."""
    if seconds is None or simulator.v3.settings.webhook_uri is None:
        return

    async def wait() -> None:
        await asyncio.sleep(seconds)
        await what()

    simulator.errands.add(errand := asyncio.create_task(wait()))
    errand.add_done_callback(simulator.errands.discard)


async def jwks(_request: Request, simulator: Simulator) -> Response:
    """GET /.well-known/jwks: the keys published so far, and every key from the next request on."""
    keys = [_public(name, key) for name, key in simulator.v3.keys.items() if name in simulator.v3.published]
    simulator.v3.published |= simulator.v3.keys.keys()
    rsa = {"kty": "RSA", "alg": "RS512", "kid": "rsa", "n": "AQAB", "e": "AQAB", "use": "sig"}
    return JSONResponse({"keys": [rsa, *keys]}, headers={"Cache-Control": "max-age=60"})


def _signature(request: Request, simulator: Simulator, path: str, timestamp: str, body: bytes) -> str:
    fault = simulator.v3.settings.webhook_fault
    name = "simulator-2" if fault == "unknown_kid" else "simulator-1"
    key = simulator.v3.keys.setdefault(name, ec.generate_private_key(ec.SECP521R1()))
    if fault != "unknown_kid":
        simulator.v3.published.add(name)
    jku = "https://keys.example.org/jwks" if fault == "foreign_jku" else f"{request.base_url}.well-known/jwks"
    signed = {} if fault == "unsigned_timestamp" else {TIMESTAMP: timestamp}
    header = {"alg": "ES512", "kid": name, "tl_version": "2", "tl_headers": ",".join(signed), "jku": jku}
    if fault == "extra_header_member":
        header["iat"] = timestamp
    if fault == "other_header_order":
        header = dict(sorted(header.items(), reverse=True))
    head = _base64(json.dumps(header, separators=(",", ":")).encode())
    where = "/somewhere/else" if fault == "other_path" else path
    lines = "".join(f"{key_}: {value}\n" for key_, value in signed.items())
    payload = _base64(f"POST {where}\n{lines}".encode() + body)
    signer = ec.generate_private_key(ec.SECP521R1()) if fault == "wrong_key" else key
    r, s = decode_dss_signature(signer.sign(f"{head}.{payload}".encode(), ec.ECDSA(hashes.SHA512())))
    return f"{head}..{_base64(r.to_bytes(_SIZE) + s.to_bytes(_SIZE))}"


def _public(name: str, key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    point = {"x": _base64(numbers.x.to_bytes(_SIZE)), "y": _base64(numbers.y.to_bytes(_SIZE))}
    return {"kty": "EC", "crv": "P-521", "alg": "ES512", "use": "sig", "kid": name, **point}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
