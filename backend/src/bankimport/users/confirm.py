"""Whether a session's user gave their password lately: asked before what a borrowed browser must not do."""

from datetime import datetime, timedelta

from sqlalchemy import update

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.users.errors import RecentSignInNeeded
from bankimport.users.models import User, UserSession
from bankimport.users.sessions import Device
from bankimport.users.sign_in import check_password

RECENT = timedelta(minutes=10)


def check_recent(confirmed_at: datetime) -> None:
    """Check that a session's user signed in or gave their password in the last `RECENT`.

    Raises:
        RecentSignInNeeded: that is longer ago.
    """
    if confirmed_at <= utc_now() - RECENT:
        raise RecentSignInNeeded(
            "give your password again first: POST /api/auth/confirm; without a password, sign in by a new link"
        )


def confirm(user: User, session_id: int, password: str, device: Device) -> None:
    """Take the user's password, so that this session counts as confirmed for the next minutes.

    Raises:
        WrongCredentials, TooManyTries, TooManySignIns: as `sign_in`.
    """
    check_password(user, password, device)
    confirm_session(session_id)


def confirm_session(session_id: int) -> None:
    """Store that the session's user has just proven who they are."""
    with session_scope() as session:
        session.execute(update(UserSession).where(UserSession.id == session_id).values(confirmed_at=utc_now()))
