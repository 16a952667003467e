"""The session of an HTTP request; separate from `session`, because commands need not load FastAPI."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope


def get_session() -> Iterator[Session]:
    """The session of one HTTP request, committed before the response is sent."""
    with session_scope() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session, scope="function")]


def get_until_sent() -> Iterator[ExitStack]:
    """A stack that closes when the response is completely sent, or when the client stops reading."""
    with ExitStack() as stack:
        yield stack


UntilSent = Annotated[ExitStack, Depends(get_until_sent, scope="request")]
