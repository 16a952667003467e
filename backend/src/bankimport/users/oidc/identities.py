"""Users' identities at providers: linked, found, unlinked."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import NotFound
from bankimport.users.errors import IdentityTaken
from bankimport.users.models import LinkedIdentity, User
from bankimport.users.oidc.id_token import Identity
from bankimport.users.record import record


def link_identity(session: Session, user_id: int, identity: Identity) -> LinkedIdentity:
    """Let this identity sign in as this user; linking one twice is harmless. The session sees all users' rows.

    Raises:
        IdentityTaken: it signs in another user.
    """
    values = {"user_id": user_id, "issuer": identity.issuer, "subject": identity.subject, "email": identity.email}
    statement = insert(LinkedIdentity).values(**values, created_at=utc_now()).on_conflict_do_nothing()
    made = session.scalars(statement.returning(LinkedIdentity)).one_or_none()
    if made is None:
        known = find_identity(session, identity)
        if known is None or known.user_id != user_id:
            raise IdentityTaken("this account at the provider signs in another user; unlink it there first")
        return known
    record(session, user_id, "identity.linked", identity_id=made.id, issuer=identity.issuer)
    return made


def find_identity(session: Session, identity: Identity) -> LinkedIdentity | None:
    """The link of an identity, if it has one; the session sees all users' rows."""
    row = LinkedIdentity
    statement = select(row).where(row.issuer == identity.issuer, row.subject == identity.subject)
    return session.scalars(statement).one_or_none()


def identities_of(session: Session, user_id: int) -> list[LinkedIdentity]:
    """The user's identities, the oldest first."""
    row = LinkedIdentity
    return list(session.scalars(select(row).where(row.user_id == user_id).order_by(row.id)))


def unlink_identity(session: Session, user_id: int, identity_id: int) -> None:
    """Unlink an identity, so that it cannot sign in. Sessions that it opened stay.

    Raises:
        NotFound: not an identity of this user.
    """
    row = LinkedIdentity
    removed = delete(row).where(row.id == identity_id, row.user_id == user_id).returning(row.issuer)
    issuer = session.scalars(removed).one_or_none()
    if issuer is None:
        raise NotFound("no such identity")
    record(session, user_id, "identity.unlinked", identity_id=identity_id, issuer=issuer)


def user_of_address(session: Session, email: str) -> User | None:
    """The user with this address, ignoring case."""
    return session.scalars(select(User).where(func.lower(User.email) == email.strip().lower())).one_or_none()
