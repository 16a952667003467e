"""A complete installation, as seen by alerts and health."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from starlette.testclient import TestClient

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.observability.pulse import beat_once, note_periodic_run
from bankimport.processes.valkey import RunningValkey
from bankimport.queue import Task
from tests.support.monitoring.alerting import firing
from tests.support.monitoring.metrics import Samples, scrape
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation
from tests.support.steps.schedules import let_accounts_rest_since
from tests.support.suite.clock import travel_to

START = (utc_today() - timedelta(days=20)).isoformat()

OwnBroker = Callable[[], RunningValkey]
"""Starts a broker for one test, which the installation uses from then on."""


class Whole:
    """The installation and the tests' actions on it; however long these take, it is checked as if no time had
    passed."""

    saved: Samples | None = None

    def __init__(
        self, installation: Installation, client: TestClient, connection_id: int, folder: Path, own_broker: OwnBroker
    ) -> None:
        self.installation = installation
        self.client = client
        self.connection_id = connection_id
        self.folder = folder
        self.own_broker = own_broker
        self.before = scrape(client)
        self.now = utc_now()
        self.show_life()

    def show_life(self) -> None:
        beat_once("worker", {"worker_threads": 4.0, "worker_threads_busy": 0.0})
        note_periodic_run(Task.RECOVER.value)

    def scrape(self) -> Samples:
        """The present samples of /metrics, with HTTP counts minus those of earlier tests of this process."""
        self.stand_still()
        return {
            key: number - self.before.get(key, 0.0) if key[0].startswith("bankimport_http") else number
            for key, number in scrape(self.client).items()
        }

    def stand_still(self) -> None:
        """Set the clock back to the moment when all was well, so that nothing becomes old on a slow machine."""
        travel_to(self.now)

    def firing(self) -> set[str]:
        samples = self.saved or self.scrape()
        self.stand_still()
        return firing(samples, self.folder)

    def sql(self, statement: str) -> None:
        """Run a statement in which `:now` is the moment when all was well."""
        with session_scope() as session:
            session.execute(text(statement), {"now": self.now} if ":now" in statement else {})


def database_down(whole: Whole) -> None:
    whole.installation.as_owner("ALTER TABLE running_processes RENAME TO gone")


def worker_dead(whole: Whole) -> None:
    whole.sql("UPDATE running_processes SET seen_at = :now - interval '31 seconds'")


def beat_dead(whole: Whole) -> None:
    whole.sql("UPDATE periodic_runs SET last_run_at = :now - interval '5 minutes'")


def nobody_works(whole: Whole) -> None:
    start(whole.client, whole.connection_id, from_date=START)
    whole.sql("UPDATE truelayer_import_jobs SET started_at = :now - interval '20 minutes' WHERE completed_at IS NULL")


def imports_stay_away(whole: Whole) -> None:
    whole.sql("UPDATE truelayer_import_schedules SET in_force_since = :now - interval '9 days'")
    let_accounts_rest_since(whole.now - timedelta(days=3))


def nobody_fires(whole: Whole) -> None:
    whole.sql("UPDATE truelayer_import_schedules SET fires_at = :now - interval '20 minutes'")
