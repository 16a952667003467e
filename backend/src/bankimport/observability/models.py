"""Which processes are running, and when each periodic task last ran."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base


class RunningProcess(Base):
    """One of our processes, `host:pid`. It updates its row every few seconds; `figures` are numbers only it knows.

    `key_ids` names its secret keys, the encrypting one first.
    """

    __tablename__ = "running_processes"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    key_ids: Mapped[list[Any]] = mapped_column(server_default="[]")


class PeriodicRun(Base):
    """When a task sent by beat last succeeded: evidence that beat, queue and workers work together."""

    __tablename__ = "periodic_runs"

    task: Mapped[str] = mapped_column(Text, primary_key=True)
    last_run_at: Mapped[datetime]
