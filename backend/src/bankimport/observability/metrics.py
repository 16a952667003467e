"""Metrics counted in this process; the others are in `record_metrics.py` and its families."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

HTTP_REQUESTS = Counter(
    "bankimport_http_requests_total", "HTTP requests answered.", ["method", "route", "status"], registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "bankimport_http_request_seconds", "Time to answer an HTTP request.", ["method", "route"], registry=REGISTRY
)
SOCKETS = Gauge("bankimport_socketio_clients", "Socket.IO clients of this API process.", registry=REGISTRY)
