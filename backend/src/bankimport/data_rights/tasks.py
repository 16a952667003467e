"""The background task of data rights: finish erasures that were interrupted."""

from celery import Celery

from bankimport.data_rights.erase import finish_erasures
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Register the task with the application."""

    def finish() -> None:
        finish_erasures()

    app.task(finish, name=Task.FINISH_ERASURES.value)
