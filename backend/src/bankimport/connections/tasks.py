"""The background task of connections: describe undescribed consents, and warn before consents end."""

from celery import Celery

from bankimport.clock import utc_now
from bankimport.connections.consent.clock import warn_of_consent_ends
from bankimport.connections.consent.describe import describe_late
from bankimport.queue import Task


def register(app: Celery) -> None:
    """Register the task with the application."""

    def warn() -> None:
        describe_late()
        warn_of_consent_ends(utc_now())

    app.task(warn, name=Task.WARN_OF_CONSENT_ENDS.value)
