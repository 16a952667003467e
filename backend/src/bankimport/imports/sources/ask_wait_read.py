"""Data API v3: request days, wait until the bank has computed them, read a page, and request the next one.

An answer is given only once its last page was read: a window is whole or not there. Each request's id is remembered
before it is waited for. Later attempts read remembered requests again, which the bank answers with the same pages.
"""

import functools
import random
import time
from collections.abc import Callable
from datetime import timedelta

from bankimport.clock import utc_today
from bankimport.connections.calls.bank import Bank
from bankimport.days import Days
from bankimport.imports.attempt import Attempt
from bankimport.imports.sources.account_id import id_at_truelayer
from bankimport.settings import get_settings
from bankimport.truelayer.answers import Answer, RawAnswer, UnreadAnswer
from bankimport.truelayer.errors import (
    AccountGone,
    AnswerNotReady,
    BankUnavailable,
    EndpointNotSupported,
    RequestRefused,
    ResponseTooLarge,
    UnexpectedResponse,
)
from bankimport.truelayer.schemas import Balance, FetchedRow
from bankimport.truelayer.transport import LARGEST_BODY_BYTES
from bankimport.truelayer.v3.pages import PENDING, SETTLED, RequestState, joined, rows_of_pages

PENDING_DAYS = timedelta(days=30)
"""How far back pending rows are looked for; banks release a hold within about a month."""

FIRST_POLL_S = 0.5
LONGEST_POLL_S = 5.0

Remember = Callable[[list[str]], None]


class _RequestLost(Exception):
    """A remembered request or the cursor behind it is not known any more."""


class AskWaitRead:
    """See `imports.sources.source.BankSource`."""

    gives_balance = False

    def __init__(self, bank: Bank, attempt: Attempt) -> None:
        self._bank = bank
        self._attempt = attempt

    def transactions(self, requested: Days, begun: list[str], remember: Remember) -> UnreadAnswer:
        """The booked rows of these days, of all pages."""
        raw = self._read_all(requested, begun, remember, "transactions")
        return UnreadAnswer(raw, functools.partial(rows_of_pages, status=SETTLED))

    def pending(self) -> Answer[FetchedRow]:
        """The pending rows of all pages of recent days; none replaces the stored set before the last page."""
        today = utc_today()
        raw = self._read_all(Days(today - PENDING_DAYS, today), [], lambda _ids: None, "pending")
        return Answer(rows_of_pages(raw.body, PENDING), raw)

    def balance(self) -> Answer[Balance]:
        """Data API v3 has none.

        Raises:
            EndpointNotSupported: always.
        """
        raise EndpointNotSupported("TrueLayer's Data API v3 gives no balances")

    def _read_all(self, requested: Days, begun: list[str], remember: Remember, endpoint: str) -> RawAnswer:
        """All pages; where what was begun earlier is lost, all is requested again, once."""
        if begun:
            try:
                return self._read_pages(requested, list(begun), remember, endpoint)
            except _RequestLost:
                remember([])
        try:
            return self._read_pages(requested, [], remember, endpoint)
        except _RequestLost:
            remember([])
            raise BankUnavailable("the bank forgot a request while it was being read") from None

    def _read_pages(self, requested: Days, ids: list[str], remember: Remember, endpoint: str) -> RawAnswer:
        account_id = id_at_truelayer(self._attempt)
        pages: list[RawAnswer] = []
        cursors: set[str] = set()
        cursor: str | None = None
        size = 0
        while True:
            if len(ids) == len(pages):
                ids.append(self._ask(account_id, requested, cursor, endpoint))
                remember(list(ids))
            state, page = self._wait(account_id, ids, len(pages), remember)
            pages.append(page)
            size += len(page.body)
            if size > LARGEST_BODY_BYTES:
                remember([])
                raise ResponseTooLarge(f"the pages are larger than {LARGEST_BODY_BYTES // (1024 * 1024)} MiB in all")
            cursor = state.next_cursor
            if cursor is None:
                return _as_one(pages)
            if cursor in cursors:
                remember([])
                raise UnexpectedResponse("the bank gave the same page marker twice; whether rows lack is not known")
            cursors.add(cursor)

    def _ask(self, account_id: str, requested: Days, cursor: str | None, endpoint: str) -> str:
        name = endpoint if cursor is None else f"{endpoint}_page"
        try:
            return self._bank.call_v3(
                lambda client, access: client.ask_transactions(
                    access, account_id, requested.first, requested.last, cursor, endpoint=name
                ),
                account_id=self._attempt.account_id,
            )
        except (RequestRefused, AccountGone):
            if cursor is None:
                raise
            raise _RequestLost from None  # the cursor's life is over

    def _wait(self, account_id: str, ids: list[str], number: int, remember: Remember) -> tuple[RequestState, RawAnswer]:
        """The request's page once it is computed.

        Raises:
            AnswerNotReady: it is not within the time that one attempt waits.
        """
        until = time.monotonic() + get_settings().bank_answer_wait_s
        pause = FIRST_POLL_S
        while True:
            try:
                state, page = self._bank.call_v3(
                    lambda client, access: client.read_transactions(access, account_id, ids[number]),
                    account_id=self._attempt.account_id,
                )
            except AccountGone:
                raise _RequestLost from None
            match state.status:
                case "completed" if state.result is not None:
                    return state, page
                case "failed":
                    remember(ids[:number])
                    reason = (state.failure_reason or "no reason given")[:100]
                    raise BankUnavailable(f"the bank could not compute the answer ({reason})")
                case "pending":
                    pass
                case _:
                    raise UnexpectedResponse("a request is neither pending, nor completed with rows, nor failed")
            left = until - time.monotonic()
            if left <= 0:
                raise AnswerNotReady("the bank is still computing the answer; it is read later")
            time.sleep(min(pause * (1 + random.random() / 4), left))  # noqa: S311 - jitter, not a secret
            pause = min(pause * 2, LONGEST_POLL_S)


def _as_one(pages: list[RawAnswer]) -> RawAnswer:
    """The pages as one answer to keep; it came when the last of them came."""
    last = pages[-1]
    return RawAnswer(
        body=joined([page.body for page in pages]),
        request=pages[0].request,
        correlation_id=last.correlation_id,
        client_correlation_id=last.client_correlation_id,
        received_at=last.received_at,
        elapsed_s=sum(page.elapsed_s for page in pages),
    )
