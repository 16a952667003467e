"""Date a connection's stored rows by another time zone, as if the bank had always used it."""

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account
from bankimport.connections import repository as connections
from bankimport.connections.models import BankConnection
from bankimport.connections.time_zone import UNKNOWN, checked_zone
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, OPEN_JOB_STATUSES, AccountImport, ImportJob
from bankimport.realtime.publish import notify_user
from bankimport.transactions import repository as transactions
from bankimport.users.record import record

_ROWS = """
    UPDATE transactions SET date = (timestamp AT TIME ZONE :new)::date
    WHERE account_id = ANY(:accounts) AND has_time AND date <> (timestamp AT TIME ZONE :new)::date
"""

_CHANGES = """
    UPDATE transaction_changes c
    SET SIDE = jsonb_set(SIDE, '{date}', to_jsonb(((SIDE->>'timestamp')::timestamptz AT TIME ZONE :new)::date::text))
    FROM transactions t
    WHERE t.id = c.transaction_id AND t.account_id = ANY(:accounts) AND SIDE ? 'date' AND SIDE ? 'timestamp'
        AND coalesce((SIDE->>'has_time')::boolean, t.has_time)
"""

_FIRST_DAYS = """
    UPDATE import_windows w
    SET window_from = CASE WHEN window_from < window_to THEN window_from + 1 ELSE window_from END,
        state = CASE WHEN window_from < window_to THEN state ELSE 'split' END
    WHERE w.state IN ('completed', 'undone') AND w.account_id = ANY(:accounts)
        AND EXISTS (SELECT FROM transactions t WHERE t.account_id = w.account_id AND t.has_time)
        AND w.window_from::timestamp AT TIME ZONE :new < w.window_from::timestamp AT TIME ZONE :old
        AND NOT EXISTS (
            SELECT FROM import_windows o WHERE o.account_id = w.account_id AND o.state = w.state
                AND o.window_from < w.window_from AND o.window_to >= w.window_from - 1)
"""
"""If days begin earlier now, the first hours of a stored stretch belong to a day that is not stored."""

_LAST_DAYS = """
    UPDATE import_windows w
    SET window_to = CASE WHEN window_from < window_to THEN window_to - 1 ELSE window_to END,
        state = CASE WHEN window_from < window_to THEN state ELSE 'split' END
    WHERE w.state IN ('completed', 'undone') AND w.account_id = ANY(:accounts)
        AND EXISTS (SELECT FROM transactions t WHERE t.account_id = w.account_id AND t.has_time)
        AND (w.window_to + 1)::timestamp AT TIME ZONE :new > (w.window_to + 1)::timestamp AT TIME ZONE :old
        AND NOT EXISTS (
            SELECT FROM import_windows o WHERE o.account_id = w.account_id AND o.state = w.state
                AND o.window_to > w.window_to AND o.window_from <= w.window_to + 1)
"""
"""If days end later now, the last hours of a stored stretch belong to a day that is not stored."""

_FRESHNESS = "DELETE FROM account_standings WHERE account_id = ANY(:accounts)"

REDATE = (
    _ROWS,
    _CHANGES.replace("SIDE", "before"),
    _CHANGES.replace("SIDE", "after"),
    _FIRST_DAYS,
    _LAST_DAYS,
    _FRESHNESS,
)


def set_time_zone(session: Session, user_id: int, connection_id: int, name: str) -> BankConnection:
    """Use this zone for the bank's days from now on, and date the stored rows that have a time accordingly.

    Rows keep their ids, times and keys. A day at the end of a stored stretch that is no longer complete does not count
    as stored any more, and the next incremental import requests it again.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
        InvalidRequest: there is no such zone.
        NotPossibleNow: an import of its accounts is in progress.
    """
    checked_zone(name)
    connections.connection_of(session, user_id, connection_id)
    connection = connections.locked_connection(session, connection_id)
    old = connection.time_zone or UNKNOWN
    its_accounts = select(Account.id).where(Account.connection_id == connection_id)
    # No attempt begins until this is committed: it would read the answers in the old zone.
    accounts.lock_for_undo(session, its_accounts)
    open_import = exists().where(
        AccountImport.account_id.in_(its_accounts),
        AccountImport.status.in_(OPEN_ACCOUNT_STATUSES),
        ImportJob.id == AccountImport.job_id,
        ImportJob.job_status.in_(OPEN_JOB_STATUSES),
    )
    if session.scalar(select(open_import)):
        raise NotPossibleNow("an import of this connection is in progress; wait until it ends, or cancel it first")
    connection.time_zone = name
    session.flush()
    if name != old:
        transactions.begin_writing(session, user_id)
        values = {"accounts": list(session.scalars(its_accounts)), "new": name, "old": old}
        for statement in REDATE:
            session.execute(text(statement), values)
        session.expire_all()
        record(session, user_id, "connection.time_zone_set", connection_id=connection_id, time_zone=name)
        notify_user(session, user_id, "transactions")
    return connection
