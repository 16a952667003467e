"""Rows as CSV, written by PostgreSQL; this module only says how."""

import csv
import io
import re
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Text, cast, func, literal
from sqlalchemy.dialects.postgresql import JSONB

from bankimport.transactions.export.lines import AT, text_of, transfer_of
from bankimport.transactions.models import Transaction, is_confirmed

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

_STARTS = r"[=+@\t\r\n＝＋－＠-]"
_FORMULA = f"'*{_STARTS}"
_GUARDED = f"'+{_STARTS}"
_QUOTED = r'[",\r\n]'
_IN_SQL = _FORMULA.replace("'", "''")


def guarded(text: str) -> str:
    """Text that a spreadsheet treats as text: text that looks like a formula gets an apostrophe in front.

    Text that already looks guarded gets one more, so that `unguarded` restores every text.
    Source: owasp.org, "CSV Injection".
    """
    return "'" + text if re.match(_FORMULA, text) else text


def unguarded(cell: str) -> str:
    """The original of a `guarded` text."""
    return cell[1:] if re.match(_GUARDED, cell) else cell


def csv_field(text: str) -> str:
    """Text as a guarded field of a line: quotes doubled, quoted if needed."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow([guarded(text), ""])
    return written.getvalue().removesuffix(",\r\n")


def csv_header() -> str:
    """The first line, with its end."""
    return ",".join(COLUMNS) + "\r\n"


def csv_line(user_id: int, account_names: Mapping[int, str]) -> ColumnElement[str]:
    """The line of a row of `transactions`, with its end, in RFC 4180's form; `account_names` has each account's name.

    Days and times are ISO 8601, amounts are plain decimals, negative = money out, and missing values are empty. Text is
    written as by `csv_field`; numbers, days and our own words are never guarded.
    """
    fields = {str(account_id): csv_field(name) for account_id, name in account_names.items()}
    name = literal(fields, JSONB).op("->>")(cast(Transaction.account_id, Text))
    transfer = transfer_of(user_id, lambda pair, other: pair.id, is_confirmed)
    return func.concat(_BEFORE_NAME, ",", name, ",", _AFTER_NAME, ",", transfer, "\r\n")


def csv_text(value: str) -> str:
    """The SQL that writes a text as `csv_field` does; NULL stays NULL."""
    guard = f"CASE WHEN {value} ~ '^{_IN_SQL}' THEN '''' END"
    in_quotes = f"""concat('"', {guard}, replace({value}, '"', '""'), '"')"""
    return f"CASE WHEN {value} ~ '{_QUOTED}' THEN {in_quotes} ELSE concat({guard}, {value}) END"


_PLAIN = {
    **{name: f"transactions.{name}" for name in ("date", "amount", "status", "running_balance", "import_job_id")},
    "timestamp": AT,
    "has_time": "transactions.has_time::text",
}
"""SQL of the fields that need no guard and no quotes."""

_TEXTS = {
    name: "array_to_string(transactions.classification, ' / ')" if name == "classification" else f"transactions.{name}"
    for name in COLUMNS[3:-1]
    if name not in _PLAIN
}


def _after_name() -> str:
    """The SQL of the fields between the account's name and the transfer, with commas between them.

    One look at all texts of a row, each after a unit separator, finds that most rows need no guard and no quotes.
    """
    as_it_is = ", ',', ".join(_PLAIN.get(name) or _TEXTS[name] for name in COLUMNS[3:-1])
    as_needed = ", ',', ".join(_PLAIN.get(name) or csv_text(_TEXTS[name]) for name in COLUMNS[3:-1])
    all_texts = rf"concat_ws(E'\x1f', '', {', '.join(_TEXTS.values())})"
    special = rf"\x1f{_IN_SQL}|{_QUOTED}"
    return f"CASE WHEN {all_texts} !~ '{special}' THEN concat({as_it_is}) ELSE concat({as_needed}) END"


_BEFORE_NAME = text_of(["transactions.id", "','", "transactions.account_id"])
_AFTER_NAME = text_of([_after_name()])
