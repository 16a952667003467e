"""Open an export: fix its end, count its rows, and stream them in a format."""

import codecs
import threading
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from bankimport.accounts.repository import accounts_by_id
from bankimport.db.session import session_scope, snapshot_scope
from bankimport.errors import BankImportError
from bankimport.money import ISO_CURRENCIES
from bankimport.transactions.day_sums import DaysOfAccount, days_of_accounts
from bankimport.transactions.export.as_beancount import beancount_pieces
from bankimport.transactions.export.as_csv import csv_header, csv_line
from bankimport.transactions.export.as_ndjson import ndjson_line
from bankimport.transactions.export.as_ofx import ofx_pieces
from bankimport.transactions.export.bookmark import Bookmark, BookmarkInvalid, read_bookmark
from bankimport.transactions.export.lines import read_lines
from bankimport.transactions.export.rows import (
    ExportRow,
    RowGroup,
    groups,
    in_range,
    is_complete,
    latest_bookmark,
    read_rows,
)
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.models import Transaction, TransactionStatus
from bankimport.users.record import record

Item = TypeVar("Item")

CHUNK_BYTES = 64 * 1024

MOST_AT_ONCE = 5
"""Each export uses a database connection while it is read; more at once would slow down the rest of the API."""

MOST_OF_A_USER = 2
"""Places of one user, so that nobody's slow downloads keep others waiting; who waits for a place counts too."""

PATIENCE_S = 20
_places = threading.BoundedSemaphore(MOST_AT_ONCE)
_of_user: Counter[int] = Counter()
_counting = threading.Lock()


class ExportsBusy(BankImportError):
    """The maximum number of exports is being read."""

    code = "exports_busy"
    http_status = 503
    retry_after_s = 60.0


class OwnExportsBusy(ExportsBusy):
    """As many exports as one user may read at once are being read."""

    http_status = 429


class ExportFormat(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    NDJSON = "ndjson"
    OFX = "ofx"
    BEANCOUNT = "beancount"

    @property
    def media_type(self) -> str:
        """The content type of this format."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.NDJSON: "application/x-ndjson",
    ExportFormat.OFX: "application/x-ofx",
    ExportFormat.BEANCOUNT: "text/x-beancount; charset=utf-8",
}


_BY_THE_DATABASE = frozenset({ExportFormat.CSV, ExportFormat.NDJSON})
"""The formats whose lines PostgreSQL writes."""


class ExportStatus(StrEnum):
    """Which rows to export: settled by the bank, not yet settled, or both."""

    BOOKED = "booked"
    PENDING = "pending"
    ALL = "all"

    @property
    def filter(self) -> TransactionStatus | None:
        """The equivalent filter of rows; None for both."""
        return None if self is ExportStatus.ALL else TransactionStatus(self.value)


@dataclass(slots=True)
class Export:
    """A file being read. `rows` is its number of rows; `rows_read` is how many have been read so far.

    `left_out` counts the rows, by currency, that the format cannot contain. The next export continues from `bookmark`.
    `chunks` can be read once, while the export is open.
    """

    file_name: str
    rows: int
    bookmark: str
    left_out: dict[str, int] = field(default_factory=dict)
    chunks: Iterator[bytes] = field(default_factory=lambda: iter(()))
    rows_read: int = 0


@contextmanager
def open_export(
    user_id: int,
    filters: TransactionFilter,
    form: ExportFormat,
    *,
    since: str | None = None,
    until: str | None = None,
    byte_order_mark: bool = False,
) -> Iterator[Export]:
    """An export of the user's matching live rows, oldest first; OFX has them account by account.

    With the bookmark `since`, only rows that were stored or booked after it. With `until`, only those up to it, and no
    balances, because these are today's. A `byte_order_mark` makes spreadsheets read a CSV file as UTF-8; other formats
    never have one. The file shows the record at one moment. The database session that reads it closes on exit.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the filter makes no sense.
        BookmarkInvalid: not a bookmark of this user, or `until` lies before `since`.
        OwnExportsBusy: this user reads `MOST_OF_A_USER` already.
        ExportsBusy: `MOST_AT_ONCE` others are being read, and none ended within `PATIENCE_S` seconds.
    """
    after = read_bookmark(since, user_id) if since is not None else Bookmark(user_id)
    limit = read_bookmark(until, user_id) if until is not None else None
    if limit is not None and limit.at_least(after) != limit:
        raise BookmarkInvalid("the end bookmark is earlier than the start bookmark; swap them")
    with export_place(user_id):
        with session_scope() as session:
            until_bookmark = latest_bookmark(session, user_id).at_least(after)
            record(session, user_id, "transactions.exported", format=form.value)
        if limit is not None:
            until_bookmark = until_bookmark.at_most(limit)
        # The snapshot must begin only now, so that it contains every row up to the bookmark.
        with snapshot_scope() as session, ExitStack() as reading:
            export = _read(session, reading, user_id, filters, form, after, until_bookmark, with_balances=until is None)
            if byte_order_mark and form is ExportFormat.CSV:
                export.chunks = chain((codecs.BOM_UTF8,), export.chunks)
            yield export


@contextmanager
def export_place(user_id: int) -> Iterator[None]:
    """One of the places for reading exports.

    Raises:
        OwnExportsBusy, ExportsBusy: as `open_export`.
    """
    with _counting:
        if _of_user[user_id] >= MOST_OF_A_USER:
            raise OwnExportsBusy(f"you read {MOST_OF_A_USER} exports already; try again when one has ended")
        _of_user[user_id] += 1
    try:
        if not _places.acquire(timeout=PATIENCE_S):
            raise ExportsBusy(f"{MOST_AT_ONCE} other exports are being read; try again in a minute")
        try:
            yield
        finally:
            _places.release()
    finally:
        with _counting:
            _of_user[user_id] -= 1
            if not _of_user[user_id]:
                del _of_user[user_id]


def _read(
    session: Session,
    reading: ExitStack,
    user_id: int,
    filters: TransactionFilter,
    form: ExportFormat,
    after: Bookmark,
    until: Bookmark,
    *,
    with_balances: bool,
) -> Export:
    conditions = live_and_fitting(session, user_id, filters) + in_range(after, until)
    if form in _BY_THE_DATABASE:
        return _read_lines(session, reading, user_id, filters, form, after, until, conditions)
    found = groups(session, user_id, conditions, by_heading=form is ExportFormat.BEANCOUNT)
    left_out: Counter[str] = Counter()
    if form is ExportFormat.OFX:
        for group in found:
            if group.currency not in ISO_CURRENCIES:
                left_out[group.currency] += group.rows
        found = [group for group in found if group.currency not in left_out]
        conditions.append(Transaction.currency.not_in(left_out))
    export = _export_of(found, form, until)
    export.left_out.update(left_out)
    found_rows = read_rows(session, user_id, conditions, by_account=form is ExportFormat.OFX)
    rows = _counted(_closed_with(reading, found_rows), export)
    accounts = accounts_by_id(session, sorted({group.account_id for group in found}))
    if form is ExportFormat.OFX:
        stored_at = max((group.stored_at for group in found), default=None)
        pieces = ofx_pieces(
            rows,
            accounts,
            _days(found),
            stored_at=stored_at,
            with_balances=with_balances,
            left_out=export.left_out,
            bookmark=str(until),
        )
    else:
        is_continued = after != Bookmark(user_id)
        pieces = beancount_pieces(rows, accounts, found, is_continued=is_continued, bookmark=str(until))
    export.chunks = _chunks(pieces)
    return export


def _read_lines(
    session: Session,
    reading: ExitStack,
    user_id: int,
    filters: TransactionFilter,
    form: ExportFormat,
    after: Bookmark,
    until: Bookmark,
    conditions: Sequence[ColumnElement[bool]],
) -> Export:
    """An export whose lines PostgreSQL writes."""
    found: Sequence[RowGroup | DaysOfAccount] | None = None
    if after == Bookmark(user_id) and is_complete(session, until):
        found = days_of_accounts(session, user_id, filters)
    if found is None:
        found = groups(session, user_id, conditions, by_heading=False)
    export = _export_of(found, form, until)
    if form is ExportFormat.CSV:
        accounts = accounts_by_id(session, sorted({group.account_id for group in found}))
        names = {account_id: account.display_name for account_id, account in accounts.items()}
        header, line = csv_header(), csv_line(user_id, names)
    else:
        header, line = "", ndjson_line(user_id)
    pages = _closed_with(reading, read_lines(session, line, conditions))
    export.chunks = _joined(header, pages, export)
    return export


def _export_of(found: Sequence[RowGroup | DaysOfAccount], form: ExportFormat, until_bookmark: Bookmark) -> Export:
    return Export(_file_name(found, form), sum(group.rows for group in found), str(until_bookmark))


def _closed_with(reading: ExitStack, found: Generator[Item]) -> Generator[Item]:
    """Close the cursor when the export ends.

    If the garbage collector closed the cursor of a disconnected client, it could do so while another export uses the
    same database connection, and deadlock.
    """
    return reading.enter_context(closing(found))


def _joined(header: str, pages: Iterable[Sequence[str]], export: Export) -> Iterator[bytes]:
    """The header and the lines; a page is sent as one piece."""
    if header:
        yield header.encode()
    for page in pages:
        export.rows_read += len(page)
        yield "".join(page).encode()


def _days(found: Iterable[RowGroup]) -> dict[tuple[int, str], tuple[date, date]]:
    days: dict[tuple[int, str], tuple[date, date]] = {}
    for group in found:
        first, last = days.get((group.account_id, group.currency), (group.first, group.last))
        days[group.account_id, group.currency] = min(first, group.first), max(last, group.last)
    return days


def _file_name(found: Sequence[RowGroup | DaysOfAccount], form: ExportFormat) -> str:
    """A name made from the days of the rows: the same rows give the same name."""
    days = f"-{min(group.first for group in found)}-{max(group.last for group in found)}" if found else ""
    return f"transactions{days}.{form.value}"


def _counted(rows: Iterable[ExportRow], export: Export) -> Iterator[ExportRow]:
    for row in rows:
        export.rows_read += 1
        yield row


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """The text in chunks of a reasonable size."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= CHUNK_BYTES:
            yield "".join(waiting).encode()
            waiting.clear()
            size = 0
    if waiting:
        yield "".join(waiting).encode()
