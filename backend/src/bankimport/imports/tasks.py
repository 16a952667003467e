"""The background tasks of imports: take the message, call one function."""

import os
import socket

from celery import Celery

from bankimport.imports.recover import recover
from bankimport.imports.retention import let_old_bodies_go
from bankimport.imports.run import run_fairest
from bankimport.imports.standing import keep_standings
from bankimport.queue import Task


def worker_name() -> str:
    """This worker process, as attempts name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def register(app: Celery) -> None:
    """Make the tasks known to the application."""

    def run(account_import_id: int) -> None:
        run_fairest(account_import_id, worker_name())

    def find_lost_work() -> None:
        recover()

    app.task(run, name=Task.RUN_ACCOUNT_IMPORT.value)

    def let_bodies_go() -> None:
        let_old_bodies_go()

    def keep_all_standings() -> None:
        keep_standings()

    app.task(keep_all_standings, name=Task.KEEP_STANDINGS.value)
    app.task(find_lost_work, name=Task.RECOVER.value)
    app.task(let_bodies_go, name=Task.LET_OLD_BODIES_GO.value)
