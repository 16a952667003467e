"""The user for whom this thread or request works: PostgreSQL shows its transactions only that user's rows.

A request sees no rows until its caller is known. A worker acts for the user of its present job, and a command for the
user it names. What a process does by itself (choosing work, schedules, retention, metrics) acts for everyone.
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
    """Viewers that are not one user."""

    NOBODY = "nobody"
    EVERYONE = "everyone"


Viewer = int | Group
"""A user's id, or a group."""


@dataclass(slots=True)
class _Acting:
    """Shared by the threads of one request, so that all of them act for the caller once one of them knows the
    caller."""

    viewer: Viewer


_acting: ContextVar[_Acting] = ContextVar("acting")


def acting_for() -> Viewer:
    """The viewer of a transaction that begins now."""
    acting = _acting.get(None)
    return Group.EVERYONE if acting is None else acting.viewer


@contextmanager
def for_user(user_id: int) -> Iterator[None]:
    """Transactions that begin in here see only this user's rows."""
    with _for(user_id):
        yield


@contextmanager
def for_everyone() -> Iterator[None]:
    """Transactions that begin in here see all users' rows: for work that concerns several users, or that comes before
    sign-in."""
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
    """The role in which this connection sees all users' rows; None if the installation has only one role."""
    role = connection.execute(_MY_EVERYONE).fetchone()
    connection.rollback()
    return None if role is None else str(role[0])


@functools.lru_cache(1000)
def statement_for(viewer: Viewer, everyone: str) -> str:
    """The SQL that makes a transaction act for a viewer until it ends. `everyone` is the role that sees all rows."""
    if viewer is Group.EVERYONE:
        quoted = everyone.replace('"', '""')
        return f'SET LOCAL ROLE "{quoted}"'
    user_id = "" if viewer is Group.NOBODY else int(viewer)
    return f"SET LOCAL ROLE NONE; SET LOCAL {USER} = '{user_id}'"
