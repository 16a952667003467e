"""Create users, sign them in by links, and their tokens for programs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import InvalidRequest, NotFound
from bankimport.realtime.publish import hint_credentials_ended
from bankimport.secrets import new_token, token_hash
from bankimport.users.access import USUAL_SCOPES, Role, Scope
from bankimport.users.errors import LoginLinkUsed, TooManyTokens, UserExists
from bankimport.users.models import ApiToken, AuditEntry, LoginLink, User, UserSession
from bankimport.users.passwords import check_strength, hash_password
from bankimport.users.record import record
from bankimport.users.sessions import SEEN_EVERY, Device, open_session

LOGIN_LINK_LIFETIME = timedelta(minutes=30)
FAILURES_SHOWN_FOR = timedelta(days=30)
LONGEST_ADDRESS = 320
MOST_TOKENS = 50
"""Of one user."""


def check_address(email: str) -> None:
    """Refuse what cannot be an e-mail address.

    Raises:
        InvalidRequest: it cannot.
    """
    name, _, domain = email.strip().rpartition("@")
    if not name or not domain or len(email) > LONGEST_ADDRESS:
        raise InvalidRequest(f"{email} is not an e-mail address" if email else "give an e-mail address")


def create_user(session: Session, email: str, password: str | None, role: Role | None = None) -> User:
    """Create a user; without a password they can sign in only by a link. The first user is an administrator.

    Raises:
        UserExists: the address is taken, ignoring case.
        PasswordTooWeak: as `check_strength`.
    """
    if password is not None:
        check_strength(password, email)
    if role is None:
        role = Role.MEMBER if session.scalars(select(exists().where(User.id > 0))).one() else Role.ADMIN
    statement = (
        insert(User)
        .values(email=email.strip(), password_hash=hash_password(password) if password is not None else None, role=role)
        .on_conflict_do_nothing()
        .returning(User)
    )
    user = session.scalars(statement).one_or_none()
    if user is None:
        raise UserExists(f"there is a user {email} already")
    record(session, user.id, "user.created", role=role.value)
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


def failed_sign_ins(session: Session, user_id: int) -> int:
    """How many sign-ins as this user failed in the last 30 days."""
    statement = select(func.count()).where(
        AuditEntry.user_id == user_id,
        AuditEntry.action == "user.sign_in_failed",
        AuditEntry.created_at > utc_now() - FAILURES_SHOWN_FOR,
    )
    return session.scalars(statement).one()


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


def sign_in_by_link(session: Session, token: str, device: Device) -> tuple[User, str]:
    """Consume a login link; returns its user and the token of a new session.

    Raises:
        LoginLinkUsed: used, expired or unknown.
    """
    statement = update(LoginLink).where(*_is_usable(token)).values(used_at=utc_now()).returning(LoginLink.user_id)
    user_id = session.scalars(statement).one_or_none()
    if user_id is None:
        raise _link_used()
    return session.get_one(User, user_id), open_session(session, user_id, "user.signed_in_by_link", device)


def _is_usable(token: str) -> tuple[ColumnElement[bool], ...]:
    is_disabled = select(User.id).where(User.id == LoginLink.user_id, User.disabled_at.is_not(None)).exists()
    return (
        LoginLink.token_hash == token_hash(token),
        LoginLink.used_at.is_(None),
        LoginLink.expires_at > utc_now(),
        ~is_disabled,
    )


def _link_used() -> LoginLinkUsed:
    return LoginLinkUsed("this link was already used or has expired; make a new one with `bankimport user login-link`")


def sign_out(session: Session, session_token: str) -> None:
    """End a session and its sockets; ending one twice is harmless."""
    statement = delete(UserSession).where(UserSession.token_hash == token_hash(session_token))
    user_id = session.scalars(statement.returning(UserSession.user_id)).one_or_none()
    if user_id is not None:
        hint_credentials_ended(session, user_id)


def create_api_token(
    session: Session,
    user_id: int,
    name: str,
    scopes: Sequence[Scope] = USUAL_SCOPES,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Create a bearer token for programs: its row, and the token itself, which cannot be shown again.

    Raises:
        TooManyTokens: the user has `MOST_TOKENS`.
    """
    if len(api_tokens_of(session, user_id)) >= MOST_TOKENS:
        raise TooManyTokens(f"you have {MOST_TOKENS} tokens; revoke one first")
    token = new_token("bi")
    row = ApiToken(
        user_id=user_id,
        name=name,
        token_hash=token_hash(token),
        scopes=[scope.value for scope in scopes],
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    record(session, user_id, "api_token.created", name=name, scopes=row.scopes)
    return row, token


def api_tokens_of(session: Session, user_id: int) -> list[ApiToken]:
    """The user's tokens that are not revoked, newest first; those that have expired are among them."""
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


def find_api_token(session: Session, token: str) -> tuple[User, ApiToken] | None:
    """The user and the row of a bearer token, or None if it is unknown, revoked or expired.

    The first use on a day is an entry of the audit log.
    """
    now = utc_now()
    statement = (
        select(User, ApiToken)
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(
            ApiToken.token_hash == token_hash(token),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
            User.disabled_at.is_(None),
        )
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    user, row = found
    if row.last_used_at is None or row.last_used_at.date() < now.date():
        record(session, user.id, "api_token.used", token_id=row.id)
    if row.last_used_at is None or row.last_used_at < now - SEEN_EVERY:
        session.execute(update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=now))
    return user, row
