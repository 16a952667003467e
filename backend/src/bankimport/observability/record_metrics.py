"""Metrics of what PostgreSQL knows, readable as a table: read when asked for, by whichever API process is asked.

Workers have no HTTP, and there may be many processes on many machines; what they did is in the record that they share.
So every API process tells the same, and a query over several of them takes `max`, never `sum`. All that is read is
bounded: by the size of small tables, by an index over the last hour or day, or by a LIMIT; and it is kept for a few
seconds, so that many scrapes cost no more than one.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope
from bankimport.money import parse_money
from bankimport.observability import facts
from bankimport.queue import count_messages
from bankimport.settings import get_settings

log = structlog.get_logger(__name__)

KEPT_FOR_S = 4.0
READ_WITHIN_MS = 5000
MOST_ACCOUNTS = 1000
"""Accounts that have a series of their own, the longest unproven first."""


class Family(NamedTuple):
    """A metric: its name, what it says, its labels, and the query, whose columns are the labels and then the value."""

    name: str
    about: str
    labels: tuple[str, ...]
    query: str


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
        "bankimport_connections",
        "Bank connections by status.",
        ("status",),
        "SELECT status, count(*) FROM bank_connections GROUP BY 1",
    ),
    Family(
        "bankimport_connections_ending",
        "Connections whose consent ends within seven days.",
        (),
        "SELECT count(*) FROM bank_connections WHERE status = 'active' "
        "AND consent_expires_at BETWEEN now() AND now() + interval '7 days'",
    ),
    Family(
        "bankimport_queue_depth",
        "Account imports, and enrichments, that could be worked on now and are not.",
        ("queue",),
        f"SELECT 'imports', ({facts.QUEUE_DEPTH}) UNION ALL SELECT 'enrichment', ({facts.ENRICHMENT_QUEUE_DEPTH})",
    ),
    Family(
        "bankimport_queue_age_seconds",
        "How long the job that waits longest has had work to do that nobody does.",
        ("queue",),
        f"SELECT 'imports', ({facts.QUEUE_AGE}) UNION ALL SELECT 'enrichment', ({facts.ENRICHMENT_QUEUE_AGE})",
    ),
    Family(
        "bankimport_waiting",
        "Account imports that wait for their bank, by the reason's code.",
        ("reason",),
        "SELECT coalesce(error_code, 'unknown'), count(*) FROM truelayer_import_progress "
        "WHERE status = 'waiting' GROUP BY 1",
    ),
    Family(
        "bankimport_errors_last_hour",
        "Attempts that ended in an error within the last hour, by its code.",
        ("code",),
        "SELECT error_code, count(*) FROM import_attempts "
        "WHERE ended_at > now() - interval '1 hour' AND error_code IS NOT NULL GROUP BY 1",
    ),
    Family(
        "bankimport_attempts_last_hour",
        "Attempts that ended within the last hour.",
        (),
        "SELECT count(*) FROM import_attempts WHERE ended_at > now() - interval '1 hour'",
    ),
    Family(
        "bankimport_bank_calls_last_hour",
        "Calls to banks within the last hour, by endpoint and how they ended.",
        ("endpoint", "outcome"),
        "SELECT endpoint, coalesce(error_code, CASE WHEN status IS NULL THEN 'under_way' ELSE 'ok' END), count(*) "
        "FROM bank_api_calls WHERE called_at > now() - interval '1 hour' GROUP BY 1, 2",
    ),
    Family(
        "bankimport_bank_call_seconds_last_hour",
        "Time that banks took to answer within the last hour, by quantile.",
        ("quantile",),
        "SELECT quantile::text, value FROM unnest(ARRAY[0.5, 0.95, 0.99]) WITH ORDINALITY AS q(quantile, place) "
        "CROSS JOIN LATERAL (SELECT (percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY elapsed_ms) "
        "FILTER (WHERE elapsed_ms IS NOT NULL))[q.place] / 1000 AS value "
        "FROM bank_api_calls WHERE called_at > now() - interval '1 hour') AS found WHERE value IS NOT NULL",
    ),
    Family(
        "bankimport_calls_estimated_last_day",
        "Calls that the plans of the jobs that ended within a day expected, by bank.",
        ("bank",),
        facts.CALLS_ESTIMATED,
    ),
    Family(
        "bankimport_calls_made_last_day",
        "Calls that the jobs that ended within a day made, by bank.",
        ("bank",),
        facts.CALLS_MADE,
    ),
    Family(
        "bankimport_enrichment_jobs",
        "Enrichment jobs by status.",
        ("status",),
        "SELECT job_status, count(*) FROM truelayer_enrichment_jobs GROUP BY 1",
    ),
    Family(
        "bankimport_enrichment_rows_last_day",
        "Rows of the enrichments that began within a day, by outcome: with_category, unknown, failed.",
        ("outcome",),
        "SELECT outcome, coalesce(sum(count), 0) FROM truelayer_enrichment_jobs CROSS JOIN LATERAL (VALUES "
        "('with_category', successful), ('failed', failed), ('unknown', processed - successful - failed)) "
        "AS rows(outcome, count) WHERE started_at > now() - interval '1 day' GROUP BY 1",
    ),
    Family(
        "bankimport_llm_calls_last_hour",
        "Calls to models within the last hour, by model and how they ended; reserved: not heard yet, or never.",
        ("model", "outcome"),
        "SELECT model, status, count(*) FROM llm_calls WHERE called_at > now() - interval '1 hour' GROUP BY 1, 2",
    ),
    Family(
        "bankimport_llm_tokens_last_day",
        "Tokens of calls to models within a day, by model and kind: input, cached (of the input), output.",
        ("model", "kind"),
        "SELECT model, kind, sum(tokens) FROM llm_calls CROSS JOIN LATERAL (VALUES "
        "('input', input_tokens), ('cached', cached_tokens), ('output', output_tokens)) AS kinds(kind, tokens) "
        "WHERE called_at > now() - interval '1 day' GROUP BY 1, 2",
    ),
    Family(
        "bankimport_llm_cost_last_day",
        "What calls to models within a day cost, by model and currency; calls of unknown price are not in it.",
        ("model", "currency"),
        "SELECT model, currency, sum(cost) FROM llm_calls "
        "WHERE called_at > now() - interval '1 day' AND cost IS NOT NULL GROUP BY 1, 2",
    ),
    Family(
        "bankimport_llm_calls_of_unknown_price_last_day",
        "Calls to models within a day whose price nobody knows.",
        (),
        "SELECT count(*) FROM llm_calls WHERE called_at > now() - interval '1 day' AND cost IS NULL",
    ),
    Family(
        "bankimport_llm_call_seconds_last_hour",
        "Time that models took to answer within the last hour, by quantile.",
        ("quantile",),
        "SELECT quantile::text, percentile / 1000 FROM (SELECT unnest(ARRAY[0.5, 0.95, 0.99]) AS quantile, "
        "unnest(percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency_ms)) AS percentile "
        "FROM llm_calls WHERE called_at > now() - interval '1 hour' AND latency_ms IS NOT NULL) AS found "
        "WHERE percentile IS NOT NULL",
    ),
    Family(
        "bankimport_llm_cost_this_month",
        "What calls to models cost in this calendar month (UTC), reserved ones at their greatest, by currency.",
        ("currency",),
        "SELECT currency, sum(cost) FROM llm_calls "
        "WHERE called_at >= date_trunc('month', now(), 'UTC') AND cost IS NOT NULL GROUP BY 1",
    ),
    Family(
        "bankimport_account_newest_proven_day_seconds",
        "Start of the newest proven day of an account, in Unix time; 0 when no day is proven.",
        ("account_id", "connection_id"),
        "SELECT a.id::text, a.connection_id::text, coalesce(extract(epoch FROM s.newest_proven_day), 0) "
        "FROM account_standings s JOIN truelayer_accounts a ON a.id = s.account_id "
        "JOIN bank_connections c ON c.id = a.connection_id AND c.status <> 'removed' "
        f"ORDER BY s.newest_proven_day NULLS FIRST, a.id LIMIT {MOST_ACCOUNTS}",
    ),
    Family(
        "bankimport_account_newest_held_day_seconds",
        "Start of the newest held day of an account, in Unix time.",
        ("account_id", "connection_id"),
        "SELECT a.id::text, a.connection_id::text, coalesce(extract(epoch FROM s.newest_held_day), 0) "
        "FROM account_standings s JOIN truelayer_accounts a ON a.id = s.account_id "
        "JOIN bank_connections c ON c.id = a.connection_id AND c.status <> 'removed' "
        f"ORDER BY s.newest_held_day NULLS FIRST, a.id LIMIT {MOST_ACCOUNTS}",
    ),
    Family(
        "bankimport_broken_accounts",
        "Accounts with days whose balances say that rows are missing.",
        (),
        "SELECT count(*) FROM account_standings WHERE broken_days > 0",
    ),
    Family(
        "bankimport_stale_accounts",
        "Accounts that a schedule should have imported lately and did not.",
        (),
        f"SELECT count(*) FROM ({facts.STALE_ACCOUNTS}) AS stale",
    ),
    Family(
        "bankimport_overdue_schedules",
        "Schedules whose time came and that were not fired, and runs that were never begun.",
        (),
        f"SELECT count(*) FROM ({facts.OVERDUE_SCHEDULES}) AS overdue",
    ),
    Family(
        "bankimport_paused_schedules",
        "Schedules that are paused, by who or what paused them.",
        ("paused_by",),
        "SELECT paused_by, count(*) FROM truelayer_import_schedules "
        "WHERE paused_by IS NOT NULL AND removed_at IS NULL GROUP BY 1",
    ),
    Family(
        "bankimport_deliveries_waiting",
        "Notifications that wait to be delivered, by the kind of channel.",
        ("type",),
        "SELECT c.type, count(*) FROM notification_deliveries d JOIN notification_channels c ON c.id = d.channel_id "
        "WHERE d.state = 'waiting' GROUP BY 1",
    ),
    Family(
        "bankimport_notifications_last_day",
        "Notifications within a day, by what they tell.",
        ("kind",),
        "SELECT kind, count(*) FROM notifications WHERE created_at > now() - interval '1 day' GROUP BY 1",
    ),
    Family(
        "bankimport_channels",
        "Notification channels by kind and state: on, failing, off.",
        ("type", "state"),
        "SELECT type, CASE WHEN disabled_at IS NOT NULL THEN 'off' WHEN failing_since IS NOT NULL THEN 'failing' "
        "ELSE 'on' END, count(*) FROM notification_channels GROUP BY 1, 2",
    ),
    Family(
        "bankimport_processes",
        "Processes that live, by kind.",
        ("kind",),
        f"SELECT kind, count(*) FROM running_processes WHERE {facts.IS_ALIVE} GROUP BY 1",
    ),
    Family(
        "bankimport_periodic_run_seconds",
        "When a task that beat sends last ended well, in Unix time.",
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
        "Connections that the database server allows.",
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
            f"SELECT name, kind, (figures->>'{name}')::float FROM running_processes "
            f"WHERE figures ? '{name}' AND {facts.IS_ALIVE}",
        )
        for name, about in {
            "db_pool_size": "Database connections that a process may open.",
            "db_pool_used": "Database connections that a process uses now.",
            "worker_threads": "Tasks that a worker may run at the same time.",
            "worker_threads_busy": "Tasks that a worker runs now.",
            "memory_bytes": "Memory that a process holds.",
        }.items()
    ),
)

COUNTERS = (
    Family(
        "bankimport_transactions_stored",
        "Booked transactions that imports stored; its rate is rows a second.",
        (),
        "SELECT coalesce(sum(total_transactions), 0) FROM truelayer_import_jobs",
    ),
    Family(
        "bankimport_duplicates",
        "Rows of answers that were held already.",
        (),
        "SELECT coalesce(sum(total_duplicates), 0) FROM truelayer_import_jobs",
    ),
    Family(
        "bankimport_rows_rejected",
        "Rows of answers that were not taken but kept aside.",
        (),
        "SELECT coalesce(sum(total_errors), 0) FROM truelayer_import_jobs",
    ),
)

_DURATION_BOUNDS = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600)


class RecordCollector(Collector):
    """Everything above, read in one transaction and kept for a few seconds; a database that is away is a metric too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[Metric] = []
        self._read_at: float | None = None

    def collect(self) -> Iterator[Metric]:
        """The figures, at most some seconds old."""
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at > KEPT_FOR_S:
                self._kept = list(_read())
                self._read_at = time.monotonic()
            yield from self._kept

    def forget(self) -> None:
        """Read anew at the next scrape."""
        with self._lock:
            self._read_at = None


def _read() -> Iterator[Metric]:
    depth = count_messages()
    yield GaugeMetricFamily("bankimport_broker_up", "Whether the broker answers.", value=float(depth is not None))
    if depth is not None:
        family = GaugeMetricFamily("bankimport_queue_messages", "Messages in the broker.", labels=["queue"])
        for queue, messages in depth.items():
            family.add_metric([queue], messages)
        yield family
    yield _cap()
    started = time.monotonic()
    try:
        with session_scope() as session:
            session.execute(text(f"SET LOCAL statement_timeout = {READ_WITHIN_MS}"))
            found = list(_families(session))
    except SQLAlchemyError as error:
        log.warning("metrics.database_unread", error=type(error).__name__)
        yield GaugeMetricFamily("bankimport_database_up", "Whether the database answers.", value=0.0)
        return
    yield GaugeMetricFamily("bankimport_database_up", "Whether the database answers.", value=1.0)
    yield GaugeMetricFamily(
        "bankimport_record_read_seconds",
        "Time that reading these figures took.",
        value=time.monotonic() - started,
    )
    yield from found


def _cap() -> Metric:
    """The setting, beside what is spent of it."""
    family = GaugeMetricFamily(
        "bankimport_llm_monthly_cap", "Most that calls to models may cost in a month.", labels=["currency"]
    )
    text = get_settings().llm_monthly_cap
    if text is not None:
        cap = parse_money(text)
        family.add_metric([cap.currency], float(cap.amount))
    return family


def _families(session: Session) -> Iterator[Metric]:
    for family in GAUGES:
        yield _filled(session, family, GaugeMetricFamily)
    for family in COUNTERS:
        yield _filled(session, family, CounterMetricFamily)
    yield _durations(session)


def _filled(
    session: Session,
    family: Family,
    make: Callable[..., GaugeMetricFamily] | Callable[..., CounterMetricFamily],
) -> Metric:
    made = make(family.name, family.about, labels=family.labels)
    for *labels, value in session.execute(text(family.query)):
        made.add_metric([str(label) for label in labels], float(value or 0))
    return made


def _durations(session: Session) -> Metric:
    """How long finished jobs took, from start to end, by how many days they covered."""
    made = HistogramMetricFamily(
        "bankimport_import_duration_seconds", "Time that imports took, by the days they cover.", labels=["days"]
    )
    bounds = ", ".join(f"count(*) FILTER (WHERE seconds <= {bound})" for bound in _DURATION_BOUNDS)
    query = f"SELECT days, {bounds}, count(*), sum(seconds) FROM ({facts.DURATIONS}) AS took GROUP BY 1"
    for days, *counts, total, seconds in session.execute(text(query)):
        buckets = [(str(float(bound)), count) for bound, count in zip(_DURATION_BOUNDS, counts, strict=True)]
        made.add_metric([days], [*buckets, ("+Inf", total)], sum_value=float(seconds))
    return made
