"""The first user, who makes their account with a link that `bankimport up` prints while there is nobody."""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import SettingsInvalid
from bankimport.secrets import decrypt, encrypt
from bankimport.settings import get_settings
from bankimport.users.access import Role
from bankimport.users.errors import FirstLinkUsed
from bankimport.users.models import User
from bankimport.users.service import create_user

FIRST_PATH = "/api/auth/first"
FIRST_LINK_LIFETIME = timedelta(days=1)
_PURPOSE = "first user until"


def first_user_link(session: Session) -> str | None:
    """A link with which the first user, an administrator, makes their account; None if there is a user already.

    Nothing is stored: the token is encrypted with this installation's key, and no such token is good for anything once
    there is a user.
    """
    if _has_users(session):
        return None
    return f"{get_settings().browser_url}{FIRST_PATH}?token={_new_token()}"


def check_first_token(session: Session, token: str) -> None:
    """Check that the token of such a link is this installation's, has not expired, and that there is nobody yet.

    Raises:
        FirstLinkUsed: one of these is not so.
    """
    if _has_users(session) or not _is_good(token):
        raise FirstLinkUsed(
            "this link was already used or has expired; sign in, or restart `bankimport up` for a new link"
        )


def create_first_user(session: Session, token: str, email: str, password: str) -> User:
    """Create the administrator. Of two that try at once, one succeeds.

    Raises:
        FirstLinkUsed: as `check_first_token`.
        PasswordTooWeak: as `create_user`.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("first user"))))
    check_first_token(session, token)
    return create_user(session, email, password, Role.ADMIN)


def _has_users(session: Session) -> bool:
    return session.scalars(select(exists().where(User.id > 0))).one()


def _new_token() -> str:
    until = utc_now() + FIRST_LINK_LIFETIME
    return encrypt(f"{_PURPOSE} {until.isoformat()}").decode()


def _is_good(token: str) -> bool:
    try:
        purpose, _, until = decrypt(token.encode()).rpartition(" ")
    except SettingsInvalid:
        return False
    return purpose == _PURPOSE and datetime.fromisoformat(until) > utc_now()
