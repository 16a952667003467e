"""Rows as JSON, one object per line; pure."""

from collections.abc import Iterable, Iterator

from bankimport.transactions.export.rows import ExportRow
from bankimport.transactions.schemas import TransactionRead


def ndjson_pieces(rows: Iterable[ExportRow]) -> Iterator[str]:
    """One line per row, with the same content as in `GET /api/transactions`."""
    for row in rows:
        yield TransactionRead.of(row).model_dump_json() + "\n"
