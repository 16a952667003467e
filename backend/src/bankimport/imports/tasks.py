"""The background tasks of imports: take the message, call one function."""

import os
import socket

from celery import Celery

from bankimport.imports.answers.retention import purge_expired_answers
from bankimport.imports.run.recover import recover
from bankimport.imports.run.run import run_fairest
from bankimport.queue import Task


def worker_name() -> str:
    """The name of this worker process in attempts."""
    return f"{socket.gethostname()}:{os.getpid()}"


def register(app: Celery) -> None:
    """Register the tasks with the application."""

    def run(account_import_id: int) -> None:
        run_fairest(account_import_id, worker_name())

    def find_lost_work() -> None:
        recover()

    app.task(run, name=Task.RUN_ACCOUNT_IMPORT.value)

    def purge_answers() -> None:
        purge_expired_answers()

    app.task(find_lost_work, name=Task.RECOVER.value)
    app.task(purge_answers, name=Task.PURGE_EXPIRED_ANSWERS.value)
