"""The background tasks of data rights: take the message, call one function."""

from celery import Celery

from bankimport.data_rights.erase import finish_erasures
from bankimport.data_rights.seal_stored import seal_stored
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Register the tasks with the application."""

    def finish() -> None:
        finish_erasures()

    def seal() -> None:
        seal_stored()

    app.task(seal, name=Task.SEAL_STORED.value)
    app.task(finish, name=Task.FINISH_ERASURES.value)
