"""The single processes that `bankimport up` starts, for deployments that start them separately.

Modules that only one of them needs are imported inside it, so that each starts faster and uses less memory.
"""

import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from bankimport.cli.console import errors_shown, out
from bankimport.cli.operate.place import need_direct_database
from bankimport.cli.operate.preflight import check_database, check_settings
from bankimport.errors import SettingsInvalid
from bankimport.observability.logging import configure_logging
from bankimport.observability.otlp import configure_otlp
from bankimport.observability.pulse import Figures, start_pulse
from bankimport.processes.forks import run_in_forks, watch_parent
from bankimport.processes.garbage import no_searches, spare_what_stays
from bankimport.queue import celery_app
from bankimport.settings import fault_of, get_settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

log = structlog.get_logger(__name__)

PAUSE_BEFORE_FRESH_START_S = 2

SHOWS_FLOWER_EVERY_S = 30
"""How often a worker shows Flower that it runs; Flower shows a worker as gone after two minutes."""

MOST_CONNECTIONS = 1000
"""Open connections and running requests of one API process; more are answered 503."""

ReadyFile = Annotated[Path | None, typer.Option("--ready-file", help="Make this file once ready.", hidden=True)]


def api() -> None:
    """Run only the HTTP API."""
    # `create_asgi` ends the pause, once everything is loaded.
    with errors_shown(), no_searches():
        import uvicorn

        settings = get_settings()
        _need_database()
        configure_logging()
        start_pulse("api")
        configure_otlp("api", _metrics())
        uvicorn.run(
            "bankimport.asgi:create_asgi",
            factory=True,
            host=settings.host,
            port=settings.port or 8000,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            forwarded_allow_ips=list(settings.trusted_proxies),
            limit_concurrency=MOST_CONNECTIONS,
        )


def _metrics() -> "CollectorRegistry":
    """All metrics, as /metrics shows them."""
    from bankimport import operations  # noqa: F401 - registers those that are read from the database
    from bankimport.observability.metrics import REGISTRY

    return REGISTRY


def worker(
    ready_file: ReadyFile = None,
    processes: Annotated[int, typer.Option(min=1, max=32, help="How many to run; they share memory.")] = 1,
) -> None:
    """Run only one worker process, or several that share what they load."""
    with errors_shown():
        _need_database()
        configure_logging()
        os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")
        with no_searches():
            # Before the forks, so that they share it.
            import bankimport.realtime.sockets
            import bankimport.worker  # noqa: F401

        spare_what_stays()
        watch_parent()
        if processes > 1:
            run_in_forks(processes, lambda number: _work(ready_file, number, processes))
        _work(ready_file, 0, 1)


def _work(ready_file: Path | None, number: int, processes: int) -> None:
    """Run as worker `number` of `processes` until asked to stop; the last one that is ready writes the file."""
    from celery.signals import setup_logging, worker_ready
    from celery.worker import state

    from bankimport.worker import app

    if ready_file is not None:
        parts = [ready_file.with_suffix(f".{index}") for index in range(processes)]
        parts[number].unlink(missing_ok=True)

        def note_ready(**_: object) -> None:
            parts[number].touch()
            if all(part.exists() for part in parts):
                ready_file.touch()

        worker_ready.connect(note_ready, weak=False)
    setup_logging.connect(_leave_logging_alone, weak=False)

    class TitledWorker(app.Worker):  # type: ignore[misc]
        def set_process_status(self, info: str) -> None:
            """Leave our command line, by which a worker is found."""

    running = TitledWorker(
        pool_cls="threads",
        concurrency=get_settings().worker_threads,
        hostname=f"bankimport@{socket.gethostname()}-{os.getpid()}",
        without_gossip=True,
        without_mingle=True,
        heartbeat_interval=SHOWS_FLOWER_EVERY_S,
        loglevel="INFO",
    )
    start_pulse("worker", _worker_figures)
    configure_otlp("worker")
    running.start()
    # Set by every signal to stop, also where Celery then fails to cancel the tasks of a pool of threads.
    if running.exitcode and state.should_stop is None and state.should_terminate is None:
        _start_afresh()


def _leave_logging_alone(**_: object) -> None:
    """Received by Celery's signal, this stops it from replacing our handlers by its own."""


def _worker_figures() -> Figures:
    """The figures that only a worker knows."""
    from celery.worker.state import active_requests

    return {
        "worker_threads": float(get_settings().worker_threads),
        "worker_threads_busy": float(len(active_requests)),
    }


def _start_afresh() -> None:
    """Replace this process with a new one of the same command and process id; one of several stays one.

    Celery's consumer may give up if the broker dies at the wrong moment: closing a lost connection then fails with an
    error that its reconnecting does not expect. Its imports resume because their leases expire.
    """
    log.error("worker.starts_afresh", why="it ended without being asked to")
    time.sleep(PAUSE_BEFORE_FRESH_START_S)
    words = [*sys.orig_argv[1:], "--processes", "1"]
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 - our own command line


def beat(ready_file: ReadyFile = None) -> None:
    """Run the scheduler that sends due tasks; one is enough, and two do no harm."""
    with errors_shown():
        with no_searches():
            from celery.signals import beat_init, setup_logging

        settings = get_settings()
        _need_database()
        configure_logging()
        folder = settings.home / "run"
        folder.mkdir(parents=True, exist_ok=True)
        setup_logging.connect(_leave_logging_alone, weak=False)
        beat_init.connect(lambda **_: log.info("beat.started"), weak=False)
        if ready_file is not None:
            beat_init.connect(lambda **_: ready_file.touch(), weak=False)
        start_pulse("beat")
        configure_otlp("beat")

        class TitledBeat(celery_app().Beat):  # type: ignore[misc]
            def set_process_title(self) -> None:
                """Leave our command line, by which beat is found."""

        TitledBeat(schedule=str(folder / "beat-schedule"), loglevel="INFO", quiet=True).run()


def flower(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 5555,
    address: Annotated[str, typer.Option(help="Address to listen on; it has no sign-in.")] = "127.0.0.1",
) -> None:
    """Run Flower, which shows workers and tasks."""
    with errors_shown():
        from bankimport.worker import app

        app.start(["flower", f"--address={address}", f"--port={port}", "--logging=WARNING"])


def migrate(
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for the database to answer.")] = 0,
) -> None:
    """Bring the database's tables to this version."""
    with errors_shown():
        from bankimport.db.migrate import upgrade_and_grant

        _need_database()
        settings = get_settings()
        need_direct_database(settings)
        _wait_for_database(settings.owner_url or "", wait)
        upgrade_and_grant(settings)
        out.print("tables are up to date")


def _wait_for_database(database_url: str, patience_s: float) -> None:
    give_up_at = time.monotonic() + patience_s
    while True:
        try:
            return check_database(database_url)
        except SettingsInvalid:
            if time.monotonic() >= give_up_at:
                raise
        time.sleep(0.5)


def _need_database() -> str:
    settings = get_settings()
    check_settings(settings)
    if settings.database_url is None:
        raise SettingsInvalid(fault_of("database_url", "must be set to run a single process"))
    return settings.database_url
