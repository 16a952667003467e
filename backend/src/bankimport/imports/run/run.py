"""Run one attempt of an account import: the loop over fetch, match and store, and the handling of failed calls."""

import random
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections.calls.bank import Bank
from bankimport.connections.calls.budget import how_to_be_present
from bankimport.connections.errors import ConnectionExpired, ConnectionRemoved
from bankimport.connections.models import SCA_WINDOW
from bankimport.days import ONE_DAY, Days
from bankimport.db.acting import for_user
from bankimport.db.session import session_scope
from bankimport.imports import choose, fairness, repository
from bankimport.imports.answers import raw
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.attempt import Attempt, open_attempt, writing
from bankimport.imports.errors import AttemptLost, AttemptPaused
from bankimport.imports.events import EVENTS, DaysRefused, WindowSplit
from bankimport.imports.match import store
from bankimport.imports.models import AccountImport, ImportWindow, RawResponse, WindowState
from bankimport.imports.run import fetch, finish, pending_and_balance, transfer_scan
from bankimport.imports.run.heartbeat import heartbeat
from bankimport.imports.run.retry import Wait, decide_retry
from bankimport.imports.sources.source import BankSource, source_of
from bankimport.imports.windows import halved, recent_since, split_recent
from bankimport.settings import get_settings
from bankimport.truelayer.errors import (
    AccessDenied,
    DailyAllowanceSpent,
    InvalidDateRange,
    ResponseTooLarge,
    Retry,
    ScaExceeded,
    TrueLayerError,
)

log = structlog.get_logger(__name__)

AFTER_LOST_DATABASE = timedelta(seconds=5)

_ANSWERED_AT = select(RawResponse.received_at).where(RawResponse.id == bindparam("response_id"))


def run_fairest(account_import_id: int, worker: str) -> None:
    """Carry out one attempt of the account import that is fairest to take next, or of the one in the message.

    There is a message for each due account import, so taking another one first leaves none out.
    """
    with session_scope() as session:
        chosen = choose.fairest(session, utc_now()) or account_import_id
        attempt = open_attempt(session, chosen, worker)
    if attempt is not None:
        with for_user(attempt.user_id):
            _carry_out(attempt)


def _carry_out(attempt: Attempt) -> None:
    """Import the account's windows, newest first.

    Each batch commits separately: a crash loses at most the current batch, and the next attempt continues from the
    stored answer. Errors of the bank end in a state of the account import, never in an exception.
    """
    bank = Bank(
        attempt.connection_id,
        job_id=attempt.job_id,
        attended_ip=attempt.attended_ip,
        attended_until=attempt.attended_until,
        is_requested=attempt.is_requested,
    )
    source = source_of(bank, attempt)
    structlog.contextvars.bind_contextvars(job_id=attempt.job_id, account_id=attempt.account_id, attempt=attempt.number)
    heartbeat.add(attempt.account_import_id, attempt.number)
    try:
        _import_windows(bank, source, attempt)
        if attempt.is_commit or attempt.job_to >= utc_now().date() - ONE_DAY:
            pending_and_balance.refresh_pending(source, attempt)
            pending_and_balance.refresh_balance(source, attempt)
        with session_scope() as session:
            has_job_ended = finish.finish_account_import(session, attempt)
        if has_job_ended:
            transfer_scan.look_for_transfers(attempt.job_id)
    except AttemptLost:
        log.warning("attempt.lost")
    except AttemptPaused:
        _suspend(attempt)
    except (ConnectionExpired, ConnectionRemoved, raw.BodyDeleted, raw.BodyAltered) as error:
        with session_scope() as session:
            finish.fail_account_import(session, attempt, error.code, error.message)
    except TrueLayerError as error:
        _settle_failure(attempt, error)
    except OperationalError as error:
        _settle_lost_database(attempt, error)
    except Exception as error:
        log.exception("attempt.crashed")
        with session_scope() as session:
            finish.fail_account_import(
                session,
                attempt,
                "internal_error",
                f"internal error ({type(error).__name__}); see the server log",
            )
    finally:
        heartbeat.remove(attempt.account_import_id, attempt.number)
        structlog.contextvars.unbind_contextvars("job_id", "account_id", "attempt")


def _let_deep_days_go_first(session: Session, attempt: Attempt, window: ImportWindow | None) -> None:
    """In the minutes after consent, suspend what can wait while other accounts have deep days to request.

    Recent days, pending rows and balances are available at any time, deep days only now.
    """
    since = recent_since(utc_now().date())
    if window is not None and (window.window_from < since or window.state is WindowState.FETCHED):
        return
    account_import = session.get_one(AccountImport, attempt.account_import_id)
    if fairness.has_others_with_days_before(session, account_import, since):
        raise AttemptPaused("deep days of other accounts go first")


def _stop_for_pause(session: Session, attempt: Attempt) -> None:
    if repository.is_pause_requested(session, attempt.account_import_id):
        raise AttemptPaused("the user wants a pause")


def _suspend(attempt: Attempt) -> None:
    with suppress(AttemptLost), session_scope() as session:
        finish.release_account_import(session, attempt)


def _settle_lost_database(attempt: Attempt, error: OperationalError) -> None:
    """Resume soon after losing the database; if it is still unavailable, the lease expires and `recover` takes over."""
    log.warning("attempt.database_lost", error=type(error.orig).__name__, message=str(error.orig).strip())
    try:
        with session_scope() as session:
            until = utc_now() + AFTER_LOST_DATABASE
            finish.suspend_account_import(
                session,
                attempt,
                "database_lost",
                "lost the connection to the database; retrying",
                until,
                counts_as_try=False,
            )
    except (OperationalError, AttemptLost):
        log.warning("attempt.left_to_recover")


def _settle_failure(attempt: Attempt, error: TrueLayerError) -> None:
    log.warning("attempt.failed", code=error.code, bank_code=error.bank_code, bank_status=error.bank_status)
    jitter = random.random()  # noqa: S311 - spreads retries, not a secret
    decision = decide_retry(error, attempt.tries, utc_now(), jitter)
    try:
        with session_scope() as session:
            if isinstance(decision, Wait):
                finish.suspend_account_import(
                    session,
                    attempt,
                    error.code,
                    _why_it_waits(error, decision),
                    decision.until,
                    counts_as_try=error.counts_as_try,
                )
            else:
                finish.fail_account_import(session, attempt, error.code, error.message)
    except AttemptLost:
        log.warning("attempt.lost")


def _why_it_waits(error: TrueLayerError, decision: Wait) -> str:
    if not isinstance(error, DailyAllowanceSpent):
        return error.message
    until = f"{decision.until:%Y-%m-%d %H:%M} UTC"
    return f"{error.message}. The import continues at {until}. {how_to_be_present(get_settings(), 'Resume')}"


def _import_windows(bank: Bank, source: BankSource, attempt: Attempt) -> None:
    while True:
        with session_scope() as session:
            _stop_for_pause(session, attempt)
            deep_first = utc_now() - attempt.authorised_at < SCA_WINDOW
            window = repository.open_window(
                session, attempt.account_import_id, oldest_first=deep_first, to_fetch_only=attempt.is_dry_run
            )
            if deep_first:
                _let_deep_days_go_first(session, attempt, window)
            if window is None:
                return
            is_stored = window.state is WindowState.FETCHED
            request = None if is_stored else fetch.prepare(session, attempt, window)
        try:
            rows = fetch.fetch_window(bank, source, attempt, window, request)
        except (AccessDenied, ScaExceeded, InvalidDateRange, ResponseTooLarge) as error:
            if not _narrow(attempt, window, error):
                raise
            continue
        except TrueLayerError as error:
            if error.retry is not Retry.NARROWER or not _halve(attempt, window, error):
                raise
            continue
        if rows is not None and not attempt.is_dry_run:
            _store_window(attempt, window, rows)


def _store_window(attempt: Attempt, window: ImportWindow, rows: list[NewTransaction]) -> None:
    """Store an answer from the day after the last one that an earlier attempt stored."""
    assert window.asked_from is not None
    assert window.asked_to is not None
    requested = Days(window.asked_from, window.asked_to)
    first = window.window_from if window.stored_to is None else window.stored_to + ONE_DAY
    to_store = Days(first, window.window_to)
    with session_scope() as session:
        answered_at = session.scalars(_ANSWERED_AT, {"response_id": window.raw_response_id}).one()
        matching = store.match_with_record(session, attempt.account_id, rows, requested, answered_at)
    for batch in store.plan_batches(matching, window=to_store, batch_size=attempt.batch_size):
        with session_scope() as session:
            _stop_for_pause(session, attempt)
            store.store_batch(session, attempt, window, batch)


def _narrow(attempt: Attempt, window: ImportWindow, error: TrueLayerError) -> bool:
    """After a refusal, keep trying the window's recent days and record the deeper ones as refused.

    A refusal may mean that the days are too old or that the consent has ended; only recent days show which. Returns
    whether anything is left to do; if recent days themselves are refused, the error remains.
    """
    days = Days(window.window_from, window.window_to)
    if isinstance(error, ResponseTooLarge):
        return _halve(attempt, window, error)
    recent, deeper = split_recent(days, utc_now().date())
    if deeper is None:
        return False
    _replace(attempt, window, [recent] if recent else [], refused=deeper, error=error)
    return True


def _halve(attempt: Attempt, window: ImportWindow, error: TrueLayerError) -> bool:
    """After an answer that took too long or was too large, request half the days at a time."""
    days = Days(window.window_from, window.window_to)
    parts = halved(days)
    if len(parts) == 1:
        return False
    _replace(attempt, window, parts, refused=None, error=error)
    return True


def _replace(
    attempt: Attempt, window: ImportWindow, planned: list[Days], *, refused: Days | None, error: TrueLayerError
) -> None:
    with writing(attempt) as (session, account_import):
        row = session.get_one(ImportWindow, window.id)
        row.error_code = error.code
        row.state = WindowState.SPLIT if planned else WindowState.REFUSED
        repository.insert_windows(session, account_import, planned)
        if refused is not None:
            account_import.days_refused += refused.length
            if planned:
                session.add(
                    ImportWindow(
                        account_import_id=account_import.id,
                        account_id=account_import.account_id,
                        window_from=refused.first,
                        window_to=refused.last,
                        state=WindowState.REFUSED,
                        error_code=error.code,
                    )
                )
            windows = repository.windows_of(session, account_import.id)
            account_import.days_refused += _stop_at_wall(windows, refused, error.code)
        session.flush()
        event: type[DaysRefused | WindowSplit] = DaysRefused if refused is not None else WindowSplit
        EVENTS.append(
            session,
            attempt.job_id,
            event(
                account_id=attempt.account_id,
                first=window.window_from,
                last=window.window_to,
                error_code=error.code,
                message=error.message,
            ),
        )


def _stop_at_wall(windows: list[ImportWindow], refused: Days, code: str) -> int:
    """Request nothing older than refused days, which would only use up calls.

    Returns how many days that settles.
    """
    deeper = [item for item in windows if item.state is WindowState.PLANNED and item.window_to < refused.first]
    for item in deeper:
        item.state = WindowState.REFUSED
        item.error_code = code
    return sum(Days(item.window_from, item.window_to).length for item in deeper)
