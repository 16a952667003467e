"""Send one notification to a webhook, signed.

Source: Standard Webhooks, "Webhook metadata" and "Signature scheme": all tries have the same message id, so that a
receiver can drop messages it has already seen.
"""

import base64
import functools
import json
import secrets
import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx2
from standardwebhooks import Webhook

from bankimport.clock import utc_now
from bankimport.notifications.channels.targets import check_url, resolve
from bankimport.notifications.errors import TargetRefused

ANSWER_WITHIN_S = 15.0
LONGEST_ANSWER_BYTES = 64 * 1024
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a try. `error` is None on success; `status` is None without an HTTP answer."""

    error: str | None
    elapsed_s: float
    status: int | None = None
    retry_after_s: float | None = None
    overran: bool = False
    """Whether the try was given up because it took too long in all."""


def new_secret() -> str:
    """A new signing secret in the format of Standard Webhooks libraries."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def body_of(kind: str, created_at: datetime, data: dict[str, Any]) -> str:
    """The JSON body: `{type, timestamp, data}`."""
    return json.dumps({"type": kind, "timestamp": created_at.isoformat(), "data": data}, separators=(",", ":"))


def signed_headers(message_id: str, body: str, signing_secrets: list[str], now: datetime) -> dict[str, str]:
    """The headers that prove body, id and time, with a signature for each valid secret."""
    signatures = [Webhook(secret).sign(message_id, now, body) for secret in signing_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def post(url: str, message_id: str, body: str, signing_secrets: list[str]) -> Outcome:
    """Send the message and return the outcome; any 2xx status is success. Redirects are not followed."""
    started = time.monotonic()

    def ended(error: str | None, answer: httpx2.Response | None = None) -> Outcome:
        return Outcome(
            error,
            time.monotonic() - started,
            None if answer is None else answer.status_code,
            None if answer is None else _retry_after(answer.headers.get("retry-after"), utc_now()),
        )

    try:
        check_url(url)
        target, host, sni = _pinned(url)
    except TargetRefused as refusal:
        return ended(refusal.message)
    except OSError:
        return ended("the host name cannot be resolved")
    headers = {
        "host": host,
        "content-type": "application/json",
        "user-agent": "bankimport",
        **signed_headers(message_id, body, signing_secrets, utc_now()),
    }
    try:
        with httpx2.Client(
            verify=_certificates(), follow_redirects=False, trust_env=False, timeout=ANSWER_WITHIN_S
        ) as client:
            request = client.build_request("POST", target, content=body, headers=headers)
            request.extensions["sni_hostname"] = sni
            answer = client.send(request, stream=True)
            try:
                if not _reads_whole(answer, started + ANSWER_WITHIN_S):
                    return ended("the answer was too long or too slow", answer)
            finally:
                answer.close()
    except httpx2.TimeoutException:
        return ended(f"no answer within {ANSWER_WITHIN_S:g} seconds")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return ended(f"no answer ({type(error).__name__})")
    return ended(None if answer.is_success else f"it answered {answer.status_code}", answer)


@functools.cache
def _certificates() -> ssl.SSLContext:
    """The certificates to trust, loaded once: that takes 45 ms of processor time."""
    return httpx2.create_ssl_context(trust_env=False)


def _pinned(url: str) -> tuple[str, str, str]:
    """The URL with the host's resolved address, the Host header, and the name that the certificate must have."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    bracketed = f"[{address}]" if ":" in address else address
    netloc = bracketed if parts.port is None else f"{bracketed}:{parts.port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, "")), parts.netloc, host


def _reads_whole(answer: httpx2.Response, deadline: float) -> bool:
    """Read and discard the body; returns whether it stayed within the limits of size and time."""
    size = 0
    for chunk in answer.iter_raw():
        size += len(chunk)
        if size > LONGEST_ANSWER_BYTES or time.monotonic() > deadline:
            return False
    return True


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which is either a number or a date."""
    if value is None:
        return None
    try:
        return float(value) if value.isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
    except (TypeError, ValueError):
        return None
