"""The background task of schedules: take the message, call one function."""

from celery import Celery

from bankimport.clock import utc_now
from bankimport.queue import Task
from bankimport.schedules.fire import keep_schedules


def register(app: Celery) -> None:
    """Make the task known to the application."""

    def keep() -> None:
        keep_schedules(utc_now())

    app.task(keep, name=Task.KEEP_SCHEDULES.value)
