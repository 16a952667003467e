"""The background task of notifications."""

from celery import Celery

from bankimport.notifications.deliver import deliver_due
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Make the task known to the application."""

    def deliver() -> None:
        deliver_due()

    app.task(deliver, name=Task.DELIVER_NOTIFICATIONS.value)
