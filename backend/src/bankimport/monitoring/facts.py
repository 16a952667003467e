"""Queries that both metrics and health use: overdue work and stale data."""

from datetime import datetime

from sqlalchemy import DateTime, Select, Subquery, extract, func, literal, select, union_all

from bankimport.enrichment.run import due as enrichment
from bankimport.imports import fairness
from bankimport.schedules.due import is_overdue, is_stopped
from bankimport.schedules.models import Schedule
from bankimport.schedules.stale import stale_accounts


def queues(now: datetime) -> Subquery:
    """A row per queue: its name, how many items are due (`depth`), and the age of the oldest in seconds (`age`)."""
    at = literal(now, DateTime(timezone=True))
    statements = []
    for name, due_queue in (("imports", fairness.due_queue(now)), ("enrichment", enrichment.due_queue(now))):
        due = due_queue.subquery()
        age = func.coalesce(func.greatest(0, extract("epoch", at - due.c.since)), 0)
        statements.append(select(literal(name).label("queue"), due.c.due.label("depth"), age.label("age")))
    return union_all(*statements).subquery()


def count_overdue_schedules(now: datetime) -> Select[int]:
    """How many schedules are overdue."""
    return select(func.count()).select_from(Schedule).where(is_overdue(now))


def count_stopped_schedules() -> Select[int]:
    """How many schedules are paused because of failures or an ended consent."""
    return select(func.count()).select_from(Schedule).where(is_stopped())


def count_stale_accounts(now: datetime) -> Select[int]:
    """How many accounts are less fresh than their schedules promise."""
    return select(func.count()).select_from(stale_accounts(now).subquery())
