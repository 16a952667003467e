"""Show that attempts are alive, so that a lease can be short and a dead worker is noticed within seconds.

A bank may take a minute to answer, in which an attempt writes nothing. One thread a process renews the leases of the
attempts that this process is really carrying out; it dies with the process, and so do the leases.
"""

import threading
from datetime import timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports.models import AccountImport, AccountStatus
from bankimport.settings import get_settings

log = structlog.get_logger(__name__)


class Heartbeat:
    """The attempts of this process that are under way, by account import and attempt number."""

    def __init__(self) -> None:
        self._alive: set[tuple[int, int]] = set()
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None

    def add(self, account_import_id: int, attempt_number: int) -> None:
        """Keep the lease of this attempt from now on."""
        with self._lock:
            self._alive.add((account_import_id, attempt_number))
            if self._stop is None:
                self._stop = threading.Event()
                threading.Thread(target=self._run, args=(self._stop,), name="heartbeat", daemon=True).start()

    def remove(self, account_import_id: int, attempt_number: int) -> None:
        """The attempt has ended; its lease is its own affair. The thread ends with the last attempt."""
        with self._lock:
            self._alive.discard((account_import_id, attempt_number))
            if not self._alive and self._stop is not None:
                self._stop.set()
                self._stop = None

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(get_settings().lease_seconds / 4):
            with self._lock:
                alive = sorted(self._alive)
            try:
                renew_leases(alive)
            except SQLAlchemyError as error:
                log.warning("heartbeat.missed", error=type(error).__name__)


def renew_leases(attempts: list[tuple[int, int]]) -> None:
    """Extend the leases of those of the attempts, (account import, number), that still hold their account import.

    One transaction each, so that waiting for the lock of one, which its own attempt holds, locks no other.
    """
    for account_import_id, attempt_number in attempts:
        with session_scope() as session:
            session.execute(
                update(AccountImport)
                .where(
                    AccountImport.id == account_import_id,
                    AccountImport.attempt_number == attempt_number,
                    AccountImport.status == AccountStatus.SYNCING,
                )
                .values(lease_expires_at=utc_now() + timedelta(seconds=get_settings().lease_seconds))
            )


heartbeat = Heartbeat()
