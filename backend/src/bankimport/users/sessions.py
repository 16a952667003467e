"""Sessions of browsers: opened, listed, ended, and found by their cookie."""

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import NotFound
from bankimport.realtime.publish import hint_credentials_ended
from bankimport.secrets import new_token, token_hash
from bankimport.users.models import LoginLink, User, UserSession
from bankimport.users.record import record

SESSION_LIFETIME = timedelta(days=30)
"""However often it is used."""
IDLE_LIMIT = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is stored when a session or token was last used."""

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a request comes from."""

    agent: str | None = None
    address: str | None = None

    @property
    def name(self) -> str | None:
        """Browser and system in words; None without a User-Agent."""
        if not self.agent:
            return None
        browser = next((name for mark, name in _BROWSERS if mark in self.agent), None)
        system = next((name for mark, name in _SYSTEMS if mark in self.agent), None)
        found = [name for name in (browser, system) if name]
        return " on ".join(found) or re.sub(r"[^\w ./-]", "", self.agent)[:60] or None


def open_session(session: Session, user_id: int, action: str, device: Device) -> str:
    """Open a session, and return its token; sessions and links that have ended are deleted."""
    now = utc_now()
    token = new_token("session")
    session.add(
        UserSession(
            user_id=user_id,
            token_hash=token_hash(token),
            expires_at=now + SESSION_LIFETIME,
            device=device.name,
            address=device.address,
        )
    )
    session.execute(delete(UserSession).where(or_(UserSession.expires_at < now, _is_idle())))
    session.execute(delete(LoginLink).where(LoginLink.expires_at < now - SESSION_LIFETIME))
    record(session, user_id, action, address=device.address, device=device.name)
    return token


def find_session(session: Session, token: str) -> tuple[User, UserSession] | None:
    """The user and the session of a cookie, or None if it has ended."""
    statement = (
        select(User, UserSession)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == token_hash(token),
            UserSession.expires_at > utc_now(),
            ~_is_idle(),
            User.disabled_at.is_(None),
        )
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    user, browser = found
    if browser.last_seen_at < utc_now() - SEEN_EVERY:
        session.execute(update(UserSession).where(UserSession.id == browser.id).values(last_seen_at=utc_now()))
    return user, browser


def sessions_of(session: Session, user_id: int) -> list[UserSession]:
    """The user's sessions that have not ended, the one used last first."""
    statement = select(UserSession).where(
        UserSession.user_id == user_id, UserSession.expires_at > utc_now(), ~_is_idle()
    )
    return list(session.scalars(statement.order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())))


def end_session(session: Session, user_id: int, session_id: int) -> None:
    """End one session and its sockets.

    Raises:
        NotFound: not a session of this user.
    """
    ended = delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)
    if session.scalars(ended.returning(UserSession.id)).one_or_none() is None:
        raise NotFound("no such session")
    hint_credentials_ended(session, user_id)
    record(session, user_id, "session.ended", session_id=session_id)


def end_sessions(session: Session, user_id: int, *, but: int | None = None) -> int:
    """End all sessions of a user, with their sockets, and unused sign-in links; returns how many sessions."""
    ended = delete(UserSession).where(UserSession.user_id == user_id)
    if but is not None:
        ended = ended.where(UserSession.id != but)
    count = len(session.scalars(ended.returning(UserSession.id)).all())
    session.execute(delete(LoginLink).where(LoginLink.user_id == user_id))
    hint_credentials_ended(session, user_id)
    record(session, user_id, "sessions.ended", count=count)
    return count


def _is_idle() -> ColumnElement[bool]:
    return UserSession.last_seen_at < utc_now() - IDLE_LIMIT
