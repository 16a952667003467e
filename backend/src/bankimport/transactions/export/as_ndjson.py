"""Rows as JSON, one object a line; pure."""

from collections.abc import Iterable, Iterator

from bankimport.transactions.models import Transaction
from bankimport.transactions.schemas import TransactionRead


def ndjson_pieces(rows: Iterable[Transaction]) -> Iterator[str]:
    """A line a row, each what `GET /api/transactions` gives of it."""
    for row in rows:
        yield TransactionRead.of(row).model_dump_json() + "\n"
