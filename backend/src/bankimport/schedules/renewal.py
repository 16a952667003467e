"""Resume schedules that were paused by an ended consent, once the user has renewed it."""

from datetime import datetime

import structlog

from bankimport.db.session import session_scope
from bankimport.schedules import repository, service
from bankimport.schedules.models import PausedBy

log = structlog.get_logger(__name__)


def go_on_after_renewal(now: datetime) -> None:
    """Resume schedules whose bank is connected again, on the connection that has the accounts now.

    Runs missed in the meantime are not caught up one by one, because an incremental run closes the gaps.
    """
    with session_scope() as session:
        waiting = repository.waiting_for_consent(session, now)
    for schedule_id, connection_id in waiting:
        with session_scope() as session:
            schedule = repository.locked_schedule(session, schedule_id)
            if schedule is not None and schedule.paused_by is PausedBy.CONSENT:
                service.go_on(session, schedule, connection_id, now)
                log.info("schedule.goes_on", schedule_id=schedule_id, connection_id=connection_id)
