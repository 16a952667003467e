"""A row's values by column: for comparing, for updating, and as a line for COPY; pure."""

import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from bankimport.imports.answers.normalise import NewTransaction
from bankimport.transactions.copying import NULL, array_field, text_field
from bankimport.transactions.models import TransactionStatus
from bankimport.transactions.repository import BANK_COLUMNS

_array = functools.lru_cache(maxsize=10_000)(array_field)
"""The bank's words for kinds of payments are few."""


def bank_values(row: NewTransaction, job_id: int, raw_response_id: int, status: TransactionStatus) -> tuple[Any, ...]:
    """The row's values in the order of `BANK_COLUMNS`."""
    return (
        status.value,
        row.date,
        row.timestamp,
        row.has_time,
        row.amount,
        row.currency,
        row.description,
        row.merchant,
        "bank" if row.merchant else None,
        row.transaction_type,
        row.transaction_category,
        list(row.classification),
        row.transaction_id,
        row.provider_transaction_id,
        row.normalised_provider_transaction_id,
        row.running_balance,
        Jsonb(row.meta, dumps=msgspec.json.encode),
        list(row.flags),
        row.content_hash,
        job_id,
        raw_response_id,
        row.position,
    )


def row_values(row: NewTransaction) -> dict[str, Any]:
    """The bank's values of a row, by column, as the database returns them."""
    values = dict(zip(BANK_COLUMNS, bank_values(row, 0, 0, TransactionStatus.BOOKED), strict=True))
    for name in ("status", "import_job_id", "raw_response_id"):
        del values[name]
    return values | {"meta": row.meta}


def lines_for_copy(
    rows: Sequence[NewTransaction],
    keys: Sequence[str],
    status: TransactionStatus,
    *,
    user_id: int,
    account_id: int,
    job_id: int,
    raw_response_id: int,
    created_at: datetime,
) -> dict[str, str]:
    """For each key its row as a line of COPY's text format, values in the order of `INSERT_COLUMNS`.

    The same as `copy_text` of `bank_values`, in one step: it is done for every row that any bank sends.
    """
    owner, source = f"{user_id}\t{account_id}", f"{job_id}\t{raw_response_id}"
    end = created_at.isoformat()
    lines: dict[str, str] = {}
    for row, key in zip(rows, keys, strict=True):
        description, merchant = row.description, row.merchant
        kind, category = row.transaction_type, row.transaction_category
        first_id, second_id = row.transaction_id, row.provider_transaction_id
        third_id, meta = row.normalised_provider_transaction_id, row.written_meta.decode()
        probe = f"{description}{merchant}{kind}{category}{first_id}{second_id}{third_id}{meta}"
        if "\\" in probe or "\t" in probe or "\n" in probe or "\r" in probe:
            description, meta = text_field(description), text_field(meta)
            merchant, kind, category = _text(merchant), _text(kind), _text(category)
            first_id, second_id, third_id = _text(first_id), _text(second_id), _text(third_id)
        balance = NULL if row.running_balance is None else str(row.running_balance)
        lines[key] = (
            f"{owner}\t{key}\t{status.value}\t{row.date.isoformat()}\t"
            f"{row.timestamp.isoformat()}\t"
            f"{'t' if row.has_time else 'f'}\t{row.amount!s}\t{row.currency}\t{description}\t{merchant or NULL}\t"
            f"{'bank' if merchant else NULL}\t{kind or NULL}\t{category or NULL}\t{_array(row.classification)}\t"
            f"{first_id or NULL}\t{second_id or NULL}\t{third_id or NULL}\t{balance}\t"
            f"{meta}\t{_array(row.flags)}\t\\\\x{row.content_hash.hex()}\t{source}\t{row.position}\t{end}"
        )
    return lines


def _text(value: str | None) -> str | None:
    return text_field(value) if value else value
