"""The background task of connections: describe consents that are not described yet, and warn of their ends."""

from celery import Celery

from bankimport.clock import utc_now
from bankimport.connections.consent.clock import warn_of_consent_ends
from bankimport.connections.consent.describe import describe_late
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Make the task known to the application."""

    def warn() -> None:
        describe_late()
        warn_of_consent_ends(utc_now())

    app.task(warn, name=Task.WARN_OF_CONSENT_ENDS.value)
