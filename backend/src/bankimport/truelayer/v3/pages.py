"""The pages of one v3 answer: joined byte for byte into one body to keep, and read as rows in v1's terms; pure.

Source: TrueLayer's specification of Data API v3, "Get transactions request".
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from bankimport.truelayer.errors import UnexpectedResponse
from bankimport.truelayer.schemas import FetchedRow, Transaction, Wire

_LEAD, _END = b'{"v3_pages":[', b"]}"

SETTLED = "settled"
PENDING = "pending"
MINOR_DIGITS = {"GBP": 2, "EUR": 2}
"""The currencies that v3 names. The minor unit of any other is not established, so its rows are rejected."""


class Pagination(Wire, frozen=True):
    """Where the next page begins; null, absent and empty all mean that there is none."""

    next_cursor: str | None = None


class Result(Wire, frozen=True):
    """A page."""

    items: list[msgspec.Raw]
    pagination: Pagination | None = None


class RequestState(Wire, frozen=True):
    """What reading a request answers."""

    id: str | None = None
    status: str | None = None
    result: Result | None = None
    failure_reason: str | None = None

    @property
    def next_cursor(self) -> str | None:
        """Where the next page begins; None after the last one. A page without rows is the last, whatever it says."""
        if self.result is None or not self.result.items or self.result.pagination is None:
            return None
        return self.result.pagination.next_cursor or None


class _Category(Wire, frozen=True):
    category_code: str | None = None
    category_name: str | None = None


class _Enrichment(Wire, frozen=True):
    merchant_name: str | None = None
    transaction_category: _Category | None = None


class _Item(Wire, frozen=True):
    status: str
    timestamp: str
    description: str
    currency: str
    amount_in_minor: int
    id: str | None = None
    enrichment: msgspec.Raw = msgspec.Raw(b"null")


class _Pages(Wire, frozen=True):
    v3_pages: list[RequestState]


_item_decoder = msgspec.json.Decoder(_Item)
_pages_decoder = msgspec.json.Decoder(_Pages)
_state_decoder = msgspec.json.Decoder(RequestState)


def read_state(body: bytes) -> RequestState:
    """What an answer to reading a request says.

    Raises:
        UnexpectedResponse: it is not JSON or not of the promised form.
    """
    try:
        return _state_decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnexpectedResponse(f"the answer does not have the specified form: {type(error).__name__}") from None


def joined(pages: Sequence[bytes]) -> bytes:
    """One body that holds every page as it came, in order."""
    return _LEAD + b",".join(pages) + _END


def is_joined(body: bytes) -> bool:
    """Whether a kept body was made by `joined`."""
    return body.startswith(_LEAD)


def rows_of_pages(body: bytes, status: str) -> list[FetchedRow]:
    """The rows of all pages that are `settled` or `pending`, in v1's terms; positions count all rows of all pages.

    A pending row that comes again unchanged on a later page is one row. A row whose status is neither is given with
    both, with its problem: it is rejected, never dropped.

    Raises:
        UnexpectedResponse: the body is not what `joined` makes.
    """
    try:
        pages = _pages_decoder.decode(body).v3_pages
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnexpectedResponse("the kept pages cannot be read") from None
    rows: list[FetchedRow] = []
    seen: set[bytes] = set()
    items = [bytes(item) for page in pages if page.result is not None for item in page.result.items]
    for position, raw in enumerate(items):
        row, problem = _read(position, raw)
        if problem not in (status, None):
            continue
        if status == PENDING:
            if raw in seen:
                continue
            seen.add(raw)
        rows.append(row)
    return rows


def _read(position: int, raw: bytes) -> tuple[FetchedRow, str | None]:
    """The row with its status; the status is None where it is neither of the two, or the row cannot be read."""
    try:
        item = _item_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error) if isinstance(error, msgspec.DecodeError) else "cannot be read"
        return FetchedRow(position, raw, None, problem), None
    if item.status not in (SETTLED, PENDING):
        return FetchedRow(position, raw, None, "status is neither settled nor pending"), None
    digits = MINOR_DIGITS.get(item.currency.strip().upper())
    if digits is None:
        return FetchedRow(position, raw, None, "the currency's minor unit is not established"), item.status
    return FetchedRow(position, raw, _in_terms_of_v1(item, digits), None), item.status


def _in_terms_of_v1(item: _Item, digits: int) -> Transaction:
    """The row as v1 would give it. Nothing promises that its id stays: it counts as v1's least stable one."""
    merchant, meta = _enrichment(bytes(item.enrichment))
    return Transaction(
        timestamp=item.timestamp,
        description=item.description,
        amount=Decimal(item.amount_in_minor).scaleb(-digits),
        currency=item.currency,
        transaction_type="DEBIT" if item.amount_in_minor < 0 else "CREDIT",
        transaction_id=item.id,
        merchant_name=merchant,
        meta=meta,
    )


def _enrichment(raw: bytes) -> tuple[str | None, dict[str, Any] | None]:
    """The merchant, and the category for `meta`; what is odd in it costs nothing."""
    try:
        enrichment = msgspec.json.decode(raw, type=_Enrichment | None)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, None
    if enrichment is None:
        return None, None
    category = enrichment.transaction_category
    return enrichment.merchant_name, None if category is None else {
        "transaction_category": msgspec.to_builtins(category)
    }
