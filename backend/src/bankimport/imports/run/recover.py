"""Take work back from crashed workers, and send again what has waited long enough or whose message was lost."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports import fairness, repository
from bankimport.imports.models import AccountImport, AccountStatus
from bankimport.imports.run import finish, transfer_scan
from bankimport.imports.run.after_import import settle_enriching, show_due
from bankimport.queue import Task, enqueue

RESEND_AFTER = timedelta(seconds=10)
"""A message sent this long ago without effect counts as lost; if it arrives late, it finds nothing to do."""

MOST_AT_ONCE = 500

MOST_LOSSES = 10
"""How often in a row an account import may lose its worker before it counts as the cause."""


def recover() -> int:
    """Send a task for every account import that can be worked on; returns how many. Running it twice is harmless."""
    now = utc_now()
    unsent: list[int] = []
    with session_scope() as session:
        dead = fairness.expired_leases(session, now)
        if not dead:
            unsent = _send_unsent(session, now)
    if dead:
        for account_import_id in dead:
            _take_back(account_import_id)
        with session_scope() as session:
            unsent = _send_unsent(session, now)
    transfer_scan.look_for_transfers()
    show_due()
    settle_enriching()
    return len(unsent)


def _send_unsent(session: Session, now: datetime) -> list[int]:
    unsent = fairness.unsent(session, now, now - RESEND_AFTER, MOST_AT_ONCE)
    for account_import_id in unsent:
        enqueue(session, Task.RUN_ACCOUNT_IMPORT, account_import_id=account_import_id)
    if unsent:
        session.execute(update(AccountImport).where(AccountImport.id.in_(unsent)).values(queued_at=now))
    return unsent


def _take_back(account_import_id: int) -> None:
    """Free what a crashed worker held, even if a pause is waiting for it; a live worker keeps its work."""
    with session_scope() as session:
        row = repository.locked_account_import(session, account_import_id)
        if row is None or row.status is not AccountStatus.SYNCING:
            return
        if row.lease_expires_at is not None and row.lease_expires_at >= utc_now():
            return
        finish.give_up_attempt(session, row, losses_allowed=MOST_LOSSES)
