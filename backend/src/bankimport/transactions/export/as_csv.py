"""Rows as CSV; pure."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bankimport.accounts.models import Account
from bankimport.transactions.export.rows import ExportRow
from bankimport.transactions.models import is_confirmed_transfer

COLUMNS = (
    "id",
    "account_id",
    "account_name",
    "date",
    "timestamp",
    "has_time",
    "amount",
    "currency",
    "description",
    "merchant",
    "category",
    "classification",
    "transaction_type",
    "transaction_category",
    "status",
    "running_balance",
    "transaction_id",
    "provider_transaction_id",
    "normalised_provider_transaction_id",
    "import_job_id",
    "transfer_id",
)

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_FIRST = frozenset("'=+-@\t\r\n＝＋－＠")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """Text that a spreadsheet treats as text: text that looks like a formula gets an apostrophe in front.

    Text that already looks guarded gets one more, so that `unguarded` restores every text.
    Source: owasp.org, "CSV Injection".
    """
    return "'" + text if text[:1] in _FIRST and _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The original of a `guarded` text."""
    return cell[1:] if _GUARDED.match(cell) else cell


def csv_pieces(rows: Iterable[ExportRow], accounts: Mapping[int, Account]) -> Iterator[str]:
    """A header, then one line per row, in RFC 4180's form: CRLF, quotes doubled, quoted if needed.

    Days and times are ISO 8601, amounts are plain decimals, negative = money out, and missing values are empty. Text is
    `guarded`; numbers, days and our own words are not.
    """
    writer = csv.writer(_Pieces(), lineterminator="\r\n")
    yield writer.writerow(COLUMNS)
    named = {account_id: guarded(account.display_name) for account_id, account in accounts.items()}
    for row in rows:
        yield writer.writerow(
            (
                row.id,
                row.account_id,
                named[row.account_id],
                row.date.isoformat(),
                row.timestamp.isoformat().replace("+00:00", "Z"),
                "true" if row.has_time else "false",
                format(row.amount, "f"),
                guarded(row.currency),
                guarded(row.description),
                guarded(row.merchant or ""),
                guarded(row.category or ""),
                guarded(" / ".join(row.classification)),
                guarded(row.transaction_type or ""),
                guarded(row.transaction_category or ""),
                row.status.value,
                "" if row.running_balance is None else format(row.running_balance, "f"),
                guarded(row.transaction_id or ""),
                guarded(row.provider_transaction_id or ""),
                guarded(row.normalised_provider_transaction_id or ""),
                row.import_job_id,
                row.transfer["id"] if row.transfer is not None and is_confirmed_transfer(row.transfer) else "",
            )
        )


class _Pieces:
    """A file that stores nothing: `writerow` returns what `write` returns."""

    def write(self, text: str) -> Any:
        return text
