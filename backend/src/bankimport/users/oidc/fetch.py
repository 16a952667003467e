"""One request to a provider: bounded in time and size, and never redirected."""

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx2
import structlog

from bankimport.users.errors import ProviderFailed

WITHIN_S = 10.0
LARGEST_ANSWER_BYTES = 256 * 1024

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "bankimport"}
"""Nothing is unpacked, so that a small answer stays small."""

log = structlog.get_logger(__name__)


def fetch_json(url: str, form: Mapping[str, str] | None = None, basic: tuple[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address; `form` is posted, `basic` are the client's id and secret.

    Raises:
        ProviderFailed: not reachable, not in time, too large, an error, or not a JSON object.
    """
    started = time.monotonic()
    try:
        with httpx2.Client(timeout=WITHIN_S, follow_redirects=False, headers=_HEADERS) as client:
            with client.stream("GET" if form is None else "POST", url, data=form, auth=basic) as answer:
                body = b""
                for piece in answer.iter_raw():
                    body += piece
                    if len(body) > LARGEST_ANSWER_BYTES:
                        raise _failed(url, "the answer is too large")
                    if time.monotonic() - started > WITHIN_S:
                        raise _failed(url, "the answer took too long")
                status = answer.status_code
    except httpx2.HTTPError as failure:
        raise _failed(url, type(failure).__name__) from None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if status != 200 or not isinstance(found, dict):
        error_code = found.get("error") if isinstance(found, dict) else None
        raise _failed(url, f"HTTP {status}" + (f", {error_code[:80]}" if isinstance(error_code, str) else ""))
    return found


def _failed(url: str, why: str) -> ProviderFailed:
    log.warning("oidc.failed", url=url, why=why)
    return ProviderFailed("the provider gave no usable answer; try again, or sign in another way")
