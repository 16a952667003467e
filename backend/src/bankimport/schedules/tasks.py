"""The background tasks of schedules: keep schedules, and look for stale accounts."""

from celery import Celery

from bankimport.clock import utc_now
from bankimport.queue import Task
from bankimport.schedules.fire import keep_schedules
from bankimport.schedules.stale import notify_of_stale_accounts


def register(app: Celery) -> None:
    """Register the tasks with the application."""

    def keep() -> None:
        keep_schedules(utc_now())

    def warn_of_stale_accounts() -> None:
        notify_of_stale_accounts(utc_now())

    app.task(keep, name=Task.KEEP_SCHEDULES.value)
    app.task(warn_of_stale_accounts, name=Task.WARN_OF_STALE_ACCOUNTS.value)
