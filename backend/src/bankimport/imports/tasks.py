"""The background tasks of imports: take the message, call one function."""

import os
import socket

from celery import Celery

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports import turns
from bankimport.imports.recover import recover
from bankimport.imports.run import run_account_import
from bankimport.queue import Task


def worker_name() -> str:
    """This worker process, as attempts name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def fairest(account_import_id: int) -> int:
    """The account import that is to be run instead of the one that a message names.

    There is a message for each that is due, so taking another one first leaves none out.
    """
    with session_scope() as session:
        return turns.fairest(session, utc_now()) or account_import_id


def register(app: Celery) -> None:
    """Make the tasks known to the application."""

    def run(account_import_id: int) -> None:
        run_account_import(fairest(account_import_id), worker_name())

    def find_lost_work() -> None:
        recover()

    app.task(run, name=Task.RUN_ACCOUNT_IMPORT.value)
    app.task(find_lost_work, name=Task.RECOVER.value)
