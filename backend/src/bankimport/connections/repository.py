"""Read and write connections, consent redirects and the ledger of calls; makes no decisions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections.errors import ConnectionNotFound
from bankimport.connections.models import (
    HIDDEN_STATUSES,
    AuthorisationRequest,
    BankApiCall,
    BankConnection,
    CalendarFeed,
    ConnectionStatus,
    ConsentWarning,
    DataApi,
)
from bankimport.users.models import User


def connections_of(session: Session, user_id: int) -> list[BankConnection]:
    """The user's connections that are neither removed nor undecided, oldest first."""
    statement = (
        select(BankConnection)
        .where(BankConnection.user_id == user_id, BankConnection.status.not_in(HIDDEN_STATUSES))
        .order_by(BankConnection.id)
    )
    return list(session.scalars(statement))


def undecided_renewal(session: Session, connection_id: int) -> BankConnection | None:
    """The newest consent that was given to renew a connection and was not adopted, or None."""
    statement = (
        select(BankConnection)
        .where(BankConnection.renews_id == connection_id, BankConnection.status == ConnectionStatus.UNDECIDED)
        .order_by(BankConnection.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def has_unsettled_consent(session: Session, connection_id: int) -> bool:
    """Whether the accounts of the connection's consent, or of one that waits to renew it, were not listed yet."""
    statement = select(BankConnection.id).where(
        BankConnection.settled_at.is_(None),
        or_(
            BankConnection.id == connection_id,
            and_(BankConnection.renews_id == connection_id, BankConnection.status == ConnectionStatus.UNDECIDED),
        ),
    )
    return session.scalars(statement.limit(1)).one_or_none() is not None


def waiting_job(session: Session, connection_id: int) -> int | None:
    """The import that the newest consent to renew a connection was given to continue, or None."""
    statement = (
        select(AuthorisationRequest.then_retry_job_id)
        .where(AuthorisationRequest.connection_id == connection_id, AuthorisationRequest.used_at.is_not(None))
        .order_by(AuthorisationRequest.used_at.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def undecided_renewals(session: Session, user_id: int) -> dict[int, BankConnection]:
    """The user's consents that were given to renew a connection and were not adopted, by that connection."""
    statement = select(BankConnection).where(
        BankConnection.user_id == user_id, BankConnection.status == ConnectionStatus.UNDECIDED
    )
    rows = session.scalars(statement.order_by(BankConnection.id))
    return {row.renews_id: row for row in rows if row.renews_id is not None}


def undescribed_connections(session: Session, limit: int) -> list[int]:
    """Usable connections that TrueLayer has not described yet, oldest first."""
    statement = (
        select(BankConnection.id)
        .where(
            BankConnection.described_at.is_(None),
            BankConnection.status == ConnectionStatus.ACTIVE,
            BankConnection.data_api == DataApi.V1,
        )
        .order_by(BankConnection.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def lock_logins(session: Session, user_id: int) -> None:
    """Wait until nobody else is deciding which connection a consent of this user belongs to."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"logins {user_id}"))))


def move_calls(session: Session, from_id: int, target: BankConnection) -> None:
    """Count the calls sent with a consent for the connection that has it now."""
    session.flush()
    session.execute(
        update(BankApiCall)
        .where(BankApiCall.connection_id == from_id)
        .values(connection_id=target.id, consent_number=target.consent_number)
    )


def live_connections(session: Session) -> list[BankConnection]:
    """Every user's connections that are neither removed nor undecided."""
    statement = select(BankConnection).where(BankConnection.status.not_in(HIDDEN_STATUSES))
    return list(session.scalars(statement.order_by(BankConnection.id)))


def connection_of(session: Session, user_id: int, connection_id: int) -> BankConnection:
    """One of the user's connections, including removed ones.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
    """
    statement = select(BankConnection).where(BankConnection.id == connection_id, BankConnection.user_id == user_id)
    connection = session.scalars(statement).one_or_none()
    if connection is None:
        raise ConnectionNotFound(f"you have no bank connection {connection_id}", connection_id=connection_id)
    return connection


def locked_connection(session: Session, connection_id: int) -> BankConnection:
    """The connection with its row locked until the transaction ends: one token refresh at a time."""
    return session.scalars(_LOCKED, {"connection_id": connection_id}).one()


_BY_ID = select(BankConnection).where(BankConnection.id == bindparam("connection_id"))
_LOCKED = _BY_ID.with_for_update(key_share=True).execution_options(populate_existing=True)


def connection_by_id(session: Session, connection_id: int) -> BankConnection:
    """The connection as it is stored; faster than `get_one`, as the statement is made once."""
    return session.scalars(_BY_ID, {"connection_id": connection_id}).one()


def insert_consent_warning(session: Session, connection: BankConnection, ends_at: datetime, days_before: int) -> bool:
    """Record a warning; False if it is already recorded."""
    statement = (
        insert(ConsentWarning)
        .values(user_id=connection.user_id, connection_id=connection.id, ends_at=ends_at, days_before=days_before)
        .on_conflict_do_nothing()
        .returning(ConsentWarning.id)
    )
    return session.scalars(statement).one_or_none() is not None


def consent_warnings_of(session: Session, connection_ids: Sequence[int]) -> list[ConsentWarning]:
    """The warnings about these connections, oldest first."""
    statement = select(ConsentWarning).where(ConsentWarning.connection_id.in_(connection_ids))
    return list(session.scalars(statement.order_by(ConsentWarning.id)))


def feed_of_user(session: Session, user_id: int) -> CalendarFeed | None:
    """The user's calendar, or None if they never requested one."""
    return session.get(CalendarFeed, user_id)


def feed_by_hash(session: Session, hashed: bytes) -> CalendarFeed | None:
    """The calendar whose address has this hash; None also if its user is disabled."""
    statement = (
        select(CalendarFeed)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.token_hash == hashed, User.disabled_at.is_(None))
    )
    return session.scalars(statement).one_or_none()


def put_feed(session: Session, user_id: int, hashed: bytes, encrypted: bytes, now: datetime) -> CalendarFeed:
    """Give the user's calendar a new address; of two concurrent calls the later one wins."""
    values = {"token_hash": hashed, "token_encrypted": encrypted, "created_at": now}
    statement = (
        insert(CalendarFeed)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
        .returning(CalendarFeed)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()


def locked_authorisation_request(session: Session, state_hash: bytes) -> AuthorisationRequest | None:
    """The consent redirect with this state, locked; None when it is unknown, used or too old."""
    statement = (
        select(AuthorisationRequest)
        .where(
            AuthorisationRequest.state_hash == state_hash,
            AuthorisationRequest.used_at.is_(None),
            AuthorisationRequest.expires_at > utc_now(),
        )
        .with_for_update()
    )
    return session.scalars(statement).one_or_none()


def insert_call(
    session: Session,
    *,
    connection: BankConnection,
    account_id: int | None,
    job_id: int | None,
    endpoint: str,
    attended: bool,
    in_consent_window: bool,
    called_at: datetime,
) -> int:
    """Record a call in the ledger before it is sent, and return its id."""
    call = BankApiCall(
        user_id=connection.user_id,
        connection_id=connection.id,
        consent_number=connection.consent_number,
        account_id=account_id,
        job_id=job_id,
        bank_id=connection.bank_id,
        endpoint=endpoint,
        attended=attended,
        in_consent_window=in_consent_window,
        called_at=called_at,
    )
    session.add(call)
    session.flush()
    return call.id


def nth_newest_call(
    session: Session, n: int, *, since: datetime, unattended_of: tuple[int, int | None, str] | None = None
) -> datetime | None:
    """When the n-th newest call since `since` was sent, including failed ones; None if there were fewer than n.

    `unattended_of` restricts it to unattended calls of one connection, account and endpoint.
    """
    if unattended_of is None:
        return session.scalars(_NTH_NEWEST_CALL, {"since": since, "before": n - 1}).one_or_none()
    connection_id, account_id, endpoint = unattended_of
    owner = (
        BankApiCall.account_id == account_id
        if account_id is not None
        else (BankApiCall.connection_id == connection_id) & BankApiCall.account_id.is_(None)
    )
    statement = select(BankApiCall.called_at).where(
        BankApiCall.called_at > since, owner, BankApiCall.endpoint == endpoint, is_unattended()
    )
    return session.scalars(statement.order_by(BankApiCall.called_at.desc()).offset(n - 1).limit(1)).one_or_none()


def is_unattended() -> ColumnElement[bool]:
    """The condition that a call counts against the bank's daily allowance."""
    return BankApiCall.attended.is_(False) & BankApiCall.in_consent_window.is_(False)


_NTH_NEWEST_CALL = (
    select(BankApiCall.called_at)
    .where(BankApiCall.called_at > bindparam("since"))
    .order_by(BankApiCall.called_at.desc())
    .offset(bindparam("before"))
    .limit(1)
)


def count_calls(session: Session, *, since: datetime) -> int:
    """How many calls all connections have sent since `since`, including failed ones."""
    return session.scalars(select(func.count()).where(BankApiCall.called_at > since)).one()


def finish_call(
    session: Session,
    call_id: int,
    *,
    status: int | None,
    error_code: str | None,
    elapsed_ms: int,
    correlation_id: str | None,
) -> None:
    """Record the outcome of a call in the ledger."""
    session.execute(
        _FINISH_CALL,
        {
            "call_id": call_id,
            "new_status": status,
            "new_code": error_code,
            "new_elapsed_ms": elapsed_ms,
            "new_correlation_id": correlation_id,
        },
    )


_FINISH_CALL = (
    update(BankApiCall)
    .where(BankApiCall.id == bindparam("call_id"))
    .values(
        status=bindparam("new_status"),
        error_code=bindparam("new_code"),
        elapsed_ms=bindparam("new_elapsed_ms"),
        correlation_id=bindparam("new_correlation_id"),
    )
    .execution_options(synchronize_session=False)
)
