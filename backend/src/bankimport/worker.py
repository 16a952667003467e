"""The worker process: the Celery application and the tasks it knows. Start it by `bankimport worker`."""

from bankimport.connections import tasks as connections
from bankimport.db import tables
from bankimport.imports import tasks as imports
from bankimport.notifications import tasks as notifications
from bankimport.queue import celery_app
from bankimport.schedules import tasks as schedules

__all__ = ["app", "tables"]

app = celery_app()
imports.register(app)
schedules.register(app)
connections.register(app)
notifications.register(app)
