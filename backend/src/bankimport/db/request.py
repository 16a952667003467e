"""The session of an HTTP request, as routes ask for it; apart from `session`, for commands need not load FastAPI."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope


def get_session() -> Iterator[Session]:
    """The session of one HTTP request, committed before the answer is sent."""
    with session_scope() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session, scope="function")]


def get_until_sent() -> Iterator[ExitStack]:
    """What is entered here is left when the answer is sent whole, or when nobody reads it any more."""
    with ExitStack() as stack:
        yield stack


UntilSent = Annotated[ExitStack, Depends(get_until_sent, scope="request")]
