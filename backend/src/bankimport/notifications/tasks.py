"""The background tasks of notifications."""

from celery import Celery

from bankimport.notifications.deliver import deliver_due
from bankimport.notifications.retention import delete_old_notifications
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Register the tasks with the application."""

    def deliver() -> None:
        deliver_due()

    def purge_old_notifications() -> None:
        delete_old_notifications()

    app.task(purge_old_notifications, name=Task.PURGE_OLD_NOTIFICATIONS.value)
    app.task(deliver, name=Task.DELIVER_NOTIFICATIONS.value)
