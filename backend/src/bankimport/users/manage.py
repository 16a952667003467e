"""What administrators do: list, invite and disable users."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import NotFound
from bankimport.users.access import Role
from bankimport.users.errors import LastAdministrator
from bankimport.users.models import User, UserSession
from bankimport.users.record import record
from bankimport.users.schemas import ManagedUser
from bankimport.users.sessions import end_sessions


def users_read(session: Session) -> list[ManagedUser]:
    """All users by address, each with when they were last seen in a session that has not ended."""
    seen = select(func.max(UserSession.last_seen_at)).where(UserSession.user_id == User.id).scalar_subquery()
    rows = session.execute(select(User, seen).order_by(func.lower(User.email))).all()
    return [ManagedUser.model_validate(user).model_copy(update={"last_seen_at": at}) for user, at in rows]


def user_of_id(session: Session, user_id: int) -> User:
    """The user with this id, locked until the end of the transaction.

    Raises:
        NotFound: there is none.
    """
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound("no such user")
    return user


def set_role(session: Session, user: User, role: Role, by: int | None) -> None:
    """Change what a user may do.

    Raises:
        LastAdministrator: nobody else is one.
    """
    if user.role is role:
        return
    keep_an_administrator(session, user)
    user.role = role
    record(session, user.id, "user.role_changed", role=role.value, by=by)


def set_disabled(session: Session, user: User, is_disabled: bool, by: int | None) -> None:
    """Disable a user and end their sessions, or enable them again. Their data and schedules stay.

    Raises:
        LastAdministrator: nobody else is one.
    """
    if (user.disabled_at is not None) == is_disabled:
        return
    if is_disabled:
        keep_an_administrator(session, user)
        end_sessions(session, user.id)
    user.disabled_at = utc_now() if is_disabled else None
    user.erasing_since = None
    record(session, user.id, "user.disabled" if is_disabled else "user.enabled", by=by)


def keep_an_administrator(session: Session, user: User) -> None:
    """Check that another user can still manage users without this one.

    Raises:
        LastAdministrator: nobody else can.
    """
    if user.role is not Role.ADMIN or user.disabled_at is not None:
        return
    # One after the other, so that two administrators cannot remove each other.
    locked: Sequence[int] = session.scalars(
        select(User.id).where(User.role == Role.ADMIN).order_by(User.id).with_for_update()
    ).all()
    others = exists().where(User.id.in_(locked), User.id != user.id, User.disabled_at.is_(None))
    if not session.scalars(select(others)).one():
        raise LastAdministrator("this is the only administrator; make somebody else one first")
