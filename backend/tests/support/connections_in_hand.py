"""See to it that no thread waits for a bank, a receiver or a model with a database connection in hand."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from bankimport.enrichment.model import client
from bankimport.notifications.channels import apprise_message, targets, webhooks
from bankimport.truelayer.transport import Transport

WAITS = (
    (Transport, "send"),
    (webhooks, "post"),
    (apprise_message, "send"),
    (apprise_message, "check_address"),
    (targets, "check_reachable"),
    (client, "ask"),
)
"""Everything by which the product waits for the outside."""

_held: Counter[int] = Counter()


@event.listens_for(Pool, "checkout")
def _taken(_connection: object, record: Any, _proxy: object) -> None:
    record.info["thread"] = threading.get_ident()
    _held[threading.get_ident()] += 1


@event.listens_for(Pool, "checkin")
def _given_back(_connection: object, record: Any) -> None:
    _held[record.info.pop("thread", 0)] -= 1


@contextmanager
def none_while_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """At the end no wait of meanwhile may have begun in a thread that held a connection."""
    seen: list[str] = []
    for owner, name in WAITS:
        monkeypatch.setattr(owner, name, _noting(getattr(owner, name), name, seen))
    yield seen
    assert seen == [], f"waits began with a database connection in hand: {seen}"


def _noting(wait: Callable[..., Any], name: str, seen: list[str]) -> Callable[..., Any]:
    def noting(*arguments: Any, **options: Any) -> Any:
        if _held[threading.get_ident()] > 0:
            seen.append(name)
        return wait(*arguments, **options)

    return noting
