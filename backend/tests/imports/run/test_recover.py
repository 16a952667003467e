"""The work of a crashed worker is taken over and resumed, and delays nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support.steps.imports import (
    IMPORT,
    account_imports,
    accounts_by_kind,
    do,
    happened,
    start,
    status_of,
    stored,
)
from tests.support.steps.installation import Installation

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.imports import attempt, repository
from bankimport.imports.errors import AttemptLost
from bankimport.imports.models import AccountImport, ImportJob
from bankimport.imports.run.recover import MOST_LOSSES, recover
from bankimport.imports.run.run import run_fairest

START = utc_today() - timedelta(days=20)


def die_with(account_import_id: int) -> attempt.Attempt:
    """Take an account import like a worker that then sends no more heartbeats."""
    with session_scope() as session:
        taken = attempt.open_attempt(session, account_import_id, "dead")
        assert taken is not None
        row = repository.locked_account_import(session, account_import_id)
        assert row is not None
        row.lease_expires_at = utc_now() - timedelta(seconds=1)
    return taken


def deliver(messages: int) -> None:
    """Let a live worker take this many messages of the last recovery."""
    for _ in range(messages):
        run_fairest(0, "alive")


def test_slots_and_accounts_of_crashed_workers_go_to_others(installation: Installation) -> None:
    client = installation.signed_in()
    installation.simulator.admin("PATCH", "profiles/sim-many", accounts=4, cards=2)
    connection_id = installation.connect(client, "sim-many")
    job_id = start(client, connection_id, from_date=START.isoformat(), max_parallel=2)
    rows = account_imports(job_id)
    for row in rows[-2:]:
        die_with(row)

    recover()
    deliver(len(rows))

    status = status_of(client, job_id)
    assert status["status"] == "completed", status
    attempts = status["accounts"][-1]["attempts"]
    assert [entry["error"] and entry["error"]["code"] for entry in attempts] == ["worker_lost", None]


def test_a_job_whose_worker_crashed_while_pausing_is_paused_and_frees_its_account(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")
    first = start(client, connection_id, from_date=START.isoformat())
    for row in account_imports(first):
        die_with(row)
    assert do(client, first, "pause")["status"] == "pausing"

    recover()

    assert status_of(client, first)["status"] == "paused"
    second = start(client, connection_id, from_date=START.isoformat())
    recover()
    deliver(2)
    assert status_of(client, second)["status"] == "completed"
    do(client, first, "resume")
    deliver(2)
    assert status_of(client, first)["status"] == "completed"


def test_a_worker_that_wakes_after_its_lease_expired_writes_nothing(installation: Installation) -> None:
    client = installation.signed_in()
    job_id = start(client, installation.connect(client, "sim-accounts-only"), from_date=START.isoformat())
    taken = die_with(account_imports(job_id)[0])

    recover()

    with pytest.raises(AttemptLost), session_scope() as session:
        attempt.keep_lease(session, taken)


def test_an_import_that_crashes_every_worker_fails_instead_of_retrying_forever(installation: Installation) -> None:
    client = installation.signed_in()
    job_id = start(client, installation.connect(client, "sim-accounts-only"), from_date=START.isoformat())
    poison = account_imports(job_id)[0]
    for _ in range(MOST_LOSSES):
        die_with(poison)
        recover()

    account = status_of(client, job_id)["accounts"][0]
    assert account["status"] == "failed"
    assert account["error"]["code"] == "worker_lost"
    do(client, job_id, "retry")
    deliver(2)
    assert status_of(client, job_id)["status"] == "completed"


def test_deep_days_of_an_account_fetched_by_another_job_delay_nobody(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")
    deep = (utc_today() - timedelta(days=200)).isoformat()
    busy = start(client, connection_id, from_date=deep)
    first = account_imports(busy)[0]
    with session_scope() as session:
        assert attempt.open_attempt(session, first, "alive") is not None
        run: ImportJob = repository.locked_job(session, busy)
        run.max_parallel = 1
    later = start(client, connection_id, from_date=deep)
    deliver(1)

    with session_scope() as session:
        states: dict[int, Any] = {row.id: row.status.value for row, _ in repository.account_imports_of(session, later)}
        assert sorted(states.values()) == ["completed", "pending"], states


def test_recovering_twice_sends_nothing_twice(installation: Installation) -> None:
    client: TestClient = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")
    job_id = start(client, connection_id, from_date=START.isoformat())
    for row in account_imports(job_id):
        die_with(row)

    assert recover() == 0, "given free places are sent as they become free"
    assert recover() == 0
    deliver(4)

    assert status_of(client, job_id)["status"] == "completed"
    for kind, accounts in accounts_by_kind(client, connection_id).items():
        for number, account in enumerate(accounts):
            assert stored(account["account_id"]) == happened(installation, "sim-accounts-only", kind, number, START)
    with session_scope() as session:
        assert session.query(AccountImport).count() == 2
    assert client.get(f"{IMPORT}/queue").json()["running"] == []
