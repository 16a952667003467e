"""Which of a user's rows are wanted, and what that means to PostgreSQL."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from bankimport.accounts.repository import account_of
from bankimport.errors import InvalidRequest
from bankimport.transactions.models import Transaction, TransactionStatus


class Direction(StrEnum):
    """Whether money came or went."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """Which rows are wanted; what is None does not matter. Dates and amounts are inclusive.

    `least` and `most` bound the amount without its sign. `is_categorised` says whether there is a category at all.
    """

    account_id: str | None = None
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


def live_and_fitting(session: Session, user_id: int, wanted: TransactionFilter) -> list[ColumnElement[bool]]:
    """What is true of the user's live rows that fit every given filter.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the bounds are the wrong way round.
    """
    t = Transaction
    conditions = [t.user_id == user_id, t.removed_at.is_(None)]
    if wanted.account_id is not None:
        conditions.append(t.account_id == account_of(session, user_id, wanted.account_id).id)
    if wanted.job_id is not None:
        conditions.append(t.import_job_id == wanted.job_id)
    if wanted.first is not None:
        conditions.append(t.date >= wanted.first)
    if wanted.last is not None:
        conditions.append(t.date <= wanted.last)
    if wanted.status is not None:
        conditions.append(t.status == wanted.status)
    if wanted.text:
        pattern = "%" + wanted.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        conditions.append(t.description.ilike(pattern) | t.merchant.ilike(pattern))
    if wanted.category is not None:
        conditions.append(t.category == wanted.category)
    if wanted.is_categorised is not None:
        conditions.append(t.category.is_not(None) if wanted.is_categorised else t.category.is_(None))
    return conditions + _of_amount(wanted)


def _of_amount(wanted: TransactionFilter) -> list[ColumnElement[bool]]:
    amount = Transaction.amount
    if wanted.least is not None and wanted.most is not None and wanted.least > wanted.most:
        raise InvalidRequest("least_amount is above most_amount; give the smaller one first")
    conditions: list[ColumnElement[bool]] = []
    if wanted.direction is not None:
        conditions.append(amount > 0 if wanted.direction is Direction.IN else amount < 0)
    if wanted.least is not None:
        conditions.append(func.abs(amount) >= wanted.least)
    if wanted.most is not None:
        conditions.append(func.abs(amount) <= wanted.most)
    return conditions
