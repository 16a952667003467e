"""Metrics of imports: waiting work, failures, bank calls and stored rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from bankimport.imports.import_plan import stored_figure
from bankimport.monitoring import facts
from bankimport.monitoring.family import Family


def _queue_depths(now: datetime) -> Select[*tuple[Any, ...]]:
    queues = facts.queues(now)
    return select(queues.c.queue, queues.c.depth)


def _queue_ages(now: datetime) -> Select[*tuple[Any, ...]]:
    queues = facts.queues(now)
    return select(queues.c.queue, queues.c.age)


GAUGES = (
    Family(
        "bankimport_jobs",
        "Import jobs by status.",
        ("status",),
        "SELECT job_status, count(*) FROM truelayer_import_jobs GROUP BY 1",
    ),
    Family(
        "bankimport_account_imports",
        "Account imports by status.",
        ("status",),
        "SELECT status, count(*) FROM truelayer_import_progress GROUP BY 1",
    ),
    Family(
        "bankimport_queue_depth",
        "Account imports and enrichments that are due and that no worker has taken.",
        ("queue",),
        _queue_depths,
    ),
    Family(
        "bankimport_queue_age_seconds",
        "How long the oldest due item of each queue has been waiting.",
        ("queue",),
        _queue_ages,
    ),
    Family(
        "bankimport_waiting",
        "Account imports that are waiting for their bank, by error code.",
        ("reason",),
        "SELECT coalesce(error_code, 'unknown'), count(*) FROM truelayer_import_progress "
        "WHERE status = 'waiting' GROUP BY 1",
    ),
    Family(
        "bankimport_errors_last_hour",
        "Attempts that failed within the last hour, by error code.",
        ("code",),
        "SELECT error_code, count(*) FROM import_attempts "
        "WHERE ended_at > :now - interval '1 hour' AND error_code IS NOT NULL GROUP BY 1",
    ),
    Family(
        "bankimport_attempts_last_hour",
        "Attempts that ended within the last hour.",
        (),
        "SELECT count(*) FROM import_attempts WHERE ended_at > :now - interval '1 hour'",
    ),
    Family(
        "bankimport_bank_calls_last_hour",
        "Calls to banks within the last hour, by endpoint and result.",
        ("endpoint", "outcome"),
        "SELECT endpoint, coalesce(error_code, CASE WHEN status IS NULL THEN 'under_way' ELSE 'ok' END), count(*) "
        "FROM bank_api_calls WHERE called_at > :now - interval '1 hour' GROUP BY 1, 2",
    ),
    Family(
        "bankimport_bank_call_seconds_last_hour",
        "Response time of banks within the last hour, by quantile.",
        ("quantile",),
        "SELECT quantile::text, value FROM unnest(ARRAY[0.5, 0.95, 0.99]) WITH ORDINALITY AS q(quantile, place) "
        "CROSS JOIN LATERAL (SELECT (percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY elapsed_ms) "
        "FILTER (WHERE elapsed_ms IS NOT NULL))[q.place] / 1000 AS value "
        "FROM bank_api_calls WHERE called_at > :now - interval '1 hour') AS found WHERE value IS NOT NULL",
    ),
    Family(
        "bankimport_calls_made_last_day",
        "Calls made by jobs that ended within the last day, by bank.",
        ("bank",),
        "SELECT c.bank_id, sum((SELECT count(*) FROM bank_api_calls b WHERE b.job_id = j.id)) "
        "FROM truelayer_import_jobs j JOIN bank_connections c ON c.id = j.connection_id "
        "WHERE j.completed_at > :now - interval '1 day' GROUP BY 1",
    ),
    Family(
        "bankimport_calls_estimated_last_day",
        "Calls planned for jobs that ended within the last day, by bank.",
        ("bank",),
        f"SELECT c.bank_id, sum({stored_figure('api_calls')}) "
        "FROM truelayer_import_jobs j JOIN bank_connections c ON c.id = j.connection_id "
        "WHERE j.completed_at > :now - interval '1 day' GROUP BY 1",
    ),
)

DURATIONS = (
    "SELECT CASE WHEN to_date - from_date < 7 THEN '7' WHEN to_date - from_date < 31 THEN '31' "
    "WHEN to_date - from_date < 92 THEN '92' WHEN to_date - from_date < 366 THEN '366' ELSE 'more' END AS days, "
    "extract(epoch FROM completed_at - started_at) AS seconds "
    "FROM truelayer_import_jobs WHERE completed_at IS NOT NULL AND started_at IS NOT NULL"
)
"""The duration of each finished job, from start to end, and the size class of its days."""

COUNTERS = (
    Family(
        "bankimport_transactions_stored",
        "Booked transactions that imports stored; its rate is rows per second.",
        (),
        "SELECT coalesce(sum(total_transactions), 0) FROM truelayer_import_jobs",
    ),
    Family(
        "bankimport_duplicates",
        "Rows of answers that were already stored.",
        (),
        "SELECT coalesce(sum(total_duplicates), 0) FROM truelayer_import_jobs",
    ),
    Family(
        "bankimport_rows_rejected",
        "Rows of answers that were rejected.",
        (),
        "SELECT coalesce(sum(total_errors), 0) FROM truelayer_import_jobs",
    ),
)
