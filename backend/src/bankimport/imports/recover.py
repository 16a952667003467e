"""Find work whose worker died, whose message was lost or whose wait is over, and send it again."""

from datetime import timedelta

from sqlalchemy import update

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports import repository
from bankimport.imports.models import AccountImport, AccountStatus
from bankimport.queue import Task, enqueue

RESEND_AFTER = timedelta(seconds=10)
"""A message that was sent this long ago and shows no effect counts as lost; a late one finds nothing to do."""

MOST_AT_ONCE = 500


def recover() -> int:
    """Send a task for every account import that needs a worker; returns how many. Running it twice is harmless."""
    now = utc_now()
    with session_scope() as session:
        lost = repository.lost_account_imports(session, now, now - RESEND_AFTER, MOST_AT_ONCE)
        for account_import_id in lost:
            enqueue(session, Task.RUN_ACCOUNT_IMPORT, account_import_id=account_import_id)
        session.execute(
            update(AccountImport)
            .where(AccountImport.id.in_(lost), AccountImport.status != AccountStatus.SYNCING)
            .values(queued_at=now)
        )
    return len(lost)
