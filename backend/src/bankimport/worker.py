"""The worker process: the Celery application and its tasks. Start it with `bankimport worker`."""

import math
import time
from typing import Any

from celery.signals import task_postrun, task_prerun, task_success

from bankimport.connections import tasks as connections
from bankimport.data_rights import tasks as data_rights
from bankimport.db import tables
from bankimport.enrichment import tasks as enrichment
from bankimport.imports import tasks as imports
from bankimport.notifications import tasks as notifications
from bankimport.observability.pulse import note_periodic_run
from bankimport.observability.tracing import begin_task, end_task
from bankimport.proof import tasks as proof
from bankimport.queue import celery_app, periodic_tasks
from bankimport.schedules import tasks as schedules

__all__ = ["app", "tables"]

app = celery_app()
imports.register(app)
proof.register(app)
enrichment.register(app)
schedules.register(app)
connections.register(app)
notifications.register(app)
data_rights.register(app)


NOTED_EVERY_S = 10
"""How often a worker records that a periodic task succeeds: some succeed every three seconds."""

_noted_at: dict[str, float] = {}


def _note(sender: Any, **_: object) -> None:
    now = time.monotonic()
    if sender.name in periodic_tasks() and now - _noted_at.get(sender.name, -math.inf) >= NOTED_EVERY_S:
        _noted_at[sender.name] = now
        note_periodic_run(sender.name)


task_success.connect(_note, weak=False)


def _begin(task_id: str, task: Any, **_: object) -> None:
    begin_task(task_id, task.name, task.request.headers or {})


def _end(task_id: str, state: str | None = None, **_: object) -> None:
    end_task(task_id, failed=state == "FAILURE")


task_prerun.connect(_begin, weak=False)
task_postrun.connect(_end, weak=False)
