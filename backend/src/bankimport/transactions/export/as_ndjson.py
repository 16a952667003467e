"""Rows as JSON, one object per line, written by PostgreSQL; this module only says how."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

from bankimport.transactions.export.lines import AT, text_of, transfer_of
from bankimport.transactions.models import is_not_refused
from bankimport.transactions.schemas import TransactionRead, TransferMark

_WORDS = ("id", "account_id", "status", "date", "amount", "import_job_id")
"""Fields written in quotes as they are: none contains what JSON would escape."""

_WRITTEN = {
    "timestamp": f"""'"', {AT}, '"'""",
    "has_time": "transactions.has_time::text",
    "classification": "array_to_json(transactions.classification)",
    "running_balance": """coalesce('"' || transactions.running_balance::text || '"', 'null')""",
    "flags": "array_to_json(transactions.flags)",
    "still_pending": "transactions.still_pending::text",
}


def ndjson_line(user_id: int) -> ColumnElement[str]:
    """The line of a row of `transactions`, with its end: the same bytes as in `GET /api/transactions`."""
    transfer = transfer_of(user_id, _mark, is_not_refused)
    return func.concat(_BEFORE_TRANSFER, func.coalesce(transfer, literal_column("'null'")), "}\n")


def _mark(pair: Any, other: Any) -> ColumnElement[str]:
    values = (pair.id, pair.status, other.id, other.account_id)
    parts: list[Any] = []
    for name, value in zip(TransferMark.model_fields, values, strict=True):
        parts += ["," if parts else "{", f'"{name}":"', value, '"']
    return func.concat(*parts, "}")


def _field(name: str) -> str:
    column = f"transactions.{name}"
    if name in _WORDS:
        return f"""'"', {column}, '"'"""
    return _WRITTEN.get(name) or f"coalesce(to_json({column})::text, 'null')"


def _before_transfer() -> ColumnElement[str]:
    parts: list[str] = []
    for name in TransactionRead.model_fields:
        if name == "transfer":
            return text_of([*parts, """',"transfer":'"""])
        before = "," if parts else "{"
        parts += [f"""'{before}"{name}":'""", _field(name)]
    raise AssertionError("the last field is the transfer")


_BEFORE_TRANSFER = _before_transfer()
