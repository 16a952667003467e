"""Request one window's rows from the bank, and store the raw answer before it is processed."""

from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bankimport.accounts.settle import list_again
from bankimport.clock import utc_now
from bankimport.connections.calls.bank import Bank
from bankimport.days import Days
from bankimport.db.session import session_scope
from bankimport.imports import repository
from bankimport.imports.answers import raw
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.answers.rejected import keep_rejected, note_repeats
from bankimport.imports.attempt import Attempt, keep_lease, writing
from bankimport.imports.match import store, unchanged
from bankimport.imports.match.outside import rows_outside
from bankimport.imports.models import ImportWindow, RawResponse, WindowState
from bankimport.imports.sources.source import BankSource
from bankimport.imports.windows import days_to_ask
from bankimport.truelayer.answers import RawAnswer, UnreadAnswer
from bankimport.truelayer.errors import AccountGone


class Request(NamedTuple):
    """The days to request for a window, margin included, and the ids of requests for them that were begun earlier."""

    days: Days
    begun: list[str]


def prepare(session: Session, attempt: Attempt, window: ImportWindow) -> Request:
    """Record what will be requested for a window.

    Raises:
        AttemptLost: a newer attempt took over.
    """
    days = days_to_ask(Days(window.window_from, window.window_to), utc_now().date())
    is_same = (window.asked_from, window.asked_to) == (days.first, days.last)
    begun = window.begun if is_same else []
    keep_lease(session, attempt)
    session.execute(
        update(ImportWindow)
        .where(ImportWindow.id == window.id)
        .values(fetches=ImportWindow.fetches + 1, asked_from=days.first, asked_to=days.last)
        .execution_options(synchronize_session=False)
    )
    return Request(days, begun)


def fetch_window(
    bank: Bank, source: BankSource, attempt: Attempt, window: ImportWindow, request: Request | None
) -> list[NewTransaction] | None:
    """Fetch a window and return its rows, normalised; the raw answer and the rejected rows are stored.

    `request` is what `prepare` returned, None for a window whose answer an earlier attempt stored.
    None means that the window is completed: its answer came before, byte for byte, and its rows are stored as they are.
    An answer stored by an earlier attempt is used instead of calling the bank. If the bank no longer knows the
    account's id, the accounts are listed again and recognised, and the window is requested once more.

    Raises:
        TrueLayerError: no answer; nothing is stored.
        BodyDeleted, BodyAltered: a dry run is being committed and its answer cannot be read; the bank is not called.
        AttemptLost: a newer attempt took over.
    """
    if request is None:
        try:
            return _raw_rows(attempt, window)
        except (raw.BodyDeleted, raw.BodyAltered):
            if attempt.is_commit:
                raise
        with session_scope() as session:
            request = prepare(session, attempt, window)
    requested = request.days
    try:
        unread = _ask(source, attempt, window, request)
    except AccountGone:
        list_again(bank, attempt.connection_id)
        unread = _ask(source, attempt, window, request)
    may_skip = not attempt.is_dry_run and window.stored_to is None
    if may_skip and _complete_unchanged(attempt, window, requested, unread.raw):
        return None
    answer = unread.read()
    rows, rejected = raw.normalised(answer.results, attempt.kind, attempt.zone)
    with writing(attempt) as (session, account_import):
        response = keep_answer(session, attempt, answer.raw, "transactions", window_id=window.id)
        rejected += rows_outside(session, attempt, requested, rows, answer)
        digests = unchanged.digests_of(attempt, rows, requested, window.window_from, is_whole=not rejected)
        if digests is not None:
            response.rows_digest, response.rows_digest_since = digests
        keep_rejected(session, attempt, account_import, response, rejected)
        note_repeats(session, attempt, rows)
        row = repository.window_by_id(session, window.id)
        row.state = WindowState.FETCHED
        row.raw_response_id = response.id
        row.begun = []
        row.rows_in_answer = len(answer.results)
        row.asked_from, row.asked_to = requested.first, requested.last
        if attempt.is_dry_run:
            account_import.days_done += Days(row.window_from, row.window_to).length
        session.flush()
    window.state = WindowState.FETCHED
    window.raw_response_id, window.asked_from, window.asked_to = row.raw_response_id, requested.first, requested.last
    return rows


def _complete_unchanged(attempt: Attempt, window: ImportWindow, requested: Days, answer: RawAnswer) -> bool:
    """Complete the window if its answer came before, byte for byte, and its rows are stored; returns whether it did."""
    with writing(attempt) as (session, account_import):
        known = unchanged.same_answer(session, attempt, answer)
        if known is None:
            return False
        days = Days(window.window_from, window.window_to)
        rows = unchanged.count_if_stored(session, attempt, known, requested, days)
        if rows is None:
            return False
        response = keep_answer(session, attempt, answer, "transactions", window_id=window.id, known=known)
        row = repository.window_by_id(session, window.id)
        row.begun = []
        row.rows_in_answer = known.rows
        row.asked_from, row.asked_to = requested.first, requested.last
        store.store_unchanged(session, attempt, account_import, row, response.id, rows, requested)
    return True


def keep_answer(
    session: Session,
    attempt: Attempt,
    answer: RawAnswer,
    endpoint: str,
    *,
    window_id: int | None = None,
    known: unchanged.Known | None = None,
) -> RawResponse:
    """Store an answer's body, compressed and sealed, with its hash and the call that returned it.

    The body of a `known` answer is copied inside the database.
    """
    response = RawResponse(
        user_id=attempt.user_id,
        account_id=attempt.account_id,
        job_id=attempt.job_id,
        attempt_id=attempt.attempt_id,
        window_id=window_id,
        endpoint=endpoint,
        request=answer.request,
        correlation_id=answer.correlation_id,
        client_correlation_id=answer.client_correlation_id,
        received_at=answer.received_at,
        sha256=answer.sha256,
        size_bytes=len(answer.body),
        body=raw.packed_body(attempt.vault, answer.body, answer.sha256) if known is None else None,
        rows_digest=None if known is None else known.digests.whole,
        rows_digest_since=None if known is None else known.digests.since_window,
    )
    session.add(response)
    session.flush()
    if known is not None:
        its_body = select(RawResponse.body).where(RawResponse.id == known.id).scalar_subquery()
        session.execute(update(RawResponse).where(RawResponse.id == response.id).values(body=its_body))
    return response


def _raw_rows(attempt: Attempt, window: ImportWindow) -> list[NewTransaction]:
    with session_scope() as session:
        response = session.get_one(RawResponse, window.raw_response_id)
    return raw.rows_of(response, attempt.kind, attempt.zone).rows


def _ask(source: BankSource, attempt: Attempt, window: ImportWindow, request: Request) -> UnreadAnswer:
    """The window's answer; a source that must wait resumes what an earlier attempt began for these days."""

    def remember(ids: list[str]) -> None:
        with writing(attempt) as (session, _):
            session.execute(update(ImportWindow).where(ImportWindow.id == window.id).values(begun=ids))

    return source.transactions(request.days, request.begun, remember)
