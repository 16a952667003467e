"""See to it that no thread waits for a bank, a receiver or a model with a database connection in hand."""

import threading
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

_held_by: dict[int, int] = {}
"""The thread that took each connection that is taken, by its place in the pool."""


@event.listens_for(Pool, "checkout")
def _taken(_connection: object, record: object, _proxy: object) -> None:
    _held_by[id(record)] = threading.get_ident()


@event.listens_for(Pool, "checkin")
def _given_back(_connection: object, record: object) -> None:
    _held_by.pop(id(record), None)


@contextmanager
def none_while_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """At the end no wait of meanwhile may have begun in a thread that held a connection."""
    seen: list[str] = []
    _held_by.clear()
    for owner, name in WAITS:
        monkeypatch.setattr(owner, name, _noting(getattr(owner, name), name, seen))
    yield seen
    assert seen == [], f"waits began with a database connection in hand: {seen}"


def _noting(wait: Callable[..., Any], name: str, seen: list[str]) -> Callable[..., Any]:
    def noting(*arguments: Any, **options: Any) -> Any:
        if threading.get_ident() in _held_by.values():
            seen.append(name)
        return wait(*arguments, **options)

    return noting
