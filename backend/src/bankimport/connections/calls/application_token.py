"""The application's token for Data API v3: one for all users, kept by the process until shortly before its end."""

import threading
from datetime import datetime

from bankimport.clock import utc_now
from bankimport.connections.calls.clients import data_v3_client
from bankimport.truelayer.v3.client import expires_after

_lock = threading.Lock()
_valid_until: dict[str, datetime] = {}
"""The one token and until when it is used."""


def forget_application_token() -> None:
    """Request a new one at the next call, as the settings may have changed."""
    with _lock:
        _valid_until.clear()


def application_token(*, rejected: str | None = None) -> str:
    """A token; a new one if the stored one was `rejected` or is too old.

    Raises:
        InvalidClient: this application may not use Data API v3.
        TrueLayerError: TrueLayer gives no token at present.
    """
    with _lock:
        for token, until in _valid_until.items():
            if token != rejected and until > utc_now():
                return token
        fresh = data_v3_client().application_token()
        _valid_until.clear()
        _valid_until[fresh.value] = utc_now() + expires_after(fresh)
        return fresh.value
