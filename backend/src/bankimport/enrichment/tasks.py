"""The background tasks of enrichment: take the message, call one function."""

import os
import socket

from celery import Celery

from bankimport.enrichment.run.recover import recover_enrichment
from bankimport.enrichment.run.rekey import bring_all_keys_up_to_date
from bankimport.enrichment.run.run import run_enrichment
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Register the tasks with the application."""

    def run(job_id: int) -> None:
        run_enrichment(job_id, f"{socket.gethostname()}:{os.getpid()}")

    def recover() -> None:
        recover_enrichment()
        bring_all_keys_up_to_date()

    app.task(run, name=Task.RUN_ENRICHMENT.value)
    app.task(recover, name=Task.RECOVER_ENRICHMENT.value)
