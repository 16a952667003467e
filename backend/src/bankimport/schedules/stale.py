"""Find accounts that a schedule should have imported by now, and notify their users."""

from datetime import datetime, timedelta

from sqlalchemy import DateTime, Interval, Select, Text, any_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.db.session import session_scope
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from bankimport.schedules.due import is_in_force
from bankimport.schedules.models import Schedule
from bankimport.schedules.recurrence import Frequency

_DAY = literal(timedelta(days=1), Interval)


def stale_accounts(now: datetime) -> Select[int]:
    """The ids of accounts that a schedule in force did not import completely within two of its periods.

    The periods count from when the schedule came into force, at the earliest. An account counts while the connection
    that it is read through is active and lists it.
    """
    at = literal(now, DateTime(timezone=True))
    period = case(
        (Schedule.frequency == Frequency.WEEKLY, literal(timedelta(days=7), Interval)),
        (Schedule.frequency == Frequency.MONTHLY, literal(timedelta(days=31), Interval)),
        (
            Schedule.frequency == Frequency.CRON,
            func.greatest(
                _DAY,
                Schedule.next_run - func.coalesce(Schedule.last_run, Schedule.in_force_since),
                type_=Interval(),
            ),
        ),
        else_=_DAY,
    )
    breaks_its_promise = (
        select(Schedule.id)
        .where(
            Schedule.connection_id == BankConnection.id,
            is_in_force(),
            or_(Schedule.account_ids == [], cast(Account.id, Text) == any_(Schedule.account_ids)),
            func.greatest(Account.last_synced_at, Schedule.in_force_since) < at - period - period,
        )
        .exists()
    )
    return (
        select(Account.id)
        .join(BankConnection, BankConnection.id == Account.connection_id)
        .where(BankConnection.status == ConnectionStatus.ACTIVE, Account.missing_since.is_(None), breaks_its_promise)
    )


def notify_of_stale_accounts(now: datetime) -> None:
    """Notify users of their stale accounts, once for each last import."""
    with session_scope() as session:
        for account in session.scalars(select(Account).where(Account.id.in_(stale_accounts(now)))):
            _notify(session, account)


def _notify(session: Session, account: Account) -> None:
    last = account.last_synced_at
    since = f"was last imported on {last:%Y-%m-%d}" if last else "was never imported completely"
    notify(
        session,
        account.user_id,
        Kind.IMPORTS_STALE,
        f"stale:{account.id}:{last.isoformat() if last else 'never'}",
        title=f"{account.display_name} is not up to date",
        body=f"It {since}, though a schedule should import it more often. Look at the schedule's runs.",
        link="/schedules",
        data={"account_id": account.id},
    )
