"""Fetch what has no days: an account's present pending rows and balance."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from bankimport.accounts.balance import balance_of_account, keep_balance
from bankimport.accounts.models import Account, AccountBalance
from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.imports import repository
from bankimport.imports.answers import raw
from bankimport.imports.answers.rejected import keep_rejected, note_repeats
from bankimport.imports.attempt import Attempt, writing
from bankimport.imports.events import EVENTS, BalanceUnavailable, PendingUnavailable
from bankimport.imports.match import store
from bankimport.imports.run import fetch
from bankimport.imports.sources.source import BankSource
from bankimport.transactions import proof_rows
from bankimport.truelayer.errors import EndpointNotSupported, TrueLayerError


class NoOwnBalance(BankImportError):
    """The bank's answer contains no balance in the account's own currency."""

    code = "no_own_balance"


def refresh_pending(source: BankSource, attempt: Attempt) -> None:
    """Replace the pending rows after a successful answer; on any error they stay as they are, and the import continues.

    A dry run stores the answer and changes nothing; its commit uses that answer instead of calling the bank.
    """
    if attempt.is_commit:
        _commit_pending(attempt)
        return
    if "pending" in attempt.unsupported:
        return
    try:
        answer = source.pending()
    except EndpointNotSupported:
        _note_unsupported(attempt, "pending")
        return
    except TrueLayerError as error:
        _note_unavailable(attempt, PendingUnavailable, error)
        return
    rows, rejected = raw.normalised(answer.results, attempt.kind, attempt.zone)
    with writing(attempt) as (session, account_import):
        response = fetch.keep_answer(session, attempt, answer.raw, "pending")
        keep_rejected(session, attempt, account_import, response, rejected)
        note_repeats(session, attempt, rows)
        if not attempt.is_dry_run:
            store.replace_pending(session, attempt, response.id, rows)


def _commit_pending(attempt: Attempt) -> None:
    with session_scope() as session:
        response = raw.answer_of_job(session, attempt.job_id, attempt.account_id, "pending")
        if response is not None:
            rows = raw.rows_of(response, attempt.kind, attempt.zone).rows
            store.replace_pending(session, attempt, response.id, rows)


def refresh_balance(source: BankSource, attempt: Attempt) -> None:
    """Fetch and store the balance; on any error the old one stays.

    A dry run stores the answer too; its commit uses that answer instead of calling the bank.
    """
    if attempt.is_commit:
        _commit_balance(attempt)
        return
    if not source.gives_balance or "balance" in attempt.unsupported:
        return
    try:
        answer = source.balance()
    except EndpointNotSupported:
        _note_unsupported(attempt, "balance")
        return
    except TrueLayerError as error:
        _note_unavailable(attempt, BalanceUnavailable, error)
        return
    if not answer.results:
        return
    with writing(attempt) as (session, _):
        fetch.keep_answer(session, attempt, answer.raw, "balance")
        account = session.get_one(Account, attempt.account_id)
        balance, received_at = balance_of_account(account, answer.results), answer.raw.received_at
        if balance is not None:
            keep_balance(account, balance, received_at)
            if not attempt.is_dry_run:
                _remember_balance(session, account, balance.current, balance.available, received_at)
    if balance is None:
        lacking = NoOwnBalance(f"the bank returned no balance in {account.currency or 'a known currency'}")
        _note_unavailable(attempt, BalanceUnavailable, lacking)


def _commit_balance(attempt: Attempt) -> None:
    with writing(attempt) as (session, _):
        response = raw.answer_of_job(session, attempt.job_id, attempt.account_id, "balance")
        if response is None or response.body is None:
            return
        account = session.get_one(Account, attempt.account_id)
        balance = balance_of_account(account, raw.balances_of(response))
        if balance is not None:
            current, available = balance.current, balance.available
            _remember_balance(session, account, current, available, response.received_at, of_dry_run=attempt.job_id)


def _note_unsupported(attempt: Attempt, endpoint: str) -> None:
    with session_scope() as session:
        account = session.get_one(Account, attempt.account_id)
        account.unsupported = {**account.unsupported, endpoint: utc_now().isoformat()}


def _note_unavailable(
    attempt: Attempt, event: type[PendingUnavailable | BalanceUnavailable], error: BankImportError
) -> None:
    with writing(attempt) as (session, _):
        EVENTS.append(
            session, attempt.job_id, event(account_id=attempt.account_id, error_code=error.code, message=error.message)
        )


def _remember_balance(
    session: Session,
    account: Account,
    current: Decimal,
    available: Decimal | None,
    reported_at: datetime,
    *,
    of_dry_run: int | None = None,
) -> None:
    """Store a reported balance, in our sign, with what is known now, so that later balances can be compared with it.

    `of_dry_run` is the committed dry run that received it: its rows count as known at that time.
    """
    stored = repository.stored_days(session, [account.id])[account.id]
    stored_days = [days for days in stored if days.first <= reported_at.date()]
    if not stored_days:
        return
    session.add(
        AccountBalance(
            account_id=account.id,
            told_at=reported_at,
            current=current,
            available=available,
            pending_total=proof_rows.pending_total(session, account.id),
            held_from=stored_days[-1].first,
            job_id=of_dry_run,
        )
    )
