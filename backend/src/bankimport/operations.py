"""Endpoints for operators and their tools: alive, ready, fresh, and every metric."""

import hmac
import ipaddress
import threading
import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bankimport import __version__
from bankimport.auth import CurrentUser
from bankimport.db.revisions import is_migrated
from bankimport.db.session import get_engine
from bankimport.errors import Forbidden
from bankimport.monitoring.health import HealthRead, State, health_read
from bankimport.monitoring.record_metrics import RecordCollector
from bankimport.observability.metrics import REGISTRY
from bankimport.queue import is_broker_reachable
from bankimport.settings import get_settings, variable_of

router = APIRouter()

ASKED_BY = ["GET", "HEAD"]
"""External monitoring may only need the status."""

RECORD = RecordCollector()
REGISTRY.register(RECORD)


@router.api_route("/healthz", methods=ASKED_BY, include_in_schema=False)
def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok", "version": __version__}


@router.api_route("/readyz", methods=ASKED_BY, include_in_schema=False)
def readyz() -> JSONResponse:
    """The process can serve: database reached and migrated, broker reached.

    Stale data does not count: taking an instance out of rotation would not refresh anything.
    """
    checks = READINESS.checks()
    is_ready = all(checks.values())
    return JSONResponse(
        {"status": "ready" if is_ready else "not_ready", "checks": checks}, status_code=200 if is_ready else 503
    )


@router.api_route("/healthz/data", methods=ASKED_BY, include_in_schema=False)
def healthz_data() -> JSONResponse:
    """Due imports really happen: 503 if they have silently stopped. Returns counts, never whose they are."""
    health = health_read()
    body = {
        "status": health.state.value,
        "checks": {check.name: {"state": check.state.value, "found": check.found} for check in health.checks},
    }
    return JSONResponse(body, status_code=503 if health.state is State.FAIL else 200)


@router.get("/api/health", tags=["operations"])
def read_health(_user: CurrentUser) -> HealthRead:
    """Everything at a glance: processes, queue, freshness, and what to do about problems."""
    return health_read(get_settings().flower_url)


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Every metric in Prometheus' text format, for this machine or for a caller with the token.

    Raises:
        Forbidden: the caller is neither.
    """
    _check_may_scrape(request)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _check_may_scrape(request: Request) -> None:
    expected = get_settings().metrics_token
    if expected is not None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(
            token.strip().encode(), expected.get_secret_value().encode()
        ):
            return
        raise Forbidden(f"send the token from {variable_of('metrics_token')} as a bearer token")
    # A reverse proxy's own address does not prove that the caller is on this machine.
    is_proxied = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if is_proxied or not _is_loopback(request.client.host if request.client else ""):
        raise Forbidden(
            f"metrics are only for this machine; set {variable_of('metrics_token')} and send it as a bearer token"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Readiness:
    """The services that readiness depends on, checked at most once a second."""

    KEPT_FOR_S = 1.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Check again at the next request."""
        self._checks: dict[str, bool] = {}
        self._until = 0.0

    def checks(self) -> dict[str, bool]:
        """Whether each required service is available."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._checks = {"database": _is_database_ready(), "queue": is_broker_reachable()}
                self._until = time.monotonic() + self.KEPT_FOR_S
            return dict(self._checks)


READINESS = Readiness()


def _is_database_ready() -> bool:
    try:
        with get_engine().connect() as connection:
            return is_migrated(connection)
    except (OperationalError, PoolTimeout):
        return False
