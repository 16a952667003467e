"""One digest of a set of rows, equal whether computed here from fetched rows or by PostgreSQL from stored ones."""

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.days import Days
from bankimport.money import in_digits
from bankimport.transactions.models import Transaction, TransactionStatus

_DAY_ZERO = date(2000, 1, 1).toordinal()
"""The day from which PostgreSQL counts dates."""

_OF_STORED = text("""
    SELECT count(*) FILTER (WHERE is_counted), sha256(coalesce(string_agg(row, ''::bytea ORDER BY row), ''::bytea))
    FROM (
        SELECT t.date BETWEEN :counted_from AND :counted_to AS is_counted,
            date_send(t.date) || t.content_hash || convert_to(concat_ws(E'\\x1f',
                coalesce(t.normalised_provider_transaction_id, ''), coalesce(t.provider_transaction_id, ''),
                coalesce(t.transaction_id, ''), t.amount, t.currency, t.description || E'\\x1e'), 'UTF8') AS row
        FROM transactions t
        WHERE t.account_id = :account_id AND t.date BETWEEN :first AND :last
            AND t.removed_at IS NULL AND t.status = 'booked'
    ) listed
""")


class Digestible(Protocol):
    """The fields of a row that the digest covers; its content hash covers everything else that the bank reported."""

    @property
    def date(self) -> date: ...
    @property
    def content_hash(self) -> bytes: ...
    @property
    def normalised_provider_transaction_id(self) -> str | None: ...
    @property
    def provider_transaction_id(self) -> str | None: ...
    @property
    def transaction_id(self) -> str | None: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def description(self) -> str: ...


class StoredDigest(NamedTuple):
    """The digest of an account's stored rows of some days, and how many of them are of the counted days."""

    counted: int
    digest: bytes


def digest_of(rows: Iterable[Digestible]) -> bytes:
    """The digest (SHA-256) of these rows in any order."""
    return hashlib.sha256(b"".join(sorted(_bytes_of(row) for row in rows))).digest()


def digest_of_stored(session: Session, account_id: int, days: Days, *, counted: Days) -> StoredDigest:
    """The same of an account's booked live rows of `days`, and the number of those of the days in `counted`."""
    values = {"account_id": account_id, "first": days.first, "last": days.last}
    row = session.execute(_OF_STORED, values | {"counted_from": counted.first, "counted_to": counted.last}).one()
    return StoredDigest(row[0], bytes(row[1]))


def has_rows_before_or_pending(session: Session, account_id: int, before: Days) -> bool:
    """Whether the account has any live row of these days, or a pending one of any day."""
    values = {"account_id": account_id, "first": before.first, "last": before.last}
    return bool(session.scalar(_BEFORE_OR_PENDING, values))


_OF_ACCOUNT = (Transaction.account_id == bindparam("account_id"), Transaction.removed_at.is_(None))
_USER_ID = select(Account.user_id).where(Account.id == bindparam("account_id")).scalar_subquery()
_BEFORE_OR_PENDING = select(
    exists().where(*_OF_ACCOUNT, Transaction.date.between(bindparam("first"), bindparam("last")))
    | exists().where(*_OF_ACCOUNT, Transaction.user_id == _USER_ID, Transaction.status == TransactionStatus.PENDING)
)


def _bytes_of(row: Digestible) -> bytes:
    texts = (
        row.normalised_provider_transaction_id or "",
        row.provider_transaction_id or "",
        row.transaction_id or "",
        in_digits(row.amount),
        row.currency,
        row.description + "\x1e",
    )
    return (row.date.toordinal() - _DAY_ZERO).to_bytes(4, signed=True) + row.content_hash + "\x1f".join(texts).encode()
