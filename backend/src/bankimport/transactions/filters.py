"""Filters of a user's rows, and their SQL conditions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, CompoundSelect, Select, column, func, or_, select, table, union
from sqlalchemy.orm import Session

from bankimport.accounts.repository import account_of
from bankimport.errors import DatesReversed, InvalidRequest
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange, TransactionStatus


class Direction(StrEnum):
    """Whether money came in or went out."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """Which rows are wanted; None means no restriction. Dates and amounts are inclusive.

    `least` and `most` bound the amount without its sign. `is_categorised`: whether the row has a category.
    `enrichment_job_id`: that enrichment changed the merchant or category; `rule_id`: that rule set one of them.
    """

    account_id: int | None = None
    job_id: int | None = None
    first: date | None = None
    last: date | None = None
    status: TransactionStatus | None = None
    text: str | None = None
    category: str | None = None
    is_categorised: bool | None = None
    direction: Direction | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    enrichment_job_id: int | None = None
    rule_id: int | None = None


def live_and_fitting(session: Session, user_id: int, filters: TransactionFilter) -> list[ColumnElement[bool]]:
    """The conditions for the user's live rows that match every given filter.

    Raises:
        AccountNotFound: not an account of this user.
        DatesReversed, InvalidRequest: the days or amounts are reversed.
    """
    if filters.first is not None and filters.last is not None and filters.first > filters.last:
        raise DatesReversed(f"from {filters.first} is after to {filters.last}; swap them")
    t = Transaction
    conditions = [t.user_id == user_id, t.removed_at.is_(None)]
    if filters.account_id is not None:
        conditions.append(t.account_id == account_of(session, user_id, filters.account_id).id)
    if filters.job_id is not None:
        conditions.append(t.import_job_id == filters.job_id)
    if filters.enrichment_job_id is not None:
        conditions.append(t.id.in_(_changed_by(filters.enrichment_job_id)))
    if filters.rule_id is not None:
        conditions.append(t.id.in_(_rows_set_by(filters.rule_id)))
    if filters.first is not None:
        conditions.append(t.date >= filters.first)
    if filters.last is not None:
        conditions.append(t.date <= filters.last)
    if filters.status is not None:
        conditions.append(t.status == filters.status)
    if filters.text:
        pattern = "%" + filters.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        conditions.append(t.description.ilike(pattern) | t.merchant.ilike(pattern))
    if filters.category is not None:
        conditions.append(t.category == filters.category)
    if filters.is_categorised is not None:
        conditions.append(t.category.is_not(None) if filters.is_categorised else t.category.is_(None))
    return conditions + _of_amount(filters)


def _of_amount(filters: TransactionFilter) -> list[ColumnElement[bool]]:
    amount = Transaction.amount
    if filters.least is not None and filters.most is not None and filters.least > filters.most:
        raise InvalidRequest("least_amount is above most_amount; give the smaller one first")
    conditions: list[ColumnElement[bool]] = []
    if filters.direction is not None:
        conditions.append(amount > 0 if filters.direction is Direction.IN else amount < 0)
    if filters.least is not None:
        conditions.append(func.abs(amount) >= filters.least)
    if filters.most is not None:
        conditions.append(func.abs(amount) <= filters.most)
    return conditions


def _changed_by(enrichment_job_id: int) -> Select[int]:
    c = TransactionChange
    differs = or_(*(c.before[name].astext.is_distinct_from(c.after[name].astext) for name in ("merchant", "category")))
    return select(c.transaction_id).where(
        c.enrichment_job_id == enrichment_job_id, c.kind == ChangeKind.ENRICHED, differs
    )


_ORIGINS = table(
    "transaction_enrichments",
    *(column(name) for name in ("transaction_id", "merchant_source", "merchant_rule_id")),
    *(column(name) for name in ("category_source", "category_rule_id")),
)
"""The rule that set a row's values; enrichment, a higher layer, stores it beside the row."""


def _rows_set_by(rule_id: int) -> CompoundSelect[int]:
    """Rows whose value was set by the rule and by nobody else since, as enrichment counts them."""
    t, o = Transaction, _ORIGINS.c
    by_category = (o.category_rule_id == rule_id, t.category_source == o.category_source)
    by_merchant = (o.merchant_rule_id == rule_id, t.merchant_source == o.merchant_source)
    return union(
        *(
            select(o.transaction_id).join(t, t.id == o.transaction_id).where(*conditions)
            for conditions in (by_category, by_merchant)
        )
    )
