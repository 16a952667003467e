"""For whom this thread or request works: it decides whose rows PostgreSQL shows to each of its transactions.

A request begins with nobody and becomes its caller's once the caller is known. A worker acts for the user of the job
that it has in hand, a command for the user it is given. What a process does by itself (taking turns, schedules,
retention, metrics) works for everyone.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Any

import psycopg

USER = "bankimport.user_id"
"""The setting that names the transaction's user; without it no row is shown."""


class Group(Enum):
    """Not one user."""

    NOBODY = "nobody"
    EVERYONE = "everyone"


Viewer = int | Group
"""A user's id, or a group."""


@dataclass(slots=True)
class _Acting:
    """Shared by the threads of one request, so that what one finds out holds for the others."""

    viewer: Viewer


_acting: ContextVar[_Acting] = ContextVar("acting")


def acting_for() -> Viewer:
    """For whom a transaction that begins now works."""
    acting = _acting.get(None)
    return Group.EVERYONE if acting is None else acting.viewer


@contextmanager
def for_user(user_id: int) -> Iterator[None]:
    """Transactions that begin in here see this user's rows alone."""
    with _for(user_id):
        yield


@contextmanager
def for_everyone() -> Iterator[None]:
    """Transactions that begin in here see all users' rows: for what concerns several, or comes before the caller is
    known."""
    with _for(Group.EVERYONE):
        yield


@contextmanager
def for_nobody() -> Iterator[None]:
    """Transactions that begin in here see no user's rows, until `become` says whose request it is."""
    with _for(Group.NOBODY):
        yield


def become(viewer: Viewer) -> None:
    """From now on this request works for this user, or for everyone; outside requests nothing changes."""
    acting = _acting.get(None)
    if acting is not None:
        acting.viewer = viewer


@contextmanager
def _for(viewer: Viewer) -> Iterator[None]:
    before = _acting.set(_Acting(viewer))
    try:
        yield
    finally:
        _acting.reset(before)


_MY_EVERYONE = """
SELECT rolname FROM pg_roles
WHERE rolname = session_user || '_everyone' AND rolbypassrls AND pg_has_role(session_user, oid, 'MEMBER')
"""


def find_everyone_role(connection: "psycopg.Connection[Any]") -> str | None:
    """The role in which this connection sees all users' rows; None if there are no roles apart."""
    role = connection.execute(_MY_EVERYONE).fetchone()
    connection.rollback()
    return None if role is None else str(role[0])


@functools.lru_cache(1000)
def statement_for(viewer: Viewer, everyone: str) -> str:
    """What makes a transaction work for somebody, from now to its end. `everyone` is the role that sees all rows."""
    if viewer is Group.EVERYONE:
        quoted = everyone.replace('"', '""')
        return f'SET LOCAL ROLE "{quoted}"'
    user_id = "" if viewer is Group.NOBODY else int(viewer)
    return f"SET LOCAL ROLE NONE; SET LOCAL {USER} = '{user_id}'"
