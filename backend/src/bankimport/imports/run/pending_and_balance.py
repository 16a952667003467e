"""Ask for what has no days: the pending rows and the balance of an account, as they are now."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountBalance
from bankimport.accounts.service import keep_balance, signed_balance
from bankimport.clock import utc_now
from bankimport.connections.bank import Bank
from bankimport.db.session import session_scope
from bankimport.imports import repository
from bankimport.imports.answers import raw
from bankimport.imports.answers.rejected import keep_rejected
from bankimport.imports.attempt import Attempt, keep_lease
from bankimport.imports.events import EVENTS, BalanceUnavailable, PendingUnavailable
from bankimport.imports.match import store
from bankimport.imports.run import fetch
from bankimport.transactions import proof_rows
from bankimport.truelayer.errors import EndpointNotSupported, TrueLayerError


def refresh_pending(bank: Bank, attempt: Attempt) -> None:
    """Replace the pending set after a good answer; on any error it stays as it was, and the import goes on.

    A dry run keeps the answer and changes nothing; its commit takes that answer instead of asking.
    """
    if attempt.is_commit:
        _commit_pending(attempt)
        return
    if not _is_offered(attempt, "pending"):
        return
    try:
        answer = fetch.fetch_pending(bank, attempt)
    except EndpointNotSupported:
        _note_unsupported(attempt, "pending")
        return
    except TrueLayerError as error:
        _note_unavailable(attempt, PendingUnavailable, error)
        return
    rows, rejected = raw.normalised(answer.results, attempt.kind)
    with session_scope() as session:
        account_import = keep_lease(session, attempt)
        response = fetch.keep_answer(session, attempt, answer, "pending")
        keep_rejected(session, attempt, account_import, response, rejected)
        if not attempt.is_dry_run:
            store.replace_pending(session, attempt, response.id, rows)


def _commit_pending(attempt: Attempt) -> None:
    with session_scope() as session:
        response = raw.answer_of_job(session, attempt.job_id, attempt.account_id, "pending")
        if response is not None:
            store.replace_pending(session, attempt, response.id, raw.rows_of(response, attempt.kind).rows)


def refresh_balance(bank: Bank, attempt: Attempt) -> None:
    """Ask for the balance and keep it; on any error the old one stays.

    A dry run keeps the answer too; its commit remembers what that says instead of asking.
    """
    if attempt.is_commit:
        _commit_balance(attempt)
        return
    if not _is_offered(attempt, "balance"):
        return
    with session_scope() as session:
        truelayer_id = session.get_one(Account, attempt.account_id).truelayer_id
    try:
        answer = bank.call(
            lambda client, token, begin: client.balance(
                token, fetch.PATH_WORDS[attempt.kind], truelayer_id, psu_ip=bank.attended_ip, begin_call=begin
            ),
            account_id=attempt.account_id,
        )
    except EndpointNotSupported:
        _note_unsupported(attempt, "balance")
        return
    except TrueLayerError as error:
        _note_unavailable(attempt, BalanceUnavailable, error)
        return
    if answer.results:
        with session_scope() as session:
            keep_lease(session, attempt)
            fetch.keep_answer(session, attempt, answer, "balance")
            account = session.get_one(Account, attempt.account_id)
            told, told_at = answer.results[0], answer.raw.received_at
            current = signed_balance(account.kind, told)
            if current is not None:
                keep_balance(account, current, told.available, told_at)
                if not attempt.is_dry_run:
                    _remember_balance(session, account, current, told.available, told_at)


def _commit_balance(attempt: Attempt) -> None:
    with session_scope() as session:
        keep_lease(session, attempt)
        response = raw.answer_of_job(session, attempt.job_id, attempt.account_id, "balance")
        if response is None or response.body is None:
            return
        told = raw.balance_of(response)
        current = None if told is None else signed_balance(attempt.kind, told)
        if told is not None and current is not None:
            account = session.get_one(Account, attempt.account_id)
            _remember_balance(
                session, account, current, told.available, response.received_at, of_dry_run=attempt.job_id
            )


def _is_offered(attempt: Attempt, endpoint: str) -> bool:
    with session_scope() as session:
        return endpoint not in session.get_one(Account, attempt.account_id).unsupported


def _note_unsupported(attempt: Attempt, endpoint: str) -> None:
    with session_scope() as session:
        account = session.get_one(Account, attempt.account_id)
        account.unsupported = {**account.unsupported, endpoint: utc_now().isoformat()}


def _note_unavailable(
    attempt: Attempt, event: type[PendingUnavailable | BalanceUnavailable], error: TrueLayerError
) -> None:
    with session_scope() as session:
        keep_lease(session, attempt)
        EVENTS.append(
            session, attempt.job_id, event(account_id=attempt.account_id, error_code=error.code, message=error.message)
        )


def _remember_balance(
    session: Session,
    account: Account,
    current: Decimal,
    available: Decimal | None,
    told_at: datetime,
    *,
    of_dry_run: int | None = None,
) -> None:
    """Keep a told balance, in our sign, beside what is known now, so that later ones can be compared with it.

    `of_dry_run` is the committed dry run that it was told to: its rows count as known when it was told.
    """
    held = [days for days in repository.held_days(session, [account.id])[account.id] if days.first <= told_at.date()]
    if not held:
        return
    session.add(
        AccountBalance(
            account_id=account.id,
            told_at=told_at,
            current=current,
            available=available,
            pending_total=proof_rows.pending_total(session, account.id),
            held_from=held[-1].first,
            job_id=of_dry_run,
        )
    )
