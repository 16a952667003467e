"""Metrics count as due exactly what workers take, in every state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from tests.support.monitoring.metrics import scrape, value
from tests.support.steps.installation import Installation
from tests.support.steps.schedules import a_schedule
from tests.support.suite.clock import travel_to

from bankimport.accounts.models import Account, AccountDoor, AccountKind
from bankimport.clock import utc_now, utc_today
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.db.session import get_engine, session_scope
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.run import attempt as enrichment_attempt
from bankimport.imports import attempt, choose, fairness
from bankimport.imports.models import AccountImport, AccountStatus, ImportJob, JobStatus, JobType
from bankimport.schedules import repository as schedules
from bankimport.schedules.due import FIRED_WITHIN
from bankimport.schedules.models import PausedBy, Schedule
from bankimport.users.models import User

LONG_AGO = timedelta(days=1)


def a_user(session: Session, email: str, *, queue_paused_at: datetime | None = None) -> BankConnection:
    """The connection of a new user."""
    user = User(email=email, queue_paused_at=queue_paused_at)
    session.add(user)
    session.flush()
    connection = BankConnection(
        user_id=user.id,
        bank_id="sim-plain",
        bank_name="Plain",
        status=ConnectionStatus.ACTIVE,
        authorised_at=utc_now() - LONG_AGO,
    )
    session.add(connection)
    session.flush()
    return connection


def an_account_import(
    session: Session,
    connection: BankConnection,
    job_status: JobStatus,
    status: AccountStatus,
    next_attempt_at: datetime | None,
    paused: str,
) -> None:
    """An import of a single account in these states; `paused` is what its user paused."""
    now = utc_now()
    account = Account(
        user_id=connection.user_id, bank_id="sim-plain", kind=AccountKind.ACCOUNT, listed_name="", currency="GBP"
    )
    session.add(account)
    session.flush()
    # Written past the ORM, which would read the plan that this job does not have.
    job_id = session.scalars(
        insert(ImportJob)
        .values(
            user_id=connection.user_id,
            connection_id=connection.id,
            job_status=job_status,
            job_type=JobType.DATE_RANGE,
            from_date=utc_today(),
            to_date=utc_today(),
            max_parallel=1,
            auto_enrich=False,
            started_at=now - LONG_AGO,
            paused_at=now if paused == "job" else None,
            cancelled_at=now if job_status is JobStatus.CANCELLED else None,
        )
        .returning(ImportJob.id)
    ).one()
    session.add(
        AccountDoor(
            account_id=account.id,
            connection_id=connection.id,
            kind=AccountKind.ACCOUNT,
            truelayer_id=f"account {account.id}",
        )
    )
    session.add(
        AccountImport(
            job_id=job_id,
            account_id=account.id,
            status=status,
            position=0,
            days_total=1,
            next_attempt_at=next_attempt_at,
            paused_at=now if paused == "account" else None,
        )
    )


def test_the_metric_counts_exactly_the_account_imports_that_workers_take(installation: Installation) -> None:
    now = utc_now()
    times = (None, now - LONG_AGO, now + LONG_AGO)
    stored = [status for status in JobStatus if status is not JobStatus.ENRICHING]
    with session_scope() as session:
        active = a_user(session, "active@example.org")
        resting = a_user(session, "resting@example.org", queue_paused_at=now)
        states = [(status, "nothing") for status in stored]
        states += [(JobStatus.RUNNING, paused) for paused in ("account", "job", "queue")]
        for (job_status, paused), status in product(states, AccountStatus):
            connection = resting if paused == "queue" else active
            for next_attempt_at in times if status is AccountStatus.WAITING else (None,):
                an_account_import(session, connection, job_status, status, next_attempt_at, paused)
    counted = value(scrape(installation.client()), "bankimport_queue_depth", queue="imports")
    sent = _rolled_back(lambda session: fairness.unsent(session, utc_now(), utc_now(), 10_000))

    def taken_one_by_one(session: Session) -> list[int]:
        everyone = session.scalars(select(AccountImport.id).order_by(AccountImport.id)).all()
        return [number for number in everyone if attempt.open_attempt(session, number, "test") is not None]

    def taken_by_turns(session: Session) -> list[int]:
        found = []
        while (chosen := choose.fairest(session, utc_now())) is not None:
            assert attempt.open_attempt(session, chosen, "test") is not None
            found.append(chosen)
        return sorted(found)

    taken = _rolled_back(taken_one_by_one)
    # Queued, running, pausing, paused and waiting jobs, each with a pending account and one whose wait is over.
    assert len(taken) == 5 * 2
    assert sorted(sent) == taken == _rolled_back(taken_by_turns)
    assert counted == len(taken)


def _rolled_back(take: Callable[[Session], list[int]]) -> list[int]:
    """Run in a transaction that is rolled back."""
    with Session(get_engine(), expire_on_commit=False) as session:
        return take(session)


def test_the_metric_counts_exactly_the_enrichment_jobs_that_workers_take(installation: Installation) -> None:
    now = utc_now()
    times = (None, now - LONG_AGO, now + LONG_AGO)
    with session_scope() as session:
        user_id = a_user(session, "active@example.org").user_id
        for status, enrich_at, next_attempt_at in product(EnrichmentStatus, times, times):
            session.add(
                EnrichmentJob(
                    user_id=user_id,
                    job_status=status,
                    uses_model=False,
                    is_refresh=False,
                    total_transactions=0,
                    last_id=0,
                    enrich_at=enrich_at,
                    next_attempt_at=next_attempt_at,
                )
            )
    counted = value(scrape(installation.client()), "bankimport_queue_depth", queue="enrichment")

    def taken(session: Session) -> list[int]:
        everyone = session.scalars(select(EnrichmentJob.id).order_by(EnrichmentJob.id)).all()
        return [number for number in everyone if enrichment_attempt.begin(session, number, "test") is not None]

    # Queued and waiting jobs whose two times have passed or were never set.
    assert counted == len(_rolled_back(taken)) == 2 * 2 * 2


def test_the_metric_counts_exactly_the_schedules_that_are_fired_later(installation: Installation) -> None:
    now = utc_now()
    client = installation.signed_in()
    first = a_schedule(client, installation.connect(client, "sim-plain"))
    with session_scope() as session:
        pattern = session.get_one(Schedule, first)
        values = {column.name: getattr(pattern, column.name) for column in Schedule.__table__.columns}
        del values["id"]
        for enabled, removed_at, fires_at in product((True, False), (None, now), (None, now, now + LONG_AGO)):
            states = {"enabled": enabled, "removed_at": removed_at, "fires_at": fires_at, "next_run": fires_at}
            session.add(Schedule(**{**values, **states, "paused_by": None if enabled else PausedBy.USER}))
        pattern.removed_at = now

    def fired(session: Session) -> list[int]:
        everyone = session.scalars(select(Schedule.id).order_by(Schedule.id)).all()
        return [schedule.id for schedule in schedules.locked_due(session, everyone, now)]

    due = _rolled_back(lambda session: schedules.due_schedules(session, now))
    assert due == _rolled_back(fired)
    assert len(due) == 1
    assert value(scrape(client), "bankimport_overdue_schedules") == 0
    travel_to(now + FIRED_WITHIN)
    assert value(scrape(client), "bankimport_overdue_schedules") == len(due)
