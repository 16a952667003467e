"""Metrics of operation: schedules, notifications, processes, the database."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select

from bankimport.monitoring import facts
from bankimport.monitoring.family import Family
from bankimport.observability import pulse
from bankimport.observability.models import RunningProcess


def _figures(name: str, now: datetime) -> Select[*tuple[Any, ...]]:
    """One figure of each live process that reports it."""
    p = RunningProcess
    return select(p.name, p.kind, p.figures[name].as_float()).where(p.figures.has_key(name), pulse.is_alive(now))


GAUGES = (
    Family(
        "bankimport_overdue_schedules",
        "Schedules that are due but were not fired, and runs that were never started.",
        (),
        facts.count_overdue_schedules,
    ),
    Family(
        "bankimport_paused_schedules",
        "Paused schedules, by what paused them.",
        ("paused_by",),
        "SELECT paused_by, count(*) FROM truelayer_import_schedules "
        "WHERE paused_by IS NOT NULL AND removed_at IS NULL GROUP BY 1",
    ),
    Family(
        "bankimport_deliveries_waiting",
        "Notifications waiting for delivery, by type of channel.",
        ("type",),
        "SELECT c.type, count(*) FROM notification_deliveries d JOIN notification_channels c ON c.id = d.channel_id "
        "WHERE d.state = 'waiting' GROUP BY 1",
    ),
    Family(
        "bankimport_notifications_last_day",
        "Notifications within the last day, by kind.",
        ("kind",),
        "SELECT kind, count(*) FROM notifications WHERE created_at > :now - interval '1 day' GROUP BY 1",
    ),
    Family(
        "bankimport_channels",
        "Notification channels by type and state: on, failing, off.",
        ("type", "state"),
        "SELECT type, CASE WHEN disabled_at IS NOT NULL THEN 'off' WHEN failing_since IS NOT NULL THEN 'failing' "
        "ELSE 'on' END, count(*) FROM notification_channels GROUP BY 1, 2",
    ),
    Family(
        "bankimport_processes",
        "Live processes, by kind.",
        ("kind",),
        lambda now: select(RunningProcess.kind, func.count()).where(pulse.is_alive(now)).group_by(RunningProcess.kind),
    ),
    Family(
        "bankimport_periodic_run_seconds",
        "When a periodic task last succeeded, in Unix time.",
        ("task",),
        "SELECT task, extract(epoch FROM last_run_at) FROM periodic_runs",
    ),
    Family(
        "bankimport_database_connections",
        "Connections to our database, by their state.",
        ("state",),
        "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() GROUP BY 1",
    ),
    Family(
        "bankimport_database_connections_max",
        "Maximum number of connections of the database server.",
        (),
        "SELECT current_setting('max_connections')::int",
    ),
    Family(
        "bankimport_database_size_bytes", "Size of our database.", (), "SELECT pg_database_size(current_database())"
    ),
    *(
        Family(
            f"bankimport_{name}",
            about,
            ("process", "kind"),
            partial(_figures, name),
        )
        for name, about in {
            "db_pool_size": "Maximum number of database connections of a process.",
            "db_pool_used": "Database connections that a process is using.",
            "worker_threads": "Maximum number of tasks that a worker runs at the same time.",
            "worker_threads_busy": "Tasks that a worker is running.",
            "memory_bytes": "Memory that a process uses.",
        }.items()
    ),
)
