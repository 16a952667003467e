"""Merchants that enrichment is not sure of, most money first; and corrections, which are learned."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from bankimport.enrichment.categories.categories import check_name
from bankimport.enrichment.ladder.ladder import LOW_CONFIDENCE
from bankimport.enrichment.model import cache
from bankimport.enrichment.models import CategoryRule, Enriched
from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.rules.rule_store import NewRule, add_rule, to_enrich
from bankimport.enrichment.run.apply_rule import RulePreview, preview_rule
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.errors import InvalidRequest
from bankimport.transactions.edits import edit_transaction, transaction_of
from bankimport.transactions.models import Transaction


@dataclass(frozen=True, slots=True)
class Doubt:
    """A merchant whose rows have no certain category; `money` is the sum of their absolute amounts, per currency."""

    merchant_key: str
    direction: Direction
    currency: str
    rows: int
    money: Decimal
    category: str | None
    confidence: float | None
    example_id: int
    example: str


def doubts(session: Session, user_id: int, *, limit: int, offset: int = 0) -> list[Doubt]:
    """Merchants with rows whose category is unknown or uncertain, most money first."""
    money = func.sum(func.abs(Transaction.amount))
    # Rows without a key have nothing in common: each text is a separate merchant.
    of_text = case((Enriched.merchant_key == "", Transaction.description), else_="")
    latest = func.max(Transaction.id)
    statement = (
        select(
            Enriched.merchant_key,
            Enriched.direction,
            Transaction.currency,
            func.count(),
            money,
            func.max(Transaction.category),
            func.min(Enriched.category_confidence),
            latest,
            func.max(Transaction.description),
        )
        .join(Transaction, Transaction.id == Enriched.transaction_id)
        .where(
            Enriched.user_id == user_id,
            Transaction.removed_at.is_(None),
            Transaction.category_source.is_distinct_from("user"),
            or_(Transaction.category.is_(None), Enriched.category_confidence < LOW_CONFIDENCE),
        )
        .group_by(Enriched.merchant_key, of_text, Enriched.direction, Transaction.currency)
        .order_by(money.desc(), Enriched.merchant_key, Enriched.direction, Transaction.currency)
        .limit(limit)
        .offset(offset)
    )
    return [
        Doubt(key, Direction(direction), currency, rows, amount, category, confidence, example_id, example)
        for key, direction, currency, rows, amount, category, confidence, example_id, example in session.execute(
            statement
        )
    ]


def preview_correction(
    session: Session,
    user_id: int,
    transaction_id: int,
    merchant: str | None,
    category: str | None,
    *,
    samples: int = 10,
) -> RulePreview:
    """Report what a correction would change in the merchant's rows.

    Raises:
        TransactionNotFound: no such row, or not this user's.
        InvalidRequest: the correction is empty, or the category is not one of the user's.
    """
    return preview_rule(
        session, user_id, _learned(session, user_id, transaction_id, merchant, category), samples=samples
    )


def correct(
    session: Session, user_id: int, transaction_id: int, merchant: str | None, category: str | None
) -> CategoryRule:
    """Write a correction to its row as the user's edit, and learn it for its merchant and direction.

    Other rows change only when they are enriched again.

    Raises:
        TransactionNotFound, InvalidRequest: as `preview_correction`.
    """
    lesson = _learned(session, user_id, transaction_id, merchant, category)
    check_name(session, user_id, category)
    fields = (("merchant", merchant), ("category", category))
    values: dict[str, str | None] = {name: value for name, value in fields if value is not None}
    edit_transaction(session, user_id, transaction_id, values)
    return add_rule(session, user_id, lesson)


def set_never_asked(
    session: Session, user_id: int, transaction_id: int, *, is_never_asked: bool
) -> tuple[str, Direction]:
    """Set whether models may be asked about a row's merchant; returns the merchant's key and direction.

    Raises:
        TransactionNotFound: no such row, or not this user's.
        InvalidRequest: the row has no merchant that a model would be asked about.
    """
    key, direction = _key_of(session, user_id, transaction_id)
    if is_never_asked:
        cache.never_ask(session, user_id, key, direction)
    else:
        cache.may_ask(session, user_id, key, direction)
    return key, direction


def _learned(
    session: Session, user_id: int, transaction_id: int, merchant: str | None, category: str | None
) -> NewRule:
    key, direction = _key_of(session, user_id, transaction_id)
    return NewRule(RuleMatch.KEY, key, direction, merchant, category, RuleOrigin.CORRECTION)


def _key_of(session: Session, user_id: int, transaction_id: int) -> tuple[str, Direction]:
    row = transaction_of(session, user_id, transaction_id)
    known = session.get(Enriched, row.id)
    (item,) = to_enrich(session, [row])
    key = known.merchant_key if known is not None else item.key
    if not key:
        raise InvalidRequest("this row has no description that identifies its merchant; edit the row instead")
    return key, item.direction
