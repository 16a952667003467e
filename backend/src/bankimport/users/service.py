"""Create users, sign them in and out, and find the user of a session or a token."""

import functools
from datetime import timedelta

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import NotFound
from bankimport.realtime.publish import hint_credentials_ended
from bankimport.secrets import new_token, token_hash
from bankimport.settings import get_settings
from bankimport.users.errors import LoginLinkUsed, PasswordTooWeak, UserExists, WrongCredentials
from bankimport.users.models import ApiToken, AuditEntry, LoginLink, User, UserSession

SESSION_LIFETIME = timedelta(days=30)
LOGIN_LINK_LIFETIME = timedelta(minutes=30)
SHORTEST_PASSWORD = 10

_KIB_IN_MIB = 1024


@functools.cache
def _hasher(memory_mib: int) -> PasswordHash:
    return PasswordHash((Argon2Hasher(memory_cost=memory_mib * _KIB_IN_MIB),))


def _passwords() -> PasswordHash:
    """The password hasher. A password hashed at another cost is hashed again when its user signs in."""
    return _hasher(get_settings().password_memory_mib)


@functools.cache
def _nobodys_hash(passwords: PasswordHash) -> str:
    return passwords.hash("nobody has this password")


def create_user(session: Session, email: str, password: str | None) -> User:
    """Create a user; without a password they can sign in only by a link.

    Raises:
        UserExists: the address is taken, ignoring case.
        PasswordTooWeak: shorter than `SHORTEST_PASSWORD` characters.
    """
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise PasswordTooWeak(f"use a password of at least {SHORTEST_PASSWORD} characters")
    statement = (
        insert(User)
        .values(email=email.strip(), password_hash=_passwords().hash(password) if password is not None else None)
        .on_conflict_do_nothing()
        .returning(User)
    )
    user = session.scalars(statement).one_or_none()
    if user is None:
        raise UserExists(f"there is a user {email} already")
    record(session, user.id, "user.created")
    return user


def user_by_email(session: Session, email: str) -> User:
    """The user with this address.

    Raises:
        NotFound: there is none.
    """
    user = session.scalars(select(User).where(func.lower(User.email) == email.strip().lower())).one_or_none()
    if user is None:
        raise NotFound(f"there is no user {email}; create one with `bankimport user create {email}`")
    return user


def sign_in(session: Session, email: str, password: str) -> str:
    """Check the password and return the token of a new session, valid for `SESSION_LIFETIME`.

    An unknown address takes the same time, so that addresses cannot be probed.

    Raises:
        WrongCredentials: unknown user, wrong password or disabled user; the error does not say which.
    """
    user = session.scalars(select(User).where(func.lower(User.email) == email.strip().lower())).one_or_none()
    passwords = _passwords()
    stored = user.password_hash if user is not None and user.password_hash else _nobodys_hash(passwords)
    is_right, newer_hash = passwords.verify_and_update(password, stored)
    if not is_right or user is None or user.password_hash is None or user.disabled_at is not None:
        raise WrongCredentials("wrong e-mail address or password")
    if newer_hash is not None:
        user.password_hash = newer_hash
    return _open_session(session, user.id, "user.signed_in")


def create_login_link_token(session: Session, user_id: int) -> str:
    """The token of a link that signs this user in once, within `LOGIN_LINK_LIFETIME`."""
    token = new_token("link")
    session.add(LoginLink(user_id=user_id, token_hash=token_hash(token), expires_at=utc_now() + LOGIN_LINK_LIFETIME))
    return token


def check_login_link(session: Session, token: str) -> None:
    """Check that a login link can still be used, without using it.

    Raises:
        LoginLinkUsed: used, expired or unknown.
    """
    if session.scalars(select(LoginLink.id).where(*_is_usable(token))).one_or_none() is None:
        raise _link_used()


def sign_in_by_link(session: Session, token: str) -> str:
    """Consume a login link and return the token of a new session.

    Raises:
        LoginLinkUsed: used, expired or unknown.
    """
    statement = update(LoginLink).where(*_is_usable(token)).values(used_at=utc_now()).returning(LoginLink.user_id)
    user_id = session.scalars(statement).one_or_none()
    if user_id is None:
        raise _link_used()
    return _open_session(session, user_id, "user.signed_in_by_link")


def _is_usable(token: str) -> tuple[ColumnElement[bool], ...]:
    return (LoginLink.token_hash == token_hash(token), LoginLink.used_at.is_(None), LoginLink.expires_at > utc_now())


def _link_used() -> LoginLinkUsed:
    return LoginLinkUsed("this link was already used or has expired; make a new one with `bankimport user login-link`")


def sign_out(session: Session, session_token: str) -> None:
    """End a session and its sockets; ending one twice is harmless."""
    statement = delete(UserSession).where(UserSession.token_hash == token_hash(session_token))
    user_id = session.scalars(statement.returning(UserSession.user_id)).one_or_none()
    if user_id is not None:
        hint_credentials_ended(session, user_id)


def user_of_session(session: Session, session_token: str) -> User | None:
    """The user of this session, or None if it has ended."""
    statement = (
        select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == token_hash(session_token),
            UserSession.expires_at > utc_now(),
            User.disabled_at.is_(None),
        )
    )
    return session.scalars(statement).one_or_none()


def create_api_token(session: Session, user_id: int, name: str) -> tuple[ApiToken, str]:
    """Create a bearer token for programs: its row, and the token itself, which cannot be shown again."""
    token = new_token("bi")
    row = ApiToken(user_id=user_id, name=name, token_hash=token_hash(token))
    session.add(row)
    session.flush()
    record(session, user_id, "api_token.created", name=name)
    return row, token


def api_tokens_of(session: Session, user_id: int) -> list[ApiToken]:
    """The user's tokens that are not revoked, newest first."""
    statement = (
        select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None)).order_by(ApiToken.id.desc())
    )
    return list(session.scalars(statement))


def revoke_api_token(session: Session, user_id: int, token_id: int) -> None:
    """End a token and its sockets.

    Raises:
        NotFound: not a token of this user.
    """
    statement = (
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
        .returning(ApiToken.id)
    )
    if session.scalars(statement).one_or_none() is None:
        raise NotFound("no such token")
    hint_credentials_ended(session, user_id)
    record(session, user_id, "api_token.revoked", token_id=token_id)


def user_of_api_token(session: Session, token: str) -> User | None:
    """The user of this bearer token, or None if it is unknown or revoked."""
    statement = (
        select(User)
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(
            ApiToken.token_hash == token_hash(token),
            ApiToken.revoked_at.is_(None),
            User.disabled_at.is_(None),
        )
    )
    return session.scalars(statement).one_or_none()


def record(session: Session, user_id: int | None, action: str, **details: object) -> None:
    """Write an entry to the audit log; `details` are ids and names, never secrets."""
    session.add(AuditEntry(user_id=user_id, action=action, details=details))


def _open_session(session: Session, user_id: int, action: str) -> str:
    token = new_token("session")
    session.add(UserSession(user_id=user_id, token_hash=token_hash(token), expires_at=utc_now() + SESSION_LIFETIME))
    record(session, user_id, action)
    return token
