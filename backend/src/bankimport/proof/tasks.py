"""The background task of proof."""

from celery import Celery

from bankimport.proof.freshness import keep_freshness
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Register the task with the application."""

    def keep_all_fresh() -> None:
        keep_freshness()

    app.task(keep_all_fresh, name=Task.KEEP_FRESHNESS.value)
