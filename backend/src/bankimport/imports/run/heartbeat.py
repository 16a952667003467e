"""Keep attempts' leases alive, so that leases can be short and a crashed worker is noticed within seconds.

A bank may take a minute to answer; during that time the attempt writes nothing. One thread per process renews the
leases of the attempts that this process is really carrying out; it dies with the process, and then the leases expire.
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
    """This process's attempts in progress, by account import and attempt number."""

    def __init__(self) -> None:
        self._alive: set[tuple[int, int]] = set()
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None

    def add(self, account_import_id: int, attempt_number: int) -> None:
        """Renew the lease of this attempt from now on."""
        with self._lock:
            self._alive.add((account_import_id, attempt_number))
            if self._stop is None:
                self._stop = threading.Event()
                threading.Thread(target=self._run, args=(self._stop,), name="heartbeat", daemon=True).start()

    def remove(self, account_import_id: int, attempt_number: int) -> None:
        """Stop renewing the lease of an ended attempt. The thread ends with the last attempt."""
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
    """Extend the leases of those attempts, (account import, number), that still own their account import.

    Each uses its own transaction, so that waiting for one row, which its own attempt has locked, blocks no other.
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
