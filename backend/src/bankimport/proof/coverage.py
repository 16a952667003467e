"""Which days of an account are stored, as shown to its user."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.connections import repository as connections
from bankimport.days import Days, merged, without
from bankimport.imports.answers import rejected
from bankimport.imports.models import WindowState
from bankimport.imports.windows import WindowFacts
from bankimport.proof.day_states import strip_of
from bankimport.proof.schemas import AccountWithCoverage, AccountWithCoverageList, CoverageRead, StretchRead
from bankimport.transactions import day_sums


def accounts_read(session: Session, user_id: int, connection_id: int) -> AccountWithCoverageList:
    """The accounts and cards that are read through this connection, as last listed, each with its stored days.

    An account that is reachable through two connections is listed once, at the connection it is read through.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
    """
    connections.connection_of(session, user_id, connection_id)
    rows = [
        row for row in accounts.accounts_of_connection(session, connection_id) if row.connection_id == connection_id
    ]
    coverage = _coverage_of(session, rows)
    others = accounts.other_ways(session, rows)
    return AccountWithCoverageList(
        accounts=[
            AccountWithCoverage.of(account, coverage=coverage[account.id], also_through=others[account.id])
            for account in rows
        ]
    )


def coverage_read(session: Session, user_id: int, account_id: int) -> CoverageRead:
    """The stored days of one account.

    Raises:
        AccountNotFound: no such account, or not this user's.
    """
    account = accounts.account_of(session, user_id, account_id)
    return _coverage_of(session, [account])[account.id]


def _coverage_of(session: Session, rows: list[Account]) -> dict[int, CoverageRead]:
    ids = [account.id for account in rows]
    counts = day_sums.count_booked(session, ids)
    windows = rejected.windows_with_rejected(session, ids)
    days_with_rows = day_sums.days_with_booked(session, ids)
    today = utc_now().date()
    return {
        account_id: _one_coverage(
            account_id, windows[account_id], days_with_rows[account_id], counts.get(account_id, 0), today
        )
        for account_id in ids
    }


def _one_coverage(
    account_id: int, windows: Sequence[WindowFacts], days_with_rows: Collection[date], rows: int, today: date
) -> CoverageRead:
    stored = merged(window.days for window in windows if window.state is WindowState.COMPLETED)
    refused = (window.days for window in windows if window.state is WindowState.REFUSED)
    return CoverageRead(
        account_id=account_id,
        held=stored,
        held_days=sum(days.length for days in stored),
        holes=_holes(stored),
        refused=merged(part for days in refused for part in without(days, stored)),
        transactions=rows,
        strip=[StretchRead.of(item) for item in strip_of(windows, days_with_rows, today)],
    )


def _holes(stored: list[Days]) -> list[Days]:
    return without(Days(stored[0].first, stored[-1].last), stored) if stored else []
