"""The background task of connections: take the message, call one function."""

from celery import Celery

from bankimport.clock import utc_now
from bankimport.connections.consent_clock import warn_of_consent_ends
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Make the task known to the application."""

    def warn() -> None:
        warn_of_consent_ends(utc_now())

    app.task(warn, name=Task.WARN_OF_CONSENT_ENDS.value)
