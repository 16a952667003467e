"""Merchants and categories of many rows, read and written without the rest of the rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, any_, bindparam, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from bankimport.transactions.models import Transaction


class Labels(NamedTuple):
    """The merchant and category of a row with their sources, and when the row was removed."""

    id: int
    merchant: str | None
    merchant_source: str | None
    category: str | None
    category_source: str | None
    removed_at: datetime | None


def locked_labels(session: Session, ids: Sequence[int]) -> dict[int, Labels]:
    """Merchants and categories by row id, locked against edits until the transaction ends."""
    t = Transaction
    statement = (
        select(t.id, t.merchant, t.merchant_source, t.category, t.category_source, t.removed_at)
        .where(t.id == any_(literal(ids, ARRAY(BigInteger))))
        .order_by(t.id)
        .with_for_update()
    )
    return {row.id: Labels(*row) for row in session.execute(statement)}


_SET = text("""
    UPDATE transactions t
    SET merchant = n.merchant, merchant_source = n.merchant_source,
        category = n.category, category_source = n.category_source
    FROM jsonb_to_recordset(:labels) AS n(
        id bigint, merchant text, merchant_source text, category text, category_source text)
    WHERE t.id = n.id
""").bindparams(bindparam("labels", type_=JSONB))


def set_labels(session: Session, rows: Sequence[Labels]) -> None:
    """Give the rows these merchants and categories, in one statement. Lock them first."""
    session.execute(_SET, {"labels": [row._asdict() | {"removed_at": None} for row in rows]})
