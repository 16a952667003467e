"""Keep a user's rules and what was learned from corrections, and say beforehand what a rule would change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bankimport.enrichment.categories import check_name
from bankimport.enrichment.errors import RuleNotFound
from bankimport.enrichment.ladder import RowToEnrich
from bankimport.enrichment.merchant_key import Direction
from bankimport.enrichment.models import CategoryRule
from bankimport.enrichment.rules import Rule, RuleBook, RuleMatch, RuleOrigin, folded
from bankimport.errors import InvalidRequest
from bankimport.transactions.models import Transaction

PAGE = 1000
_SAMPLES = 10


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule that is not kept yet."""

    match: RuleMatch
    pattern: str
    direction: Direction | None
    merchant: str | None
    category: str | None
    origin: RuleOrigin = RuleOrigin.USER


def rules_of(session: Session, user_id: int) -> list[CategoryRule]:
    """The user's rules in the order in which they are asked."""
    statement = select(CategoryRule).where(CategoryRule.user_id == user_id)
    return list(session.scalars(statement.order_by(CategoryRule.position, CategoryRule.id)))


def rule_book(session: Session, user_id: int) -> RuleBook:
    """The user's rules, ready to be asked."""
    return RuleBook([_plain(row) for row in rules_of(session, user_id)])


def add_rule(session: Session, user_id: int, wanted: NewRule) -> CategoryRule:
    """Keep a rule, as the last; what is learned anew of a merchant takes the place of what was learned before.

    Raises:
        InvalidRequest: it says nothing, its pattern is empty, or the category is not one of the user's.
    """
    pattern = _checked(session, user_id, wanted)
    if wanted.origin is RuleOrigin.CORRECTION:
        statement = select(CategoryRule).where(
            CategoryRule.user_id == user_id,
            CategoryRule.origin == RuleOrigin.CORRECTION,
            CategoryRule.pattern == pattern,
            CategoryRule.direction == wanted.direction,
        )
        known = session.scalars(statement).first()
        if known is not None:
            known.merchant = wanted.merchant or known.merchant
            known.category = wanted.category or known.category
            session.flush()
            return known
    last = session.scalar(select(func.max(CategoryRule.position)).where(CategoryRule.user_id == user_id))
    row = CategoryRule(
        user_id=user_id,
        origin=wanted.origin,
        match=wanted.match,
        pattern=pattern,
        direction=wanted.direction,
        merchant=wanted.merchant,
        category=wanted.category,
        position=(last or 0) + 1,
    )
    session.add(row)
    session.flush()
    return row


def rule_of(session: Session, user_id: int, rule_id: int) -> CategoryRule:
    """One of the user's.

    Raises:
        RuleNotFound: no such rule, or not this user's.
    """
    row = session.get(CategoryRule, rule_id)
    if row is None or row.user_id != user_id:
        raise RuleNotFound(f"you have no rule {rule_id}", rule_id=rule_id)
    return row


def remove_rule(session: Session, user_id: int, rule_id: int) -> None:
    """Forget a rule; rows keep what it said of them.

    Raises:
        RuleNotFound: no such rule, or not this user's.
    """
    session.delete(rule_of(session, user_id, rule_id))
    session.flush()


@dataclass(frozen=True, slots=True)
class RulePreview:
    """Rows that a rule fits, those it would change, and some of these."""

    matching: int
    changing: int
    kept_by_user: int
    samples: list[Transaction]


def preview_rule(session: Session, user_id: int, wanted: NewRule) -> RulePreview:
    """Say what a rule would change of the rows that are stored; nothing is kept or changed.

    Raises:
        InvalidRequest: as `add_rule`.
    """
    pattern = _checked(session, user_id, wanted)
    rule = Rule(0, RuleOrigin.USER, wanted.match, pattern, wanted.direction, wanted.merchant, wanted.category)
    book = RuleBook([rule])
    matching = changing = kept = 0
    samples: list[Transaction] = []
    for rows in pages(session, [Transaction.user_id == user_id]):
        for row in rows:
            item = to_enrich(row)
            if book.own(item.description, item.key, item.direction) is None:
                continue
            matching += 1
            wants = [
                (name, source)
                for name, value, source in (
                    ("merchant", wanted.merchant, row.merchant_source),
                    ("category", wanted.category, row.category_source),
                )
                if value is not None and getattr(row, name) != value
            ]
            if any(source != "user" for _, source in wants):
                changing += 1
                if len(samples) < _SAMPLES:
                    samples.append(row)
            elif wants:
                kept += 1
        session.expunge_all()
    return RulePreview(matching, changing, kept, samples)


def pages(session: Session, conditions: Sequence[ColumnElement[bool]], after: int = 0) -> Iterator[list[Transaction]]:
    """The live rows that fit, by id, a page at a time."""
    while True:
        rows = list(
            session.scalars(
                select(Transaction)
                .where(*conditions, Transaction.removed_at.is_(None), Transaction.id > after)
                .order_by(Transaction.id)
                .limit(PAGE)
            )
        )
        if not rows:
            return
        after = rows[-1].id
        yield rows


def to_enrich(row: Transaction) -> RowToEnrich:
    """What the ladder needs of a row; a merchant counts only as the bank gave it."""
    return RowToEnrich(
        id=row.id,
        description=row.description,
        amount=row.amount,
        merchant=row.merchant if row.merchant_source == "bank" else None,
        classification=row.classification,
        transaction_category=row.transaction_category,
    )


def _checked(session: Session, user_id: int, wanted: NewRule) -> str:
    pattern = folded(wanted.pattern)
    if not pattern:
        raise InvalidRequest("a rule needs a pattern with at least one letter or digit")
    if wanted.merchant is None and wanted.category is None:
        raise InvalidRequest("say which merchant or category the rule gives")
    check_name(session, user_id, wanted.category)
    return pattern


def _plain(row: CategoryRule) -> Rule:
    return Rule(row.id, row.origin, row.match, row.pattern, row.direction, row.merchant, row.category)
