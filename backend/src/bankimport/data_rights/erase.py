"""Erase a user: block their sign-in, end their consents at TrueLayer, and delete all their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.connections.consent.authorise import drop_consent
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.db.acting import for_everyone, for_user
from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob
from bankimport.enrichment.run.jobs import cancel_job
from bankimport.errors import BankImportError
from bankimport.imports.models import ENDED_JOB_STATUSES, ImportJob, ImportWindow, RawResponse
from bankimport.imports.run.control import cancel_import
from bankimport.realtime.publish import hint_credentials_ended
from bankimport.transactions.models import Transaction
from bankimport.users.manage import keep_an_administrator, user_of_id
from bankimport.users.models import ApiToken, User
from bankimport.users.record import record
from bankimport.users.sessions import end_sessions
from bankimport.vault.models import UserKey

log = structlog.get_logger(__name__)

INTERRUPTED_AFTER = timedelta(minutes=15)
"""An erasure that has not ended after this time counts as interrupted."""

TRIES = 5


@dataclass(frozen=True, slots=True)
class EndedConsent:
    """What happened to one consent at TrueLayer; `problem` says why it may still be open there."""

    connection_id: int
    bank_name: str
    is_ended: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Erased:
    """An erased user, and their consents."""

    email: str
    consents: list[EndedConsent]


def erase_user(user_id: int, by: int | None) -> Erased:
    """Erase a user with all their data in three steps; the first takes effect at once and cannot be undone.

    Their sessions, tokens and sockets end and their work is cancelled; then TrueLayer is asked to end each consent,
    which may fail and stops nothing; then all rows are deleted. `finish_erasures` repeats what was interrupted. `by` is
    the user who decided it, None for the operator.

    Raises:
        NotFound: there is no such user.
        LastAdministrator: others are left, and none of them could manage users.
    """
    with for_everyone(), session_scope() as session:
        email = _shut_out(session, user_id, by)
    with for_user(user_id):
        _cancel_work(user_id)
        consents = [_end_consent(connection_id, bank) for connection_id, bank in _open_consents(user_id)]
    with for_everyone():
        _delete(user_id, None if by == user_id else by, consents)
    return Erased(email, consents)


def finish_erasures() -> int:
    """Repeat erasures that were interrupted; returns how many."""
    before = utc_now() - INTERRUPTED_AFTER
    with for_everyone(), session_scope() as session:
        unfinished = list(session.scalars(select(User.id).where(User.erasing_since < before).order_by(User.id)))
    for user_id in unfinished:
        erase_user(user_id, None)
    return len(unfinished)


def delete_rows(session: Session, user_id: int) -> None:
    """Delete a user with every row of theirs.

    Most rows follow by foreign keys. What refers to others without following them goes first: in which order PostgreSQL
    follows foreign keys depends on when each was made, which differs after a restore.
    """
    own_accounts = select(Account.id).where(Account.user_id == user_id)
    session.execute(update(ImportWindow).where(ImportWindow.account_id.in_(own_accounts)).values(raw_response_id=None))
    for table in (RawResponse, Transaction):
        session.execute(delete(table).where(table.user_id == user_id))
    session.execute(delete(User).where(User.id == user_id))


def _shut_out(session: Session, user_id: int, by: int | None) -> str:
    user = user_of_id(session, user_id)
    if session.scalars(select(User.id).where(User.id != user_id).limit(1)).first() is not None:
        keep_an_administrator(session, user)
    user.erasing_since = utc_now()
    user.disabled_at = user.disabled_at or utc_now()
    session.execute(delete(ApiToken).where(ApiToken.user_id == user_id))
    end_sessions(session, user_id)
    hint_credentials_ended(session, user_id)
    record(session, by, "user.erasure_decided", erased=user_id)
    return user.email


def _cancel_work(user_id: int) -> None:
    """End imports and enrichments, so that no worker continues with what is about to be deleted."""
    with session_scope() as session:
        running = ImportJob.user_id == user_id, ImportJob.job_status.not_in(ENDED_JOB_STATUSES)
        imports = list(session.scalars(select(ImportJob.id).where(*running)))
        own = EnrichmentJob.user_id == user_id, EnrichmentJob.completed_at.is_(None)
        enrichments = list(session.scalars(select(EnrichmentJob.id).where(*own)))
    for cancel, ids in ((cancel_import, imports), (cancel_job, enrichments)):
        for job_id in ids:
            try:
                with session_scope() as session:
                    cancel(session, user_id, job_id)
            except BankImportError as failure:
                log.info("erase.not_cancelled", job_id=job_id, code=failure.code)


def _open_consents(user_id: int) -> list[tuple[int, str]]:
    statement = select(BankConnection.id, BankConnection.bank_name).where(
        BankConnection.user_id == user_id, BankConnection.status != ConnectionStatus.REMOVED
    )
    with session_scope() as session:
        return [(number, name) for number, name in session.execute(statement.order_by(BankConnection.id))]


def _end_consent(connection_id: int, bank_name: str) -> EndedConsent:
    end = drop_consent(connection_id)
    return EndedConsent(connection_id, bank_name, end.is_ended, end.problem)


def _delete(user_id: int, by: int | None, consents: Sequence[EndedConsent]) -> None:
    """Delete the user's key, then the user and, by foreign keys, all their rows.

    Entries of the audit log stay without a user.

    A worker that still holds some of the rows can make this try again.
    """
    with session_scope() as session:
        session.execute(delete(UserKey).where(UserKey.user_id == user_id))
    for again in reversed(range(TRIES)):
        try:
            with session_scope() as session:
                delete_rows(session, user_id)
                ended = sum(consent.is_ended for consent in consents)
                record(session, by, "user.erased", erased=user_id, ended=ended, not_ended=len(consents) - ended)
            return
        except OperationalError as failure:
            if not isinstance(failure.orig, psycopg.errors.DeadlockDetected) or not again:
                raise
