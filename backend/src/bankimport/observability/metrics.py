"""Every metric that we publish, readable as a table; what PostgreSQL knows is read when it is asked for."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text

from bankimport.db.session import session_scope

REGISTRY = CollectorRegistry()

HTTP_REQUESTS = Counter(
    "bankimport_http_requests_total", "HTTP requests answered.", ["method", "route", "status"], registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "bankimport_http_request_seconds", "Time to answer an HTTP request.", ["method", "route"], registry=REGISTRY
)
SOCKETS = Gauge("bankimport_socketio_clients", "Socket.IO clients of this API process.", registry=REGISTRY)

_BY_STATUS = {
    "bankimport_jobs": ("Import jobs by status.", "SELECT job_status, count(*) FROM truelayer_import_jobs GROUP BY 1"),
    "bankimport_account_imports": (
        "Account imports by status.",
        "SELECT status, count(*) FROM truelayer_import_progress GROUP BY 1",
    ),
    "bankimport_connections": (
        "Bank connections by status.",
        "SELECT status, count(*) FROM bank_connections GROUP BY 1",
    ),
}
_TOTALS = {
    "bankimport_transactions_stored": (
        "Booked transactions that imports stored.",
        "SELECT coalesce(sum(total_transactions), 0) FROM truelayer_import_jobs",
    ),
    "bankimport_rows_rejected": (
        "Rows that could not be understood and were kept aside.",
        "SELECT coalesce(sum(total_errors), 0) FROM truelayer_import_jobs",
    ),
}


class RecordCollector(Collector):
    """What PostgreSQL knows of jobs, accounts and connections, as gauges."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read every figure in one transaction."""
        with session_scope() as session:
            for name, (about, query) in _BY_STATUS.items():
                family = GaugeMetricFamily(name, about, labels=["status"])
                for status, count in session.execute(text(query)):
                    family.add_metric([status], count)
                yield family
            for name, (about, query) in _TOTALS.items():
                yield GaugeMetricFamily(name, about, value=float(session.execute(text(query)).scalar_one()))


REGISTRY.register(RecordCollector())
