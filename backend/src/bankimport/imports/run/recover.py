"""Take work back from dead workers, and send again what waited long enough or whose message was lost."""

from datetime import timedelta

from sqlalchemy import update

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports import fairness, repository
from bankimport.imports.models import AccountImport, AccountStatus
from bankimport.imports.run import finish, transfer_scan
from bankimport.imports.run.after_import import settle_enriching, show_due
from bankimport.queue import Task, enqueue

RESEND_AFTER = timedelta(seconds=10)
"""A message that was sent this long ago and shows no effect counts as lost; a late one finds nothing to do."""

MOST_AT_ONCE = 500

MOST_LOSSES = 10
"""How often in a row an account import may lose its worker before it counts as what kills them."""


def recover() -> int:
    """Send a task for every account import that may be worked on; returns how many. Running it twice is harmless."""
    now = utc_now()
    with session_scope() as session:
        dead = fairness.expired_leases(session, now)
    for account_import_id in dead:
        _take_back(account_import_id)
    with session_scope() as session:
        unsent = fairness.unsent(session, now, now - RESEND_AFTER, MOST_AT_ONCE)
        for account_import_id in unsent:
            enqueue(session, Task.RUN_ACCOUNT_IMPORT, account_import_id=account_import_id)
        session.execute(update(AccountImport).where(AccountImport.id.in_(unsent)).values(queued_at=now))
    transfer_scan.look_for_transfers()
    show_due()
    settle_enriching()
    return len(unsent)


def _take_back(account_import_id: int) -> None:
    """Make what a dead worker held free again, also where a pause waits for it; a worker that still lives keeps it."""
    with session_scope() as session:
        row = repository.locked_account_import(session, account_import_id)
        if row is None or row.status is not AccountStatus.SYNCING:
            return
        if row.lease_expires_at is not None and row.lease_expires_at >= utc_now():
            return
        finish.give_up_attempt(session, row, losses_allowed=MOST_LOSSES)
