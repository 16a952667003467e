"""Metrics from PostgreSQL, read on request by any API process.

The `…_families` files beside this one define them, readable as tables.

Workers do not serve HTTP, and there may be many processes on many machines; the database they share records what they
did. Every API process therefore reports the same values, and a query over several of them uses `max`, never `sum`.
Every read is bounded: by the size of small tables, by an index over the last hour or day, or by a LIMIT. The result is
kept for a few seconds, so that many scrapes cost no more than one.
"""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import metrics_scope
from bankimport.money import parse_money
from bankimport.monitoring import (
    enrichment_families,
    import_families,
    operation_families,
    stored_families,
)
from bankimport.monitoring.family import Family
from bankimport.queue import count_messages
from bankimport.settings import get_settings

log = structlog.get_logger(__name__)

KEPT_FOR_S = 4.0
READ_WITHIN_MS = 5000


GAUGES = (
    *import_families.GAUGES,
    *stored_families.GAUGES,
    *enrichment_families.GAUGES,
    *operation_families.GAUGES,
)
COUNTERS = import_families.COUNTERS

_DURATION_BOUNDS = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600)


class RecordCollector(Collector):
    """All families, read in one transaction and kept for a few seconds; an unreachable database is a metric too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[Metric] = []
        self._read_at: float | None = None

    def collect(self) -> Iterator[Metric]:
        """The metrics, at most a few seconds old."""
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at > KEPT_FOR_S:
                self._kept = list(_read())
                self._read_at = time.monotonic()
            yield from self._kept

    def forget(self) -> None:
        """Read again at the next scrape."""
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
        with metrics_scope() as session:
            session.execute(text(f"SET LOCAL statement_timeout = {READ_WITHIN_MS}"))
            families = list(_families(session))
    except SQLAlchemyError as error:
        log.warning("metrics.database_unread", error=type(error).__name__)
        yield GaugeMetricFamily("bankimport_database_up", "Whether the database answers.", value=0.0)
        return
    yield GaugeMetricFamily("bankimport_database_up", "Whether the database answers.", value=1.0)
    yield GaugeMetricFamily(
        "bankimport_record_read_seconds",
        "Time taken to read these metrics.",
        value=time.monotonic() - started,
    )
    yield from families


def _cap() -> Metric:
    """The setting, to compare with the spending."""
    family = GaugeMetricFamily(
        "bankimport_llm_monthly_cap", "Maximum cost of model calls in a month.", labels=["currency"]
    )
    text = get_settings().llm_monthly_cap
    if text is not None:
        cap = parse_money(text)
        family.add_metric([cap.currency], float(cap.amount))
    return family


def _families(session: Session) -> Iterator[Metric]:
    now = utc_now()
    for family in GAUGES:
        yield _filled(session, family, now, GaugeMetricFamily)
    for family in COUNTERS:
        yield _filled(session, family, now, CounterMetricFamily)
    yield _durations(session)


def _filled(
    session: Session,
    family: Family,
    now: datetime,
    make: Callable[..., GaugeMetricFamily] | Callable[..., CounterMetricFamily],
) -> Metric:
    made = make(family.name, family.about, labels=family.labels)
    for *labels, value in session.execute(family.statement(now)):
        made.add_metric([str(label) for label in labels], float(value or 0))
    return made


def _durations(session: Session) -> Metric:
    """The duration of finished jobs, from start to end, by how many days they covered."""
    made = HistogramMetricFamily(
        "bankimport_import_duration_seconds", "Duration of imports, by the days they cover.", labels=["days"]
    )
    bounds = ", ".join(f"count(*) FILTER (WHERE seconds <= {bound})" for bound in _DURATION_BOUNDS)
    query = f"SELECT days, {bounds}, count(*), sum(seconds) FROM ({import_families.DURATIONS}) AS took GROUP BY 1"
    for days, *counts, total, seconds in session.execute(text(query)):
        buckets = [(str(float(bound)), count) for bound, count in zip(_DURATION_BOUNDS, counts, strict=True)]
        made.add_metric([days], [*buckets, ("+Inf", total)], sum_value=float(seconds))
    return made
