"""The background task of schedules: keep schedules and look for stale accounts."""

from celery import Celery

from bankimport.clock import utc_now
from bankimport.queue import Task
from bankimport.schedules.fire import keep_schedules
from bankimport.schedules.stale import notify_of_stale_accounts


def register(app: Celery) -> None:
    """Register the task with the application."""

    def keep() -> None:
        now = utc_now()
        keep_schedules(now)
        notify_of_stale_accounts(now)

    app.task(keep, name=Task.KEEP_SCHEDULES.value)
